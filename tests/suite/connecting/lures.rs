//! What leads elsewhere: addresses in requests, other hosts, people who have left, and a link that
//! somebody else was talked into.

use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::browser::Browser;
use tokio::net::TcpListener;

use super::{NOT_CONNECTED, form, path, proof, sent};
use crate::doors::knock::{FORM, Knock};
use crate::world::{World, on_both};

#[tokio::test]
async fn who_was_talked_into_anothers_link_is_undone_by_the_private_message() {
    let world = World::on(Edition::Cloud).await;
    let (ada, grace) = (world.person("ada"), world.person("grace").connected().await);
    let (_, link) = ada.opens_the_link("connect").await;
    let mut lured = Browser::new().unwrap();
    let page = lured.open(&link.url).await.unwrap();
    let page = lured.press(&page, "Go on to Bitbucket").await.unwrap();
    let page = grace.signs_in(&mut lured, &page).await;
    lured.press(&page, "Connect them").await.unwrap();
    world.settle().await;
    snapshot!(grace.is_told(), @"
    Your account grace on bitbucket was connected to another Slack account just now: @ada.
    If that was not you, take Dipper's access back on Bitbucket, and tell whoever runs Dipper.
    ");
    let told = ada.slack.told();
    assert!(world.read(&told).contains("now acts as grace"), "{}", world.read(&told));
    let answer = ada.clicks(&told[0], "Undo").await;
    assert!(answer.contains("you are no longer grace"), "{answer}");
    assert_eq!(ada.types("/bb whoami").await, NOT_CONNECTED);
    world.finish().await;
}

#[tokio::test]
async fn the_way_on_leads_to_bitbucket_and_nowhere_else() {
    on_both(async |world| {
        let (browser, page) = world.person("ada").opens_the_link("connect").await;
        let link = path(&world, &page.url);
        let cookie = super::cookie_of(&browser, &page);
        let knock = form(&format!("{link}?next=https://evil.example"), &cookie, &proof(&page));
        let answer = knock.with("x-forwarded-host", "evil.example").at(&world).await;
        let to = answer.header("location");
        assert!(answer.status == 303 && to.starts_with(&world.bitbucket.url(world.edition)), "{answer:?}");
        assert!(!to.contains("evil"), "{to}");
        for (name, value) in [("referrer-policy", "no-referrer"), ("cache-control", "no-store")] {
            assert_eq!(answer.header(name), value);
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_has_left_the_workspace_is_not_connected_any_more() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada");
    let mut mine = sent(&ada).await;
    let asked = mine.browser.open(mine.way_back("ada").await.as_str()).await.unwrap();
    ada.slack.leaves();
    let page = mine.browser.open(&mine.link.url).await.unwrap();
    assert!(page.status == 404 && page.text().starts_with("This link is no good"), "{}", page.text());
    let page = mine.browser.press(&asked, "Connect them").await.unwrap();
    assert!(page.text().contains("That Slack account is closed"), "{}", page.text());
    world.settle().await;
    world.finish().await;
}

#[tokio::test]
async fn a_digest_of_somebody_who_has_left_shows_nothing_and_forgets_them() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    ada.types("/bb digest add web/api daily 9:30").await;
    ada.slack.leaves();
    world.advance(std::time::Duration::from_hours(24)).await;
    assert_eq!(world.hears("#web"), "");
    let user = dipper::words::names::SlackUser {
        team: dipper::words::names::Team::new("T0DIPPER"),
        id: ada.slack.id.clone(),
    };
    assert!(world.bot().store.links_of(&user).await.unwrap().is_empty());
    world.finish().await;
}

#[tokio::test]
async fn an_answer_is_given_to_slack_and_to_no_other_address() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let evil = format!("http://{}/", listener.local_addr().unwrap());
    for address in
        [evil.as_str(), "http://169.254.169.254/latest", "http://[::1]:9/", "https://slack.com.evil.example/"]
    {
        let body = world.slack.slash_body(&ada.slack, "#web", "/bb whoami");
        let fields: Vec<(String, String)> =
            url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
        let mut forged = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &fields {
            forged.append_pair(name, if name == "response_url" { address } else { value });
        }
        let knock = Knock::slack("/slack/commands", FORM, forged.finish());
        assert_eq!(knock.at(&world).await.status, 200);
        world.settle().await;
        assert_eq!(ada.is_told(), NOT_CONNECTED, "{address}");
    }
    let heard = tokio::time::timeout(std::time::Duration::from_millis(50), listener.accept()).await;
    assert!(heard.is_err(), "somebody else was called");
    world.finish().await;
}

#[tokio::test]
async fn an_instance_whose_name_is_a_path_is_none() {
    let world = World::on(Edition::Cloud).await;
    for name in
        ["..%2fcloud", "cloud%2f..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "cloud%00", "https:%2f%2fevil"]
    {
        let delivery = Knock::bitbucket(name, "pullrequest:created", "{}").at(&world).await;
        let back = Knock::get(&format!("/bitbucket/{name}/oauth/callback?code=x&state=y")).at(&world).await;
        assert_eq!((delivery.status, back.status), (404, 404), "{name}");
    }
    world.finish().await;
}
