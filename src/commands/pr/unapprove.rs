//! `pr unapprove`: take one's approval back.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked, told};
use super::acts::said;
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::views::card;
use crate::words::message::{Action, Form, Line};
use crate::words::names::PrRef;
use crate::words::pull_request::Verdict;

/// Take your approval of a pull request back
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Unapprove {
    /// The pull request, like web/api#42; a form asks when left out
    #[serde(default)]
    pr: Option<PrRef>,
    /// Its button stands on a message about this pull request alone.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    here: bool,
}

impl Runs for Unapprove {
    const NAME: &'static str = "pr.unapprove";
    const EXAMPLE: &'static str = "pr unapprove web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let missing = self.pr.is_none();
        missing.then(|| about::form("Take an approval back", "Take back", None, Action::named(Self::NAME)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let subject = About::of(cx, self.pr.as_ref()).await?;
        let before = subject.open(cx).await?;
        if subject.said_by_me(cx, &before).await? != Some(Verdict::Approved) && !cx.again {
            cx.keep_true(&before).await?;
            return Err(told(linked(Line::new().text("You have not approved "), &before).text(".")));
        }
        subject.or_why(cx, subject.bitbucket.unapprove(&subject.name).await).await?;
        let pr = subject.refresh(cx).await?;
        let message = said(linked(Line::new().text("You no longer approve "), &pr).text("."), self.here);
        Ok(message.button(card::approve(&pr.name)))
    }
}
