//! A webhook that is deleted, switched off, failing or short of something says nothing of it: it is looked at
//! every hour, and whoever made it is told once.

use super::{Job, Turn};
use crate::bitbucket::{Bitbucket, Error};
use crate::bot::{Failure, HookState};
use crate::commands::mend;
use crate::store::Hook;
use crate::words::message::{Line, Message, Tone};
use crate::words::webhook::Webhook;
use crate::words::work::{LookAtHook, LookAtHooks, NewJob, TellPerson};

/// How many webhooks of one place are looked through.
const MOST: usize = 1_000;
/// After so many attempts it is left to the next hour.
const PATIENCE: i64 = 4;

impl Job for LookAtHooks {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let all = turn.bot.store.every_hook().await?;
        let mut tx = turn.begin().await?;
        for hook in all {
            let key = format!("hook:{hook}");
            tx.enqueue(NewJob::of(&LookAtHook { hook }).once(key)).await?;
        }
        Ok(tx.commit().await?)
    }
}

impl Job for LookAtHook {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let Some(hook) = turn.bot.store.hook(&self.hook).await? else {
            return Ok(());
        };
        let Some(all) = all_there(turn, &hook).await? else {
            return Ok(());
        };
        let there = all.iter().find(|one| one.id == hook.remote);
        let state = turn.bot.hook_state(&hook, there).await?;
        let trouble = state.trouble();
        let events = there.map(|there| there.events.as_slice());
        let mut tx = turn.begin().await?;
        tx.hook_seen(&hook.id, trouble, events).await?;
        if let Some(message) = said(&hook, &state).filter(|_| hook.trouble.as_deref() != trouble) {
            let identity = format!("hook:{}:{:x}", hook.id, turn.claim.id);
            tx.enqueue(NewJob::of(&TellPerson { to: hook.made_by.clone(), identity, message })).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The webhooks of its place, as whoever made it may see them, or the bot itself; none where nobody may.
async fn all_there(turn: &Turn<'_>, hook: &Hook) -> Result<Option<Vec<Webhook>>, Failure> {
    let Some(site) = turn.bot.sites.get(&hook.site.instance) else {
        return Ok(None);
    };
    let site = site.in_background();
    let theirs = match turn.bot.accounts.tokens(&hook.made_by, &site).await.map_err(Failure::from) {
        Ok(tokens) => Some(site.as_person(tokens)),
        Err(Failure::SignIn(_)) => None,
        Err(failure) => return Err(failure),
    };
    let own = site.as_service_in(hook.site.owner());
    let hands: Vec<Box<dyn Bitbucket>> = theirs.into_iter().chain(own).collect();
    for hands in hands {
        match hands.webhooks(&hook.site.place, MOST).await {
            Ok(all) => return Ok(Some(all)),
            Err(error @ (Error::Slow { .. } | Error::Down(_))) if turn.claim.attempt < PATIENCE => {
                return Err(error.into());
            }
            Err(error) => tracing::info!(%error, hook = hook.id, "a webhook could not be looked at"),
        }
    }
    Ok(None)
}

/// What is wrong with it and how to mend it; nothing where nothing is.
fn said(hook: &Hook, state: &HookState) -> Option<Message> {
    let place = hook.site.short();
    let lost = |why: &str| {
        let line = Line::new().text("What happens in ").bold(&place).text(" is told in Slack no more: ");
        line.text(why)
    };
    let (line, button) = match state {
        HookState::Well => return None,
        HookState::Gone => (
            lost("the webhook you made there is gone from Bitbucket."),
            mend("Make it again", &hook.site, false),
        ),
        HookState::Off => (
            lost("the webhook you made there was switched off on Bitbucket."),
            mend("Switch it on", &hook.site, false),
        ),
        HookState::Failing(why) => {
            let why = if why.is_empty() { String::new() } else { format!(" ({why})") };
            let why = format!("Bitbucket's last deliveries by the webhook you made there all failed{why}.");
            (lost(&why), mend("Mend it", &hook.site, true))
        }
        HookState::Short(lacking) => {
            let line = Line::new().text("The webhook you made for ").bold(&place);
            let line = line.text(format!(
                " does not ask for all that channels want to hear of: {}.",
                lacking.join(", ")
            ));
            (line, mend("Extend it", &hook.site, false))
        }
    };
    Some(Message::line(line).tone(Tone::Warning).button(button))
}
