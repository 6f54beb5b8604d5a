//! The Slack manifest, held against Slack's own schema.

use dipper::cli::manifest::manifest as print;
use dipper::sandbox::bitbucket::Edition;
use dipper::settings::Settings;
use serde_json::{Value, json};

use crate::vendor::schema::Look;
use crate::vendor::{Spec, published};

const SCHEMA: &str = "slack-manifest.schema.2.0.0.json";

fn manifest() -> Value {
    serde_saphyr::from_str(include_str!("../../manifest.yaml")).expect("manifest.yaml is YAML")
}

/// All that is wrong with a manifest; none where the schema is not at hand.
fn troubles(manifest: &Value) -> Option<Vec<String>> {
    // Which edition's exceptions hold is the same to a schema that is neither's.
    let spec = Spec { edition: Edition::Cloud, root: published(SCHEMA)? };
    let mut look = Look::new(&spec, true);
    look.check(&spec.root, manifest, "manifest");
    Some(look.troubles)
}

#[test]
fn slack_would_take_the_manifest() {
    if let Some(troubles) = troubles(&manifest()) {
        assert_eq!(troubles, Vec::<String>::new());
    }
}

#[test]
fn slack_would_take_it_for_any_settings() {
    let place = |name: &str| (name == "DIPPER_PUBLIC_URL").then(|| "https://bot.example.org".to_owned());
    for settings in [Settings::from(&|_| None, ""), Settings::from(&place, "")] {
        let settings = settings.expect("settings that read");
        for by_socket in [false, true] {
            let printed = print(&settings, by_socket);
            let manifest: Value = serde_saphyr::from_str(&printed).expect("it is YAML");
            assert_eq!(manifest["settings"]["socket_mode_enabled"], by_socket);
            assert_eq!(
                manifest["oauth_config"]["redirect_urls"].is_array(),
                printed.contains("https://bot") || !by_socket
            );
            if let Some(troubles) = troubles(&manifest) {
                assert_eq!(troubles, Vec::<String>::new());
            }
        }
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
        if let Some(troubles) = troubles(&manifest) {
            assert!(!troubles.is_empty(), "{pointer}");
        }
    }
}
