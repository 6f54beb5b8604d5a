//! `pr needs-work`: ask for changes, with a word on which, and take that back.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked, told};
use super::acts::{self, said};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::views::card;
use crate::words::comment::NewComment;
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::PrRef;
use crate::words::pull_request::{PullRequest, Verdict};

/// Say that a pull request needs work; a form asks what
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct NeedsWork {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    /// What should change, said as a comment
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    comment: Option<String>,
    /// No longer ask for changes
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    withdraw: bool,
    /// Its button stands on a message about this pull request alone.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    here: bool,
}

impl Runs for NeedsWork {
    const NAME: &'static str = "pr.needs-work";
    const EXAMPLE: &'static str = "pr needs-work web/api#42 --comment \"The limit is missing\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        if self.pr.is_some() && (self.comment.is_some() || self.withdraw) {
            return None;
        }
        // What its fields hold is theirs to say.
        let does = Action::of(Self::NAME, &Self { comment: None, ..self.clone() });
        if self.withdraw {
            return Some(about::form("Withdraw needs work", "Withdraw", None, does));
        }
        let mut form = about::form("Needs work", "Needs work", self.pr.as_ref(), does);
        let comment = Field::new("comment", "What should change?", FieldKind::LongText);
        let comment = comment.filled(self.comment.clone()).hint("Said as your comment on Bitbucket");
        form.fields.push(comment.optional());
        Some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let subject = About::of(cx, self.pr.as_ref()).await?;
        let before = subject.open(cx).await?;
        let asked = subject.said_by_me(cx, &before).await? == Some(Verdict::NeedsWork);
        let comment = self.comment.filter(|text| !text.trim().is_empty());
        let bitbucket = &subject.bitbucket;
        match (self.withdraw, asked && !cx.again, comment) {
            (true, ..) if asked || cx.again => {
                subject.or_why(cx, bitbucket.withdraw_request(&subject.name).await).await?;
                let pr = subject.refresh(cx).await?;
                let message = said(
                    linked(Line::new().text("You no longer ask for changes on "), &pr).text("."),
                    self.here,
                );
                Ok(message.button(card::approve(&pr.name)).button(card::needs_work(&pr.name)))
            }
            (true, ..) => {
                cx.keep_true(&before).await?;
                Err(told(linked(Line::new().text("You have not asked for changes on "), &before).text(".")))
            }
            (false, true, None) => {
                cx.keep_true(&before).await?;
                Ok(asked_for(&before, " already."))
            }
            (false, _, comment) => {
                if !asked {
                    subject.or_why(cx, bitbucket.request_changes(&subject.name).await).await?;
                }
                let pr = subject.refresh(cx).await?;
                explain(cx, &subject, &pr, comment).await
            }
        }
    }
}

/// Says why, once, and what came of it all.
async fn explain(
    cx: &Context<'_>,
    subject: &About,
    pr: &PullRequest,
    comment: Option<String>,
) -> Result<Message, Failure> {
    let Some(text) = comment else {
        return Ok(asked_for(pr, "."));
    };
    subject.write(cx, &NewComment { text, ..NewComment::default() }).await?;
    Ok(asked_for(pr, " and said why."))
}

fn asked_for(pr: &PullRequest, how: &str) -> Message {
    let undo = acts::undo(acts::on(NeedsWork::NAME, &pr.name).with("withdraw", true));
    Message::line(linked(Line::new().text("You asked for changes on "), pr).text(how)).button(undo)
}
