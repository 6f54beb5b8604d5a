//! `file`: what stands in a file.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::nearest::Wanted;
use super::{missing, repo_field};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::code;
use crate::words::code::{FileText, Lines};
use crate::words::commit::CommitFilter;
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};

/// How many lines are shown at once.
const LINES: usize = 40;

/// Show a file, or some of its lines
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct File {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Where the file is: src/lib.rs
    #[serde(default)]
    path: Option<String>,
    /// As it stands at this branch, tag or commit; on the main branch when left out
    #[arg(long = "ref", value_name = "REF")]
    #[serde(default, rename = "ref")]
    at: Option<String>,
    /// Only these lines: 10-40
    #[arg(long, value_name = "LINES")]
    #[serde(default)]
    lines: Option<Lines>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for File {
    const NAME: &'static str = "file";
    const EXAMPLE: &'static str = "file web/api src/lib.rs --ref main --lines 10-40";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() && self.path.is_some() {
            return None;
        }
        Some(Form {
            title: "Show a file".to_owned(),
            submit: "Show".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("path", "File", FieldKind::Text)
                    .filled(self.path.clone())
                    .hint("Where it is, like src/lib.rs"),
                Field::new("ref", "Branch", FieldKind::Lookup("branch".to_owned()))
                    .filled(self.at.clone())
                    .hint("The main branch when left empty")
                    .optional(),
                Field::new("lines", "Lines", FieldKind::Text)
                    .filled(self.lines)
                    .hint("Like 10-40; from the beginning when left empty")
                    .optional(),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(path)) = (&self.repo, &self.path) else {
            return Err(missing("Which file? Write it like `web/api src/lib.rs`."));
        };
        let repo = cx.repo(repo).await?;
        let path = path.trim_matches('/');
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let wanted = self.wanted();
        let text = match bitbucket.file(&repo, path, self.at.as_deref(), wanted).await {
            Ok(text) => text,
            Err(error) => return Err(self.explained(error, (bitbucket.as_ref(), &repo)).await),
        };
        if text.lines.is_empty() {
            return Err(nothing_there(&text, wanted));
        }
        let (message, shown) = code::file(self.head(&repo, &text), &text);
        let message = self.turning(&repo, message, (&text, shown));
        Ok(self.shown.deliver(cx, message))
    }
}

impl File {
    /// The lines of one page: as many as were asked for, and fit.
    fn wanted(&self) -> Lines {
        let Lines { first, last } = self.lines.unwrap_or(Lines { first: 1, last: usize::MAX });
        Lines { first, last: last.min(first.saturating_add(LINES - 1)) }
    }

    fn head(&self, repo: &RepoName, text: &FileText) -> Line {
        let line = Line::new().link(&text.path, &text.url).text(" in ").bold(repo.short());
        match &self.at {
            Some(at) => line.text(" at ").code(at),
            None => line,
        }
    }

    /// The buttons that lead to the lines before and after these.
    fn turning(&self, repo: &RepoName, message: Message, (text, shown): (&FileText, usize)) -> Message {
        let next = text.first + shown;
        let to = |label: &str, first: usize| {
            let lines = Some(Lines { first, last: first + LINES - 1 });
            let this =
                Self { repo: Some(repo.clone().into()), lines, shown: self.shown.turned(), ..self.clone() };
            Button::new(label, Action::of(Self::NAME, &this))
        };
        let message = match text.first {
            1 => message,
            first => message.button(to("Previous", first.saturating_sub(LINES).max(1))),
        };
        if text.more || shown < text.lines.len() { message.button(to("Next", next)) } else { message }
    }

    /// Whether it was the file that is not there, or what it was looked for at.
    async fn explained(
        &self,
        error: bitbucket::Error,
        (bitbucket, repo): (&dyn Bitbucket, &RepoName),
    ) -> Failure {
        let Some(at) = &self.at else { return error.into() };
        if !matches!(error, bitbucket::Error::NotFound(_) | bitbucket::Error::Refused(_)) {
            return error.into();
        }
        match bitbucket.commits(repo, &CommitFilter::of(Some(at)), 1).await {
            Err(bitbucket::Error::NotFound(_)) => {}
            _ => return error.into(),
        }
        let instead = |name: &str| {
            let (repo, at) = (Some(repo.clone().into()), Some(name.to_owned()));
            Action::of(Self::NAME, &Self { repo, at, ..self.clone() })
        };
        Wanted { bitbucket, repo, name: at }.or_nearest(error, instead).await
    }
}

fn nothing_there(text: &FileText, wanted: Lines) -> Failure {
    let line = Line::new().link(&text.path, &text.url);
    let line = match wanted.first {
        1 => line.text(" is empty."),
        first => line.text(format!(" has no line {first}; it ends before.")),
    };
    Failure::Told(Box::new(Message::line(line)))
}
