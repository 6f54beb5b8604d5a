//! What is in a repository: commits, branches, tags, files.

pub mod branch;
pub mod commit;
pub mod commits;
pub mod compare;
pub mod file;
mod nearest;
mod pointers;
pub mod tag;

use crate::bot::{Context, Failure};
use crate::words::message::{Action, Button, Field, FieldKind, Form};
use crate::words::names::{RepoName, RepoRef};

/// The repository a person means, or the channel's own. Where there is none, `ask` opens the form for it.
pub(super) async fn here(cx: &Context<'_>, repo: Option<&RepoRef>, ask: Action) -> Result<RepoName, Failure> {
    match cx.repo_here(repo).await {
        Err(Failure::Told(said)) if repo.is_none() => Err(Failure::Told(Box::new(
            said.button(Button::new("Choose a repository", ask.with("ask", true))),
        ))),
        found => found,
    }
}

/// The form that asks for nothing but the repository.
pub(super) fn which_repo(title: &str, submit: &str, does: Action) -> Form {
    Form {
        title: title.to_owned(),
        submit: submit.to_owned(),
        intro: Vec::new(),
        fields: vec![repo_field(None)],
        does,
    }
}

/// The field of a form that asks for the repository.
pub(super) fn repo_field(repo: Option<&RepoRef>) -> Field {
    let field = Field::new("repo", "Repository", FieldKind::Lookup("repository".to_owned()));
    match repo {
        Some(repo) => field.filled(Some(repo)).labelled(repo, repo.plain()),
        None => field,
    }
}

/// What was not given although nothing goes without it; a form asks for it where there can be one.
pub(super) fn missing(sentence: &str) -> Failure {
    Failure::told(sentence)
}
