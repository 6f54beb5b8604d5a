//! A stored Slack request: read again from its raw bytes, then run, asked or said.

use super::channels::stirred;
use super::forget_workspace::leave;
use super::home_tab::{redraw, working};
use super::open_form::{open, refill};
use super::run_command::{Asking, Reply, answer, perform};
use super::shortcut::take;
use super::{Job, Turn};
use crate::bot::Failure;
use crate::intake::{self, Invocation, Wish};
use crate::words::message::Message;
use crate::words::work::SlackRequest;

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
                let mut reply = Reply::of(&invocation, self.at);
                if let Some(trigger) = &invocation.from_home {
                    reply.view = working(turn, &self, &invocation.caller.user, trigger).await?;
                    redraw(turn, &invocation.caller.user).await?;
                }
                let asked = Asking { action: &invocation.action, caller: &invocation.caller, agreed: None };
                perform(turn, asked, &reply).await
            }
            Wish::Take(taken) => take(turn, &self, &taken).await,
            Wish::Home(user) => redraw(turn, &user).await,
            Wish::Tell(invocation, message) => told(turn, &invocation, self.at, &message).await,
            Wish::Ask(ask) => open(turn, &self, &ask).await,
            Wish::Refill(changed) => refill(turn, &changed).await,
            Wish::Channel(channel, stir) => stirred(turn, &channel, stir).await,
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
