//! What filters are held against, from an event.

use crate::bitbucket::Event;
use crate::bitbucket::event::{RefMove, Subject};
use crate::words::build::BuildState;
use crate::words::filter::Facts;
use crate::words::pull_request::{Person, PullRequest};

fn names(person: &Person) -> Vec<String> {
    let id = Some(person.id.as_str().to_owned()).filter(|id| !id.is_empty());
    [Some(person.name.clone()), person.nickname.clone(), id].into_iter().flatten().collect()
}

/// Of any event.
pub(super) fn of_event(event: &Event) -> Facts {
    let mut facts = Facts {
        actor: names(&event.actor),
        bot: event.by_bot,
        // Nothing here changes files.
        files: Some(Vec::new()),
        ..Facts::default()
    };
    if let Subject::Build(report) = &event.subject {
        facts.from = report.branch.iter().cloned().collect();
        facts.build = vec![build_word(report.build.state).to_owned()];
        // That a build is told by a bot is no reason to mute it.
        facts.bot = false;
    }
    facts
}

/// How a build stands, as a filter names it.
pub fn build_word(state: BuildState) -> &'static str {
    match state {
        BuildState::Passed => "passed",
        BuildState::Failed => "failed",
        BuildState::Running => "running",
        BuildState::Stopped => "stopped",
        BuildState::Unknown => "",
    }
}

/// Of an event about a pull request.
pub fn of_pull_request(event: &Event, pr: &PullRequest) -> Facts {
    let Facts { actor, bot, build, .. } = of_event(event);
    Facts { actor, bot, build, ..of_snapshot(pr) }
}

/// Of a pull request as it stands; whoever wrote it counts as whoever did it.
pub fn of_snapshot(pr: &PullRequest) -> Facts {
    Facts {
        actor: names(&pr.author),
        author: names(&pr.author),
        reviewer: pr
            .reviews
            .iter()
            .filter(|review| review.asked)
            .flat_map(|one| names(&one.person))
            .collect(),
        into: vec![pr.target.clone()],
        from: vec![pr.source.clone()],
        title: pr.title.clone(),
        draft: pr.draft,
        files: None,
        ..Facts::default()
    }
}

/// Of a branch or tag that moved: it goes into itself.
pub(super) fn of_move(event: &Event, moved: &RefMove) -> Facts {
    let mut author: Vec<String> = moved.commits.iter().map(|commit| commit.author.clone()).collect();
    author.dedup();
    Facts {
        author,
        into: vec![moved.name.clone()],
        title: moved.commits.first().map(|commit| commit.subject().to_owned()).unwrap_or_default(),
        files: None,
        ..of_event(event)
    }
}
