//! Deliveries by the thousand, two milliseconds apart, on two hundred pull requests, some twice, many late, while one
//! bot after the other is killed and Slack keeps its published pace: every card ends true, no line is said
//! twice, nothing is lost. Clocks are the play's: where nothing is left but to wait, they are moved on, so
//! that Slack's minutes pass in moments.

mod bots;
mod deeds;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use dipper::sandbox::bitbucket::{Delivery, Edition};
use dipper::sandbox::slack::Message;
use dipper::sandbox::transcript;
use futures_util::{StreamExt, stream};

use crate::world::World;
use bots::Bots;
use deeds::Pull;

const CHANNELS: usize = 50;
/// Pull requests in each channel's repository.
const EACH: usize = 4;
const TOPICS: &str = "opened updated pushed approved unapproved changes-requested commented merged declined";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_storm_ends_true_although_bots_are_killed() {
    Box::pin(storm(Edition::Cloud, deliveries().unwrap_or(2_000))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_smaller_storm_on_data_center_ends_true_as_well() {
    Box::pin(storm(Edition::DataCenter, 400)).await;
}

/// Another size than fits into every run of the suite.
fn deliveries() -> Option<usize> {
    #[expect(clippy::disallowed_methods, reason = "how large the storm is, is the runner's choice")]
    let wanted = std::env::var("DIPPER_STORM_DELIVERIES");
    wanted.ok()?.parse().ok()
}

async fn storm(edition: Edition, deliveries: usize) {
    let mut world = World::on(edition).await;
    hearing(&world).await;
    let (pulls, all) = deeds::happen(&world, deliveries);
    let (first, rest) = all.split_at(all.len() / 3);
    let (second, third) = rest.split_at(rest.len() / 2);
    let mut bots = Bots::two(&world).await;
    let missed = rain(&world, first).await;
    bots.kill_the_first(&mut world).await;
    rain_again(&world, missed).await;
    let missed = rain(&world, second).await;
    bots.kill_both(&mut world).await;
    rain_again(&world, missed).await;
    let missed = rain(&world, third).await;
    rain_again(&world, missed).await;
    Box::pin(bots.calm(&world)).await;
    let mut told = Told::of(&world);
    for pull in &pulls {
        let card = told.card(pull);
        for part in pull.truth(&world) {
            assert!(card.contains(&part), "the card of {} does not say “{part}”:\n{card}", pull.name());
        }
        told.comments(pull);
    }
    read_all(&world);
    bots.rest().await;
    world.finish().await;
}

/// Each channel hears of a repository of its own, and every tenth of its neighbour's besides.
async fn hearing(world: &World) {
    let _grace = world.slack.person("grace").unwrap().owner();
    let ada = world.person("ada").connected().await;
    let told = world.person("grace").types("/bb settings --mentions off --matching off").await;
    assert!(told.starts_with("From now on"), "{told}");
    let members = ["ada", "grace", "edsger"].map(|name| world.slack.person(name).unwrap());
    // What the storm brings its reviewers in private is not looked at.
    let told = ada.types("/bb notify all off").await;
    assert!(told.starts_with("From now on"), "{told}");
    for at in 0..CHANNELS {
        let _repo = world.repository(&deeds::repository(at));
        world.slack.add_channel(
            channel(at).trim_start_matches('#'),
            false,
            &members.iter().collect::<Vec<_>>(),
        );
        for followed in std::iter::once(at).chain((at % 10 == 0).then_some(at + 1)) {
            let repo = deeds::repository(followed);
            let _repo = world.repository(&repo);
            let told = ada.types_in(&channel(at), &format!("/bb subscribe {repo} {TOPICS}")).await;
            assert!(told.contains("is now told of"), "{told}");
        }
        // Slack answers a bot that joins channels so many times a minute.
        world.move_clocks(Duration::from_secs(3));
    }
}

fn channel(at: usize) -> String {
    format!("#storm-{at}")
}

/// Deliveries come in, sixteen at a time, two milliseconds after one another; those that nobody took.
async fn rain(world: &World, all: &[Delivery]) -> Vec<Delivery> {
    let missed = Mutex::new(Vec::new());
    let each = stream::iter(all).for_each_concurrent(16, async |delivery| {
        world.move_clocks(Duration::from_millis(2));
        if world.bitbucket.send(delivery).await.status != 200 {
            missed.lock().unwrap().push(delivery.clone());
        }
    });
    each.await;
    missed.into_inner().unwrap()
}

/// What nobody took is sent again, as Bitbucket does.
async fn rain_again(world: &World, mut missed: Vec<Delivery>) {
    for _ in 0..100 {
        if missed.is_empty() {
            return;
        }
        missed = rain(world, &missed).await;
    }
    panic!("{} deliveries are taken by nobody", missed.len());
}

/// What the channels were told, by card.
struct Told {
    cards: BTreeMap<(String, String), String>,
    threads: BTreeMap<(String, String), Vec<String>>,
}

impl Told {
    fn of(world: &World) -> Self {
        let (mut cards, mut threads) = (BTreeMap::new(), BTreeMap::<_, Vec<String>>::new());
        let all = world.slack.with_world(|slack| slack.messages.clone());
        let mut names = BTreeMap::new();
        for message in all.iter().filter(|message| message.channel_name.starts_with("#storm-")) {
            let text = world.same_on_both(&transcript::message(message, &world.slack.names()));
            let place = |message: &Message, ts: &str| (message.channel.clone(), ts.to_owned());
            match &message.thread_ts {
                Some(ts) => threads.entry(place(message, ts)).or_default().push(text),
                None if !text.contains(" opened ") => {}
                None => {
                    let known = names.insert(place(message, &message.ts), name_in(&text));
                    assert_eq!(known, None);
                    let key = (message.channel_name.clone(), name_in(&text));
                    assert_eq!(cards.insert(key.clone(), text), None, "two cards of {key:?}");
                }
            }
        }
        let channels: BTreeMap<String, String> =
            all.iter().map(|message| (message.channel.clone(), message.channel_name.clone())).collect();
        let threads = threads.into_iter().map(|((channel, ts), texts)| {
            let name = names.get(&(channel.clone(), ts)).expect("a thread hangs under a card").clone();
            ((channels[&channel].clone(), name), texts)
        });
        Self { cards, threads: threads.collect() }
    }

    /// The card in the channel of its repository, which is the same in a neighbour's that hears of it.
    fn card(&mut self, pull: &Pull) -> String {
        let mut found: Vec<String> =
            pull.channels().filter_map(|at| self.cards.remove(&(at, pull.name()))).collect();
        assert_eq!(found.len(), pull.channels().count(), "cards of {}", pull.name());
        found.dedup();
        found.join("\n— but —\n")
    }

    /// Each comment is told once, in its own words or counted.
    fn comments(&self, pull: &Pull) {
        for channel in pull.channels() {
            let lines = self.threads.get(&(channel, pull.name())).map(Vec::as_slice).unwrap_or_default();
            let lines: Vec<&str> = lines.iter().flat_map(|text| text.lines()).collect();
            let mut told: Vec<&str> =
                lines.iter().filter_map(|line| line.split(" commented: ").nth(1)).collect();
            let counted: usize = lines.iter().map(|line| counted(line)).sum();
            let all = told.len();
            told.sort_unstable();
            told.dedup();
            assert_eq!(told.len(), all, "a line of {} is said twice", pull.name());
            assert_eq!(all + counted, pull.comments, "comments told of {}: {lines:#?}", pull.name());
        }
    }
}

/// `13 before these: 9 commented, 3 pushed.` counts nine comments.
fn counted(line: &str) -> usize {
    let counts = line.split_once(" before these: ").map(|(_, counts)| counts).unwrap_or_default();
    let each = counts.trim_end_matches('.').split(", ").filter_map(|count| count.split_once(' '));
    each.filter(|(_, word)| *word == "commented").filter_map(|(count, _)| count.parse::<usize>().ok()).sum()
}

/// `grace opened web/storm-1#2 Title` names `web/storm-1#2`.
fn name_in(card: &str) -> String {
    card.split(' ').nth(2).unwrap_or_default().to_owned()
}

fn read_all(world: &World) {
    for at in 0..CHANNELS {
        let _all = world.hears(&channel(at));
    }
}
