//! The calls, played against a small server that says what it is told to and remembers what it heard.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use serde_json::{Value, json};

use super::*;
use crate::words::message::{Line, Tone};
use crate::words::names::{Channel, SlackUser, Team};

type Said = (u16, &'static [(&'static str, &'static str)], String);

#[derive(Clone, Default)]
struct Played {
    says: Arc<Mutex<VecDeque<Said>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

struct Heard {
    path: String,
    token: String,
    body: String,
}

async fn hear(
    State(played): State<Played>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
    played.heard.lock().unwrap().push(Heard {
        path: uri.path().to_owned(),
        token: header("authorization"),
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let said = played.says.lock().unwrap().pop_front();
    let (status, extra, body) = said.unwrap_or((200, &[], json!({"ok": true}).to_string()));
    let mut headers = HeaderMap::new();
    for (name, value) in extra {
        headers.insert(*name, value.parse().unwrap());
    }
    (StatusCode::from_u16(status).unwrap(), headers, body)
}

struct World {
    played: Played,
    slack: Slack,
    bot: SlackBot,
    base: String,
}

impl World {
    async fn start() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let played = Played::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(hear).with_state(played.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let slack = handle(&base);
        let bot = slack.as_bot(&"xoxb-hush".into());
        Self { played, slack, bot, base }
    }

    fn says(&self, answer: &Value) -> &Self {
        self.says_raw(200, &[], &answer.to_string())
    }

    fn says_raw(&self, status: u16, headers: &'static [(&'static str, &'static str)], body: &str) -> &Self {
        self.played.says.lock().unwrap().push_back((status, headers, body.to_owned()));
        self
    }

    fn calls(&self) -> usize {
        self.played.heard.lock().unwrap().len()
    }

    /// The last call: its path, its token, its body as JSON where it is.
    fn last(&self) -> (String, String, Value) {
        let heard = self.played.heard.lock().unwrap();
        let last = heard.last().unwrap();
        let body = serde_json::from_str(&last.body).unwrap_or_else(|_| json!(last.body));
        (last.path.clone(), last.token.clone(), body)
    }
}

fn handle(base: &str) -> Slack {
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    Slack::new(format!("{base}/api").parse().unwrap(), http, Clock::still(1_792_000_000_000))
}

fn channel() -> Channel {
    Channel { team: Team::new("T1"), id: "C1".to_owned() }
}

fn ada() -> SlackUser {
    SlackUser { team: Team::new("T1"), id: "U1".to_owned() }
}

fn hello() -> Message {
    Message::line("Hello.")
}

#[tokio::test]
async fn a_post_carries_its_identity_and_survives_any_metadata_in_the_answer() {
    let world = World::start().await;
    world.says(&json!({"ok": true, "ts": "1.2", "message": {"metadata": {"event_payload": {"n": 1}}}}));
    let ts = world.bot.post_message(&channel(), &hello(), Some("1.1"), Some("job:1")).await;
    assert_eq!(ts.unwrap(), "1.2");
    let (path, token, body) = world.last();
    assert_eq!((path.as_str(), token.as_str()), ("/api/chat.postMessage", "Bearer xoxb-hush"));
    assert_eq!(body["metadata"], json!({"event_type": "dipper", "event_payload": {"identity": "job:1"}}));
    assert_eq!(
        (&body["thread_ts"], &body["text"], &body["unfurl_links"]),
        (&json!("1.1"), &json!("Hello."), &json!(false))
    );
}

#[tokio::test]
async fn an_update_takes_away_what_is_not_there_any_more() {
    let world = World::start().await;
    world.bot.update_message(&channel(), "1.2", &hello().tone(Tone::Done)).await.unwrap();
    let (path, _, body) = world.last();
    assert_eq!(path, "/api/chat.update");
    assert_eq!((&body["text"], &body["blocks"]), (&json!(""), &json!([])));
    assert_eq!(body["attachments"][0]["fallback"], "Hello.");
}

#[tokio::test]
async fn a_wait_is_told_and_nothing_is_tried_again() {
    let world = World::start().await;
    world.says_raw(429, &[("retry-after", "7")], r#"{"ok":false,"error":"ratelimited"}"#);
    let told = world.bot.user_info(&ada()).await.unwrap_err();
    assert_eq!(told.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(told.to_string(), "Slack asks to wait 7 seconds before `users.info`");
    assert_eq!(world.calls(), 1);
}

#[tokio::test]
async fn a_read_is_tried_once_more_and_a_write_is_not() {
    let world = World::start().await;
    world.says_raw(503, &[], "busy").says(&json!({"ok": true, "user": {"name": "ada", "tz": "Europe/Berlin", "is_owner": true, "profile": {"display_name": "", "real_name": "Ada", "email": "ada@example.com"}}}));
    let info = world.bot.user_info(&ada()).await.unwrap();
    assert_eq!((info.name.as_str(), info.tz.as_deref()), ("Ada", Some("Europe/Berlin")));
    assert!(info.owner && !info.admin && info.email.is_some());
    assert_eq!(world.calls(), 2);
    world.says_raw(503, &[], "busy");
    let told = world.bot.join(&channel()).await.unwrap_err();
    assert!(told.may_have_happened() && world.calls() == 3, "{told}");
}

#[tokio::test]
async fn slacks_words_and_its_silence_are_told_apart() {
    let world = World::start().await;
    world.says(&json!({"ok": false, "error": "invalid_blocks", "response_metadata": {"messages": ["[ERROR] too long"]}}));
    let told = world.bot.delete_message(&channel(), "1.2").await.unwrap_err();
    assert!(
        matches!(&told, Error::Api { code, messages, .. } if code == "invalid_blocks" && messages.len() == 1)
    );
    world.says_raw(200, &[], "<html>proxy xoxb-hush</html>");
    let told = world.bot.post_ephemeral(&channel(), &ada(), &hello()).await.unwrap_err();
    assert_eq!(told.to_string(), "Slack's answer to `chat.postEphemeral` could not be read");
    let nobody = handle("http://127.0.0.1:9").as_bot(&"xoxb-hush".into());
    let told = nobody.join(&channel()).await.unwrap_err();
    assert!(!told.may_have_happened() && told.is_passing(), "{told:?}");
}

#[tokio::test]
async fn people_channels_and_the_bot_itself_are_known() {
    let world = World::start().await;
    world.says(&json!({"ok": true, "team_id": null, "enterprise_id": "E1", "user_id": "UB", "bot_id": "B1", "url": ""}));
    let identity = world.bot.auth_test().await.unwrap();
    assert_eq!((identity.team.as_str(), identity.user.as_str(), identity.url), ("E1", "UB", None));
    world.says(
        &json!({"ok": true, "channel": {"id": "C1", "name": "web", "is_private": true, "is_member": true}}),
    );
    let info = world.bot.channel_info(&channel()).await.unwrap();
    assert!(info.private && info.member && !info.archived);
    assert_eq!(world.last().2, json!("channel=C1"));
    world.says(&json!({"ok": true, "channel": {"id": "D1"}}));
    assert!(world.bot.open_direct(&ada()).await.unwrap().is_direct());
}

#[tokio::test]
async fn what_was_posted_is_found_again_by_its_identity() {
    let world = World::start().await;
    world.says(&json!({"ok": true, "messages": [{"ts": "9.0", "metadata": null}, {"ts": "8.0", "metadata": {"event_type": "dipper", "event_payload": {"identity": 5}}}], "response_metadata": {"next_cursor": "next="}}));
    world.says(&json!({"ok": true, "messages": [{"ts": "7.0", "metadata": {"event_type": "dipper", "event_payload": {"identity": "job:1"}}}]}));
    let found = world.bot.find_posted(&channel(), None, "job:1", 1_500).await.unwrap();
    assert_eq!(found.as_deref(), Some("7.0"));
    let (path, _, form) = world.last();
    assert_eq!(path, "/api/conversations.history");
    assert!(
        form.as_str().unwrap().contains("oldest=1.500000&inclusive=true&include_all_metadata=true"),
        "{form}"
    );
    assert!(form.as_str().unwrap().ends_with("cursor=next%3D"));
    assert_eq!(world.bot.find_posted(&channel(), Some("1.0"), "job:1", 0).await.unwrap(), None);
    assert_eq!(world.last().0, "/api/conversations.replies");
}

#[tokio::test]
async fn a_search_without_end_says_so() {
    let world = World::start().await;
    for _ in 0..10 {
        world.says(&json!({"ok": true, "messages": [], "response_metadata": {"next_cursor": "more"}}));
    }
    let told = world.bot.find_posted(&channel(), None, "job:1", 0).await;
    assert_eq!(told, Err(Error::Endless));
}

#[tokio::test]
async fn views_are_opened_and_turned_into_others() {
    let world = World::start().await;
    world.says(&json!({"ok": true, "view": {"id": "V1", "hash": "1.a"}}));
    let view = forms::working("Merging", "One moment …");
    let id = world.bot.open_view(&"1.2.3".into(), &view).await.unwrap();
    assert_eq!((id.id.as_str(), id.hash.as_deref()), ("V1", Some("1.a")));
    assert_eq!(world.last().2["view"]["type"], "modal");
    world.says(&json!({"ok": false, "error": "hash_conflict"}));
    let told = world.bot.update_view("V1", Some("1.a"), &view).await.unwrap_err();
    assert!(told.is_late());
    assert_eq!(world.last().2["hash"], "1.a");
}

#[tokio::test]
async fn a_response_url_is_called_without_a_token() {
    let world = World::start().await;
    world.says_raw(200, &[], "ok");
    let url = Secret::new(format!("{}/response/1", world.base));
    world.slack.respond(&url, &hello().to_channel(), true).await.unwrap();
    let (path, token, body) = world.last();
    assert_eq!((path.as_str(), token.as_str()), ("/response/1", ""));
    assert_eq!((&body["response_type"], &body["replace_original"]), (&json!("in_channel"), &json!(true)));
    world.says_raw(404, &[], "used_url");
    let told = world.slack.respond(&url, &hello(), false).await.unwrap_err();
    assert_eq!(told.code(), Some("used_url"));
    assert!(told.is_gone_message());
}

#[tokio::test]
async fn an_address_that_is_not_slacks_is_not_called() {
    let world = World::start().await;
    for url in [
        "https://slack.com.evil.example/x",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "https://a:b@hooks.slack.com/x",
        "https://notslack.com/x",
        "http://127.0.0.1:1/x",
        "no address",
    ] {
        let told = world.slack.respond(&url.into(), &hello(), false).await;
        assert_eq!(told, Err(Error::Untrusted), "{url}");
    }
    assert!(world.slack.trusts(&"https://hooks.slack.com/x".parse().unwrap()));
    assert_eq!(world.calls(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let world = World::start().await;
    world.says_raw(302, &[("location", "/elsewhere")], "");
    let url = Secret::new(format!("{}/response/1", world.base));
    let told = world.slack.respond(&url, &hello(), false).await.unwrap_err();
    assert!(matches!(told, Error::Down { outage: Outage::Status(302), .. }));
    assert_eq!(world.calls(), 1);
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let world = World::start().await;
    let line = Line::new().text("Hello.");
    world.says_raw(200, &[], "{\"ok\":false,\"error\":\"xoxb-hush is no word\"}");
    let told = world.bot.post_message(&channel(), &Message::line(line), None, None).await.unwrap_err();
    assert!(!format!("{told:?} {told} {:?}", world.bot).contains("xoxb"));
}
