//! `deployments`: what was deployed where, by whom and when.

use std::collections::BTreeSet;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{here, which_repo};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Form, Line, Message};
use crate::words::names::RepoRef;
use crate::words::pipeline::Deployment;

/// How many are looked through.
const MOST: usize = 100;
/// How many are shown below what stands where.
const BEFORE: usize = 5;

/// Show what was deployed where
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Deployments {
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

impl Runs for Deployments {
    const NAME: &'static str = "deployments";
    const EXAMPLE: &'static str = "deployments web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        let asks = self.ask && self.repo.is_none();
        asks.then(|| which_repo("Deployments", "Show", Action::of(Self::NAME, self)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let mut all = cx.bitbucket(&repo.instance).await?.deployments(&repo, MOST).await?;
        all.sort_by_key(|one| std::cmp::Reverse(one.at));
        if all.is_empty() {
            let line = Line::new().text("Nothing was deployed from ").bold(repo.short()).text(".");
            return Ok(self.shown.deliver(cx, Message::line(line)));
        }
        let mut places = BTreeSet::new();
        let (now, before): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|one| places.insert(one.environment.clone()));
        let head = Message::line(Line::new().text("What stands where, from ").bold(repo.short()).text(":"));
        let message = now.iter().map(line).fold(head, Message::and);
        let message = if before.is_empty() {
            message
        } else {
            before.iter().take(BEFORE).map(line).fold(message.and("Before that:"), Message::and)
        };
        Ok(self.shown.deliver(cx, message))
    }
}

/// `production: #12 at 0123456 · successful · by ada, 2026-11-21 08:00`
fn line(one: &Deployment) -> Line {
    let line = Line::new().text("• ").bold(&one.environment).text(": ");
    let release = one.release.clone().unwrap_or_else(|| "something".to_owned());
    let line = match &one.url {
        Some(url) => line.link(release, url),
        None => line.text(release),
    };
    let line = match one.hash.as_deref().map(|hash| hash.get(..7).unwrap_or(hash)) {
        Some(hash) => line.text(" at ").code(hash),
        None => line,
    };
    let line = line.text(format!(" · {}", one.state));
    let line = one.by.iter().fold(line, |line, by| line.text(format!(" · by {by}")));
    one.at.into_iter().fold(line, |line, at| line.text(" · ").moment(at))
}
