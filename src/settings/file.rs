//! `dipper.toml`: its values, and where in it a mistake is, shown with carets under it. What may hold a secret is
//! never shown.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use super::Error;
use super::sites::More;
use super::table::{Described, TABLE};

/// Words in the names of what nobody else may read.
const SECRET: [&str; 5] = ["key", "token", "secret", "proxy", "url"];

/// A file that was read.
#[derive(Default)]
pub(super) struct File {
    /// Its plain settings, by the names they have in the environment.
    pub(super) values: BTreeMap<String, String>,
    text: String,
    /// Where what a complaint may begin with stands in it.
    places: BTreeMap<String, Range<usize>>,
}

#[derive(Deserialize)]
struct Instances {
    #[serde(default)]
    bitbucket: Vec<More>,
}

impl File {
    /// The plain settings and the further instances. A key nobody knows is named, with the nearest known one.
    pub(super) fn read(text: &str) -> Result<(Self, Vec<More>), Error> {
        let at_error = |words: &str, error: &toml::de::Error| {
            let span = error.span().unwrap_or_default();
            // It may quote what it complains of.
            let why =
                if may_be_shown(line_of(text, &span).1) { error.message() } else { "look at this place" };
            Error(format!("{words} does not read: {why}{}", pointed(text, &span)))
        };
        let table = DeTable::parse(text).map_err(|error| at_error("dipper.toml", &error))?;
        let plain: toml::Table = text.parse().map_err(|error| at_error("dipper.toml", &error))?;
        let mut file = Self { text: text.to_owned(), ..Self::default() };
        for (key, value) in table.get_ref() {
            if key.get_ref() == "bitbucket" {
                file.mark_instances(value.get_ref());
                continue;
            }
            let upper = key.get_ref().to_ascii_uppercase();
            let known = |name: &str| TABLE.iter().any(|setting| setting.variable == name);
            if !known(&upper) && !upper.strip_suffix("_FILE").is_some_and(known) {
                let (key, nearest) = (key.get_ref(), nearest(&upper));
                let says =
                    format!("dipper.toml sets `{key}`, which nothing reads; did you mean `{nearest}`?");
                return Err(Error(format!("{says}{}", pointed(text, &key_span(&table, key)))));
            }
            let value_text = match plain.get(key.get_ref().as_ref()) {
                Some(toml::Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            file.places.insert(upper.clone(), value.span());
            file.values.insert(upper, value_text);
        }
        let more: Instances =
            toml::from_str(text).map_err(|error| at_error("[[bitbucket]] in dipper.toml", &error))?;
        Ok((file, more.bitbucket))
    }

    /// Where each further instance says its name: the last of two that share one.
    fn mark_instances(&mut self, list: &DeValue<'_>) {
        for table in list.as_array().into_iter().flatten() {
            let Some(name) = table.get_ref().as_table().and_then(|table| table.get("name")) else { continue };
            let called = name.get_ref().as_str().unwrap_or_default();
            for says in [format!("[[bitbucket]] `{called}`"), format!("two Bitbuckets are called `{called}`")]
            {
                self.places.insert(says, name.span());
            }
        }
    }

    /// The same complaint with the place it is about, where that is in this file: it begins with what it is about.
    pub(super) fn shown(&self, error: Error, elsewhere: impl Fn(&str) -> bool) -> Error {
        let begins = |what: &str| {
            let rest = error.0.strip_prefix(what);
            rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
        };
        let place = self.places.iter().find(|(what, _)| begins(what) && !elsewhere(what));
        match place {
            Some((_, span)) => Error(format!("{error}{}", pointed(&self.text, span))),
            None => error,
        }
    }
}

fn key_span(table: &toml::Spanned<DeTable<'_>>, key: &str) -> Range<usize> {
    let found = table.get_ref().keys().find(|known| known.get_ref() == key);
    found.map(toml::Spanned::span).unwrap_or_default()
}

/// The line, with carets under the place. Where a secret may stand in it, only where it is.
fn pointed(text: &str, span: &Range<usize>) -> String {
    let (before, line) = line_of(text, span);
    let begins = before.rfind('\n').map_or(0, |at| at + 1);
    let (number, indent) = (before.matches('\n').count() + 1, before[begins..].chars().count());
    let mut shown = format!("\n  --> dipper.toml:{number}:{}", indent + 1);
    if may_be_shown(line) {
        let place = text.get(span.start..span.end.min(begins + line.len())).unwrap_or_default();
        let carets = "^".repeat(place.chars().count().max(1));
        let margin = " ".repeat(number.to_string().len());
        // Writing into a string does not fail.
        let _ = write!(
            shown,
            "\n {margin} |\n {number} | {line}\n {margin} | {:indent$}{carets}",
            "",
            indent = indent
        );
    }
    shown
}

/// What stands before a place, and the line it stands in.
fn line_of<'a>(text: &'a str, span: &Range<usize>) -> (&'a str, &'a str) {
    let before = text.get(..span.start).unwrap_or(text);
    let begins = before.rfind('\n').map_or(0, |at| at + 1);
    (before, text[begins..].lines().next().unwrap_or_default())
}

fn may_be_shown(line: &str) -> bool {
    let name = line.split('=').next().unwrap_or_default().to_ascii_lowercase();
    let plain = line.contains('=') || line.trim_start().starts_with('[');
    plain && !SECRET.iter().any(|word| name.contains(word))
}

fn nearest(name: &str) -> String {
    let likeness =
        |setting: &&Described| shared(setting.variable, name) * 1000 / (setting.variable.len() + name.len());
    TABLE.iter().max_by_key(likeness).map(|setting| setting.variable.to_ascii_lowercase()).unwrap_or_default()
}

/// How many pairs of neighbouring letters two names share: enough to find a misspelt one.
fn shared(one: &str, other: &str) -> usize {
    one.as_bytes().windows(2).filter(|pair| other.as_bytes().windows(2).any(|theirs| theirs == *pair)).count()
}

#[cfg(test)]
mod tests {
    use super::super::Settings;

    fn complaint(file: &str) -> String {
        Settings::from(&|_| None, file).unwrap_err().to_string()
    }

    #[test]
    fn the_mistake_has_carets_under_it() {
        assert_eq!(
            complaint("# where it is\ndipper_listen = \"hé:1\"\n"),
            "DIPPER_LISTEN is `hé:1`, which is not an address like 127.0.0.1:8080\n  \
             --> dipper.toml:2:17\n   |\n 2 | dipper_listen = \"hé:1\"\n   |                 ^^^^^^"
        );
        assert_eq!(
            complaint("dipper_log = \"info\"\n  dipper_lisen = 1"),
            "dipper.toml sets `dipper_lisen`, which nothing reads; did you mean `dipper_listen`?\n  \
             --> dipper.toml:2:3\n   |\n 2 |   dipper_lisen = 1\n   |   ^^^^^^^^^^^^"
        );
        let said = complaint("[[bitbucket]]\nname = \"x\"\nedition = \"clown\"");
        assert!(
            said.starts_with("[[bitbucket]] in dipper.toml does not read: unknown variant `clown`"),
            "{said}"
        );
        assert!(said.ends_with("\n 3 | edition = \"clown\"\n   |           ^^^^^^^"), "{said}");
    }

    #[test]
    fn a_secret_is_not_shown_though_the_mistake_be_in_its_line() {
        for file in [
            "slack_bot_token = \"xoxb-hush\nxoxb-hush",
            "dipper_keys = hush",
            "dipper_proxy = \"socks5://ada:hush@proxy\"",
            "[[bitbucket]]\nname = \"x\"\nedition = \"cloud\"\ntokens = \"hush\"",
            "dipper_log = \"\"\"\nhush\n",
        ] {
            let said = complaint(file);
            assert!(said.contains("--> dipper.toml:") && !said.contains("hush"), "{said}");
        }
    }

    #[test]
    fn what_the_environment_says_wrongly_is_not_in_the_file() {
        let environment = |name: &str| (name == "DIPPER_LISTEN").then(|| "nowhere".to_owned());
        let said = Settings::from(&environment, "dipper_listen = \"127.0.0.1:1\"").unwrap_err().to_string();
        assert_eq!(said, "DIPPER_LISTEN is `nowhere`, which is not an address like 127.0.0.1:8080");
    }
}
