//! `commit`: one commit, what it changed and what was built of it.

use clap::Args;
use futures_util::future;
use serde::{Deserialize, Serialize};

use super::nearest::Wanted;
use super::{missing, repo_field};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::short::counted;
use crate::views::{checks, code, diff};
use crate::words::build::Build;
use crate::words::code::Diff;
use crate::words::commit::CommitDetail;
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};
use crate::words::patch::{self, FilePatch};
use crate::words::pull_request::Mention;

/// How many files stand on a page.
const FILES: usize = 15;
/// How many builds and pull requests are shown.
const BUILDS: usize = 5;
const MENTIONS: usize = 3;

/// Show a commit: its message, its files, its builds, its pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Commit {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// The commit's hash, or a branch or tag that points to it
    #[arg(value_name = "COMMIT")]
    #[serde(default)]
    at: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

/// All that is shown of one.
struct Known {
    detail: CommitDetail,
    files: Option<Vec<FilePatch>>,
    part_of: Vec<Mention>,
}

impl Runs for Commit {
    const NAME: &'static str = "commit";
    const EXAMPLE: &'static str = "commit web/api 1f0c9d2";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() && self.at.is_some() {
            return None;
        }
        Some(Form {
            title: "Show a commit".to_owned(),
            submit: "Show".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("at", "Commit", FieldKind::Text)
                    .filled(self.at.clone())
                    .hint("Its hash, or a branch or tag that points to it"),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(at)) = (&self.repo, &self.at) else {
            return Err(missing("Which commit? Write it like `web/api 1f0c9d2`."));
        };
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let detail = match bitbucket.commit(&repo, at).await {
            Ok(detail) => detail,
            Err(error) => {
                let wanted = Wanted { bitbucket: bitbucket.as_ref(), repo: &repo, name: at };
                let instead = |name: &str| self.at(&repo, name);
                return Err(wanted.or_nearest(error, instead).await);
            }
        };
        // From the next page on it is the same commit, wherever the branch has moved.
        let this = self.at(&repo, &detail.commit.hash);
        let known = look_around(bitbucket.as_ref(), &repo, detail).await?;
        let files = known.files.as_deref().unwrap_or_default();
        let from = self.shown.from(FILES);
        let more = files.len() > from.saturating_add(FILES);
        let here = files.iter().skip(from).take(FILES);
        let message = here.fold(drawn(&known), |message, file| message.and(diff::file(file)));
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

impl Commit {
    fn at(&self, repo: &RepoName, at: &str) -> Action {
        let (repo, at) = (Some(repo.clone().into()), Some(at.to_owned()));
        Action::of(Self::NAME, &Self { repo, at, ..self.clone() })
    }
}

async fn look_around(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    detail: CommitDetail,
) -> Result<Known, Failure> {
    let hash = &detail.commit.hash;
    let part_of = bitbucket.pull_requests_with(repo, hash, MENTIONS);
    let (diff, part_of) = future::join(bitbucket.commit_diff(repo, hash), part_of).await;
    let diff = told(diff)?.filter(|diff: &Diff| !diff.cut);
    let files = diff.map(|diff| patch::files(&diff));
    Ok(Known { files, part_of: told(part_of)?.unwrap_or_default(), detail })
}

/// What Bitbucket tells, or nothing where it will not; its troubles are another matter.
pub(in crate::commands) fn told<T>(answer: bitbucket::Result<T>) -> Result<Option<T>, Failure> {
    use bitbucket::Error as E;
    match answer {
        Ok(told) => Ok(Some(told)),
        Err(error @ (E::SignIn(_) | E::Slow { .. } | E::Down(_))) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

fn drawn(known: &Known) -> Message {
    let Known { detail, files, part_of } = known;
    let mut message = code::whole_commit(&detail.commit);
    for pr in part_of {
        let title = format!("{} {}", pr.name.short(), pr.title);
        message = message.and(Line::new().text("Part of ").link(title, &pr.url));
    }
    message = builds(message, &detail.builds);
    message.and(match files {
        Some(files) if files.is_empty() => Line::new().text("It changes no file."),
        Some(files) => Line::new().bold(diff::size_of(files)),
        None => Line::new()
            .text("It changes too much to be shown here: ")
            .link("read it in the browser", &detail.commit.url),
    })
}

fn builds(message: Message, builds: &[Build]) -> Message {
    let message =
        builds.iter().take(BUILDS).fold(message, |message, build| message.and(checks::build(build)));
    match builds.len().saturating_sub(BUILDS) {
        0 => message,
        others => {
            message.and(Line::new().text(format!("… and {}", counted(others, "other build", "other builds"))))
        }
    }
}
