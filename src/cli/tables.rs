//! `dipper help tables`: what the README says of commands, settings, topics and scopes, printed from the
//! very lists that make them so.

use std::fmt::Write;

use crate::bitbucket::event;
use crate::commands;
use crate::settings;
pub use crate::slack::{EVENTS, SCOPES};

/// One table under its heading.
pub struct Table {
    /// What it lists.
    pub heading: &'static str,
    /// The table, in Markdown.
    pub text: String,
}

/// All of them.
pub fn all() -> Vec<Table> {
    vec![
        Table { heading: "Commands", text: commands_table() },
        Table { heading: "Who may what", text: rules_table() },
        Table { heading: "Settings", text: settings_table() },
        Table { heading: "Topics", text: topics_table() },
        Table { heading: "Shortcuts", text: shortcuts_table() },
        Table { heading: "Scopes", text: reasons("scope", SCOPES) },
        Table { heading: "Events", text: reasons("event", EVENTS) },
    ]
}

fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        // Writing into a string does not fail.
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

fn commands_table() -> String {
    let rows = commands::list().iter().map(|entry| vec![format!("`/bb {}`", entry.usage()), entry.about()]);
    table(&["command", "what it does"], rows)
}

fn rules_table() -> String {
    let rows = commands::RULES.iter().map(|(rule, who, meaning)| {
        let theirs = commands::list().iter().filter(|entry| entry.rule == *rule);
        let theirs: Vec<String> = theirs.map(|entry| format!("`{}`", entry.words())).collect();
        vec![(*who).to_owned(), (*meaning).to_owned(), theirs.join(", ")]
    });
    table(&["who", "that is", "may"], rows)
}

fn settings_table() -> String {
    let rows = settings::TABLE.iter().map(|setting| {
        vec![format!("`{}`", setting.variable), setting.default.to_owned(), setting.meaning.to_owned()]
    });
    table(&["setting", "default", "meaning"], rows)
}

fn topics_table() -> String {
    let rows = event::SOURCES.iter().map(|origin| {
        let group = origin.topic.group_word().unwrap_or("all");
        vec![
            format!("`{}`", origin.topic),
            format!("`{group}`"),
            origin.cloud.in_words(),
            origin.datacenter.in_words(),
        ]
    });
    table(&["topic", "group", "Bitbucket Cloud", "Data Center"], rows)
}

fn shortcuts_table() -> String {
    let rows = commands::SHORTCUTS.iter().map(|shortcut| {
        let place = if shortcut.on_message { "a message's menu" } else { "everywhere" };
        vec![shortcut.name.to_owned(), place.to_owned(), shortcut.about.to_owned()]
    });
    table(&["shortcut", "offered in", "what it does"], rows)
}

fn reasons(what: &str, list: &[(&str, &str)]) -> String {
    let rows = list.iter().map(|(name, why)| vec![format!("`{name}`"), (*why).to_owned()]);
    table(&[what, "why"], rows)
}
