//! `subscribe`, `unsubscribe`, `subscriptions`: what a channel is told.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule, readable};
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::slack;
use crate::store::Subscription;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{RepoRef, Topic};

/// Tell this channel what happens in a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Subscribe {
    /// The repository, like web/api
    repo: RepoRef,
    /// What to tell: opened, approved, merged; what the workspace has decided when left out
    #[serde(default)]
    topics: Vec<Topic>,
}

/// Stop telling this channel about a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Unsubscribe {
    /// The repository, like web/api
    repo: RepoRef,
}

/// Show what this channel is told
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Subscriptions {}

impl Runs for Subscribe {
    const NAME: &'static str = "subscribe";
    const EXAMPLE: &'static str = "subscribe web/api opened approved merged";
    const RULE: Rule = Rule::Reader;
    const CHANGES: Changes = Changes::Dipper;

    fn repo(&self) -> Option<&RepoRef> {
        Some(&self.repo)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = readable(cx, &self.repo).await?;
        come_in(cx).await?;
        let mut topics = self.topics;
        if topics.is_empty() {
            topics = cx.bot.store.team_settings(&cx.caller.channel.team).await?.topics;
        }
        topics.sort_unstable();
        topics.dedup();
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        tx.subscribe(&cx.caller.channel, &repo, &topics, &cx.caller.user).await?;
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        let line = Line::new()
            .text("This channel is now told of ")
            .bold(repo.short())
            .text(format!(": {}.", spoken(&topics)));
        Ok(Message::line(line)
            .button(Button::new("Stop", Action::named("unsubscribe").with("repo", repo.to_string()))))
    }
}

/// The bot has to be where it feeds: it joins public channels, and asks to be invited to private ones.
async fn come_in(cx: &Context<'_>) -> Result<(), Failure> {
    let channel = &cx.caller.channel;
    if channel.is_direct() {
        return Ok(());
    }
    let invite = || Failure::told("I'm not in this channel. Type `/invite @Dipper`, then ask again.");
    let slack = cx.bot.slack(&channel.team).await?;
    match slack.channel_info(channel).await {
        Ok(info) if info.member => Ok(()),
        Ok(info) if info.private => Err(invite()),
        Ok(_) => Ok(slack.join(channel).await?),
        Err(slack::Error::Api { .. }) => Err(invite()),
        Err(error) => Err(error.into()),
    }
}

fn spoken(topics: &[Topic]) -> String {
    topics.iter().map(|topic| topic.word()).collect::<Vec<_>>().join(", ")
}

impl Runs for Unsubscribe {
    const NAME: &'static str = "unsubscribe";
    const EXAMPLE: &'static str = "unsubscribe web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = cx.repo(&self.repo).await?;
        let told = cx.bot.store.subscriptions_in(&cx.caller.channel).await?;
        let spelt = |one: &&Subscription| one.repo.to_string().eq_ignore_ascii_case(&repo.to_string());
        let Some(told) = told.iter().find(spelt) else {
            let line = Line::new().text("This channel was not told of ").bold(repo.short()).text(".");
            return Ok(Message::line(line));
        };
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        tx.unsubscribe(&cx.caller.channel, &told.repo).await?;
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        Ok(Message::line(
            Line::new().text("This channel is no longer told of ").bold(told.repo.short()).text("."),
        ))
    }
}

impl Runs for Subscriptions {
    const NAME: &'static str = "subscriptions";
    const EXAMPLE: &'static str = "subscriptions";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let all = cx.bot.store.subscriptions_in(&cx.caller.channel).await?;
        if all.is_empty() {
            let how = cx.bot.slash("subscribe web/api");
            return Ok(Message::line(format!("This channel is told nothing yet; `{how}` changes that.")));
        }
        let head = Message::line("This channel is told of:");
        Ok(all.iter().fold(head, |message, one| {
            message.and(
                Line::new()
                    .text("• ")
                    .bold(one.repo.short())
                    .text(format!(" ({}): {}, asked for by ", one.repo.instance, spoken(&one.topics)))
                    .person(one.asked_by.clone()),
            )
        }))
    }
}
