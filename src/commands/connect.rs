//! `connect`, `disconnect`, `whoami`: which Bitbucket account is yours.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule};
use crate::bitbucket::Site;
use crate::bot::{Bot, Context, DONE, Failure, Outcome, connect_button};
use crate::clock::random_name;
use crate::seal::fingerprint;
use crate::store::NewTicket;
use crate::words::message::{Line, Message};
use crate::words::names::Instance;

/// Connect your Bitbucket account
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Connect {
    /// Which Bitbucket, where there are several
    #[arg(value_parser = instance)]
    instance: Option<Instance>,
}

/// Forget your Bitbucket account
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Disconnect {
    /// Which Bitbucket, where there are several
    #[arg(value_parser = instance)]
    instance: Option<Instance>,
}

/// Show which accounts you have connected
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Whoami {}

#[expect(clippy::unnecessary_wraps, reason = "clap wants a parser that may fail")]
pub(super) fn instance(text: &str) -> Result<Instance, crate::words::Advice> {
    Ok(Instance::new(text))
}

impl Runs for Connect {
    const NAME: &'static str = "connect";
    const EXAMPLE: &'static str = "connect cloud";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let mut able = cx.bot.connectable();
        let site = match (&self.instance, able.next(), able.next()) {
            (Some(instance), ..) => cx.bot.site(instance)?,
            (None, Some(only), None) => only,
            (None, Some(_), Some(_)) => match usual(cx).await? {
                Some(site) => site,
                None => return Ok(which_one(cx.bot)),
            },
            (None, None, _) => match cx.bot.sites.values().next() {
                Some(site) => return Err(cannot(cx.bot, site)),
                None => {
                    return Err(Failure::told(
                        "No Bitbucket is connected to Dipper yet; tell whoever runs it.",
                    ));
                }
            },
        };
        give_link(cx, site).await
    }
}

/// The one the workspace has decided on, where an account can be connected there.
async fn usual<'a>(cx: &Context<'a>) -> Result<Option<&'a Site>, Failure> {
    let decided = cx.bot.store.team_settings(&cx.caller.user.team).await?.instance;
    let site = decided.and_then(|instance| cx.bot.sites.get(&instance));
    Ok(site.filter(|site| site.oauth().is_some()))
}

fn which_one(bot: &Bot) -> Message {
    bot.connectable()
        .fold(Message::line("Which Bitbucket?"), |message, site| message.button(connect_button(site.name())))
}

async fn give_link(cx: &Context<'_>, site: &Site) -> Outcome {
    let (Some(public), Some(_)) = (&cx.bot.public_url, site.oauth()) else {
        return Err(cannot(cx.bot, site));
    };
    let ticket = random_name(32);
    let mut tx = cx.bot.store.begin().await?;
    tx.open_ticket(&NewTicket {
        hash: fingerprint(&ticket),
        user: cx.caller.user.clone(),
        channel: cx.caller.channel.clone(),
        instance: site.name().clone(),
        command: None,
    })
    .await?;
    tx.commit().await?;
    let page = format!("{}/connect/{ticket}", public.as_str().trim_end_matches('/'));
    let link = Line::new().link(format!("Connect your account on {}", site.name()), page);
    Ok(Message::line(link.text(". The link is yours alone and lives ten minutes.")))
}

fn cannot(bot: &Bot, site: &Site) -> Failure {
    let missing = if bot.public_url.is_none() { "DIPPER_PUBLIC_URL" } else { "an OAuth client for it" };
    Failure::told(format!(
        "Accounts on {} cannot be connected yet: whoever runs Dipper has to set {missing}.",
        site.name()
    ))
}

impl Runs for Disconnect {
    const NAME: &'static str = "disconnect";
    const EXAMPLE: &'static str = "disconnect cloud";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let links = cx.bot.accounts.of(&cx.caller.user).await?;
        let wanted = match (self.instance, links.as_slice()) {
            (Some(instance), _) => instance,
            (None, [only]) => only.instance.clone(),
            (None, []) => return Ok(Message::line("You have no account connected.")),
            (None, several) => {
                let names: Vec<String> = several.iter().map(|link| format!("`{}`", link.instance)).collect();
                return Err(Failure::told(format!(
                    "Which one? You are connected on {}.",
                    names.join(" and ")
                )));
            }
        };
        cx.acts_on(&wanted);
        let deed = cx.deed(DONE).await?;
        Ok(match cx.bot.accounts.disconnect(&cx.caller.user, &wanted, &deed).await? {
            Some(link) => {
                Message::line(format!("Forgotten: you are no longer {} on {wanted}.", link.person.name))
            }
            None => Message::line(format!("You have no account connected on {wanted}.")),
        })
    }
}

impl Runs for Whoami {
    const NAME: &'static str = "whoami";
    const EXAMPLE: &'static str = "whoami";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let links = cx.bot.accounts.of(&cx.caller.user).await?;
        if links.is_empty() {
            let connect = cx.bot.slash("connect");
            return Ok(Message::line(format!(
                "You have no Bitbucket account connected; `{connect}` does it."
            )));
        }
        let mut message = Message::default();
        for link in links {
            let scopes = if link.tokens.scopes.is_empty() {
                String::new()
            } else {
                format!(", who may {}", link.tokens.scopes.replace(' ', ", "))
            };
            message = message.and(
                Line::new()
                    .text("On ")
                    .bold(link.instance.as_str())
                    .text(format!(" you are {}{scopes}.", link.person.name)),
            );
        }
        Ok(message)
    }
}
