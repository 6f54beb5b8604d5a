//! `protect list`: what the branches of a repository are protected from.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{here, which_repo};
use super::{MOST, action, line};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};
use crate::words::protection::Protection;

/// How many stand on a page.
const PER_PAGE: usize = 12;

/// Show what branches are protected from
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
    const NAME: &'static str = "protect.list";
    const EXAMPLE: &'static str = "protect list web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        let asks = self.ask && self.repo.is_none();
        asks.then(|| which_repo("Protected branches", "Show", Action::of(Self::NAME, self)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let mut all = cx.bitbucket(&repo.instance).await?.protections(&repo, MOST).await?;
        all.sort_by(|one, other| (&one.branches, &one.guard).cmp(&(&other.branches, &other.guard)));
        let head = if all.is_empty() {
            "No branch is protected in "
        } else {
            "What branches are protected from in "
        };
        let end = if all.is_empty() { "." } else { ":" };
        let head = Line::new().text(head).bold(repo.short()).text(end);
        let rows = all.iter().skip(self.shown.from(PER_PAGE)).take(PER_PAGE);
        let message = rows.fold(Message::line(head), |message, one| message.row(line(one), lift(&repo, one)));
        let add = Action::named("protect.add").with("repo", repo.to_string());
        let message = message.button(Button::new("Protect branches", add));
        let more = all.len() > self.shown.from(PER_PAGE) + PER_PAGE;
        let this = Action::of(Self::NAME, &Self { repo: Some(repo.into()), ..self.clone() });
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

/// What was set on the repository itself can be lifted there.
fn lift(repo: &RepoName, one: &Protection) -> Option<Button> {
    if one.by_project {
        return None;
    }
    let question =
        format!("In {}, it will no longer hold that {} {}.", repo.short(), one.branches, one.guard.says());
    let lift = action("protect.remove", repo, &one.branches).with("only", one.guard.to_string());
    Some(Button::new("Lift", lift).confirm(question, "Lift"))
}
