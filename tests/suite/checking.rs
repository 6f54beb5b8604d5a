//! `dipper check` beside a running bot: everything works, or the one thing that would not is named with its mend.

use dipper::sandbox::bitbucket::Edition;
use dipper::seal::new_key;
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::world::{World, on_both};

/// The lines of a check that do not say that something works.
async fn amiss(world: &World) -> (Option<i32>, Vec<String>) {
    let (code, said) = world.operator(&["check"]).await;
    let lines = said.lines().filter(|line| !line.starts_with("works ")).map(str::to_owned);
    // The operator's clock is the machine's; the sandbox's stands still.
    (code, lines.filter(|line| !line.contains("clock")).collect())
}

async fn meddle(world: &World, text: &str) {
    let mut database = sqlx::AnyConnection::connect(world.database_url()).await.unwrap();
    database.execute(AssertSqlSafe(text.to_owned())).await.unwrap();
}

const PLAIN: &str =
    "note    settings: DIPPER_PUBLIC_URL begins with http://; Slack and Bitbucket want https://";

#[tokio::test]
async fn a_scope_that_was_not_granted_is_named() {
    on_both(async |world| {
        world.slack.with_world(|slack| slack.scopes.retain(|scope| *scope != "users:read"));
        let (code, lines) = amiss(&world).await;
        assert_eq!(code, Some(1));
        let wanted = "broken  Slack scopes: users:read not granted; add what the manifest lists and install the app again";
        assert!(lines.iter().any(|line| line == wanted), "{lines:?}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_token_that_is_refused_is_named() {
    on_both(async |world| {
        world.slack.with_world(|slack| slack.token_refused = Some("token_revoked"));
        let (code, lines) = amiss(&world).await;
        assert_eq!(code, Some(1));
        assert!(
            lines
                .iter()
                .any(|line| line.starts_with("broken  Slack: Slack refused `auth.test`: token_revoked;"))
        );
        world.slack.with_world(|slack| slack.token_refused = None);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn an_altered_audit_log_is_noticed() {
    on_both(async |world| {
        let _ = world.person("ada").connected().await;
        assert!(
            world
                .operator(&["check"])
                .await
                .1
                .contains("audit log of T0DIPPER: 1 rows, as they were written")
        );
        meddle(&world, "UPDATE audit SET result = 'refused'").await;
        let (code, lines) = amiss(&world).await;
        assert_eq!(code, Some(1));
        let wanted = "broken  audit log of T0DIPPER: row 1 was altered;";
        assert!(lines.iter().any(|line| line.starts_with(wanted)), "{lines:?}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_missing_or_to_be_rotated_is_told() {
    on_both(async |mut world| {
        let old = world.setting("DIPPER_KEYS");
        let _ = world.person("ada").connected().await;
        world.restart_with("DIPPER_KEYS", &format!("{},{old}", new_key())).await;
        let (_, lines) = amiss(&world).await;
        assert!(
            lines.iter().any(|line| line.ends_with("lie under an older key; `dipper keys rotate`")),
            "{lines:?}"
        );
        world.restart_with("DIPPER_KEYS", &new_key()).await;
        let (code, lines) = amiss(&world).await;
        assert_eq!(code, Some(1));
        assert!(lines.iter().any(|line| line.contains("open with none of DIPPER_KEYS")), "{lines:?}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_bitbucket_that_does_not_answer_is_named() {
    on_both(async |mut world| {
        let name =
            if world.instance() == "cloud" { "BITBUCKET_CLOUD_API_URL" } else { "BITBUCKET_DC_API_URL" };
        world.restart_with(name, "http://127.0.0.1:9").await;
        let (code, lines) = amiss(&world).await;
        assert_eq!(code, Some(1));
        let wanted = format!("broken  Bitbucket {}: http://127.0.0.1:9/ does not answer;", world.instance());
        assert!(lines.iter().any(|line| line.starts_with(&wanted)), "{lines:?}");
        assert_eq!(lines.iter().find(|line| line.contains("settings")), Some(&PLAIN.to_owned()));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn without_a_browsers_way_in_it_says_that_tokens_connect() {
    let mut world = World::on(Edition::Cloud).await;
    for name in ["DIPPER_PUBLIC_URL", "BITBUCKET_CLOUD_CLIENT_ID", "BITBUCKET_CLOUD_CLIENT_SECRET"] {
        world.set(name, "");
    }
    world.restart().await;
    let (_, lines) = amiss(&world).await;
    for wanted in [
        "note    settings: without DIPPER_PUBLIC_URL accounts are connected by tokens of people's own, not in the browser",
        "note    Bitbucket cloud: without an OAuth client accounts there are connected by tokens of people's own",
    ] {
        assert!(lines.iter().any(|line| line == wanted), "{lines:?}");
    }
    world.finish().await;
}
