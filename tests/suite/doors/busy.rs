//! What is answered when nothing can be stored: Slack and Bitbucket are told to come again, people in words.

use serde_json::{Value, json};

use super::knock::{Answer, FORM, JSON, Knock, stored};
use crate::world::on_both;

#[tokio::test]
async fn who_comes_again_is_told_to_and_who_does_not_is_told_in_words() {
    on_both(async |mut world| {
        let ada = world.person("ada");
        let typed = world.slack.slash_body(&ada.slack, "#web", "/bb whoami");
        let event = world.slack.event_body(&json!({"type": "app_home_opened"}));
        let closed =
            r#"payload={"type":"view_closed","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1"}}"#;
        world.bot().store.close().await;

        let delivery = Knock::bitbucket(world.instance(), "repo:push", "{}");
        for knock in [&delivery, &Knock::slack("/slack/events", JSON, event)] {
            let answer = knock.at(&world).await;
            assert!(answer.is_a_bare(503) && answer.header("retry-after") == "2", "{answer:?}");
        }
        let command = Knock::slack("/slack/commands", FORM, typed.as_str());
        for knock in [&command, &Knock::slack("/slack/interactions", FORM, closed)] {
            assert_says_busy(&knock.at(&world).await);
        }
        let figures = Knock::get("/metrics").at(&world).await;
        let counted = r#"dipper_intake_total{door="commands",outcome="busy"}"#;
        assert!(figures.body.contains(counted), "{}", figures.body);

        world.restart().await;
        assert_eq!(stored(&world).await, (0, 0));
        assert!(command.at(&world).await.is_an_empty_yes());
        assert!(delivery.at(&world).await.is_an_empty_yes());
        world.settle().await;
        assert!(world.person("ada").is_told().contains("no Bitbucket account connected"));
        world.finish().await;
    })
    .await;
}

fn assert_says_busy(answer: &Answer) {
    let body: Value = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{answer:?}"));
    assert_eq!((answer.status, &body["response_type"]), (200, &json!("ephemeral")));
    assert!(body.to_string().contains("Dipper is busy; this was not done."), "{body}");
}

#[tokio::test]
async fn what_needs_no_store_is_answered_without_one() {
    on_both(async |mut world| {
        world.bot().store.close().await;
        let challenge = r#"{"type":"url_verification","challenge":"c"}"#;
        let rows = [
            (Knock::get("/health/live"), 200, "live\n"),
            (Knock::get("/health/ready"), 503, "the database is not writable\n"),
            (Knock::get("/slack/commands?ssl_check=1"), 200, ""),
            (Knock::slack("/slack/events", JSON, challenge), 200, r#"{"challenge":"c"}"#),
            (Knock::bitbucket(world.instance(), "diagnostics:ping", "{}"), 200, ""),
        ];
        for (knock, status, says) in rows {
            let answer = knock.at(&world).await;
            assert_eq!((answer.status, answer.body.as_str()), (status, says), "{knock:?}");
        }
        assert_eq!(Knock::get("/metrics").at(&world).await.status, 200);
        world.restart().await;
        world.finish().await;
    })
    .await;
}
