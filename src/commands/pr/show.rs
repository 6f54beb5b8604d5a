//! `pr show`: a pull request as it stands now.

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::views;
use crate::words::names::PrRef;

/// Show a pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Show {
    /// The pull request, like web/api#42
    pr: PrRef,
}

impl Runs for Show {
    const NAME: &'static str = "pr.show";
    const EXAMPLE: &'static str = "pr show web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let name = cx.pr(&self.pr).await?;
        let pr = cx.bitbucket(&name.repo.instance).await?.pull_request(&name).await?;
        cx.keep_true(&pr).await?;
        Ok(views::card::card(&pr))
    }
}
