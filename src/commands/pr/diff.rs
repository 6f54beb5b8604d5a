//! `pr diff`: what a pull request changes, file by file; the small differences at once.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::show::{asking, given};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::repo::commit::told;
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::{card, diff};
use crate::words::message::{Action, Form, Line, Message};
use crate::words::names::{PrName, PrRef};
use crate::words::patch::{self, FilePatch};

/// How many files are named where the difference itself is too long.
const NAMED: usize = 500;

/// What is said where only the files are named.
const TOO_LONG: &str = "It is too long to be shown here: ";

/// Show what a pull request changes
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Diff {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Diff {
    const NAME: &'static str = "pr.diff";
    const EXAMPLE: &'static str = "pr diff web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        asking("Show what changes", self.pr.as_ref(), Action::of(Self::NAME, self))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let name = cx.pr(&given(self.pr)?).await?;
        let bitbucket = cx.bitbucket(&name.repo.instance).await?;
        let pr = bitbucket.pull_request(&name).await?;
        let url = format!("{}/diff", pr.url);
        let (files, lacks) = read(bitbucket.as_ref(), &name).await?;
        let title = Line::new().link(format!("{} {}", name.short(), pr.title), &pr.url);
        let mut message = Message::line(if files.is_empty() {
            title.text(" changes nothing.")
        } else {
            title.text(": ").bold(diff::size_of(&files))
        });
        if let Some(why) = lacks {
            message = message.and(Line::new().text(why).link("read it in the browser", &url));
        }
        let (here, more) = diff::page(&files, self.shown.page());
        message = diff::with_text(message, here, &url);
        if pr.is_open() {
            message = message.button(card::approve(&name)).button(card::needs_work(&name));
        }
        let this = Action::of(Self::NAME, &Self { pr: Some(name.into()), shown: self.shown.clone() });
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

/// Its files, and why not all of the difference is in them, where it is not.
async fn read(bitbucket: &dyn Bitbucket, name: &PrName) -> Result<(Vec<FilePatch>, Option<String>), Failure> {
    match bitbucket.pull_request_diff(name).await {
        Ok(diff) => {
            let why = diff.cut.then(|| TOO_LONG.to_owned());
            Ok((patch::files(&diff), why))
        }
        Err(bitbucket::Error::Refused(said)) => {
            let changes = told(bitbucket.pull_request_changes(name, NAMED).await)?.unwrap_or_default();
            let why = match said.status {
                Some(_) => format!("Bitbucket does not give out the difference: {said} "),
                None => TOO_LONG.to_owned(),
            };
            Ok((changes.files.into_iter().map(FilePatch::without_text).collect(), Some(why)))
        }
        Err(error) => Err(error.into()),
    }
}
