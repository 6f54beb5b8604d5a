//! `pr checks`: what was built of a pull request.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::show::{asking, given};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::checks;
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::PrRef;

/// How many stand on a page.
const PER_PAGE: usize = 10;
/// How many are counted.
const MOST: usize = 200;

/// Show what was built of a pull request, and how it went
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Checks {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Checks {
    const NAME: &'static str = "pr.checks";
    const EXAMPLE: &'static str = "pr checks web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        asking("Show checks", self.pr.as_ref(), Action::of(Self::NAME, self))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let name = cx.pr(&given(self.pr)?).await?;
        let bitbucket = cx.bitbucket(&name.repo.instance).await?;
        let pr = bitbucket.pull_request(&name).await?;
        let builds = bitbucket.checks(&name, MOST).await?;
        let title = Line::new().link(format!("{} {}", name.short(), pr.title), &pr.url);
        let show = Button::new("Show", Action::named("pr.show").with("pr", name.to_string()));
        if builds.is_empty() {
            let message = Message::line(title.text(": nothing was built of it yet."));
            return Ok(self.shown.deliver(cx, message.button(show)));
        }
        let head = title.text(format!(": {}", checks::tally(&builds)));
        let from = self.shown.from(PER_PAGE);
        let here = builds.iter().skip(from).take(PER_PAGE);
        let message = here.fold(Message::line(head), |message, build| message.and(checks::build(build)));
        let message = message.tone(checks::tone(&builds)).button(show);
        let this = Action::of(Self::NAME, &Self { pr: Some(name.into()), shown: self.shown.clone() });
        let more = builds.len() > from.saturating_add(PER_PAGE);
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}
