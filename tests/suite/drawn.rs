//! Every message and view that the plays made the bot draw, kept by its shape where the environment names
//! a folder, so that `tests/types/check.mjs` can hold them against Slack's own types.

use std::path::Path;

use dipper::sandbox::slack::ApiCall;
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
