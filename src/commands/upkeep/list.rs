//! `repo list`: repositories one can see.

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::short::clipped;
use crate::words::commit::Repository;
use crate::words::message::{Action, Button, Line, Message};

/// How many are looked through.
const MOST: usize = 500;
/// How many stand on a page.
const PER_PAGE: usize = 12;
/// How much of a description stands in a row.
const DESCRIPTION: usize = 80;

/// List the repositories you can see
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct List {
    /// Only those whose name holds this; web/ for those of the workspace or project web
    #[serde(default)]
    name: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for List {
    const NAME: &'static str = "repo.list";
    const EXAMPLE: &'static str = "repo list web/";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let typed = self.name.as_deref().unwrap_or_default().trim();
        let (mut found, mut trouble) = (Vec::new(), None);
        for instance in cx.places().await? {
            let answer = match cx.bitbucket(&instance).await {
                Ok(bitbucket) => bitbucket.find_repositories(typed, MOST).await.map_err(Failure::from),
                Err(failure) => Err(failure),
            };
            match answer {
                Ok(some) => found.extend(some),
                Err(failure) => trouble = Some(failure),
            }
        }
        // One Bitbucket that does not answer must not hide what another holds.
        if let Some(failure) = trouble.filter(|_| found.is_empty()) {
            return Err(failure);
        }
        let rows = found.iter().skip(self.shown.from(PER_PAGE)).take(PER_PAGE);
        let head = match (found.len(), typed) {
            (0, "") => Line::new().text("Your accounts show no repository."),
            (0, typed) => {
                Line::new().text("Your accounts show no repository called like ").code(typed).text(".")
            }
            _ => Line::new().text("Repositories you can see, the liveliest first:"),
        };
        let message =
            rows.fold(Message::line(head), |message, repo| message.row(line(repo), Some(show(repo))));
        let create = Button::new("Make a repository", Action::named("repo.create"));
        let more = found.len() > self.shown.from(PER_PAGE) + PER_PAGE;
        let message = self.shown.pages(&Action::of(Self::NAME, &self), message.button(create), more);
        Ok(self.shown.deliver(cx, message))
    }
}

fn line(repo: &Repository) -> Line {
    let line = super::linked(Line::new(), repo);
    let line = if repo.archived { line.text(" · archived") } else { line };
    match &repo.description {
        Some(description) => {
            let first = description.lines().next().unwrap_or_default();
            line.text(format!(" · {}", clipped(first, DESCRIPTION)))
        }
        None => line,
    }
}

fn show(repo: &Repository) -> Button {
    Button::new("Show", Action::named("repo.show").with("repo", repo.name.to_string()))
}
