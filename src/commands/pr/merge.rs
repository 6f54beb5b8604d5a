//! `pr merge`: merge a pull request, as you.

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::merge;
use crate::words::message::{Line, Message};
use crate::words::names::PrRef;
use crate::words::pull_request::State;

/// Merge a pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Merge {
    /// The pull request, like web/api#42
    pr: PrRef,
}

impl Runs for Merge {
    const NAME: &'static str = "pr.merge";
    const EXAMPLE: &'static str = "pr merge web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let name = cx.pr(&self.pr).await?;
        let bitbucket = cx.bitbucket(&name.repo.instance).await?;
        let before = if cx.again { Some(bitbucket.pull_request(&name).await?) } else { None };
        let pr = match before {
            // An earlier attempt got through before it could say so.
            Some(pr) if pr.state == State::Merged => pr,
            _ => bitbucket.merge(&name, &merge::Merge::default()).await?,
        };
        cx.keep_true(&pr).await?;
        let title = format!("{} {}", name.short(), pr.title);
        Ok(Message::line(
            Line::new().text("Merged ").link(title, &pr.url).text(" into ").code(&pr.target).text("."),
        ))
    }
}
