//! Several replicas: four of them hold a socket, and whoever stands by takes the place of one that goes.

use std::time::Duration;

use dipper::bot::{Bot, Hearing};
use dipper::sandbox::slack::APP_TOKEN;
use dipper::socket::{Pace, Socket};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::by_socket;
use crate::process::{SOON, until};
use crate::replicas::another;
use crate::world::World;

struct Replica {
    bot: Bot,
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Replica {
    async fn of(world: &World) -> Self {
        let bot = another(world).await;
        let pace = Pace { lease: Duration::from_secs(2), ..world.pace.clone() };
        let socket = Socket::new(bot.clone(), &APP_TOKEN.into()).paced(pace);
        let stop = CancellationToken::new();
        Self { bot, running: tokio::spawn(socket.run(stop.clone())), stop }
    }

    fn stands_by(&self) -> bool {
        self.bot.ear.hearing() == Hearing::StandsBy
    }
}

async fn four_are_open(world: &World, replicas: &[Replica], stand_by: usize) {
    until("four sockets are open", SOON, async || {
        let waiting = replicas.iter().filter(|one| one.stands_by()).count();
        (world.slack.sockets(), waiting) == (4, stand_by)
    })
    .await;
}

#[tokio::test]
async fn four_replicas_hold_a_socket_and_the_fifth_stands_by() {
    let mut world = by_socket().await;
    world.pace.lease = Duration::from_secs(2);
    world.restart().await;
    let mut replicas = Vec::new();
    for _ in 0..4 {
        replicas.push(Replica::of(&world).await);
    }
    four_are_open(&world, &replicas, 1).await;
    let ada = world.person("ada");
    for _ in 0..4 {
        assert!(ada.types("/bb whoami").await.contains("no Bitbucket account connected"));
    }

    let at = replicas.iter().position(|one| !one.stands_by()).unwrap();
    let leaves = replicas.remove(at);
    leaves.stop.cancel();
    leaves.running.await.unwrap();
    four_are_open(&world, &replicas, 0).await;

    replicas.push(Replica::of(&world).await);
    four_are_open(&world, &replicas, 1).await;
    let at = replicas.iter().position(|one| !one.stands_by()).unwrap();
    let killed = replicas.remove(at);
    killed.running.abort();
    let _ = killed.running.await;
    until("its socket is gone", SOON, async || world.slack.sockets() == 3).await;
    // Its lease ends.
    world.move_clocks(Duration::from_secs(3));
    four_are_open(&world, &replicas, 0).await;

    for replica in replicas {
        replica.stop.cancel();
        replica.running.await.unwrap();
        replica.bot.store.close().await;
    }
    for gone in [leaves.bot, killed.bot] {
        gone.store.close().await;
    }
    world.finish().await;
}
