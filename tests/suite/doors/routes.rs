//! Which doors there are, by which method, and what a path that is no path is told.

use axum::body::Body;
use axum::http::{Method, Request};
use dipper::http::{self, Doors};
use dipper::sandbox::bitbucket::Edition;
use tower::ServiceExt;

use super::knock::{FORM, JSON, Knock, stored};
use crate::world::World;

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let world = World::on(Edition::Cloud).await;
    let paths = [
        "/",
        "/slack",
        "/slack/commands/",
        "/slack/../metrics",
        "/health",
        "/health/other",
        "/bitbucket",
        "/bitbucket/nowhere/webhook",
        "/bitbucket/..%2f../webhook",
        "/bitbucket/%2e%2e/webhook",
        "/bitbucket/cloud%00/webhook",
        "/bitbucket/%ff/webhook",
        "/bitbucket/cloud/webhook/some-hook",
        "/bitbucket//webhook",
    ];
    for path in paths {
        let answer = Knock::post(path, JSON, "{}").at(&world).await;
        assert!(answer.is_a_bare(404), "{path}: {answer:?}");
    }
    for path in ["/bitbucket/nowhere/oauth/callback?state=x", "/bitbucket/%ff/oauth/callback?state=x"] {
        let answer = Knock::get(path).at(&world).await;
        assert!(answer.is_a_bare(404), "{path}: {answer:?}");
    }
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn a_door_opens_by_its_own_method_only() {
    let world = World::on(Edition::Cloud).await;
    let webhook = format!("/bitbucket/{}/webhook", world.instance());
    let callback = format!("/bitbucket/{}/oauth/callback", world.instance());
    let rows = [
        ("GET", "/slack/commands"),
        ("GET", "/slack/interactions"),
        ("GET", "/slack/options"),
        ("PUT", "/slack/events"),
        ("DELETE", "/slack/commands"),
        ("GET", webhook.as_str()),
        ("PATCH", webhook.as_str()),
        ("POST", callback.as_str()),
        ("PUT", "/connect/ticket"),
        ("GET", "/connect/ticket/confirm"),
        ("POST", "/health/live"),
        ("POST", "/health/ready"),
    ];
    for (method, path) in rows {
        let answer = Knock::new(method, path).at(&world).await;
        assert!(answer.is_a_bare(405), "{method} {path}: {answer:?}");
    }
    assert_eq!(Knock::new("POST", "/metrics").at(&world).await.status, 405);
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn health_and_figures_are_told_to_whoever_asks() {
    let world = World::on(Edition::Cloud).await;
    for (path, says) in [("/health/live", "live\n"), ("/health/ready", "ready\n")] {
        let answer = Knock::get(path).at(&world).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, says));
    }
    let refused = Knock::post("/slack/commands", FORM, "team_id=T1").at(&world).await;
    assert!(refused.is_a_bare(401), "{refused:?}");
    let figures = Knock::get("/metrics").at(&world).await;
    assert_eq!(figures.status, 200);
    let counted = r#"dipper_intake_total{door="commands",outcome="unsigned"}"#;
    assert!(figures.body.contains(counted), "{}", figures.body);
    world.finish().await;
}

#[tokio::test]
async fn a_door_without_a_secret_stays_shut() {
    let world = World::on(Edition::Cloud).await;
    let doors = http::router(Doors::new(world.bot().clone(), None));
    for path in ["/slack/commands", "/slack/interactions", "/slack/options", "/slack/events"] {
        let request = Request::builder().method(Method::POST).uri(path).body(Body::from("a=b")).unwrap();
        let answer = doors.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
    }
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn a_webhook_without_a_secret_stays_shut_however_it_is_signed() {
    let more = [("BITBUCKET_CLOUD_WEBHOOK_SECRET", "")];
    let world = World::with(Edition::Cloud, &more).await;
    for secret in ["", "webhook-secret-of-the-sandbox", ","] {
        let knock = Knock::bitbucket("cloud", "repo:push", "{}").signed_by_bitbucket(secret);
        let answer = knock.at(&world).await;
        assert!(answer.is_a_bare(403), "{secret:?}: {answer:?}");
    }
    let answer = Knock::bitbucket("cloud", "repo:push", "{}").without("x-hub-signature").at(&world).await;
    assert!(answer.is_a_bare(403), "{answer:?}");
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn nobody_holds_a_door_open_by_not_ending() {
    let world = World::on(Edition::Cloud).await;
    let begun = std::time::Instant::now();
    let answer = Knock::slack("/slack/commands", FORM, "command=%2Fbb&text=help").held_open_at(&world).await;
    assert_eq!((answer.status, answer.body.as_str()), (408, ""), "{answer:?}");
    assert!(begun.elapsed().as_secs() < 30);
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}
