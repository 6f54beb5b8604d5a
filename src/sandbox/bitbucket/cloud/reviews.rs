//! Approving and asking for changes, as Cloud has them.

use serde_json::{Value, json};

use super::super::exchange::{Answer, Reply};
use super::super::moments::iso_micros;
use super::super::world::{PullRequest, Refusal, RepoId, Verdict, World};
use super::Here;
use super::users::by_nickname;

/// `POST ~/pullrequests/{id}/approve` and `…/request-changes`
pub(super) fn give(here: &mut Here<'_>, (repo, number): (RepoId, u64), verdict: Verdict) -> Reply {
    here.scope("pullrequest:write")?;
    let who = &here.caller.nickname;
    let own = here.world.repo(repo)?.pull_request(number)?.author == *who;
    if own && verdict == Verdict::ChangesRequested {
        return Err(Refusal::OwnPullRequest(who.clone()).into());
    }
    here.world.review((repo, number), who, verdict)?;
    let pr = here.world.repo(repo)?.pull_request(number)?;
    Ok(Answer::json(200, &participant(here.world, pr, who)))
}

/// `DELETE ~/pullrequests/{id}/approve` and `…/request-changes`
pub(super) fn take_back(here: &mut Here<'_>, (repo, number): (RepoId, u64), verdict: Verdict) -> Reply {
    here.scope("pullrequest:write")?;
    let who = here.caller.nickname.clone();
    if here.world.repo(repo)?.pull_request(number)?.verdict(&who) != verdict {
        return Err(match verdict {
            Verdict::ChangesRequested => Refusal::ChangesNotRequested(who).into(),
            Verdict::Approved | Verdict::None => Refusal::NotApproved(who).into(),
        });
    }
    here.world.review((repo, number), &who, Verdict::None)?;
    Ok(Answer::empty(204))
}

/// Somebody's part in a pull request.
pub(super) fn participant(world: &World, pr: &PullRequest, nickname: &str) -> Value {
    let verdict = pr.verdict(nickname);
    let reviews = pr.reviewers.iter().any(|one| one == nickname);
    json!({
        "type": "participant",
        "user": by_nickname(world, nickname),
        "role": if reviews { "REVIEWER" } else { "PARTICIPANT" },
        "approved": verdict == Verdict::Approved,
        "state": match verdict {
            Verdict::None => None,
            Verdict::Approved => Some("approved"),
            Verdict::ChangesRequested => Some("changes_requested"),
        },
        "participated_on": pr.participant(nickname).map(|one| iso_micros(one.at)),
    })
}
