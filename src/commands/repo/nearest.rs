//! What was probably meant by a branch, tag or commit that is not there.

use futures_util::future;

use crate::bitbucket::{self, Bitbucket};
use crate::bot::Failure;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::RepoName;
use crate::words::near::distance;

/// How many names are looked through.
const MOST: usize = 100;
/// How many are offered.
const OFFERED: usize = 3;

/// A name that may not be there, and where it was looked for.
pub struct Wanted<'a> {
    /// The asker's own hands.
    pub bitbucket: &'a dyn Bitbucket,
    /// Where.
    pub repo: &'a RepoName,
    /// The branch, tag or commit.
    pub name: &'a str,
}

impl Wanted<'_> {
    /// Why Bitbucket refused: if it was for want of that name, the nearest ones are offered, each with the
    /// command that `instead` makes of it.
    pub async fn or_nearest(&self, error: bitbucket::Error, instead: impl Fn(&str) -> Action) -> Failure {
        if !matches!(error, bitbucket::Error::NotFound(_) | bitbucket::Error::Refused(_)) {
            return error.into();
        }
        match self.names().await {
            Ok(names) if !names.iter().any(|name| name == self.name) => self.nobody(&names, instead),
            Err(trouble @ (bitbucket::Error::Down(_) | bitbucket::Error::Slow { .. })) => trouble.into(),
            _ => error.into(),
        }
    }

    /// What there is: branches first, the latest changed before others.
    async fn names(&self) -> bitbucket::Result<Vec<String>> {
        let branches = self.bitbucket.branches(self.repo, "", MOST);
        let tags = self.bitbucket.tags(self.repo, "", MOST);
        let (branches, tags) = future::try_join(branches, tags).await?;
        let branches = branches.into_iter().map(|branch| branch.name);
        Ok(branches.chain(tags.into_iter().map(|tag| tag.name)).collect())
    }

    fn nobody(&self, names: &[String], instead: impl Fn(&str) -> Action) -> Failure {
        let line = Line::new().bold(self.repo.short()).text(" has no branch, tag or commit ").code(self.name);
        let near = near(names, self.name);
        if near.is_empty() {
            return Failure::Told(Box::new(Message::line(line.text("."))));
        }
        let message = Message::line(line.text(". Did you mean:"));
        let offer = |message: Message, name: &&String| message.button(Button::new(*name, instead(name)));
        Failure::Told(Box::new(near.iter().fold(message, offer)))
    }
}

/// The names most like this one, the likest first.
fn near<'a>(names: &'a [String], wanted: &str) -> Vec<&'a String> {
    let wanted = wanted.to_lowercase();
    let far = |name: &str| {
        let name = name.to_lowercase();
        if name.contains(&wanted) || wanted.contains(&name) {
            return Some(1);
        }
        let leaf = name.rsplit('/').next().unwrap_or(&name).to_owned();
        let steps = distance(&name, &wanted).min(distance(&leaf, &wanted) + 1);
        (steps <= wanted.chars().count().div_ceil(3)).then_some(steps)
    };
    let mut near: Vec<(usize, &String)> =
        names.iter().filter_map(|name| far(name).map(|steps| (steps, name))).collect();
    near.sort_by_key(|(steps, _)| *steps);
    near.into_iter().take(OFFERED).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_seen_through() {
        let names = ["main", "limit-rate", "feature/limits", "release/1.2"].map(str::to_owned);
        for (wanted, found) in [
            ("mian", vec!["main"]),
            ("limit-rat", vec!["limit-rate"]),
            ("Limits", vec!["feature/limits"]),
            ("1.2", vec!["release/1.2"]),
            ("nothing-like-it", vec![]),
        ] {
            assert_eq!(near(&names, wanted), found, "{wanted}");
        }
    }
}
