//! `pr reply`: answer a comment on a pull request, as you; the form shows what was said last.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, clipped, linked};
use super::number::Number;
use super::spoken;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::sheet::{Marks, Sheet};
use crate::commands::{Changes, Rule, Runs};
use crate::words::comment::{Comment, NewComment};
use crate::words::message::{Action, Choice, Field, FieldKind, Form, Line, Message};
use crate::words::names::PrRef;

/// How many comments the form shows.
const SHOWN: usize = 5;
/// How many it offers to answer.
const OFFERED: usize = 100;
/// How much of a comment it shows.
const WORDS: usize = 200;

/// Reply to a comment on a pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Reply {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    /// What to say
    #[arg(value_name = "TEXT")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    /// The comment to answer: its number or its address
    #[arg(long, value_name = "COMMENT")]
    #[serde(default)]
    to: Option<Number>,
    /// The same words, written in a form.
    #[arg(skip)]
    #[serde(default)]
    text: Option<String>,
    /// What the form was filled with.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    marks: Marks,
}

impl Runs for Reply {
    const NAME: &'static str = "pr.reply";
    const EXAMPLE: &'static str = "pr reply web/api#42 --to 12 \"Good point\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;
    const FILLS: bool = true;

    fn form(&self) -> Option<Form> {
        if self.pr.is_some() && self.to.is_some() && !self.said().is_empty() {
            return None;
        }
        let does = Action::of(Self::NAME, self);
        let mut form = about::refilled(about::form("Reply to a comment", "Reply", self.pr.as_ref(), does));
        let text = Field::new("text", "Reply", FieldKind::LongText).hint("Markdown works");
        form.fields.extend([
            Field::new("to", "Comment", FieldKind::Choice(Vec::new())).filled(self.to),
            text.filled(Some(self.said()).filter(|said| !said.is_empty())),
        ]);
        Some(form)
    }

    async fn fill(&self, cx: &Context<'_>, form: Form) -> Result<Form, Failure> {
        if self.pr.is_none() {
            return Ok(form);
        }
        let about = About::of(cx, self.pr.as_ref()).await?;
        let pr = about.bitbucket.pull_request(&about.name).await?;
        let comments = about.comments().await?;
        let mut sheet = Sheet::of(form, self.marks.clone());
        sheet.say(linked(Line::new(), &pr));
        if comments.is_empty() {
            let how = cx.bot.slash("pr comment");
            sheet.say(Line::from(format!("Nobody has said anything yet; `{how}` begins.")));
            return Ok(sheet.done());
        }
        for comment in comments.iter().skip(comments.len().saturating_sub(SHOWN)) {
            let mark = if comment.reply_to.is_some() { "↳ " } else { "" };
            let line = Line::new().text(mark).bold(&comment.author.name).text(": ");
            sheet.say(line.text(clipped(&comment.text, WORDS)));
        }
        let choice = |comment: &Comment| Choice {
            text: clipped(&format!("{}: {}", comment.author.name, comment.text), 75),
            value: comment.id.to_string(),
        };
        let choices: Vec<Choice> = comments.iter().rev().take(OFFERED).map(choice).collect();
        if let Some(field) = sheet.field("to") {
            field.kind = FieldKind::Choice(choices.clone());
        }
        sheet.suggest("to", choices.first().map(|choice| choice.value.clone()));
        Ok(sheet.done())
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let about = About::of(cx, self.pr.as_ref()).await?;
        let text = spoken::plain(cx, &about.name.repo.instance, &self.said()).await?;
        let (Some(to), false) = (self.to, text.is_empty()) else {
            return Err(Failure::told("Say which comment you answer, and what."));
        };
        let comments = about.comments().await?;
        let Some(answered) = comments.into_iter().find(|comment| comment.id == to.0) else {
            let line = Line::new().text("There is no comment ").code(to.to_string()).text(" on ");
            return Err(about::told(line.bold(about.name.short()).text(".")));
        };
        let new = NewComment { text, reply_to: Some(to.0), anchor: None };
        let written = about.write(cx, &new).await?;
        let pr = about.refresh(cx).await?;
        let line = Line::new().link("Your reply", about.bitbucket.comment_url(&pr, written.id)).text(" to ");
        Ok(Message::line(linked(line.bold(answered.author.name).text(" is on "), &pr).text(".")))
    }
}

impl Reply {
    fn said(&self) -> String {
        self.text.clone().unwrap_or_else(|| self.words.join(" "))
    }
}
