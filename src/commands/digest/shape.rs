//! Which pull requests a digest shows, as people say it: options, fields of a form, and a sentence.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bot::Failure;
use crate::commands::number;
use crate::commands::subscribe::misread;
use crate::words::digest::DigestWish;
use crate::words::filter::Filter;
use crate::words::how_long::HowLong;
use crate::words::message::{Field, FieldKind, Line};
use crate::words::{Advice, serde_as_text};

/// Words in titles that leave a pull request out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Words(pub(super) Vec<String>);

impl FromStr for Words {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let words: Vec<String> =
            text.split(',').map(|word| word.trim().to_owned()).filter(|word| !word.is_empty()).collect();
        if words.is_empty() || words.len() > 20 || text.len() > 300 {
            return Err(Advice::new("Name a few words of titles, like `wip, do not merge`."));
        }
        Ok(Self(words))
    }
}

impl fmt::Display for Words {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.join(", "))
    }
}
serde_as_text!(Words);

/// What is asked of a digest besides its repositories and its times.
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub(super) struct Shape {
    /// Only what this holds for: "into:main AND NOT author:ada"
    #[arg(long = "where", value_name = "FILTER")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filter: Option<String>,
    /// Leave drafts out
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ignore_drafts: bool,
    /// Only what is at least so old, in working time: 2d
    #[arg(long, value_name = "HOW-LONG")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_age: Option<HowLong>,
    /// Only what nobody touched for so long, in working time: 1d
    #[arg(long, value_name = "HOW-LONG")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    min_stale: Option<HowLong>,
    /// Leave out what has so many approvals
    #[arg(long, value_name = "N")]
    #[serde(default, deserialize_with = "number::deserialize", skip_serializing_if = "Option::is_none")]
    ignore_approved: Option<u32>,
    /// After so many reviews it is its author's turn
    #[arg(long, value_name = "N")]
    #[serde(default, deserialize_with = "number::deserialize", skip_serializing_if = "Option::is_none")]
    author_after: Option<u32>,
    /// Leave out titles with one of these: "wip, do not merge"
    #[arg(long, value_name = "WORDS")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ignore_words: Option<Words>,
    /// Say nothing when nothing waits
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    silent: bool,
}

impl Shape {
    /// As it was asked for.
    pub(super) fn of(wish: &DigestWish) -> Self {
        Self {
            filter: wish.filter.as_ref().map(ToString::to_string),
            ignore_drafts: wish.no_drafts,
            min_age: wish.min_age,
            min_stale: wish.min_stale,
            ignore_approved: wish.approved_by,
            author_after: wish.author_after,
            ignore_words: (!wish.without.is_empty()).then(|| Words(wish.without.clone())),
            silent: wish.silent,
        }
    }

    /// What it asks for, or where its condition does not read.
    pub(super) fn wish(&self) -> Result<DigestWish, Failure> {
        Ok(DigestWish {
            filter: self.filter.as_deref().map(str::parse::<Filter>).transpose().map_err(misread)?,
            no_drafts: self.ignore_drafts,
            min_age: self.min_age,
            min_stale: self.min_stale,
            approved_by: self.ignore_approved,
            author_after: self.author_after,
            without: self.ignore_words.clone().unwrap_or_default().0,
            silent: self.silent,
        })
    }

    /// The same with what is said now taking the place of what was.
    pub(super) fn over(self, before: &DigestWish) -> Result<DigestWish, Failure> {
        let now = self.wish()?;
        Ok(DigestWish {
            filter: now.filter.or_else(|| before.filter.clone()),
            no_drafts: now.no_drafts || before.no_drafts,
            min_age: now.min_age.or(before.min_age),
            min_stale: now.min_stale.or(before.min_stale),
            approved_by: now.approved_by.or(before.approved_by),
            author_after: now.author_after.or(before.author_after),
            without: if now.without.is_empty() { before.without.clone() } else { now.without },
            silent: now.silent || before.silent,
        })
    }

    /// Its fields in a form.
    pub(super) fn fields(&self) -> Vec<Field> {
        let text = |name: &str, label: &str, hint: &str| {
            Field::new(name, label, FieldKind::Text).hint(hint).optional()
        };
        vec![
            text("filter", "Only where", "Like into:main AND NOT author:ada").filled(self.filter.clone()),
            Field::new("ignore_drafts", "Leave drafts out", FieldKind::Flag).ticked(self.ignore_drafts),
            text("min_age", "At least so old", "In working time, like 2d").filled(self.min_age),
            text("min_stale", "Untouched for at least", "In working time, like 1d").filled(self.min_stale),
            text("ignore_approved", "Leave out with so many approvals", "A number, like 2")
                .filled(self.ignore_approved),
            text("author_after", "Its author's turn after so many reviews", "A number, like 1")
                .filled(self.author_after),
            text("ignore_words", "Leave out titles with", "Like wip, do not merge")
                .filled(self.ignore_words.clone()),
            Field::new("silent", "Say nothing when nothing waits", FieldKind::Flag).ticked(self.silent),
        ]
    }
}

/// What is left out, as a sentence; none where all is shown.
pub(super) fn spoken(wish: &DigestWish) -> Option<Line> {
    let mut parts: Vec<Line> = Vec::new();
    let mut say = |text: String| parts.push(Line::new().text(text));
    if wish.no_drafts {
        say("no drafts".to_owned());
    }
    if let Some(age) = wish.min_age {
        say(format!("at least {age} old"));
    }
    if let Some(stale) = wish.min_stale {
        say(format!("untouched for at least {stale}"));
    }
    match wish.approved_by {
        Some(1) => say("nothing that is approved".to_owned()),
        Some(many) => say(format!("nothing with {many} approvals")),
        None => {}
    }
    match wish.author_after {
        Some(1) => say("its author's turn after 1 review".to_owned()),
        Some(many) => say(format!("its author's turn after {many} reviews")),
        None => {}
    }
    if !wish.without.is_empty() {
        say(format!("no titles with {}", wish.without.join(", ")));
    }
    if wish.silent {
        say("nothing said when nothing waits".to_owned());
    }
    if let Some(filter) = &wish.filter {
        parts.insert(0, Line::new().text("only where ").code(filter.to_string()));
    }
    let mut parts = parts.into_iter();
    let first = parts.next()?;
    Some(parts.fold(first, |line, part| line.text("; ").join(part)))
}
