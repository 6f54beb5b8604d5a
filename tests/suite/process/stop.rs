//! Told to stop: nothing new is taken in, what runs ends or is handed back, and nothing is lost.

use std::time::{Duration, Instant};

use dipper::sandbox::bitbucket::{Edition, Permission};
use dipper::sandbox::browser::Browser;
use dipper::sandbox::slack::{APP_TOKEN, Message, Person};
use dipper::sandbox::wire::Fault;
use dipper::words::names::Topic;
use tokio::net::TcpStream;

use super::{SOON, Surroundings, until};
use crate::database::Database;

/// Connects somebody's account, the whole way through the browser.
async fn connects(around: &Surroundings, person: &Person) {
    assert_eq!(person.types("#web", "/bb connect").await.status, 200);
    let link = told(around, person, "Connect your account on cloud").await;
    let mut browser = Browser::new().unwrap();
    let mut page = browser.open(&link.link("Connect your account on cloud").unwrap()).await.unwrap();
    for button in ["Go on to Bitbucket", "Sign in as ada", "Connect them"] {
        page = browser.press(&page, button).await.unwrap();
    }
    told(around, person, "now acts as").await;
}

/// What they are told that says this.
async fn told(around: &Surroundings, person: &Person, words: &str) -> Message {
    let mut found = None;
    until(&format!("{words}\n{}", around.log()), SOON, async || {
        let all = person.told();
        found = all.into_iter().find(|it| format!("{}{:?}", it.text, it.blocks).contains(words));
        found.is_some()
    })
    .await;
    found.expect("it was waited for")
}

/// A channel that is told of web/api, in which ada is and has connected.
async fn stage(database: &Database) -> (Surroundings, Person, String) {
    let around = Surroundings::on(database.url()).await;
    let (ada, _) = (around.person("ada"), around.person("grace"));
    let channel = around.channel_told_of("web", "web/api", &[Topic::Opened], &ada).await;
    let repo = around.bitbucket.add_repository(Edition::Cloud, "web/api");
    let repo = repo.allow_everyone(Permission::Write);
    let _branch = repo.branch("change").with_commit("A change", "grace");
    (around, ada, channel)
}

#[tokio::test(flavor = "multi_thread")]
async fn stopping_ends_what_runs_and_hands_back_what_takes_too_long() {
    let database = Database::fresh().await;
    let (around, ada, channel) = stage(&database).await;
    let mut process = around.serve().await;
    connects(&around, &ada).await;
    around.bitbucket.cloud_faults.next("/commits", &Fault::Slow(Duration::from_mins(2)), 3);
    assert_eq!(ada.types("#web", "/bb commits web/api").await.status, 200);
    around.slack.faults.next("chat.postMessage", &Fault::Slow(Duration::from_secs(2)), 1);
    let repo = around.bitbucket.repositories().remove(0);
    around.bitbucket.open_pull_request(&repo, "grace", "A change", ("change", "main")).unwrap();
    assert_eq!(around.bitbucket.deliver().await[0].status, 200);
    until("the card is on its way", SOON, async || around.said_in(&channel).len() == 1).await;
    until("the commits are asked for", SOON, async || around.bitbucket.cloud_faults.pending() < 3).await;

    let begun = Instant::now();
    process.term().await;
    nobody_is_let_in(&around).await;
    assert_eq!(process.ended().await.code(), Some(0), "{}", around.log());
    println!("stopped after {:?}", begun.elapsed());

    let process = around.serve().await;
    told(&around, &ada, "Latest commits in").await;
    process.stops().await;
    let store = around.store().await;
    assert_eq!(store.depth().await.unwrap(), [], "{}", around.log());
    store.close().await;
    assert_eq!(around.said_in(&channel).len(), 1);
    database.drop().await;
}

async fn nobody_is_let_in(around: &Surroundings) {
    let address = around.base.strip_prefix("http://").unwrap();
    until("the door is shut", Duration::from_secs(3), async || TcpStream::connect(address).await.is_err())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_web_socket_is_closed_before_anything_else() {
    let database = Database::fresh().await;
    let (mut around, ada, _) = stage(&database).await;
    around.set("SLACK_APP_TOKEN", APP_TOKEN);
    around.unset("SLACK_SIGNING_SECRET");
    around.slack.switch_on_sockets();
    let mut process = around.serve().await;
    until("its socket is open", SOON, async || around.slack.sockets() == 1).await;
    around.slack.faults.next("/response/", &Fault::Slow(Duration::from_secs(2)), 1);
    assert_eq!(ada.types("#web", "/bb whoami").await.status, 200);
    until("it is answering", SOON, async || around.slack.faults.pending() == 0).await;

    process.term().await;
    until("its socket is closed", SOON, async || around.slack.sockets() == 0).await;
    assert!(process.child.try_wait().unwrap().is_none(), "what runs is brought to its end");
    assert_eq!(ada.types("#web", "/bb whoami").await.body, "dispatch_failed");
    assert_eq!(process.ended().await.code(), Some(0), "{}", around.log());
    told(&around, &ada, "no Bitbucket account connected").await;
    database.drop().await;
}

#[tokio::test]
async fn a_bot_without_work_stops_at_once() {
    let around = Surroundings::new().await;
    let process = around.serve().await;
    let begun = Instant::now();
    process.stops().await;
    assert!(begun.elapsed() < Duration::from_secs(5), "it took {:?}", begun.elapsed());
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_bot_from_stopping() {
    use tokio::io::AsyncWriteExt;
    let around = Surroundings::new().await;
    let process = around.serve().await;
    let mut stream = TcpStream::connect(around.base.strip_prefix("http://").unwrap()).await.unwrap();
    let half = b"POST /slack/commands HTTP/1.1\r\nHost: dipper\r\nContent-Length: 100\r\n\r\ntext=";
    stream.write_all(half).await.unwrap();
    process.stops().await;
}
