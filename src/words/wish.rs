//! What a channel wants to hear of: which repositories, which topics, on which conditions, and how much.

use std::fmt;
use std::str::FromStr;

use super::filter::Filter;
use super::glob::matches;
use super::names::{Instance, RepoName, Topic, shown};
use super::webhook::{HookPlace, HookSite};
use super::{Advice, serde_as_text};

/// How much a message shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Size {
    /// The least.
    Compact,
    /// As usual.
    #[default]
    Normal,
    /// Everything.
    Full,
}

impl Size {
    const WORDS: [(&'static str, Self); 3] =
        [("compact", Self::Compact), ("normal", Self::Normal), ("full", Self::Full)];
}

impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(Self::WORDS.iter().find(|(_, size)| size == self).map_or("", |(word, _)| word))
    }
}

impl FromStr for Size {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let found = Self::WORDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
        found.map(|(_, size)| *size).ok_or_else(|| Advice::new("It is `compact`, `normal` or `full`."))
    }
}
serde_as_text!(Size);

/// What is told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wish {
    /// The topics.
    pub topics: Vec<Topic>,
    /// Whether pushes count on the main branch only.
    pub main_only: bool,
    /// What must hold besides.
    pub filter: Option<Filter>,
    /// How much is shown.
    pub size: Size,
    /// Whether what belongs together goes into one thread.
    pub thread: bool,
    /// Whether lines in a thread are shown in the channel too.
    pub broadcast: bool,
}

impl Wish {
    /// These topics, and nothing special.
    pub fn of(topics: &[Topic]) -> Self {
        Self { topics: topics.to_vec(), ..Self::default() }
    }
}

/// Repositories by their name: one, or all whose name is of a form less those that are left out.
/// Written `cloud:web/api`, `cloud:web/*,-web/legacy`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RepoPattern {
    /// The Bitbucket.
    pub instance: Instance,
    /// The form of `owner/slug`.
    pub form: String,
    /// The forms that are left out.
    pub except: Vec<String>,
}

impl RepoPattern {
    /// Whether the repository is meant.
    pub fn covers(&self, repo: &RepoName) -> bool {
        self.instance == repo.instance && self.means(&repo.short())
    }

    /// Whether a repository of its Bitbucket is meant, by its owner and slug: `web/api`.
    pub fn means(&self, name: &str) -> bool {
        matches(&self.form, name) && !self.except.iter().any(|form| matches(form, name))
    }

    /// Whether it may mean more than one.
    pub fn is_wide(&self) -> bool {
        self.form.contains(['*', '?'])
    }

    /// The one repository it means, unless it may mean more.
    pub fn one(&self) -> Option<RepoName> {
        let one = || format!("{}:{}", self.instance, self.form).parse().ok();
        if self.is_wide() { None } else { one() }
    }

    /// Where a webhook would hang that tells all of it; none where that is no one place.
    pub fn site(&self) -> Option<HookSite> {
        let owner = self.form.split('/').next().filter(|owner| !owner.contains(['*', '?']))?;
        let place = match self.one() {
            Some(repo) => HookPlace::Repository(repo),
            None => HookPlace::Owner(owner.to_owned()),
        };
        Some(HookSite { instance: self.instance.clone(), place })
    }

    /// As people write it where the instance is plain.
    pub fn short(&self) -> String {
        let except = self.except.iter().flat_map(|form| [",-", form]);
        std::iter::once(self.form.as_str()).chain(except).collect()
    }
}

impl From<RepoName> for RepoPattern {
    fn from(repo: RepoName) -> Self {
        Self { form: repo.short(), instance: repo.instance, except: Vec::new() }
    }
}

impl fmt::Display for RepoPattern {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.instance, self.short())
    }
}

impl FromStr for RepoPattern {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let wanted: Wanted = text.parse()?;
        match wanted.instance {
            Some(instance) => Ok(Self { instance, form: wanted.form, except: wanted.except }),
            None => Err(not_a_pattern(text)),
        }
    }
}

/// Repositories as a person may write them: like [`RepoPattern`], and the Bitbucket may be left open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The Bitbucket, where it is said.
    pub instance: Option<Instance>,
    /// The form.
    pub form: String,
    /// What is left out.
    pub except: Vec<String>,
}

impl FromStr for Wanted {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let (instance, rest) = match text.trim().split_once(':') {
            Some((instance, rest)) if is_form(instance) && !instance.contains('*') => {
                (Some(Instance::new(instance)), rest)
            }
            Some(_) => return Err(not_a_pattern(text)),
            None => (None, text.trim()),
        };
        let mut forms = rest.split(',');
        let form = forms.next().unwrap_or_default().to_owned();
        let except: Option<Vec<String>> = forms
            .map(|form| form.strip_prefix('-').filter(|form| is_name(form)).map(str::to_owned))
            .collect();
        match except {
            Some(except) if is_name(&form) => Ok(Self { instance, form, except }),
            _ => Err(not_a_pattern(text)),
        }
    }
}

fn not_a_pattern(text: &str) -> Advice {
    Advice(format!(
        "`{}` does not name repositories; write it like `web/api` or `web/*,-web/legacy`.",
        shown(text)
    ))
}

fn is_name(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(owner, slug)| is_form(owner.strip_prefix('~').unwrap_or(owner)) && is_form(slug))
}

fn is_form(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 128
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*' | '?'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_covers_what_it_means_and_prints_back() {
        let wide: RepoPattern = "cloud:web/*,-web/legacy,-web/old-*".parse().unwrap();
        let covers = |name: &str| wide.covers(&name.parse().unwrap());
        assert!(covers("cloud:web/api") && covers("cloud:WEB/Site"));
        assert!(!covers("cloud:web/legacy") && !covers("cloud:web/old-api") && !covers("dc:web/api"));
        assert_eq!(wide.to_string().parse::<RepoPattern>().unwrap(), wide);
        assert!(wide.is_wide());
        for text in ["web/*", "cloud:web", "cloud:web/api,web/old", "c*:web/api", "cloud:a b/c", "cloud:/"] {
            assert!(text.parse::<RepoPattern>().is_err(), "{text}");
        }
    }
}
