//! What a person can be told in private, each kind by a word of its own, what they have decided about it, and
//! one such thing on its way to them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::message::Line;
use super::names::{PersonId, PrName, RepoName, shown};
use super::quiet::Quiet;
use super::{Advice, serde_as_text};

macro_rules! notices {
    ($($(#[$doc:meta])+ $name:ident = $word:literal, $side:ident, $usual:literal, $says:literal;)+) => {
        /// What a person can be told in private.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Notice {
            $($(#[$doc])+ $name,)+
        }

        impl Notice {
            /// Every kind, as lists and forms show them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word people type.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// When it is told, as the end of "you are told when".
            pub fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)+ }
            }

            /// Whose pull requests it is mostly about.
            pub fn side(self) -> Side {
                match self { $(Self::$name => Side::$side,)+ }
            }

            /// Whether it is told to those who decided nothing.
            pub fn is_usual(self) -> bool {
                match self { $(Self::$name => $usual,)+ }
            }
        }
    };
}

notices! {
    /// They are asked to review a pull request that is new, or ready now.
    ReviewAsked = "review-asked", Talk, true, "your review is asked for";
    /// What they said of it no longer counts.
    ReviewAgain = "review-again", Talk, true, "your review no longer counts, and is asked for again";
    /// They are added to the reviewers.
    ReviewerAdded = "reviewer-added", Talk, true, "you are added as a reviewer";
    /// Somebody mentions them.
    Mentioned = "mentioned", Talk, true, "somebody mentions you";
    /// Somebody answers a comment of theirs.
    Replied = "replied", Talk, true, "somebody answers your comment";
    /// Somebody comments on their pull request.
    Commented = "commented", Talk, true, "somebody comments on your pull request";
    /// Somebody asks them to look at a pull request that waits for them.
    Nudged = "nudged", Talk, true, "somebody asks you to look at what waits for you";
    /// What bots say, too.
    Bots = "bots", Talk, false, "it is a bot that comments, answers or mentions you, too";
    /// Somebody approves their pull request.
    Approved = "approved", Mine, true, "somebody approves it";
    /// Somebody asks for changes.
    ChangesRequested = "changes-requested", Mine, true, "somebody asks for changes";
    /// Nothing that is known stands in the way of merging it.
    ReadyToMerge = "ready-to-merge", Mine, true, "it is ready to merge (once for each state of its branch)";
    /// Its branches are in each other's way.
    Conflict = "conflict", Mine, true, "it conflicts with its target branch";
    /// A build of its branch, or of what they pushed, failed.
    BuildFailed = "build-failed", Mine, true, "a build of your branch breaks";
    /// And works again.
    BuildFixed = "build-fixed", Mine, true, "a build of your branch works again";
    /// Somebody else merges it.
    Merged = "merged", Mine, true, "somebody else merges it";
    /// Somebody else declines it.
    Declined = "declined", Mine, true, "somebody else declines it";
}

/// Whose pull requests a kind is mostly about: two lists of boxes that each fit a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Reviews and conversations.
    Talk,
    /// How one's own fare.
    Mine,
}

impl Notice {
    /// The kinds of one side.
    pub fn of(side: Side) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |kind| kind.side() == side)
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl FromStr for Notice {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let named = |kind: &&Self| kind.word().eq_ignore_ascii_case(text.trim());
        Self::ALL.iter().find(named).copied().ok_or_else(|| {
            let all: Vec<&str> = Self::ALL.iter().map(|kind| kind.word()).collect();
            Advice(format!("`{}` is none of these: all, {}.", shown(text), all.join(", ")))
        })
    }
}
serde_as_text!(Notice);

/// What a person has decided about what they are told in private.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// What they switched, and how. What they did not stays as it usually is.
    pub switched: BTreeMap<Notice, bool>,
    /// When they are to be left alone.
    pub quiet: Option<Quiet>,
}

impl Wishes {
    /// From what is stored; a kind that only a later version knows is left alone.
    pub fn stored(switched: &str, quiet: Option<&str>) -> Self {
        let read = |word: &str| {
            let (on, word) = word.strip_prefix('+').map(|word| (true, word)).or_else(|| {
                let word = word.strip_prefix('-')?;
                Some((false, word))
            })?;
            Some((word.parse().ok()?, on))
        };
        Self {
            switched: switched.split(' ').filter_map(read).collect(),
            quiet: quiet.and_then(|quiet| quiet.parse().ok()),
        }
    }

    /// What is switched, to be stored: `-approved +bots`.
    pub fn to_store(&self) -> String {
        let sign = |on: bool| if on { '+' } else { '-' };
        let words: Vec<String> =
            self.switched.iter().map(|(kind, on)| format!("{}{kind}", sign(*on))).collect();
        words.join(" ")
    }

    /// Whether this is told.
    pub fn wants(&self, kind: Notice) -> bool {
        self.switched.get(&kind).copied().unwrap_or(kind.is_usual())
    }

    /// The same with a kind on or off.
    #[must_use]
    pub fn with(mut self, kind: Notice, on: bool) -> Self {
        if on == kind.is_usual() {
            self.switched.remove(&kind);
        } else {
            self.switched.insert(kind, on);
        }
        self
    }

    /// In a few words: `all but approved, bots`.
    pub fn in_short(&self) -> String {
        let off: Vec<&str> =
            Notice::ALL.iter().filter(|kind| !self.wants(**kind)).map(|kind| kind.word()).collect();
        match off.len() {
            0 => "all".to_owned(),
            many if many == Notice::ALL.len() => "none".to_owned(),
            many if many * 2 > Notice::ALL.len() => {
                let on = Notice::ALL.iter().filter(|kind| self.wants(**kind)).map(|kind| kind.word());
                on.collect::<Vec<_>>().join(", ")
            }
            _ => format!("all but {}", off.join(", ")),
        }
    }
}

/// What something told in private is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// A pull request.
    PullRequest(PrName),
    /// A branch that is in none.
    Branch(RepoName, String),
}

impl About {
    /// The repository.
    pub fn repo(&self) -> &RepoName {
        match self {
            Self::PullRequest(pr) => &pr.repo,
            Self::Branch(repo, _) => repo,
        }
    }

    /// The pull request, if it is about one.
    pub fn pull_request(&self) -> Option<&PrName> {
        match self {
            Self::PullRequest(pr) => Some(pr),
            Self::Branch(..) => None,
        }
    }
}

/// One thing to tell one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whisper {
    /// What sort of thing.
    pub kind: Notice,
    /// What it is about.
    pub about: About,
    /// What is said.
    pub line: Line,
    /// Whose deed it is, where it is true only for as long as they stand by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// The commit it is true of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// The comment to answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<u64>,
    /// The build that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_from_the_usual_is_kept() {
        let wishes = Wishes::default().with(Notice::Approved, false).with(Notice::Bots, true);
        assert_eq!(wishes.to_store(), "+bots -approved");
        assert_eq!(Wishes::stored("+bots -approved -sung", None), wishes);
        assert!(!wishes.wants(Notice::Approved) && wishes.wants(Notice::Bots));
        assert_eq!(wishes.in_short(), "all but approved");
        let usual = wishes.with(Notice::Approved, true).with(Notice::Bots, false);
        assert_eq!((usual.to_store().as_str(), usual.in_short().as_str()), ("", "all but bots"));
        let none = Notice::ALL.iter().fold(usual, |wishes, kind| wishes.with(*kind, false));
        assert_eq!(none.in_short(), "none");
        assert_eq!(none.with(Notice::Merged, true).in_short(), "merged");
    }

    #[test]
    fn every_word_reads_and_each_list_fits_a_form() {
        for kind in Notice::ALL {
            assert_eq!(kind.word().parse::<Notice>().unwrap(), *kind);
        }
        for side in [Side::Talk, Side::Mine] {
            assert!((1..=10).contains(&Notice::of(side).count()));
        }
        assert!(
            "sung".parse::<Notice>().unwrap_err().0.starts_with("`sung` is none of these: all, review-asked")
        );
    }
}
