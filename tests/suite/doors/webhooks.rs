//! The webhook's door: who is believed, what is kept, and what becomes of it.

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;
use dipper::store::Engine;
use sqlx::{AnyConnection, Connection};

use super::knock::{FORM, JSON, Knock, outcomes, stored};
use crate::world::{World, on_both};

/// The greatest body that is taken.
const LIMIT: usize = 25 * 1024 * 1024;
/// How many knock at once where one of them is refused.
const CROWD: usize = 40;

#[tokio::test]
async fn only_who_signs_rightly_is_believed() {
    on_both(async |world| {
        let good = Knock::bitbucket(world.instance(), "repo:push", "{}");
        let forged = [
            good.clone().without("x-hub-signature"),
            good.clone().signed_by_bitbucket("another secret"),
            good.clone().signed_by_bitbucket(""),
            Knock::bitbucket(world.instance(), "repo:push", "{ }").with("x-hub-signature", signature(&good)),
            good.clone().with("x-hub-signature", ""),
            good.clone().with("x-hub-signature", "sha256="),
            good.clone().with("x-hub-signature", "sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            good.clone().with("x-hub-signature", &signature(&good).replace("sha256", "SHA256")),
            good.clone().with("x-hub-signature", &format!("{}00", signature(&good))),
        ];
        for knock in forged {
            let answer = knock.at(&world).await;
            assert!(answer.is_a_bare(401), "{knock:?}: {answer:?}");
        }
        assert_eq!(stored(&world).await, (0, 0));
        assert!(good.at(&world).await.is_an_empty_yes());
        assert_eq!(stored(&world).await, (1, 1));
        world.finish().await;
    })
    .await;
}

fn signature(knock: &Knock) -> &str {
    knock.header("x-hub-signature")
}

#[tokio::test]
async fn what_is_no_delivery_is_malformed() {
    let world = World::on(Edition::Cloud).await;
    let knock = |body: &[u8]| Knock::bitbucket(world.instance(), "repo:push", body);
    let rows = [
        ("nothing at all", knock(b"")),
        ("not JSON", knock(b"payload=1")),
        ("cut off", knock(b"{\"repository\":{\"name\":")),
        ("two of them", knock(b"{}{}")),
        ("not UTF-8", knock(b"{\"a\":\"\xff\xfe\"}")),
        ("a raw NUL", knock(b"{\"a\":\"\0\"}")),
        ("only a NUL", knock(b"\0")),
        ("a form", knock(b"{}").with("content-type", FORM)),
        ("of no type", knock(b"{}").without("content-type")),
        ("of another type", knock(b"{}").with("content-type", "text/plain; application/json")),
        ("without an event", knock(b"{}").without("x-event-key")),
        ("with an empty event", knock(b"{}").with("x-event-key", "")),
        ("with an event beyond reason", knock(b"{}").with("x-event-key", &"x".repeat(101))),
        ("with an event that is no text", knock(b"{}").with("x-event-key", "repo:püsh")),
    ];
    for (what, knock) in rows {
        let answer = knock.at(&world).await;
        assert!(answer.is_a_bare(400), "{what}: {answer:?}");
    }
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn what_ends_in_the_middle_is_not_stored() {
    let world = World::on(Edition::Cloud).await;
    let knock = Knock::bitbucket(world.instance(), "repo:push", format!("{{}}{}", " ".repeat(4_000)));
    let answer = knock.cut_short_at(&world).await;
    assert!(answer.is_a_bare(400), "{answer:?}");
    assert_eq!(stored(&world).await, (0, 0));
    assert!(knock.in_chunks_at(&world).await.is_an_empty_yes());
    assert_eq!(stored(&world).await, (1, 1));
    world.finish().await;
}

#[tokio::test]
async fn what_says_nothing_is_stored_and_dropped_with_its_reason() {
    on_both(async |world| {
        let opened = ["pullrequest:created", "pr:opened"][usize::from(world.instance() == "dc")];
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let rows = [
            ("repo:exploded", "{}", "dropped: `repo:exploded` is not an event of this Bitbucket"),
            ("../../etc/passwd", "{}", "dropped: `../../etc/passwd` is not an event of this Bitbucket"),
            (opened, "{}", "dropped: it lacks the pull request"),
            (opened, "null", "dropped: it lacks everything: it is not a JSON object"),
            (opened, "[]", "dropped: it lacks the pull request"),
            (opened, r#""\u0000""#, "dropped: it lacks everything: it is not a JSON object"),
            (opened, r#"{"half a pair":"\ud800"}"#, "dropped: it is not JSON"),
            (opened, deep.as_str(), "dropped: it is not JSON"),
        ];
        for (key, body, _) in rows {
            let answer = Knock::bitbucket(world.instance(), key, body).at(&world).await;
            assert!(answer.is_an_empty_yes(), "{key}: {answer:?}");
        }
        world.settle().await;
        assert_eq!(outcomes(&world).await, rows.map(|(_, _, why)| why));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_test_of_the_connection_is_answered_and_not_kept() {
    let world = World::on(Edition::Cloud).await;
    let ping = Knock::bitbucket(world.instance(), "diagnostics:ping", r#"{"test":true}"#);
    assert!(ping.at(&world).await.is_an_empty_yes());
    assert!(ping.clone().with("content-type", "text/plain").at(&world).await.is_an_empty_yes());
    assert!(ping.clone().without("x-hub-signature").at(&world).await.is_a_bare(401));
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn the_same_delivery_is_taken_once_whatever_it_is_called() {
    on_both(async |world| {
        let first = Knock::bitbucket(world.instance(), "repo:push", r#"{"push":1}"#).called("id-1");
        let other = Knock::bitbucket(world.instance(), "repo:push", r#"{"push":2}"#);
        let rows = [
            ("new", first.clone(), 1),
            ("again", first.clone(), 1),
            ("the same under another id", first.clone().called("id-2"), 1),
            ("the same under none", first.clone().without("x-request-id").without("x-request-uuid"), 1),
            ("another under the same id", other.clone().called("id-1"), 1),
            ("another under an id of its own", other.clone().called("id-3"), 2),
            ("the same body, another event", first.with("x-event-key", "repo:fork").called("id-4"), 3),
            ("another under an id beyond reason", other.called(&"x".repeat(201)), 3),
        ];
        for (what, knock, kept) in rows {
            let answer = knock.at(&world).await;
            assert!(answer.is_an_empty_yes(), "{what}: {answer:?}");
            assert_eq!(stored(&world).await, (kept, kept), "{what}");
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_replayed_delivery_says_nothing_twice() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api").await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        let delivery = world.bitbucket.take_deliveries().remove(0);
        let mut renamed = delivery.clone();
        renamed.set_header("X-Request-UUID", "another");
        renamed.set_header("X-Request-Id", "another");
        for sent in [&delivery, &delivery.attempt(2), &renamed, &delivery] {
            assert_eq!(world.bitbucket.send(sent).await.status, 200);
            world.settle().await;
        }
        assert_eq!(world.messages("#web").len(), 1);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_nul_in_a_title_and_a_moment_beyond_reason_are_no_obstacle() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api").await;
        let repo = world.repository("web/api");
        world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
        let delivery = world.bitbucket.take_deliveries().remove(0);
        let body = String::from_utf8(delivery.body).unwrap();
        let body = body.replace("Limit the rate", r"Limit\u0000the\u0000rate");
        assert!(body.contains("u0000"));
        let answer = Knock::bitbucket(world.instance(), &delivery.key, body.as_str()).at(&world).await;
        assert!(answer.is_an_empty_yes(), "{answer:?}");
        world.settle().await;
        let heard = world.hears("#web");
        assert!(heard.contains("grace opened web/api#1 Limit") && !heard.contains('\0'), "{heard}");
        let late = Knock::bitbucket(world.instance(), &delivery.key, in_the_far_future(&body));
        assert!(late.at(&world).await.is_an_empty_yes());
        world.settle().await;
        let told = outcomes(&world).await;
        assert!(told.iter().all(|outcome| outcome.starts_with("told")), "{told:?}");
        let _edited = world.hears("#web");
        world.finish().await;
    })
    .await;
}

/// The same body with every moment at the end of time.
fn in_the_far_future(body: &str) -> String {
    let mut body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    for pointer in ["/date", "/pullRequest/createdDate", "/pullRequest/updatedDate"] {
        if let Some(moment) = body.pointer_mut(pointer) {
            *moment = i64::MAX.into();
        }
    }
    for pointer in ["/pullrequest/created_on", "/pullrequest/updated_on"] {
        if let Some(moment) = body.pointer_mut(pointer) {
            *moment = i64::MAX.to_string().into();
        }
    }
    body.to_string()
}

#[tokio::test]
async fn more_than_the_limit_is_too_large() {
    let world = World::on(Edition::Cloud).await;
    let knock = |size: usize| Knock::post("/bitbucket/cloud/webhook", JSON, vec![b' '; size]);
    assert!(knock(LIMIT + 1).at(&world).await.is_a_bare(413));
    assert!(knock(LIMIT + 1).in_chunks_at(&world).await.is_a_bare(413));
    assert!(knock(LIMIT).at(&world).await.is_a_bare(401));
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn one_row_that_is_refused_fails_none_of_its_neighbours() {
    on_both(async |world| {
        let mut beside = beside(&world).await;
        hold_up(&world, &mut beside).await;
        let knocks: Vec<Knock> = (0..CROWD)
            .map(|at| {
                let key = if at % 13 == 5 { "repo:refused" } else { "repo:push" };
                Knock::bitbucket(world.instance(), key, format!(r#"{{"push":{at}}}"#))
            })
            .collect();
        let all = futures_util::future::join_all(knocks.iter().map(|knock| knock.at(&world)));
        let (answers, ()) = tokio::join!(all, let_go(&world, &mut beside));
        for (at, answer) in answers.iter().enumerate() {
            assert_eq!(answer.status, if at % 13 == 5 { 503 } else { 200 }, "{at}: {answer:?}");
        }
        let refused = (0..CROWD).filter(|at| at % 13 == 5).count();
        assert_eq!(stored(&world).await, (CROWD - refused, CROWD - refused));
        world.finish().await;
    })
    .await;
}

/// A connection of our own, by which the database is taught to refuse one event.
async fn beside(world: &World) -> AnyConnection {
    let mut beside = AnyConnection::connect(world.database_url()).await.expect("the database does as told");
    let lesson = match world.bot().store.engine() {
        Engine::Postgres => "ALTER TABLE deliveries ADD CONSTRAINT picky CHECK (event_key <> 'repo:refused')",
        Engine::Sqlite => {
            "CREATE TRIGGER picky BEFORE INSERT ON deliveries WHEN NEW.event_key = 'repo:refused' \
             BEGIN SELECT RAISE(ABORT, 'refused'); END"
        }
    };
    sqlx::query(lesson).execute(&mut beside).await.expect("the database does as told");
    beside
}

/// Takes the lock that all who store need, so that they gather behind it.
async fn hold_up(world: &World, beside: &mut AnyConnection) {
    let lock: &[&'static str] = match world.bot().store.engine() {
        Engine::Postgres => &["BEGIN", "LOCK TABLE deliveries IN SHARE MODE"],
        Engine::Sqlite => &["BEGIN IMMEDIATE"],
    };
    for statement in lock {
        sqlx::query(*statement).execute(&mut *beside).await.expect("the database does as told");
    }
}

/// Lets them go once the whole crowd waits.
async fn let_go(world: &World, beside: &mut AnyConnection) {
    let gathered = async {
        while world.bot().store.waiting_arrivals() < CROWD {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(4), gathered).await.expect("the crowd gathers");
    sqlx::query("ROLLBACK").execute(beside).await.expect("the database does as told");
}
