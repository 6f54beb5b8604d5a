//! Shortcuts: what Slack offers in its own menus, and the command each of them opens. One table.

use super::Command;
use crate::words::Advice;
use crate::words::message::{Action, Form};
use crate::words::names::PrRef;

/// A way to a command from one of Slack's menus.
#[derive(Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// What Slack sends when it is taken.
    pub callback: &'static str,
    /// What people read, in at most 24 characters.
    pub name: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Whether it stands in a message's menu, as against the one that is offered everywhere.
    pub on_message: bool,
    /// The command whose form it opens.
    pub command: &'static str,
}

/// All of them, as the manifest offers them.
pub const SHORTCUTS: &[Shortcut] = &[
    Shortcut {
        callback: "open_pull_request",
        name: "Create pull request",
        about: "Open a pull request on Bitbucket, as you",
        on_message: false,
        command: "pr.open",
    },
    Shortcut {
        callback: "comment_on_pull_request",
        name: "Comment on pull request",
        about: "Take what a message says to a pull request on Bitbucket, as you",
        on_message: true,
        command: "pr.comment",
    },
];

/// The form of a shortcut's command, filled in with the pull request and the words of a message.
pub fn form_of(shortcut: &Shortcut, pr: Option<PrRef>, text: Option<&str>) -> Result<Form, Advice> {
    let action = Action::named(shortcut.command);
    let action = match pr {
        Some(pr) => action.with("pr", pr.to_string()),
        None => action,
    };
    let form = Command::read(&action)?.form();
    let mut form =
        form.ok_or_else(|| Advice::new("There is nothing to fill in; type the command instead."))?;
    let quoted = text.map(quoted).filter(|quoted| !quoted.is_empty());
    if let Some(field) = form.fields.iter_mut().find(|field| field.name == "text") {
        field.value = quoted.or(field.value.take());
    }
    Ok(form)
}

/// The first pull request that a message names with its repository.
pub fn pull_request_in(text: &str) -> Option<PrRef> {
    let parts =
        text.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '|' | '(' | ')' | ',' | ';'));
    let names = parts.map(|part| part.trim_end_matches(['.', ':', '!', '?', '*', '_', '`']));
    let names = names.map(|name| name.trim_start_matches(['*', '_', '`', '"', '\'']));
    names.filter_map(|name| name.parse::<PrRef>().ok()).find(|pr| pr.repo.is_some())
}

/// What a message says, line by line as a quotation.
fn quoted(text: &str) -> String {
    let plain = plain(text);
    let lines: Vec<String> =
        plain.trim().lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
    if lines.is_empty() { String::new() } else { format!("{}\n\n", lines.join("\n")) }
}

/// Slack's marks for people, channels and links, as people read them.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, (inside, beyond))) =
        rest.split_once('<').and_then(|(before, after)| Some((before, after.split_once('>')?)))
    {
        plain.push_str(before);
        let (address, label) = inside.split_once('|').unwrap_or((inside, ""));
        let shown = match (address.chars().next(), label) {
            (Some('@'), "") => "@someone".to_owned(),
            (Some('@'), name) => format!("@{}", name.trim_start_matches('@')),
            (Some('#'), "") => "a channel".to_owned(),
            (Some('#'), name) => format!("#{name}"),
            (Some('!'), "") => {
                format!("@{}", address.trim_start_matches('!').split('^').next().unwrap_or_default())
            }
            (Some('!'), name) => name.to_owned(),
            (_, "") => address.to_owned(),
            (_, label) if address.ends_with(label) => address.to_owned(),
            (_, label) => format!("{label} ({address})"),
        };
        plain.push_str(&shown);
        rest = beyond;
    }
    plain.push_str(rest);
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_quoted_as_people_read_it() {
        let said = "<@U1|ada> see <https://x.test/a|the notes> &amp; <#C1|web>\nwell?";
        assert_eq!(quoted(said), "> @ada see the notes (https://x.test/a) & #web\n> well?\n\n");
        assert_eq!(quoted("  "), "");
    }

    #[test]
    fn the_first_pull_request_that_is_named_is_meant() {
        for (text, meant) in [
            ("look at web/api#42, please", Some("web/api#42")),
            (
                "<https://bitbucket.org/web/api/pull-requests/7/diff|this one>!",
                Some("https://bitbucket.org/web/api/pull-requests/7"),
            ),
            ("*`web/api#1`*: done", Some("web/api#1")),
            ("we are #1 with 42 things", None),
        ] {
            assert_eq!(pull_request_in(text).map(|pr| pr.to_string()).as_deref(), meant, "{text}");
        }
    }

    #[test]
    fn every_shortcut_opens_a_form_and_fits_slacks_menu() {
        for shortcut in SHORTCUTS {
            assert!(form_of(shortcut, None, Some("Well?")).is_ok(), "{}", shortcut.name);
            assert!(shortcut.name.chars().count() <= 24 && shortcut.about.chars().count() <= 150);
        }
    }
}
