//! `dipper check` as an operator runs it: before anything is there, and beside a bot that runs.

use super::{Surroundings, printed};

#[tokio::test(flavor = "multi_thread")]
async fn it_says_what_works_beside_a_running_bot() {
    let database = crate::database::Database::fresh().await;
    let around = Surroundings::on(database.url()).await;
    let process = around.serve().await;
    let checked = around.run(&["check"]).await;
    assert_eq!(checked.status.code(), Some(0), "{checked:?}");
    let said = printed(&checked);
    for works in
        ["database: it takes", "keys: ", "Slack: known in dipper (T0DIPPER)", "Slack scopes: all", "clock: "]
    {
        assert!(said.contains(&format!("works   {works}")), "{said}");
    }
    assert!(said.contains("works   Bitbucket cloud: it answers"), "{said}");
    assert_eq!(around.bitbucket.unexpected(), Vec::<String>::new());
    process.stops().await;
    database.drop().await;
}

#[tokio::test]
async fn it_says_all_that_is_missing_at_once() {
    let mut around = Surroundings::new().await;
    for missing in ["DIPPER_KEYS", "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"] {
        around.unset(missing);
    }
    let checked = around.run(&["check"]).await;
    assert_eq!(checked.status.code(), Some(1));
    let said = printed(&checked);
    for mend in [
        "`dipper keys new` prints one",
        "`dipper migrate` makes them",
        "SLACK_BOT_TOKEN is",
        "Basic Information",
    ] {
        assert!(said.contains(mend), "{said}");
    }
    let last = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert_eq!(last, "dipper: 4 things would not work; mend them and check again\n");
}
