//! Whatever comes in is read, or refused in words; nothing panics.

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::forms;
use super::*;
use crate::words::message::Action;

fn slash(body: &[u8]) -> SlashCommand {
    match Slash::from_form(body).unwrap() {
        Slash::Command(command) => *command,
        Slash::SslCheck => panic!("not a command"),
    }
}

fn pressed(payload: &Value) -> Pressed {
    match Interaction::from_json(payload.to_string().as_bytes()).unwrap() {
        Interaction::Pressed(pressed) => *pressed,
        other => panic!("{other:?}"),
    }
}

fn press() -> Value {
    json!({
        "type": "block_actions",
        "team": {"id": "T1", "domain": "x"},
        "user": {"id": "U1", "team_id": "T1"},
        "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": true, "thread_ts": "1.1"},
        "channel": {"id": "C1"},
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "actions": [{"action_id": "act:0", "block_id": "b", "type": "button", "value": "{\"do\":\"pr.merge\",\"pr\":\"web/api#1\"}"}],
    })
}

fn event() -> Value {
    json!({
        "type": "event_callback", "team_id": "T1", "event_id": "Ev1",
        "authorizations": [{"team_id": "T1", "enterprise_id": null}],
        "event": {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"},
    })
}

fn submission() -> Value {
    json!({
        "type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"},
        "view": {
            "id": "V1", "hash": "1.a", "callback_id": "form", "title": {"text": "T"}, "submit": {"text": "S"},
            "private_metadata": "{\"does\":{\"do\":\"x\"},\"in\":{\"team\":\"T1\",\"id\":\"C1\"},\"kept\":{\"a\":\"b\"}}",
            "blocks": [
                {"type": "rich_text", "block_id": "dipper:intro:0", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}]},
                {"type": "input", "block_id": "f", "label": {"text": "F"}, "element": {"type": "static_select", "action_id": "choice:f", "options": [{"text": {"text": "A"}, "value": "a"}]}},
            ],
            "state": {"values": {"f": {"choice:f": {"type": "static_select", "selected_option": {"value": "a"}}}}},
        },
    })
}

#[test]
fn a_command_is_read_and_of_a_repeated_field_the_first_counts() {
    let command = slash(b"team_id=T1&channel_id=C1&user_id=U1&user_id=U2&command=%2Fbb&text=pr+show+%3C%40U2%7Cada%3E&response_url=https%3A%2F%2Fhooks.slack.com%2Fx&trigger_id=");
    assert_eq!((command.user.id.as_str(), command.command.as_str()), ("U1", "/bb"));
    assert_eq!(command.text, "pr show <@U2|ada>");
    assert!(command.response_url.is_some() && command.trigger_id.is_none());
}

#[test]
fn where_no_workspace_is_named_the_enterprise_stands_for_it() {
    let command = slash(b"team_id=&enterprise_id=E1&channel_id=C1&user_id=W1&command=/bb");
    assert_eq!(command.team.as_str(), "E1");
    let mut payload = press();
    payload["team"] = Value::Null;
    payload["enterprise"] = json!({"id": "E1"});
    assert_eq!(pressed(&payload).user.team.as_str(), "E1");
    let mut happened = event();
    happened["team_id"] = Value::Null;
    happened["authorizations"][0] = json!({"team_id": null, "enterprise_id": "E1"});
    let read = EventEnvelope::from_json(happened.to_string().as_bytes()).unwrap();
    assert!(matches!(read, EventEnvelope::Event(event) if event.team.as_str() == "E1"));
}

#[test]
fn a_certificate_check_is_no_command() {
    assert_eq!(Slash::from_form(b"ssl_check=1&token=x"), Ok(Slash::SslCheck));
    let told = Slash::from_form(b"team_id=T1&command=/bb&user_id=U1").unwrap_err();
    assert_eq!(told.to_string(), "it names no channel");
}

#[test]
fn a_press_names_its_command_and_its_message() {
    let read = pressed(&press());
    assert_eq!(read.action.unwrap(), Action::named("pr.merge").with("pr", "web/api#1"));
    let message = read.message.unwrap();
    assert_eq!((message.ts.as_str(), message.thread_ts.as_deref()), ("1.2", Some("1.1")));
    assert!(message.ephemeral && read.trigger_id.is_some());
}

#[test]
fn an_old_button_and_a_missing_trigger_are_no_obstacle() {
    let mut payload = press();
    payload["actions"][0]["value"] = json!("click_me_123");
    payload.as_object_mut().unwrap().remove("trigger_id");
    let read = pressed(&payload);
    assert!(read.action.unwrap_err().to_string().contains("type the command"));
    assert_eq!(read.trigger_id, None);
    let other = Interaction::from_json(br#"{"type":"workflow_step_edit"}"#).unwrap();
    assert_eq!(other, Interaction::Unknown("workflow_step_edit".to_owned()));
}

#[test]
fn a_lookup_knows_what_stands_in_the_other_fields() {
    let mut payload = submission();
    payload["type"] = json!("block_suggestion");
    payload["action_id"] = json!("lookup:branch:from");
    payload["block_id"] = json!("from");
    payload["value"] = json!("lim");
    let form: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("payload", &payload.to_string())
        .finish();
    let asked = Suggestion::from_form(form.as_bytes()).unwrap();
    assert_eq!(
        (asked.lookup.as_str(), asked.field.as_str(), asked.typed.as_str()),
        ("branch", "from", "lim")
    );
    assert_eq!(asked.filled["f"], "b");
    assert_eq!(asked.channel.unwrap().id, "C1");
}

#[test]
fn what_nobody_should_send_is_refused_in_words() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{{\"type\":\"block_actions\",\"a\":{deep}}}");
    let nul = br#"{"type":"event_callback","a":{"b\u0000":1}}"#.to_vec();
    let huge = br#"{"type":"event_callback","event_time":1e99999}"#.to_vec();
    for body in [deep.into_bytes(), nul, huge, b"[]".to_vec(), b"{}".to_vec(), vec![0xff], Vec::new()] {
        let told = Interaction::from_json(&body).unwrap_err().to_string();
        assert!(!told.is_empty() && told.len() < 120, "{told}");
        assert!(EventEnvelope::from_json(&body).is_err());
        assert!(Slash::from_json(&body).is_err());
    }
}

#[test]
fn an_event_is_read_whatever_shape_its_parts_have() {
    let challenge = EventEnvelope::from_json(br#"{"type":"url_verification","challenge":"c"}"#);
    assert_eq!(challenge, Ok(EventEnvelope::Challenge("c".to_owned())));
    let mut happened = event();
    happened["event"] = json!({"type": "team_join", "user": {"id": "U9"}, "channel": {"id": "C9"}});
    match EventEnvelope::from_json(happened.to_string().as_bytes()).unwrap() {
        EventEnvelope::Event(event) => {
            assert_eq!((event.kind.as_str(), event.user.unwrap().id.as_str()), ("team_join", "U9"));
            assert_eq!(event.channel.unwrap().id, "C9");
        }
        other => panic!("{other:?}"),
    }
}

/// The folder of recorded payloads, from here or from a repository's root.
fn recorded(folder: &str) -> Vec<PathBuf> {
    let roots = ["../../shared/fixtures", "../shared/fixtures"];
    let found = roots.iter().map(|root| Path::new(root).join(folder)).find(|path| path.is_dir());
    let Some(found) = found else {
        println!("skipped: no recorded payloads in {folder}");
        return Vec::new();
    };
    let files = std::fs::read_dir(found).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|kind| kind == "json")).collect()
}

#[test]
fn recorded_events_are_read_or_refused_in_words() {
    for path in recorded("slack-events") {
        let body = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let read = EventEnvelope::from_json(&body);
        if name.contains("__event_callback") {
            let body: Value = serde_json::from_slice(&body).unwrap();
            let whole =
                loose::first(&body, &["/team_id", "/enterprise_id", "/authorizations/0/team_id"]).is_some();
            assert_eq!(matches!(read, Ok(EventEnvelope::Event(_))), whole, "{name}: {read:?}");
        } else if name.contains("url_verification") {
            assert!(matches!(read, Ok(EventEnvelope::Challenge(_))), "{name}: {read:?}");
        } else if let Err(told) = read {
            assert!(!told.0.is_empty(), "{name}");
        }
    }
}

#[test]
fn recorded_interactions_are_read_or_refused_in_words() {
    for path in recorded("slack-interactivity") {
        let body = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.contains("__slash_command") {
            assert!(matches!(Slash::from_json(&body), Ok(Slash::Command(_))), "{name}");
            continue;
        }
        let read = Interaction::from_json(&body);
        let known = ["__block_actions", "__view_", "__shortcut", "__message_action", "__block_suggestion"];
        if known.iter().any(|kind| name.contains(kind)) {
            let body: Value = serde_json::from_slice(&body).unwrap();
            let whole = loose::text(&body, "/user/id").is_some();
            let known = read.is_ok() && !matches!(read, Ok(Interaction::Unknown(_)));
            assert_eq!(known, whole, "{name}: {read:?}");
        } else if let Err(told) = read {
            assert!(!told.0.is_empty(), "{name}");
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[A-Z0-9]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("id|type|[a-z]{1,3}", inner, 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// Every place in some JSON.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
        }
        _ => {}
    }
}

/// A good payload with something else in one or two places.
fn spoiled() -> impl Strategy<Value = Value> {
    let good = prop_oneof![Just(press()), Just(event()), Just(submission())];
    let spoils = proptest::collection::vec((any::<prop::sample::Index>(), any_json()), 0..3);
    (good, spoils).prop_map(|(mut payload, spoils)| {
        for (at, value) in spoils {
            let mut found = Vec::new();
            places(&payload, "", &mut found);
            let place = at.get(&found).clone();
            if let Some(place) = payload.pointer_mut(&place) {
                *place = value;
            }
        }
        payload
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..200), text in "[a-z_=&%+0-9{}\":\\[\\]]{0,80}") {
        for body in [body.as_slice(), text.as_bytes()] {
            let _ = Slash::from_form(body);
            let _ = Slash::from_json(body);
            let _ = Interaction::from_form(body);
            let _ = Interaction::from_json(body);
            let _ = EventEnvelope::from_json(body);
            let _ = Suggestion::from_form(body);
        }
    }

    #[test]
    fn no_spoiled_payload_panics(payload in spoiled()) {
        let body = payload.to_string();
        let _ = EventEnvelope::from_json(body.as_bytes());
        if let Ok(Interaction::Submitted(sent)) = Interaction::from_json(body.as_bytes()) {
            let _ = forms::action(&sent.view);
            let _ = forms::rebuild(&sent.view, &sent.user.team);
            let _ = forms::secret_fields(&sent.view);
        }
    }

    #[test]
    fn a_command_survives_its_form(text in "[^\0]{0,60}") {
        let body: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("team_id", "T1")
            .append_pair("channel_id", "C1")
            .append_pair("user_id", "U1")
            .append_pair("command", "/bb")
            .append_pair("text", &text)
            .finish();
        prop_assert_eq!(slash(body.as_bytes()).text, text);
    }
}
