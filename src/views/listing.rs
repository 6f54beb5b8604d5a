//! Rows of a listing: pull requests, a digest.

use crate::views::card::{self, branches, standing};
use crate::views::short::clipped;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{PersonId, RepoName};
use crate::words::pull_request::{PullRequest, Verdict};

/// How much of a title stands in a row.
const TITLE: usize = 100;

/// One pull request in a list.
pub fn pull_request(pr: &PullRequest) -> Line {
    let line = Line::new()
        .link(format!("{} {}", pr.name.short(), clipped(&pr.title, TITLE)), &pr.url)
        .text(format!(" by {} · ", clipped(&pr.author.name, 40)));
    line.join(branches(pr)).text(" · ").text(standing(pr))
}

/// Pull requests, each with the one thing that its reader is likely to do about it. `me` is who reads, on
/// the Bitbucket it is on.
pub fn pull_requests<'a>(
    head: Line,
    list: &[PullRequest],
    me: impl Fn(&PullRequest) -> Option<&'a PersonId>,
) -> Message {
    list.iter()
        .fold(Message::line(head), |message, pr| message.row(pull_request(pr), Some(next_step(pr, me(pr)))))
}

/// Approve what waits for me and nobody has objected to, merge what is mine and approved; look at the rest.
fn next_step(pr: &PullRequest, me: Option<&PersonId>) -> Button {
    let objected = pr.reviews.iter().any(|review| review.verdict == Verdict::NeedsWork);
    let ripe = pr.is_open() && !pr.draft && !objected;
    let waits = |me: &PersonId| pr.waits_for(me) && pr.author.id != *me;
    let ready = pr.approvals().next().is_some() && pr.open_tasks.unwrap_or_default() == 0;
    match me {
        Some(me) if ripe && waits(me) => card::approve(&pr.name),
        Some(me) if ripe && ready && pr.author.id == *me => card::merge(&pr.name),
        _ => Button::new("Show", Action::named("pr.show").with("pr", pr.name.to_string())),
    }
}

/// What is open in a repository, oldest first: the body of a digest.
pub fn digest(repo: &RepoName, open: &[PullRequest]) -> Message {
    let head = match open.len() {
        0 => {
            return Message::line(Line::new().text("Nothing waits in ").bold(repo.short()).text("."))
                .to_channel();
        }
        1 => "1 pull request is open in ".to_owned(),
        many => format!("{many} pull requests are open in "),
    };
    let mut oldest_first: Vec<&PullRequest> = open.iter().collect();
    oldest_first.sort_by_key(|pr| pr.created_at);
    let head = Message::line(Line::new().text(head).bold(repo.short()));
    oldest_first.into_iter().map(pull_request).fold(head, Message::and).to_channel()
}
