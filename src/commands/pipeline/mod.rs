//! Pipelines: listed, run, followed, stopped, run again, their logs read; and what was deployed where.

pub mod deployments;
pub mod list;
pub mod log;
pub mod rerun;
pub mod run;
mod start;
pub mod stop;

use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure};
use crate::words::Advice;
use crate::words::message::{Action, Button, Field, FieldKind, Form, Message};
use crate::words::names::{RepoName, RepoRef};
use crate::words::pipeline::Run;

pub use start::take_secrets;

/// How many runs are looked through for one by its number.
const MOST: usize = 100;

/// A run that is meant: by its number as people type it, or by the id a button holds.
struct Meant {
    repo: RepoName,
    bitbucket: Box<dyn Bitbucket>,
    run: Run,
}

impl Meant {
    async fn of(
        cx: &Context<'_>,
        repo: Option<&RepoRef>,
        (number, id): (Option<Number>, Option<&str>),
    ) -> Result<Self, Failure> {
        let repo = cx.repo_here(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let run = match (id, number) {
            (Some(id), _) => bitbucket.run(&repo, id).await?,
            (None, Some(Number(number))) => {
                let all = bitbucket.runs(&repo, None, MOST).await?;
                let found = all.into_iter().find(|run| run.number == number);
                let list = Action::named("pipeline.list").with("repo", repo.to_string());
                found.ok_or_else(|| {
                    let words = format!("Among the last {MOST} runs, none is #{number}.");
                    Failure::Told(Box::new(Message::line(words).button(Button::new("Show the last", list))))
                })?
            }
            (None, None) => return Err(Failure::told("Which run? Give its number, like `#12`.")),
        };
        Ok(Self { repo, bitbucket, run })
    }
}

/// The number of a run: `12`, or `#12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number(u64);

impl std::str::FromStr for Number {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let number = text.trim().trim_start_matches('#').parse().ok();
        number.map(Self).ok_or_else(|| Advice::new("A run has a number, like `#12`."))
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "#{}", self.0)
    }
}
crate::words::serde_as_text!(Number);

/// The form that asks for a run.
fn which(title: &str, submit: &str, repo: Option<&RepoRef>, does: Action) -> Form {
    Form {
        title: title.to_owned(),
        submit: submit.to_owned(),
        intro: Vec::new(),
        fields: vec![
            super::repo::repo_field(repo),
            Field::new("number", "Which run", FieldKind::Text).hint("Its number, like #12"),
        ],
        does,
    }
}
