//! `dipper copy`: the bot moves to another database and goes on there; what would go wrong is refused in words.

use super::{SOON, Surroundings, printed, sentence, until};
use crate::database::Database;

/// Waits until they are told something that says this.
async fn told(around: &Surroundings, person: &dipper::sandbox::slack::Person, words: &str) {
    until(&format!("{words}\n{}", around.log()), SOON, async || {
        person.told().iter().any(|it| format!("{}{:?}", it.text, it.blocks).contains(words))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_moves_to_another_database_and_goes_on() {
    let (old, new) = (Database::fresh().await, Database::fresh().await);
    let mut around = Surroundings::on(old.url()).await;
    let ada = around.person("ada");
    around.channel_told_of("web", "web/api", &[dipper::words::names::Topic::Opened], &ada).await;
    let arguments = ["copy", "--from", old.url(), "--to", new.url()];

    let process = around.serve().await;
    assert_eq!(ada.types("#web", "/bb use web/api").await.status, 200);
    let store = around.store().await;
    until("it is awake", SOON, async || store.is_at_work().await.unwrap()).await;
    store.close().await;
    let is_busy = around.run(&arguments).await;
    assert_eq!(is_busy.status.code(), Some(1));
    let said = sentence(&is_busy);
    assert!(said.contains("in use by another Dipper") || said.contains("stop all of them"), "{said}");
    process.stops().await;
    let _told = ada.told();

    rested(&around).await;
    let copied = around.run(&arguments).await;
    assert_eq!(copied.status.code(), Some(0), "{copied:?}");
    let said = printed(&copied);
    assert!(said.contains("subscriptions: 1 rows\n"), "{said}");
    assert!(said.ends_with("set DIPPER_DATABASE_URL to the new database and start Dipper\n"), "{said}");

    let again = around.run(&arguments).await;
    assert_eq!(again.status.code(), Some(1));
    assert!(sentence(&again).starts_with("the database to fill is not empty (`"), "{again:?}");

    around.set("DIPPER_DATABASE_URL", new.url());
    let process = around.serve().await;
    assert_eq!(ada.types("#web", "/bb subscriptions").await.status, 200);
    told(&around, &ada, "web/api").await;
    process.stops().await;
    old.drop().await;
    new.drop().await;
}

/// A server's last minute of work is over: as if it had passed.
async fn rested(around: &Surroundings) {
    use sqlx::{Connection, Executor};
    let mut database = sqlx::AnyConnection::connect(around.database()).await.unwrap();
    database.execute("UPDATE slots SET next_at = 0 WHERE scope = 'awake'").await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_copied_is_refused_in_words() {
    let around = Surroundings::new().await;
    let place = |name: &str| format!("sqlite://{}", around.folder.path().join(name).display());
    let (empty, other) = (place("empty.db"), place("other.db"));
    for (from, to, code, says) in [
        (&empty, &empty, 2, "--from and --to are the same database; name two"),
        (&empty, &other, 1, "run `dipper migrate` of this version on it first"),
        (&"mysql://ada:hush@db".to_owned(), &other, 2, "the database URL does not read"),
        (&place("no/such/folder.db"), &other, 1, "the database cannot be used now"),
    ] {
        let refused = around.run(&["copy", "--from", from, "--to", to]).await;
        let said = sentence(&refused);
        assert_eq!(refused.status.code(), Some(code), "{said}");
        assert!(said.contains(says) && !said.contains("hush"), "{said}");
    }
}
