//! The Bitbucket side of the state: both editions, their repositories and pull requests.

use serde_json::{Value, json};

use super::super::super::bitbucket::{
    Bitbucket, BuildState, Comment, Edition, Obstacle, PullRequestState, PullRequestView, RepositoryView,
    State, Status,
};

/// It.
pub(super) fn of(bitbucket: &Bitbucket) -> Value {
    let all = bitbucket.overview();
    let instance = |edition, name: &str, title: &str| {
        let here = all.iter().filter(|it| it.repo.edition() == edition);
        json!({"instance": name, "title": title, "repositories": here.map(repository).collect::<Vec<_>>()})
    };
    json!([
        instance(Edition::Cloud, "cloud", "Bitbucket Cloud"),
        instance(Edition::DataCenter, "dc", "Bitbucket Data Center"),
    ])
}

fn repository(view: &RepositoryView) -> Value {
    let branches = view.branches.iter().map(|(name, ahead)| json!({"name": name, "ahead": ahead}));
    json!({
        "name": view.repo.name(),
        "url": view.repo.url(),
        "main": view.main,
        "branches": branches.collect::<Vec<_>>(),
        "pull_requests": view.pull_requests.iter().map(|pr| pull_request(view, pr)).collect::<Vec<_>>(),
    })
}

fn pull_request(view: &RepositoryView, pr: &PullRequestView) -> Value {
    let now = &pr.now;
    let commits = pr
        .commits
        .iter()
        .map(|it| json!({"id": it.hash.get(..7), "message": it.message.lines().next(), "by": it.author}));
    json!({
        "id": now.number,
        "title": now.title,
        "description": now.description,
        "url": format!("{}/pull-requests/{}", view.repo.url(), now.number),
        "state": standing(now.state),
        "draft": now.draft,
        "author": now.author,
        "from": now.source,
        "into": now.destination,
        "closed_by": now.closed_by,
        "reviewers": reviewers(now),
        "comments": now.comments.iter().map(comment).collect::<Vec<_>>(),
        "builds": pr.builds.iter().map(build).collect::<Vec<_>>(),
        "commits": commits.collect::<Vec<_>>(),
        "obstacles": pr.obstacles.iter().map(in_words).collect::<Vec<_>>(),
    })
}

fn standing(state: State) -> &'static str {
    match state {
        State::Open => "open",
        State::Merged => "merged",
        State::Declined => "declined",
    }
}

/// Those asked, then those who made up their mind unasked.
fn reviewers(pr: &PullRequestState) -> Vec<Value> {
    let unasked = pr.approvals.iter().chain(&pr.changes_requested).filter(|it| !pr.reviewers.contains(it));
    let verdict = |name: &String| {
        if pr.approvals.contains(name) {
            "approved"
        } else if pr.changes_requested.contains(name) {
            "needs_work"
        } else {
            "none"
        }
    };
    let all = pr.reviewers.iter().chain(unasked);
    all.map(|name| json!({"name": name, "verdict": verdict(name)})).collect()
}

fn comment(comment: &Comment) -> Value {
    let (text, by) = (&comment.text, &comment.author);
    json!({"id": comment.id, "by": by, "text": text, "task": comment.task, "resolved": comment.resolved})
}

fn build(status: &Status) -> Value {
    let state = match status.state {
        BuildState::InProgress => "running",
        BuildState::Successful => "passed",
        BuildState::Failed => "failed",
        BuildState::Stopped => "stopped",
    };
    json!({"name": status.key, "state": state})
}

/// What is in the way of a merge.
pub(in super::super) fn in_words(obstacle: &Obstacle) -> String {
    match obstacle {
        Obstacle::Conflicts => "its branches conflict".to_owned(),
        Obstacle::Draft => "it is a draft".to_owned(),
        Obstacle::Approvals(1) => "it needs 1 more approval".to_owned(),
        Obstacle::Approvals(wanting) => format!("it needs {wanting} more approvals"),
        Obstacle::Tasks(1) => "1 task is open".to_owned(),
        Obstacle::Tasks(open) => format!("{open} tasks are open"),
    }
}
