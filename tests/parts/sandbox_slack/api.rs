//! The Web API: what it does, and how it refuses.

use std::time::Duration;

use dipper::sandbox::wire::Fault;
use serde_json::{Value, json};

use super::stage::{TOKEN, paced, plain, stage};

#[tokio::test]
async fn a_token_is_asked_for() {
    let stage = stage().await;
    let url = format!("{}/auth.test", stage.slack.api_url());
    let json = ("content-type", "application/json");
    assert_eq!(stage.raw(&url, &[], "").await.1["error"], "not_authed");
    let wrong = stage.raw(&url, &[json, ("authorization", "Bearer no")], "{}").await;
    assert_eq!(wrong.1["error"], "invalid_auth");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let body = format!("token={TOKEN}");
    let right = stage.raw(&url, &[form], &body).await.1;
    assert_eq!((&right["ok"], &right["team_id"]), (&json!(true), &json!("T0STAGE")));
    stage.slack.with_world(|it| it.token_refused = Some("token_revoked"));
    assert_eq!(stage.refusal("auth.test", json!({})).await, "token_revoked");
    assert_eq!(stage.slack.forgive(), ["auth.test: not_authed"]);
    assert!(!format!("{:?}", stage.slack.requests()).contains(TOKEN));
    assert!(stage.slack.minted().contains(&TOKEN.to_owned()));
}

#[tokio::test]
async fn what_slack_does_not_know_is_noted() {
    let stage = stage().await;
    assert_eq!(stage.refusal("chat.shout", json!({})).await, "unknown_method");
    assert_eq!(stage.refusal("chat.postMessage", json!({"text": "x"})).await, "invalid_arguments");
    stage.call("auth.test", json!({"colour": "red"})).await;
    let noted = stage.slack.forgive();
    assert_eq!(noted[0], "chat.shout: unknown_method");
    assert!(noted[1].contains("missing required field: channel"), "{}", noted[1]);
    assert_eq!(noted[2], "auth.test: unknown argument `colour`");
    stage.finish();
}

#[tokio::test]
async fn bodies_must_be_what_they_say() {
    let stage = stage().await;
    let url = |method: &str| format!("{}/{method}", stage.slack.api_url());
    let bearer = format!("Bearer {TOKEN}");
    let auth = ("authorization", bearer.as_str());
    let json = ("content-type", "application/json; charset=utf-8");
    for (method, kind, body, error) in [
        ("chat.postMessage", json, "{", "invalid_json"),
        ("chat.postMessage", json, "[]", "json_not_object"),
        ("chat.postMessage", ("content-type", "text/xml"), "<a/>", "invalid_post_type"),
        ("users.info", json, "{\"user\":\"U1\"}", "invalid_arguments"),
    ] {
        let answer = stage.raw(&url(method), &[auth, kind], body).await.1;
        assert_eq!(answer["error"], error, "{method} {body}");
    }
    assert_eq!(stage.slack.forgive().len(), 4);
}

#[tokio::test]
async fn a_message_is_said_changed_and_taken_back() {
    let stage = stage().await;
    let ts = stage.says("one").await;
    let heard = stage.slack.heard("#web");
    assert_eq!((heard[0].text.as_str(), heard[0].edited), ("one", false));
    assert_eq!(heard[0].bot_id.as_deref(), Some("B0DIPPER0"));
    assert_eq!(stage.slack.heard("#web"), []);
    let place = json!({"channel": stage.web, "ts": ts});
    let mut edit = place.clone();
    edit["text"] = json!("two");
    stage.call("chat.update", edit).await;
    let heard = stage.slack.heard("#web");
    assert_eq!((heard[0].text.as_str(), heard[0].edited), ("two", true));
    let link = json!({"channel": stage.web, "message_ts": ts});
    let link = stage.call("chat.getPermalink", link).await;
    let place_in_link = format!("/archives/{}/p{}", stage.web, ts.replace('.', ""));
    assert!(link["permalink"].as_str().unwrap().ends_with(&place_in_link));
    assert_eq!(stage.call("chat.delete", place.clone()).await["ok"], true);
    assert!(stage.slack.current(&heard[0]).deleted);
    assert_eq!(stage.refusal("chat.delete", place).await, "message_not_found");
    stage.finish();
}

#[tokio::test]
async fn an_edit_keeps_the_blocks_it_does_not_send() {
    let stage = stage().await;
    let blocks = json!([{"type": "header", "text": plain("Title")}]);
    let said = json!({"channel": stage.web, "text": "a", "blocks": blocks});
    let ts = stage.call("chat.postMessage", said).await["ts"].clone();
    stage.call("chat.update", json!({"channel": stage.web, "ts": ts, "text": "b"})).await;
    assert_eq!(stage.slack.heard("web")[0].blocks[0]["type"], "header");
    let without = json!({"channel": stage.web, "ts": ts, "text": "c", "blocks": []});
    stage.call("chat.update", without).await;
    assert_eq!(stage.slack.heard("web")[0].blocks, [Value::Null; 0]);
    stage.finish();
}

#[tokio::test]
async fn another_s_message_is_not_the_bot_s_to_change() {
    let stage = stage().await;
    stage.ada.types("#web", "mine").await;
    let ts = stage.slack.with_world(|it| it.messages[0].ts.clone());
    let place = json!({"channel": stage.web, "ts": ts, "text": "x"});
    assert_eq!(stage.refusal("chat.update", place).await, "cant_update_message");
    let place = json!({"channel": stage.web, "ts": ts});
    assert_eq!(stage.refusal("chat.delete", place).await, "cant_delete_message");
    stage.finish();
}

#[tokio::test]
async fn text_has_its_limits() {
    let stage = stage().await;
    let ts = stage.says("short").await;
    let say = |text: String| json!({"channel": stage.web, "text": text});
    assert_eq!(stage.refusal("chat.postMessage", say(String::new())).await, "no_text");
    assert_eq!(stage.refusal("chat.postMessage", say("x".repeat(40_001))).await, "msg_too_long");
    let edit = json!({"channel": stage.web, "ts": ts, "text": "x".repeat(4_001)});
    assert_eq!(stage.refusal("chat.update", edit).await, "msg_too_long");
    let blocks = json!({"channel": stage.web, "blocks": "{}"});
    assert_eq!(stage.refusal("chat.postMessage", blocks).await, "invalid_blocks_format");
    let many = json!({"channel": stage.web, "attachments": vec![json!({"text": "x"}); 101]});
    assert_eq!(stage.refusal("chat.postMessage", many).await, "too_many_attachments");
    assert_eq!(stage.slack.forgive().len(), 5);
    stage.slack.heard("#web");
    stage.finish();
}

#[tokio::test]
async fn a_channel_shows_itself_to_its_members() {
    let stage = stage().await;
    let open = stage.slack.add_channel("open", false, &[&stage.ada]);
    let say = |channel: &str| json!({"channel": channel, "text": "hi"});
    assert_eq!(stage.call("chat.postMessage", say(&open)).await["ok"], true);
    assert_eq!(stage.refusal("chat.postMessage", say(&stage.den)).await, "channel_not_found");
    assert_eq!(stage.refusal("conversations.info", json!({"channel": stage.den})).await, "channel_not_found");
    let looks = json!({"channel": open});
    assert_eq!(stage.refusal("conversations.history", looks.clone()).await, "not_in_channel");
    let joined = stage.call("conversations.join", looks.clone()).await;
    assert_eq!((&joined["channel"]["is_member"], &joined["warning"]), (&json!(true), &Value::Null));
    let again = stage.call("conversations.join", looks.clone()).await;
    assert_eq!(again["warning"], "already_in_channel");
    assert_eq!(stage.call("conversations.history", looks.clone()).await["ok"], true);
    let members = stage.call("conversations.members", looks).await;
    assert_eq!(members["members"].as_array().unwrap().len(), 2);
    stage.slack.with_world(|it| it.channel_mut(&open).unwrap().archived = true);
    assert_eq!(stage.refusal("chat.postMessage", say("#open")).await, "is_archived");
    assert_eq!(stage.slack.heard("open").len(), 1);
    stage.finish();
}

#[tokio::test]
async fn a_person_is_told_alone() {
    let stage = stage().await;
    let tell = |user: &str| json!({"channel": stage.web, "user": user, "text": "psst"});
    let ts = stage.call("chat.postEphemeral", tell(&stage.ada.id)).await["message_ts"].clone();
    assert_eq!(stage.refusal("chat.postEphemeral", tell("U9")).await, "user_not_in_channel");
    assert_eq!(stage.grace.told(), []);
    assert_eq!(stage.ada.told()[0].text, "psst");
    let edit = json!({"channel": stage.web, "ts": ts, "text": "x"});
    assert_eq!(stage.refusal("chat.update", edit).await, "message_not_found");
    let dm = stage.call("conversations.open", json!({"users": stage.ada.id})).await;
    let dm = dm["channel"]["id"].clone();
    stage.call("chat.postMessage", json!({"channel": dm, "text": "by id"})).await;
    stage.call("chat.postMessage", json!({"channel": stage.ada.id, "text": "by person"})).await;
    let told: Vec<String> = stage.ada.told().into_iter().map(|it| it.text).collect();
    assert_eq!(told, ["by id", "by person"]);
    let again = stage.call("conversations.open", json!({"users": stage.ada.id})).await;
    assert_eq!(again["already_open"], true);
    assert_eq!(stage.refusal("conversations.open", json!({"users": "U9"})).await, "user_not_found");
    stage.grace.leaves();
    let gone = json!({"users": stage.grace.id});
    assert_eq!(stage.refusal("conversations.open", gone).await, "user_disabled");
    stage.finish();
}

#[tokio::test]
async fn history_gives_metadata_back_and_pages() {
    let stage = stage().await;
    let metadata = json!({"event_type": "delivery", "event_payload": {"id": "7"}});
    let say = json!({"channel": stage.web, "text": "a", "metadata": metadata});
    let root = stage.call("chat.postMessage", say).await["ts"].clone();
    let reply = json!({"channel": stage.web, "text": "r", "thread_ts": root, "metadata": metadata});
    stage.call("chat.postMessage", reply).await;
    stage.says("b").await;
    let first = json!({"channel": stage.web, "limit": 1});
    let first = stage.call("conversations.history", first).await;
    assert_eq!((&first["messages"][0]["text"], &first["has_more"]), (&json!("b"), &json!(true)));
    let cursor = first["response_metadata"]["next_cursor"].clone();
    let next = json!({"channel": stage.web, "limit": 1, "cursor": cursor, "include_all_metadata": true});
    let next = stage.call("conversations.history", next).await;
    assert_eq!(next["messages"][0]["metadata"], metadata);
    assert_eq!((&next["messages"][0]["reply_count"], &next["has_more"]), (&json!(1), &json!(false)));
    let thread = json!({"channel": stage.web, "ts": root, "include_all_metadata": true});
    let thread = stage.call("conversations.replies", thread).await;
    let texts: Vec<&Value> = thread["messages"].as_array().unwrap().iter().map(|it| &it["text"]).collect();
    assert_eq!(texts, ["a", "r"]);
    assert_eq!(thread["messages"][1]["metadata"], metadata);
    let bounded = json!({"channel": stage.web, "oldest": root});
    assert_eq!(stage.call("conversations.history", bounded).await["messages"].as_array().unwrap().len(), 1);
    let bounded = json!({"channel": stage.web, "oldest": root, "inclusive": true});
    assert_eq!(stage.call("conversations.history", bounded).await["messages"].as_array().unwrap().len(), 2);
    let nowhere = json!({"channel": stage.web, "ts": "1.000000"});
    assert_eq!(stage.refusal("conversations.replies", nowhere).await, "thread_not_found");
    assert_eq!(stage.slack.heard("#web").len(), 3);
    stage.finish();
}

#[tokio::test]
async fn threads_and_bounds_must_exist() {
    let stage = stage().await;
    let reply = json!({"channel": stage.web, "text": "r", "thread_ts": "1.000000"});
    assert_eq!(stage.refusal("chat.postMessage", reply).await, "thread_not_found");
    let bound = json!({"channel": stage.web, "oldest": "yesterday"});
    assert_eq!(stage.refusal("conversations.history", bound).await, "invalid_ts_oldest");
    let cursor = json!({"channel": stage.web, "cursor": "x"});
    assert_eq!(stage.refusal("conversations.members", cursor).await, "invalid_cursor");
    let limit = json!({"channel": stage.web, "limit": 0});
    assert_eq!(stage.refusal("conversations.members", limit).await, "invalid_limit");
    assert_eq!(stage.slack.forgive().len(), 3);
}

#[tokio::test]
async fn people_are_found() {
    let stage = stage().await;
    let ada = stage.slack.person("ada").unwrap().admin().owner();
    let shown = stage.call("users.info", json!({"user": ada.id, "include_locale": true})).await;
    assert_eq!(shown["user"]["tz_offset"], 0);
    assert_eq!((&shown["user"]["is_owner"], &shown["user"]["locale"]), (&json!(true), &json!("en-GB")));
    let found = json!({"email": "GRACE@example.com"});
    let found = stage.call("users.lookupByEmail", found).await;
    assert_eq!((&found["user"]["name"], &found["user"]["tz_offset"]), (&json!("grace"), &json!(-18000)));
    let nobody = json!({"email": "x@example.com"});
    assert_eq!(stage.refusal("users.lookupByEmail", nobody).await, "users_not_found");
    assert_eq!(stage.refusal("users.info", json!({"user": "U9"})).await, "user_not_found");
    let list = stage.call("users.list", json!({"limit": 2})).await;
    let cursor = list["response_metadata"]["next_cursor"].clone();
    let rest = stage.call("users.list", json!({"limit": 2, "cursor": cursor})).await;
    assert_eq!(rest["members"].as_array().unwrap().len(), 1);
    stage.finish();
}

#[tokio::test]
async fn a_reaction_comes_and_goes_once() {
    let stage = stage().await;
    let ts = stage.says("x").await;
    let sign = |name: &str| json!({"channel": stage.web, "timestamp": ts, "name": name});
    assert_eq!(stage.call("reactions.add", sign("eyes")).await["ok"], true);
    assert_eq!(stage.refusal("reactions.add", sign("eyes")).await, "already_reacted");
    let heard = stage.slack.heard("#web");
    assert_eq!(heard[0].reactions["eyes"], ["U0DIPPER0"]);
    assert_eq!(stage.call("reactions.remove", sign("eyes")).await["ok"], true);
    assert_eq!(stage.refusal("reactions.remove", sign("eyes")).await, "no_reaction");
    assert_eq!(stage.refusal("reactions.add", sign("No!")).await, "invalid_name");
    let nowhere = json!({"channel": stage.web, "timestamp": "1.000000", "name": "eyes"});
    assert_eq!(stage.refusal("reactions.add", nowhere).await, "message_not_found");
    let bad = json!({"channel": stage.web, "timestamp": "x", "name": "eyes"});
    assert_eq!(stage.refusal("reactions.add", bad).await, "bad_timestamp");
    assert_eq!(stage.refusal("reactions.remove", json!({"name": "eyes"})).await, "no_item_specified");
    assert_eq!(stage.slack.forgive().len(), 3);
}

#[tokio::test]
async fn too_fast_is_told_when_to_come_again() {
    let stage = paced(true).await;
    let url = |method: &str| format!("{}/{method}", stage.slack.api_url());
    let bearer = format!("Bearer {TOKEN}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    stage.says("one").await;
    let say = json!({"channel": stage.web, "text": "two"}).to_string();
    let refused = stage.raw(&url("chat.postMessage"), &headers, &say).await;
    assert_eq!(refused, (429, json!({"retry": "1"})));
    assert_eq!(stage.slack.requests()[1].error.as_deref(), Some("ratelimited"));
    stage.clock.advance(Duration::from_secs(1));
    stage.says("two").await;
    let ts = stage.slack.heard("#web")[0].ts.clone();
    let edit = json!({"channel": stage.web, "ts": ts, "text": "x"});
    for _ in 0..50 {
        assert_eq!(stage.call("chat.update", edit.clone()).await["ok"], true);
    }
    let refused = stage.raw(&url("chat.update"), &headers, &edit.to_string()).await;
    assert_eq!(refused, (429, json!({"retry": "60"})));
    stage.clock.advance(Duration::from_mins(1));
    assert_eq!(stage.call("chat.update", edit).await["ok"], true);
    stage.slack.heard("#web");
    stage.finish();
}

#[tokio::test]
async fn it_misbehaves_when_told_to() {
    let stage = stage().await;
    let refuse = Fault::Refuse { status: 503, retry_after: Some(7), body: "" };
    stage.slack.faults.next("auth.test", &refuse, 1);
    let url = format!("{}/auth.test", stage.slack.api_url());
    assert_eq!(stage.raw(&url, &[], "").await, (503, json!({"retry": "7"})));
    assert_eq!(stage.slack.requests(), []);
    for (fault, done) in [(Fault::Drop, 0), (Fault::ActThenDrop, 1), (Fault::CutBody, 1)] {
        stage.slack.faults.next("auth.test", &fault, 1);
        let before = stage.slack.requests().len();
        assert!(!stage.arrives("auth.test").await, "{fault:?}");
        assert_eq!(stage.slack.requests().len() - before, done, "{fault:?}");
    }
    stage.slack.faults.next("auth.test", &Fault::Slow(Duration::ZERO), 1);
    assert!(stage.arrives("auth.test").await);
    stage.finish();
}
