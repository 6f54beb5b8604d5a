//! Rows of a listing: commits, open pull requests, a digest.

use crate::views::card::{branches, standing};
use crate::words::commit::Commit;
use crate::words::message::{Line, Message};
use crate::words::names::RepoName;
use crate::words::pull_request::PullRequest;

/// Commits, newest first.
pub fn commits(repo: &RepoName, branch: Option<&str>, commits: &[Commit]) -> Message {
    let of = branch.map_or_else(Line::new, |branch| Line::new().text(" on ").code(branch));
    if commits.is_empty() {
        return Message::line(join(Line::new().text("No commits in ").bold(repo.short()), of));
    }
    let head = join(Line::new().text("Latest commits in ").bold(repo.short()), of);
    commits.iter().fold(Message::line(head), |message, commit| {
        message.and(
            Line::new()
                .link(commit.short_hash(), &commit.url)
                .text(format!(" {} · {} · ", commit.subject(), commit.author))
                .moment(commit.at),
        )
    })
}

/// One pull request in a list.
pub fn pull_request(pr: &PullRequest) -> Line {
    let line = Line::new()
        .link(format!("{} {}", pr.name.short(), pr.title), &pr.url)
        .text(format!(" by {} · ", pr.author.name));
    join(line, branches(pr)).text(" · ").text(standing(pr))
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

fn join(mut line: Line, other: Line) -> Line {
    line.0.extend(other.0);
    line
}
