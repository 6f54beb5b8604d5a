//! A digest whose time has come: read with the asker's own account, said once.

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::{Context, Failure, Trail};
use crate::commands::digest::{Asked, gather};
use crate::slack::Standing;
use crate::store::Digest;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::wish::RepoPattern;
use crate::words::work::{Caller, NewJob, SendDigest, TellPerson};

impl Job for SendDigest {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let (bot, now) = (turn.bot, turn.bot.clock.millis());
        let Some(digest) = bot.store.digest(self.digest).await? else {
            return Ok(());
        };
        let (asker, what) = (&digest.what.asked_by, &digest.what);
        if !what.channel.is_direct() && bot.store.held().await?.is_shut(&what.channel) {
            return self.ran(turn, "not sent: I cannot speak there").await;
        }
        let presence = bot.presence(asker).await?;
        let Some(presence) = presence.filter(|there| there.standing != Standing::Gone) else {
            bot.accounts.forget(asker).await?;
            return self.ran(turn, "not sent: whoever asked for it has left the workspace").await;
        };
        if what.personal {
            if presence.away.is_some() {
                return self.ran(turn, "not sent: you were away").await;
            }
            let wishes = bot.store.private_wishes(asker).await?;
            if let Some(until) = presence.busy_until(&wishes, now) {
                let mut tx = turn.begin().await?;
                tx.enqueue(NewJob::of(&self).at(until)).await?;
                return Ok(tx.commit().await?);
            }
        }
        match body(turn, &digest).await {
            Ok(Some((message, said))) => {
                let key = format!("digest:{}:{}", self.digest, self.due);
                let saying = Saying { channel: &what.channel, thread: None, key: &key, message: &message };
                let said = match saying.once(turn, "").await? {
                    Some(_) => said,
                    None => "not sent: I cannot speak there".to_owned(),
                };
                self.ran(turn, &said).await
            }
            Ok(None) => self.ran(turn, "nothing waited, and nothing was said").await,
            Err(Failure::SignIn(_) | Failure::Wider(_) | Failure::Told(_) | Failure::Waits(_)) => {
                tell_asker(turn, &digest, self.due).await?;
                self.ran(turn, "not sent: the account it is read with may not read it any more").await
            }
            Err(other) => Err(other),
        }
    }
}

impl SendDigest {
    async fn ran(&self, turn: &Turn<'_>, result: &str) -> Result<(), Failure> {
        let mut tx = turn.begin().await?;
        tx.digest_ran(self.digest, self.due, result).await?;
        Ok(tx.commit().await?)
    }
}

/// What it says, and that in a few words; none where nothing is to be said.
async fn body(turn: &Turn<'_>, digest: &Digest) -> Result<Option<(Message, String)>, Failure> {
    let (user, channel) = (digest.what.asked_by.clone(), digest.what.channel.clone());
    let caller = Caller { user, channel, message: None };
    let cx = Context {
        bot: turn.bot,
        caller: &caller,
        again: turn.again(),
        origin: turn.claim.origin,
        trail: Trail::default(),
    };
    let found = gather(&cx, &Asked::of(digest)).await?;
    if found.is_silent() {
        return Ok(None);
    }
    let said = match found.len() {
        0 => "nothing waited".to_owned(),
        1 => "1 pull request".to_owned(),
        many => format!("{many} pull requests"),
    };
    Ok(Some((found.kept(&cx).await?.to_channel(), said)))
}

/// A digest shows what its asker can read; when they no longer can, they are the one who can mend it.
async fn tell_asker(turn: &Turn<'_>, digest: &Digest, due: i64) -> Result<(), Failure> {
    let how = turn.bot.slash("connect");
    let of = digest.what.repos.as_ref().map_or_else(|| "what concerns you".to_owned(), RepoPattern::short);
    let line = Line::new().text("I could not make the digest of ").bold(of);
    let message = Message::line(line.text(" with your account: it may not read it any more."))
        .and(format!("`{how}` connects your account again; the digest can be removed where it is sent."));
    let message = if digest.what.personal {
        let remove = Action::named("digest.remove").with("number", format!("mine:{}", digest.number));
        message.button(Button::new("Remove it", remove))
    } else {
        message
    };
    let identity = format!("digest-failed:{}:{due}", digest.id);
    let mut tx = turn.begin().await?;
    tx.enqueue(NewJob::of(&TellPerson { to: digest.what.asked_by.clone(), identity, message })).await?;
    Ok(tx.commit().await?)
}
