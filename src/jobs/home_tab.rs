//! What is pressed on the home tab is answered in a view of its own, and the tab itself is drawn anew.

use super::Turn;
use super::open_form::still_opens;
use crate::bot::Failure;
use crate::seal::Secret;
use crate::slack::forms;
use crate::slack::payload::ViewState;
use crate::words::names::SlackUser;
use crate::words::work::SlackRequest;

const TITLE: &str = "Dipper";

/// Draws somebody's home tab as soon as it may be.
pub async fn redraw(turn: &Turn<'_>, user: &SlackUser) -> Result<(), Failure> {
    let job = turn.bot.home_opened(user).await?;
    let mut tx = turn.begin().await?;
    tx.enqueue(job).await?;
    tx.commit().await?;
    turn.bot.nudge.notify_waiters();
    Ok(())
}

/// Opens the view that is to hold the answer; none where its trigger is too old.
pub async fn working(
    turn: &Turn<'_>,
    request: &SlackRequest,
    user: &SlackUser,
    trigger: &Secret,
) -> Result<Option<ViewState>, Failure> {
    if !still_opens(turn, request) {
        return Ok(None);
    }
    let view = forms::working(TITLE, "Working on it…");
    match turn.bot.slack(&user.team).await?.open_view(trigger, &view).await {
        Ok(opened) => Ok(Some(ViewState::shown(opened.id, TITLE))),
        Err(error) => {
            tracing::info!(%error, "no view could be opened; the answer comes in private");
            Ok(None)
        }
    }
}
