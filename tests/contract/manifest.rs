//! The Slack manifest, held against Slack's own schema.

use serde_json::{Value, json};

use crate::vendor::document;

const SCHEMA: &str = "slack-manifest.schema.2.0.0.json";

fn manifest() -> Value {
    serde_saphyr::from_str(include_str!("../../manifest.yaml")).expect("manifest.yaml is YAML")
}

#[test]
fn slack_would_take_the_manifest() {
    if let Some(troubles) = document(SCHEMA, &manifest()) {
        assert_eq!(troubles, Vec::<String>::new());
    }
}

#[test]
fn what_slack_would_not_take_is_noticed() {
    for (pointer, value) in [
        ("/settings/interactivity/is_enabled", json!("yes")),
        ("/display_information/name", json!("a name that is far too long for an app in Slack")),
        ("/features/slash_commands/0", json!({"command": "/bb", "should_escpae": true})),
    ] {
        let mut manifest = manifest();
        *manifest.pointer_mut(pointer).expect("the manifest has it") = value;
        if let Some(troubles) = document(SCHEMA, &manifest) {
            assert!(!troubles.is_empty(), "{pointer}");
        }
    }
}
