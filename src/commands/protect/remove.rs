//! `protect remove`: lift what branches are protected from.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::{MOST, action, halfway, says};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::RepoRef;
use crate::words::protection::{Guard, Protection};

/// Lift what branches are protected from
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Remove {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Which branches, as `protect list` shows them
    #[serde(default)]
    branches: Option<String>,
    /// Only these: no-direct-push, no-rewrite, no-delete, tasks, approvals, builds
    #[arg(long, value_name = "WHAT")]
    #[serde(default)]
    only: Option<String>,
}

impl Runs for Remove {
    const NAME: &'static str = "protect.remove";
    const EXAMPLE: &'static str = "protect remove web/api main --only no-direct-push";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        (self.repo.is_none() || self.branches.is_none()).then(|| Form {
            title: "Lift a protection".to_owned(),
            submit: "Lift it".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("branches", "Branches", FieldKind::Text)
                    .filled(self.branches.clone())
                    .hint("As they are shown: main, or release/*"),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(branches)) = (&self.repo, self.branches.as_deref().map(str::trim)) else {
            return Err(missing("Which branches, and in which repository? Nothing was changed."));
        };
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let all = bitbucket.protections(&repo, MOST).await?;
        let these: Vec<&Protection> =
            all.iter().filter(|one| one.branches == branches && self.means(one)).collect();
        let show = Action::named("protect.list").with("repo", repo.to_string());
        let show = Button::new("Show all", show);
        let Some(first) = these.iter().find(|one| !one.by_project) else {
            let line = Line::new().bold(branches).text(" is not protected from that in ").bold(repo.short());
            let line = if these.is_empty() {
                line.text("; nothing was changed.")
            } else {
                line.text(" itself, but by its project: it is lifted there.")
            };
            return Ok(Message::line(line).button(show));
        };
        let mut lifted: Vec<&Guard> = Vec::new();
        for one in these.iter().filter(|one| !one.by_project) {
            match bitbucket.unprotect(&repo, &one.id).await {
                Ok(()) | Err(crate::bitbucket::Error::NotFound(_)) => lifted.push(&one.guard),
                Err(error) => return Err(halfway(error, ("Lifted", branches), &lifted)),
            }
        }
        let line = Line::new().text("In ").bold(repo.short()).text(", this no longer holds:");
        let message = lifted.iter();
        let message = message.fold(Message::line(line), |message, guard| says(message, branches, guard));
        let guards: Vec<String> = lifted.iter().map(ToString::to_string).collect();
        // Whom it did not hold for is not put back.
        let back = action("protect.add", &repo, &first.branches).with("guards", guards);
        let message = if these.iter().any(|one| !one.except.is_empty() && !one.by_project) {
            message.and("It did not hold for some, which I cannot put back.")
        } else {
            message.button(Button::new("Put it back", back))
        };
        Ok(message.button(show))
    }
}

impl Remove {
    /// Whether that is among what is to be lifted.
    fn means(&self, one: &Protection) -> bool {
        let Some(only) = &self.only else { return true };
        let guard = one.guard.to_string();
        let kind = guard.split(':').next().unwrap_or_default();
        only.split([',', ' ']).any(|word| word == guard || word == kind)
    }
}
