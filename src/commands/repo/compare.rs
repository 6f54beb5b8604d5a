//! `compare`: what one branch, tag or commit brings that another does not have.

use clap::Args;
use futures_util::future;
use serde::{Deserialize, Serialize};

use super::commit::told;
use super::nearest::Wanted;
use super::{missing, repo_field};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::{code, diff};
use crate::words::code::{Comparison, Range};
use crate::words::commit::CommitFilter;
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};
use crate::words::patch::{self, FilePatch};

/// How many commits, and how many files, stand on a page.
const PER_PAGE: usize = 10;
/// How many files are counted where only their names are told.
const COUNTED: usize = 500;

/// Compare two branches, tags or commits
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Compare {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// What is there, and what brings something: main..limit-rate
    #[serde(default)]
    range: Option<Range>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Compare {
    const NAME: &'static str = "compare";
    const EXAMPLE: &'static str = "compare web/api main..limit-rate";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() && self.range.is_some() {
            return None;
        }
        Some(Form {
            title: "Compare".to_owned(),
            submit: "Compare".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("range", "What with what", FieldKind::Text)
                    .filled(self.range.as_ref())
                    .hint("Branches, tags or commits, like main..limit-rate"),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(range)) = (&self.repo, &self.range) else {
            return Err(missing("Compare what? Write it like `web/api main..limit-rate`."));
        };
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let from = self.shown.from(PER_PAGE);
        let upto = from.saturating_add(PER_PAGE);
        let compared = bitbucket.compare(&repo, range, upto + 1);
        let (compared, text) = future::join(compared, bitbucket.diff(&repo, range, None)).await;
        let compared = match compared {
            Ok(compared) => compared,
            Err(error) => return Err(self.explained(error, (bitbucket.as_ref(), &repo), range).await),
        };
        let files = match told(text)?.filter(|text| !text.cut) {
            Some(text) => patch::files(&text),
            None => names_only(bitbucket.as_ref(), &repo, range).await?,
        };
        let message = drawn((&repo, range), &compared, &files, (from, upto));
        let more = compared.commits.len() > upto || files.len() > upto;
        let this = self.with(&repo, range.clone());
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

impl Compare {
    fn with(&self, repo: &RepoName, range: Range) -> Action {
        let (repo, range) = (Some(repo.clone().into()), Some(range));
        Action::of(Self::NAME, &Self { repo, range, ..self.clone() })
    }

    /// Which of the two ends it was.
    async fn explained(
        &self,
        error: bitbucket::Error,
        (bitbucket, repo): (&dyn Bitbucket, &RepoName),
        range: &Range,
    ) -> Failure {
        let base = CommitFilter::of(Some(&range.base));
        let name = match bitbucket.commits(repo, &base, 1).await {
            Err(bitbucket::Error::NotFound(_)) => &range.base,
            _ => &range.head,
        };
        let instead = |meant: &str| {
            let range = if *name == range.base {
                Range { base: meant.to_owned(), ..range.clone() }
            } else {
                Range { head: meant.to_owned(), ..range.clone() }
            };
            self.with(repo, range)
        };
        Wanted { bitbucket, repo, name }.or_nearest(error, instead).await
    }
}

/// The files without their differences.
async fn names_only(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    range: &Range,
) -> Result<Vec<FilePatch>, Failure> {
    let changes = told(bitbucket.changes(repo, range, COUNTED).await)?.unwrap_or_default();
    Ok(changes.files.into_iter().map(FilePatch::without_text).collect())
}

fn drawn(
    (repo, range): (&RepoName, &Range),
    compared: &Comparison,
    files: &[FilePatch],
    (from, upto): (usize, usize),
) -> Message {
    let head =
        Line::new().code(&range.head).text(" beside ").code(&range.base).text(" in ").bold(repo.short());
    if compared.commits.is_empty() && files.is_empty() {
        return Message::line(head.text(": nothing that is not there already."));
    }
    let head = if from == 0 { head } else { head.text(format!(", page {}", from / PER_PAGE + 1)) };
    let here: Vec<_> = compared.commits.iter().take(upto).skip(from).cloned().collect();
    let message = code::commits(head, &here);
    if files.len() <= from {
        return message;
    }
    let message = message.and(Line::new().bold(diff::size_of(files)));
    files.iter().take(upto).skip(from).fold(message, |message, file| message.and(diff::file(file)))
}
