//! Approving and asking for changes, as Data Center has them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply, text_at};
use super::super::world::{PullRequest, Refusal, RepoId, Verdict, World};
use super::Here;
use super::answers::{bad_body, bad_field, not_permitted, problem};
use super::pull_requests::full;
use super::users::by_nickname;

/// `GET P/pull-requests/{id}/participants`
pub(super) fn list(here: &Here<'_>, (repo, number): (RepoId, u64)) -> Reply {
    let repo = here.world.repo(repo)?;
    let pr = repo.pull_request(number)?;
    let mut whole = full(here.world, repo, pr);
    let mut values = vec![whole["author"].take()];
    for noun in ["reviewers", "participants"] {
        if let Value::Array(people) = whole[noun].take() {
            values.extend(people);
        }
    }
    here.page(values)
}

/// `PUT P/pull-requests/{id}/participants/{slug}`
pub(super) fn decide(here: &mut Here<'_>, (repo, number): (RepoId, u64), slug: &str) -> Reply {
    let person = here.world.person_by_slug(slug);
    if person.is_none_or(|person| person.nickname != here.caller.nickname) {
        return Err(not_permitted().complaining("a status of somebody else"));
    }
    let body = here.ask.json().map_err(|why| bad_body(&why))?;
    let verdict = match text_at(&body, "/status") {
        Some("APPROVED") => Verdict::Approved,
        Some("NEEDS_WORK") => Verdict::ChangesRequested,
        Some("UNAPPROVED") => Verdict::None,
        _ => return Err(bad_field("status", "no such status").complaining("no such status")),
    };
    let who = &here.caller.nickname;
    let pr = here.world.repo(repo).and_then(|repo| repo.pull_request(number))?;
    if pr.author == *who {
        return Err(Refusal::OwnPullRequest(who.clone()).into());
    }
    if text_at(&body, "/lastReviewedCommit").is_some_and(|hash| hash != pr.source_hash) {
        return Err(problem(
            409,
            "pull.PullRequestOutOfDateException",
            "The pull request has been updated since the commit you reviewed.",
        ));
    }
    here.world.review((repo, number), who, verdict)?;
    let pr = here.world.repo(repo).and_then(|repo| repo.pull_request(number))?;
    Ok(Answer::json(200, &participant(here.world, pr, who)))
}

/// Data Center's word for a verdict.
pub(super) fn status(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::None => "UNAPPROVED",
        Verdict::Approved => "APPROVED",
        Verdict::ChangesRequested => "NEEDS_WORK",
    }
}

/// Somebody's part in a pull request.
pub(super) fn participant(world: &World, pr: &PullRequest, nickname: &str) -> Value {
    let verdict = pr.verdict(nickname);
    let reviews = pr.reviewers.iter().any(|one| one == nickname);
    let mut value = json!({
        "user": by_nickname(world, nickname),
        "role": if reviews || verdict != Verdict::None { "REVIEWER" } else { "PARTICIPANT" },
        "approved": verdict == Verdict::Approved,
        "status": status(verdict),
    });
    if let Some(hash) = pr.participant(nickname).and_then(|one| one.reviewed_hash.as_ref()) {
        value["lastReviewedCommit"] = hash.clone().into();
    }
    value
}
