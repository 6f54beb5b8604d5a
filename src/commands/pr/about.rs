//! What talking about a pull request shares: which one is meant, whose hands, how it is written once.

use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure};
use crate::store;
use crate::words::comment::{Comment, NewComment};
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::{PersonId, PrName, PrRef};
use crate::words::pull_request::PullRequest;

/// How many comments or tasks are looked at, at most.
pub(super) const MOST: usize = 1000;
/// How far Bitbucket's clock and ours may be apart, in milliseconds.
const APART: i64 = 2 * 60 * 1000;

/// A pull request that is talked about, and the asker's own hands on it.
pub(super) struct About {
    /// What it is called.
    pub(super) name: PrName,
    /// The asker's own account.
    pub(super) bitbucket: Box<dyn Bitbucket>,
}

impl About {
    /// The one that is meant.
    pub(super) async fn of(cx: &Context<'_>, pr: Option<&PrRef>) -> Result<Self, Failure> {
        let which = || Failure::told("Which pull request? Write it like `web/api#42`.");
        let name = cx.pr(pr.ok_or_else(which)?).await?;
        let bitbucket = cx.bitbucket(&name.repo.instance).await?;
        Ok(Self { name, bitbucket })
    }

    /// The same, once it was seen: what is there for nobody to see is said so, before anything is done to it.
    pub(super) async fn seen(cx: &Context<'_>, pr: Option<&PrRef>) -> Result<Self, Failure> {
        let about = Self::of(cx, pr).await?;
        about.bitbucket.pull_request(&about.name).await?;
        Ok(about)
    }

    /// How it stands now, and so do its cards.
    pub(super) async fn refresh(&self, cx: &Context<'_>) -> Result<PullRequest, Failure> {
        let pr = self.bitbucket.pull_request(&self.name).await?;
        cx.keep_true(&pr).await?;
        Ok(pr)
    }

    /// Its comments, the oldest first.
    pub(super) async fn comments(&self) -> Result<Vec<Comment>, Failure> {
        let mut comments = self.bitbucket.comments(&self.name, MOST).await?;
        comments.retain(|comment| !comment.deleted);
        comments.sort_by_key(|comment| (comment.at, comment.id));
        Ok(comments)
    }

    /// Writes a comment, unless an earlier attempt did.
    pub(super) async fn write(&self, cx: &Context<'_>, new: &NewComment) -> Result<Comment, Failure> {
        match self.written(cx, new).await? {
            Some(written) => Ok(written),
            None => Ok(self.bitbucket.add_comment(&self.name, new).await?),
        }
    }

    /// The comment, if an earlier attempt at this very request has written it.
    pub(super) async fn written(
        &self,
        cx: &Context<'_>,
        new: &NewComment,
    ) -> Result<Option<Comment>, Failure> {
        if !cx.again {
            return Ok(None);
        }
        let me = self.me(cx).await?;
        let same = |comment: &Comment| {
            comment.text.trim() == new.text.trim()
                && comment.reply_to == new.reply_to
                && Some(&comment.author.id) == me.as_ref()
                && since_asked(cx, comment.at)
        };
        Ok(self.comments().await?.into_iter().rev().find(same))
    }

    /// Who the asker is there.
    pub(super) async fn me(&self, cx: &Context<'_>) -> Result<Option<PersonId>, Failure> {
        let link = cx.bot.store.link(&cx.caller.user, &self.name.repo.instance).await?;
        Ok(link.map(|link| link.person.id))
    }
}

/// Whether something was written since it was asked for.
pub(super) fn since_asked(cx: &Context<'_>, at: i64) -> bool {
    at + APART >= store::minted_at(cx.origin)
}

/// Adds its name and title, leading to it.
pub(super) fn linked(line: Line, pr: &PullRequest) -> Line {
    line.link(format!("{} {}", pr.name.short(), pr.title), &pr.url)
}

/// A refusal whose words hold what people wrote.
pub(super) fn told(line: Line) -> Failure {
    Failure::Told(Box::new(Message::line(line)))
}

/// A form about a pull request: it says which, or asks.
pub(super) fn form(title: &str, submit: &str, pr: Option<&PrRef>, does: Action) -> Form {
    let which = Field::new("pr", "Pull request", FieldKind::Text).hint("Like web/api#42, or its address");
    Form {
        title: title.to_owned(),
        submit: submit.to_owned(),
        intro: pr.map(|pr| Line::new().bold(short(pr))).into_iter().collect(),
        fields: if pr.is_none() { vec![which] } else { Vec::new() },
        does,
    }
}

/// The same, where naming the pull request fills in the rest.
pub(super) fn refilled(mut form: Form) -> Form {
    let hint = "Like web/api#42, or its address; then press Enter";
    let asks = |field: Field| if field.name == "pr" { field.hint(hint).refills() } else { field };
    form.fields = form.fields.into_iter().map(asks).collect();
    form
}

/// `web/api#42`, however it was written.
pub(super) fn short(pr: &PrRef) -> String {
    let Some(repo) = &pr.repo else { return pr.to_string() };
    let owner = repo.owner.as_ref().map(|owner| format!("{owner}/")).unwrap_or_default();
    format!("{owner}{}#{}", repo.slug, pr.number)
}

/// The first words of a text, on one line.
pub(super) fn clipped(text: &str, most: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= most {
        return line;
    }
    line.chars().take(most - 1).chain(['…']).collect()
}
