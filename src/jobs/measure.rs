//! What a card shows and no event says: how large the change is, how it was built, and what was counted
//! where deliveries leave that out. It is looked up behind the card, which is posted before.

use super::{Job, Turn, look};
use crate::bitbucket::Bitbucket;
use crate::bot::{Bot, Failure, draw_card};
use crate::commands::size_of;
use crate::words::code::Changes;
use crate::words::measure::{Extent, Measure};
use crate::words::names::PrName;
use crate::words::pull_request::{PullRequest, State};
use crate::words::work::{DrawCard, MeasureCard, NewJob, Urgency, Work};

/// How many builds are looked at.
const BUILDS: usize = 50;
/// A burst of events is followed by one look.
const QUIET: i64 = 1_000;

/// The look at a pull request of which a card is about to be drawn, where its newest commit was not looked
/// at before.
pub async fn first_look(bot: &Bot, pr: &PullRequest) -> Result<Option<NewJob>, Failure> {
    if pr.state == State::Deleted {
        return Ok(None);
    }
    let measure = bot.store.measure(&pr.name).await?;
    Ok(measure.is_none_or(|measure| measure.head != pr.head).then(|| look_at(&pr.name)))
}

/// The look after an event that does not count what it should, where cards show it.
pub fn after(bot: &Bot, pr: Option<&PullRequest>, jobs: &[NewJob]) -> Option<NewJob> {
    let pr = pr.filter(|pr| pr.state != State::Deleted && pr.comments.is_none())?;
    let drawn = jobs.iter().any(|job| job.kind == DrawCard::KIND);
    drawn.then(|| look_at(&pr.name).at(bot.clock.millis() + QUIET))
}

/// One look at a time in each workspace or project: what Bitbucket lets us ask is there for more than cards.
fn look_at(pr: &PrName) -> NewJob {
    let line = format!("measure:{}:{}", pr.repo.instance, pr.repo.owner);
    NewJob::of(&MeasureCard { pr: pr.clone() }).once(format!("measure:{pr}")).in_order(line)
}

impl Job for MeasureCard {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let store = &turn.bot.store;
        let Some(pr) = store.pull_request(&self.pr).await? else {
            return Ok(());
        };
        let before = store.measure(&self.pr).await?.unwrap_or_default();
        let subscriptions = store.subscriptions_to(&self.pr.repo).await?;
        let Some(eyes) = look::eyes(turn, &self.pr.repo, &subscriptions).await? else {
            // Whoever sees it next looks again.
            let mut tx = turn.begin().await?;
            tx.keep_measure(&self.pr, &Measure { head: None, ..before }).await?;
            return Ok(tx.commit().await?);
        };
        let measure = measured(turn, &*eyes, &pr, before).await?;
        let builds = look::answered(turn, eyes.checks(&pr.name, BUILDS).await)?.unwrap_or_default();
        let mut tx = turn.begin().await?;
        tx.keep_measure(&self.pr, &measure).await?;
        if let Some(head) = &pr.head {
            for build in &builds {
                tx.built(&self.pr.repo, head, build).await?;
            }
        }
        for post in store.cards_of(&self.pr).await? {
            let card = DrawCard { channel: post.channel, pr: self.pr.clone() };
            tx.enqueue(draw_card(&card, Urgency::Whenever)).await?;
        }
        tx.commit().await?;
        turn.bot.nudge.notify_waiters();
        Ok(())
    }
}

async fn measured(
    turn: &Turn<'_>,
    eyes: &dyn Bitbucket,
    pr: &PullRequest,
    before: Measure,
) -> Result<Measure, Failure> {
    let mut now = Measure { head: pr.head.clone(), ..before.clone() };
    if now.head != before.head || now.size.is_none() {
        now.size = look::answered(turn, size_of(eyes, &pr.name).await)?.map(|changes| extent(&changes));
    }
    if pr.comments.is_none()
        && let Some(counted) = look::answered(turn, eyes.pull_request(&pr.name).await)?
    {
        (now.comments, now.tasks) = (counted.comments, counted.open_tasks);
    }
    Ok(now)
}

fn extent(changes: &Changes) -> Extent {
    let sum =
        |lines: fn(&crate::words::code::FileChange) -> Option<u64>| changes.files.iter().map(lines).sum();
    Extent {
        files: u64::try_from(changes.files.len()).unwrap_or(u64::MAX),
        added: sum(|file| file.added),
        removed: sum(|file| file.removed),
        more: changes.more,
    }
}
