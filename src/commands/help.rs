//! `help`: what there is, a line for each group of commands; then a group, then one command with all its
//! options. It is made of the list, so it cannot be wrong.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Changes, Entry, Rule, Runs, list};
use crate::bot::{Context, Failure, Outcome};
use crate::words::message::{Action, Button, Line, Message};

/// What most people want first.
const FIRST: [&str; 3] = ["pr.open", "pr.approve", "subscribe"];

/// Show what Dipper can do
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Help {
    /// The command or the group to explain
    #[serde(default)]
    command: Vec<String>,
}

impl Help {
    /// Help about this.
    pub(super) fn about(words: &[String]) -> Self {
        Self { command: words.to_vec() }
    }
}

impl Runs for Help {
    const NAME: &'static str = "help";
    const EXAMPLE: &'static str = "help pr";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let wanted = self.command.join(" ").to_lowercase();
        if wanted.is_empty() {
            return Ok(overview(cx));
        }
        let about: Vec<&Entry> = list().iter().filter(|entry| within(entry, &wanted)).collect();
        match about.as_slice() {
            [] => {
                let help = cx.bot.slash("help");
                Err(Failure::told(format!("There is no such command; `{help}` shows what there is.")))
            }
            [one] => Ok(explain(cx, one)),
            group => Ok(several(cx, group)),
        }
    }
}

fn within(entry: &Entry, wanted: &str) -> bool {
    let words = entry.words();
    let below = words.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    below || entry.section.eq_ignore_ascii_case(wanted)
}

fn overview(cx: &Context<'_>) -> Message {
    let mut message = Message::line("Bitbucket, from here. Everything is done as you.");
    let sections = sections();
    for (section, entries) in &sections {
        message = message.and(Line::new().bold(*section));
        for line in groups(cx, entries) {
            message = message.and(line);
        }
    }
    let examples = FIRST.iter().filter_map(|name| list().iter().find(|entry| entry.name == *name));
    message = examples.fold(message.and(Line::new().bold("For example")), |message, entry| {
        message.and(Line::new().code(cx.bot.slash(entry.example)))
    });
    let threads =
        "Slack takes no commands in threads: there, press buttons, or take a shortcut from a message's menu.";
    sections
        .iter()
        .fold(message.fact(threads), |message, (section, _)| {
            message.button(Button::new(*section, about(&section.to_lowercase())))
        })
        .in_place()
}

/// The sections in the order of the list, each with what stands in it.
fn sections() -> Vec<(&'static str, Vec<&'static Entry>)> {
    let mut sections: Vec<(&str, Vec<&Entry>)> = Vec::new();
    for entry in list() {
        match sections.iter_mut().find(|(section, _)| *section == entry.section) {
            Some((_, entries)) => entries.push(entry),
            None => sections.push((entry.section, vec![entry])),
        }
    }
    sections
}

/// One line for each group of a section, and one for what stands alone.
fn groups(cx: &Context<'_>, entries: &[&Entry]) -> Vec<Line> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for entry in entries {
        let (group, leaf) = entry.name.split_once('.').unwrap_or(("", entry.name));
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, leaves)) => leaves.push(leaf),
            None => groups.push((group, vec![leaf])),
        }
    }
    let line = |(group, leaves): (&str, Vec<&str>)| {
        let leaves: Vec<String> = leaves.into_iter().map(|leaf| leaf.replace('.', " ")).collect();
        Line::new().code(cx.bot.slash(group)).text(format!(" {}", leaves.join(" · ")))
    };
    groups.into_iter().map(line).collect()
}

fn about(words: &str) -> Action {
    Action::named(Help::NAME).with("command", words.split(' ').map(str::to_owned).collect::<Vec<_>>())
}

fn several(cx: &Context<'_>, entries: &[&Entry]) -> Message {
    let head = Message::line(Line::new().bold(entries[0].section));
    let message = entries.iter().fold(head, |message, entry| {
        message.and(Line::new().code(cx.bot.slash(&entry.brief())).text(format!("  {}", entry.about())))
    });
    let deeper = cx.bot.slash(&format!("help {}", entries[0].words()));
    let message = message.fact(format!("`{deeper}` explains one of them with all its options."));
    message.button(Button::new("All commands", Action::named(Help::NAME))).in_place()
}

fn explain(cx: &Context<'_>, entry: &Entry) -> Message {
    let head = Message::line(Line::new().code(cx.bot.slash(&entry.usage())))
        .and(Line::new().text(entry.about()).text(", for example ").code(cx.bot.slash(entry.example)));
    let grammar = entry.grammar();
    let shown = grammar.get_arguments().filter(|argument| !argument.is_hide_set());
    shown.fold(head, |message, argument| {
        let name =
            argument.get_long().map_or_else(|| argument.get_id().to_string(), |long| format!("--{long}"));
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        message.and(Line::new().text("• ").code(name).text(format!(" {help}")))
    })
}
