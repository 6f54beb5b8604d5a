//! A Bitbucket on loopback, Cloud and Data Center on one world, that the real bot talks to.

mod cloud;
mod credentials;
mod datacenter;
mod deeds;
mod exchange;
mod journal;
mod moments;
mod oauth;
mod overview;
mod patches;
mod postman;
mod pull_handle;
mod repo_handle;
mod service;
mod webhooks;
mod world;

use std::io;
use std::sync::Arc;

use tokio::sync::watch;

pub use deeds::{Opening, PullRequestState};
pub use journal::ApiCall;
pub use overview::{PullRequestView, RepositoryView};
pub use pull_handle::PullHandle;
pub use repo_handle::{BranchHandle, RepoHandle};
pub use webhooks::{Delivered, Delivery};
pub use world::{
    Anchor, BuildState, ChangeKind, Comment, Commit, Content, Edition, Obstacle, Permission, Person, Refusal,
    RunState, State, Status, Strategy, Verdict,
};

use postman::Postman;
use service::{Shared, lock, router};
use webhooks::Outbox;
use world::World;

use crate::sandbox::clock::Clock;
use crate::sandbox::wire::{Faults, Server};

/// The nickname of the account that service tokens belong to.
const SERVICE: &str = "dipper-service";

/// What the two instances know of the bot from the start: the secrets of the hand-made hooks.
#[derive(Clone, Debug, Default)]
pub struct BitbucketSettings {
    pub cloud_webhook_secret: Option<String>,
    pub dc_webhook_secret: Option<String>,
}

/// Both instances; clones share them, and the last one to go stops them.
#[derive(Clone, Debug)]
pub struct Bitbucket {
    pub cloud_faults: Faults,
    pub dc_faults: Faults,
    shared: Arc<Shared>,
    postman: Arc<Postman>,
    servers: Arc<[Server; 2]>,
}

impl Bitbucket {
    /// Starts both instances on free loopback ports.
    pub async fn start(clock: Clock, settings: BitbucketSettings) -> io::Result<Self> {
        let outbox = Outbox {
            secrets: [settings.cloud_webhook_secret, settings.dc_webhook_secret],
            ..Outbox::default()
        };
        let shared = Arc::new(Shared::new(World::new(clock), outbox, postman::client()?));
        let (cloud_faults, dc_faults) = (Faults::default(), Faults::default());
        let cloud = Server::start(router(shared.clone(), Edition::Cloud), cloud_faults.clone()).await?;
        let dc = Server::start(router(shared.clone(), Edition::DataCenter), dc_faults.clone()).await?;
        {
            let mut world = lock(&shared.world);
            world.cloud_url = cloud.url();
            world.dc_url = dc.url();
        }
        Ok(Self {
            cloud_faults,
            dc_faults,
            postman: Arc::new(Postman::start(shared.clone())),
            shared,
            servers: Arc::new([cloud, dc]),
        })
    }

    /// Cloud's web pages and OAuth: `http://127.0.0.1:P`.
    pub fn cloud_url(&self) -> String {
        self.servers[0].url()
    }

    /// Cloud's REST API.
    pub fn cloud_api_url(&self) -> String {
        format!("{}/2.0", self.cloud_url())
    }

    /// Data Center's base; its API is `/rest` below it.
    pub fn dc_url(&self) -> String {
        self.servers[1].url()
    }

    /// An edition's web address.
    pub fn url(&self, edition: Edition) -> String {
        match edition {
            Edition::Cloud => self.cloud_url(),
            Edition::DataCenter => self.dc_url(),
        }
    }

    /// An edition's API address.
    pub fn api_url(&self, edition: Edition) -> String {
        match edition {
            Edition::Cloud => self.cloud_api_url(),
            Edition::DataCenter => format!("{}/rest", self.dc_url()),
        }
    }

    pub fn faults(&self, edition: Edition) -> &Faults {
        match edition {
            Edition::Cloud => &self.cloud_faults,
            Edition::DataCenter => &self.dc_faults,
        }
    }

    /// Every call so far.
    pub fn requests(&self) -> Vec<ApiCall> {
        lock(&self.shared.journal).calls.clone()
    }

    /// Calls that a well-made client would not have made, and why.
    pub fn unexpected(&self) -> Vec<String> {
        lock(&self.shared.journal).unexpected.clone()
    }

    /// Tells of every change, by a number that grows.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.shared.changed.subscribe()
    }
}
