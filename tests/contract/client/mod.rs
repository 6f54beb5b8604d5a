//! The bot's client driven through all that it offers, on both editions, under the vendors' eyes.

mod altered;
mod code;
mod hooks;
mod people;
mod pipelines;
mod pulls;
mod reviews;
mod rights;
mod talk;
mod upkeep;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use dipper::bitbucket::{self, Bitbucket, Credential, CredentialKind, Http, Site, SiteSettings, TokenSource};
use dipper::clock::Clock;
use dipper::sandbox::bitbucket::{Bitbucket as Sandbox, BitbucketSettings, Edition, Permission, RepoHandle};
use dipper::sandbox::clock::Clock as SandboxClock;
use dipper::seal::Secret;
use dipper::words::names::{Instance, PersonId, PrName, RepoName};

use crate::vendor;

/// When it all happens.
const NOW: i64 = 1_780_000_000_000;

/// Does something in somebody's name, and notes down which operation it was.
macro_rules! does {
    ($stage:expr, $who:ident, $op:ident($($given:expr),* $(,)?)) => {{
        $stage.note(stringify!($op));
        $stage.$who.$op($($given),*).await
    }};
}
pub(crate) use does;

/// ada's, grace's and the sandbox's side of it.
pub struct Stage {
    pub edition: Edition,
    pub sandbox: Sandbox,
    pub handle: RepoHandle,
    pub ada: Box<dyn Bitbucket>,
    pub grace: Box<dyn Bitbucket>,
    done: Mutex<BTreeSet<&'static str>>,
}

/// A token that stays as it is.
struct Standing {
    secret: Secret,
    owner: &'static str,
}

#[async_trait]
impl TokenSource for Standing {
    async fn token(&self) -> bitbucket::Result<Secret> {
        Ok(self.secret.clone())
    }

    async fn renew(&self, _: &Secret) -> bitbucket::Result<Secret> {
        Err(bitbucket::Error::SignIn(Instance::new("here")))
    }

    fn credential(&self) -> Credential {
        Credential {
            kind: CredentialKind::PersonalToken,
            owner: Some(self.owner.to_owned()),
            granted: Vec::new(),
            reads_only: false,
        }
    }
}

impl Stage {
    pub async fn set(edition: Edition) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = SandboxClock::still(NOW);
        let sandbox = Sandbox::start(clock, BitbucketSettings::default()).await.expect("it starts");
        for name in ["ada", "grace", "edsger"] {
            sandbox.add_person(name, &format!("{name} Example"), &format!("{name}@example.test"));
        }
        let handle = sandbox
            .add_repository(edition, "web/api")
            .allow("ada", Permission::Write)
            .allow("grace", Permission::Admin)
            .allow("edsger", Permission::Read)
            .default_reviewer("grace");
        let site = site(&sandbox, edition);
        let [ada, grace] = ["ada", "grace"].map(|who| person(&sandbox, edition, &site, who));
        Self { edition, sandbox, handle, ada, grace, done: Mutex::default() }
    }

    pub fn note(&self, op: &'static str) {
        self.done.lock().unwrap().insert(op);
    }

    /// The one of the two that this edition means.
    pub fn either<T>(&self, cloud: T, data_center: T) -> T {
        match self.edition {
            Edition::Cloud => cloud,
            Edition::DataCenter => data_center,
        }
    }

    /// The workspace or the project.
    pub fn owner(&self) -> &'static str {
        self.either("web", "WEB")
    }

    pub fn repo(&self) -> RepoName {
        RepoName { instance: Instance::new("here"), owner: self.owner().to_owned(), slug: "api".to_owned() }
    }

    pub fn pr(&self, number: u64) -> PrName {
        PrName { repo: self.repo(), number }
    }

    pub fn id(&self, nickname: &str) -> PersonId {
        let people = self.sandbox.people();
        let person = people.into_iter().find(|one| one.nickname == nickname).expect("they exist");
        PersonId::new(self.either(person.uuid, person.slug))
    }

    /// A branch of one commit by ada, and its pull request.
    pub fn opened(&self, branch: &str) -> PrName {
        let _ = self.handle.branch(branch).with_commit(&format!("Work on {branch}"), "ada");
        let opened = self.sandbox.open_pull_request(&self.handle, "ada", branch, (branch, "main"));
        self.pr(opened.expect("it opens"))
    }

    /// Nothing was asked or answered that the vendor does not publish.
    fn ends(self) -> BTreeSet<&'static str> {
        assert_eq!(self.sandbox.unexpected(), [""; 0]);
        let troubles = vendor::troubles(&self.sandbox.requests());
        assert!(troubles.is_empty(), "{}", troubles.join("\n"));
        let unnoticed = altered::unnoticed(&self.sandbox.requests());
        assert!(vendor::spec(self.edition).is_none() || unnoticed.is_empty(), "{}", unnoticed.join("\n"));
        self.done.into_inner().unwrap()
    }
}

fn site(sandbox: &Sandbox, edition: Edition) -> Site {
    let settings = SiteSettings {
        name: Instance::new("here"),
        edition: match edition {
            Edition::Cloud => bitbucket::Edition::Cloud,
            Edition::DataCenter => bitbucket::Edition::DataCenter,
        },
        url: sandbox.url(edition).parse().unwrap(),
        api_url: sandbox.api_url(edition).parse().unwrap(),
        client: None,
        service_token: None,
        owner_tokens: std::collections::BTreeMap::new(),
        webhook_secrets: Vec::new(),
    };
    Site::new(settings, &Http::new().unwrap(), Clock::still(NOW))
}

fn person(sandbox: &Sandbox, edition: Edition, site: &Site, owner: &'static str) -> Box<dyn Bitbucket> {
    let token = sandbox.personal_token(edition, owner);
    let secret = match edition {
        Edition::Cloud => format!("{owner}@example.test:{token}"),
        Edition::DataCenter => token,
    };
    site.as_person(Arc::new(Standing { secret: secret.as_str().into(), owner }))
}

/// The operations that the trait offers, as its source names them; what is known without asking is none.
fn offered() -> BTreeSet<&'static str> {
    let source = include_str!("../../../src/bitbucket/mod.rs");
    let body = source.split_once("pub trait Bitbucket: Send + Sync {").expect("the trait").1;
    let body = body.split_once("\n}").expect("its end").0;
    let lines = body.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let named = lines.filter_map(|line| line.strip_prefix("async fn ").or(line.strip_prefix("fn ")));
    let named = named.filter_map(|rest| rest.split(['(', '<']).next());
    named.filter(|name| !["comment_url", "reopens"].contains(name)).collect()
}

#[tokio::test]
async fn every_operation_is_asked_and_answered_as_published() {
    for edition in [Edition::Cloud, Edition::DataCenter] {
        let mut done = BTreeSet::new();
        done.extend(people::walk(edition).await);
        done.extend(code::walk(edition).await);
        done.extend(pulls::walk(edition).await);
        done.extend(reviews::walk(edition).await);
        done.extend(talk::walk(edition).await);
        done.extend(hooks::walk(edition).await);
        done.extend(rights::walk(edition).await);
        done.extend(upkeep::walk(edition).await);
        done.extend(pipelines::walk(edition).await);
        assert_eq!(done, offered(), "{edition:?}: what is offered is what is checked");
    }
}
