//! Bitbucket tells nobody that branches are in each other's way: it is asked when either of them moved, and
//! slowly of all cards that are out.

use super::{Job, Turn, feeds, look, say_story};
use crate::bitbucket::event::Subject;
use crate::bitbucket::{Event, Kind};
use crate::bot::Failure;
use crate::notices;
use crate::store::Subscription;
use crate::words::names::{PrName, Topic};
use crate::words::pull_request::PullRequest;
use crate::words::work::{LookForConflict, NewJob};

/// So long after a change it is asked: a moment later Bitbucket knows.
const SOON: i64 = 2_000;
/// So many are asked of at once.
const MOST: usize = 20;
/// How long it is remembered that a conflict was told.
const LONG: i64 = 90 * 24 * 60 * 60 * 1000;
/// How often all that are out are looked at, in milliseconds.
pub const EVERY: i64 = 30 * 60 * 1000;

impl Job for LookForConflict {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        if let Some(pr) = &self.pr {
            return look_at(turn, pr).await.map(drop);
        }
        let out = turn.bot.store.cards_out().await?;
        // Where there are more than are looked at in one go, each time others come first.
        let round = usize::try_from(turn.bot.clock.millis() / EVERY).unwrap_or_default();
        let first = round.saturating_mul(MOST) % out.len().max(1);
        let mut asked = 0;
        for pr in out.iter().cycle().skip(first).take(out.len()) {
            asked += usize::from(look_at(turn, pr).await?);
            if asked >= MOST {
                break;
            }
        }
        Ok(())
    }
}

/// Asks whether it conflicts, where a channel wants to know, and tells it once for each state of its source.
/// Whether Bitbucket was asked.
async fn look_at(turn: &Turn<'_>, name: &PrName) -> Result<bool, Failure> {
    let store = &turn.bot.store;
    let Some(pr) = store.pull_request(name).await?.filter(PullRequest::is_open) else {
        return Ok(false);
    };
    let mut all = store.subscriptions_to(&name.repo).await?;
    all.retain(|one| wants(one));
    if all.is_empty() {
        return Ok(false);
    }
    let all = feeds::listening(turn, &name.repo, all).await?;
    let Some(eyes) = look::eyes(turn, &name.repo, &all).await? else {
        return Ok(false);
    };
    let Some(found) = look::answered(turn, eyes.mergeability(name).await)? else {
        return Ok(true);
    };
    let (what, head) = (format!("conflict:{name}"), pr.head.clone().unwrap_or_default());
    let until = turn.bot.clock.millis() + LONG;
    let told = store.known(&what).await?;
    match (found.conflicts, told.as_deref()) {
        (false, None | Some("")) => {}
        (false, Some(_)) => store.keep_known(&what, "", until).await?,
        (true, Some(told)) if told == head => {}
        (true, _) => {
            let cards = store.cards_of(name).await?;
            let (jobs, lines) = notices::conflict(&pr, (&all, &cards), turn.bot.clock.millis());
            let mut tx = turn.begin().await?;
            for job in jobs {
                tx.enqueue(job).await?;
            }
            say_story::keep(turn.bot, &mut tx, &lines).await?;
            tx.commit().await?;
            store.keep_known(&what, &head, until).await?;
        }
    }
    Ok(true)
}

fn wants(subscription: &Subscription) -> bool {
    subscription.wish.topics.contains(&Topic::Conflict)
}

/// The questions that follow from an event: of the pull request that it changed, or of those into a branch that
/// moved.
pub(super) async fn after(turn: &Turn<'_>, event: &Event) -> Result<Vec<NewJob>, Failure> {
    // Also of those who hear nothing of the event itself.
    let all = turn.bot.store.subscriptions_to(&event.repo).await?;
    if !all.iter().any(|one| wants(one)) {
        return Ok(Vec::new());
    }
    let changed: Vec<PrName> = match (&event.pull_request, &event.subject) {
        (Some(pr), _) if pr.is_open() && moves(event.kind) => vec![pr.name.clone()],
        (None, Subject::Refs(refs)) => {
            let mut open = turn.bot.store.open_in(&event.repo).await?;
            open.retain(|pr| refs.iter().any(|moved| moved.new.is_some() && moved.name == pr.target));
            open.into_iter().take(MOST).map(|pr| pr.name).collect()
        }
        _ => Vec::new(),
    };
    let at = turn.bot.clock.millis() + SOON;
    let ask = |pr: PrName| {
        let key = format!("conflict:{pr}");
        NewJob::of(&LookForConflict { pr: Some(pr) }).once(key).at(at)
    };
    Ok(changed.into_iter().map(ask).collect())
}

/// Whether an event may have moved its branches.
fn moves(kind: Kind) -> bool {
    matches!(kind, Kind::Opened | Kind::Pushed | Kind::Updated)
}
