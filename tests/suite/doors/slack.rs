//! Slack's four doors: who is believed and when, what is malformed, what is done once.

use dipper::sandbox::bitbucket::Edition;
use serde_json::{Value, json};

use super::knock::{FORM, JSON, Knock, NOW, stored};
use crate::world::{Person, World};

/// The greatest body that is taken.
const LIMIT: usize = 1024 * 1024;
const COMMANDS: &str = "/slack/commands";
const INTERACTIONS: &str = "/slack/interactions";
const OPTIONS: &str = "/slack/options";
const EVENTS: &str = "/slack/events";

/// Something good for each door.
fn good(world: &World) -> [Knock; 4] {
    let ada = world.person("ada");
    let closed =
        json!({"type": "view_closed", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": {"id": "V1"}});
    let asked = json!({"type": "block_suggestion", "team": {"id": "T1"}, "user": {"id": "U1"}});
    let event = world.slack.event_body(&json!({"type": "app_home_opened", "user": ada.slack.id}));
    [
        Knock::slack(COMMANDS, FORM, world.slack.slash_body(&ada.slack, "#web", "/bb help")),
        Knock::slack(INTERACTIONS, FORM, form(&closed)),
        Knock::slack(OPTIONS, FORM, form(&asked)),
        Knock::slack(EVENTS, JSON, event),
    ]
}

fn form(payload: &Value) -> String {
    filled("payload", &payload.to_string())
}

fn filled(name: &str, value: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}

#[tokio::test]
async fn only_who_signs_rightly_and_in_time_is_believed() {
    let world = World::on(Edition::Cloud).await;
    for good in good(&world) {
        let other = Knock::slack(COMMANDS, FORM, "another=body");
        let forged = [
            good.clone().without("x-slack-signature"),
            good.clone().without("x-slack-request-timestamp"),
            good.clone().without("x-slack-signature").without("x-slack-request-timestamp"),
            good.clone().with("x-slack-signature", other.header("x-slack-signature")),
            good.clone().with("x-slack-signature", &good.header("x-slack-signature").replace("v0=", "v1=")),
            good.clone().with("x-slack-signature", "v0="),
            good.clone().with("x-slack-request-timestamp", &(NOW + 1).to_string()),
            good.clone().with("x-slack-request-timestamp", "now"),
            good.clone().signed_by_slack(NOW - 360),
            good.clone().signed_by_slack(NOW + 360),
            good.clone().signed_by_slack(NOW - 301),
            good.clone().signed_by_slack(NOW + 301),
            good.clone().signed_by_slack(-NOW),
        ];
        for knock in forged {
            let answer = knock.at(&world).await;
            assert!(answer.is_a_bare(401), "{knock:?}: {answer:?}");
        }
    }
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn five_minutes_either_way_are_in_time_and_done_once() {
    let world = World::on(Edition::Cloud).await;
    for good in good(&world) {
        for at in [NOW - 300, NOW, NOW + 300] {
            let answer = good.clone().signed_by_slack(at).at(&world).await;
            assert_eq!(answer.status, 200, "{good:?}: {answer:?}");
        }
    }
    assert_eq!(stored(&world).await, (0, 3));
    world.settle().await;
    let told = world.person("ada").slack.told();
    assert_eq!(told.len(), 1, "{}", world.read(&told));
    world.finish().await;
}

#[tokio::test]
async fn what_is_no_form_is_malformed() {
    let world = World::on(Edition::Cloud).await;
    let ids = "team_id=T1&channel_id=C1&user_id=U1&command=/bb";
    let rows: [(&str, Vec<u8>); 9] = [
        ("nothing at all", Vec::new()),
        ("without a workspace", b"channel_id=C1&user_id=U1&command=/bb&text=help".into()),
        ("cut off", ids[..20].into()),
        ("with an id that is a path", ids.replace("C1", "../C1").into()),
        ("with an empty command", ids.replace("/bb", "").into()),
        ("not UTF-8", format!("{ids}&text=%ff%fe").into()),
        ("raw and not UTF-8", [ids.as_bytes(), b"&text=\xff"].concat()),
        ("with a NUL", format!("{ids}&text=a%00b").into()),
        ("with a raw NUL", format!("{ids}&text=a\0b").into()),
    ];
    for (what, body) in rows {
        let answer = Knock::slack(COMMANDS, FORM, body).at(&world).await;
        assert!(answer.is_a_bare(400), "{what}: {answer:?}");
    }
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

/// What no payload is, whether it comes in a form or by itself.
fn no_payloads() -> Vec<(&'static str, String)> {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    vec![
        ("nothing at all", String::new()),
        ("not JSON", "<xml/>".to_owned()),
        ("cut off", r#"{"type":"view_closed","user":{"id":"#.to_owned()),
        ("two of them", "{}{}".to_owned()),
        ("a list", "[]".to_owned()),
        ("of no type", "{}".to_owned()),
        ("of a type that is no text", r#"{"type":{"a":1}}"#.to_owned()),
        ("deep", deep.clone()),
        ("deep within", format!(r#"{{"type":"view_closed","view":{deep}}}"#)),
        ("with a NUL", r#"{"type":"unheard_of","a":"\u0000"}"#.to_owned()),
        ("with a NUL in a name", r#"{"type":"unheard_of","a\u0000":1}"#.to_owned()),
        ("with a raw NUL", "{\"type\":\"unheard_of\",\"a\":\"\0\"}".to_owned()),
        ("with half a pair", r#"{"type":"unheard_of","a":"\ud800"}"#.to_owned()),
        (
            "a press of nothing",
            r#"{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"}}"#.to_owned(),
        ),
        ("by nobody", r#"{"type":"view_closed","team":{"id":"T1"},"view":{"id":"V1"}}"#.to_owned()),
        ("of no view", r#"{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"}}"#.to_owned()),
        (
            "by a path",
            r#"{"type":"view_closed","team":{"id":"T1"},"user":{"id":"../x"},"view":{"id":"V1"}}"#.to_owned(),
        ),
    ]
}

#[tokio::test]
async fn what_is_no_payload_is_malformed() {
    let world = World::on(Edition::Cloud).await;
    for (what, payload) in no_payloads() {
        let body = filled("payload", &payload);
        for door in [INTERACTIONS, OPTIONS] {
            let answer = Knock::slack(door, FORM, body.as_str()).at(&world).await;
            assert!(answer.is_a_bare(400), "{what} at {door}: {answer:?}");
        }
    }
    for body in ["", "payload", "other=%7B%7D", "payload=%ff", "payload=%7B%7D%00"] {
        for door in [INTERACTIONS, OPTIONS] {
            let answer = Knock::slack(door, FORM, body).at(&world).await;
            assert!(answer.is_a_bare(400), "{body} at {door}: {answer:?}");
        }
    }
    let press =
        form(&json!({"type": "shortcut", "callback_id": "x", "team": {"id": "T1"}, "user": {"id": "U1"}}));
    assert!(Knock::slack(OPTIONS, FORM, press).at(&world).await.is_a_bare(400));
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn what_is_no_event_is_malformed() {
    let world = World::on(Edition::Cloud).await;
    let payloads = no_payloads().into_iter().take_while(|(what, _)| *what != "a press of nothing");
    let more = [
        ("without an id", r#"{"type":"event_callback","team_id":"T1","event":{"type":"x"}}"#),
        ("of nothing", r#"{"type":"event_callback","team_id":"T1","event_id":"Ev1"}"#),
        ("from nowhere", r#"{"type":"event_callback","event_id":"Ev1","event":{"type":"x"}}"#),
        (
            "with an id that is no text",
            r#"{"type":"event_callback","team_id":"T1","event_id":7,"event":{"type":"x"}}"#,
        ),
        ("without a challenge", r#"{"type":"url_verification"}"#),
    ];
    let more = more.map(|(what, body)| (what, body.to_owned()));
    for (what, body) in payloads.chain(more) {
        let answer = Knock::slack(EVENTS, JSON, body).at(&world).await;
        assert!(answer.is_a_bare(400), "{what}: {answer:?}");
    }
    let answer = Knock::slack(EVENTS, JSON, *b"{\"type\":\"unheard_of\",\"a\":\"\xff\"}").at(&world).await;
    assert!(answer.is_a_bare(400), "{answer:?}");
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn each_door_reads_its_own_type_and_no_more_than_its_limit() {
    let world = World::on(Edition::Cloud).await;
    for good in good(&world) {
        for kind in ["text/plain", "", "multipart/form-data", "application/xml"] {
            let answer = good.clone().with("content-type", kind).at(&world).await;
            assert!(answer.is_a_bare(400), "{kind}: {answer:?}");
        }
        let other = if good.header("content-type") == FORM { JSON } else { FORM };
        assert!(good.clone().with("content-type", other).at(&world).await.is_a_bare(400));
        assert!(good.clone().without("content-type").at(&world).await.is_a_bare(400));
        assert!(good.cut_short_at(&world).await.is_a_bare(400));
    }
    for door in [COMMANDS, INTERACTIONS, OPTIONS, EVENTS] {
        let knock = |size: usize| Knock::slack(door, FORM, vec![b'a'; size]);
        assert!(knock(LIMIT + 1).at(&world).await.is_a_bare(413), "{door}");
        assert!(knock(LIMIT + 1).in_chunks_at(&world).await.is_a_bare(413), "{door}");
        assert!(knock(LIMIT).without("x-slack-signature").at(&world).await.is_a_bare(401), "{door}");
    }
    assert!(Knock::slack(COMMANDS, FORM, vec![b'a'; LIMIT]).at(&world).await.is_a_bare(400));
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn a_certificate_is_tried_signed_or_not() {
    let world = World::on(Edition::Cloud).await;
    let good = [
        Knock::get("/slack/commands?ssl_check=1"),
        Knock::get("/slack/commands?token=x&ssl_check=1").signed_by_slack(NOW),
        Knock::post(COMMANDS, FORM, "ssl_check=1&token=x"),
        Knock::post(COMMANDS, FORM, "token=x&ssl_check=1"),
        Knock::slack(COMMANDS, FORM, "ssl_check=1&token=x"),
        Knock::post(COMMANDS, FORM, "ssl_check=1").signed_by_slack(NOW - 3_600),
    ];
    for knock in good {
        assert!(knock.at(&world).await.is_an_empty_yes(), "{knock:?}");
    }
    for query in ["ssl_check=0", "ssl_check", "ssl_check=1&ssl_check=1", "ssl_check=%ff", "%ff"] {
        let answer = Knock::get(&format!("/slack/commands?{query}")).at(&world).await;
        assert!(answer.is_a_bare(405), "{query}: {answer:?}");
    }
    for (door, body) in [(COMMANDS, "ssl_check=0"), (INTERACTIONS, "ssl_check=1"), (OPTIONS, "ssl_check=1")] {
        assert!(Knock::post(door, FORM, body).at(&world).await.is_a_bare(401), "{door} {body}");
    }
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn an_address_is_confirmed_to_slack_alone() {
    let world = World::on(Edition::Cloud).await;
    let body = json!({"type": "url_verification", "challenge": "3eZbrw1a <b>", "token": "x"}).to_string();
    let answer = Knock::slack(EVENTS, JSON, body.as_str()).at(&world).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"challenge":"3eZbrw1a <b>"}"#));
    assert_eq!(answer.header("content-type"), JSON);
    assert!(Knock::post(EVENTS, JSON, body).at(&world).await.is_a_bare(401));
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}

#[tokio::test]
async fn an_event_counts_once_however_often_it_is_sent() {
    let world = World::on(Edition::Cloud).await;
    let body = world.slack.event_body(&json!({"type": "app_home_opened", "user": "U1"}));
    let knock = Knock::slack(EVENTS, JSON, body.as_str());
    let again = knock.clone().with("x-slack-retry-num", "1").with("x-slack-retry-reason", "http_timeout");
    let altered = Knock::slack(EVENTS, JSON, body.replace("app_home_opened", "app_mention"));
    let crooked = again.clone().with("x-slack-retry-num", "ünendlich");
    for knock in [&knock, &again, &altered, &crooked, &knock.clone().signed_by_slack(NOW + 60)] {
        assert!(knock.at(&world).await.is_an_empty_yes(), "{knock:?}");
        assert_eq!(stored(&world).await, (0, 1), "{knock:?}");
    }
    world.settle().await;
    let done = stored(&world).await;
    assert!(knock.at(&world).await.is_an_empty_yes());
    assert_eq!(stored(&world).await, done);
    world.finish().await;
}

#[tokio::test]
async fn what_nothing_answers_to_is_stored_and_dropped() {
    let world = World::on(Edition::Cloud).await;
    let from = json!({"team": {"id": "T1"}, "user": {"id": "U1"}});
    let with = |more: Value| {
        let mut payload = from.clone();
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Knock::slack(INTERACTIONS, FORM, form(&payload))
    };
    let knocks = [
        with(json!({"type": "workflow_step_edit"})),
        with(json!({"type": "shortcut", "callback_id": "unheard of"})),
        with(json!({"type": "view_submission", "view": {"id": "V1", "private_metadata": "not ours"}})),
        Knock::slack(EVENTS, JSON, r#"{"type":"app_rate_limited"}"#),
        Knock::slack(EVENTS, JSON, r#"{"type":"unheard_of"}"#),
        Knock::slack(EVENTS, JSON, world.slack.event_body(&json!({"type": "unheard_of", "user": 7}))),
    ];
    for knock in &knocks {
        let answer = knock.at(&world).await;
        assert!(answer.is_an_empty_yes(), "{knock:?}: {answer:?}");
    }
    assert_eq!(stored(&world).await, (0, knocks.len()));
    world.finish().await;
}

#[tokio::test]
async fn a_button_nobody_knows_is_answered_in_words() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada");
    let rows = [
        (json!("click_me_123"), "This button is from another time"),
        (json!(null), "This button is from another time"),
        (json!({"do": "pr.explode"}).to_string().into(), "`pr.explode` is not something Dipper does"),
        (json!({"do": "digest.remove"}).to_string().into(), "number"),
        (json!({"do": "pr.merge", "pr": "../../x"}).to_string().into(), "is not a pull request"),
    ];
    for (value, words) in rows {
        let told = presses_what_was(&ada, &value).await;
        assert!(told.contains(words), "{value}: {told}");
    }
    world.finish().await;
}

/// Presses a button whose value is another by now, twice the same; what they were told.
async fn presses_what_was(person: &Person<'_>, value: &Value) -> String {
    let world = person.world;
    let ack = person.slack.types("#web", "/bb commits web/api").await;
    assert_eq!(ack.status, 200);
    world.settle().await;
    let message = person.slack.told().remove(0);
    let label = format!("Connect {}", world.instance());
    let mut payload = person.slack.click_payload(&message, &label).expect("a button");
    payload["actions"][0]["value"] = value.clone();
    let knock = Knock::slack(INTERACTIONS, FORM, form(&payload)).signed_by_slack(world.slack.timestamp());
    assert!(knock.at(world).await.is_an_empty_yes());
    assert!(knock.at(world).await.is_an_empty_yes());
    world.settle().await;
    let told = person.slack.told();
    assert_eq!(told.len(), 1, "{}", world.read(&told));
    world.read(&told)
}

#[tokio::test]
async fn what_does_not_read_as_a_command_is_advised_on_and_not_stored() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada");
    let long = "x".repeat(3_000);
    for text in [
        "explode",
        "pr sing",
        "digest remove",
        "pr merge ../../etc#1",
        "\"",
        "'; DROP TABLE jobs; --",
        &long,
        "🦀 🦀",
    ] {
        let body = world.slack.slash_body(&ada.slack, "#web", &format!("/bb {text}"));
        let answer = Knock::slack(COMMANDS, FORM, body).at(&world).await;
        let said: Value = serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{text}: {answer:?}"));
        assert_eq!((answer.status, &said["response_type"]), (200, &json!("ephemeral")), "{text}");
    }
    assert_eq!(stored(&world).await, (0, 0));
    world.finish().await;
}
