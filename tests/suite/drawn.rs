//! Every message and view that the plays made the bot draw: each button in them leads to a command. They
//! are kept by their shape where the environment names a folder, so that `tests/types/check.mjs` can hold
//! them against Slack's own types.

use std::path::Path;

use dipper::commands::Command;
use dipper::sandbox::slack::ApiCall;
use dipper::slack::payload::Interaction;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The folder's name in the environment.
const FOLDER: &str = "DIPPER_KEEP_DRAWN";
/// What is kept as it is: the words that Slack's types spell out.
const SPELT_OUT: [&str; 3] = ["type", "style", "format"];

/// Keeps what these calls drew.
#[expect(clippy::disallowed_methods, reason = "whoever runs the suite says where, as with its engine")]
pub fn keep(calls: &[ApiCall]) {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    for call in calls {
        let view = call.args.get("view").map(|view| ("view", view.clone()));
        let blocks = call.args.get("blocks").map(|blocks| ("blocks", blocks.clone()));
        let attachments = call.args.get("attachments").and_then(Value::as_array).into_iter().flatten();
        let coloured = attachments.filter_map(|one| Some(("blocks", one.get("blocks")?.clone())));
        for (kind, drawn) in view.into_iter().chain(blocks).chain(coloured) {
            write(Path::new(&folder), kind, &shape(&whole(drawn)));
        }
    }
}

/// Every button and every choice of a menu that these calls drew is a command that reads.
pub fn leads_somewhere(calls: &[ApiCall]) {
    for call in calls {
        let mut pressed = Vec::new();
        for part in ["view", "blocks", "attachments"] {
            presses(&call.args.get(part).cloned().map(whole).unwrap_or_default(), &mut pressed);
        }
        for action in pressed {
            let payload = json!({
                "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [action],
            });
            let read = Interaction::from_json(payload.to_string().as_bytes()).unwrap();
            let Interaction::Pressed(pressed) = read else { panic!("{action} is no press") };
            let command = pressed.action.and_then(|action| Command::read(&action));
            assert!(command.is_ok(), "{} drew {action}, which leads nowhere: {command:?}", call.method);
        }
    }
}

/// What Slack would send for each button and each choice within some JSON.
fn presses(drawn: &Value, found: &mut Vec<Value>) {
    match drawn {
        Value::Array(items) => items.iter().for_each(|item| presses(item, found)),
        Value::Object(fields) => {
            let id = drawn["action_id"].as_str().unwrap_or_default();
            if id.starts_with("act:") {
                found.push(json!({"action_id": id, "value": drawn["value"]}));
            }
            let options = drawn["options"].as_array().into_iter().flatten();
            for option in options.filter(|_| id.starts_with("more:")) {
                found.push(json!({"action_id": id, "selected_option": {"value": option["value"]}}));
            }
            fields.values().for_each(|field| presses(field, found));
        }
        _ => {}
    }
}

/// Some calls carry their structures as JSON within a string.
fn whole(drawn: Value) -> Value {
    match &drawn {
        Value::String(text) => serde_json::from_str(text).unwrap(),
        _ => drawn,
    }
}

fn write(folder: &Path, kind: &str, shape: &Value) {
    let text = shape.to_string();
    let name = format!("{kind}-{}.json", hex::encode(&Sha256::digest(text.as_bytes())[..8]));
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join(name), text).unwrap();
}

/// The same with every word left out that may be any word.
fn shape(drawn: &Value) -> Value {
    match drawn {
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| {
                let kept = SPELT_OUT.contains(&name.as_str()) && value.is_string();
                (name.clone(), if kept { value.clone() } else { shape(value) })
            };
            Value::Object(fields.iter().map(field).collect::<Map<_, _>>())
        }
        Value::String(_) => json!("x"),
        Value::Number(_) => json!(1),
        other => other.clone(),
    }
}
