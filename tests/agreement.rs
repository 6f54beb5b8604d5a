//! What is written in the repository is what the binary does: the README's tables, and the Slack manifest.

use std::collections::BTreeMap;

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
