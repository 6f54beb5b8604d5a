//! Who may do what in a repository: shown, given for as long as it is needed, and taken away.

pub mod grant;
mod group;
pub mod list;
pub mod request;
pub mod review;
pub mod revoke;

use std::time::Duration;

use super::whom::{Around, exact};
use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure};
use crate::store::{Grant, GrantState};
use crate::words::access::{Level, RightChange};
use crate::words::how_long::HowLong;
use crate::words::message::{Action, Choice, Field, FieldKind};
use crate::words::names::{RepoName, RepoRef};
use crate::words::pull_request::Person;
use crate::words::whom::Whom;

/// So long a token lives at most.
const A_YEAR: Duration = Duration::from_hours(366 * 24);

/// A right on its way: in which repository, whose, and with whose hands.
struct About {
    repo: RepoName,
    bitbucket: Box<dyn Bitbucket>,
    person: Person,
}

impl About {
    /// What is meant. `instead` is the command with another in their place.
    async fn of(
        cx: &Context<'_>,
        (repo, who): (&RepoRef, &Whom),
        instead: impl Fn(Whom) -> Action,
    ) -> Result<Self, Failure> {
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let around = Around { cx, bitbucket: bitbucket.as_ref(), repo: &repo };
        let person = around.one(who, instead).await?;
        Ok(Self { repo, bitbucket, person })
    }

    /// The right of theirs that ends by itself, where they have one.
    async fn standing(&self, cx: &Context<'_>) -> Result<Option<Grant>, Failure> {
        let all = cx.bot.store.grants_in(&self.repo).await?;
        Ok(all.into_iter().find(|grant| grant.what.person == self.person.id))
    }

    /// What a button about them holds.
    fn action(&self, name: &str) -> Action {
        Action::named(name).with("repo", self.repo.to_string()).with("who", exact(&self.person))
    }
}

/// Has the channels that asked hear that somebody, or a group, may do this much from now on.
async fn tell(
    cx: &Context<'_>,
    repo: &RepoName,
    who: &str,
    (level, until): (Option<Level>, Option<i64>),
) -> Result<(), Failure> {
    let at = cx.bot.clock.millis();
    let (repo, who) = (repo.clone(), who.to_owned());
    cx.bot.tell_of_right(&cx.caller.user, RightChange { repo, who, level, until, at }).await
}

/// Says what has become of a right that ends by itself.
async fn settle(cx: &Context<'_>, grant: i64, state: GrantState) -> Result<(), Failure> {
    let mut tx = cx.bot.store.begin().await?;
    tx.settle_grant(grant, state).await?;
    Ok(tx.commit().await?)
}

/// The field of a form that asks whom it is about.
fn who_field(who: Option<&Whom>) -> Field {
    Field::new("who", "Who", FieldKind::Lookup("person".to_owned())).filled(who)
}

/// The field of a form that asks how much.
fn level_field(label: &str, level: Option<Level>) -> Field {
    let levels = Level::ALL.map(|level| Choice::plain(level.word()));
    Field::new("level", label, FieldKind::Choice(levels.to_vec())).filled(level)
}

/// The field of a form that asks for how long.
fn lasts_field(lasts: Option<HowLong>) -> Field {
    Field::new("lasts", "For how long", FieldKind::Text)
        .filled(lasts)
        .hint("Like 8h, 3d or 2w; for good when left empty")
        .optional()
}

/// The field of a form that asks what for.
fn reason_field(reason: Option<String>) -> Field {
    Field::new("reason", "What for", FieldKind::Text).filled(reason).optional()
}

/// A right is given for longer than anybody's token lives only for good: nobody could end it in time.
fn longest(lasts: Option<HowLong>) -> Result<(), Failure> {
    if lasts.is_some_and(|lasts| lasts.0 > A_YEAR) {
        return Err(Failure::told(
            "No token lives longer than a year, so nobody could take it away in time. Give it for less, or for good.",
        ));
    }
    Ok(())
}
