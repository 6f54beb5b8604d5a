//! A person of the workspace as people type them: a Slack mention, or `me`.

use std::fmt;
use std::str::FromStr;

use super::names::SlackUser;
use super::{Advice, serde_as_text};

/// Somebody in Slack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Whoever asks.
    Me,
    /// The person with this id.
    Person(String),
}

impl Who {
    /// Who that is when this person asks.
    pub fn asked_by(&self, asker: &SlackUser) -> SlackUser {
        match self {
            Self::Me => asker.clone(),
            Self::Person(id) => SlackUser { team: asker.team.clone(), id: id.clone() },
        }
    }
}

impl FromStr for Who {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("me") {
            return Ok(Self::Me);
        }
        let inner = text.strip_prefix("<@").and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
        let id = inner.split('|').next().unwrap_or(inner);
        let reads = id.starts_with(['U', 'W'])
            && (2..=64).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if reads {
            return Ok(Self::Person(id.to_owned()));
        }
        let shown: String = text.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect();
        Err(Advice(format!("`{shown}` is nobody I know; mention them, like `@ada`, or write `me`.")))
    }
}

impl fmt::Display for Who {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Me => out.write_str("me"),
            Self::Person(id) => write!(out, "<@{id}>"),
        }
    }
}
serde_as_text!(Who);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_read_as_slack_writes_it() {
        for (typed, printed) in
            [("<@U12AB|ada>", "<@U12AB>"), ("<@W1>", "<@W1>"), ("U1", "<@U1>"), ("Me", "me")]
        {
            assert_eq!(typed.parse::<Who>().unwrap().to_string(), printed);
        }
        for typed in ["", "ada", "@ada", "<@>", "<@U1;DROP>", "<!channel>"] {
            assert!(typed.parse::<Who>().is_err(), "{typed}");
        }
    }
}
