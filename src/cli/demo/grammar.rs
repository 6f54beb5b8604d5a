//! The bot's own grammar, as the page's suggestions need it.

use serde_json::{Value, json};

use crate::commands::{Entry, SHORTCUTS, Shortcut, list};

/// What the slash command is called in the demo.
const COMMAND: &str = "/bb";

/// Every command: its words, how it is typed, what it does, its arguments.
pub(super) fn of_the_bot() -> Value {
    json!({
        "command": COMMAND,
        "about": "Bitbucket, worked from Slack",
        "shortcuts": SHORTCUTS.iter().map(shortcut).collect::<Vec<_>>(),
        "entries": list().iter().map(entry).collect::<Vec<_>>(),
    })
}

fn shortcut(shortcut: &Shortcut) -> Value {
    json!({
        "callback_id": shortcut.callback,
        "name": shortcut.name,
        "about": shortcut.about,
        "on_message": shortcut.on_message,
    })
}

fn entry(entry: &Entry) -> Value {
    let mut grammar = entry.grammar();
    grammar.build();
    let shown = grammar.get_arguments().filter(|argument| !argument.is_hide_set());
    json!({
        "words": entry.name.split('.').collect::<Vec<_>>(),
        "section": entry.section,
        "usage": format!("{COMMAND} {}", entry.usage()),
        "about": entry.about(),
        "example": format!("{COMMAND} {}", entry.example),
        "arguments": shown.map(argument).collect::<Vec<_>>(),
    })
}

fn argument(argument: &clap::Arg) -> Value {
    let named = argument.get_value_names().and_then(<[_]>::first).map(|name| name.to_lowercase());
    json!({
        "name": named.unwrap_or_else(|| argument.get_id().to_string()),
        "flag": argument.get_long().map(|long| format!("--{long}")),
        "takes_value": argument.get_action().takes_values(),
        "required": argument.is_required_set(),
        "many": argument.get_num_args().is_some_and(|range| range.max_values() > 1),
        "help": argument.get_help().map(ToString::to_string),
    })
}
