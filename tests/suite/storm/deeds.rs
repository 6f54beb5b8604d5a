//! What people do in a storm, and how each pull request stands when it is over.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Delivery, Opening, PullRequestState, RepoHandle, State};

use super::{CHANNELS, EACH, channel};
use crate::chance::Chance;
use crate::world::World;

const REVIEWERS: [&str; 2] = ["ada", "edsger"];
/// What passes between two deeds.
const BEAT: Duration = Duration::from_millis(2);

/// The repository of a channel.
pub(super) fn repository(at: usize) -> String {
    format!("web/storm-{at}")
}

/// A pull request, and what was said of it.
pub(super) struct Pull {
    at: usize,
    repo: RepoHandle,
    number: u64,
    pub(super) comments: usize,
}

/// So many deliveries: of a hundred, three come twice, and ten come late.
pub(super) fn happen(world: &World, deliveries: usize) -> (Vec<Pull>, Vec<Delivery>) {
    let mut chance = Chance(20_261_121);
    let mut pulls: Vec<Pull> =
        (0..CHANNELS * EACH).map(|at| Pull::opened(world, at / EACH, at % EACH)).collect();
    let mut all = world.bitbucket.take_deliveries();
    // Each pull request ends with one or two more, and some come twice.
    while (all.len() + pulls.len()) * 103 < deliveries * 100 {
        world.move_clocks(BEAT);
        let at = chance.below(pulls.len());
        pulls[at].goes_on(world, &mut chance);
        all.extend(world.bitbucket.take_deliveries());
    }
    for (at, pull) in pulls.iter().enumerate() {
        world.move_clocks(BEAT);
        pull.ends(world, at);
    }
    all.extend(world.bitbucket.take_deliveries());
    (pulls, stirred(all, &mut chance))
}

fn stirred(mut all: Vec<Delivery>, chance: &mut Chance) -> Vec<Delivery> {
    for at in 0..all.len() {
        let later = at + 1 + chance.below(40);
        match chance.below(100) {
            0..10 if later < all.len() => all.swap(at, later),
            10..13 if later < all.len() => all.insert(later, all[at].attempt(2)),
            _ => {}
        }
    }
    all
}

impl Pull {
    fn opened(world: &World, at: usize, nth: usize) -> Self {
        let repo = world.repository(&repository(at));
        let (branch, title) = (format!("change-{nth}"), format!("Change {nth} of {at}"));
        let _branch = repo.branch(&branch).with_commit("Change it", "grace");
        let opening =
            Opening { title: &title, from: &branch, to: "main", reviewers: &REVIEWERS, ..Opening::default() };
        let number = world.bitbucket.open(&repo, "grace", &opening).unwrap();
        Self { at, repo, number, comments: 0 }
    }

    fn goes_on(&mut self, world: &World, chance: &mut Chance) {
        let (bitbucket, repo, number) = (&world.bitbucket, &self.repo, self.number);
        let by = REVIEWERS[chance.below(2)];
        let now = self.now(world);
        match chance.below(10) {
            0..5 => {
                self.comments += 1;
                let _id = bitbucket.comment(repo, number, by, &format!("Remark {}.", self.comments)).unwrap();
            }
            5 | 6 if now.approvals.iter().any(|one| one == by) => {
                bitbucket.unapprove(repo, number, by).unwrap();
            }
            5 | 6 => bitbucket.approve(repo, number, by).unwrap(),
            7 if !now.changes_requested.iter().any(|one| one == by) => {
                bitbucket.request_changes(repo, number, by).unwrap();
            }
            7 | 8 => {
                let title = format!("Change {} better", now.version);
                bitbucket.retitle(repo, number, "grace", &title).unwrap();
            }
            _ => {
                let _branch = repo.branch(&now.source).with_commit("Change more", "grace");
            }
        }
    }

    fn ends(&self, world: &World, at: usize) {
        match at % 4 {
            0 => world.bitbucket.merge(&self.repo, self.number, "grace").unwrap(),
            1 => world.bitbucket.decline(&self.repo, self.number, "grace").unwrap(),
            _ => world.bitbucket.retitle(&self.repo, self.number, "grace", "All has changed").unwrap(),
        }
    }

    fn now(&self, world: &World) -> PullRequestState {
        world.bitbucket.pull_request(&self.repo, self.number).unwrap()
    }

    /// As it is called in Slack.
    pub(super) fn name(&self) -> String {
        format!("{}#{}", repository(self.at), self.number)
    }

    /// The channels that hear of it.
    pub(super) fn channels(&self) -> impl Iterator<Item = String> {
        let neighbour = (self.at % 10 == 1).then(|| self.at - 1);
        std::iter::once(self.at).chain(neighbour).map(channel)
    }

    /// What its card has to say, a line or a part of one each.
    pub(super) fn truth(&self, world: &World) -> Vec<String> {
        let now = self.now(world);
        let standing = match at_end(&now) {
            Some(end) => format!("{end} by grace"),
            None => format!("{} of 2 approved", now.approvals.len()),
        };
        let mut truth =
            vec![format!("grace opened {} {}", self.name(), now.title), format!("`main` · {standing}")];
        for (word, people) in [("approved", &now.approvals), ("needs work", &now.changes_requested)] {
            let mut people = people.clone();
            people.sort_unstable();
            truth.extend((!people.is_empty()).then(|| format!("{word}: {}", people.join(", "))));
        }
        truth.extend(counted(self.comments));
        truth
    }
}

fn at_end(pull: &PullRequestState) -> Option<&'static str> {
    match pull.state {
        State::Merged => Some("merged"),
        State::Declined => Some("declined"),
        State::Open => None,
    }
}

fn counted(comments: usize) -> Option<String> {
    match comments {
        0 => None,
        1 => Some("1 comment ·".to_owned()),
        many => Some(format!("{many} comments ·")),
    }
}
