//! Bitbucket Cloud's face: REST 2.0 and OAuth, as its OpenAPI and recorded answers have them.

mod answers;
mod branches;
mod builds;
mod comments;
mod commits;
mod diffs;
mod fields;
mod files;
mod history;
mod hooks;
mod housekeeping;
mod members;
mod merges;
mod oauth;
mod pipelines;
mod pull_requests;
mod query;
mod refusals;
mod repositories;
mod restrictions;
mod reviews;
mod rights;
mod routes;
mod tags;
mod tasks;
mod users;
pub(super) mod webhooks;

use serde_json::json;

use super::exchange::{Answer, Ask, either};
use super::world::{
    Caller, Credential, Edition, Permission, RepoId, Repository, TokenTrouble, World, digest,
};
use answers::problem;
use fields::Fields;
use refusals::worded;

/// A call being answered: the world, what is asked, and for whom.
struct Here<'a> {
    world: &'a mut World,
    ask: &'a Ask,
    caller: &'a Caller,
}

/// Answers a call, and says as whom.
pub(super) fn answer(world: &mut World, ask: &Ask) -> (Answer, Option<String>) {
    let segments: Vec<&str> = ask.segments.iter().map(String::as_str).collect();
    match (ask.method.as_str(), segments.as_slice()) {
        (_, ["site", "oauth2", page]) => (either(oauth::answer(world, ask, page), worded), None),
        ("GET", ["stored", name]) => (pipelines::stored(world, name), None),
        ("GET", ["2.0", "hook_events"]) => (subjects(), None),
        (_, ["2.0", path @ ..]) => rest(world, ask, path),
        _ => (no_such_page(ask), None),
    }
}

/// What webhooks can be about: the one page anybody may read.
fn subjects() -> Answer {
    let about = |subject: &str| {
        let href = format!("https://api.bitbucket.org/2.0/hook_events/{subject}");
        json!({"links": {"events": {"href": href}}})
    };
    Answer::json(200, &json!({"repository": about("repository"), "workspace": about("workspace")}))
}

fn rest(world: &mut World, ask: &Ask, path: &[&str]) -> (Answer, Option<String>) {
    let caller = match authenticated(world, ask) {
        Ok(caller) => caller,
        Err(answer) => return (answer, None),
    };
    let mut here = Here { world, ask, caller: &caller };
    let answer = match without_length(ask) {
        Some(answer) => answer,
        None => either(routes::answer(&mut here, path), worded),
    };
    let mut answer = finished(ask, answer)
        .with("X-OAuth-Scopes", caller.scopes.join(", "))
        .with("X-Credential-Type", if caller.kind == Credential::OAuth { "oauth2" } else { "apitoken" });
    if caller.kind == Credential::Access && path.first() == Some(&"repositories") {
        answer = answer.with("X-RateLimit-Limit", "1000").with("X-RateLimit-NearLimit", "false");
    }
    (answer, Some(caller.nickname))
}

/// Cut to what was asked for, under a name by which it can be known again.
fn finished(ask: &Ask, mut answer: Answer) -> Answer {
    if answer.status != 200 {
        return answer;
    }
    let fields = Fields::of(ask);
    if fields.spoilt() {
        return problem(400, "Invalid fields").complaining("a plus in fields is written %2B");
    }
    if let Some(whole) = answer.json_body() {
        answer = answer.saying(&fields.cut(whole));
    }
    if ask.method != "GET" {
        return answer;
    }
    let tag = format!("\"{}\"", &digest(&hex::encode(answer.bytes()))[..32]);
    let known = ask.header("if-none-match").split(',').any(|one| one.trim() == tag);
    if known { Answer::empty(304).with("ETag", tag) } else { answer.with("ETag", tag) }
}

/// Cloud wants a length on every POST and PUT, even of nothing.
fn without_length(ask: &Ask) -> Option<Answer> {
    let sized = ask.has_header("content-length") || ask.has_header("transfer-encoding");
    let sends = matches!(ask.method.as_str(), "POST" | "PUT");
    (sends && !sized).then(|| Answer::text(411, "Length Required").complaining("there is no Content-Length"))
}

fn authenticated(world: &World, ask: &Ask) -> Result<Caller, Answer> {
    let by_token = |secret: &str| match world.caller(Edition::Cloud, secret) {
        Ok(caller) => Ok(caller),
        Err(TokenTrouble::Expired) => {
            Err(problem(401, "Access token expired. Use your refresh token to obtain a new access token."))
        }
        Err(TokenTrouble::Unknown) => {
            Err(problem(401, "Token is invalid, expired, or not supported for this endpoint."))
        }
    };
    if let Some(secret) = ask.bearer() {
        return by_token(secret);
    }
    let Some((email, secret)) = ask.basic() else {
        return Err(problem(401, "Unauthorized").complaining("there is no authorization"));
    };
    let caller = by_token(&secret)?;
    let own = world.person(&caller.nickname).is_ok_and(|one| one.email == email);
    if own && caller.kind != Credential::OAuth { Ok(caller) } else { Err(problem(401, "Unauthorized")) }
}

impl Here<'_> {
    /// The repository of that path, when the caller may see it.
    fn repository(&self, space: &str, slug: &str) -> Result<&Repository, Answer> {
        if let Some(moved) = self.world.moved(Edition::Cloud, space, slug).filter(|repo| self.sees(repo)) {
            return Err(Answer::moved(self.ask, &format!("{space}/{slug}"), &moved.full_name()));
        }
        let found = self.world.find(Edition::Cloud, space, slug);
        found.filter(|repo| self.sees(repo)).ok_or_else(|| {
            problem(
                404,
                "You may not have access to this repository or it no longer exists in this workspace. If \
                 you think this repository exists and you have access, make sure you are authenticated.",
            )
        })
    }

    fn sees(&self, repo: &Repository) -> bool {
        self.caller.reads_all() || repo.permission(&self.caller.nickname).is_some()
    }

    /// Refuses a token that is nobody's where somebody is needed.
    fn somebody(&self) -> Result<(), Answer> {
        if self.caller.kind == Credential::Access {
            Err(problem(401, "Token is invalid, expired, or not supported for this endpoint."))
        } else {
            Ok(())
        }
    }

    /// Refuses a token that was not granted this.
    fn scope(&self, needed: &str) -> Result<(), Answer> {
        let granted = &self.caller.scopes;
        let needed = match self.caller.kind {
            Credential::Personal => of_api_tokens(needed, self.ask),
            _ => vec![needed],
        };
        let covered = |needed: &&str| granted.iter().any(|scope| implies(scope, needed));
        if needed.iter().all(covered) { Ok(()) } else { Err(answers::lacking_scope(granted, &needed)) }
    }

    /// Refuses a caller who may not do this much.
    fn may(&self, repo: RepoId, needed: Permission) -> Result<(), Answer> {
        let has = self.world.repo(repo)?.permission(&self.caller.nickname);
        if has >= Some(needed) {
            Ok(())
        } else {
            Err(problem(403, "You do not have the permission to do this in this repository."))
        }
    }
}

/// What a person's API token needs where an OAuth token needs this; none of them includes another.
fn of_api_tokens(needed: &str, ask: &Ask) -> Vec<&'static str> {
    let deletes = ask.method == "DELETE";
    match needed {
        "account" if ask.path.contains("/workspaces/") => vec!["read:workspace:bitbucket"],
        "account" => vec!["read:user:bitbucket"],
        "repository:write" => vec!["write:repository:bitbucket"],
        "pullrequest" => vec!["read:pullrequest:bitbucket"],
        "pullrequest:write" if deletes => vec!["write:pullrequest:bitbucket"],
        "pullrequest:write" => vec!["read:pullrequest:bitbucket", "write:pullrequest:bitbucket"],
        "webhook" if deletes => vec!["delete:webhook:bitbucket"],
        "webhook" if ask.method != "GET" => vec!["read:webhook:bitbucket", "write:webhook:bitbucket"],
        "webhook" => vec!["read:webhook:bitbucket"],
        "repository:admin" if !ask.path.contains("/permissions-config") => vec!["admin:repository:bitbucket"],
        "project:admin" if deletes => vec!["admin:project:bitbucket", "delete:permission:bitbucket"],
        "project:admin" if ask.method != "GET" => {
            vec!["admin:project:bitbucket", "write:permission:bitbucket"]
        }
        "project:admin" => vec!["read:project:bitbucket"],
        "pipeline" => vec!["read:pipeline:bitbucket"],
        "pipeline:write" => vec!["read:pipeline:bitbucket", "write:pipeline:bitbucket"],
        "repository:delete" => vec!["delete:repository:bitbucket"],
        "repository:admin" if deletes => vec!["admin:repository:bitbucket", "delete:permission:bitbucket"],
        "repository:admin" if ask.method != "GET" => {
            vec!["admin:repository:bitbucket", "write:permission:bitbucket"]
        }
        "repository:admin" => vec!["admin:repository:bitbucket", "read:permission:bitbucket"],
        _ => vec!["read:repository:bitbucket"],
    }
}

/// Whether a granted scope covers a needed one.
fn implies(granted: &str, needed: &str) -> bool {
    let covered: &[&str] = match granted {
        "pullrequest:write" => &["pullrequest", "repository:write", "repository"],
        "pipeline:write" => &["pipeline"],
        "pullrequest" | "repository:write" | "project" => &["repository"],
        _ => &[],
    };
    granted == needed || covered.contains(&needed)
}

fn no_such_page(ask: &Ask) -> Answer {
    problem(404, "Resource not found").complaining(format!("Cloud has no {} {}", ask.method, ask.path))
}
