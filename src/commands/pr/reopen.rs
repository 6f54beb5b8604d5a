//! `pr reopen`: open a declined pull request again, where Bitbucket can.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked, told};
use super::acts::said;
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Form, Line};
use crate::words::names::PrRef;
use crate::words::pull_request::State;

/// Open a declined pull request again
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Reopen {
    /// The pull request, like web/api#42; a form asks when left out
    #[serde(default)]
    pr: Option<PrRef>,
    /// Its button stands on a message about this pull request alone.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    here: bool,
}

impl Runs for Reopen {
    const NAME: &'static str = "pr.reopen";
    const EXAMPLE: &'static str = "pr reopen web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let missing = self.pr.is_none();
        missing.then(|| about::form("Reopen a pull request", "Reopen", None, Action::named(Self::NAME)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let subject = About::of(cx, self.pr.as_ref()).await?;
        let before = subject.look().await?;
        let pr = match before.state {
            // An earlier attempt got through before it could say so.
            State::Open if cx.again => before,
            State::Open => {
                cx.keep_true(&before).await?;
                return Err(told(linked(Line::new(), &before).text(" is open already.")));
            }
            State::Merged | State::Superseded | State::Deleted => {
                return Err(subject.over(cx, before).await?);
            }
            State::Declined => subject.bitbucket.reopen(&subject.name).await?,
        };
        cx.keep_true(&pr).await?;
        Ok(said(linked(Line::new().text("You opened "), &pr).text(" again."), self.here))
    }
}
