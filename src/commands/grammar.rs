//! What people type after the slash command's name, read with one grammar that clap is given by the list.

use std::sync::{LazyLock, Mutex, PoisonError};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{Command, Entry, list};
use crate::words::message::{Line, Message};

/// Made once: making it costs many times what reading with it does. Reading only ever completes it.
static GRAMMAR: LazyLock<Mutex<clap::Command>> = LazyLock::new(|| Mutex::new(grammar()));

/// Reads what was typed. What does not read is answered with advice.
pub fn typed(slash: &str, text: &str) -> Result<Command, Box<Message>> {
    let words = split(&plain(text));
    if words.is_empty() {
        return typed(slash, "help");
    }
    let read = GRAMMAR.lock().unwrap_or_else(PoisonError::into_inner).try_get_matches_from_mut(&words);
    match read {
        Ok(matches) => {
            let (name, leaf) = descend(&matches);
            Command::from_matches(&name, leaf).map_err(|error| Box::new(advice(slash, &words, &error)))
        }
        Err(error) => Err(Box::new(advice(slash, &words, &error))),
    }
}

/// The whole grammar: groups are made of the names' dots.
fn grammar() -> clap::Command {
    let mut root = clap::Command::new("dipper");
    for entry in list() {
        root = match entry.name.split_once('.') {
            None => root.subcommand(entry.grammar().no_binary_name(false)),
            Some((group, _)) => add_to_group(root, group, entry),
        };
    }
    root.no_binary_name(true).disable_help_flag(true).disable_help_subcommand(true).subcommand_required(true)
}

fn add_to_group(root: clap::Command, group: &str, entry: &Entry) -> clap::Command {
    let leaf = entry.grammar().no_binary_name(false);
    if root.find_subcommand(group).is_some() {
        return root.mut_subcommand(group, |group| group.subcommand(leaf));
    }
    let new = clap::Command::new(group.to_owned())
        .subcommand_required(true)
        .disable_help_flag(true)
        .disable_help_subcommand(true);
    root.subcommand(new.subcommand(leaf))
}

fn descend(matches: &clap::ArgMatches) -> (String, &clap::ArgMatches) {
    let (mut name, mut at) = (String::new(), matches);
    while let Some((word, deeper)) = at.subcommand() {
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(word);
        at = deeper;
    }
    (name, at)
}

/// Phones and Slack change what people type: curly quotes, long dashes, hard spaces, escaped signs.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}' => plain.push('"'),
            '\u{2018}' | '\u{2019}' => plain.push('\''),
            '\u{2013}' | '\u{2014}' => plain.push_str("--"),
            '\u{200B}' | '\u{200C}' | '\u{200D}' | '\u{2060}' | '\u{FEFF}' => {}
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

/// Words as a shell would see them; an apostrophe in a sentence is no reason to refuse it.
fn split(text: &str) -> Vec<String> {
    let words = shlex::split(text).unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect());
    words
        .into_iter()
        .map(|word| word.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        .collect()
}

/// The one line that was meant, and an example: never clap's own terminal text.
fn advice(slash: &str, words: &[String], error: &clap::Error) -> Message {
    let entry = meant(words);
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => texts.first().cloned(),
        _ => None,
    };
    let first = match error.kind() {
        ErrorKind::InvalidSubcommand | ErrorKind::MissingSubcommand => {
            return unknown(slash, words, context(ContextKind::SuggestedSubcommand));
        }
        ErrorKind::ValueValidation => std::error::Error::source(error).map(ToString::to_string),
        ErrorKind::MissingRequiredArgument => {
            let missing = context(ContextKind::InvalidArg).unwrap_or_default();
            Some(format!("Something is missing: {}.", missing.trim_matches(['<', '>']).to_lowercase()))
        }
        ErrorKind::UnknownArgument => context(ContextKind::InvalidArg)
            .map(|argument| format!("I don't know what `{}` means here.", quotable(&argument))),
        _ => None,
    };
    let message = Message::line(first.unwrap_or_else(|| "I could not read that.".to_owned()));
    match entry {
        Some(entry) => message
            .and(Line::new().text("Usage: ").code(format!("{slash} {}", entry.usage())))
            .and(Line::new().text("For example: ").code(format!("{slash} {}", entry.example))),
        None => message.and(see_help(slash)),
    }
}

fn unknown(slash: &str, words: &[String], suggested: Option<String>) -> Message {
    let group = words.first().map(String::as_str).unwrap_or_default();
    let within: Vec<&Entry> =
        list().iter().filter(|entry| entry.name.split('.').next() == Some(group)).collect();
    if words.len() == 1 && !within.is_empty() {
        let head = Message::line(Line::new().text("What about it? There is:"));
        return within.iter().fold(head, |message, entry| {
            message.and(Line::new().code(format!("{slash} {}", entry.usage())))
        });
    }
    let typed = quotable(&words.iter().take(2).cloned().collect::<Vec<_>>().join(" "));
    let line = Line::new().text("There is no ").code(format!("{slash} {typed}")).text(".");
    let nearest = match suggested {
        Some(leaf) if !within.is_empty() => Some(format!("{group} {leaf}")),
        suggested => by_last_word(group).or(suggested),
    };
    match nearest {
        Some(nearest) => {
            Message::line(line.text(" Did you mean ").code(format!("{slash} {nearest}")).text("?"))
        }
        None => Message::line(line).and(see_help(slash)),
    }
}

/// `approve` alone means `pr approve`.
fn by_last_word(word: &str) -> Option<String> {
    list().iter().find(|entry| entry.name.rsplit('.').next() == Some(word)).map(Entry::words)
}

fn meant(words: &[String]) -> Option<&'static Entry> {
    list()
        .iter()
        .filter(|entry| words.join(" ").starts_with(&entry.words()))
        .max_by_key(|entry| entry.name.len())
}

fn see_help(slash: &str) -> Line {
    Line::new().code(format!("{slash} help")).text(" shows what there is.")
}

fn quotable(text: &str) -> String {
    text.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn advice_to(text: &str) -> String {
        typed("/bb", text).unwrap_err().plain()
    }

    fn name_of(text: &str) -> String {
        typed("/bb", text).unwrap().action().name
    }

    #[test]
    fn what_phones_make_of_quotes_and_dashes_is_understood() {
        let command = typed("/bb", "digest add web/api —cron “0 9 * * 1-5” –zone Europe/Berlin").unwrap();
        assert_eq!(command.action().fields["cron"], "0 9 * * 1-5");
        assert_eq!(name_of("pr\u{a0}show <https://bitbucket.org/web/api/pull-requests/1>"), "pr.show");
        assert_eq!(name_of(""), "help");
    }

    #[test]
    fn mistakes_are_answered_with_the_line_that_was_meant() {
        assert_eq!(
            advice_to("pr approve nonsense"),
            "`nonsense` is not a pull request; write it like `web/api#42`.".replace('`', "")
                + "\nUsage: /bb pr approve pr\nFor example: /bb pr approve web/api#42"
        );
        assert_eq!(
            advice_to("pr aprove web/api#1"),
            "There is no /bb pr aprove. Did you mean /bb pr approve?"
        );
        assert_eq!(
            advice_to("approve web/api#1"),
            "There is no /bb approve web/api#1. Did you mean /bb pr approve?"
        );
        assert!(advice_to("pr").starts_with("What about it? There is:\n/bb pr open"));
        assert!(advice_to("pr approve").starts_with("Something is missing: pr."));
        assert!(advice_to("xyzzy").ends_with("/bb help shows what there is."));
    }

    #[test]
    fn every_example_in_the_list_reads() {
        for entry in list() {
            assert_eq!(name_of(entry.example), entry.name, "{}", entry.example);
            assert!(!entry.about().is_empty(), "{} has no help", entry.name);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn nothing_typed_panics_or_is_met_with_silence(text in "\\PC{0,120}") {
            if let Err(advice) = typed("/bb", &text) {
                prop_assert!(!advice.plain().is_empty());
            }
        }

        #[test]
        fn nor_does_anything_that_begins_like_a_command(words in "(pr|digest|help|subscribe|commits|connect)( (open|show|merge|add|--[a-z]{0,6}|[a-z/#0-9]{0,8}|\"|'|<@U1\\|x>)){0,5}") {
            if let Err(advice) = typed("/bb", &words) {
                prop_assert!(!advice.plain().is_empty());
            }
        }
    }
}
