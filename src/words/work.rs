//! The payload of every job, as plain structs, so that any floor may enqueue one.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::message::{Action, Message};
use super::names::{Channel, Instance, PrName, RepoName, SlackUser, Team};

/// Work that waits in the queue under a kind.
pub trait Work: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The word the queue knows it by; never reused for something else.
    const KIND: &'static str;
}

/// Who asks, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The person.
    pub user: SlackUser,
    /// The conversation they asked in.
    pub channel: Channel,
    /// The message whose button they pressed, by its timestamp, where others see it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// Where the answer goes. What is sealed opens only in its own row.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReplyTo {
    /// The response URL, sealed.
    pub response_url: Option<String>,
    /// Until when it may be used, in epoch milliseconds.
    pub until: i64,
    /// Whether it belongs to a message that only they see.
    #[serde(default)]
    pub private: bool,
}

/// A Slack request as it came: its raw body lies sealed beside the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlackRequest {
    /// Which door it came to.
    pub door: Door,
    /// When it came, in epoch milliseconds: a trigger dies after three seconds.
    pub at: i64,
    /// By what it is known again; its body is sealed to this.
    pub seen: String,
}

/// Slack's doors, as far as they lead to work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// A slash command.
    Command,
    /// A button, a form, a shortcut.
    Interaction,
    /// Something that happened in Slack.
    Event,
}

/// A command to run, after it was parked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCommand {
    /// The command.
    pub action: Action,
    /// Who asked, and where.
    pub caller: Caller,
    /// Where the answer goes.
    pub reply: ReplyTo,
    /// Whether it was about to be filled in: then its form is offered, and it is not run.
    #[serde(default)]
    pub ask: bool,
    /// The second person who agreed to it, where two are needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<SlackUser>,
}

impl RunCommand {
    /// A command to run.
    pub fn of(action: &Action, caller: &Caller, reply: ReplyTo) -> Self {
        Self { action: action.clone(), caller: caller.clone(), reply, ask: false, agreed: None }
    }
}

/// A stored delivery from Bitbucket, to be understood and told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deliver {
    /// Its row.
    pub delivery: i64,
}

/// A pull request's card in a channel, to be posted or brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawCard {
    /// Where.
    pub channel: Channel,
    /// Of which pull request.
    pub pr: PrName,
}

/// What a pull request's cards show and no event says, to be looked up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeasureCard {
    /// Which.
    pub pr: PrName,
}

/// Those a card waits for and whom nobody knows in Slack: to be looked for by their addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindPeople {
    /// The card that shows them.
    pub card: DrawCard,
}

/// What there is to say in the thread under a card, once it is quiet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SayStory {
    /// Where.
    pub channel: Channel,
    /// Under which card.
    pub pr: PrName,
}

/// Something to say in a channel, by itself or under what it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Say {
    /// Where.
    pub channel: Channel,
    /// What it belongs to: the first of a root is posted, the others go under it.
    pub root: Option<String>,
    /// What makes it this message and no other: the same identity is said once.
    pub identity: String,
    /// What is said.
    pub message: Message,
    /// Whether it is shown in the channel too when it goes under another.
    pub broadcast: bool,
}

/// A pull request whose branches may be in each other's way, or all whose cards are out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookForConflict {
    /// Which; those whose cards are out when none.
    pub pr: Option<PrName>,
}

/// A digest to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendDigest {
    /// Its row.
    pub digest: i64,
    /// The moment it was due, in epoch milliseconds.
    pub due: i64,
}

/// A private message to one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellPerson {
    /// Whom.
    pub to: SlackUser,
    /// What makes it this message and no other: the same identity is said once.
    pub identity: String,
    /// What.
    pub message: Message,
}

/// The same, which they did not ask for: it waits until they may be disturbed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellGently(pub TellPerson);

/// An alarm that is to ring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// Its row.
    pub alarm: i64,
}

/// What waits to be told to somebody in private, to be told once they may be disturbed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellWhispers {
    /// Whom.
    pub to: SlackUser,
}

/// A pull request of which its author is to hear whether it conflicts or is ready to merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consider {
    /// Which.
    pub pr: PrName,
}

/// A person's home tab, to be drawn as things stand now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawHome {
    /// Whose.
    pub user: SlackUser,
}

/// An answer that could not be given at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who asked, and where.
    pub caller: Caller,
    /// Where the answer goes.
    pub reply: ReplyTo,
    /// The answer.
    pub message: Message,
}

/// A workspace that took the bot out, to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgetWorkspace {
    /// Which.
    pub team: Team,
}

/// The repositories of a Bitbucket of which channels hear, to be looked at in their turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconcile {
    /// Which Bitbucket.
    pub instance: Instance,
    /// Whether nobody was there to hear its webhooks: then all of them are looked at.
    #[serde(default)]
    pub all: bool,
}

/// A right that ends by itself, to be taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndGrant {
    /// Its row.
    pub grant: i64,
}

/// What somebody asked for, to be shown to those who decide as it stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawRequest {
    /// Its row.
    pub request: i64,
}

/// A pipeline's run, to be told as it goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowRun {
    /// Who started it.
    pub user: SlackUser,
    /// Where it is told; to them in private where no place is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// In which repository it runs.
    pub repo: RepoName,
    /// What Bitbucket knows it by.
    pub id: String,
    /// How often it was looked at.
    pub looks: u32,
}

impl FollowRun {
    /// Its job: one look after the other.
    pub fn job(&self) -> NewJob {
        let key = format!("run:{}:{}", self.repo, self.id);
        NewJob::of(self).in_order(key.clone()).once(key)
    }
}

/// A repository, to be looked at for what no webhook told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAt {
    /// Which.
    pub repo: RepoName,
}

/// A repository, to be looked at for what was deployed from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAtDeployments {
    /// Which.
    pub repo: RepoName,
}

/// What is older than its retention, to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tidy {
    /// How long deliveries are kept, in milliseconds.
    pub keep_deliveries: i64,
    /// How long finished jobs are kept, in milliseconds.
    pub keep_jobs: i64,
    /// How long the audit log is kept, in milliseconds.
    #[serde(default = "default_keep_audit")]
    pub keep_audit: i64,
}

/// For a job that a version enqueued which kept no audit log.
fn default_keep_audit() -> i64 {
    400 * 24 * 60 * 60 * 1000
}

/// The webhooks that were made from Slack: each is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAtHooks {}

/// A webhook that was made from Slack, to be looked at: whether it is there and does what it should.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookAtHook {
    /// The name of its door.
    pub hook: String,
}

impl Work for SlackRequest {
    const KIND: &'static str = "slack";
}
impl Work for RunCommand {
    const KIND: &'static str = "command";
}
impl Work for Answer {
    const KIND: &'static str = "answer";
}
impl Work for Deliver {
    const KIND: &'static str = "deliver";
}
impl Work for DrawCard {
    const KIND: &'static str = "card";
}
impl Work for MeasureCard {
    const KIND: &'static str = "measure";
}
impl Work for FindPeople {
    const KIND: &'static str = "find";
}
impl Work for SayStory {
    const KIND: &'static str = "story";
}
impl Work for Say {
    const KIND: &'static str = "say";
}
impl Work for LookForConflict {
    const KIND: &'static str = "conflict";
}
impl Work for SendDigest {
    const KIND: &'static str = "digest";
}
impl Work for TellPerson {
    const KIND: &'static str = "tell";
}
impl Work for TellGently {
    const KIND: &'static str = "tell-gently";
}
impl Work for Ring {
    const KIND: &'static str = "ring";
}
impl Work for TellWhispers {
    const KIND: &'static str = "whispers";
}
impl Work for Consider {
    const KIND: &'static str = "consider";
}
impl Work for DrawHome {
    const KIND: &'static str = "home";
}
impl Work for ForgetWorkspace {
    const KIND: &'static str = "forget";
}
impl Work for Reconcile {
    const KIND: &'static str = "reconcile";
}
impl Work for LookAtDeployments {
    const KIND: &'static str = "deployments";
}

impl Work for LookAt {
    const KIND: &'static str = "look";
}
impl Work for EndGrant {
    const KIND: &'static str = "end-grant";
}
impl Work for DrawRequest {
    const KIND: &'static str = "request";
}
impl Work for FollowRun {
    const KIND: &'static str = "run";
}
impl Work for Tidy {
    const KIND: &'static str = "tidy";
}
impl Work for LookAtHooks {
    const KIND: &'static str = "hooks";
}
impl Work for LookAtHook {
    const KIND: &'static str = "hook";
}

/// Who waits for a job: the lower, the sooner it is claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// A person looks at the screen and Slack's trigger is running out.
    Now = 0,
    /// A person waits for an answer.
    Soon = 1,
    /// Nobody waits.
    Whenever = 2,
}

/// A job on its way into the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// What kind of work.
    pub kind: &'static str,
    /// The work, as JSON.
    pub payload: String,
    /// Raw bytes that belong to it, sealed where they need to be.
    pub body: Option<Vec<u8>>,
    /// Jobs with one order key run one at a time, in the order they came.
    pub order_key: Option<String>,
    /// While a job with this key waits, another is not added.
    pub unique_key: Option<String>,
    /// Not before this moment, in epoch milliseconds; at once when none.
    pub run_at: Option<i64>,
    /// Who waits for it.
    pub urgency: Urgency,
    /// The request or delivery it came of, by its id: one reference follows it from door to Slack.
    pub origin: Option<i64>,
}

impl NewJob {
    /// A job that runs as soon as its turn comes.
    pub fn of<W: Work>(work: &W) -> Self {
        Self {
            kind: W::KIND,
            payload: serde_json::to_string(work).unwrap_or_default(),
            body: None,
            order_key: None,
            unique_key: None,
            run_at: None,
            urgency: Urgency::Whenever,
            origin: None,
        }
    }

    /// Keeps it in line with the others of this key.
    #[must_use]
    pub fn in_order(mut self, key: impl Into<String>) -> Self {
        self.order_key = Some(key.into());
        self
    }

    /// Adds it only if none with this key waits already.
    #[must_use]
    pub fn once(mut self, key: impl Into<String>) -> Self {
        self.unique_key = Some(key.into());
        self
    }

    /// Runs it not before this moment.
    #[must_use]
    pub fn at(mut self, millis: i64) -> Self {
        self.run_at = Some(millis);
        self
    }

    /// Says who waits.
    #[must_use]
    pub fn urgency(mut self, urgency: Urgency) -> Self {
        self.urgency = urgency;
        self
    }

    /// Says which request or delivery it came of.
    #[must_use]
    pub fn because_of(mut self, origin: i64) -> Self {
        self.origin = Some(origin);
        self
    }

    /// Lays raw bytes beside it.
    #[must_use]
    pub fn body(mut self, bytes: Vec<u8>) -> Self {
        self.body = Some(bytes);
        self
    }
}
