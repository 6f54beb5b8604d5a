//! `digest add`, `digest list`, `digest remove`: what waits, told at set times.

use chrono_tz::Tz;
use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule, readable};
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::store::{Digest, NewDigest};
use crate::words::Advice;
use crate::words::cron_line::CronLine;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::RepoRef;

/// List a repository's open pull requests here, at set times
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Add {
    /// The repository, like web/api
    repo: RepoRef,
    /// When, as a cron line: "30 9 * * 1-5" is weekdays at 9:30
    #[arg(long, value_name = "LINE")]
    cron: CronLine,
    /// In which time zone, like Europe/Berlin; yours when left out
    #[arg(long, value_parser = zone)]
    #[serde(default)]
    zone: Option<String>,
}

/// Show this channel's digests
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct List {}

/// Remove one of this channel's digests
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Remove {
    /// Its number, as the list shows it
    number: i64,
}

fn zone(text: &str) -> Result<String, Advice> {
    let known = chrono_tz::TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(text));
    known
        .map(|zone| zone.name().to_owned())
        .ok_or_else(|| Advice(format!("`{text}` is not a time zone; write it like `Europe/Berlin`.")))
}

impl Runs for Add {
    const NAME: &'static str = "digest.add";
    const EXAMPLE: &'static str = "digest add web/api --cron \"30 9 * * 1-5\" --zone Europe/Berlin";
    const RULE: Rule = Rule::Reader;
    const CHANGES: Changes = Changes::Dipper;

    fn repo(&self) -> Option<&RepoRef> {
        Some(&self.repo)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = readable(cx, &self.repo).await?;
        let zone = match self.zone {
            Some(name) => zone(&name)?,
            None => theirs(cx).await,
        };
        let next_at = self.cron.next_after(cx.bot.clock.millis(), zone.parse::<Tz>().unwrap_or(Tz::UTC));
        let Some(next_at) = next_at else {
            return Err(Failure::told(format!("`{}` never comes; try `30 9 * * 1-5`.", self.cron)));
        };
        let digest = NewDigest {
            channel: cx.caller.channel.clone(),
            repo: repo.clone(),
            cron: self.cron.to_string(),
            zone: zone.clone(),
            asked_by: cx.caller.user.clone(),
            next_at: Some(next_at),
        };
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        let id = tx.add_digest(&digest).await?;
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        let line = Line::new()
            .text("Digest of ")
            .bold(repo.short())
            .text(format!(", times in {zone}. Next: "))
            .moment(next_at)
            .text(".");
        Ok(Message::line(line).button(remove_button(id)))
    }
}

/// The zone Slack knows them to be in.
async fn theirs(cx: &Context<'_>) -> String {
    let info = match cx.bot.slack(&cx.caller.user.team).await {
        Ok(slack) => slack.user_info(&cx.caller.user).await.ok(),
        Err(_) => None,
    };
    let zone = info.and_then(|info| info.tz).and_then(|name| zone(&name).ok());
    zone.unwrap_or_else(|| "UTC".to_owned())
}

fn remove_button(id: i64) -> Button {
    Button::new("Remove", Action::named(Remove::NAME).with("number", id))
}

impl Runs for List {
    const NAME: &'static str = "digest.list";
    const EXAMPLE: &'static str = "digest list";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let digests = cx.bot.store.digests_in(&cx.caller.channel).await?;
        if digests.is_empty() {
            let how = cx.bot.slash("digest add web/api --cron \"30 9 * * 1-5\"");
            return Ok(Message::line(format!("No digests here yet; `{how}` adds one.")));
        }
        Ok(digests
            .iter()
            .fold(Message::line("Digests of this channel:"), |message, digest| message.and(row(digest))))
    }
}

fn row(digest: &Digest) -> Line {
    let what = &digest.what;
    let line = Line::new()
        .code(digest.number.to_string())
        .text(" ")
        .bold(what.repo.short())
        .text(" at ")
        .code(&what.cron)
        .text(format!(" {}", what.zone));
    match what.next_at {
        Some(next_at) => line.text(", next ").moment(next_at),
        None => line.text(", which never comes again"),
    }
}

impl Runs for Remove {
    const NAME: &'static str = "digest.remove";
    const EXAMPLE: &'static str = "digest remove 1";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        let was = tx.remove_digest(&cx.caller.channel, self.number).await?;
        if was {
            tx.write_down(&cx.bot.seal, &deed).await?;
        }
        tx.commit().await?;
        if was {
            return Ok(Message::line("Removed; it will not come again."));
        }
        let list = cx.bot.slash("digest list");
        Err(Failure::told(format!("This channel has no digest {}; `{list}` shows them.", self.number)))
    }
}
