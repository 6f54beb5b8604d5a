//! What a command leaves behind while it runs, so that the audit log can tell what was done to what.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::{Context, Failure};
use crate::store::Deed;
use crate::words::message::Action;
use crate::words::names::{Instance, RepoName, RepoRef, SlackUser};
use crate::words::pull_request::PullRequest;

/// No longer value than this is written down.
const LONGEST: usize = 300;
/// Fields that hold a secret, by what their names hold; a form's secrets never come this far anyway.
const SECRET: [&str; 3] = ["token", "secret", "password"];

/// What is known so far of what a command does.
#[derive(Debug, Default)]
pub struct Trail {
    asked: Option<Action>,
    job: i64,
    agreed: Option<SlackUser>,
    marks: Mutex<Marks>,
}

#[derive(Debug, Default, Clone)]
struct Marks {
    instance: Option<Instance>,
    repo: Option<RepoName>,
    version: Option<String>,
    readable: Option<(RepoRef, RepoName)>,
    meant: Option<Meant>,
    lost: bool,
    moved: Option<(RepoName, RepoName)>,
}

/// A repository or pull request as it was asked for.
#[derive(Debug, Clone)]
pub(super) struct Meant {
    /// The repository.
    pub(super) repo: RepoRef,
    /// The pull request's number, where one was asked for.
    pub(super) number: Option<u64>,
    /// How the command writes it; nothing where it was left to the channel's own repository.
    pub(super) written: String,
}

impl Trail {
    /// Of this command, run by this job.
    pub fn of(asked: &Action, job: i64) -> Self {
        Self { asked: Some(asked.clone()), job, agreed: None, marks: Mutex::default() }
    }

    /// A second person agreed to it.
    #[must_use]
    pub fn agreed_by(mut self, second: Option<&SlackUser>) -> Self {
        self.agreed = second.cloned();
        self
    }

    /// The second person who agreed to it.
    pub fn agreed(&self) -> Option<&SlackUser> {
        self.agreed.as_ref()
    }

    fn marks(&self) -> MutexGuard<'_, Marks> {
        self.marks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It acts there.
    pub(super) fn on(&self, instance: &Instance) {
        self.marks().instance = Some(instance.clone());
    }

    /// How Bitbucket spells what was written so, if it was asked already.
    pub fn spelt(&self, wanted: &RepoRef) -> Option<RepoName> {
        self.marks().readable.clone().filter(|(asked, _)| asked == wanted).map(|(_, repo)| repo)
    }

    /// Bitbucket spells it so.
    pub fn spell(&self, wanted: &RepoRef, repo: &RepoName) {
        if let Some(asked) = self.repo() {
            self.calls(&asked, repo);
        }
        self.about(repo);
        self.marks().readable = Some((wanted.clone(), repo.clone()));
    }

    /// What is asked, as a button would hold it.
    pub(super) fn asked(&self) -> Option<&Action> {
        self.asked.as_ref()
    }

    /// It is asked of this.
    pub(super) fn means(&self, meant: Meant) {
        self.marks().meant = Some(meant);
    }

    /// None of their accounts shows what it is asked of.
    pub(super) fn lose(&self) {
        self.marks().lost = true;
    }

    /// Whether none of their accounts shows it.
    pub(super) fn is_lost(&self) -> bool {
        self.marks().lost
    }

    /// What it was asked of last.
    pub(super) fn meant(&self) -> Option<Meant> {
        self.marks().meant.clone()
    }

    /// The repository it turned out to be about.
    pub(super) fn repo(&self) -> Option<RepoName> {
        self.marks().repo.clone()
    }

    /// Bitbucket calls it otherwise now.
    pub(super) fn calls(&self, asked: &RepoName, found: &RepoName) {
        if !asked.to_string().eq_ignore_ascii_case(&found.to_string()) {
            self.marks().moved = Some((asked.clone(), found.clone()));
        }
    }

    /// What it was called, and what it is called now, where that is not the same.
    pub(super) fn moved(&self) -> Option<(RepoName, RepoName)> {
        self.marks().moved.clone()
    }

    /// It is about this repository.
    pub fn about(&self, repo: &RepoName) {
        self.marks().repo = Some(repo.clone());
    }
}

impl Context<'_> {
    /// The command acts there, without asking that Bitbucket anything.
    pub fn acts_on(&self, instance: &Instance) {
        self.trail.on(instance);
    }

    /// Keeps what is known of a pull request after something was done to it, and brings its cards up to date.
    pub async fn keep_true(&self, pr: &PullRequest) -> Result<(), Failure> {
        let counted = pr.version.map(|version| format!("version {version}"));
        let known: Vec<String> = pr.head.clone().into_iter().chain(counted).collect();
        self.trail.marks().version = Some(known.join(", ")).filter(|version| !version.is_empty());
        if let Some(asked) = self.trail.repo() {
            self.trail.calls(&asked, &pr.name.repo);
        }
        self.trail.about(&pr.name.repo);
        self.bot.keep_true(pr, self.origin).await
    }

    /// How it ended, and who agreed to it.
    fn with_second(&self, result: &str) -> String {
        let second = self.trail.agreed().map(|second| format!(", agreed to by <@{}>", second.id));
        result.chars().take(LONGEST).chain(second.unwrap_or_default().chars()).collect()
    }

    /// What the command did, as the audit log keeps it: for the unit of work that does it, or the job's own.
    pub async fn deed(&self, result: &str) -> Result<Deed, Failure> {
        let asked = self.trail.asked.clone().unwrap_or_else(|| Action::named("nothing"));
        let Marks { instance, repo, version, .. } = self.trail.marks().clone();
        let instance = repo.as_ref().map(|repo| repo.instance.clone()).or(instance);
        let person = match &instance {
            Some(instance) => self.bot.store.link(&self.caller.user, instance).await?,
            None => None,
        };
        let fields = asked.fields.iter().filter(|(name, _)| !SECRET.iter().any(|word| name.contains(word)));
        let fields: serde_json::Map<String, Value> =
            fields.map(|(name, value)| (name.clone(), in_short(value))).collect();
        Ok(Deed {
            user: self.caller.user.clone(),
            person: person
                .map(|link| format!("{} on {} ({})", link.person.name, link.instance, link.person.id)),
            channel: self.caller.channel.clone(),
            message: self.caller.message.clone(),
            once: format!("{:x}:{}:{}", self.trail.job, asked.name, result == DONE),
            command: asked.name,
            fields: Value::Object(fields).to_string(),
            repo: repo.map(|repo| repo.to_string()),
            version,
            result: self.with_second(result),
            reference: format!("{:x}", self.origin),
        })
    }
}

/// The result of what was done.
pub const DONE: &str = "done";

fn in_short(value: &Value) -> Value {
    match value {
        Value::String(text) if text.chars().count() > LONGEST => {
            Value::String(text.chars().take(LONGEST).chain(['…']).collect())
        }
        other => other.clone(),
    }
}
