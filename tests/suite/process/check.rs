//! `dipper check` as an operator runs it: before anything is there, and beside a bot that runs.

use std::time::Duration;

use dipper::sandbox::slack::APP_TOKEN;
use sqlx::{Connection, Executor};

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

/// Each line of a check that says what is broken.
async fn broken(around: &Surroundings) -> Vec<String> {
    let checked = around.run(&["check"]).await;
    assert_eq!(checked.status.code(), Some(1), "{checked:?}");
    let said = printed(&checked);
    said.lines().filter(|line| line.starts_with("broken ")).map(str::to_owned).collect()
}

/// Somebody meddles with the database.
async fn meddle(around: &Surroundings, text: &'static str) {
    let mut database = sqlx::AnyConnection::connect(around.database()).await.unwrap();
    database.execute(text).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn a_slack_that_cannot_be_reached_and_a_clock_that_is_off_are_named() {
    let mut around = Surroundings::new().await;
    assert_eq!(around.run(&["migrate"]).await.status.code(), Some(0));
    around.slack.with_world(|slack| slack.clock.advance(Duration::from_mins(10)));
    let lines = broken(&around).await;
    assert!(
        matches!(&*lines, [clock] if clock.starts_with("broken  clock: this machine's clock is ")
            && clock.ends_with(" s behind Slack's; let it be set by NTP")),
        "{lines:?}"
    );
    around.set("SLACK_API_URL", "http://127.0.0.1:9/api");
    let lines = broken(&around).await;
    let wanted = "broken  Slack: Slack did not answer `auth.test`: it cannot be reached; look at SLACK_BOT_TOKEN and the network";
    assert_eq!(lines, [wanted]);
}

#[tokio::test]
async fn an_app_level_token_is_tried_without_opening_a_socket() {
    let mut around = Surroundings::new().await;
    assert_eq!(around.run(&["migrate"]).await.status.code(), Some(0));
    around.unset("SLACK_SIGNING_SECRET");
    around.set("SLACK_APP_TOKEN", APP_TOKEN);
    let lines = broken(&around).await;
    let switched_off = "broken  Slack socket: Slack refused `apps.connections.open`: link_disabled; look whether Socket \
                        Mode is switched on, under “Socket Mode” of your Slack app";
    assert_eq!(lines, [switched_off]);
    around.slack.switch_on_sockets();
    let checked = around.run(&["check"]).await;
    assert!(printed(&checked).contains("works   Slack socket: "), "{checked:?}");
    assert_eq!((checked.status.code(), around.slack.sockets_opened()), (Some(0), 0));
    around.set("SLACK_APP_TOKEN", "xapp-of-another-app");
    assert!(
        broken(&around).await[0]
            .contains("invalid_auth; SLACK_APP_TOKEN is not taken; make an app-level token")
    );
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_named() {
    let database = crate::database::Database::fresh().await;
    let mut around = Surroundings::on(database.url()).await;
    assert_eq!(around.run(&["migrate"]).await.status.code(), Some(0));
    if database.url().starts_with("postgres") {
        around.set(
            "DIPPER_DATABASE_URL",
            &format!("{}?options[default_transaction_read_only]=on", database.url()),
        );
        let lines = broken(&around).await;
        assert!(
            lines[0].contains("the database cannot be used now: ") && lines[0].contains("read-only"),
            "{lines:?}"
        );
        around.set("DIPPER_DATABASE_URL", database.url());
    } else {
        let text = around.folder.path().join("no.db");
        std::fs::write(&text, "this is no database, however often it is said: ".repeat(99)).unwrap();
        around.set("DIPPER_DATABASE_URL", &format!("sqlite://{}", text.display()));
        let lines = broken(&around).await;
        assert!(lines[0].contains("no.db` does not open; look whether it is a SQLite database"), "{lines:?}");
        around.set("DIPPER_DATABASE_URL", database.url());
    }
    meddle(&around, "INSERT INTO migrations (version, needs, applied_at) VALUES (99, 99, 0)").await;
    let lines = broken(&around).await;
    assert!(
        lines[0].starts_with("broken  database: this database belongs to a newer Dipper (its schema is 99,"),
        "{lines:?}"
    );
    database.drop().await;
}
