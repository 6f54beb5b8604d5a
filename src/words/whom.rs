//! A person on Bitbucket as people write them: a Slack mention, `me`, or what Bitbucket calls them.

use std::fmt;
use std::str::FromStr;

use super::who::Who;
use super::{Advice, serde_as_text};

/// How long a name is at most.
const LONGEST: usize = 300;

/// Somebody on Bitbucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Whoever this is in Slack.
    Slack(Who),
    /// Whom Bitbucket calls so.
    Named(String),
}

impl FromStr for Whom {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let text = text.trim();
        if text.eq_ignore_ascii_case("me") || text.starts_with("<@") {
            return text.parse().map(Self::Slack);
        }
        let name = text.strip_prefix('@').unwrap_or(text).trim();
        if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
            return Err(Advice::new(
                "Whom do you mean? Mention them, like `@ada`, or write their Bitbucket name.",
            ));
        }
        Ok(Self::Named(name.to_owned()))
    }
}

impl fmt::Display for Whom {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slack(who) => who.fmt(out),
            Self::Named(name) => out.write_str(name),
        }
    }
}
serde_as_text!(Whom);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_told_from_a_name() {
        for (typed, read) in [
            ("<@U12|ada>", Whom::Slack(Who::Person("U12".to_owned()))),
            ("ME", Whom::Slack(Who::Me)),
            (" @ada ", Whom::Named("ada".to_owned())),
            ("U12", Whom::Named("U12".to_owned())),
            ("Ada Lovelace", Whom::Named("Ada Lovelace".to_owned())),
        ] {
            let whom: Whom = typed.parse().unwrap();
            assert_eq!(whom, read);
            assert_eq!(whom.to_string().parse::<Whom>().unwrap(), read);
        }
        for typed in ["", "@", "<@>", "a\nb"] {
            assert!(typed.parse::<Whom>().is_err(), "{typed}");
        }
    }
}
