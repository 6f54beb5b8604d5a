//! What branches and tags have in common: lists of them, forms for them, and who may change them.

use futures_util::future;

use super::commit::told;
use super::nearest::Wanted;
use super::{missing, repo_field};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::Failure;
use crate::views::code;
use crate::words::commit::{Commit, CommitFilter};
use crate::words::message::{Action, Button, Field, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};

/// How many stand on a page.
pub(super) const PER_PAGE: usize = 10;
/// How many questions are asked at once.
const AT_ONCE: usize = 4;

/// A branch or a tag, by its name and the hash it points to.
pub(super) type Pointer = (String, String);

/// Rows of them, each with the commit it points to and a button that lists the commits before it.
pub(super) async fn rows(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    message: Message,
    pointers: &[Pointer],
) -> Result<Message, Failure> {
    let mut tips = Vec::with_capacity(pointers.len());
    for few in pointers.chunks(AT_ONCE) {
        let asked = few.iter().map(|(_, head)| tip(bitbucket, repo, head)).collect::<Vec<_>>();
        tips.extend(future::try_join_all(asked).await?);
    }
    let with_tips = pointers.iter().zip(tips);
    Ok(with_tips.fold(message, |message, ((name, head), tip)| {
        let commits = Action::named("commits").with("repo", repo.to_string()).with("branch", name.as_str());
        message.row(code::pointer(name, head, tip.as_ref()), Some(Button::new("Commits", commits)))
    }))
}

async fn tip(bitbucket: &dyn Bitbucket, repo: &RepoName, head: &str) -> Result<Option<Commit>, Failure> {
    let found = told(bitbucket.commits(repo, &CommitFilter::of(Some(head)), 1).await)?;
    Ok(found.and_then(|commits| commits.into_iter().next()))
}

/// A form that begins with the repository.
pub(super) fn form(
    (title, submit): (&str, &str),
    repo: Option<&RepoRef>,
    fields: impl IntoIterator<Item = Field>,
    does: Action,
) -> Form {
    Form {
        title: title.to_owned(),
        submit: submit.to_owned(),
        intro: Vec::new(),
        fields: std::iter::once(repo_field(repo)).chain(fields).collect(),
        does,
    }
}

/// Why it was not done; where it was for want of rights, who may.
pub(super) fn refused(error: bitbucket::Error, repo: &RepoName) -> Failure {
    let bitbucket::Error::Forbidden(_) = &error else { return error.into() };
    let who = Line::new().text("It takes write access to ").bold(repo.short()).text(
        ", and branch permissions that allow it; whoever administers the repository can give you that.",
    );
    Failure::Told(Box::new(Message::line(error.to_string()).and(who)))
}

/// The same for what is made somewhere: perhaps there is no such place.
pub(super) async fn not_made(
    error: bitbucket::Error,
    at: Wanted<'_>,
    instead: impl Fn(&str) -> Action,
) -> Failure {
    match error {
        bitbucket::Error::NotFound(_) => at.or_nearest(error, instead).await,
        error => refused(error, at.repo),
    }
}

/// Where something is to be made: where they said, or at the tip of the main branch.
pub(super) async fn place(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    said: Option<&String>,
) -> Result<String, Failure> {
    if let Some(at) = said {
        return Ok(at.clone());
    }
    let main = bitbucket.repository(repo).await?.main_branch;
    main.ok_or_else(|| missing("There is no main branch yet; say where with `--at`."))
}

/// A branch, tag or commit as it is said in a sentence; a whole hash is too long for that.
pub(super) fn said(line: Line, at: &str) -> Line {
    let is_hash = at.len() == 40 && at.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { line.text(&at[..7]) } else { line.code(at) }
}

/// There is one of that name already.
pub(super) fn taken(what: &str, name: &str, repo: &RepoName) -> Failure {
    let line = Line::new().bold(repo.short()).text(format!(" has a {what} ")).code(name).text(" already.");
    Failure::Told(Box::new(Message::line(line)))
}

/// There is none of that name.
pub(super) fn none(what: &str, name: &str, repo: &RepoName) -> Failure {
    let line = Line::new().bold(repo.short()).text(format!(" has no {what} ")).code(name).text(".");
    Failure::Told(Box::new(Message::line(line)))
}
