//! What a workspace marked as done by two: it waits until another agrees, and is then done as the one who asked.

use super::audit::spoken;
use crate::bot::{Context, Failure, showing};
use crate::words::message::{Action, Line, Message};
use crate::words::request::{Deciders, NewRequest, RequestKind};

/// It waits for so long.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Lets a command run, or asks for the second person it needs.
pub(super) async fn needed(cx: &Context<'_>, action: &Action) -> Result<(), Failure> {
    let settings = cx.bot.store.team_settings(&cx.caller.user.team).await?;
    if cx.trail.agreed().is_some() || !settings.two_person.0.contains(&action.name) {
        return Ok(());
    }
    let me = &cx.caller.user;
    let mut asked = settings.approvers;
    asked.people.retain(|id| *id != me.id);
    if asked.is_empty() {
        let channel = Some(cx.caller.channel.id.clone()).filter(|_| !cx.caller.channel.is_direct());
        asked = Deciders { channel, people: Vec::new() };
    }
    if asked.is_empty() {
        return Err(Failure::told(
            "This takes two people here. Ask in a channel, where somebody else can agree.",
        ));
    }
    let standing = cx.bot.store.open_requests(&me.team).await?;
    let same = |what: &NewRequest| what.by == *me && what.action == *action;
    if !standing.iter().any(|request| same(&request.what)) {
        let fields = serde_json::to_string(&action.fields).unwrap_or_default();
        let typed = cx.bot.slash(&spoken(&action.name, &fields));
        let new = NewRequest {
            kind: RequestKind::Second,
            by: me.clone(),
            channel: cx.caller.channel.clone(),
            action: action.clone(),
            line: Line::new()
                .text(" wants to do ")
                .code(typed)
                .text(". It takes two: somebody else has to agree."),
            reason: None,
            asked,
            until: cx.bot.clock.millis() + DAY,
            origin: cx.origin,
        };
        let mut tx = cx.bot.store.begin().await?;
        let id = tx.keep_request(&new).await?;
        tx.enqueue(showing(id).because_of(cx.origin)).await?;
        tx.commit().await?;
        cx.bot.nudge.notify_waiters();
    }
    let line =
        Line::new().text("This takes two people here. I asked; it is done as soon as somebody agrees. ");
    let line = line.code(cx.bot.slash("requests")).text(" shows what waits.");
    Err(Failure::Waits(Box::new(Message::line(line))))
}
