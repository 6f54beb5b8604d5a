//! A repository as a test or the demo holds it: what it is like, and what stood there before.

use std::sync::Arc;

use super::Bitbucket;
use super::world::{
    Content, Deployed, Edition, Origin, Permission, PullRequest, Refusal, RepoId, Repository, RunState,
    Strategy, Touched,
};

/// One repository, of one edition. What is arranged through it is told to nobody: it was so before.
#[derive(Clone, Debug)]
pub struct RepoHandle {
    pub(super) bitbucket: Bitbucket,
    pub(super) id: RepoId,
    edition: Edition,
    name: String,
}

/// A branch of it.
#[derive(Clone, Debug)]
pub struct BranchHandle {
    repo: RepoHandle,
    name: String,
}

impl RepoHandle {
    pub(super) fn new(bitbucket: Bitbucket, edition: Edition, id: RepoId, name: String) -> Self {
        Self { bitbucket, id, edition, name }
    }

    /// The Bitbucket that it is in.
    pub fn bitbucket(&self) -> &Bitbucket {
        &self.bitbucket
    }

    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// `web/api`; on Data Center the project's key is upper case: `WEB/api`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address of its page on the web.
    pub fn url(&self) -> String {
        let (space, slug) = self.name.split_once('/').unwrap_or_default();
        match self.edition {
            Edition::Cloud => format!("{}/{space}/{slug}", self.bitbucket.cloud_url()),
            Edition::DataCenter => {
                format!("{}/projects/{space}/repos/{slug}", self.bitbucket.dc_url())
            }
        }
    }

    /// Lets a person read, write or administer it.
    #[must_use]
    pub fn allow(self, nickname: &str, permission: Permission) -> Self {
        self.arrange(|repo| {
            repo.permissions.insert(nickname.to_owned(), permission);
        })
    }

    /// It is renamed or moved, and asked for under its old name it says where it is.
    #[must_use]
    pub fn renamed(mut self, name: &str) -> Self {
        let (space, slug) = name.split_once('/').unwrap_or(("team", name));
        let upper = self.edition == Edition::DataCenter && !space.starts_with('~');
        let space = if upper { space.to_uppercase() } else { space.to_owned() };
        self.name = format!("{space}/{slug}");
        self.arrange(|repo| {
            repo.formerly.push(repo.full_name());
            (repo.space, repo.slug) = (space, slug.to_owned());
        })
    }

    /// Takes a person's rights away.
    #[must_use]
    pub fn forbid(self, nickname: &str) -> Self {
        self.arrange(|repo| {
            repo.permissions.remove(nickname);
        })
    }

    /// Its project lets a person do this much in it.
    #[must_use]
    pub fn allow_by_project(self, nickname: &str, permission: Permission) -> Self {
        self.bitbucket.shared.act(|world| {
            for repo in world.beside(self.id) {
                repo.by_project.insert(nickname.to_owned(), permission);
            }
        });
        self
    }

    /// A group may do this much in it.
    #[must_use]
    pub fn allow_group(self, name: &str, permission: Permission) -> Self {
        self.arrange(|repo| {
            repo.groups.insert(name.to_owned(), permission);
        })
    }

    /// What a person was given on the repository itself.
    pub fn given(&self, nickname: &str) -> Option<Permission> {
        let world = super::service::lock(&self.bitbucket.shared.world);
        world.repo(self.id).ok().and_then(|repo| repo.permissions.get(nickname).copied())
    }

    /// What a person was given on its project.
    pub fn given_by_project(&self, nickname: &str) -> Option<Permission> {
        let look = |repo: &Repository| repo.by_project.get(nickname).copied();
        self.bitbucket.shared.look(|world| world.repo(self.id).ok().and_then(look))
    }

    /// A run's step comes to stand so, after so many seconds and with this said.
    pub fn steps(&self, number: u64, step: &str, state: RunState, (seconds, log): (u64, &str)) {
        // The handle proves that the repository is there.
        let _ =
            self.bitbucket.shared.act(|world| world.step_run(self.id, number, (step, state), (seconds, log)));
    }

    /// The runs there were: on which branch, how each stands, and what it was told.
    pub fn runs(&self) -> Vec<(String, RunState, Vec<String>)> {
        self.bitbucket.shared.look(|world| {
            let runs = world.repo(self.id).map(|repo| repo.runs.clone()).unwrap_or_default();
            let told = |(key, value, secured): (String, String, bool)| {
                format!("{key}={value}{}", if secured { " (secured)" } else { "" })
            };
            let one = |run: super::world::Run| {
                (run.branch, run.state, run.variables.into_iter().map(told).collect())
            };
            runs.into_iter().map(one).collect()
        })
    }

    /// A run was deployed somewhere.
    #[must_use]
    pub fn deployed(self, environment: &str, run: u64, by: &str, failed: bool) -> Self {
        let (environment, by) = (environment.to_owned(), by.to_owned());
        let at = self.bitbucket.shared.look(super::world::World::now);
        self.arrange(|repo| {
            let hash = repo.tip("main").map(str::to_owned).unwrap_or_default();
            let uuid = format!("{{{}}}", super::world::uuid(&format!("deployed {environment} {run}")));
            repo.deployed.push(Deployed { uuid, environment, run, hash, by, at, failed });
        })
    }

    /// Branches are restricted so, in the edition's own words; not for these people.
    #[must_use]
    pub fn restricted(self, kind: &str, branches: &str, except: &[&str]) -> Self {
        let except: Vec<String> = except.iter().map(|&name| name.to_owned()).collect();
        let id = self.id;
        // The handle proves that the repository is there.
        let _ = self.bitbucket.shared.act(|world| world.restrict(id, (kind, branches, None), &except));
        self
    }

    /// What its branches are protected from, in the edition's own words: `delete main`.
    pub fn restrictions(&self) -> Vec<String> {
        self.bitbucket.shared.look(|world| {
            let all = world.repo(self.id).map(|repo| repo.restrictions.clone()).unwrap_or_default();
            let one = |one: super::world::Restriction| match one.value {
                Some(value) => format!("{} {} {value}", one.kind, one.branches),
                None => format!("{} {}", one.kind, one.branches),
            };
            all.into_iter().map(one).collect()
        })
    }

    /// Whether it is gone.
    pub fn is_deleted(&self) -> bool {
        self.bitbucket.shared.look(|world| world.repo(self.id).is_ok_and(|repo| repo.deleted))
    }

    /// Lets everybody there is so far do this much.
    #[must_use]
    pub fn allow_everyone(mut self, permission: Permission) -> Self {
        for person in self.bitbucket.people() {
            self = self.allow(&person.nickname, permission);
        }
        self
    }

    #[must_use]
    pub fn public(self) -> Self {
        self.arrange(|repo| repo.private = false)
    }

    #[must_use]
    pub fn described(self, description: &str) -> Self {
        self.arrange(|repo| description.clone_into(&mut repo.description))
    }

    #[must_use]
    pub fn default_reviewer(self, nickname: &str) -> Self {
        self.arrange(|repo| repo.default_reviewers.push(nickname.to_owned()))
    }

    /// So many approvals before a merge.
    #[must_use]
    pub fn requires_approvals(self, approvals: usize) -> Self {
        self.arrange(|repo| repo.approvals_needed = approvals)
    }

    /// What reviewers said counts no more once the branch has moved.
    #[must_use]
    pub fn resets_reviews(self) -> Self {
        self.arrange(|repo| repo.resets_reviews = true)
    }

    /// The merge strategies allowed; the first is the default.
    #[must_use]
    pub fn strategies(self, strategies: &[Strategy]) -> Self {
        self.arrange(|repo| repo.strategies = strategies.to_vec())
    }

    /// Cloud answers merges with 202 and a task to ask about.
    #[must_use]
    pub fn merges_slowly(self, slowly: bool) -> Self {
        self.arrange(|repo| repo.merges_slowly = slowly)
    }

    /// Whether a pull request's branches conflict.
    pub fn conflicted(&self, number: u64, conflicted: bool) -> Result<(), Refusal> {
        self.alter(number, |pr| pr.conflicted = conflicted)
    }

    /// The fork that a pull request came from is deleted.
    pub fn loses_the_fork_of(&self, number: u64) -> Result<(), Refusal> {
        self.alter(number, |pr| pr.origin = Origin::LostFork)
    }

    /// It is archived: Data Center lets nobody change anything in it any more.
    #[must_use]
    pub fn archived(self) -> Self {
        self.arrange(|repo| repo.archived = true)
    }

    /// Somebody says something about a commit, given by branch or hash; it is told by webhook.
    pub fn comment_on_commit(&self, by: &str, at: &str, text: &str) -> Result<u64, Refusal> {
        self.bitbucket.shared.act(|world| world.comment_on_commit(self.id, by, (at, text)))
    }

    /// Makes a fork of that name; it is told by webhook.
    pub fn fork(&self, by: &str, name: &str) -> Result<(), Refusal> {
        self.bitbucket.shared.act(|world| world.fork(self.id, by, name).map(|_| ()))
    }

    /// Gives it another name or place (`web/site`); it is told by webhook.
    pub fn rename(&self, by: &str, name: &str) -> Result<(), Refusal> {
        self.bitbucket.shared.act(|world| world.keep_up(self.id, by, (Some(name), None)))
    }

    /// Describes it otherwise; it is told by webhook.
    pub fn redescribe(&self, by: &str, description: &str) -> Result<(), Refusal> {
        self.bitbucket.shared.act(|world| world.keep_up(self.id, by, (None, Some(description))))
    }

    /// Somebody deletes the webhooks that hear of it.
    pub fn drop_hooks(&self) {
        self.bitbucket.shared.act(|world| world.drop_hooks(self.id));
    }

    /// Somebody switches off the webhooks that hear of it.
    pub fn switch_hooks_off(&self) {
        self.bitbucket.shared.act(|world| world.curb_hooks(self.id, false, None));
    }

    /// Somebody has the webhooks that hear of it ask for these events and no others.
    pub fn hooks_ask_for(&self, events: &[&str]) {
        self.bitbucket.shared.act(|world| world.curb_hooks(self.id, true, Some(events)));
    }

    /// The events that the webhooks which hear of it ask for.
    pub fn hooks_asked(&self) -> Vec<String> {
        self.bitbucket.shared.look(|world| world.hooks_ask(self.id))
    }

    /// A branch, made where the main branch stands when there is none of that name.
    pub fn branch(&self, name: &str) -> BranchHandle {
        // The handle proves that the repository is there, so that nothing can be refused.
        let _ = self.bitbucket.shared.act(|world| world.add_branch(self.id, name));
        BranchHandle { repo: self.clone(), name: name.to_owned() }
    }

    fn alter(&self, number: u64, change: impl FnOnce(&mut PullRequest)) -> Result<(), Refusal> {
        self.bitbucket.shared.act(|world| {
            let all = &mut world.repo_mut(self.id)?.pull_requests;
            let found = all.iter_mut().find(|pr| pr.number == number);
            found.map(change).ok_or(Refusal::NoSuchPullRequest(number))
        })
    }

    fn arrange(self, change: impl FnOnce(&mut Repository)) -> Self {
        self.bitbucket.shared.act(|world| world.repo_mut(self.id).map(change).ok());
        self
    }
}

impl BranchHandle {
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Puts a commit on it.
    #[must_use]
    pub fn with_commit(self, message: &str, author: &str) -> Self {
        self.with_touched((author, message), Touched::new())
    }

    /// Puts a file on it, in a commit of its own.
    #[must_use]
    pub fn with_file(self, path: &str, content: Content, author: &str) -> Self {
        let message = format!("Write {path}");
        self.with_touched((author, &message), Touched::from([(path.to_owned(), Some(Arc::new(content)))]))
    }

    /// Takes a file away, in a commit of its own.
    #[must_use]
    pub fn without_file(self, path: &str, author: &str) -> Self {
        let message = format!("Remove {path}");
        self.with_touched((author, &message), Touched::from([(path.to_owned(), None)]))
    }

    /// Gives a file another name, in a commit of its own.
    #[must_use]
    pub fn with_renamed(self, from: &str, to: &str, author: &str) -> Self {
        let (id, shared) = (self.repo.id, &self.repo.bitbucket.shared);
        let file = shared.look(|world| {
            let here = world.repo(id)?;
            here.file(here.tip(&self.name)?, from)
        });
        let message = format!("Rename {from} to {to}");
        let touched = Touched::from([(from.to_owned(), None), (to.to_owned(), file.ok())]);
        self.with_touched((author, &message), touched)
    }

    fn with_touched(self, (author, message): (&str, &str), touched: Touched) -> Self {
        let (id, name) = (self.repo.id, &self.name);
        let shared = &self.repo.bitbucket.shared;
        // The branch was made with this handle; were it deleted since, there is nothing to add to.
        let _ = shared.act(|world| world.commit_quietly(id, name, (author, message), touched));
        self
    }

    /// The hash that it points at.
    pub fn tip(&self) -> Result<String, Refusal> {
        let (id, name) = (self.repo.id, &self.name);
        let shared = &self.repo.bitbucket.shared;
        shared.look(|world| Ok(world.repo(id)?.tip(name)?.to_owned()))
    }
}
