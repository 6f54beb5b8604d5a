//! `commits`: what was committed lately.

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::views::listing;
use crate::words::commit::CommitFilter;
use crate::words::names::RepoRef;

/// List the latest commits
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Commits {
    /// The repository, like web/api
    repo: RepoRef,
    /// Of this branch; the main one when left out
    #[arg(long)]
    #[serde(default)]
    branch: Option<String>,
    /// How many, 30 at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=30))]
    #[serde(default = "ten")]
    limit: u16,
}

fn ten() -> u16 {
    10
}

impl Runs for Commits {
    const NAME: &'static str = "commits";
    const EXAMPLE: &'static str = "commits web/api --branch main";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = cx.repo(&self.repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let limit = usize::from(self.limit.clamp(1, 30));
        let commits = bitbucket.commits(&repo, &CommitFilter::of(self.branch.as_deref()), limit).await?;
        Ok(listing::commits(&repo, self.branch.as_deref(), &commits))
    }
}
