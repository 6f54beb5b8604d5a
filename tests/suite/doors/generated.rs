//! Ten thousand requests nobody ever made, read as the doors read them: refused in words, or worth storing.

use dipper::bot::Bot;
use dipper::commands::Command;
use dipper::intake::{self, Invocation, Wish};
use dipper::sandbox::bitbucket::Edition;
use dipper::words::work::Door;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::world::World;

const WORDS: &[&str] = &[
    "pr",
    "open",
    "show",
    "approve",
    "merge",
    "commits",
    "subscribe",
    "unsubscribe",
    "digest",
    "add",
    "list",
    "remove",
    "connect",
    "disconnect",
    "whoami",
    "help",
    "web/api",
    "web/api#1",
    "WEB/api#18446744073709551616",
    "--from",
    "--to=",
    "--title",
    "--where",
    "weekdays",
    "9:30",
    "snooze",
    "remind",
    "tomorrow",
    "--zone",
    "--limit",
    "-1",
    "0",
    "30 9 * * *",
    "Europe/Berlin",
    "--",
    "“",
    "—limit",
    "'",
    "\"",
    "\\",
    "&lt;",
    "&amp;lt;",
    "https://bitbucket.org/web/api/pull-requests/1",
    "@",
    "…",
];
const NAMES: &[&str] = &[
    "pr.open",
    "pr.show",
    "pr.approve",
    "pr.merge",
    "commits",
    "subscribe",
    "unsubscribe",
    "subscriptions",
    "digest.add",
    "digest.list",
    "digest.edit",
    "digest.now",
    "digest.preview",
    "digest.remove",
    "snooze",
    "remind",
    "calendar",
    "connect",
    "disconnect",
    "whoami",
    "help",
    "pr.explode",
    "",
];
const FIELDS: &[&str] =
    &["pr", "repo", "from", "to", "title", "branch", "limit", "when", "zone", "topics", "number"];

/// What people type, and what they would not.
fn text() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        6 => prop::sample::select(WORDS).prop_map(str::to_owned),
        1 => "[^\0]{0,8}",
    ];
    prop::collection::vec(word, 0..6).prop_map(|words| words.join(" "))
}

fn typed() -> impl Strategy<Value = (Door, String)> {
    text().prop_map(|text| {
        let ids = "team_id=T1&channel_id=C1&user_id=U1&command=%2Fbb";
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        (Door::Command, format!("{ids}&text={text}"))
    })
}

/// An action as a button would hold it, with fields that fit and fields that do not.
fn action() -> impl Strategy<Value = Value> {
    let value = prop_oneof![
        4 => prop::sample::select(WORDS).prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => text().prop_map(Value::from),
        1 => prop::collection::vec(prop::sample::select(WORDS), 0..3).prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    let fields = prop::collection::btree_map(prop::sample::select(FIELDS), value, 0..4);
    (prop::sample::select(NAMES), fields).prop_map(|(name, fields)| {
        let mut action = json!(fields);
        action["do"] = name.into();
        action
    })
}

fn pressed() -> impl Strategy<Value = (Door, String)> {
    action().prop_map(|action| {
        let pressed = json!({"action_id": "act:0", "type": "button", "value": action.to_string()});
        interaction(&json!({"type": "block_actions", "channel": {"id": "C1"}, "actions": [pressed]}))
    })
}

fn submitted() -> impl Strategy<Value = (Door, String)> {
    let field = (prop::sample::select(FIELDS), text());
    (action(), prop::collection::vec(field, 0..4)).prop_map(|(action, fields)| {
        let carried = json!({"does": action, "in": {"team": "T1", "id": "C1"}});
        let filled = |(name, text)| {
            (name, json!({format!("text:{name}"): {"type": "plain_text_input", "value": text}}))
        };
        let values: std::collections::BTreeMap<&str, Value> = fields.into_iter().map(filled).collect();
        let view = json!({"id": "V1", "private_metadata": carried.to_string(), "state": {"values": values}});
        interaction(&json!({"type": "view_submission", "view": view}))
    })
}

fn interaction(payload: &Value) -> (Door, String) {
    let mut payload = payload.clone();
    payload["team"] = json!({"id": "T1"});
    payload["user"] = json!({"id": "U1"});
    let payload: String = url::form_urlencoded::byte_serialize(payload.to_string().as_bytes()).collect();
    (Door::Interaction, format!("payload={payload}"))
}

#[tokio::test]
async fn ten_thousand_requests_are_read_or_refused_in_words() {
    let world = World::on(Edition::Cloud).await;
    let config = Config { failure_persistence: None, ..Config::with_cases(10_000) };
    let request = prop_oneof![1 => typed(), 1 => pressed(), 1 => submitted()];
    let judged = TestRunner::new(config).run(&request, |(door, body)| judge(world.bot(), door, &body));
    judged.unwrap();
    world.finish().await;
}

/// What is stored reads the same when the queue reads it again; what is not stored is told in words.
fn judge(bot: &Bot, door: Door, body: &str) -> Result<(), TestCaseError> {
    let wish = match intake::read(bot, door, body.as_bytes()) {
        Ok(wish) => wish,
        Err(refused) => return Err(TestCaseError::fail(format!("a whole request is refused: {refused}"))),
    };
    match wish {
        Wish::Run(invocation) => runs(&invocation)?,
        Wish::Ask(ask) => prop_assert!(!ask.form.title.is_empty() && !ask.form.fields.is_empty()),
        Wish::Say(words) | Wish::Tell(_, words) => prop_assert!(!words.plain().trim().is_empty()),
        Wish::Correct(errors) => {
            prop_assert!(!errors.is_empty() && errors.values().all(|why| !why.is_empty()));
        }
        Wish::Drop(reason) => prop_assert_eq!(reason, "a form from another time"),
        Wish::Challenge(_)
        | Wish::Probe
        | Wish::Leave(..)
        | Wish::Channel(..)
        | Wish::Prove(_)
        | Wish::Refill(_)
        | Wish::Take(_)
        | Wish::Home(_) => {
            prop_assert!(false, "nobody asked for that");
        }
    }
    Ok(())
}

/// From a button or a line the command is whole; a form's is looked at as a whole when it runs.
fn runs(invocation: &Invocation) -> Result<(), TestCaseError> {
    prop_assert_eq!(&invocation.caller.user.id, "U1");
    prop_assert_eq!(&invocation.caller.channel.id, "C1");
    let read = Command::read(&invocation.action);
    prop_assert!(read.is_ok() || invocation.view.is_some(), "{:?}: {read:?}", invocation.action);
    Ok(())
}
