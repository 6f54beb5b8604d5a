//! `dipper help tables`: what the README says of commands, settings, topics and scopes, printed from the
//! very lists that make them so.

use std::fmt::Write;

use crate::bitbucket::event;
use crate::commands;
use crate::settings;
use crate::words::names::Topic;

/// What the bot may do in Slack, and why it asks for it.
pub const SCOPES: &[(&str, &str)] = &[
    ("commands", "to be asked: the slash command"),
    ("chat:write", "to answer, to post cards and to keep them true"),
    ("channels:read", "to know whether it is in a public channel"),
    ("groups:read", "the same for private channels"),
    ("im:write", "to tell a person something in private"),
    ("channels:join", "to come into a public channel that subscribes"),
    ("channels:history", "to look whether it has said something before it says it again"),
    ("groups:history", "the same in private channels"),
    ("im:history", "the same in private conversations"),
    ("users:read", "names on the page that connects accounts, and time zones for digests"),
];

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
        Table { heading: "Settings", text: settings_table() },
        Table { heading: "Topics", text: topics_table() },
        Table { heading: "Scopes", text: scopes_table() },
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

fn settings_table() -> String {
    let rows = settings::TABLE.iter().map(|setting| {
        vec![format!("`{}`", setting.variable), setting.default.to_owned(), setting.meaning.to_owned()]
    });
    table(&["setting", "default", "meaning"], rows)
}

fn topics_table() -> String {
    let keys = |keys: &[&str]| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
    let row = |topic: Topic| {
        let row = event::TABLE.iter().find(|row| row.topic == Some(topic))?;
        Some(vec![topic.to_string(), keys(row.cloud), keys(row.datacenter)])
    };
    table(&["topic", "Bitbucket Cloud", "Data Center"], Topic::ALL.into_iter().filter_map(row))
}

fn scopes_table() -> String {
    let rows = SCOPES.iter().map(|(scope, why)| vec![format!("`{scope}`"), (*why).to_owned()]);
    table(&["scope", "why"], rows)
}
