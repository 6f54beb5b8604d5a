//! A stored Slack request: read again from its raw bytes, then run, asked or said.

use std::time::Duration;

use super::forget_workspace::leave;
use super::run_command::{Reply, answer, perform};
use super::{Job, Turn};
use crate::bot::Failure;
use crate::clock::millis_of;
use crate::intake::{self, Ask, Invocation, Wish};
use crate::slack::{self, forms};
use crate::words::message::{Button, Message};
use crate::words::work::{Door, SlackRequest};

/// A trigger dies three seconds after it was made; nearer than this to the end it is not tried.
const TRIGGER_LIFE: Duration = Duration::from_millis(2_700);

/// Where the body of a request is sealed to.
pub fn place(seen: &str) -> String {
    format!("slack:{seen}")
}

impl Job for SlackRequest {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let sealed = turn.claim.body.as_deref().unwrap_or_default();
        let body = turn.bot.seal.open_bytes(&place(&self.seen), sealed)?;
        let wish =
            intake::read(turn.bot, self.door, &body).map_err(|error| Failure::Ours(error.to_string()))?;
        match wish {
            Wish::Run(invocation) => {
                let reply = Reply::of(&invocation, self.at);
                perform(turn, &invocation.action, &invocation.caller, &reply).await
            }
            Wish::Tell(invocation, message) => told(turn, &invocation, self.at, &message).await,
            Wish::Ask(ask) => self.open(turn, &ask).await,
            Wish::Leave(team, at) => leave(turn, &team, at).await,
            Wish::Drop(reason) => {
                tracing::debug!(reason, "dropped");
                Ok(())
            }
            Wish::Prove(_) | Wish::Say(_) | Wish::Correct(_) | Wish::Challenge(_) | Wish::Probe => Ok(()),
        }
    }
}

async fn told(turn: &Turn<'_>, invocation: &Invocation, at: i64, message: &Message) -> Result<(), Failure> {
    answer(turn.bot, &invocation.caller, &Reply::of(invocation, at), message).await
}

impl SlackRequest {
    /// Opens the form while the trigger lives; else the person gets a button, which makes a new one.
    async fn open(&self, turn: &Turn<'_>, ask: &Ask) -> Result<(), Failure> {
        let bot = turn.bot;
        let alive = self.door != Door::Event && bot.clock.millis() - self.at < millis_of(TRIGGER_LIFE);
        if let Some(trigger) = ask.trigger.as_ref().filter(|_| alive && !turn.again()) {
            let view = forms::view(&ask.form, Some(&ask.caller.channel))
                .map_err(|error| Failure::Ours(error.to_string()))?;
            match bot.slack(&ask.caller.user.team).await?.open_view(trigger, &view).await {
                Ok(_) => return Ok(()),
                Err(slack::Error::Api { code, messages, .. }) if !code.contains("trigger") => {
                    return Err(Failure::Ours(format!("Slack refused a form: {code} {messages:?}")));
                }
                Err(error) => tracing::info!(%error, "the form could not be opened in time"),
            }
        }
        let message = Message::line("That took too long for Slack to open the form.")
            .button(Button::new(ask.form.title.clone(), ask.form.does.clone()).main());
        let reply = Reply {
            response_url: ask.response_url.clone(),
            until: self.at + super::run_command::RESPONSE_URL_LIFE,
            view: None,
        };
        answer(bot, &ask.caller, &reply, &message).await
    }
}
