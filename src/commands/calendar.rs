//! `calendar`: when people work, here or for oneself, so that waiting is counted in working time.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule, readable};
use crate::bitbucket;
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::store::{Kept, Place};
use crate::words::calendar::{Calendar, DaysOff, Hours, WorkingDays};
use crate::words::code::Lines;
use crate::words::ics::days_off;
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::RepoRef;

/// A calendar file is looked at so far.
const ALL_OF_IT: Lines = Lines { first: 1, last: 20_000 };
/// The file of days off is read again after so long.
const READ_AGAIN: i64 = 24 * 60 * 60 * 1000;

/// Show or change when people work here, which digests count waiting by
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Working {
    /// On which days: mon-fri
    #[arg(long)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<WorkingDays>,
    /// Within which hours: 9:00-17:00
    #[arg(long)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hours: Option<Hours>,
    /// Days off: "2026-12-24..2027-01-01, 05-01"
    #[arg(long, value_name = "DAYS")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    off: Option<DaysOff>,
    /// A calendar file with days off, in a repository you can read: web/handbook:holidays.ics
    #[arg(long, value_name = "REPO:FILE")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ics: Option<String>,
    /// For you alone, wherever you are
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    mine: bool,
    /// As usual again: mon-fri 9:00-17:00, nothing off
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    clear: bool,
    /// In the button that opens the form, and what comes of it.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    change: bool,
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    filled: bool,
}

impl Runs for Working {
    const NAME: &'static str = "calendar";
    const EXAMPLE: &'static str = "calendar --hours 9:00-17:00 --off 2026-12-24..2027-01-01";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn changes(&self) -> Changes {
        if self.says_nothing() { Changes::Nothing } else { Changes::Dipper }
    }

    fn form(&self) -> Option<Form> {
        if !self.change || self.filled {
            return None;
        }
        let field = |name: &str, label: &str, hint: &str| Field::new(name, label, FieldKind::Text).hint(hint);
        Some(Form {
            title: "Working time".to_owned(),
            submit: "Save".to_owned(),
            intro: Vec::new(),
            fields: vec![
                field("days", "Days", "Like mon-fri").filled(self.days.clone()),
                field("hours", "Hours", "Like 9:00-17:00").filled(self.hours),
                field("off", "Days off", "Like 2026-12-24..2027-01-01, and 05-01 for every year")
                    .filled(self.off.as_ref().filter(|off| !off.is_empty()))
                    .optional(),
                field("ics", "A calendar file with days off", "In a repository: web/handbook:holidays.ics")
                    .filled(self.ics.clone())
                    .optional(),
            ],
            does: Action::of(Self::NAME, &Self { mine: self.mine, filled: true, ..Self::default() }),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let place = if self.mine {
            Place::Person(cx.caller.user.clone())
        } else {
            Place::Channel(cx.caller.channel.clone())
        };
        let before = cx.bot.store.calendar(&place).await?;
        if self.says_nothing() {
            return Ok(self.shown(before.as_ref(), "People work here", "You work"));
        }
        let after = if self.clear { None } else { Some(self.applied_to(cx, before).await?) };
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        match &after {
            Some(kept) => tx.keep_calendar(&place, kept).await?,
            None => {
                tx.forget_calendar(&place).await?;
            }
        }
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        Ok(self.shown(after.as_ref(), "From now on people work here", "From now on you work"))
    }
}

impl Working {
    fn says_nothing(&self) -> bool {
        let given = self.days.is_some() || self.hours.is_some() || self.off.is_some() || self.ics.is_some();
        !given && !self.clear && !self.filled
    }

    async fn applied_to(&self, cx: &Context<'_>, before: Option<Kept>) -> Result<Kept, Failure> {
        let user = cx.caller.user.clone();
        let now = cx.bot.clock.millis();
        let usual = Kept { calendar: Calendar::default(), file: None, kept_by: user.clone(), read_at: now };
        let before = if self.filled { usual } else { before.unwrap_or(usual) };
        let calendar = Calendar {
            days: self.days.clone().unwrap_or(before.calendar.days),
            hours: self.hours.unwrap_or(before.calendar.hours),
            off: self.off.clone().unwrap_or(before.calendar.off),
        };
        let file = match &self.ics {
            Some(name) => {
                let off = read(cx, name).await?;
                Some((name.clone(), Calendar { off, ..Calendar::default() }))
            }
            None => before.file,
        };
        Ok(Kept { calendar, file, kept_by: user, read_at: now })
    }

    fn shown(&self, kept: Option<&Kept>, theirs: &str, yours: &str) -> Message {
        let usual = Calendar::default();
        let calendar = kept.map_or(&usual, |kept| &kept.calendar);
        let line = Line::new()
            .text(format!("{} ", if self.mine { yours } else { theirs }))
            .code(format!("{} {}", calendar.days, calendar.hours))
            .text(if self.mine { ", where you live." } else { ", in each digest's own time zone." });
        let mut message = Message::line(line);
        if !calendar.off.is_empty() {
            message = message.and(Line::new().text("Off: ").code(calendar.off.to_string()).text("."));
        }
        let file = kept.and_then(|kept| kept.file.as_ref());
        if let Some((name, named)) = file {
            let many = match named.off.len() {
                1 => ", which names 1 stretch of days".to_owned(),
                many => format!(", which names {many} stretches of days"),
            };
            message = message.and(Line::new().text("Off besides: ").code(name).text(many).text("."));
        }
        let now = Self {
            days: Some(calendar.days.clone()),
            hours: Some(calendar.hours),
            off: Some(calendar.off.clone()).filter(|off| !off.is_empty()),
            ics: file.map(|(name, _)| name.clone()),
            mine: self.mine,
            change: true,
            ..Self::default()
        };
        let message = message.button(Button::new("Change", Action::of(Self::NAME, &now)));
        if kept.is_none() {
            return message;
        }
        let clear = Self { mine: self.mine, clear: true, ..Self::default() };
        message.button(Button::new("As usual", Action::of(Self::NAME, &clear)))
    }
}

/// The days off that a file in a repository names, read with the caller's account.
async fn read(cx: &Context<'_>, name: &str) -> Result<DaysOff, Failure> {
    let (repo, path) = split(name)?;
    let repo = readable(cx, &repo).await?;
    let file = match cx.bitbucket(&repo.instance).await?.file(&repo, &path, None, ALL_OF_IT).await {
        Ok(file) => file,
        Err(bitbucket::Error::NotFound(_)) => {
            let line = Line::new().bold(repo.short()).text(" has no file ").code(path).text(".");
            return Err(Failure::Told(Box::new(Message::line(line))));
        }
        Err(error) => return Err(error.into()),
    };
    let off = days_off(&file.lines.join("\n"));
    off.filter(|off| !off.is_empty()).ok_or_else(|| {
        let line =
            Line::new().code(path).text(" names no whole days; it should be a calendar like `.ics` files.");
        Failure::Told(Box::new(Message::line(line)))
    })
}

/// `web/handbook:holidays.ics`, also with the Bitbucket before it.
fn split(name: &str) -> Result<(RepoRef, String), Failure> {
    let wrong = || Failure::told("Name a repository and a file in it, like `web/handbook:holidays.ics`.");
    let (repo, path) = name.trim().rsplit_once(':').ok_or_else(wrong)?;
    let path = path.trim_start_matches('/');
    if path.is_empty() {
        return Err(wrong());
    }
    Ok((repo.parse()?, path.to_owned()))
}

/// When people work at a place now; its file is read again once a day, as long as that can be done.
pub(super) async fn current(cx: &Context<'_>, place: &Place) -> Result<Calendar, Failure> {
    let Some(mut kept) = cx.bot.store.calendar(place).await? else {
        return Ok(Calendar::default());
    };
    let now = cx.bot.clock.millis();
    let old = now - kept.read_at > READ_AGAIN && kept.kept_by == cx.caller.user;
    if let Some((name, named)) = kept.file.as_mut().filter(|_| old) {
        match read(cx, name).await {
            Ok(off) => named.off = off,
            Err(failure) => tracing::info!(?failure, "a calendar file cannot be read again"),
        }
        kept.read_at = now;
        let mut tx = cx.bot.store.begin().await?;
        tx.keep_calendar(place, &kept).await?;
        tx.commit().await?;
    }
    Ok(kept.whole())
}
