//! What people type after the slash command's name, read with one grammar that clap is given by the list.

use std::sync::{LazyLock, Mutex, PoisonError};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::meant::nearest;
use super::{Command, Entry, help, list, typing};
use crate::words::message::{Button, Line, Message};

/// Made once: making it costs many times what reading with it does. Reading only ever completes it.
static GRAMMAR: LazyLock<Mutex<clap::Command>> = LazyLock::new(|| Mutex::new(grammar()));

/// Reads what was typed. What does not read is answered with advice.
pub fn typed(slash: &str, text: &str) -> Result<Command, Box<Message>> {
    let mut words = typing::words(text);
    if words.first().is_some_and(|first| first == slash) {
        words.remove(0);
    }
    in_small_letters(&mut words);
    match words.as_slice() {
        [] => Ok(Command::Help(help::Help::about(&[]))),
        [group] if is_group(group) => Ok(Command::Help(help::Help::about(&words))),
        _ => read(&words).map_err(|error| Box::new(advice(slash, &words, &error))),
    }
}

fn read(words: &[String]) -> Result<Command, clap::Error> {
    let matches = GRAMMAR.lock().unwrap_or_else(PoisonError::into_inner).try_get_matches_from_mut(words)?;
    let (name, leaf) = descend(&matches);
    Command::from_matches(&name, leaf)
}

/// Phones begin a line with a capital: a command's own words are known by any.
fn in_small_letters(words: &mut [String]) {
    for (at, word) in words.iter_mut().take(2).enumerate() {
        let small = word.to_lowercase();
        if list().iter().any(|entry| entry.name.split('.').nth(at) == Some(small.as_str())) {
            *word = small;
        }
    }
}

fn is_group(word: &str) -> bool {
    list().iter().any(|entry| entry.name.split_once('.').is_some_and(|(group, _)| group == word))
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
            return unknown(slash, words);
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
        Some(entry) => explained(slash, entry, message),
        None => message.and(see_help(slash)),
    }
}

/// No command of that name: those that may have been meant, each on a button that gives it.
fn unknown(slash: &str, words: &[String]) -> Message {
    let typed = quotable(&words.iter().take(2).cloned().collect::<Vec<_>>().join(" "));
    let line = Line::new().text("There is no ").code(format!("{slash} {typed}")).text(".");
    let meant = nearest(words);
    let Some(first) = meant.first() else {
        let about = words.iter().take(1).filter(|word| is_group(word)).cloned().collect::<Vec<_>>();
        let help = Command::Help(help::Help::about(&about)).action();
        return Message::line(line).and(see_help(slash)).button(Button::new("Show what there is", help));
    };
    let line = match meant.len() {
        1 => line.text(" Did you mean ").code(quotable(&format!("{slash} {}", first.line()))).text("?"),
        _ => line.text(" Did you mean one of these?"),
    };
    let readable = meant.iter().filter_map(|one| read(&one.words).ok().map(|command| (one, command)));
    let message = readable.fold(Message::line(line), |message, (one, command)| {
        message.button(Button::new(quotable(&format!("{slash} {}", one.line())), command.action()))
    });
    if message.buttons.is_empty() { explained(slash, first.entry, message) } else { message }
}

/// How a command is typed, and an example.
fn explained(slash: &str, entry: &Entry, message: Message) -> Message {
    message
        .and(Line::new().text("Usage: ").code(format!("{slash} {}", entry.usage())))
        .and(Line::new().text("For example: ").code(format!("{slash} {}", entry.example)))
}

fn meant(words: &[String]) -> Option<&'static Entry> {
    list()
        .iter()
        .filter(|entry| {
            entry.name.split('.').eq(words.iter().map(String::as_str).take(entry.name.split('.').count()))
        })
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
        let command = typed("/bb", "digest add web/api “0 9 * * 1-5” –zone Europe/Berlin").unwrap();
        assert_eq!(command.action().fields["words"], serde_json::json!(["web/api", "0 9 * * 1-5"]));
        assert_eq!(name_of("pr\u{a0}show <https://bitbucket.org/web/api/pull-requests/1>"), "pr.show");
        assert_eq!(name_of(""), "help");
    }

    #[test]
    fn mistakes_are_answered_with_the_line_that_was_meant() {
        assert_eq!(
            advice_to("unsubscribe ../x"),
            "../x is not a repository; write it like web/api.\nUsage: /bb unsubscribe repo\n\
             For example: /bb unsubscribe web/api"
        );
        assert_eq!(
            advice_to("pr aprove web/api#1"),
            "There is no /bb pr aprove. Did you mean /bb pr approve web/api#1?"
        );
        assert_eq!(
            advice_to("approve web/api#1"),
            "There is no /bb approve web/api#1. Did you mean /bb pr approve web/api#1?"
        );
        assert_eq!(name_of("pr"), "help");
        assert_eq!(name_of("/bb Pr Show web/api#1"), "pr.show");
        assert!(advice_to("unsubscribe").starts_with("Something is missing: repo."));
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
