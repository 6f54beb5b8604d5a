//! What waits for somebody across repositories, as Data Center's dashboard and inbox show it.

use serde_json::json;

use super::super::exchange::{Answer, Reply};
use super::super::world::{Edition, PullRequest, Repository, State, Verdict};
use super::Here;
use super::pull_requests::{full, plays, wanted};
use super::reviews::status;

/// `GET /dashboard/pull-requests`: the caller's own, or those they review.
pub(super) fn dashboard(here: &Here<'_>) -> Reply {
    here.somebody()?;
    let role = here.ask.param("role");
    let slug = here.ask.param("user");
    let who = slug.and_then(|slug| here.world.person_by_slug(slug)).map(|person| &person.nickname);
    let who = who.unwrap_or(&here.caller.nickname);
    let mut found: Vec<(&Repository, &PullRequest)> = Vec::new();
    for repo in seen(here) {
        for pr in &repo.pull_requests {
            if plays(pr, who, role) && wanted(here, pr, "ALL")? && stands(here, pr, who) {
                found.push((repo, pr));
            }
        }
    }
    found.sort_by_key(|(_, pr)| std::cmp::Reverse(pr.updated));
    if here.ask.param("order") == Some("OLDEST") {
        found.reverse();
    }
    here.page(found.into_iter().map(|(repo, pr)| full(here.world, repo, pr)).collect())
}

fn seen<'a>(here: &'a Here<'_>) -> impl Iterator<Item = &'a Repository> {
    here.world.repositories.iter().filter(|repo| repo.edition == Edition::DataCenter && here.sees(repo))
}

fn stands(here: &Here<'_>, pr: &PullRequest, who: &str) -> bool {
    let wanted = here.ask.param("participantStatus");
    wanted.is_none_or(|wanted| wanted.split(',').any(|one| one == status(pr.verdict(who))))
}

fn waiting<'a>(here: &'a Here<'_>) -> impl Iterator<Item = (&'a Repository, &'a PullRequest)> {
    let (who, own) = (&here.caller.nickname, here.ask.param("role") == Some("author"));
    let waits = move |pr: &PullRequest| {
        let undecided = pr.verdict(who) == Verdict::None;
        let mine = if own { pr.author == *who } else { undecided && pr.reviewers.contains(who) };
        mine && pr.state == State::Open
    };
    seen(here)
        .flat_map(move |repo| repo.pull_requests.iter().filter(move |pr| waits(pr)).map(move |pr| (repo, pr)))
}

/// `GET /inbox/pull-requests`
pub(super) fn inbox(here: &Here<'_>) -> Reply {
    here.somebody()?;
    here.page(waiting(here).map(|(repo, pr)| full(here.world, repo, pr)).collect())
}

/// `GET /inbox/pull-requests/count`
pub(super) fn inbox_count(here: &Here<'_>) -> Reply {
    here.somebody()?;
    Ok(Answer::json(200, &json!({"count": waiting(here).count()})))
}
