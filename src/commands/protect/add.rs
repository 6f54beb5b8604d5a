//! `protect add`: protect branches from what must not be done to them.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::{MOST, action, halfway, says};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs, number};
use crate::words::message::{Action, Button, Choice, Field, FieldKind, Form, Line, Message, Tone};
use crate::words::names::RepoRef;
use crate::words::protection::{Guard, Protection};

/// Protect branches
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own that people type")]
pub struct Add {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Which branches: a name like main, or a form like release/*
    #[serde(default)]
    branches: Option<String>,
    /// Nobody pushes to them: they change only by pull requests
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    no_direct_push: bool,
    /// What is there is not rewritten
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    no_rewrite: bool,
    /// They are not deleted
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    no_delete: bool,
    /// A merge takes all tasks done
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    require_tasks: bool,
    /// A merge takes so many approvals
    #[arg(long, value_name = "N")]
    #[serde(default, deserialize_with = "number::deserialize", skip_serializing_if = "Option::is_none")]
    require_approvals: Option<u32>,
    /// A merge takes so many builds that passed
    #[arg(long, value_name = "N")]
    #[serde(default, deserialize_with = "number::deserialize", skip_serializing_if = "Option::is_none")]
    require_builds: Option<u32>,
    /// The same as ticked on the form, or as they were before they were lifted.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    guards: Vec<Guard>,
}

impl Runs for Add {
    const NAME: &'static str = "protect.add";
    const EXAMPLE: &'static str = "protect add web/api main --no-direct-push --require-approvals 2";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() && self.branches.is_some() && !self.wanted().is_empty() {
            return None;
        }
        let all = [Guard::NoDirectPush, Guard::NoRewrite, Guard::NoDelete, Guard::Tasks];
        let choice = |guard: &Guard| Choice { text: sentence(guard), value: guard.to_string() };
        let number = |name: &str, label: &str, number: Option<u32>| {
            Field::new(name, label, FieldKind::Text).filled(number).optional()
        };
        Some(Form {
            title: "Protect branches".to_owned(),
            submit: "Protect them".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("branches", "Branches", FieldKind::Text)
                    .filled(self.branches.clone())
                    .hint("A name like main, or a form like release/*"),
                Field::new(
                    "guards",
                    "What holds for them",
                    FieldKind::Many(all.iter().map(choice).collect()),
                )
                .holding(self.wanted())
                .optional(),
                number("require_approvals", "Approvals a merge takes", self.require_approvals),
                number("require_builds", "Passing builds a merge takes", self.require_builds),
            ],
            does: Action::of(Self::NAME, &Self { repo: self.repo.clone(), ..Self::default() }),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let wanted = self.wanted();
        let (Some(repo), Some(branches)) = (&self.repo, self.branches.as_deref().map(str::trim)) else {
            return Err(missing("Which branches, and in which repository? Nothing was changed."));
        };
        if wanted.is_empty() || branches.is_empty() {
            return Err(missing("Say what the branches are to be protected from. Nothing was changed."));
        }
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let standing = bitbucket.protections(&repo, MOST).await?;
        let ours = |one: &&Protection| one.branches == branches && !one.by_project;
        let (mut set, mut there_already) = (Vec::new(), Vec::new());
        for guard in &wanted {
            let known = standing.iter().filter(ours).find(|one| one.guard.is_like(guard));
            if known.is_some_and(|known| known.guard == *guard) {
                there_already.push(guard);
                continue;
            }
            let id = known.map(|known| known.id.as_str());
            if let Err(error) = bitbucket.protect(&repo, (branches, guard), id).await {
                return Err(halfway(error, ("Set", branches), &set));
            }
            set.push(guard);
        }
        let head = match (set.is_empty(), cx.again) {
            (true, false) => "That holds already in ",
            _ => "From now on, in ",
        };
        let message = Message::line(Line::new().text(head).bold(repo.short()).text(":")).tone(Tone::Good);
        let all = set.iter().chain(&there_already);
        let message = all.fold(message, |message, guard| says(message, branches, guard));
        let guards: Vec<String> = set.iter().map(ToString::to_string).collect();
        let show = Action::named("protect.list").with("repo", repo.to_string());
        let message = if guards.is_empty() {
            message
        } else {
            let undo = action("protect.remove", &repo, branches).with("only", guards.join(","));
            message.button(Button::new("Undo", undo))
        };
        Ok(message.button(Button::new("Show all", show)))
    }
}

impl Add {
    /// All that is asked for, each once.
    fn wanted(&self) -> Vec<Guard> {
        let flags = [
            (self.no_direct_push, Guard::NoDirectPush),
            (self.no_rewrite, Guard::NoRewrite),
            (self.no_delete, Guard::NoDelete),
            (self.require_tasks, Guard::Tasks),
        ];
        let flags = flags.into_iter().filter(|(set, _)| *set).map(|(_, guard)| guard);
        let numbers = self.require_approvals.map(Guard::Approvals).into_iter();
        let numbers = numbers.chain(self.require_builds.map(Guard::Builds));
        let mut all: Vec<Guard> = self.guards.iter().cloned().chain(flags).chain(numbers).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// `They are not deleted`, as a box to tick.
fn sentence(guard: &Guard) -> String {
    match guard {
        Guard::NoDirectPush => "They change only by pull requests".to_owned(),
        Guard::NoRewrite => "What is there is not rewritten".to_owned(),
        Guard::NoDelete => "They are not deleted".to_owned(),
        Guard::Tasks => "A merge takes all tasks done".to_owned(),
        other => other.says(),
    }
}
