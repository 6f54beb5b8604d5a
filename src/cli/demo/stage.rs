//! The stage of `--once`: one Bitbucket, two people, a channel, a repository.

use std::time::Duration;

use super::Broken;
use super::ground::{self, Clocks, Ground};
use crate::sandbox::bitbucket::{Bitbucket, Edition, Permission, RepoHandle};
use crate::sandbox::slack::{Person, Slack};

/// Both, in the order they are played.
pub const EDITIONS: [Edition; 2] = [Edition::Cloud, Edition::DataCenter];

/// Everything a scene needs.
pub struct Stage {
    /// Which Bitbucket is played.
    pub edition: Edition,
    /// The local Slack.
    pub slack: Slack,
    /// The local Bitbucket.
    pub bitbucket: Bitbucket,
    /// How long a scene waits for something to happen.
    pub patience: Duration,
    repo: RepoHandle,
    // Boxed: it is large, and every future that plays carries the stage.
    ground: Box<Ground>,
}

impl Stage {
    /// Builds it and starts the bot.
    pub async fn set(edition: Edition) -> Result<Self, Broken> {
        let mut repo = None;
        let furnish = |slack: &Slack, bitbucket: &Bitbucket| {
            repo = Some(furnish(slack, bitbucket, edition));
            Ok(())
        };
        let ground = Box::pin(Ground::lay(Clocks::system(), "demo", &[edition], furnish)).await?;
        let nothing = || Broken { hop: "setting the stage", why: "there is no repository".to_owned() };
        let (slack, bitbucket) = (ground.slack.clone(), ground.bitbucket.clone());
        let patience = Duration::from_secs(10);
        Ok(Self {
            edition,
            slack,
            bitbucket,
            patience,
            repo: repo.ok_or_else(nothing)?,
            ground: Box::new(ground),
        })
    }

    /// A person on it.
    pub fn person(&self, name: &str) -> Result<Person, Broken> {
        self.ground.person(name)
    }

    /// The repository the scene is about.
    pub fn repo(&self) -> &RepoHandle {
        &self.repo
    }

    /// What the bot calls this Bitbucket.
    pub fn instance(&self) -> &'static str {
        ground::instance(self.edition)
    }

    /// Moves time, for the bot and for its world.
    pub fn advance(&self, by: Duration) {
        self.ground.advance(by);
    }

    /// Stops the bot and throws its database away.
    pub async fn strike(self) {
        self.ground.clear().await;
    }
}

fn furnish(slack: &Slack, bitbucket: &Bitbucket, edition: Edition) -> RepoHandle {
    for name in ["ada", "grace"] {
        let email = format!("{name}@example.test");
        slack.add_person(name, &email, "Europe/Berlin");
        bitbucket.add_person(name, name, &email);
    }
    let members: Vec<Person> = ["ada", "grace"].iter().filter_map(|name| slack.person(name)).collect();
    slack.add_channel("web", false, &members.iter().collect::<Vec<_>>());
    let repo = bitbucket.add_repository(edition, "web/api");
    let repo = repo.allow("ada", Permission::Write).allow("grace", Permission::Write).default_reviewer("ada");
    for (branch, message) in [("limit-rate", "Limit the rate"), ("fix-typo", "Fix a typo in the greeting")] {
        let _branch = repo.branch(branch).with_commit(message, "grace");
    }
    repo
}
