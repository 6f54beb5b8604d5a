//! What branches are protected from.

use std::fmt;
use std::str::FromStr;

use super::{Advice, serde_as_text};

/// What must not be done to a branch, or has to be done before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Guard {
    /// Nobody pushes to it: it changes by pull requests.
    NoDirectPush,
    /// What is there is not rewritten.
    NoRewrite,
    /// It is not deleted.
    NoDelete,
    /// Nothing changes it.
    ReadOnly,
    /// A merge into it takes so many approvals.
    Approvals(u32),
    /// A merge into it takes so many builds that passed.
    Builds(u32),
    /// A merge into it takes all tasks done.
    Tasks,
    /// What only Bitbucket has a name for.
    Other(String),
}

impl Guard {
    /// Whether it is of the same kind, whatever the number.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Approvals(_), Self::Approvals(_)) | (Self::Builds(_), Self::Builds(_)) => true,
            _ => self == other,
        }
    }

    /// In plain words, said of a branch: `is not deleted`.
    pub fn says(&self) -> String {
        let several =
            |number: u32, what: &str| format!("{number} {what}{}", if number == 1 { "" } else { "s" });
        match self {
            Self::NoDirectPush => "changes only by pull requests".to_owned(),
            Self::NoRewrite => "is not rewritten".to_owned(),
            Self::NoDelete => "is not deleted".to_owned(),
            Self::ReadOnly => "does not change at all".to_owned(),
            Self::Approvals(number) => format!("takes {} to merge", several(*number, "approval")),
            Self::Builds(number) => format!("takes {} to merge", several(*number, "passing build")),
            Self::Tasks => "takes all tasks done to merge".to_owned(),
            Self::Other(kind) => kind.replace(['_', '-'], " "),
        }
    }
}

impl fmt::Display for Guard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDirectPush => out.write_str("no-direct-push"),
            Self::NoRewrite => out.write_str("no-rewrite"),
            Self::NoDelete => out.write_str("no-delete"),
            Self::ReadOnly => out.write_str("read-only"),
            Self::Approvals(number) => write!(out, "approvals:{number}"),
            Self::Builds(number) => write!(out, "builds:{number}"),
            Self::Tasks => out.write_str("tasks"),
            Self::Other(kind) => out.write_str(kind),
        }
    }
}

impl FromStr for Guard {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let number = |rest: &str| {
            let number = rest.parse().ok().filter(|number| (1..=100).contains(number));
            number.ok_or_else(|| Advice::new("A merge takes a number of approvals or builds from 1 to 100."))
        };
        Ok(match text.trim() {
            "no-direct-push" => Self::NoDirectPush,
            "no-rewrite" => Self::NoRewrite,
            "no-delete" => Self::NoDelete,
            "read-only" => Self::ReadOnly,
            "tasks" => Self::Tasks,
            "" => return Err(Advice::new("Say what the branch is to be protected from.")),
            text => match text.split_once(':') {
                Some(("approvals", rest)) => Self::Approvals(number(rest)?),
                Some(("builds", rest)) => Self::Builds(number(rest)?),
                _ => Self::Other(text.to_owned()),
            },
        })
    }
}
serde_as_text!(Guard);

/// One thing that some branches are protected from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// What Bitbucket knows it by.
    pub id: String,
    /// Which branches: a name, or a form of names like `release/*`.
    pub branches: String,
    /// From what.
    pub guard: Guard,
    /// Whom it does not hold for, by name; groups among them.
    pub except: Vec<String>,
    /// Whether it was set for the whole project, and can be changed only there.
    pub by_project: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_reads_back() {
        for text in [
            "no-direct-push",
            "no-rewrite",
            "no-delete",
            "read-only",
            "tasks",
            "approvals:2",
            "builds:1",
            "force_x",
        ] {
            assert_eq!(text.parse::<Guard>().unwrap().to_string(), text);
        }
        for text in ["", "approvals:0", "approvals:many", "builds:101"] {
            assert!(text.parse::<Guard>().is_err(), "{text}");
        }
        assert_eq!(Guard::Approvals(1).says(), "takes 1 approval to merge");
        assert!(
            Guard::Approvals(1).is_like(&Guard::Approvals(2))
                && !Guard::Approvals(1).is_like(&Guard::Builds(1))
        );
    }
}
