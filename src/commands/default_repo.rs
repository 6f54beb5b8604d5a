//! `use`: the repository that is meant in a channel where none is named.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule, readable};
use crate::bot::{Context, DONE, Outcome};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::RepoRef;

/// Show or choose the repository that is meant in this channel where none is named
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Use {
    /// The repository, like web/api; shows it when left out
    #[serde(default)]
    repo: Option<RepoRef>,
    /// From now on, mean none
    #[arg(long, conflicts_with = "repo")]
    #[serde(default)]
    clear: bool,
}

impl Runs for Use {
    const NAME: &'static str = "use";
    const EXAMPLE: &'static str = "use web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        match self.repo {
            Some(repo) => choose(cx, &repo).await,
            None if self.clear => clear(cx).await,
            None => show(cx).await,
        }
    }
}

async fn choose(cx: &Context<'_>, repo: &RepoRef) -> Outcome {
    let repo = readable(cx, repo).await?;
    let deed = cx.deed(DONE).await?;
    let mut tx = cx.bot.store.begin().await?;
    tx.set_channel_repo(&cx.caller.channel, &repo, &cx.caller.user).await?;
    tx.write_down(&cx.bot.seal, &deed).await?;
    tx.commit().await?;
    let line = Line::new().text("Where nobody names a repository here, ").bold(repo.short());
    let example = cx.bot.slash("pr show 12");
    Ok(Message::line(line.text(" is meant from now on: ").code(example).text(" is its pull request 12."))
        .button(clear_button()))
}

async fn clear(cx: &Context<'_>) -> Outcome {
    let deed = cx.deed(DONE).await?;
    let mut tx = cx.bot.store.begin().await?;
    if tx.clear_channel_repo(&cx.caller.channel).await? {
        tx.write_down(&cx.bot.seal, &deed).await?;
    }
    tx.commit().await?;
    Ok(Message::line("No repository is meant here any more where nobody names one."))
}

async fn show(cx: &Context<'_>) -> Outcome {
    let Some(repo) = cx.bot.store.channel_repo(&cx.caller.channel).await? else {
        let how = cx.bot.slash("use web/api");
        let none = format!("This channel has no repository of its own yet; `{how}` gives it one.");
        return Ok(Message::line(none));
    };
    let line = Line::new().text("Where nobody names a repository here, ").bold(repo.short());
    Ok(Message::line(line.text(format!(" ({}) is meant.", repo.instance))).button(clear_button()))
}

fn clear_button() -> Button {
    Button::new("Mean none", Action::named(Use::NAME).with("clear", true))
}
