//! `pr approve`: approve a pull request, as you.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked};
use super::acts::{self, said};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Form, Line};
use crate::words::names::PrRef;
use crate::words::pull_request::Verdict;

/// Approve a pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Approve {
    /// The pull request, like web/api#42; a form asks when left out
    #[serde(default)]
    pr: Option<PrRef>,
    /// Its button stands on a message about this pull request alone.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    here: bool,
}

impl Runs for Approve {
    const NAME: &'static str = "pr.approve";
    const EXAMPLE: &'static str = "pr approve web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let missing = self.pr.is_none();
        missing.then(|| about::form("Approve a pull request", "Approve", None, Action::named(Self::NAME)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let subject = About::of(cx, self.pr.as_ref()).await?;
        let before = subject.open(cx).await?;
        let undo = acts::undo(acts::on("pr.unapprove", &before.name));
        if subject.said_by_me(cx, &before).await? == Some(Verdict::Approved) && !cx.again {
            cx.keep_true(&before).await?;
            let line = linked(Line::new().text("You approved "), &before).text(" already.");
            return Ok(said(line, self.here).button(undo));
        }
        subject.or_why(cx, subject.bitbucket.approve(&subject.name).await).await?;
        let pr = subject.refresh(cx).await?;
        Ok(said(linked(Line::new().text("You approved "), &pr).text("."), self.here).button(undo))
    }
}
