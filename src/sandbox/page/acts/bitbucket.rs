//! What is done in Bitbucket's own pages: the bot hears of it by webhook alone.

use serde::Deserialize;

use super::super::super::bitbucket::{Bitbucket, BuildState, Edition, Refusal, RepoHandle, State};
use super::super::state::in_words;

/// What is done, and where.
#[derive(Deserialize)]
pub(super) struct Deed {
    instance: String,
    repo: String,
    #[serde(flatten)]
    what: What,
}

#[derive(Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
enum What {
    Open { title: String, from: String, into: String },
    Push { branch: String, message: String },
    Approve { pr: u64 },
    Unapprove { pr: u64 },
    NeedsWork { pr: u64 },
    Comment { pr: u64, text: String },
    Build { pr: u64, name: String, state: Build },
    Merge { pr: u64 },
    Decline { pr: u64 },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Build {
    Running,
    Passed,
    Failed,
}

impl From<Build> for BuildState {
    fn from(build: Build) -> Self {
        match build {
            Build::Running => Self::InProgress,
            Build::Passed => Self::Successful,
            Build::Failed => Self::Failed,
        }
    }
}

/// Does it as this person, or says why not.
pub(super) fn carry_out(bitbucket: &Bitbucket, me: &str, deed: &Deed) -> Result<(), String> {
    let edition = match deed.instance.as_str() {
        "cloud" => Edition::Cloud,
        "dc" => Edition::DataCenter,
        other => return Err(format!("there is no Bitbucket called {other}")),
    };
    let repo = bitbucket.repository(edition, &deed.repo);
    let repo = repo.ok_or_else(|| format!("there is no repository {}", deed.repo))?;
    done(bitbucket, me, &repo, &deed.what)
}

fn done(bitbucket: &Bitbucket, me: &str, repo: &RepoHandle, what: &What) -> Result<(), String> {
    let outcome = match what {
        What::Open { title, from, into } => return open(bitbucket, me, repo, title, (from, into)),
        What::Push { branch, message } => {
            let message = filled(message, "Say what the commit does")?;
            bitbucket.push(repo, filled(branch, "Name a branch")?, me, &[message]).map(drop)
        }
        What::Approve { pr } => {
            others(bitbucket, me, repo, *pr).and_then(|()| bitbucket.approve(repo, *pr, me))
        }
        What::Unapprove { pr } => bitbucket.unapprove(repo, *pr, me),
        What::NeedsWork { pr } => {
            others(bitbucket, me, repo, *pr).and_then(|()| bitbucket.request_changes(repo, *pr, me))
        }
        What::Comment { pr, text } => {
            bitbucket.comment(repo, *pr, me, filled(text, "Write something first")?).map(drop)
        }
        What::Build { pr, name, state } => {
            let name = filled(name, "Name the build")?;
            let branch = bitbucket.pull_request(repo, *pr).map(|it| it.source);
            branch.and_then(|branch| bitbucket.add_build(repo, &branch, name, (*state).into()))
        }
        What::Merge { pr } => bitbucket.merge(repo, *pr, me),
        What::Decline { pr } => bitbucket.decline(repo, *pr, me),
    };
    outcome.map_err(|refusal| worded(&refusal))
}

fn open(
    bitbucket: &Bitbucket,
    me: &str,
    repo: &RepoHandle,
    title: &str,
    (from, into): (&str, &str),
) -> Result<(), String> {
    let title = filled(title, "Give it a title")?;
    let all = bitbucket.overview();
    let here = all.iter().filter(|it| it.repo.edition() == repo.edition() && it.repo.name() == repo.name());
    let mut open = here.flat_map(|it| &it.pull_requests).map(|it| &it.now).filter(|it| it.is_open());
    if let Some(there) = open.find(|it| it.source == from && it.destination == into) {
        return Err(format!("there is one already for {from}: #{}", there.number));
    }
    let opened = bitbucket.open_pull_request(repo, me, title, (from, into));
    opened.map(drop).map_err(|refusal| worded(&refusal))
}

fn filled<'a>(text: &'a str, otherwise: &str) -> Result<&'a str, String> {
    let text = text.trim();
    if text.is_empty() { Err(otherwise.to_owned()) } else { Ok(text) }
}

/// Nobody reviews their own.
fn others(bitbucket: &Bitbucket, me: &str, repo: &RepoHandle, pr: u64) -> Result<(), Refusal> {
    let author = bitbucket.pull_request(repo, pr)?.author;
    if author == me { Err(Refusal::OwnPullRequest(author)) } else { Ok(()) }
}

fn worded(refusal: &Refusal) -> String {
    match refusal {
        Refusal::MayNotMerge(obstacles) => {
            let reasons: Vec<String> = obstacles.iter().map(in_words).collect();
            format!("It cannot be merged yet: {}", reasons.join(", "))
        }
        Refusal::NotOpen(_, State::Merged) => "It is merged already".to_owned(),
        Refusal::NotOpen(..) => "It is not open any more".to_owned(),
        Refusal::OwnPullRequest(_) => "It is your own; somebody else has to review it".to_owned(),
        Refusal::NothingToMerge(from, into) => format!("{from} holds nothing that {into} does not"),
        other => other.to_string(),
    }
}
