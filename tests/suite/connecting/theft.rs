//! Nobody is connected by a link, a state, a code or a cookie that is not theirs, or not any more.

use std::time::Duration;

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::browser::Browser;
use url::Url;

use super::{NOT_CONNECTED, cookie_of, form, part, path, proof, sent, with_part};
use crate::doors::knock::Knock;
use crate::world::{World, on_both};

const LATE: Duration = Duration::from_mins(11);

#[tokio::test]
async fn a_scanner_that_looks_at_the_link_uses_nothing_up() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada");
    let (mut browser, page) = ada.opens_the_link("connect").await;
    for method in ["GET", "HEAD", "GET"] {
        let answer = Knock::new(method, &path(&world, &page.url)).at(&world).await;
        assert_eq!(answer.status, 200);
    }
    let page = browser.press(&page, "Go on to Bitbucket").await.unwrap();
    let page = ada.signs_in(&mut browser, &page).await;
    let page = browser.press(&page, "Connect them").await.unwrap();
    assert!(page.text().starts_with("Connected"), "{}", page.text());
    assert!(ada.types("/bb whoami").await.contains("you are ada"));
    world.finish().await;
}

#[tokio::test]
async fn only_the_browser_that_saw_the_page_goes_on() {
    let world = World::on(Edition::Cloud).await;
    let (ada, grace) = (world.person("ada"), world.person("grace"));
    let (mut browser, page) = ada.opens_the_link("connect").await;
    let (other, hers) = grace.opens_the_link("connect").await;
    let (link, right, mine) = (path(&world, &page.url), proof(&page), cookie_of(&browser, &page));
    let theirs = cookie_of(&other, &hers);
    let rows = [
        ("without a cookie", form(&link, "", &right)),
        ("with a cookie of another name", form(&link, &mine.replace("dipper", "other"), &right)),
        ("with another browser's cookie", form(&link, &theirs, &right)),
        ("with an invented cookie", form(&link, &format!("dipper_connect={}", "a".repeat(32)), &right)),
        ("with a forged proof", form(&link, &mine, &"a".repeat(64))),
        ("with the proof of another page", form(&link, &mine, &proof(&hers))),
        ("with an empty proof", form(&link, &mine, "")),
        ("with a proof that is no text", form(&link, &mine, "%ff")),
        ("with no proof", Knock::new("POST", &link).with("cookie", &mine)),
        ("in another type", form(&link, &mine, &right).with("content-type", "text/plain")),
        ("beyond the limit", form(&link, &mine, &"a".repeat(20_000))),
    ];
    for (what, knock) in rows {
        let answer = knock.at(&world).await;
        assert!(answer.status == 403 && answer.body.contains("Not from this browser"), "{what}: {answer:?}");
    }
    let on = browser.press(&page, "Go on to Bitbucket").await.unwrap();
    assert!(on.text().starts_with("Sign in to Bitbucket"), "{}", on.text());
    world.finish().await;
}

#[tokio::test]
async fn a_link_that_was_never_given_out_leads_nowhere() {
    let world = World::on(Edition::Cloud).await;
    let back = format!("/bitbucket/{}/oauth/callback", world.instance());
    let invented = "a".repeat(64);
    let cookie = format!("dipper_connect={}", "a".repeat(32));
    let rows = [
        Knock::get(&format!("/connect/{invented}")),
        Knock::get("/connect/%ff"),
        Knock::get("/connect/a%00b"),
        Knock::get("/connect/..%2f..%2fmetrics"),
        form(&format!("/connect/{invented}"), &cookie, &invented),
        form("/connect/%ff", &cookie, &invented),
        form(&format!("/connect/{invented}/confirm"), &cookie, &invented),
        form("/connect/%ff/confirm", &cookie, &invented),
        Knock::get(&back).with("cookie", &cookie),
        Knock::get(&format!("{back}?code=x&state={invented}")).with("cookie", &cookie),
        Knock::get(&format!("{back}?code=x&state=a&state=b")).with("cookie", &cookie),
        Knock::get(&format!("{back}?code=%ff&state=%00")).with("cookie", &cookie),
    ];
    for knock in rows {
        let answer = knock.at(&world).await;
        let gone = answer.status == 404 && answer.body.contains("This link is no good any more");
        assert!(gone, "{knock:?}: {answer:?}");
    }
    world.finish().await;
}

#[tokio::test]
async fn a_state_counts_once_and_in_its_own_browser_only() {
    on_both(async |world| {
        let ada = world.person("ada");
        let (mut mine, mut hers) = (sent(&ada).await, sent(&world.person("grace")).await);
        let (back, other) = (mine.way_back("ada").await, hers.way_back("grace").await);
        for (browser, state) in [(&mut mine.browser, &other), (&mut hers.browser, &back)] {
            let page = browser.open(state.as_str()).await.unwrap();
            assert!(
                page.status == 403 && page.text().starts_with("Not from this browser"),
                "{}",
                page.text()
            );
        }
        let page = mine.browser.open(back.as_str()).await.unwrap();
        assert!(page.status == 200 && page.text().starts_with("Is this right?"), "{}", page.text());
        let page = mine.browser.open(back.as_str()).await.unwrap();
        assert!(page.status == 404 && page.text().starts_with("This link is no good"), "{}", page.text());
        assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_code_of_somebody_else_is_shown_and_never_linked_by_itself() {
    on_both(async |world| {
        let ada = world.person("ada");
        let (mut mine, hers) = (sent(&ada).await, sent(&world.person("grace")).await);
        let (back, other) = (mine.way_back("ada").await, hers.way_back("grace").await);
        let mixed = with_part(&back, "code", &part(&other, "code"));
        let page = mine.browser.open(mixed.as_str()).await.unwrap();
        // Data Center holds the code against the verifier; Cloud has none, and shows whose it is.
        let told = match world.edition {
            Edition::Cloud => "Bitbucket (cloud): grace",
            Edition::DataCenter => "That sign-in is used up or too old; begin again.",
        };
        assert!(page.text().contains(told), "{}", page.text());
        assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn going_on_again_voids_the_time_before() {
    on_both(async |world| {
        let mut mine = sent(&world.person("ada")).await;
        let before = mine.way_back("ada").await;
        mine.page = mine.browser.press(&mine.link, "Go on to Bitbucket").await.unwrap();
        let after = mine.way_back("ada").await;
        for (back, status) in [(&before, 404), (&after, 200)] {
            assert_eq!(mine.browser.open(back.as_str()).await.unwrap().status, status);
        }
        let page = mine.browser.press(&mine.link, "Go on to Bitbucket").await.unwrap();
        assert!(page.status == 404 && page.text().starts_with("This link is no good"), "{}", page.text());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_code_counts_once() {
    on_both(async |world| {
        let ada = world.person("ada");
        let mut first = sent(&ada).await;
        let back = first.way_back("ada").await;
        assert_eq!(first.browser.open(back.as_str()).await.unwrap().status, 200);
        let mut second = sent(&ada).await;
        let again = with_part(&second.way_back("ada").await, "code", &part(&back, "code"));
        let page = second.browser.open(again.as_str()).await.unwrap();
        let told = "Not connected That sign-in is used up or too old; begin again.";
        assert_eq!((page.status, page.text().as_str()), (502, told));
        assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_way_back_is_one_instances_own() {
    // On Data Center the other instance is there without a setting of its own.
    let second = [("BITBUCKET_DC_URL", "http://127.0.0.1:9")];
    for (edition, more, other) in [(Edition::Cloud, &second[..], "dc"), (Edition::DataCenter, &[], "cloud")] {
        let world = World::with(edition, more).await;
        let mut mine = sent(&world.person("ada")).await;
        let right = mine.way_back("ada").await;
        let wrong = right.as_str().replace(&format!("/{}/", world.instance()), &format!("/{other}/"));
        let page = mine.browser.open(&wrong).await.unwrap();
        assert!(page.status == 404 && page.text().starts_with("This link is no good"), "{}", page.text());
        assert_eq!(mine.browser.open(right.as_str()).await.unwrap().status, 200);
        world.finish().await;
    }
}

#[tokio::test]
async fn a_link_older_than_ten_minutes_is_no_good_at_any_step() {
    on_both(async |world| {
        let ada = world.person("ada");
        let (mut early, unopened) = ada.opens_the_link("connect").await;
        let mut mine = sent(&ada).await;
        let mut back = sent(&ada).await;
        let last = back.browser.open(back.way_back("ada").await.as_str()).await.unwrap();
        world.advance(LATE).await;
        // Bitbucket's own page is older than that by now, and still sends people back.
        let late = mine.way_back("ada").await;
        let pages = [
            early.open(&unopened.url).await.unwrap(),
            early.press(&unopened, "Go on to Bitbucket").await.unwrap(),
            mine.browser.open(late.as_str()).await.unwrap(),
            back.browser.press(&last, "Connect them").await.unwrap(),
        ];
        for page in pages {
            assert!(page.status == 404 && page.text().starts_with("This link is no good"), "{}", page.text());
        }
        assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn only_the_browser_that_came_back_confirms() {
    on_both(async |world| {
        let (ada, grace) = (world.person("ada"), world.person("grace"));
        let (mut mine, hers) = (sent(&ada).await, sent(&grace).await);
        let asked = mine.browser.open(mine.way_back("ada").await.as_str()).await.unwrap();
        let confirm = format!("{}/confirm", path(&world, &mine.link.url));
        let early = format!("{}/confirm", path(&world, &hers.link.url));
        let rows = [
            ("without a cookie", form(&confirm, "", &proof(&asked))),
            ("with another browser's cookie", form(&confirm, &hers.cookie(), &proof(&asked))),
            ("with a forged proof", form(&confirm, &mine.cookie(), &"a".repeat(64))),
            ("with the first page's proof", form(&confirm, &mine.cookie(), &proof(&mine.link))),
            ("with another's ticket", form(&early, &mine.cookie(), &proof(&asked))),
            ("before Bitbucket was asked", form(&early, &hers.cookie(), &proof(&hers.link))),
        ];
        for (what, knock) in rows {
            let answer = knock.at(&world).await;
            assert!(
                answer.status == 403 && answer.body.contains("Not from this browser"),
                "{what}: {answer:?}"
            );
        }
        assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
        assert_eq!(grace.types("/bb whoami").await, NOT_CONNECTED);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn confirming_twice_links_once() {
    on_both(async |world| {
        let ada = world.person("ada");
        let mut mine = sent(&ada).await;
        let asked = mine.browser.open(mine.way_back("ada").await.as_str()).await.unwrap();
        let confirm = format!("{}/confirm", path(&world, &mine.link.url));
        let knock = form(&confirm, &mine.cookie(), &proof(&asked));
        let (one, two) = tokio::join!(knock.at(&world), knock.at(&world));
        let third = knock.at(&world).await;
        let all = [one, two, third];
        let linked = all.iter().filter(|answer| answer.body.contains("You are ada on")).count();
        let used = all.iter().filter(|answer| answer.body.contains("This link was used already.")).count();
        assert_eq!((linked, used), (1, 2), "{all:?}");
        world.settle().await;
        assert_eq!(ada.slack.told().len(), 1);
        let gone = Knock::get(&path(&world, &mine.link.url)).at(&world).await;
        assert_eq!(gone.status, 404);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_says_no_at_bitbucket_is_not_connected() {
    on_both(async |world| {
        let ada = world.person("ada");
        let mut mine = sent(&ada).await;
        let page = mine.browser.press(&mine.page, "Deny").await.unwrap();
        let told = "Not connected Bitbucket was not allowed to connect; nothing was changed.";
        assert_eq!((page.status, page.text().as_str()), (200, told));
        assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_is_lured_into_anothers_link_sees_whose_it_is() {
    let world = World::on(Edition::Cloud).await;
    let (ada, grace) = (world.person("ada"), world.person("grace"));
    let (_, link) = ada.opens_the_link("connect").await;
    let mut lured = Browser::new().unwrap();
    let page = lured.open(&link.url).await.unwrap();
    assert!(page.text().contains("the Slack account ada"), "{}", page.text());
    let page = lured.press(&page, "Go on to Bitbucket").await.unwrap();
    let page = grace.signs_in(&mut lured, &page).await;
    assert!(page.text().contains("Slack: ada") && page.text().contains(": grace"), "{}", page.text());
    for person in [&ada, &grace] {
        assert_eq!(person.types("/bb whoami").await, NOT_CONNECTED);
    }
    world.finish().await;
}

#[tokio::test]
async fn a_browser_that_only_knows_the_address_of_the_way_back_gets_nowhere() {
    let world = World::on(Edition::Cloud).await;
    let mine = sent(&world.person("ada")).await;
    let back: Url = mine.way_back("ada").await;
    for cookie in
        ["", "dipper_connect=", &format!("dipper_connect={}", "0".repeat(32)), "dipper_connect=short"]
    {
        let answer = Knock::get(&path(&world, back.as_str())).with("cookie", cookie).at(&world).await;
        assert!(answer.status == 403 && answer.body.contains("Not from this browser"), "{answer:?}");
    }
    world.finish().await;
}
