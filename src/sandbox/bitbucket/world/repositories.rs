//! Repositories: where they live, who may do what, and what their merges demand.

use std::collections::BTreeMap;

use super::{Commit, Deployed, Edition, PullRequest, Refusal, Restriction, Run, Status, Tag, World, uuid};

/// Which repository, in this world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) struct RepoId(usize);

/// What somebody may do in a repository; each includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    Read,
    Write,
    /// Make repositories in a project.
    Create,
    Admin,
}

/// How a pull request's commits come to its destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    Merge,
    Squash,
    FastForward,
    SquashFastForward,
    RebaseFastForward,
    RebaseMerge,
}

/// One repository; it belongs to one edition, which alone shows it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, as in Bitbucket")]
pub(in super::super) struct Repository {
    pub(in super::super) id: RepoId,
    pub(in super::super) edition: Edition,
    /// The workspace's slug, or the project's key.
    pub(in super::super) space: String,
    pub(in super::super) slug: String,
    /// What it was called before it was renamed or moved.
    pub(in super::super) formerly: Vec<String>,
    pub(in super::super) uuid: String,
    pub(in super::super) description: String,
    pub(in super::super) private: bool,
    pub(in super::super) archived: bool,
    /// Gone: nobody sees it any more.
    pub(in super::super) deleted: bool,
    pub(in super::super) created: i64,
    pub(in super::super) main_branch: String,
    /// What each person was given on the repository itself.
    pub(in super::super) permissions: BTreeMap<String, Permission>,
    /// What its project gives people.
    pub(in super::super) by_project: BTreeMap<String, Permission>,
    /// What its project gives groups.
    pub(in super::super) groups_by_project: BTreeMap<String, Permission>,
    /// What groups were given, whoever is in them.
    pub(in super::super) groups: BTreeMap<String, Permission>,
    pub(in super::super) default_reviewers: Vec<String>,
    /// Those allowed; the first is the default.
    pub(in super::super) strategies: Vec<Strategy>,
    pub(in super::super) approvals_needed: usize,
    /// Whether what reviewers said counts no more once the branch has moved.
    pub(in super::super) resets_reviews: bool,
    /// Whether Cloud answers a merge with "ask again later".
    pub(in super::super) merges_slowly: bool,
    pub(in super::super) branches: BTreeMap<String, String>,
    pub(in super::super) tags: BTreeMap<String, Tag>,
    pub(in super::super) commits: BTreeMap<String, Commit>,
    pub(in super::super) pull_requests: Vec<PullRequest>,
    pub(in super::super) statuses: Vec<Status>,
    pub(in super::super) restrictions: Vec<Restriction>,
    pub(in super::super) runs: Vec<Run>,
    pub(in super::super) deployed: Vec<Deployed>,
}

impl Repository {
    /// `web/api`, or `WEB/api` on Data Center.
    pub(in super::super) fn full_name(&self) -> String {
        format!("{}/{}", self.space, self.slug)
    }

    /// Data Center's numeric id.
    pub(in super::super) fn number(&self) -> usize {
        self.id.0 + 1
    }

    pub(in super::super) fn space_uuid(&self) -> String {
        format!("{{{}}}", uuid(&format!("space {}", self.space)))
    }

    /// What this person may do here, if anything.
    pub(in super::super) fn permission(&self, nickname: &str) -> Option<Permission> {
        if self.deleted {
            return None;
        }
        let public = (!self.private).then_some(Permission::Read);
        let own = self.permissions.get(nickname).copied();
        own.max(self.by_project.get(nickname).copied()).max(public)
    }

    pub(in super::super) fn pull_request(&self, number: u64) -> Result<&PullRequest, Refusal> {
        self.pull_requests.iter().find(|pr| pr.number == number).ok_or(Refusal::NoSuchPullRequest(number))
    }

    pub(super) fn pull_request_mut(&mut self, number: u64) -> Result<&mut PullRequest, Refusal> {
        self.pull_requests.iter_mut().find(|pr| pr.number == number).ok_or(Refusal::NoSuchPullRequest(number))
    }
}

impl World {
    /// Makes a repository of that `space/slug` name, with a main branch of one commit, and answers
    /// what it is called now.
    pub(in super::super) fn add_repository(&mut self, edition: Edition, name: &str) -> (RepoId, String) {
        let (space, slug) = name.split_once('/').unwrap_or(("team", name));
        let space = match edition {
            Edition::Cloud => space.to_owned(),
            Edition::DataCenter if space.starts_with('~') => space.to_owned(),
            Edition::DataCenter => space.to_uppercase(),
        };
        let id = RepoId(self.repositories.len());
        let same = |repo: &&Repository| repo.edition == edition && repo.space == space;
        let beside = self.repositories.iter().find(same);
        let by_project = beside.map(|repo| repo.by_project.clone()).unwrap_or_default();
        let groups_by_project = beside.map(|repo| repo.groups_by_project.clone()).unwrap_or_default();
        let full_name = format!("{space}/{slug}");
        self.repositories.push(Repository {
            id,
            edition,
            uuid: format!("{{{}}}", uuid(&format!("repository {edition:?} {name}"))),
            space,
            slug: slug.to_owned(),
            formerly: Vec::new(),
            description: String::new(),
            private: true,
            archived: false,
            deleted: false,
            created: self.now(),
            main_branch: "main".to_owned(),
            permissions: BTreeMap::new(),
            by_project,
            groups_by_project,
            groups: BTreeMap::new(),
            default_reviewers: Vec::new(),
            strategies: vec![Strategy::Merge, Strategy::Squash, Strategy::FastForward],
            approvals_needed: 0,
            resets_reviews: false,
            merges_slowly: false,
            branches: BTreeMap::new(),
            tags: BTreeMap::new(),
            commits: BTreeMap::new(),
            pull_requests: Vec::new(),
            statuses: Vec::new(),
            restrictions: Vec::new(),
            runs: Vec::new(),
            deployed: Vec::new(),
        });
        self.plant(id);
        (id, full_name)
    }

    pub(in super::super) fn repo(&self, id: RepoId) -> Result<&Repository, Refusal> {
        self.repositories.get(id.0).ok_or_else(|| Refusal::NoSuchRepository(format!("number {}", id.0)))
    }

    /// All that are in the same project, itself among them.
    pub(in super::super) fn beside(&mut self, id: RepoId) -> impl Iterator<Item = &mut Repository> {
        let place = self.repo(id).map(|repo| (repo.edition, repo.space.clone())).ok();
        let there = move |repo: &&mut Repository| {
            place.as_ref().is_some_and(|(edition, space)| repo.edition == *edition && repo.space == *space)
        };
        self.repositories.iter_mut().filter(there)
    }

    pub(in super::super) fn repo_mut(&mut self, id: RepoId) -> Result<&mut Repository, Refusal> {
        self.repositories.get_mut(id.0).ok_or_else(|| Refusal::NoSuchRepository(format!("number {}", id.0)))
    }

    /// The repository that was called so before it was renamed or moved.
    pub(in super::super) fn moved(&self, edition: Edition, space: &str, slug: &str) -> Option<&Repository> {
        let name = format!("{space}/{slug}");
        let was = |repo: &&Repository| repo.formerly.iter().any(|old| old.eq_ignore_ascii_case(&name));
        self.repositories.iter().filter(|repo| repo.edition == edition).find(was)
    }

    /// By workspace and slug as a URL writes them: either may be a uuid in braces on Cloud.
    pub(in super::super) fn find(&self, edition: Edition, space: &str, slug: &str) -> Option<&Repository> {
        self.repositories.iter().find(|repo| {
            let here = repo.space.eq_ignore_ascii_case(space)
                || (edition == Edition::Cloud && (space == "{}" || repo.space_uuid() == space));
            let this =
                repo.slug.eq_ignore_ascii_case(slug) || (edition == Edition::Cloud && repo.uuid == slug);
            repo.edition == edition && here && this && !repo.deleted
        })
    }
}
