//! `access list`: who may do what in a repository, where they have it from, and until when.

use std::cmp::Reverse;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{here, which_repo};
use super::super::whom::exact;
use super::{action, group};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::store::Grant;
use crate::words::access::{Ground, Holder, Right, Source};
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};

/// How many rights are looked through.
pub(super) const MOST: usize = 1_000;
/// How many stand on a page.
const PER_PAGE: usize = 12;
/// So much of what a right is for stands in its row.
const REASON: usize = 60;

/// Show who may do what in a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct List {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Whether its form is asked for.
    #[arg(skip)]
    #[serde(default)]
    ask: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for List {
    const NAME: &'static str = "access.list";
    const EXAMPLE: &'static str = "access list web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        let asks = self.ask && self.repo.is_none();
        asks.then(|| which_repo("Who may do what", "Show", Action::of(Self::NAME, self)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let mut all = bitbucket.rights(&repo, MOST).await?;
        let own = Ground::Repository(repo.clone());
        let mut grants = cx.bot.store.grants_on(&own).await?;
        // Its project is named only where something is shown that it gives.
        let project = if all.iter().any(|right| right.source == Source::Project) {
            Some(Ground::Project(bitbucket.project_of(&repo).await?))
        } else {
            None
        };
        if let Some(project) = &project {
            grants.extend(cx.bot.store.grants_on(project).await?);
        }
        all.sort_by_key(|right| (Reverse(right.level), right.source == Source::Project, name(right)));
        let begin = self.shown.page().saturating_mul(PER_PAGE);
        let line = Line::new().text("Who may do what in ").bold(repo.short()).text(":");
        let empty = Line::new().text("Nobody was given a right on ").bold(repo.short()).text(" itself.");
        let message = Message::line(if all.is_empty() { empty } else { line });
        let rows = all.iter().skip(begin).take(PER_PAGE);
        let message = rows.fold(message, |message, right| {
            let ground = if right.source == Source::Project { project.as_ref() } else { Some(&own) };
            message.row(row(right, &grants), ground.map(|ground| revoke((&repo, ground), right)))
        });
        let grant = Action::named("access.grant").with("repo", repo.to_string());
        let message = message.button(Button::new("Give a right", grant));
        let review = Action::named("access.review").with("repo", repo.to_string());
        let message = if all.is_empty() { message } else { message.button(Button::new("Review", review)) };
        let this = Action::of(Self::NAME, &Self { repo: Some(repo.into()), ..self.clone() });
        let more = all.len() > begin + PER_PAGE;
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

fn name(right: &Right) -> String {
    match &right.holder {
        Holder::Person(person) => person.name.to_lowercase(),
        Holder::Group(name) => name.to_lowercase(),
    }
}

/// `**edsger** write · by its project`
fn row(right: &Right, grants: &[Grant]) -> Line {
    let line = match &right.holder {
        Holder::Person(person) => Line::new().bold(&person.name),
        Holder::Group(name) => Line::new().text("group ").bold(name),
    };
    let line = line.text(" ").code(right.level.word());
    let line = match right.source {
        Source::Project => line.text(" · by its project"),
        Source::Repository => line,
    };
    let ends = grants.iter().find(|grant| match &right.holder {
        Holder::Person(person) => {
            person.id == grant.what.person && grant.what.ground().source() == right.source
        }
        Holder::Group(_) => false,
    });
    let Some(grant) = ends else { return line };
    let line = line.text(" · until ").moment(grant.what.until);
    match grant.what.reason.as_deref() {
        Some(reason) => line.text(format!(" · for: {}", shortened(reason))),
        None => line,
    }
}

/// As much of it as a row has place for.
fn shortened(reason: &str) -> String {
    let mut short: String = reason.chars().take(REASON).collect();
    if reason.chars().count() > REASON {
        short.push('…');
    }
    short
}

/// What was given there itself can be taken away there.
pub(super) fn revoke((repo, ground): (&RepoName, &Ground), right: &Right) -> Button {
    let (who, name) = match &right.holder {
        Holder::Person(person) => (exact(person), person.name.clone()),
        Holder::Group(name) => (group::written(name), format!("The group {name}")),
    };
    let revoke = action("access.revoke", (repo, ground.source()), who);
    let place = match ground {
        Ground::Repository(repo) => repo.short(),
        Ground::Project(project) => format!("the project {} and all that is in it", project.key),
    };
    let question = format!("{name} will no longer have {} on {place}.", right.level);
    Button::new("Revoke", revoke).confirm(question, "Revoke")
}
