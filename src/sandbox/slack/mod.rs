//! A Slack in memory, served over HTTP on loopback: the bot talks to its Web API, people talk to the
//! bot through signed requests, and everything either side says can be read.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::clock::Clock;
use super::wire::{Faults, Server};

mod api;
mod check;
mod controls;
mod escape;
pub mod form;
pub mod message;
mod pace;
mod payload;
pub mod person;
mod rooms;
mod send;
mod sockets;
pub mod town;
pub mod world;

pub use controls::{Control, controls, option_text};
pub use form::Form;
pub use message::Message;
pub use person::{Person, Spot, Touch};
pub use send::Ack;
pub use sockets::APP_TOKEN;
pub use world::{ApiCall, Change, World};

use town::Town;
use world::channels::Kind;

/// What the bot's settings and this Slack must agree on.
#[derive(Clone, Debug)]
pub struct SlackSettings {
    pub signing_secret: String,
    pub bot_token: String,
    /// The workspace's id, `T…`.
    pub team: String,
    pub team_name: String,
    /// Whether to answer 429 to whoever is too fast.
    pub enforce_pace: bool,
}

/// A running Slack; clones share it, and it stops serving when the last is dropped.
#[derive(Clone, Debug)]
pub struct Slack {
    /// The misbehaviours still to come.
    pub faults: Faults,
    shared: Shared,
    server: Arc<Server>,
    town: Town,
}

/// What the server and the people share.
#[derive(Clone, Debug)]
struct Shared(Arc<Core>);

#[derive(Debug)]
struct Core {
    world: Mutex<World>,
    signing_secret: String,
    http: reqwest::Client,
    base: Mutex<String>,
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.0.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slack {
    /// Serves a fresh workspace with nobody in it but the bot.
    pub async fn start(clock: Clock, settings: SlackSettings) -> io::Result<Self> {
        let faults = Faults::default();
        let shared = Shared(Arc::new(Core {
            world: Mutex::new(World::new(clock, &settings, String::new())),
            signing_secret: settings.signing_secret,
            http: send::client().map_err(io::Error::other)?,
            base: Mutex::new(String::new()),
        }));
        let town = Town::of(&shared);
        let server = Server::start(api::router(town.clone()), faults.clone()).await?;
        shared.world().url = server.url();
        Ok(Self { faults, shared, server: Arc::new(server), town })
    }

    /// The Web API's base, `http://127.0.0.1:PORT/api`.
    pub fn api_url(&self) -> String {
        format!("{}/api", self.server.url())
    }

    /// Sets the bot's base URL, to which people's acts go.
    pub fn point_at(&self, base: &str) {
        let mut held = self.shared.0.base.lock().unwrap_or_else(PoisonError::into_inner);
        base.trim_end_matches('/').clone_into(&mut held);
    }

    fn base(&self) -> String {
        let held = self.shared.0.base.lock().unwrap_or_else(PoisonError::into_inner);
        held.clone()
    }

    /// A new member of the workspace.
    pub fn add_person(&self, name: &str, email: &str, tz: &str) -> Person {
        let account = self.world().add_account(name, email, tz);
        Person::new(self.clone(), account.id, account.name)
    }

    /// The member with this name.
    pub fn person(&self, name: &str) -> Option<Person> {
        let found = self.world().account_named(name).cloned();
        found.map(|it| Person::new(self.clone(), it.id, it.name))
    }

    /// A new channel with these members and without the bot; its id.
    pub fn add_channel(&self, name: &str, private: bool, members: &[&Person]) -> String {
        let kind = if private { Kind::Private } else { Kind::Public };
        let members: Vec<String> = members.iter().map(|it| it.id.clone()).collect();
        self.world().add_channel(name, kind, &members).id
    }

    /// Takes the bot into a channel; false if it was there or there is none.
    pub fn invite_bot(&self, channel: &str) -> bool {
        self.world().invite_bot(channel)
    }

    /// Takes the bot out of a channel; false if it was not there.
    pub fn kick_bot(&self, channel: &str) -> bool {
        self.world().kick_bot(channel)
    }

    /// Acts on the state itself.
    pub fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.world())
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world()
    }

    /// Unread messages in a channel, new or edited, in order; they are read now.
    pub fn heard(&self, channel: &str) -> Vec<Message> {
        let mut world = self.world();
        let found = world.channel(channel).or_else(|| world.channel_named(channel));
        let Some(id) = found.map(|it| it.id.clone()) else {
            world.note(format!("nobody can listen in {channel}: there is no such channel"));
            return Vec::new();
        };
        world.read(|it| it.channel == id && it.ephemeral_to.is_none())
    }

    /// Everything nobody has read.
    pub fn unread(&self) -> Vec<Message> {
        self.world().unread()
    }

    /// The message as it stands now; `deleted` if it was taken back.
    pub fn current(&self, message: &Message) -> Message {
        let world = self.world();
        let same = |it: &&Message| it.channel == message.channel && it.ts == message.ts;
        world.messages.iter().find(same).unwrap_or(message).clone()
    }

    /// What the bot asked, in order.
    pub fn requests(&self) -> Vec<ApiCall> {
        self.world().calls.clone()
    }

    /// Every secret handed out, for a scan of the logs.
    pub fn minted(&self) -> Vec<String> {
        self.world().minted.clone()
    }

    /// Requests that Slack would refuse or frown at, and acts of people that could not be done.
    pub fn unexpected(&self) -> Vec<String> {
        self.world().unexpected.clone()
    }

    /// Reads what was unexpected and forgets it, for a test that meant it.
    pub fn forgive(&self) -> Vec<String> {
        std::mem::take(&mut self.world().unexpected)
    }

    /// Tells of every change from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.world().changes.subscribe()
    }

    /// Ids of people and channels to the names people read.
    pub fn names(&self) -> BTreeMap<String, String> {
        let world = self.world();
        let people = world.people.iter().map(|it| (it.id.clone(), it.name.clone()));
        let channels = world.channels.iter().map(|it| (it.id.clone(), it.name.clone()));
        people.chain(channels).collect()
    }
}
