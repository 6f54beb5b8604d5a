//! `pr update`: say otherwise what a pull request is about, where it goes, and whether it is ready.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::lookup;
use crate::commands::sheet::{Marks, Sheet};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::PrRef;
use crate::words::pull_request::{PullRequest, PullRequestChange};

/// How much of a description a form holds.
const FITS: usize = 3000;

/// Change a pull request's title, description, target or draft
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Update {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    /// Its new title
    #[arg(long)]
    #[serde(default)]
    title: Option<String>,
    /// Its new description
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    description: Option<String>,
    /// The branch to change instead
    #[arg(long, value_name = "BRANCH")]
    #[serde(default)]
    to: Option<String>,
    /// Make it a draft
    #[arg(long, conflicts_with = "ready")]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    /// Say that it is ready for review
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ready: bool,
    /// What the form was filled with.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    marks: Marks,
}

impl Runs for Update {
    const NAME: &'static str = "pr.update";
    const EXAMPLE: &'static str = "pr update web/api#42 --title \"Limit the rate\" --ready";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;
    const FILLS: bool = true;

    fn form(&self) -> Option<Form> {
        let says = self.title.is_some() || self.description.is_some() || self.to.is_some();
        if self.pr.is_some() && (says || self.draft || self.ready) {
            return None;
        }
        let does = Action::of(Self::NAME, self);
        let mut form = about::refilled(about::form("Change a pull request", "Save", self.pr.as_ref(), does));
        form.fields.extend([
            Field::new("title", "Title", FieldKind::Text).filled(self.title.clone()).optional(),
            Field::new("description", "Description", FieldKind::LongText)
                .filled(self.description.clone())
                .optional(),
            Field::new("to", "Target branch", FieldKind::Lookup("branch".to_owned()))
                .filled(self.to.clone())
                .optional(),
            Field::new("draft", "Draft", FieldKind::Flag).ticked(self.draft),
        ]);
        Some(form)
    }

    async fn fill(&self, cx: &Context<'_>, form: Form) -> Result<Form, Failure> {
        let Some(pr) = &self.pr else { return Ok(form) };
        let about = About::of(cx, Some(pr)).await?;
        let pr = about.bitbucket.pull_request(&about.name).await?;
        let mut sheet = Sheet::of(form, self.marks.clone());
        sheet.say(linked(Line::new(), &pr));
        if sheet.turned_to(&pr.name.to_string()) {
            for field in ["title", "description", "to"] {
                sheet.clear(field);
            }
        }
        if pr.description.encode_utf16().count() > FITS {
            sheet.without("description");
            sheet.say(Line::new().text("Its description is too long for a form; it stays as it is."));
        }
        sheet.suggest("title", Some(pr.title.clone()));
        sheet.suggest("description", Some(pr.description.clone()));
        sheet.suggest("to", Some(pr.target.clone()));
        if let Some(draft) = sheet.field("draft") {
            *draft = draft.clone().ticked(pr.draft || self.draft);
        }
        Ok(sheet.done())
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let about = About::of(cx, self.pr.as_ref()).await?;
        let before = about.bitbucket.pull_request(&about.name).await?;
        let mut change = self.change(&before);
        if let Some(to) = &change.target {
            change.target = Some(lookup::branch(about.bitbucket.as_ref(), &about.name.repo, to).await?);
        }
        if change == PullRequestChange::default() {
            if !cx.again {
                let line = linked(Line::new().text("There is nothing to change: "), &before);
                return Err(about::told(line.text(" is like that already.")));
            }
            // An earlier attempt got through before it could say so.
            cx.keep_true(&before).await?;
            return Ok(Message::line(linked(Line::new().text("You changed "), &before).text(".")));
        }
        let pr = about.bitbucket.update_pull_request(&about.name, &change).await?;
        cx.keep_true(&pr).await?;
        Ok(Message::line(
            linked(Line::new().text(format!("You changed {} of ", told(&change))), &pr).text("."),
        ))
    }
}

impl Update {
    /// What is to be otherwise than it stands. Of a form, only what was written there.
    fn change(&self, before: &PullRequest) -> PullRequestChange {
        let filled = !self.marks.is_empty();
        let wanted = |field: &str, value: &Option<String>, now: &str| {
            let value = value.clone().filter(|value| !self.marks.still(field, value));
            value.filter(|value| value.trim() != now.trim())
        };
        let emptied = self.description.is_none() && self.marks.has("description");
        let draft = match (self.draft, self.ready) {
            (_, true) => Some(false),
            (true, _) => Some(true),
            (false, false) => filled.then_some(false),
        };
        PullRequestChange {
            title: wanted("title", &self.title, &before.title),
            description: wanted("description", &self.description, &before.description)
                .or_else(|| emptied.then(String::new)),
            target: wanted("to", &self.to, &before.target),
            draft: draft.filter(|draft| *draft != before.draft),
        }
    }
}

/// `the title and the target branch`.
fn told(change: &PullRequestChange) -> String {
    let parts = [
        (change.title.is_some(), "the title"),
        (change.description.is_some(), "the description"),
        (change.target.is_some(), "the target branch"),
        (change.draft.is_some(), "the draft state"),
    ];
    let parts: Vec<&str> = parts.into_iter().filter_map(|(changed, part)| changed.then_some(part)).collect();
    match parts.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} and {last}", before.join(", ")),
        None => String::new(),
    }
}
