//! What the pages of connecting forbid by their headers, and what their cookie is.

use dipper::sandbox::bitbucket::Edition;

use super::{form, path, sent};
use crate::doors::knock::{Answer, Knock};
use crate::world::{World, on_both};

#[tokio::test]
async fn every_page_forbids_scripts_frames_referrers_and_keeping() {
    on_both(async |world| {
        let mine = sent(&world.person("ada")).await;
        let link = path(&world, &mine.link.url);
        let back = path(&world, mine.way_back("ada").await.as_str());
        let denied = back.replace("code=", "error=");
        let cookie = mine.cookie();
        let pages = [
            (Knock::get(&link), 200),
            (Knock::get("/connect/unknown"), 404),
            (form(&link, "", "x"), 403),
            (Knock::get(&back), 403),
            (Knock::get(&denied).with("cookie", &cookie), 200),
            (Knock::get(&back.replace("code=", "code=x")).with("cookie", &cookie), 502),
            (Knock::get(&back).with("cookie", &cookie), 200),
            (form(&format!("{link}/confirm"), &cookie, "x"), 403),
        ];
        for (knock, status) in pages {
            let answer = knock.at(&world).await;
            assert_eq!(answer.status, status, "{knock:?}: {answer:?}");
            assert_forbids(&answer);
        }
        world.finish().await;
    })
    .await;
}

/// No script, no frame, no referrer, no copy, no guess at the type. What was asked for in the clear says nothing
/// of https.
fn assert_forbids(answer: &Answer) {
    let policy = answer.header("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("script") && !answer.body.contains("<script"), "{answer:?}");
    for (name, value) in [
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
        ("strict-transport-security", ""),
        ("content-type", "text/html; charset=utf-8"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn while_the_database_is_away_a_link_is_not_called_used_up() {
    on_both(async |mut world| {
        let mine = sent(&world.person("ada")).await;
        let link = path(&world, &mine.link.url);
        let back = path(&world, mine.way_back("ada").await.as_str());
        let cookie = mine.cookie();
        world.bot().store.close().await;
        for knock in [
            Knock::get(&link),
            form(&link, &cookie, "x"),
            Knock::get(&back).with("cookie", &cookie),
            form(&format!("{link}/confirm"), &cookie, "x"),
        ] {
            let answer = knock.at(&world).await;
            assert_eq!((answer.status, answer.header("retry-after")), (503, "5"), "{knock:?}: {answer:?}");
            assert!(
                answer.body.contains("Your link is as good as before; try again in a moment."),
                "{answer:?}"
            );
            assert_forbids(&answer);
        }
        world.restart().await;
        assert_eq!(Knock::get(&link).at(&world).await.status, 200);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let world = World::on(Edition::Cloud).await;
    let (_, page) = world.person("ada").opens_the_link("connect").await;
    let cookie = page.headers["set-cookie"].to_str().unwrap();
    let (value, rest) = cookie.split_once("; ").unwrap();
    assert_eq!(rest, "Path=/; Max-Age=900; HttpOnly; SameSite=Lax");
    let value = value.strip_prefix("dipper_connect=").unwrap();
    assert!(value.len() == 32 && value.chars().all(|c| c.is_ascii_hexdigit()), "{value}");
    let (_, other) = world.person("grace").opens_the_link("connect").await;
    assert!(!other.headers["set-cookie"].to_str().unwrap().contains(value));
    world.finish().await;
}

#[tokio::test]
async fn behind_https_the_cookie_is_never_sent_in_the_clear() {
    let world = World::with(Edition::Cloud, &[("DIPPER_PUBLIC_URL", "https://dipper.example.test")]).await;
    let ada = world.person("ada");
    ada.slack.types("#web", &format!("/bb connect {}", world.instance())).await;
    world.settle().await;
    let label = format!("Connect your account on {}", world.instance());
    let link = ada.slack.told().iter().find_map(|message| message.link(&label)).unwrap();
    let link = link.strip_prefix("https://dipper.example.test").unwrap();
    let answer = Knock::get(link).at(&world).await;
    assert!(answer.header("set-cookie").ends_with("; HttpOnly; SameSite=Lax; Secure"), "{answer:?}");
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    world.finish().await;
}
