//! `pipeline rerun`: run the same once more.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::start::{Start, started};
use super::{Meant, Number, which};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Form};
use crate::words::names::RepoRef;
use crate::words::pipeline::Variables;

/// Run a pipeline once more, on its branch as it is now
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Rerun {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Which run, like #12
    #[serde(default)]
    number: Option<Number>,
    /// The same by its id, in a button.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl Runs for Rerun {
    const NAME: &'static str = "pipeline.rerun";
    const EXAMPLE: &'static str = "pipeline rerun web/api #12";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let lacks = self.id.is_none() && (self.repo.is_none() || self.number.is_none());
        lacks.then(|| which("Run it again", "Run it", self.repo.as_ref(), Action::of(Self::NAME, self)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let meant = Meant::of(cx, self.repo.as_ref(), (self.number, self.id.as_deref())).await?;
        if meant.run.branch.is_none() {
            return Err(Failure::told(
                "That run belongs to no branch, so I cannot run it again. Start one on a branch.",
            ));
        }
        let start = Start {
            branch: meant.run.branch.clone(),
            custom: meant.run.custom.clone(),
            variables: Variables::default(),
            secrets: None,
            share: false,
        };
        started(cx, &meant.repo, start).await
    }
}
