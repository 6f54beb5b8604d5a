//! Rows of a listing: pull requests.

use crate::views::card::{self, branches, standing};
use crate::views::short::clipped;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::PersonId;
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
pub fn next_step(pr: &PullRequest, me: Option<&PersonId>) -> Button {
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
