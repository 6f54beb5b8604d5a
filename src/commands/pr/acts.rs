//! What all acts on a pull request share: how it stands, who did it before, and how it is said.

use super::about::{About, told};
use crate::bitbucket;
use crate::bot::{Context, Failure};
use crate::words::comment::Deed;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::PrName;
use crate::words::pull_request::{PullRequest, State, Verdict};

/// How far back one looks for who was sooner.
const LOOK_AT: usize = 50;

impl About {
    /// How it stands now.
    pub(super) async fn look(&self) -> Result<PullRequest, Failure> {
        Ok(self.bitbucket.pull_request(&self.name).await?)
    }

    /// How it stands now; a failure when it is closed.
    pub(super) async fn open(&self, cx: &Context<'_>) -> Result<PullRequest, Failure> {
        let pr = self.look().await?;
        if pr.is_open() { Ok(pr) } else { Err(self.over(cx, pr).await?) }
    }

    /// Nothing more can be done to it: who was sooner. Its cards say so too.
    pub(super) async fn over(&self, cx: &Context<'_>, mut pr: PullRequest) -> Result<Failure, Failure> {
        let (known, unknown, deed) = match pr.state {
            State::Merged => ("Already merged by ", "It is already merged.", Deed::Merged),
            State::Declined => ("Already declined by ", "It was declined.", Deed::Declined),
            State::Open | State::Superseded => {
                cx.keep_true(&pr).await?;
                return Ok(Failure::told("It was replaced by another pull request."));
            }
            State::Deleted => {
                cx.keep_true(&pr).await?;
                return Ok(Failure::told("It was deleted."));
            }
        };
        if pr.closed_by.is_none() {
            let story = self.bitbucket.activity(&self.name, LOOK_AT).await.unwrap_or_default();
            pr.closed_by = story.into_iter().find(|step| step.deed == deed).map(|step| step.by);
        }
        cx.keep_true(&pr).await?;
        let Some(by) = &pr.closed_by else {
            return Ok(Failure::told(unknown));
        };
        let name = if self.me(cx).await?.as_ref() == Some(&by.id) { "you" } else { by.name.as_str() };
        Ok(told(Line::new().text(known).text(name).text(".")))
    }

    /// What came of it; where Bitbucket refused, who was sooner, if anybody was.
    pub(super) async fn or_why<T>(
        &self,
        cx: &Context<'_>,
        answer: bitbucket::Result<T>,
    ) -> Result<T, Failure> {
        use bitbucket::Error as E;
        let error = match answer {
            Ok(done) => return Ok(done),
            Err(error @ (E::Refused(_) | E::Conflict(_))) => error,
            Err(error) => return Err(error.into()),
        };
        let Ok(now) = self.bitbucket.pull_request(&self.name).await else {
            return Err(error.into());
        };
        if now.is_open() {
            cx.keep_true(&now).await?;
            return Err(error.into());
        }
        Err(self.over(cx, now).await?)
    }

    /// What the asker has said of it so far.
    pub(super) async fn said_by_me(
        &self,
        cx: &Context<'_>,
        pr: &PullRequest,
    ) -> Result<Option<Verdict>, Failure> {
        let me = self.me(cx).await?;
        let mine = pr.reviews.iter().find(|review| Some(&review.person.id) == me.as_ref());
        Ok(mine.map(|review| review.verdict))
    }
}

/// An answer. Of a button on a message that is about this pull request alone it takes that message's
/// place, where nobody else sees it.
pub(super) fn said(line: Line, here: bool) -> Message {
    let message = Message::line(line);
    if here { message.in_place() } else { message }
}

/// The command on this pull request.
pub(super) fn on(command: &str, pr: &PrName) -> Action {
    Action::named(command).with("pr", pr.to_string())
}

/// The button that takes back what was just done.
pub(super) fn undo(does: Action) -> Button {
    Button::new("Undo", does.with("here", true))
}
