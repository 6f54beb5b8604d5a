//! `access list`: who may do what in a repository, where they have it from, and until when.

use std::cmp::Reverse;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{here, which_repo};
use super::super::whom::exact;
use super::group;
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::store::Grant;
use crate::words::access::{Holder, Right, Source};
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};

/// How many rights are looked through.
pub(super) const MOST: usize = 1_000;
/// How many stand on a page.
const PER_PAGE: usize = 12;

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
        let mut all = cx.bitbucket(&repo.instance).await?.rights(&repo, MOST).await?;
        let grants = cx.bot.store.grants_in(&repo).await?;
        all.sort_by_key(|right| (Reverse(right.level), right.source == Source::Project, name(right)));
        let begin = self.shown.page().saturating_mul(PER_PAGE);
        let line = Line::new().text("Who may do what in ").bold(repo.short()).text(":");
        let empty = Line::new().text("Nobody was given a right on ").bold(repo.short()).text(" itself.");
        let message = Message::line(if all.is_empty() { empty } else { line });
        let rows = all.iter().skip(begin).take(PER_PAGE);
        let message =
            rows.fold(message, |message, right| message.row(row(right, &grants), revoke(&repo, right)));
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
    let ends = grants.iter().find(|grant| match &right.holder {
        Holder::Person(person) => person.id == grant.what.person,
        Holder::Group(_) => false,
    });
    match (right.source, ends) {
        (Source::Project, _) => line.text(" · by its project"),
        (Source::Repository, Some(grant)) => line.text(" · until ").moment(grant.what.until),
        (Source::Repository, None) => line,
    }
}

/// What was given on the repository itself can be taken away there.
pub(super) fn revoke(repo: &RepoName, right: &Right) -> Option<Button> {
    if right.source != Source::Repository {
        return None;
    }
    let revoke = Action::named("access.revoke").with("repo", repo.to_string());
    let (revoke, name) = match &right.holder {
        Holder::Person(person) => (revoke.with("who", exact(person)), person.name.clone()),
        Holder::Group(name) => (revoke.with("who", group::written(name)), format!("The group {name}")),
    };
    let question = format!("{name} will no longer have {} on {}.", right.level, repo.short());
    Some(Button::new("Revoke", revoke).confirm(question, "Revoke"))
}
