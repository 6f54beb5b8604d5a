//! What is true in the sandbox's Bitbucket, whichever face it is seen through.

mod access;
mod branches;
mod builds;
mod comments;
mod commits;
pub(super) mod diffs;
mod edits;
mod events;
mod files;
mod hooks;
mod merges;
mod people;
mod pipelines;
mod pull_requests;
mod refusal;
mod repositories;
mod restrictions;
mod upkeep;

use sha2::{Digest, Sha256};

pub(super) use access::{Access, Caller, CodeWish, Credential, Issued, TokenTrouble};
pub(super) use branches::Tag;
pub use builds::{BuildState, Status};
pub(super) use comments::NewComment;
pub use comments::{Anchor, Comment};
pub use commits::Commit;
pub(super) use commits::NewCommit;
pub(super) use edits::Edit;
pub(super) use events::{Before, Event, RefChange, RefKind, What};
pub use files::{ChangeKind, Content};
pub(super) use files::{FileChange, Touched};
pub(super) use hooks::{Hook, HookPlace, HookWish};
pub use merges::Obstacle;
pub(super) use merges::{MergeTask, MergeWish};
pub use people::Person;
pub use pipelines::RunState;
pub(super) use pipelines::{Deployed, Run, Step};
pub(super) use pull_requests::{NewPullRequest, Origin, PullRequest};
pub use pull_requests::{State, Verdict};
pub use refusal::Refusal;
pub use repositories::{Permission, Strategy};
pub(super) use repositories::{RepoId, Repository};
pub(super) use restrictions::Restriction;
pub(super) use upkeep::Was;

use crate::sandbox::clock::Clock;

/// The two kinds of Bitbucket there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edition {
    Cloud,
    DataCenter,
}

/// Everything there is, and what has happened that nobody outside has been told yet.
#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: Clock,
    pub(super) cloud_url: String,
    pub(super) dc_url: String,
    pub(super) people: Vec<Person>,
    pub(super) repositories: Vec<Repository>,
    pub(super) hooks: Vec<Hook>,
    pub(super) merge_tasks: Vec<MergeTask>,
    pub(super) access: Access,
    pub(super) events: Vec<Event>,
    /// Whether runs go on as time passes, without anybody who says how.
    pub(super) runs_by_themselves: bool,
    counter: u64,
}

impl World {
    pub(super) fn new(clock: Clock) -> Self {
        let mut world = Self {
            clock,
            cloud_url: String::new(),
            dc_url: String::new(),
            people: Vec::new(),
            repositories: Vec::new(),
            hooks: Vec::new(),
            merge_tasks: Vec::new(),
            access: Access::default(),
            events: Vec::new(),
            runs_by_themselves: false,
            counter: 0,
        };
        world.add_service_account();
        world
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.millis()
    }

    /// A number nobody has had before.
    pub(super) fn count(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }
}

/// The same text gives the same 64 hexadecimal digits, in this run and the next.
pub(super) fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// A well-formed version 4 UUID that depends on the text alone.
pub(super) fn uuid(text: &str) -> String {
    let hex = digest(text);
    let (a, b, c) = (&hex[..8], &hex[8..12], &hex[13..16]);
    format!("{a}-{b}-4{c}-a{}-{}", &hex[17..20], &hex[20..32])
}
