//! `pipeline run`: run a branch's pipeline or a custom one, and be told how it goes.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{here, repo_field};
use super::start::{Start, started};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Field, FieldKind, Form};
use crate::words::names::RepoRef;
use crate::words::pipeline::Variables;

/// Run a pipeline, and be told how it goes
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Run {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// On which branch; on the main one when left out
    #[arg(long, value_name = "BRANCH")]
    #[serde(default)]
    branch: Option<String>,
    /// Which custom pipeline; the branch's own when left out
    #[arg(long, value_name = "NAME")]
    #[serde(default)]
    custom: Option<String>,
    /// What it is told, like TARGET=eu-1,DRY=yes
    #[arg(long = "var", value_name = "KEY=VALUE")]
    #[serde(default)]
    variables: Option<Variables>,
    /// The same, which nobody is to see: sealed, and opened only to be sent.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secrets: Option<String>,
    /// Show it to the whole channel
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    share: bool,
}

impl Runs for Run {
    const NAME: &'static str = "pipeline.run";
    const EXAMPLE: &'static str = "pipeline run web/api --branch main --var TARGET=eu-1";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let text = |name: &str, label: &str, kind: FieldKind| Field::new(name, label, kind).optional();
        (self.repo.is_none() || (self.branch.is_none() && self.custom.is_none())).then(|| Form {
            title: "Run a pipeline".to_owned(),
            submit: "Run it".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                text("branch", "Branch", FieldKind::Lookup("branch".to_owned()))
                    .filled(self.branch.clone())
                    .hint("The main branch when left empty"),
                text("custom", "Custom pipeline", FieldKind::Text)
                    .hint("As bitbucket-pipelines.yml calls it; the branch's own when left empty"),
                text("variables", "Variables", FieldKind::LongText)
                    .filled(self.variables.as_ref())
                    .hint("KEY=value, one on a line"),
                text("secrets", "Secret variables", FieldKind::Secret)
                    .hint("KEY=value, set apart by commas; nobody sees them, and they are kept nowhere open"),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let start = Start {
            branch: given(&self.branch),
            custom: given(&self.custom),
            variables: self.variables.clone().unwrap_or_default(),
            secrets: self.secrets.clone(),
            share: self.share,
        };
        started(cx, &repo, start).await
    }
}
