//! A digest whose time has come: read with the asker's own account, said once.

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::{Context, Failure, Trail};
use crate::store::Digest;
use crate::views::listing;
use crate::words::message::{Line, Message};
use crate::words::pull_request::PullRequestFilter;
use crate::words::work::{Caller, NewJob, SendDigest, TellPerson};

/// How many pull requests one digest lists.
const MOST: usize = 40;

impl Job for SendDigest {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let Some(digest) = turn.bot.store.digest(self.digest).await? else {
            return Ok(());
        };
        if turn.bot.store.held().await?.is_shut(&digest.what.channel) {
            return Ok(());
        }
        let asker = &digest.what.asked_by;
        if turn.bot.has_left(asker).await? {
            tracing::info!(digest = self.digest, "its asker has left the workspace; it is not sent");
            return Ok(turn.bot.accounts.forget(asker).await?);
        }
        let message = match body(turn, &digest).await {
            Ok(message) => message,
            Err(Failure::SignIn(_) | Failure::Wider(_) | Failure::Told(_) | Failure::Waits(_)) => {
                return tell_asker(turn, &digest, self.due).await;
            }
            Err(other) => return Err(other),
        };
        let key = format!("digest:{}:{}", self.digest, self.due);
        let saying = Saying { channel: &digest.what.channel, thread: None, key: &key, message: &message };
        saying.once(turn, "").await.map(|_| ())
    }
}

async fn body(turn: &Turn<'_>, digest: &Digest) -> Result<Message, Failure> {
    let (user, channel) = (digest.what.asked_by.clone(), digest.what.channel.clone());
    let caller = Caller { user, channel, message: None };
    let cx = Context {
        bot: turn.bot,
        caller: &caller,
        again: turn.again(),
        origin: turn.claim.origin,
        trail: Trail::default(),
    };
    let bitbucket = cx.bitbucket_in_background(&digest.what.repo.instance).await?;
    let open = bitbucket.pull_requests(&digest.what.repo, &PullRequestFilter::open(), MOST).await?;
    Ok(listing::digest(&digest.what.repo, &open))
}

/// A digest shows what its asker can read; when they no longer can, they are the one who can mend it.
async fn tell_asker(turn: &Turn<'_>, digest: &Digest, due: i64) -> Result<(), Failure> {
    let how = turn.bot.slash("connect");
    let line = Line::new().text("I could not make the digest of ").bold(digest.what.repo.short());
    let message = Message::line(line.text(" with your account: it may not read it any more."))
        .and(format!("`{how}` connects your account again; the digest can be removed where it is sent."));
    let identity = format!("digest-failed:{}:{due}", digest.id);
    let mut tx = turn.begin().await?;
    tx.enqueue(NewJob::of(&TellPerson { to: digest.what.asked_by.clone(), identity, message })).await?;
    Ok(tx.commit().await?)
}
