//! `doctor`: what works for this person in this place and what would not, with the mend.

use std::time::Duration;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule};
use crate::bitbucket::{self, Site};
use crate::bot::{Context, Failure, Outcome};
use crate::slack;
use crate::words::message::{Line, Message};
use crate::words::names::{Instance, RepoName};

/// How long a Bitbucket may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Look whether everything works here, and say how to mend what does not
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Doctor {}

/// One thing that was looked at: what it is, and how it stands or what would mend it.
enum Found {
    Works(String),
    Amiss(String),
}

use Found::{Amiss, Works};

impl Runs for Doctor {
    const NAME: &'static str = "doctor";
    const EXAMPLE: &'static str = "doctor";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let mut found = vec![database(cx).await];
        found.extend(slack(cx).await?);
        found.push(channel(cx).await?);
        for site in cx.bot.sites.values() {
            found.push(account(cx, site).await?);
            found.extend(service(cx, site).await?);
        }
        found.extend(webhooks(cx).await?);
        let amiss = found.iter().filter(|one| matches!(one, Amiss(_))).count();
        let head = match amiss {
            0 => "Everything works here.".to_owned(),
            1 => "One thing wants mending:".to_owned(),
            many => format!("{many} things want mending:"),
        };
        let amiss_first = found.iter().filter(|one| matches!(one, Amiss(_)));
        let rest = found.iter().filter(|one| matches!(one, Works(_)));
        Ok(amiss_first.chain(rest).fold(Message::line(head), |message, one| message.and(line(one))))
    }
}

fn line(found: &Found) -> Line {
    let (word, says) = match found {
        Works(says) => ("Works", says),
        Amiss(says) => ("Mend", says),
    };
    let Line(spans) = Line::from(says.as_str());
    spans.into_iter().fold(Line::new().text("• ").bold(word).text(": "), Line::span)
}

async fn database(cx: &Context<'_>) -> Found {
    match cx.bot.store.prove_writable().await {
        Ok(()) => Works("the database takes what is written.".to_owned()),
        Err(error) => Amiss(format!("{error}; whoever runs Dipper has to look.")),
    }
}

async fn slack(cx: &Context<'_>) -> Result<Vec<Found>, Failure> {
    let seen = cx.bot.slack(&cx.caller.user.team).await?.inspect().await?;
    let scopes = match seen.scopes_amiss() {
        Some(amiss) => Amiss(format!("{amiss}.")),
        None => Works("Slack grants all that Dipper needs.".to_owned()),
    };
    let clock = match seen.clock_amiss() {
        Some((amiss, _)) => Amiss(format!("{amiss}.")),
        None => Works("Dipper's clock is Slack's.".to_owned()),
    };
    Ok(vec![scopes, clock])
}

async fn channel(cx: &Context<'_>) -> Result<Found, Failure> {
    if cx.caller.channel.is_direct() {
        return Ok(Works("this is a private conversation.".to_owned()));
    }
    Ok(match cx.bot.slack(&cx.caller.channel.team).await?.channel_info(&cx.caller.channel).await {
        Ok(info) if info.archived => Amiss("this channel is archived; nothing is told here.".to_owned()),
        Ok(info) if info.member => Works("I am in this channel.".to_owned()),
        Ok(info) if !info.private => {
            Works("I am not in this channel, and come in when it subscribes.".to_owned())
        }
        Ok(_) | Err(slack::Error::Api { .. }) => {
            Amiss("I am not in this channel; type `/invite @Dipper`.".to_owned())
        }
        Err(error) => return Err(error.into()),
    })
}

/// Whether the person's account there works.
async fn account(cx: &Context<'_>, site: &Site) -> Result<Found, Failure> {
    let name = site.name();
    let connect = cx.bot.slash(&format!("connect {name}"));
    let me = match cx.bitbucket(name).await {
        Ok(bitbucket) => bitbucket.me().await,
        Err(Failure::SignIn(_)) if !cx.bot.connectable().any(|one| one.name() == name) => {
            let words =
                format!("you have no account on {name}; `{connect}` connects one by a token of your own.");
            return Ok(Works(words));
        }
        Err(Failure::SignIn(_)) => {
            return Ok(Amiss(format!("you have no account on {name}; type `{connect}`.")));
        }
        Err(failure) => return Err(failure),
    };
    Ok(match me {
        Ok(person) => Works(format!("{name} knows you as {}.", person.name)),
        Err(bitbucket::Error::SignIn(_)) => {
            Amiss(format!("{name} no longer takes your account's token; type `{connect}`."))
        }
        Err(error) => Amiss(format!("{name}: {error}")),
    })
}

/// Whether the bot's own credentials there read what this channel is told of.
async fn service(cx: &Context<'_>, site: &Site) -> Result<Vec<Found>, Failure> {
    let told = cx.bot.store.subscriptions_in(&cx.caller.channel).await?;
    let here = told.iter().filter_map(|one| one.repos.one()).filter(|repo| repo.instance == *site.name());
    let tried = site.within(PATIENCE).try_service(&here.collect::<Vec<_>>()).await;
    let mend = "whoever runs Dipper has to look";
    let found = |(whose, tried): (String, bitbucket::Result<Option<RepoName>>)| {
        let what = format!("my own token for {}{whose}", site.name());
        Some(match tried {
            Ok(Some(_)) => Works(format!("{what} reads.")),
            Ok(None) => return None,
            Err(bitbucket::Error::NotFound(_)) => {
                Amiss(format!("{what} may not read what this channel is told of; {mend}."))
            }
            Err(error) => Amiss(format!("{what} does not work; {mend}. {error}")),
        })
    };
    Ok(tried.into_iter().filter_map(found).collect())
}

/// Whether anything has come lately from where this channel's subscriptions are.
async fn webhooks(cx: &Context<'_>) -> Result<Vec<Found>, Failure> {
    let told = cx.bot.store.subscriptions_in(&cx.caller.channel).await?;
    let mut instances: Vec<Instance> = told.into_iter().map(|one| one.repos.instance).collect();
    instances.sort();
    instances.dedup();
    let mut found = Vec::new();
    for instance in instances {
        found.push(match cx.bot.store.last_delivery(&instance).await? {
            Some(at) => {
                Works(format!("{instance} last told me something {}.", ago(cx.bot.clock.millis() - at)))
            }
            None => {
                Amiss(format!("no webhook of {instance} has reached me lately; {}.", hook(cx, &instance)))
            }
        });
    }
    Ok(found)
}

fn hook(cx: &Context<'_>, instance: &Instance) -> String {
    let public = cx.bot.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/').to_owned());
    let public = public.unwrap_or_else(|| "DIPPER_PUBLIC_URL".to_owned());
    format!("add one to `{public}/bitbucket/{instance}/webhook` where it is not there")
}

fn ago(millis: i64) -> String {
    match millis / 60_000 {
        ..=1 => "just now".to_owned(),
        minutes @ 2..=119 => format!("{minutes} minutes ago"),
        minutes @ 120..=2879 => format!("{} hours ago", minutes / 60),
        minutes => format!("{} days ago", minutes / 1440),
    }
}
