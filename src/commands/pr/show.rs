//! `pr show`: a pull request as it stands now, with everything one asks before acting on it.

use clap::Args;
use futures_util::future;
use serde::{Deserialize, Serialize};

use super::about;
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::repo::commit::told;
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::picture::{self, Picture};
use crate::words::code;
use crate::words::message::{Action, Form};
use crate::words::names::{PrName, PrRef};
use crate::words::patch;
use crate::words::pull_request::PullRequest;

/// How many files are counted.
const FILES: usize = 500;
/// How many builds and tasks are looked at.
const MOST: usize = 50;

/// Show a pull request: who has said what, checks, tasks, size, what stands in the way
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Show {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Show {
    const NAME: &'static str = "pr.show";
    const EXAMPLE: &'static str = "pr show web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        asking("Show a pull request", self.pr.as_ref(), Action::of(Self::NAME, self))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let name = cx.pr(&given(self.pr)?).await?;
        let bitbucket = cx.bitbucket(&name.repo.instance).await?;
        let pr = bitbucket.pull_request(&name).await?;
        cx.keep_true(&pr).await?;
        let picture = look(bitbucket.as_ref(), pr).await?;
        Ok(self.shown.deliver(cx, picture::whole(&picture)))
    }
}

/// The form that asks for nothing but a pull request.
pub(super) fn asking(title: &str, pr: Option<&PrRef>, does: Action) -> Option<Form> {
    pr.is_none().then(|| about::form(title, "Show", None, does))
}

/// The pull request, which a form asks for where there can be one.
pub(super) fn given(pr: Option<PrRef>) -> Result<PrRef, Failure> {
    pr.ok_or_else(|| Failure::told("Which pull request? Write it like `web/api#42`."))
}

async fn look(bitbucket: &dyn Bitbucket, pr: PullRequest) -> Result<Picture, Failure> {
    let name = pr.name.clone();
    let mergeable = async { if pr.is_open() { told(bitbucket.mergeability(&name).await) } else { Ok(None) } };
    let (builds, tasks, changes, mergeable) = future::try_join4(
        async { told(bitbucket.checks(&name, MOST).await) },
        async { told(bitbucket.tasks(&name, MOST).await) },
        async { told(size_of(bitbucket, &name).await) },
        mergeable,
    )
    .await?;
    Ok(Picture { pr, builds, tasks, changes, mergeable })
}

/// What it changes, with its lines counted, whether Bitbucket counts them or not.
pub async fn size_of(bitbucket: &dyn Bitbucket, pr: &PrName) -> bitbucket::Result<code::Changes> {
    let changes = bitbucket.pull_request_changes(pr, FILES).await?;
    if changes.more || changes.files.iter().all(|file| file.added.is_some()) {
        return Ok(changes);
    }
    match bitbucket.pull_request_diff(pr).await {
        Ok(diff) if !diff.cut => {
            let files = patch::files(&diff).into_iter().map(|file| file.change).collect();
            Ok(code::Changes { files, more: false })
        }
        // How many files there are is something, too.
        _ => Ok(changes),
    }
}
