//! What waits, told at set times: `digest add`, `list`, `edit`, `remove`, `now`, `preview`.

use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;

use crate::bot::{Context, Failure};
use crate::store::{Digest, Place};
use crate::words::calendar::Calendar;
use crate::words::message::{Action, Button, Line};
use crate::words::names::{Channel, SlackUser, shown};
use crate::words::times::Times;
use crate::words::wish::RepoPattern;
use crate::words::{Advice, serde_as_text};

pub mod add;
pub mod edit;
mod gather;
pub mod list;
pub mod look;
mod looking;
pub mod remove;
mod rows;
mod shape;

pub use gather::{Asked, Gathered, gather};

/// One of a channel's digests by its number, or one of somebody's own: `2`, `mine:1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Which {
    mine: bool,
    number: i64,
}

impl FromStr for Which {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let lower = text.trim().to_lowercase();
        let (mine, number) = match lower.strip_prefix("mine:") {
            Some(number) => (true, number),
            None => (false, lower.as_str()),
        };
        let number = number.parse().ok().filter(|number| *number > 0);
        number.map(|number| Self { mine, number }).ok_or_else(|| {
            Advice(format!("`{}` is no digest's number; write it like `2`, or `mine:1`.", shown(text)))
        })
    }
}

impl fmt::Display for Which {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.mine { write!(out, "mine:{}", self.number) } else { self.number.fmt(out) }
    }
}
serde_as_text!(Which);

impl Which {
    fn of(digest: &Digest) -> Self {
        Self { mine: digest.what.personal, number: digest.number }
    }

    /// The digest it is, here or among the caller's own.
    async fn find(self, cx: &Context<'_>) -> Result<Digest, Failure> {
        let all = if self.mine {
            cx.bot.store.digests_of(&cx.caller.user).await?
        } else {
            cx.bot.store.digests_in(&cx.caller.channel).await?
        };
        all.into_iter().find(|digest| digest.number == self.number).ok_or_else(|| {
            let list = cx.bot.slash("digest list");
            let whose = if self.mine { "You have" } else { "This channel has" };
            Failure::told(format!("{whose} no digest {}; `{list}` shows them.", self.number))
        })
    }
}

/// What it is of, as one says it.
fn called(digest: &Digest) -> String {
    what(digest.what.repos.as_ref())
}

fn what(repos: Option<&RepoPattern>) -> String {
    repos.map_or_else(|| "what concerns you".to_owned(), RepoPattern::short)
}

fn zone(text: &str) -> Result<String, Advice> {
    let known = chrono_tz::TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(text.trim()));
    known.map(|zone| zone.name().to_owned()).ok_or_else(|| {
        Advice(format!("`{}` is not a time zone; write it like `Europe/Berlin`.", shown(text)))
    })
}

/// The zone Slack knows somebody to be in.
pub(super) async fn zone_of(cx: &Context<'_>, user: &SlackUser) -> Result<Tz, Failure> {
    Ok(cx.bot.presence(user).await?.map_or(Tz::UTC, |there| there.zone))
}

/// When people work where a digest is told.
async fn calendar(cx: &Context<'_>, channel: &Channel, personal: bool) -> Result<Calendar, Failure> {
    let place =
        if personal { Place::Person(cx.caller.user.clone()) } else { Place::Channel(channel.clone()) };
    super::calendar::current(cx, &place).await
}

/// The next time, and advice where there is none.
fn next_of(times: &Times, now: i64, zone: &str) -> Result<i64, Failure> {
    let tz = zone.parse().unwrap_or(Tz::UTC);
    times
        .next_after(now, tz)
        .ok_or_else(|| Failure::told(format!("`{times}` never comes; try `weekdays 9:30`.")))
}

/// `weekdays at 9:30 (Europe/Berlin)`.
fn spoken(times: &str, zone: &str) -> String {
    let said = times.parse::<Times>().map_or_else(|_| times.to_owned(), |times| times.spoken());
    format!("{said} ({zone})")
}

fn button(label: &str, command: &str, digest: &Digest) -> Button {
    Button::new(label, Action::named(command).with("number", Which::of(digest).to_string()))
}

/// What a digest shows, in one line; nothing where it shows all.
fn conditions(digest: &Digest) -> Option<Line> {
    shape::spoken(&digest.what.wish)
}
