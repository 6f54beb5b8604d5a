//! Floor 6: how each kind of work runs. One list; the payloads are plain structs on floor 0.

mod channels;
mod consider;
mod deliver;
mod draw_card;
mod draw_home;
mod draw_request;
mod end_grant;
mod feeds;
mod find_people;
mod follow_run;
mod forget_workspace;
mod found;
mod home_tab;
mod look;
mod look_at;
mod look_at_deployments;
mod look_at_hooks;
mod look_for_conflict;
mod measure;
mod merges;
mod open_form;
mod post;
mod reconcile;
mod ring;
mod run_command;
mod say;
mod say_story;
mod send_digest;
mod shortcut;
mod sight;
mod slack_request;
mod tell_person;
mod tell_whispers;
mod tidy;
mod whispers;

pub use deliver::what_is_known;
pub use look_for_conflict::EVERY as LOOK_FOR_CONFLICT_EVERY;
pub use slack_request::place as sealed_to;

use crate::bot::{Bot, Failure};
use crate::store::{self, Claim, Tx};
use crate::words::work::{
    Answer, Consider, Deliver, DrawCard, DrawHome, DrawRequest, EndGrant, FindPeople, FollowRun,
    ForgetWorkspace, LookAt, LookAtDeployments, LookAtHook, LookAtHooks, LookForConflict, MeasureCard,
    Reconcile, Ring, RunCommand, Say, SayStory, SendDigest, SlackRequest, TellGently, TellPerson,
    TellWhispers, Tidy, Work,
};

/// Work that knows how to run.
pub trait Job: Work {
    /// Does it. Running it twice says it once.
    fn run(self, turn: &Turn<'_>) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// One run of one job: the bot, and the claim under which it may write.
pub struct Turn<'a> {
    /// The bot.
    pub bot: &'a Bot,
    /// The claim.
    pub claim: &'a Claim,
}

impl Turn<'_> {
    /// A unit of work that takes effect only while the job is still ours.
    pub async fn begin(&self) -> Result<Tx, store::Error> {
        self.bot.store.begin_for(self.claim).await
    }

    /// Whether an earlier attempt may have got somewhere.
    pub fn again(&self) -> bool {
        self.claim.attempt > 1
    }
}

macro_rules! jobs {
    ($($work:ty),+ $(,)?) => {
        /// The kinds of work this version knows; others are left alone.
        pub const KINDS: &[&str] = &[$(<$work as Work>::KIND),+];

        /// Runs a claimed job.
        pub async fn run(bot: &Bot, claim: &Claim) -> Result<(), Failure> {
            let turn = Turn { bot, claim };
            match claim.kind.as_str() {
                $(<$work as Work>::KIND => read::<$work>(claim)?.run(&turn).await,)+
                kind => Err(Failure::Ours(format!("no job is called {kind}"))),
            }
        }
    };
}

jobs!(
    SlackRequest,
    RunCommand,
    Answer,
    Deliver,
    DrawCard,
    FindPeople,
    FollowRun,
    MeasureCard,
    SayStory,
    Say,
    LookForConflict,
    SendDigest,
    TellPerson,
    TellGently,
    Ring,
    TellWhispers,
    Consider,
    DrawHome,
    DrawRequest,
    EndGrant,
    ForgetWorkspace,
    Reconcile,
    LookAt,
    LookAtDeployments,
    LookAtHooks,
    LookAtHook,
    Tidy
);

fn read<W: Work>(claim: &Claim) -> Result<W, Failure> {
    serde_json::from_str(&claim.payload)
        .map_err(|error| Failure::Ours(format!("the payload does not read: {error}")))
}
