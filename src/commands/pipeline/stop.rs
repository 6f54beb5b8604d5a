//! `pipeline stop`: stop a run where it is.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Meant, Number, which};
use crate::bitbucket;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::views::pipeline::named;
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::RepoRef;

/// Stop a pipeline's run
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Stop {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Which run, like #12
    #[serde(default)]
    number: Option<Number>,
    /// The same by its id, in a button.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl Runs for Stop {
    const NAME: &'static str = "pipeline.stop";
    const EXAMPLE: &'static str = "pipeline stop web/api #12";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let lacks = self.id.is_none() && (self.repo.is_none() || self.number.is_none());
        lacks.then(|| which("Stop a run", "Stop it", self.repo.as_ref(), Action::of(Self::NAME, self)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let meant = Meant::of(cx, self.repo.as_ref(), (self.number, self.id.as_deref())).await?;
        let Meant { repo, bitbucket, run } = &meant;
        if run.state.is_over() {
            let line = named(Line::new(), repo, run).text(format!(" {} already.", run.state.says()));
            return Ok(Message::line(line));
        }
        if let Err(error) = bitbucket.stop_run(repo, &run.id).await {
            // It may have ended meanwhile.
            let now = bitbucket.run(repo, &run.id).await;
            match (error, now) {
                (bitbucket::Error::Refused(_), Ok(now)) if now.state.is_over() => {
                    let line =
                        named(Line::new(), repo, &now).text(format!(" {} meanwhile.", now.state.says()));
                    return Ok(Message::line(line));
                }
                (error, _) => return Err(Failure::from(error)),
            }
        }
        let again =
            Action::named("pipeline.rerun").with("repo", repo.to_string()).with("id", run.id.as_str());
        let line = named(Line::new().text("Stopped "), repo, run).text(".");
        Ok(Message::line(line).button(Button::new("Run again", again)))
    }
}
