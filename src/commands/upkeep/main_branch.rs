//! `branch default`: which branch is a repository's main one.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{here, repo_field};
use super::linked;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::RepoRef;
use crate::words::repository::RepositoryChange;

/// Show or change a repository's main branch
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Main {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// The branch that is to be the main one
    #[serde(default)]
    name: Option<String>,
    /// Whether its form is asked for.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ask: bool,
}

impl Runs for Main {
    const NAME: &'static str = "branch.default";
    const EXAMPLE: &'static str = "branch default web/api develop";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn changes(&self) -> Changes {
        if self.name.is_some() { Changes::Bitbucket } else { Changes::Nothing }
    }

    fn form(&self) -> Option<Form> {
        (self.ask && self.name.is_none()).then(|| Form {
            title: "Main branch".to_owned(),
            submit: "Make it the main one".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("name", "Branch", FieldKind::Lookup("branch".to_owned())),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let name = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let bitbucket = cx.bitbucket(&name.instance).await?;
        let now = bitbucket.repository(&name).await?;
        let change = |label: &str| {
            let ask = Self { repo: Some(name.clone().into()), name: None, ask: true };
            Button::new(label, Action::of(Self::NAME, &ask))
        };
        let Some(wanted) = &self.name else {
            let line = linked(Line::new().text("The main branch of "), &now);
            let line = match &now.main_branch {
                Some(main) => line.text(" is ").code(main).text("."),
                None => line.text(" is yet to be made."),
            };
            return Ok(Message::line(line).button(change("Change it")));
        };
        if now.main_branch.as_ref() == Some(wanted) && !cx.again {
            let line = Line::new().code(wanted).text(" is the main branch of ");
            return Ok(Message::line(linked(line, &now).text(" already.")));
        }
        if !bitbucket.branches(&name, wanted, 100).await?.iter().any(|branch| branch.name == *wanted) {
            let line = Line::new().bold(name.short()).text(" has no branch ").code(wanted).text(".");
            return Err(Failure::Told(Box::new(Message::line(line).button(change("Choose one")))));
        }
        let to = RepositoryChange { main_branch: Some(wanted.clone()), ..RepositoryChange::default() };
        let changed = bitbucket.update_repository(&name, &to).await?;
        let line = Line::new().code(wanted).text(" is the main branch of ");
        let message = Message::line(linked(line, &changed).text(" now."));
        Ok(match now.main_branch.filter(|before| before != wanted) {
            Some(before) => {
                let undo = Self { repo: Some(name.clone().into()), name: Some(before.clone()), ask: false };
                message.button(Button::new(format!("Back to {before}"), Action::of(Self::NAME, &undo)))
            }
            None => message,
        })
    }
}
