//! `repo archive`: keep a repository as it is, for reading only.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::linked;
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::RepoRef;
use crate::words::repository::RepositoryChange;

/// Keep a repository as it is, for reading only
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Archive {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Let it be changed again
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    undo: bool,
}

impl Runs for Archive {
    const NAME: &'static str = "repo.archive";
    const EXAMPLE: &'static str = "repo archive web/old-service";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        self.repo.is_none().then(|| Form {
            title: "Archive a repository".to_owned(),
            submit: "Archive it".to_owned(),
            intro: vec![Line::from("It can be read as before; nobody can change anything in it.")],
            fields: vec![repo_field(None)],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let Some(repo) = &self.repo else {
            return Err(missing("Which repository? Nothing was archived."));
        };
        let name = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&name.instance).await?;
        let change = RepositoryChange { archived: Some(!self.undo), ..RepositoryChange::default() };
        let now = bitbucket.repository(&name).await?;
        let changed = if now.archived != self.undo && !cx.again {
            let line = linked(Line::new(), &now);
            let says =
                if self.undo { " is not archived; nothing was changed." } else { " is archived already." };
            return Ok(Message::line(line.text(says)));
        } else {
            bitbucket.update_repository(&name, &change).await?
        };
        let line = linked(Line::new(), &changed);
        let line = if self.undo {
            line.text(" can be changed again.")
        } else {
            line.text(" is archived: it can be read, and nothing in it changes any more.")
        };
        let back = Self { repo: Some(name.into()), undo: !self.undo };
        let label = if self.undo { "Archive it again" } else { "Let it be changed again" };
        Ok(Message::line(line).button(Button::new(label, Action::of(Self::NAME, &back))))
    }
}
