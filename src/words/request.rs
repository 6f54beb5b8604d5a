//! What somebody asks for and another decides: a right, or the consent that two people are needed for.

use std::fmt;
use std::str::FromStr;

use super::message::{Action, Line};
use super::names::{Channel, SlackUser};
use super::{Advice, serde_as_text};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A right: whoever decides gives it, with their own account.
    Right,
    /// That another agrees: it is then done as the one who asked.
    Second,
}

impl RequestKind {
    /// The word a row keeps.
    pub fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Second => "second",
        }
    }
}

impl FromStr for RequestKind {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let known = [Self::Right, Self::Second].into_iter().find(|kind| kind.word() == text);
        known.ok_or_else(|| Advice::new("a right or a second person is asked for"))
    }
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// Nobody has decided.
    Open,
    /// Somebody said yes.
    Approved,
    /// Somebody said no.
    Denied,
    /// Nobody decided in time.
    Over,
    /// Whoever asked thought better of it.
    Withdrawn,
}

impl RequestState {
    const ALL: [Self; 5] = [Self::Open, Self::Approved, Self::Denied, Self::Over, Self::Withdrawn];

    /// The word a row keeps.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Denied => "denied",
            Self::Over => "over",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for RequestState {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let known = Self::ALL.into_iter().find(|state| state.word() == text);
        known.ok_or_else(|| Advice::new("a request is open, or was decided"))
    }
}

/// Who is asked to decide: a channel, people, or both: `<#C12> <@U34>`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deciders {
    /// Those in this channel.
    pub channel: Option<String>,
    /// These people.
    pub people: Vec<String>,
}

impl Deciders {
    /// What stands for the channel in which it is typed.
    pub const HERE: &'static str = "here";

    /// The others: whoever asks does not decide.
    #[must_use]
    pub fn without(mut self, asker: &SlackUser) -> Self {
        self.people.retain(|id| *id != asker.id);
        self
    }

    /// Whether nobody is.
    pub fn is_empty(&self) -> bool {
        self.channel.is_none() && self.people.is_empty()
    }
}

impl FromStr for Deciders {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let mut deciders = Self::default();
        let mut none = false;
        for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
            let inner = word.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(word);
            let id = inner.split('|').next().unwrap_or(inner);
            let reads = |id: &str, first: &[char]| {
                id.starts_with(first)
                    && (2..=64).contains(&id.len())
                    && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            };
            let channel = id.strip_prefix('#').filter(|id| reads(id, &['C', 'G']));
            let person = id.strip_prefix('@').filter(|id| reads(id, &['U', 'W']));
            match (word.to_lowercase().as_str(), channel, person) {
                ("none", ..) => none = true,
                (Self::HERE, ..) if deciders.channel.is_none() => {
                    deciders.channel = Some(Self::HERE.to_owned());
                }
                (_, Some(id), _) if deciders.channel.is_none() => deciders.channel = Some(id.to_owned()),
                (_, _, Some(id)) => deciders.people.push(id.to_owned()),
                (_, Some(_), _) | (Self::HERE, ..) => {
                    return Err(Advice::new("One channel is asked, and as many people as you like."));
                }
                _ => {
                    let shown: String = word.chars().filter(|c| *c != '`').take(60).collect();
                    return Err(Advice(format!(
                        "`{shown}` is neither a channel nor somebody; write `here`, `#access`, `@ada` or `none`."
                    )));
                }
            }
        }
        if none == deciders.is_empty() {
            return Ok(deciders);
        }
        Err(Advice::new("Name a channel or people, like `#access @ada`, or `none`."))
    }
}

impl fmt::Display for Deciders {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return out.write_str("none");
        }
        let channel = self.channel.iter().map(|id| match id.as_str() {
            Self::HERE => id.clone(),
            id => format!("<#{id}>"),
        });
        let people = self.people.iter().map(|id| format!("<@{id}>"));
        out.write_str(&channel.chain(people).collect::<Vec<_>>().join(" "))
    }
}
serde_as_text!(Deciders);

/// What is asked of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRequest {
    /// What kind of thing.
    pub kind: RequestKind,
    /// Who asks.
    pub by: SlackUser,
    /// Where they do.
    pub channel: Channel,
    /// What is to be done.
    pub action: Action,
    /// The same in words, as they follow the name of who asks.
    pub line: Line,
    /// What for.
    pub reason: Option<String>,
    /// Who is to decide.
    pub asked: Deciders,
    /// Until when, in epoch milliseconds.
    pub until: i64,
    /// The request it came of.
    pub origin: i64,
}

/// The same, and what has become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: i64,
    /// As it was asked.
    pub what: NewRequest,
    /// How far it has come.
    pub state: RequestState,
    /// Who decided.
    pub decided_by: Option<SlackUser>,
    /// Why they did so, in their words.
    pub why: Option<String>,
}

impl Request {
    /// Whether it is to be decided yet.
    pub fn is_open(&self) -> bool {
        self.state == RequestState::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_reads_back() {
        for (typed, printed) in [
            ("<#C12|access>, <@U3|ada> <@U4>", "<#C12> <@U3> <@U4>"),
            ("here", "here"),
            ("None", "none"),
            ("<@U3>", "<@U3>"),
        ] {
            let deciders: Deciders = typed.parse().unwrap();
            assert_eq!(deciders.to_string(), printed);
            assert_eq!(printed.parse::<Deciders>().unwrap(), deciders);
        }
        for typed in ["", "ada", "#access", "none <@U1>", "<#C1> <#C2>", "here here", "<#C1;X>"] {
            assert!(typed.parse::<Deciders>().is_err(), "{typed}");
        }
    }
}
