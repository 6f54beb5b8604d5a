//! Who may do what in a repository or its project: shown, given for as long as it is needed, and taken away.

pub mod grant;
mod group;
pub mod list;
pub mod request;
pub mod review;
pub mod revoke;

use std::time::Duration;

use super::whom::{Around, exact};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure};
use crate::store::{Grant, GrantState};
use crate::words::access::{Ground, Level, RightChange, Source};
use crate::words::how_long::HowLong;
use crate::words::message::{Action, Choice, Field, FieldKind, Line};
use crate::words::names::{RepoName, RepoRef};
use crate::words::pull_request::Person;
use crate::words::whom::Whom;

/// So long a token lives at most.
const A_YEAR: Duration = Duration::from_hours(366 * 24);

/// A right on its way: in which repository, on what, whose, and with whose hands.
struct About {
    repo: RepoName,
    ground: Ground,
    bitbucket: Box<dyn Bitbucket>,
    person: Person,
}

impl About {
    /// What is meant. `instead` is the command with another in their place.
    async fn of(
        cx: &Context<'_>,
        (repo, source, who): (&RepoRef, Option<Source>, &Whom),
        instead: impl Fn(Whom) -> Action,
    ) -> Result<Self, Failure> {
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let around = Around { cx, bitbucket: bitbucket.as_ref(), repo: &repo };
        let person = around.one(who, instead).await?;
        let ground = ground(bitbucket.as_ref(), &repo, source).await?;
        Ok(Self { repo, ground, bitbucket, person })
    }

    /// What they were given there itself.
    async fn has(&self) -> bitbucket::Result<Option<Level>> {
        self.bitbucket.right_of(&self.ground, &self.person.id).await
    }

    /// The right of theirs that ends by itself, where they have one.
    async fn standing(&self, cx: &Context<'_>) -> Result<Option<Grant>, Failure> {
        let all = cx.bot.store.grants_on(&self.ground).await?;
        Ok(all.into_iter().find(|grant| grant.what.person == self.person.id))
    }

    /// What a button about them holds.
    fn action(&self, name: &str) -> Action {
        action(name, (&self.repo, self.ground.source()), exact(&self.person))
    }
}

/// What a button about somebody's right holds, or a group's.
fn action(name: &str, (repo, source): (&RepoName, Source), who: String) -> Action {
    let action = Action::named(name).with("repo", repo.to_string());
    let action = if source == Source::Project { action.with("source", source.word()) } else { action };
    action.with("who", who)
}

/// What a right is to be given on, or taken away from.
async fn ground(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    source: Option<Source>,
) -> Result<Ground, Failure> {
    Ok(match source {
        Some(Source::Project) => Ground::Project(bitbucket.project_of(repo).await?),
        Some(Source::Repository) | None => Ground::Repository(repo.clone()),
    })
}

/// Has the channels that asked hear that somebody, or a group, may do this much from now on.
async fn tell(
    cx: &Context<'_>,
    (repo, ground): (&RepoName, &Ground),
    who: &str,
    (level, until): (Option<Level>, Option<i64>),
) -> Result<(), Failure> {
    let at = cx.bot.clock.millis();
    let (repo, project, who) = (repo.clone(), ground.project(), who.to_owned());
    cx.bot.tell_of_right(&cx.caller.user, RightChange { repo, project, who, level, until, at }).await
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
fn level_field(label: &str, levels: &[Level], level: Option<Level>) -> Field {
    let levels = levels.iter().map(|level| Choice::plain(level.word()));
    Field::new("level", label, FieldKind::Choice(levels.collect())).filled(level)
}

/// The field of a form that asks whether it is about the repository alone.
fn source_field(source: Option<Source>) -> Field {
    let choices = Source::ALL.map(|source| {
        let text = match source {
            Source::Repository => "In this repository",
            Source::Project => "In the whole project that it is in",
        };
        Choice { text: text.to_owned(), value: source.to_string() }
    });
    Field::new("source", "Where", FieldKind::Choice(choices.to_vec()))
        .filled(Some(source.unwrap_or(Source::Repository)))
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

/// What it is for, as it was said.
fn what_for(reason: Option<&str>) -> Option<Line> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty())?;
    Some(Line::new().text("What for: ").text(reason))
}

/// Nobody makes repositories in a repository.
fn fits(level: Level, source: Option<Source>) -> Result<(), Failure> {
    if level == Level::Create && source != Some(Source::Project) {
        return Err(Failure::told(
            "`create` is a right in a project; a repository has `read`, `write` and `admin`.",
        ));
    }
    Ok(())
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
