//! `repo show`: one repository, and what there is to do with it.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{here, which_repo};
use super::{linked, with_steps};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::views::short::clipped;
use crate::words::message::{Action, Form, Line, Message};
use crate::words::names::RepoRef;

/// How much of a description is shown.
const DESCRIPTION: usize = 600;

/// Show a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Show {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Whether its form is asked for.
    #[arg(skip)]
    #[serde(default)]
    ask: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Show {
    const NAME: &'static str = "repo.show";
    const EXAMPLE: &'static str = "repo show web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        let asks = self.ask && self.repo.is_none();
        asks.then(|| which_repo("Show a repository", "Show", Action::of(Self::NAME, self)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let name = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let repo = cx.bitbucket(&name.instance).await?.repository(&name).await?;
        let message = Message::line(linked(Line::new(), &repo));
        let description =
            repo.description.as_deref().map(|said| Line::new().text(clipped(said, DESCRIPTION)));
        let message = description.into_iter().fold(message, Message::and);
        let seen = if repo.public { "public" } else { "private" };
        let fact = match &repo.main_branch {
            Some(main) => Line::new().text("main branch ").code(main).text(format!(" · {seen}")),
            None => Line::new().text(format!("empty · {seen}")),
        };
        let fact = if repo.archived { fact.text(" · archived") } else { fact };
        let on = fact.text(format!(" · on {}", repo.name.instance));
        Ok(self.shown.deliver(cx, with_steps(message.fact(on), &repo)))
    }
}
