//! `pr comment`: say something about a pull request, as you.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked};
use super::spoken;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::comment::NewComment;
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::PrRef;

/// Comment on a pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Comment {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    /// What to say
    #[arg(value_name = "TEXT", trailing_var_arg = true, allow_hyphen_values = true)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    /// The same, written in a form.
    #[arg(skip)]
    #[serde(default)]
    text: Option<String>,
}

impl Runs for Comment {
    const NAME: &'static str = "pr.comment";
    const EXAMPLE: &'static str = "pr comment web/api#42 \"Looks good to me\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        if self.pr.is_some() && !self.said().is_empty() {
            return None;
        }
        let does = Action::of(Self::NAME, self);
        let mut form = about::form("Comment", "Comment", self.pr.as_ref(), does);
        let text = Field::new("text", "Comment", FieldKind::LongText).hint("Markdown works");
        form.fields.push(text.filled(Some(self.said()).filter(|said| !said.is_empty())));
        Some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let about = About::seen(cx, self.pr.as_ref()).await?;
        let text = spoken::plain(cx, &about.name.repo.instance, &self.said()).await?;
        if text.is_empty() {
            return Err(Failure::told("What do you want to say?"));
        }
        let written = about.write(cx, &NewComment { text, ..NewComment::default() }).await?;
        let pr = about.refresh(cx).await?;
        let line = Line::new().link("Your comment", about.bitbucket.comment_url(&pr, written.id));
        Ok(Message::line(linked(line.text(" is on "), &pr).text(".")))
    }
}

impl Comment {
    fn said(&self) -> String {
        self.text.clone().unwrap_or_else(|| self.words.join(" "))
    }
}
