//! Bitbucket Data Center's face: its REST modules and OAuth, as its OpenAPI and recorded answers have them.

mod answers;
mod branches;
mod builds;
mod comments;
mod commits;
mod diffs;
mod files;
mod history;
mod hooks;
mod housekeeping;
mod merges;
mod oauth;
mod pull_requests;
mod queues;
mod refusals;
mod repositories;
mod restrictions;
mod reviewers;
mod reviews;
mod rights;
mod routes;
mod tags;
mod users;
pub(super) mod webhooks;

use super::exchange::{Answer, Ask, either, encoded};
use super::world::{Caller, Credential, Edition, Permission, RepoId, Repository, World};
use answers::{not_permitted, problem};
use refusals::worded;

/// What an application may ask for, each including those before it.
pub(super) const SCOPES: [&str; 8] = [
    "PUBLIC_REPOS",
    "ACCOUNT_WRITE",
    "REPO_READ",
    "REPO_WRITE",
    "REPO_ADMIN",
    "PROJECT_ADMIN",
    "ADMIN_WRITE",
    "SYSTEM_ADMIN",
];

/// A call being answered: the world, what is asked, and for whom.
struct Here<'a> {
    world: &'a mut World,
    ask: &'a Ask,
    caller: &'a Caller,
}

/// Answers a call, and says as whom.
pub(super) fn answer(world: &mut World, ask: &Ask) -> (Answer, Option<String>) {
    let segments: Vec<&str> = ask.segments.iter().map(String::as_str).collect();
    match segments.as_slice() {
        ["rest", "oauth2", "latest", page] => (either(oauth::answer(world, ask, page), worded), None),
        // What kind of server this is, anybody may know.
        ["rest", "api", "latest", "application-properties"] if ask.bearer().is_none() => {
            (routes::properties(), None)
        }
        ["rest", module, "latest" | "1.0", path @ ..] => rest(world, ask, module, path),
        _ => (no_such_page(ask), None),
    }
}

fn rest(world: &mut World, ask: &Ask, module: &str, path: &[&str]) -> (Answer, Option<String>) {
    let caller = match authenticated(world, ask) {
        Ok(caller) => caller,
        Err(answer) => return (answer, None),
    };
    let mut here = Here { world, ask, caller: &caller };
    let answer = match not_json(ask) {
        Some(answer) => answer,
        None => either(routes::answer(&mut here, module, path), worded),
    };
    let id = here.world.person(&caller.nickname).map_or(0, |person| person.id);
    let answer = answer.with("X-AUSERNAME", encoded(&caller.nickname)).with("X-AUSERID", id.to_string());
    (answer, Some(caller.nickname))
}

/// Data Center does not read a body that is not JSON.
fn not_json(ask: &Ask) -> Option<Answer> {
    (!ask.body.is_empty() && !ask.is_json())
        .then(|| Answer::text(415, "Unsupported Media Type").complaining("the body is not called JSON"))
}

fn authenticated(world: &World, ask: &Ask) -> Result<Caller, Answer> {
    let refused = || {
        problem(
            401,
            "auth.IncorrectPasswordAuthenticationException",
            "Authentication failed. Please check your credentials and try again.",
        )
    };
    let secret = ask.bearer().ok_or_else(|| refused().complaining("there is no bearer token"))?;
    world.caller(Edition::DataCenter, secret).map_err(|_| refused())
}

impl Here<'_> {
    /// The most that the token may be used for; nothing beyond public repositories when none.
    fn ceiling(&self) -> Option<Permission> {
        let rank = |scope: &str| SCOPES.iter().position(|known| *known == scope).unwrap_or(0);
        match self.caller.scopes.iter().map(|scope| rank(scope)).max().unwrap_or(0) {
            0 | 1 => None,
            2 => Some(Permission::Read),
            3 => Some(Permission::Write),
            _ => Some(Permission::Admin),
        }
    }

    /// The repository of that path, when the caller may see it.
    fn repository(&self, space: &str, slug: &str) -> Result<&Repository, Answer> {
        if let Some(moved) = self.world.moved(Edition::DataCenter, space, slug).filter(|repo| self.sees(repo))
        {
            let to = format!("{}/repos/{}", moved.space, moved.slug);
            return Err(Answer::moved(self.ask, &format!("{space}/repos/{slug}"), &to));
        }
        let found = self.world.find(Edition::DataCenter, space, slug);
        found.filter(|repo| self.sees(repo)).ok_or_else(|| {
            let key = space.to_uppercase();
            let text = format!("Repository {key}/{slug} does not exist.");
            problem(404, "repository.NoSuchRepositoryException", &text)
        })
    }

    /// The repository of that path; one that is archived is only read.
    fn changeable(&self, space: &str, slug: &str) -> Result<RepoId, Answer> {
        let repo = self.repository(space, slug)?;
        if !repo.archived || self.ask.method == "GET" {
            return Ok(repo.id);
        }
        let text = format!("Repository {} is archived and cannot be changed.", repo.full_name());
        Err(problem(409, "repository.RepositoryArchivedException", &text))
    }

    fn sees(&self, repo: &Repository) -> bool {
        let may = self.caller.reads_all() || repo.permission(&self.caller.nickname).is_some();
        may && (!repo.private || self.ceiling().is_some())
    }

    /// Refuses a token that is nobody's where somebody is needed.
    fn somebody(&self) -> Result<(), Answer> {
        if self.caller.kind == Credential::Access { Err(not_permitted()) } else { Ok(()) }
    }

    /// Refuses a caller, or a token, that may not do this much.
    fn may(&self, repo: RepoId, needed: Permission) -> Result<(), Answer> {
        let has = self.world.repo(repo)?.permission(&self.caller.nickname);
        if has.min(self.ceiling()) >= Some(needed) { Ok(()) } else { Err(not_permitted()) }
    }
}

fn no_such_page(ask: &Ask) -> Answer {
    problem(404, "NoSuchResourceException", "There is no such resource.")
        .complaining(format!("Data Center has no {} {}", ask.method, ask.path))
}
