//! What is written in the repository is what the binary does: the README's tables, the Slack manifest, and what
//! `deploy/` sets and watches.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use dipper::cli::tables;
use serde_json::Value;

#[test]
fn the_readme_prints_what_the_binary_does() {
    let readme = include_str!("../README.md");
    for table in tables::all() {
        let wanted = &table.text;
        assert!(
            readme.contains(wanted),
            "README.md lacks the table of {}; it should be\n\n{wanted}",
            table.heading
        );
    }
}

fn manifest() -> Value {
    serde_saphyr::from_str(include_str!("../manifest.yaml")).expect("manifest.yaml is YAML")
}

#[test]
fn the_manifest_asks_for_the_scopes_that_have_a_reason() {
    let text = include_str!("../manifest.yaml");
    let asked = manifest();
    let asked = asked["oauth_config"]["scopes"]["bot"].as_array().expect("bot scopes");
    let asked: Vec<&str> = asked.iter().filter_map(Value::as_str).collect();
    let reasons: Vec<&str> = tables::SCOPES.iter().map(|(scope, _)| *scope).collect();
    assert_eq!(asked, reasons);
    for (scope, why) in tables::SCOPES {
        assert!(text.contains(&format!("- {scope} # {why}\n")), "manifest.yaml does not say why {scope}");
    }
}

#[test]
fn the_manifest_asks_for_the_events_that_have_a_reason() {
    let text = include_str!("../manifest.yaml");
    let asked = manifest();
    let asked = asked["settings"]["event_subscriptions"]["bot_events"].as_array().expect("bot events");
    let asked: Vec<&str> = asked.iter().filter_map(Value::as_str).collect();
    let reasons: Vec<&str> = tables::EVENTS.iter().map(|(event, _)| *event).collect();
    assert_eq!(asked, reasons);
    for (event, why) in tables::EVENTS {
        assert!(text.contains(&format!("- {event} # {why}\n")), "manifest.yaml does not say why {event}");
    }
}

#[test]
fn the_manifest_offers_the_shortcuts_there_are() {
    let manifest = manifest();
    let offered = manifest["features"]["shortcuts"].as_array().expect("shortcuts");
    let offered: Vec<[&str; 4]> = offered
        .iter()
        .map(|one| {
            ["name", "type", "callback_id", "description"].map(|key| one[key].as_str().unwrap_or_default())
        })
        .collect();
    let listed = dipper::commands::SHORTCUTS
        .iter()
        .map(|one| [one.name, if one.on_message { "message" } else { "global" }, one.callback, one.about]);
    assert_eq!(offered, listed.collect::<Vec<_>>());
}

#[test]
fn the_manifest_sends_slack_to_the_doors_there_are() {
    let manifest = manifest();
    let at = |pointer: &str| manifest.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let doors = BTreeMap::from([
        ("/features/slash_commands/0/url", "https://dipper.example.com/slack/commands"),
        ("/settings/event_subscriptions/request_url", "https://dipper.example.com/slack/events"),
        ("/oauth_config/redirect_urls/0", "https://dipper.example.com/slack/oauth/callback"),
        ("/settings/interactivity/request_url", "https://dipper.example.com/slack/interactions"),
        ("/settings/interactivity/message_menu_options_url", "https://dipper.example.com/slack/options"),
    ]);
    for (pointer, door) in doors {
        assert_eq!(at(pointer), door, "{pointer}");
    }
    assert_eq!(manifest["features"]["slash_commands"][0]["should_escape"], true);
    assert_eq!(manifest["settings"]["interactivity"]["is_enabled"], true);
}

#[test]
fn every_figure_is_explained_and_only_those_are_watched() {
    let mut counted = BTreeSet::new();
    figures_under(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut counted);
    let rows = include_str!("../README.md").lines().filter_map(|line| line.strip_prefix("| `dipper_"));
    let explained: BTreeSet<String> =
        rows.filter_map(|row| row.split_once('`')).map(|(name, _)| format!("dipper_{name}")).collect();
    assert_eq!(explained, counted, "the README's table of figures, and what the sources count");

    let dashboard = include_str!("../deploy/grafana/dipper.json");
    let alerts = include_str!("../deploy/prometheus/alerts.yaml");
    for watching in [dashboard, alerts] {
        let watched: Vec<&str> = words(watching).filter(|word| word.starts_with("dipper_")).collect();
        assert!(!watched.is_empty());
        for word in watched {
            // A summary's parts.
            let name = word.strip_suffix("_sum").or_else(|| word.strip_suffix("_count")).unwrap_or(word);
            assert!(explained.contains(name), "{word} is watched, and there is no such figure");
        }
    }
}

#[test]
fn what_is_set_in_deploy_are_settings_there_are() {
    let known = |name: &str| dipper::settings::TABLE.iter().any(|setting| setting.variable == name);
    for text in [
        include_str!("../Dockerfile"),
        include_str!("../deploy/compose.yaml"),
        include_str!("../deploy/kubernetes/deployment.yaml"),
        include_str!("../deploy/systemd/dipper.toml"),
    ] {
        let text = text.to_uppercase();
        let ours = |word: &&str| {
            ["DIPPER_", "SLACK_", "BITBUCKET_"].iter().any(|beginning| word.starts_with(beginning))
        };
        for name in words(&text).filter(ours) {
            assert!(known(name.strip_suffix("_FILE").unwrap_or(name)), "{name} is set, and nothing reads it");
        }
    }
}

#[test]
fn the_secrets_that_are_mounted_are_in_the_example() {
    let deployment = include_str!("../deploy/kubernetes/deployment.yaml");
    let example: Value =
        serde_saphyr::from_str(include_str!("../deploy/kubernetes/secret.example.yaml")).expect("YAML");
    let values = example["stringData"].as_object().expect("values");
    assert!(values.values().all(|value| value == ""), "an example holds no secret");
    let mounted = deployment.split("value: /etc/dipper/secrets/").skip(1);
    let mounted: BTreeSet<&str> = mounted.filter_map(|rest| rest.lines().next()).collect();
    assert_eq!(mounted, values.keys().map(String::as_str).collect());
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
}

/// The names under which the sources here and below count.
fn figures_under(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("the sources are there") {
        let path = entry.expect("the sources are there").path();
        if path.is_dir() {
            figures_under(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).expect("sources are text");
            let calls = ["counter!(", "gauge!(", "histogram!("];
            let after = calls.iter().flat_map(|call| text.split(call).skip(1));
            let names = after.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next());
            found.extend(names.map(str::to_owned));
        }
    }
}
