//! `pipeline list`: the last runs.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{here, which_repo};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::pipeline::{buttons, lasted};
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::RepoRef;
use crate::words::pipeline::Run;

/// How many are looked through.
const MOST: usize = 100;
/// How many stand on a page.
const PER_PAGE: usize = 10;

/// List the last runs of pipelines
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct List {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Only those of this branch
    #[arg(long, value_name = "BRANCH")]
    #[serde(default)]
    branch: Option<String>,
    /// Whether its form is asked for.
    #[arg(skip)]
    #[serde(default)]
    ask: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for List {
    const NAME: &'static str = "pipeline.list";
    const EXAMPLE: &'static str = "pipeline list web/api --branch main";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        let asks = self.ask && self.repo.is_none();
        asks.then(|| which_repo("The last runs", "Show", Action::of(Self::NAME, self)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let runs = bitbucket.runs(&repo, self.branch.as_deref(), MOST).await?;
        let head = if runs.is_empty() { "Nothing has run in " } else { "The last runs in " };
        let head = Line::new().text(head).bold(repo.short());
        let head = self.branch.iter().fold(head, |head, branch| head.text(" of ").code(branch));
        let head = head.text(if runs.is_empty() { "." } else { ":" });
        let rows = runs.iter().skip(self.shown.from(PER_PAGE)).take(PER_PAGE);
        let message = rows.fold(Message::line(head), |message, run| {
            message.row(line(run), buttons(&repo, run).into_iter().next_back())
        });
        let start = Action::named("pipeline.run").with("repo", repo.to_string());
        let message = message.button(Button::new("Run a pipeline", start));
        let more = runs.len() > self.shown.from(PER_PAGE) + PER_PAGE;
        let this = Action::of(Self::NAME, &Self { repo: Some(repo.into()), ..self.clone() });
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

/// `#12 main passed · 1 min 20 s · by ada`
fn line(run: &Run) -> Line {
    let line = Line::new().link(format!("#{}", run.number), &run.url).text(" ");
    let line = match (&run.custom, &run.branch) {
        (Some(custom), _) => line.code(custom).text(" "),
        (None, Some(branch)) => line.code(branch).text(" "),
        (None, None) => line,
    };
    let line = line.text(run.state.says());
    let line = run.seconds.filter(|_| run.state.is_over()).map(lasted).into_iter().fold(line, Line::text);
    match &run.by {
        Some(by) => line.text(format!(" · by {by}")),
        None => line,
    }
}
