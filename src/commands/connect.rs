//! `connect`, `disconnect`, `whoami`: which Bitbucket account is yours.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule};
use super::token::token_button;
use crate::bitbucket::Site;
use crate::bot::{Bot, Context, DONE, Failure, Outcome, connect_button};
use crate::clock::random_name;
use crate::seal::fingerprint;
use crate::store::{self, Link, NewTicket, Tokens, Tx};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{Instance, SlackUser};
use crate::words::pull_request::Person;
use crate::words::work::{NewJob, RunCommand, Urgency};

/// Connect your Bitbucket account
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Connect {
    /// Which Bitbucket, where there are several
    #[arg(value_parser = instance)]
    instance: Option<Instance>,
    /// What is to be allowed besides the least, by the button that knows what was lacking.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    wider: Vec<String>,
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

/// The name of a Bitbucket, as typed.
#[expect(clippy::unnecessary_wraps, reason = "clap wants a parser that may fail")]
pub fn instance(text: &str) -> Result<Instance, crate::words::Advice> {
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
                None => return Ok(which_one(cx.bot, |_, site| connect_button(site.name()))),
            },
            (None, None, _) => {
                return Err(Failure::told("No Bitbucket is connected to Dipper yet; tell whoever runs it."));
            }
        };
        give_link(cx, site, self.wider).await
    }
}

/// The one the workspace has decided on, where an account can be connected there.
async fn usual<'a>(cx: &Context<'a>) -> Result<Option<&'a Site>, Failure> {
    let decided = cx.bot.store.team_settings(&cx.caller.user.team).await?.instance;
    let site = decided.and_then(|instance| cx.bot.sites.get(&instance));
    Ok(site.filter(|site| site.oauth().is_some()))
}

/// The Bitbuckets there are, a button for each.
pub fn which_one(bot: &Bot, button: impl Fn(&Bot, &Site) -> Button) -> Message {
    bot.connectable()
        .fold(Message::line("Which Bitbucket?"), |message, site| message.button(button(bot, site)))
}

async fn give_link(cx: &Context<'_>, site: &Site, wider: Vec<String>) -> Outcome {
    let token = token_button(cx.bot, site);
    let (Some(public), Some(_)) = (&cx.bot.public_url, site.oauth()) else {
        let line = format!("Your account on {} is connected by a token that you make there.", site.name());
        return Ok(Message::line(line).button(token.main()));
    };
    let ticket = random_name(32);
    let mut tx = cx.bot.store.begin().await?;
    tx.open_ticket(&NewTicket {
        hash: fingerprint(&ticket),
        user: cx.caller.user.clone(),
        channel: cx.caller.channel.clone(),
        instance: site.name().clone(),
        command: None,
        wider,
    })
    .await?;
    tx.commit().await?;
    let page = format!("{}/connect/{ticket}", public.as_str().trim_end_matches('/'));
    let link = Line::new().link(format!("Connect your account on {}", site.name()), page);
    Ok(Message::line(link.text(". The link is yours alone and lives ten minutes.")).button(token))
}

/// The button that starts connecting again, to allow these scopes as well.
pub fn wider_button(bot: &Bot, site: &Site, scopes: &[String]) -> Button {
    if bot.public_url.is_none() || site.oauth().is_none() {
        return token_button(bot, site);
    }
    let connect = Connect { instance: Some(site.name().clone()), wider: scopes.to_vec() };
    Button::new(format!("Allow more on {}", site.name()), Action::of(Connect::NAME, &connect))
}

/// Links a Slack person to an account, and takes up what they asked for before.
pub async fn keep_link(
    tx: &mut Tx,
    (user, instance): (&SlackUser, &Instance),
    person: &Person,
    tokens: &Tokens,
) -> Result<(), store::Error> {
    tx.save_link(user, instance, person, tokens).await?;
    for parked in tx.take_parked(user, instance).await? {
        match serde_json::from_str::<RunCommand>(&parked.command) {
            Ok(command) => drop(tx.enqueue(NewJob::of(&command).urgency(Urgency::Soon)).await?),
            Err(error) => tracing::error!(%error, "a parked command does not read any more"),
        }
    }
    Ok(())
}

impl Runs for Disconnect {
    const NAME: &'static str = "disconnect";
    const EXAMPLE: &'static str = "disconnect cloud";
    const RULE: Rule = Rule::Owner;
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
        let (deed, home) = (cx.deed(DONE).await?, cx.bot.home_changed(&cx.caller.user).await?);
        Ok(match cx.bot.accounts.disconnect(&cx.caller.user, &wanted, (&deed, home)).await? {
            Some(link) => {
                let forgotten = format!("Forgotten: you are no longer {} on {wanted}.", link.person.name);
                let message = Message::line(forgotten);
                if link.is_own_token() {
                    message.and("The token itself lives on at Bitbucket until you delete it there.")
                } else {
                    message
                }
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
            let line = Line::new().text("On ").bold(link.instance.as_str());
            message = message.and(until(line.text(format!(" you are {}", link.person.name)), &link));
        }
        Ok(message)
    }
}

/// What an account may do by this link, and for how long.
fn until(line: Line, by: &Link) -> Line {
    if by.is_own_token() {
        return line.text(", by a token of your own.");
    }
    let line = match by.tokens.scopes.as_str() {
        "" => line,
        scopes => line.text(format!(", who may {}", scopes.replace(' ', ", "))),
    };
    match (&by.tokens.refresh_sealed, by.tokens.expires_at) {
        (None, Some(end)) => line.text(", until ").moment(end).text("."),
        _ => line.text("; renewed by itself."),
    }
}
