//! `repo fork`: make a fork of a repository.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::{linked, new_name, with_steps};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message, Tone};
use crate::words::names::{Place, RepoRef};

/// Make a fork of a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Fork {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Where the fork is to be and what it is to be called, like ada/api
    #[serde(default)]
    into: Option<RepoRef>,
}

impl Runs for Fork {
    const NAME: &'static str = "repo.fork";
    const EXAMPLE: &'static str = "repo fork web/api ada/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        (self.repo.is_none() || self.into.is_none()).then(|| Form {
            title: "Fork a repository".to_owned(),
            submit: "Fork it".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("into", "Where, and what it is called", FieldKind::Text)
                    .filled(self.into.as_ref())
                    .hint("Like ada/api: the workspace or project, and the name"),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(into)) = (&self.repo, &self.into) else {
            return Err(missing("A fork needs a repository and a place of its own. Nothing was made."));
        };
        let from = cx.repo(repo).await?;
        // A fork stays on the Bitbucket it is made from.
        let into = match &into.place {
            Place::Anywhere => RepoRef { place: Place::Instance(from.instance.clone()), ..into.clone() },
            _ => into.clone(),
        };
        let into = new_name(cx, &into, |_| Action::of(Self::NAME, &self)).await?;
        if into.instance != from.instance {
            return Err(Failure::told("A fork stays on the Bitbucket it is made from."));
        }
        let bitbucket = cx.bitbucket(&from.instance).await?;
        let there = if cx.again { bitbucket.repository(&into).await.ok() } else { None };
        let made = match there {
            Some(made) => made,
            None => bitbucket.fork_repository(&from, &into).await?,
        };
        let line = linked(Line::new().text("Made "), &made).text(", a fork of ").bold(from.short()).text(".");
        Ok(with_steps(Message::line(line).tone(Tone::Good), &made))
    }
}
