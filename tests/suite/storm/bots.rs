//! Two bots on one database, each of which may be killed where it stands.

use std::time::Duration;

use dipper::bot::Bot;
use dipper::worker::Worker;
use futures_util::future::join_all;
use tokio::task::JoinHandle;

use crate::replicas::another;
use crate::world::World;

/// How many jobs each does at once.
const HANDS: usize = 4;
/// What is due within this is done together.
const GLANCE: i64 = 1_000;
/// Nobody waits longer for anything that a storm brings.
const LONG: i64 = 15 * 60 * 1000;

/// The world's own bot, which listens, and one more.
pub(super) struct Bots {
    own: JoinHandle<()>,
    other: Bot,
    others: JoinHandle<()>,
}

impl Bots {
    pub(super) async fn two(world: &World) -> Self {
        let other = another(world).await;
        Self { own: at_work(world.bot()), others: at_work(&other), other }
    }

    /// The one that listens dies; another takes its place.
    pub(super) async fn kill_the_first(&mut self, world: &mut World) {
        kill(&mut self.own).await;
        world.restart().await;
        self.own = at_work(world.bot());
    }

    /// Both die at once.
    pub(super) async fn kill_both(&mut self, world: &mut World) {
        kill(&mut self.others).await;
        self.other.store.close().await;
        self.kill_the_first(world).await;
        self.other = another(world).await;
        self.others = at_work(&self.other);
    }

    /// Lets everything be done that the storm brought.
    pub(super) async fn calm(&mut self, world: &World) {
        kill(&mut self.own).await;
        kill(&mut self.others).await;
        let workers = [Worker::new(world.bot().clone()), Worker::new(self.other.clone())];
        // What the dead held is taken over when their leases end.
        world.move_clocks(Duration::from_secs(61));
        world.bot().store.reap(12).await.unwrap();
        loop {
            while Box::pin(both_do_one(&workers)).await {}
            let due = world.bot().store.next_due().await.unwrap();
            let wait = due.map(|due| due - world.clock.millis()).filter(|wait| *wait < LONG);
            match wait.and_then(|wait| u64::try_from(wait.max(GLANCE)).ok()) {
                Some(wait) => world.move_clocks(Duration::from_millis(wait)),
                None => return,
            }
        }
    }

    pub(super) async fn rest(self) {
        self.other.store.close().await;
    }
}

async fn both_do_one([one, other]: &[Worker; 2]) -> bool {
    let (one, other) = tokio::join!(one.step(), other.step());
    one.unwrap() | other.unwrap()
}

async fn each_does_some(workers: &[Worker]) -> bool {
    let steps = workers.iter().flat_map(|worker| (0..HANDS).map(|_| worker.step()));
    join_all(steps).await.into_iter().any(Result::unwrap)
}

/// Works until it is killed.
fn at_work(bot: &Bot) -> JoinHandle<()> {
    let worker = Worker::new(bot.clone());
    tokio::spawn(async move {
        loop {
            if !each_does_some(std::slice::from_ref(&worker)).await {
                tokio::task::yield_now().await;
            }
        }
    })
}

/// Nothing of what it was doing comes to an end.
async fn kill(task: &mut JoinHandle<()>) {
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled(), "it died of something else");
}
