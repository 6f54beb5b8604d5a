//! What a workspace marked as done by two: it waits until another agrees, and is then done as the one who asked.

use super::audit::spoken;
use super::requests::{keep, standing};
use crate::bot::{Context, Failure};
use crate::words::message::{Action, Line, Message};
use crate::words::request::{Deciders, NewRequest, RequestKind};

/// It waits for so long.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Lets a command run, or asks for the second person it needs.
pub(super) async fn needed(cx: &Context<'_>, action: &Action) -> Result<(), Failure> {
    if cx.trail.agreed().is_some() {
        return Ok(());
    }
    let me = &cx.caller.user;
    let settings = cx.bot.store.team_settings(&me.team).await?;
    if !settings.two_person.0.contains(&action.name) {
        return Ok(());
    }
    let mut asked = settings.approvers.without(me);
    if asked.is_empty() {
        let channel = Some(cx.caller.channel.id.clone()).filter(|_| !cx.caller.channel.is_direct());
        asked = Deciders { channel, people: Vec::new() };
    }
    if asked.is_empty() {
        return Err(Failure::told(
            "This takes two people here. Ask in a channel, where somebody else can agree.",
        ));
    }
    if standing(cx, action).await?.is_none() {
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
        keep(cx, &new, None).await?;
    }
    let line =
        Line::new().text("This takes two people here. I asked; it is done as soon as somebody agrees. ");
    let line = line.code(cx.bot.slash("requests")).text(" shows what waits.");
    Err(Failure::Waits(Box::new(Message::line(line))))
}
