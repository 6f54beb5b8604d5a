//! A shortcut: the form of its command, with what the message it was taken on says already filled in.

use super::Turn;
use super::open_form::open;
use crate::bot::Failure;
use crate::commands::shortcuts::{form_of, pull_request_in};
use crate::intake::{Ask, Said, Taken};
use crate::words::names::PrRef;
use crate::words::work::SlackRequest;

/// Opens it.
pub async fn take(turn: &Turn<'_>, request: &SlackRequest, taken: &Taken) -> Result<(), Failure> {
    let pr = match &taken.said {
        Some(said) => meant(turn, said).await?,
        None => None,
    };
    let text = taken.said.as_ref().map(|said| said.text.as_str());
    let form = form_of(taken.shortcut, pr, text)?;
    let ask = Ask {
        form,
        caller: taken.caller.clone(),
        trigger: taken.trigger.clone(),
        within: false,
        private: false,
        response_url: taken.response_url.clone(),
    };
    open(turn, request, &ask).await
}

/// The pull request a message is about: the one it names, else the one whose card it is or stands under.
async fn meant(turn: &Turn<'_>, said: &Said) -> Result<Option<PrRef>, Failure> {
    if let Some(pr) = pull_request_in(&said.text) {
        return Ok(Some(pr));
    }
    let message = &said.message;
    for ts in std::iter::once(&message.ts).chain(&message.thread_ts) {
        let post = turn.bot.store.post_at(&message.channel, ts).await?;
        if let Some(pr) = post.and_then(|post| post.pull_request()) {
            return Ok(Some(pr.into()));
        }
    }
    Ok(None)
}
