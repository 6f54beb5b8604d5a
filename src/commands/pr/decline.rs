//! `pr decline`: close a pull request without merging it; a form asks why.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked};
use super::acts;
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::comment::NewComment;
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::PrRef;
use crate::words::pull_request::State;

/// Decline a pull request; a form asks why
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Decline {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    /// Why, said as a comment
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    reason: Option<String>,
}

impl Runs for Decline {
    const NAME: &'static str = "pr.decline";
    const EXAMPLE: &'static str = "pr decline web/api#42 --reason \"Done elsewhere\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        if self.pr.is_some() && self.reason.is_some() {
            return None;
        }
        // What its fields hold is theirs to say.
        let does = Action::of(Self::NAME, &Self { pr: self.pr.clone(), reason: None });
        let mut form = about::form("Decline a pull request", "Decline", self.pr.as_ref(), does);
        let reason = Field::new("reason", "Why?", FieldKind::LongText);
        let reason = reason.filled(self.reason.clone()).hint("Said as your comment on Bitbucket");
        form.fields.push(reason.optional());
        Some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let subject = About::of(cx, self.pr.as_ref()).await?;
        let before = subject.look().await?;
        let pr = if cx.again && before.state == State::Declined {
            // An earlier attempt got through before it could say so.
            before
        } else {
            subject.open(cx).await?;
            let reason = self.reason.filter(|text| !text.trim().is_empty());
            let unsaid = match reason {
                Some(text) if subject.written(cx, &saying(&text)).await?.is_some() => None,
                reason => reason,
            };
            let declined = subject.bitbucket.decline(&subject.name, unsaid.as_deref()).await;
            subject.or_why(cx, declined).await?
        };
        cx.keep_true(&pr).await?;
        let message = Message::line(linked(Line::new().text("You declined "), &pr).text("."));
        if !subject.bitbucket.reopens() {
            return Ok(message);
        }
        Ok(message.button(Button::new("Reopen", acts::on("pr.reopen", &pr.name).with("here", true))))
    }
}

fn saying(text: &str) -> NewComment {
    NewComment { text: text.to_owned(), ..NewComment::default() }
}
