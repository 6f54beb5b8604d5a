//! `digest list`: the digests of this channel and one's own, with their last and next run.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::edit::changing;
use super::{Which, button, called, conditions, spoken};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::store::Digest;
use crate::words::message::{Line, Message};

/// Show this channel's digests and yours: when they come, and what came of them last
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct List {}

impl Runs for List {
    const NAME: &'static str = "digest.list";
    const EXAMPLE: &'static str = "digest list";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let here = cx.bot.store.digests_in(&cx.caller.channel).await?;
        let mine = cx.bot.store.digests_of(&cx.caller.user).await?;
        if here.is_empty() && mine.is_empty() {
            let how = cx.bot.slash("digest add web/api weekdays 9:30");
            return Ok(Message::line(format!("No digests here yet; `{how}` adds one.")));
        }
        let heads = [("Digests of this channel", &here), ("Only for you", &mine)];
        let message = heads.into_iter().fold(Message::default(), |message, (head, digests)| {
            let message =
                if digests.is_empty() { message } else { message.row(Line::new().bold(head), None) };
            digests.iter().fold(message, |message, digest| {
                message.choice(row(digest), [changing(cx, digest), button("Remove", "digest.remove", digest)])
            })
        });
        Ok(message)
    }
}

fn row(digest: &Digest) -> Line {
    let what = &digest.what;
    let line = Line::new()
        .code(Which::of(digest).to_string())
        .text(" ")
        .bold(called(digest))
        .text(format!(", {}", spoken(&what.times, &what.zone)));
    let line = match conditions(digest) {
        Some(conditions) => line.text("; ").join(conditions),
        None => line,
    };
    let line =
        if what.personal { line } else { line.text("; as ").person(what.asked_by.clone()).text(" sees it") };
    let line = match (digest.last_at, &digest.result) {
        (Some(at), Some(result)) => line.text(". Last: ").moment(at).text(format!(", {result}")),
        (Some(at), None) => line.text(". Last: ").moment(at),
        _ => line.text(". It has not come yet"),
    };
    match what.next_at {
        Some(next_at) => line.text(". Next: ").moment(next_at).text("."),
        None => line.text(". It never comes again."),
    }
}
