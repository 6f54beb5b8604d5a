//! `token`: connect an account by a token of one's own, where no browser can come by, or by preference.
//! The token is proven and sealed at the door: no row but the account's own ever holds it.

use std::collections::BTreeMap;
use std::time::Duration;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::connect::{instance, keep_link, which_one};
use super::rules::{self, Changes, Rule};
use crate::bitbucket::{self, Site, Tokens};
use crate::bot::{Bot, Context, DONE, Failure, Outcome};
use crate::seal::Secret;
use crate::store::Deed;
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::Instance;
use crate::words::pull_request::Person;

/// How long the proof may take: Slack waits three seconds for all of it.
const PATIENCE: Duration = Duration::from_millis(2_300);

/// Connect your account by a token of your own
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Token {
    /// Which Bitbucket, where there are several
    #[arg(value_parser = instance)]
    instance: Option<Instance>,
    /// What goes with the token there; the form is opened once that is known.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    goes_with: Option<GoesWith>,
}

/// What a token has to be sent with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum GoesWith {
    /// Its owner's e-mail address.
    Address,
    /// Nothing.
    Nothing,
}

/// What came with the form. Neither shown nor stored.
#[derive(Deserialize)]
struct Typed {
    instance: Instance,
    email: Option<String>,
    token: String,
}

impl Runs for Token {
    const NAME: &'static str = "token";
    const EXAMPLE: &'static str = "token cloud";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn form(&self) -> Option<Form> {
        let instance = self.instance.as_ref()?;
        let token = |label: &str| Field::new("token", label, FieldKind::Secret);
        let (intro, fields) = match self.goes_with? {
            GoesWith::Address => (
                "Make an API token in your Atlassian account, with the Bitbucket scopes you want Dipper to use.",
                vec![Field::new("email", "E-mail of that account", FieldKind::Text), token("API token")],
            ),
            GoesWith::Nothing => (
                "Make an HTTP access token under your account in Bitbucket, with the right to write. \
                 Bitbucket may refuse to merge by such a token.",
                vec![token("HTTP access token")],
            ),
        };
        Some(Form {
            title: "Connect by a token".to_owned(),
            submit: "Connect".to_owned(),
            intro: vec![Line::from(format!("For {instance}. {intro}"))],
            fields,
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let mut able = cx.bot.connectable();
        let site = match (&self.instance, able.next(), able.next()) {
            (Some(instance), ..) => cx.bot.site(instance)?,
            (None, Some(only), None) => only,
            _ => return Ok(which_one(cx.bot, token_button)),
        };
        Ok(Message::line("A token of your own is typed into a form, and kept sealed.")
            .button(token_button(cx.bot, site).main()))
    }
}

/// The button that opens the form.
pub fn token_button(bot: &Bot, site: &Site) -> Button {
    let goes_with = if bot.goes_with_address(site.name()) { GoesWith::Address } else { GoesWith::Nothing };
    let token = Token { instance: Some(site.name().clone()), goes_with: Some(goes_with) };
    Button::new(format!("Use a token for {}", site.name()), Action::of(Token::NAME, &token))
}

/// Proves what was typed and keeps it; what is wrong, by field.
pub async fn prove(cx: &Context<'_>, action: &Action) -> Result<Message, BTreeMap<String, String>> {
    let under = |field: &str, why: String| BTreeMap::from([(field.to_owned(), why)]);
    let Ok(typed) = action.read::<Typed>() else {
        return Err(under("token", "This form is from another time; ask for a new one.".to_owned()));
    };
    let (token, email) = (typed.token.trim(), typed.email.as_deref().map(str::trim));
    if token.is_empty() || token.contains(|c: char| c.is_whitespace() || c.is_control() || c == ':') {
        return Err(under("token", "That is no token; copy it once more, whole.".to_owned()));
    }
    if email.is_some_and(|email| !email.contains('@') || email.contains([':', ' '])) {
        return Err(under("email", "That is no e-mail address.".to_owned()));
    }
    let secret = Secret::new(email.map_or(token.to_owned(), |email| format!("{email}:{token}")));
    match connected(cx, &typed.instance, &secret).await {
        Ok(person) => Ok(Message::line(format!("You are {} on {} now.", person.name, typed.instance))
            .and("It may do what you allowed that token, for as long as you let it live.")),
        Err(Failure::Told(why)) => Err(under("token", why.plain())),
        Err(Failure::SignIn(_)) => Err(under(
            "token",
            "Bitbucket does not take it. Look whether it is whole, alive, and goes with that account."
                .to_owned(),
        )),
        Err(Failure::Wider(lacking)) => {
            Err(under("token", format!("It lacks {}; make one that has it.", lacking.scopes.join(", "))))
        }
        Err(Failure::Later { why, .. }) => Err(under("token", format!("{why} Nothing was kept; try again."))),
        Err(failure) => {
            tracing::error!(?failure, "a token could not be kept");
            Err(under("token", "Something went wrong on Dipper's side; nothing was kept.".to_owned()))
        }
    }
}

async fn connected(cx: &Context<'_>, instance: &Instance, secret: &Secret) -> Result<Person, Failure> {
    rules::check(cx, Token::RULE, None).await?;
    let site = cx.bot.site(instance)?;
    let hands = site.as_person(cx.bot.accounts.just_typed(secret, instance));
    let asked = tokio::time::timeout(PATIENCE, hands.me()).await;
    let person = asked.unwrap_or_else(|_| Err(bitbucket::Error::Down("it took too long.".into())))?;
    let tokens = Tokens { access: secret.clone(), refresh: None, expires_in: None, scopes: Vec::new() };
    let sealed = cx.bot.accounts.sealed(&cx.caller.user, instance, &tokens);
    cx.acts_on(instance);
    let known_as = format!("{} on {instance} ({})", person.name, person.id);
    let deed = Deed { person: Some(known_as), ..cx.deed(DONE).await? };
    let home = cx.bot.home_changed(&cx.caller.user).await?;
    let mut tx = cx.bot.store.begin().await?;
    tx.write_down(&cx.bot.seal, &deed).await?;
    keep_link(&mut tx, (&cx.caller.user, instance), &person, &sealed).await?;
    if let Some(home) = home {
        tx.enqueue(home).await?;
    }
    tx.commit().await?;
    cx.bot.nudge.notify_waiters();
    Ok(person)
}
