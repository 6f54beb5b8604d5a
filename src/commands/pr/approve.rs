//! `pr approve`: approve a pull request, as you.

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Line, Message};
use crate::words::names::PrRef;

/// Approve a pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Approve {
    /// The pull request, like web/api#42
    pr: PrRef,
}

impl Runs for Approve {
    const NAME: &'static str = "pr.approve";
    const EXAMPLE: &'static str = "pr approve web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let name = cx.pr(&self.pr).await?;
        let bitbucket = cx.bitbucket(&name.repo.instance).await?;
        bitbucket.approve(&name).await?;
        let pr = bitbucket.pull_request(&name).await?;
        cx.keep_true(&pr).await?;
        Ok(Message::line(
            Line::new()
                .text("You approved ")
                .link(format!("{} {}", name.short(), pr.title), &pr.url)
                .text("."),
        ))
    }
}
