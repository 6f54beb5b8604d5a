//! `help`: what there is, grouped, with examples. It is made of the list, so it cannot be wrong.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Changes, Entry, Rule, Runs, list};
use crate::bot::{Context, Failure, Outcome};
use crate::words::message::{Line, Message};

/// Show what Dipper can do
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Help {
    /// The command to explain
    #[serde(default)]
    command: Vec<String>,
}

impl Runs for Help {
    const NAME: &'static str = "help";
    const EXAMPLE: &'static str = "help pr";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        if self.command.is_empty() {
            return Ok(overview(cx));
        }
        let wanted = self.command.join(" ");
        let about: Vec<&Entry> = list().iter().filter(|entry| within(&entry.words(), &wanted)).collect();
        if about.is_empty() {
            let help = cx.bot.slash("help");
            return Err(Failure::told(format!("There is no such command; `{help}` shows what there is.")));
        }
        Ok(about.into_iter().fold(Message::default(), |message, entry| explain(cx, message, entry)))
    }
}

fn within(words: &str, wanted: &str) -> bool {
    words == wanted || words.strip_prefix(wanted).is_some_and(|rest| rest.starts_with(' '))
}

fn overview(cx: &Context<'_>) -> Message {
    let mut message = Message::line(Line::new().text("Bitbucket, from here. Everything is done as you."));
    let mut section = "";
    for entry in list() {
        if section != entry.section {
            section = entry.section;
            message = message.and(Line::new().bold(section));
        }
        message =
            message.and(Line::new().code(cx.bot.slash(&entry.usage())).text(format!("  {}", entry.about())));
    }
    let deeper = cx.bot.slash("help pr");
    message.fact(format!("`{deeper}` explains one of them, with examples."))
}

fn explain(cx: &Context<'_>, message: Message, entry: &Entry) -> Message {
    let head = message
        .and(Line::new().code(cx.bot.slash(&entry.usage())))
        .and(Line::new().text(entry.about()).text(", for example ").code(cx.bot.slash(entry.example)));
    let grammar = entry.grammar();
    grammar.get_arguments().fold(head, |message, argument| {
        let name =
            argument.get_long().map_or_else(|| argument.get_id().to_string(), |long| format!("--{long}"));
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        message.and(Line::new().text("• ").code(name).text(format!(" {help}")))
    })
}
