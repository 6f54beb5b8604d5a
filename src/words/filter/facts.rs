//! What a filter is held against: plain facts of one thing that happened.

use super::{Count, Field, Test};
use crate::words::glob::{holds, matches};

/// Whether a condition holds. Ordered: `min` of all is AND, `max` of any is OR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It does not.
    No,
    /// That depends on the files, which nobody has asked for.
    NeedsFiles,
    /// It does.
    Yes,
}

impl Answer {
    pub(super) fn turned(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::NeedsFiles => Self::NeedsFiles,
            Self::Yes => Self::No,
        }
    }

    fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// Facts of one thing that happened. People go by any of their names; what is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Who wrote it.
    pub author: Vec<String>,
    /// Who is asked to review.
    pub reviewer: Vec<String>,
    /// Who did it.
    pub actor: Vec<String>,
    /// The branch it goes into.
    pub into: Vec<String>,
    /// The branch it comes from.
    pub from: Vec<String>,
    /// Its title.
    pub title: String,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether a bot did it.
    pub bot: bool,
    /// How the build stands.
    pub build: Vec<String>,
    /// The files it changes; none while nobody has asked.
    pub files: Option<Vec<String>>,
}

impl Facts {
    pub(super) fn answer(&self, field: Field, test: &Test) -> Answer {
        match test {
            Test::Is(wanted) => {
                Answer::of(*wanted == if field == Field::Bot { self.bot } else { self.draft })
            }
            Test::Counts(count) => match &self.files {
                None => Answer::NeedsFiles,
                Some(files) => {
                    let many = u64::try_from(files.len()).unwrap_or(u64::MAX);
                    Answer::of(match count {
                        Count::Over(limit) => many > *limit,
                        Count::Under(limit) => many < *limit,
                        Count::Just(wanted) => many == *wanted,
                    })
                }
            },
            Test::Like(form) => self.like(field, form),
        }
    }

    fn like(&self, field: Field, form: &str) -> Answer {
        let any = |texts: &[String]| texts.iter().any(|text| matches(form, text));
        Answer::of(match field {
            Field::Author => any(&self.author),
            Field::Reviewer => any(&self.reviewer),
            Field::Actor => any(&self.actor),
            Field::Into => any(&self.into),
            Field::From => any(&self.from),
            Field::Branch => any(&self.into) || any(&self.from),
            Field::Title if form.contains(['*', '?']) => matches(form, &self.title),
            Field::Title => holds(&self.title, form),
            Field::Build => any(&self.build),
            Field::Jira => {
                let branches = self.from.iter().map(String::as_str);
                branches.chain([self.title.as_str()]).flat_map(jira_keys).any(|key| matches(form, key))
            }
            Field::Path => {
                return match &self.files {
                    Some(files) => Answer::of(any(files)),
                    None => Answer::NeedsFiles,
                };
            }
            Field::Draft | Field::Bot | Field::Size => false,
        })
    }
}

/// The keys of Jira issues in a text: `PAY-12`.
pub fn jira_keys(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter_map(|word| {
        let (project, rest) = word.split_once('-')?;
        let number = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let good = project.len() > 1
            && number > 0
            && project.starts_with(|c: char| c.is_ascii_uppercase())
            && project.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
        good.then(|| &word[..project.len() + 1 + number])
    })
}
