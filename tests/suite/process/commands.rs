//! What the operator types: keys, migrations, help, and words that mean nothing.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Surroundings, printed, sentence};

#[tokio::test]
async fn every_new_key_is_another_and_opens_a_bot() {
    let mut around = Surroundings::new().await;
    let mut keys = BTreeSet::new();
    for _ in 0..5 {
        let made = around.run(&["keys", "new"]).await;
        assert_eq!(made.status.code(), Some(0));
        keys.insert(printed(&made).trim().to_owned());
    }
    assert_eq!(keys.len(), 5);
    assert!(keys.iter().all(|key| STANDARD.decode(key).unwrap().len() == 32));
    around.set("DIPPER_KEYS", keys.first().unwrap());
    around.serve().await.stops().await;
}

#[tokio::test]
async fn keys_and_help_need_no_settings() {
    let mut around = Surroundings::new().await;
    around.unset("");
    for arguments in [&["keys", "new"][..], &["--help"], &["--version"], &["jobs", "--help"]] {
        let ended = around.run(arguments).await;
        assert_eq!(ended.status.code(), Some(0), "{arguments:?}");
        assert!(!printed(&ended).is_empty() && ended.stderr.is_empty(), "{arguments:?}");
    }
}

#[tokio::test]
async fn migrating_twice_is_as_good_as_once() {
    let database = crate::database::Database::fresh().await;
    let around = Surroundings::on(database.url()).await;
    for _ in 0..2 {
        let migrated = around.run(&["migrate"]).await;
        assert_eq!(migrated.status.code(), Some(0), "{migrated:?}");
        assert_eq!(printed(&migrated), "the database is up to date\n");
    }
    assert_eq!(printed(&around.run(&["jobs", "list"]).await), "no jobs\n");
    database.drop().await;
}

#[tokio::test]
async fn a_database_without_tables_says_what_to_do() {
    let around = Surroundings::new().await;
    let refused = around.run(&["jobs", "list"]).await;
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(sentence(&refused), "the database has no tables of Dipper's yet; `dipper migrate` makes them");
}

#[tokio::test]
async fn help_lists_what_works() {
    let around = Surroundings::new().await;
    let help = printed(&around.run(&["--help"]).await);
    for command in ["serve", "demo", "check", "migrate", "keys", "audit", "jobs"] {
        assert!(help.contains(&format!("\n  {command} ")), "{help}");
    }
}

#[tokio::test]
async fn words_that_mean_nothing_are_wrong_usage() {
    let around = Surroundings::new().await;
    for arguments in [
        &["fly"][..],
        &[],
        &["keys"],
        &["jobs", "show"],
        &["jobs", "show", "x y"],
        &["demo", "--seed", "red"],
        &["demo", "--open", "maybe"],
    ] {
        let refused = around.run(arguments).await;
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
        assert!(refused.stdout.is_empty() && !refused.stderr.is_empty(), "{arguments:?}");
    }
    let said = String::from_utf8(around.run(&["fly"]).await.stderr).unwrap();
    assert!(said.contains("unrecognized subcommand 'fly'"), "{said}");
}

#[tokio::test]
async fn a_database_url_that_does_not_read_is_a_wrong_setting_for_every_command() {
    let mut around = Surroundings::new().await;
    around.set("DIPPER_DATABASE_URL", "here");
    for arguments in [&["migrate"][..], &["jobs", "list"]] {
        let refused = around.run(arguments).await;
        assert!(sentence(&refused).starts_with("the database URL does not read"));
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
    }
}

#[tokio::test]
async fn the_manifest_is_printed_for_the_settings_there_are() {
    let mut around = Surroundings::new().await;
    around.unset("");
    let plain = printed(&around.run(&["manifest"]).await);
    assert_eq!(plain, include_str!("../../../manifest.yaml"));
    around.set("DIPPER_PUBLIC_URL", "https://bot.example.org/");
    let placed = printed(&around.run(&["manifest"]).await);
    assert_eq!(placed.matches("https://bot.example.org/slack/").count(), 5);
    assert!(!placed.contains("dipper.example.com") && placed.contains("socket_mode_enabled: false"));

    around.unset("");
    let by_socket = printed(&around.run(&["manifest", "--socket-mode"]).await);
    assert!(
        by_socket.contains("socket_mode_enabled: true") && !by_socket.contains("example.com"),
        "{by_socket}"
    );
    around.set("SLACK_APP_TOKEN", "xapp-1");
    assert_eq!(printed(&around.run(&["manifest"]).await), by_socket);
}
