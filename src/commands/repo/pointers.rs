//! What branches and tags have in common: lists of them, forms for them, and who may change them.

use futures_util::future;

use super::commit::told;
use super::nearest::Wanted;
use super::{here, missing, repo_field};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::views::code;
use crate::words::commit::{Commit, CommitFilter};
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};

/// How many stand on a page.
const PER_PAGE: usize = 10;
/// How many questions are asked at once.
const AT_ONCE: usize = 4;
/// How many of the same beginning are looked through for one.
const ALIKE: usize = 100;

/// A branch or a tag, by its name and the hash it points to.
type Pointer = (String, String);

/// Branches or tags: what differs between them.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A commit that moves on.
    Branch,
    /// One that stays.
    Tag,
}

impl Kind {
    /// What one is called.
    fn word(self) -> &'static str {
        match self {
            Self::Branch => "branch",
            Self::Tag => "tag",
        }
    }

    /// What several are called, and how a list of them begins and goes on.
    fn listed(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Branch => ("branches", "Branches of ", ", the latest changed first"),
            Self::Tag => ("tags", "Tags of ", ", the latest first"),
        }
    }

    /// Those whose name holds this, so many at most.
    async fn holding(
        self,
        bitbucket: &dyn Bitbucket,
        repo: &RepoName,
        typed: &str,
        most: usize,
    ) -> bitbucket::Result<Vec<Pointer>> {
        Ok(match self {
            Self::Branch => {
                let found = bitbucket.branches(repo, typed, most).await?;
                found.into_iter().map(|one| (one.name, one.head)).collect()
            }
            Self::Tag => {
                let found = bitbucket.tags(repo, typed, most).await?;
                found.into_iter().map(|one| (one.name, one.head)).collect()
            }
        })
    }

    /// What the one of this name points to.
    async fn head_of(
        self,
        bitbucket: &dyn Bitbucket,
        repo: &RepoName,
        name: &str,
    ) -> bitbucket::Result<Option<String>> {
        let alike = self.holding(bitbucket, repo, name, ALIKE).await?;
        Ok(alike.into_iter().find(|(one, _)| one == name).map(|(_, head)| head))
    }

    async fn delete(self, bitbucket: &dyn Bitbucket, repo: &RepoName, name: &str) -> bitbucket::Result<()> {
        match self {
            Self::Branch => bitbucket.delete_branch(repo, name).await,
            Self::Tag => bitbucket.delete_tag(repo, name).await,
        }
    }
}

/// Which are to be listed, and how.
pub(super) struct Listing<'a> {
    /// Of this repository, or the channel's own.
    pub(super) repo: Option<&'a RepoRef>,
    /// Those whose name holds this.
    pub(super) name: Option<&'a str>,
    /// To whom, and which page.
    pub(super) shown: &'a Shown,
    /// The command that is run, to turn its pages.
    pub(super) this: Action,
}

impl Listing<'_> {
    /// The form that asks for the repository.
    pub(super) fn form(&self, kind: Kind) -> Form {
        let name = Field::new("name", "Whose name holds", FieldKind::Text).filled(self.name).optional();
        form((&format!("List {}", kind.listed().0), "List"), None, [name], self.this.clone())
    }

    /// Lists a page of them.
    pub(super) async fn run(self, cx: &Context<'_>, kind: Kind) -> Outcome {
        let repo = here(cx, self.repo, self.this.clone()).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let from = self.shown.from(PER_PAGE);
        let upto = from.saturating_add(PER_PAGE);
        let typed = self.name.unwrap_or_default();
        let found = kind.holding(bitbucket.as_ref(), &repo, typed, upto + 1).await?;
        let page: Vec<Pointer> = found.iter().take(upto).skip(from).cloned().collect();
        let ((several, begins, order), one) = (kind.listed(), kind.word());
        let line = Line::new();
        let head = match (page.is_empty(), typed) {
            (true, "") => line.text(format!("No {several} in ")).bold(repo.short()),
            (true, typed) => {
                line.text(format!("No {one} in ")).bold(repo.short()).text(" holds ").code(typed)
            }
            (false, _) => line.text(begins).bold(repo.short()).text(order),
        };
        let message = rows(bitbucket.as_ref(), &repo, Message::line(head), &page).await?;
        let this = self.this.clone().with("repo", repo.to_string());
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, found.len() > upto)))
    }
}

/// Deletes one. What is said ends with what it pointed to, and `again` makes it again.
pub(super) async fn delete(
    cx: &Context<'_>,
    kind: Kind,
    (repo, name): (&RepoRef, &str),
    (last, again): (&str, Button),
) -> Outcome {
    let repo = cx.repo(repo).await?;
    let bitbucket = cx.bitbucket(&repo.instance).await?;
    let word = kind.word();
    let Some(head) = kind.head_of(bitbucket.as_ref(), &repo, name).await? else {
        if cx.again {
            return Ok(Message::line(Line::new().text(format!("The {word} ")).code(name).text(" is gone.")));
        }
        return Err(none(word, name, &repo));
    };
    kind.delete(bitbucket.as_ref(), &repo, name).await.map_err(|error| refused(error, &repo))?;
    let line = Line::new().text(format!("Deleted the {word} ")).code(name).text(" of ");
    let line = said(line.bold(repo.short()).text("; "), &head).text(last);
    let does = again.does.with("repo", repo.to_string()).with("name", name).with("at", head);
    Ok(Message::line(line).button(Button { does, ..again }))
}

/// Rows of them, each with the commit it points to and a button that lists the commits before it.
async fn rows(
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

/// Makes one, unless there is one of that name; what an earlier attempt made is found again. `instead` is the
/// command with another place.
pub(super) async fn make(
    cx: &Context<'_>,
    kind: Kind,
    (name, place): (&str, Wanted<'_>),
    (made, instead): (impl Future<Output = bitbucket::Result<()>>, impl Fn(&str) -> Action),
) -> Outcome {
    let (repo, at) = (place.repo, place.name);
    if kind.head_of(place.bitbucket, repo, name).await?.is_some() {
        if !cx.again {
            return Err(taken(kind.word(), name, repo));
        }
    } else if let Err(error) = made.await {
        return Err(not_made(error, place, instead).await);
    }
    let verb = match kind {
        Kind::Branch => "Made",
        Kind::Tag => "Set",
    };
    let line = Line::new().text(format!("{verb} the {} ", kind.word())).code(name).text(" at ");
    Ok(Message::line(said(line, at).text(" in ").bold(repo.short()).text(".")))
}

/// Why it was not done; where it was for want of rights, who may.
fn refused(error: bitbucket::Error, repo: &RepoName) -> Failure {
    let bitbucket::Error::Forbidden(_) = &error else { return error.into() };
    let who = Line::new().text("It takes write access to ").bold(repo.short()).text(
        ", and branch permissions that allow it; whoever administers the repository can give you that.",
    );
    Failure::Told(Box::new(Message::line(error.to_string()).and(who)))
}

/// The same for what is made somewhere: perhaps there is no such place.
async fn not_made(error: bitbucket::Error, at: Wanted<'_>, instead: impl Fn(&str) -> Action) -> Failure {
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
fn said(line: Line, at: &str) -> Line {
    let is_hash = at.len() == 40 && at.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash { line.text(&at[..7]) } else { line.code(at) }
}

/// There is one of that name already.
fn taken(what: &str, name: &str, repo: &RepoName) -> Failure {
    let line = Line::new().bold(repo.short()).text(format!(" has a {what} ")).code(name).text(" already.");
    Failure::Told(Box::new(Message::line(line)))
}

/// There is none of that name.
fn none(what: &str, name: &str, repo: &RepoName) -> Failure {
    let line = Line::new().bold(repo.short()).text(format!(" has no {what} ")).code(name).text(".");
    Failure::Told(Box::new(Message::line(line)))
}
