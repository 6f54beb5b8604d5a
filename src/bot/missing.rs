//! What is done where Bitbucket has nothing of that name: a repository that was renamed or moved is followed,
//! and for a slip the nearest names are offered.

use super::reference::Sought;
use super::{Context, Failure, Outcome};
use crate::bitbucket::{Error, Said};
use crate::words::message::{Action, Line, Message};
use crate::words::names::RepoName;
use crate::words::near::{distance, is_near};

/// How many names are offered for one that is none.
const OFFERED: usize = 3;

impl Context<'_> {
    /// What to ask instead of what came to this: the same under the repository's new name, or else nothing.
    /// Where a slip is likely, the failure says what may have been meant.
    pub async fn instead(&self, failure: Failure) -> Result<Action, Failure> {
        let (Failure::Told(said), Some(meant)) = (&failure, self.trail.meant()) else {
            return Err(failure);
        };
        if !(is_absence(said) || self.trail.is_lost()) {
            return Err(failure);
        }
        if let Some(asked) = self.trail.repo() {
            match self.present(&asked).await {
                Some(found) if found.to_string().eq_ignore_ascii_case(&asked.to_string()) => {
                    return Err(failure);
                }
                Some(found) => {
                    self.trail.calls(&asked, &found);
                    return self.again_with(&meant, &found).ok_or(failure);
                }
                None => {}
            }
        }
        let near = self.near(&meant.repo.slug, meant.repo.owner.as_deref()).await;
        if near.is_empty() {
            return Err(failure);
        }
        let asks = if near.len() == 1 { "Did you mean this one?" } else { "Did you mean one of these?" };
        Err(Failure::Told(Box::new(self.offer(said.as_ref().clone().and(asks), &meant, &near))))
    }

    /// An answer that says, where it is so, what the repository is called now.
    pub fn with_news(&self, message: Message) -> Message {
        match self.trail.moved() {
            Some((old, new)) => message.fact(
                Line::new()
                    .code(old.short())
                    .text(" is called ")
                    .code(new.short())
                    .text(" on Bitbucket now."),
            ),
            None => message,
        }
    }

    /// Where a channel's own repository is called otherwise now, it is the same one that is meant.
    async fn keep_own(&self) -> Result<(), Failure> {
        let Some((old, new)) = self.trail.moved() else { return Ok(()) };
        let mut tx = self.bot.store.begin().await?;
        tx.rename_channel_repo(&self.caller.user.team, &old, &new).await?;
        Ok(tx.commit().await?)
    }

    /// What Bitbucket calls it, if it is there.
    async fn present(&self, asked: &RepoName) -> Option<RepoName> {
        let bitbucket = self.bitbucket(&asked.instance).await.ok()?;
        bitbucket.repository(asked).await.ok().map(|found| found.name)
    }

    /// The names that may have been meant, the nearest first; none where asking fails.
    async fn near(&self, slug: &str, owner: Option<&str>) -> Vec<RepoName> {
        let Ok(places) = self.places().await else {
            return Vec::new();
        };
        let mut found = self.seek(&places, &Sought::Like(slug)).await.unwrap_or_default();
        let holds = |name: &RepoName| {
            let (theirs, typed) = (name.slug.to_lowercase(), slug.to_lowercase());
            typed.len() > 2 && (theirs.contains(&typed) || typed.contains(&theirs))
        };
        found.retain(|name| is_near(slug, &name.slug) || holds(name));
        found.sort_by_key(|name| {
            let elsewhere = owner.map_or(0, |owner| distance(owner, &name.owner));
            (distance(slug, &name.slug) + elsewhere, name.to_string())
        });
        found.dedup();
        found.truncate(OFFERED);
        found
    }
}

/// Runs what is asked instead, where there is something; one time only.
pub async fn or_instead<F: Future<Output = Outcome> + Send>(
    cx: &Context<'_>,
    outcome: Outcome,
    again: impl FnOnce(Action) -> F,
) -> Outcome {
    let outcome = match outcome {
        Err(failure) => match cx.instead(failure).await {
            Ok(action) => again(action).await,
            Err(failure) => Err(failure),
        },
        done => done,
    };
    let message = outcome?;
    cx.keep_own().await?;
    Ok(cx.with_news(message))
}

fn is_absence(said: &Message) -> bool {
    let absent = Error::NotFound(Said::default()).to_string();
    said.lines.first().is_some_and(|line| line.plain() == absent)
}
