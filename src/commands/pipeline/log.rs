//! `pipeline log`: the end of what a run's step said, and the error in it.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Meant, Number, which};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::pipeline::{buttons, end_of, error_in, named};
use crate::words::message::{Action, Form, Line, Message, Span};
use crate::words::names::RepoRef;
use crate::words::pipeline::{RunState, Step};

/// Show the end of a run's log, and the error in it
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Log {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Which run, like #12
    #[serde(default)]
    number: Option<Number>,
    /// Which of its steps; the one that failed when left out, or else the last
    #[arg(long, value_name = "NAME")]
    #[serde(default)]
    step: Option<String>,
    /// The run by its id, in a button.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Log {
    const NAME: &'static str = "pipeline.log";
    const EXAMPLE: &'static str = "pipeline log web/api #12";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        let lacks = self.id.is_none() && (self.repo.is_none() || self.number.is_none());
        lacks.then(|| which("Show a log", "Show it", self.repo.as_ref(), Action::of(Self::NAME, self)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let meant = Meant::of(cx, self.repo.as_ref(), (self.number, self.id.as_deref())).await?;
        let Meant { repo, bitbucket, run } = &meant;
        let steps = bitbucket.run_steps(repo, &run.id).await?;
        let Some(step) = self.step_of(&steps) else {
            let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
            let line = named(Line::new(), repo, run);
            let line = match (&self.step, names.as_slice()) {
                (None, _) | (_, []) => line.text(" has not begun: there is no log yet."),
                (_, names) => line.text(format!(" has no step of that name, only {}.", names.join(", "))),
            };
            return Ok(Message::line(line));
        };
        let log = bitbucket.step_log(repo, &run.id, &step.id).await?;
        let head = Line::new().bold(&step.name).text(" of ");
        let head = named(head, repo, run).text(format!(" {}", step.state.says()));
        let end = end_of(&log);
        let message = match (end.is_empty(), error_in(&log).filter(|_| step.state == RunState::Failed)) {
            (true, _) => Message::line(head.text("; it has said nothing yet.")),
            (false, Some(found)) if !end.contains(&found) => {
                let message = Message::line(head.text(". What went wrong:"));
                let message = message.and(Line::new().span(Span::Block(found))).and("Its last lines:");
                message.and(Line::new().span(Span::Block(end)))
            }
            (false, _) => {
                Message::line(head.text(". Its last lines:")).and(Line::new().span(Span::Block(end)))
            }
        };
        let here = |name: &str| name != Self::NAME;
        let next = buttons(repo, run).into_iter().filter(|button| here(&button.does.name));
        let message = next.fold(message, Message::button);
        Ok(self.shown.deliver(cx, message.fact(Line::new().link("The whole log", &run.url))))
    }
}

impl Log {
    /// The step that is meant.
    fn step_of<'a>(&self, steps: &'a [Step]) -> Option<&'a Step> {
        if let Some(name) = &self.step {
            return steps.iter().find(|step| step.name.eq_ignore_ascii_case(name.trim()));
        }
        let failed = steps.iter().find(|step| step.state == RunState::Failed);
        let begun = steps.iter().rfind(|step| step.state != RunState::Waiting);
        failed.or(begun)
    }
}
