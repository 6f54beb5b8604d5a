//! Acting on pull requests by every door: typed, on a form, by a button; allowed or not, found or not, in
//! good weather and in bad.

mod approve;
mod decline;
mod menu;
mod merge;
mod needs_work;
mod nudge;
mod reopen;
mod together;

use dipper::sandbox::bitbucket::{Permission, RepoHandle};
use dipper::sandbox::slack::Message;
use dipper::sandbox::wire::Fault;

use crate::world::{Person, World};

/// Where an act begins.
#[derive(Clone, Copy, PartialEq)]
pub enum Door {
    Typed,
    Form,
    Button,
}

/// An act, as each door has it.
pub struct Act {
    /// What is typed before the pull request.
    typed: &'static str,
    /// What is typed after it.
    options: &'static str,
    /// The button on a card, or the choice of its menu.
    button: &'static str,
    /// What is filled in besides the pull request, where a form opens.
    fills: &'static [(&'static str, &'static str)],
}

/// What grace is told in private of what others do to hers; `tests/suite/direct` is about that.
const DEEDS: &[&str] = &[
    "approved your pull request.",
    "asks for changes to your pull request.",
    "merged your pull request into",
    "declined your pull request.",
    " commented",
    " set a task: ",
    "Build unit failed on ",
    "It conflicts with ",
    "Nothing I can see stands in the way of merging it.",
    "It is ready to merge.",
];

/// A channel with the cards of what ada may write to, and of what she may not see.
pub struct Stage<'a> {
    pub world: &'a World,
    pub ada: Person<'a>,
    pub repo: RepoHandle,
    pub card: Message,
    hidden: Message,
}

impl<'a> Stage<'a> {
    /// Grace wrote both pull requests, and has connected; ada has too.
    pub async fn set(world: &'a World) -> Self {
        let grace = world.person("grace").connected().await;
        world.sets_aside("grace", DEEDS);
        let vault = world.bitbucket.add_repository(world.edition, "web/vault");
        let vault = vault.allow("grace", Permission::Write);
        let _branch = vault.branch("limit-rate").with_commit("Limit the rate", "grace");
        let repo = world.repository("web/api");
        for one in [&repo, &vault] {
            let told = grace.types(&format!("/bb subscribe {}", one.name())).await;
            assert!(told.contains("is now told of"), "{told}");
            open(world, one);
        }
        world.settle().await;
        let mut cards = world.messages("#web");
        let hidden = cards.pop().unwrap();
        let card = cards.pop().unwrap();
        Self { world, ada: world.person("ada").connected().await, repo, card, hidden }
    }

    /// What somebody reads who does it to web/api#1.
    pub async fn does(&self, who: &Person<'_>, door: Door, act: &Act) -> String {
        self.does_to(who, door, act, ("web/api#1", &self.card)).await
    }

    /// What ada reads who does it to what she may not see.
    pub async fn does_to_hidden(&self, door: Door, act: &Act) -> String {
        self.does_to(&self.ada, door, act, ("web/vault#1", &self.hidden)).await
    }

    /// What ada reads who does it to what is not there; a button is always about something that was.
    pub async fn does_to_nothing(&self, door: Door, act: &Act) -> String {
        self.does_to(&self.ada, door, act, ("web/api#7", &self.hidden)).await
    }

    /// What ada reads while Bitbucket does not answer what this is asked of. A form is filled in before the
    /// weather turns.
    pub async fn does_while_down(&self, door: Door, act: &Act) -> String {
        self.world.settle().await;
        let down = Fault::Refuse { status: 503, retry_after: None, body: "" };
        let faults = self.world.bitbucket.faults(self.world.edition);
        if door == Door::Typed || (door == Door::Button && act.fills.is_empty()) {
            faults.next("/1", &down, 9);
            return self.does(&self.ada, door, act).await;
        }
        self.begins(&self.ada, door, act, ("web/api#1", &self.card)).await;
        self.fills(&self.ada, door, act, "web/api#1").await;
        faults.next("/1", &down, 9);
        self.ends(&self.ada).await
    }

    async fn does_to(&self, who: &Person<'_>, door: Door, act: &Act, (pr, card): (&str, &Message)) -> String {
        self.begins(who, door, act, (pr, card)).await;
        self.fills(who, door, act, pr).await;
        self.ends(who).await
    }

    async fn begins(&self, who: &Person<'_>, door: Door, act: &Act, (pr, card): (&str, &Message)) {
        while who.slack.form().is_some() {
            who.slack.closes().await;
        }
        let ack = match door {
            Door::Typed => who.slack.types("#web", &format!("/bb {} {pr} {}", act.typed, act.options)).await,
            Door::Form => who.slack.types("#web", &format!("/bb {}", act.typed)).await,
            Door::Button if ["Approve", "Needs work", "Comment", "Merge"].contains(&act.button) => {
                who.slack.clicks(card, act.button).await
            }
            Door::Button => who.slack.chooses(card, "More…", act.button).await,
        };
        assert_eq!(ack.status, 200, "{}", ack.body);
        self.world.settle().await;
    }

    async fn fills(&self, who: &Person<'_>, door: Door, act: &Act, pr: &str) {
        if who.slack.form().is_none_or(|form| form.body["submit"].is_null()) {
            return;
        }
        if door == Door::Form {
            who.slack.fills("Pull request", pr).await;
            self.world.settle().await;
        }
        for (label, value) in act.fills {
            let ack = who.slack.fills(label, value).await;
            assert_eq!(ack.status, 200, "{label}: {}", ack.body);
        }
    }

    async fn ends(&self, who: &Person<'_>) -> String {
        if who.slack.form().is_some_and(|form| !form.body["submit"].is_null()) {
            let ack = who.slack.submits().await;
            assert_eq!(ack.status, 200, "{}", ack.body);
            self.world.settle().await;
        }
        reads(who)
    }
}

/// Opens the pull request of a repository that has none.
pub fn open(world: &World, repo: &RepoHandle) {
    let branches = ("limit-rate", "main");
    world.bitbucket.open_pull_request(repo, "grace", "Limit the rate", branches).unwrap();
}

/// What somebody is told, and the form on their screen.
pub fn reads(who: &Person<'_>) -> String {
    let both = [who.is_told(), who.sees_form()];
    both.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}
