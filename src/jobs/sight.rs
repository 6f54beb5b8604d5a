//! Whether somebody's eyes, or the bot's own, see a repository, and how long that counts.

use super::Turn;
use super::look::PATIENCE;
use crate::bitbucket;
use crate::bot::Failure;
use crate::words::names::{RepoName, SlackUser};

/// How long a refusal is kept.
pub(super) const A_WHILE: i64 = 10 * 60 * 1000;
/// How long an answer is kept.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;
/// How long it is remembered that somebody once read a repository.
const YEAR: i64 = 365 * DAY;

/// How a repository looks to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// They see it.
    Sees,
    /// Their account may not read it.
    Refused,
    /// They have no account, or are not here any more.
    Gone,
    /// Bitbucket does not say now.
    Unsure,
}

/// What an answer says of somebody's eyes.
pub(super) fn of<T>(turn: &Turn<'_>, answer: bitbucket::Result<T>) -> Result<Sight, Failure> {
    use bitbucket::Error as E;
    match answer {
        Ok(_) => Ok(Sight::Sees),
        Err(error @ (E::Slow { .. } | E::Down(_))) if turn.claim.attempt < PATIENCE => Err(error.into()),
        Err(E::Slow { .. } | E::Down(_) | E::Unreadable(_) | E::InDoubt(_)) => Ok(Sight::Unsure),
        Err(E::SignIn(_)) => Ok(Sight::Gone),
        Err(_) => Ok(Sight::Refused),
    }
}

/// A right that is given is soon seen; one that is taken away, within a day.
pub(super) async fn keep(turn: &Turn<'_>, what: &str, sight: Sight) -> Result<(), Failure> {
    let (answer, counts) = match sight {
        Sight::Sees => ("yes", DAY),
        Sight::Refused => ("no", A_WHILE),
        Sight::Gone | Sight::Unsure => return Ok(()),
    };
    Ok(turn.bot.store.keep_known(what, answer, turn.bot.clock.millis() + counts).await?)
}

fn once(repo: &RepoName, user: &SlackUser) -> String {
    format!("once-read:{}:{}:{repo}", user.team, user.id)
}

/// Remembers that somebody was seen to read a repository.
pub(super) async fn keep_once(turn: &Turn<'_>, repo: &RepoName, user: &SlackUser) -> Result<(), Failure> {
    Ok(turn.bot.store.keep_known(&once(repo, user), "yes", turn.bot.clock.millis() + YEAR).await?)
}

/// Whether somebody was seen to read a repository, lately or long ago.
pub(super) async fn once_read(turn: &Turn<'_>, repo: &RepoName, user: &SlackUser) -> Result<bool, Failure> {
    Ok(turn.bot.store.known(&once(repo, user)).await?.is_some())
}

/// Whether the bot has eyes of its own there.
pub(super) fn has_service(turn: &Turn<'_>, repo: &RepoName) -> Result<bool, Failure> {
    Ok(turn.bot.site(&repo.instance)?.as_service_in(&repo.owner).is_some())
}

/// Whether the bot's own credential reads a repository; looked up again every day.
pub(super) async fn service_reads(turn: &Turn<'_>, repo: &RepoName) -> Result<bool, Failure> {
    let what = format!("reads:::{repo}");
    if let Some(known) = turn.bot.store.known(&what).await? {
        return Ok(known == "yes");
    }
    let site = turn.bot.site(&repo.instance)?.in_background();
    let Some(service) = site.as_service_in(&repo.owner) else {
        return Ok(false);
    };
    let sight = of(turn, service.repository(repo).await)?;
    keep(turn, &what, sight).await?;
    Ok(matches!(sight, Sight::Sees | Sight::Unsure))
}
