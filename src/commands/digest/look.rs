//! `digest now` and `digest preview`: what a digest shows at this moment; to the channel, or to whoever asks.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::gather::{Asked, gather};
use super::shape::Shape;
use super::{Gathered, Which, called, zone_of};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::repos::Repos;
use crate::commands::{Changes, Rule, Runs};
use crate::store::Digest;
use crate::words::message::{Action, Button, Line, Message};

/// What is to be looked at: a digest there is, or one made up for now.
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
struct Looked {
    /// A digest's number, or a repository, or many like web/*
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// What waits for you, and your own
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    mine: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shape: Shape,
}

/// Tell this channel now what a digest would
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Now {
    #[command(flatten)]
    #[serde(flatten)]
    looked: Looked,
}

/// Show only you what a digest would tell now
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Preview {
    #[command(flatten)]
    #[serde(flatten)]
    looked: Looked,
    /// A list that was made before, and the page of it that is turned to.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<String>,
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<usize>,
}

impl Runs for Now {
    const NAME: &'static str = "digest.now";
    const EXAMPLE: &'static str = "digest now web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        match self.looked.gathered(cx, Self::NAME).await? {
            Found::Digest(found) => {
                let personal = found.is_personal();
                let message = found.kept(cx).await?;
                Ok(if personal { message } else { message.to_channel() })
            }
            Found::Several(message) => Ok(message),
        }
    }
}

impl Runs for Preview {
    const NAME: &'static str = "digest.preview";
    const EXAMPLE: &'static str = "digest preview 1";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        if let Some(list) = self.list.as_deref().and_then(|list| list.parse().ok()) {
            return super::rows::turned(cx, list, self.page.unwrap_or_default()).await;
        }
        match self.looked.gathered(cx, Self::NAME).await? {
            Found::Digest(found) => found.kept(cx).await,
            Found::Several(message) => Ok(message),
        }
    }
}

enum Found {
    Digest(Box<Gathered>),
    Several(Message),
}

impl Looked {
    async fn gathered(&self, cx: &Context<'_>, command: &str) -> Result<Found, Failure> {
        let number = self.number.as_deref().and_then(|number| number.parse::<Which>().ok());
        if let Some(which) = number {
            let digest = which.find(cx).await?;
            return seen(cx, &digest).await;
        }
        let wish = self.shape.wish()?;
        let zone = zone_of(cx, &cx.caller.user).await?;
        let repos = match self.number.as_deref() {
            Some(name) => Some(name.parse::<Repos>()?.readable(cx).await?.repos),
            None => None,
        };
        if repos.is_none() && !self.mine {
            let all = cx.bot.store.digests_in(&cx.caller.channel).await?;
            return match all.as_slice() {
                [] => Err(Failure::told(format!(
                    "This channel has no digest yet. Name a repository, like `{}`.",
                    cx.bot.slash(&format!("{} web/api", command.replace('.', " ")))
                ))),
                [one] => seen(cx, one).await,
                several => Ok(Found::Several(which_one(several, command))),
            };
        }
        let asked =
            Asked { repos, wish, personal: self.mine, channel: cx.caller.channel.clone(), zone, aloud: true };
        Ok(Found::Digest(Box::new(gather(cx, &asked).await?)))
    }
}

/// A digest there is, as the account of whoever asks sees it: nobody looks with another's eyes.
async fn seen(cx: &Context<'_>, digest: &Digest) -> Result<Found, Failure> {
    let asked = Asked { aloud: true, ..Asked::of(digest) };
    Ok(Found::Digest(Box::new(gather(cx, &asked).await?)))
}

fn which_one(digests: &[Digest], command: &str) -> Message {
    digests.iter().fold(Message::line("Which one?"), |message, digest| {
        let does = Action::named(command).with("number", Which::of(digest).to_string());
        let line = Line::new().code(Which::of(digest).to_string()).text(" ").bold(called(digest));
        message.row(line, Some(Button::new("This one", does)))
    })
}
