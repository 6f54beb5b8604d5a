//! `remind` and `snooze`: a pull request comes back when somebody wants it to; until then it may keep still.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::digest::zone_of;
use super::rules::{Changes, Rule};
use crate::bot::{Context, DONE, Failure, Outcome, ringing};
use crate::store::{Alarm, AlarmKind, NewAlarm};
use crate::views::short::clipped;
use crate::words::later::Later;
use crate::words::message::{Action, Button, Choice, Field, FieldKind, Form, Line, Message};
use crate::words::names::{PrName, PrRef};

/// How long a note is at most.
const NOTE: usize = 300;

/// Be reminded of a pull request; without one, show what you will be reminded of
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Remind {
    /// The pull request, like web/api#42
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pr: Option<PrRef>,
    /// When: 2h, tomorrow 9:00, monday, 16:30, 2026-12-01 14:00
    #[arg(value_name = "WHEN")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    /// What to be told then
    #[arg(long)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// The same as filled in on the form.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    when: Option<Later>,
    /// In the button that opens the form.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ask: bool,
    /// In the button that takes one back.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cancel: Option<String>,
}

/// Leave a pull request alone for a while: you hear nothing of it in private, and of how it stands when that is over
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Snooze {
    /// The pull request, like web/api#42
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pr: Option<PrRef>,
    /// For how long or until when: 3d, tomorrow, monday 9:00
    #[arg(value_name = "FOR")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    /// Leave it out of this channel's digests, for everybody
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    channel: bool,
    /// Wake it now
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    wake: bool,
    /// The same as filled in on the form.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Later>,
    /// In the button of a digest: which there are to choose from.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    among: Vec<PrName>,
}

fn when(given: Option<&Later>, words: &[String]) -> Result<Option<Later>, Failure> {
    let typed = words.join(" ");
    match given {
        Some(later) => Ok(Some(later.clone())),
        None if typed.is_empty() => Ok(None),
        None => Ok(Some(typed.parse()?)),
    }
}

fn moments() -> Vec<Choice> {
    let all = [
        ("1h", "For an hour"),
        ("4h", "For four hours"),
        ("tomorrow", "Until tomorrow morning"),
        ("3d", "For three days"),
        ("next week", "Until Monday morning"),
        ("2w", "For two weeks"),
    ];
    all.map(|(value, text)| Choice { text: text.to_owned(), value: value.to_owned() }).to_vec()
}

/// What a form is about: what it says and carries where that is named, and else the field that asks.
fn about(pr: Option<&PrRef>, does: Action) -> (Vec<Line>, Action, Option<Field>) {
    let Some(pr) = pr else {
        let field = Field::new("pr", "Pull request", FieldKind::Text).hint("Like web/api#42");
        return (Vec::new(), does, Some(field));
    };
    (vec![Line::new().bold(written(pr))], does.with("pr", pr.to_string()), None)
}

/// As people write it where it is clear on which Bitbucket it is.
fn written(pr: &PrRef) -> String {
    match &pr.repo {
        Some(repo) => format!("{}#{}", repo.plain(), pr.number),
        None => pr.to_string(),
    }
}

impl Runs for Remind {
    const NAME: &'static str = "remind";
    const EXAMPLE: &'static str = "remind web/api#42 tomorrow 9:00";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn changes(&self) -> Changes {
        let lists = self.pr.is_none() && self.cancel.is_none();
        if lists { Changes::Nothing } else { Changes::Dipper }
    }

    fn form(&self) -> Option<Form> {
        let missing = self.when.is_none() && self.words.is_empty();
        if self.cancel.is_some() || !(self.ask || self.pr.is_some() && missing) {
            return None;
        }
        let (intro, does, pr) = about(self.pr.as_ref(), Action::named(Self::NAME));
        Some(Form {
            title: "Remind me".to_owned(),
            submit: "Remind me".to_owned(),
            intro,
            fields: pr
                .into_iter()
                .chain([
                    Field::new("when", "When", FieldKind::Text)
                        .filled(self.when.clone())
                        .hint("Like 2h, tomorrow 9:00, monday, 16:30 or 2026-12-01 14:00"),
                    Field::new("note", "What to tell you then", FieldKind::Text)
                        .filled(self.note.clone())
                        .optional(),
                ])
                .collect(),
            does,
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        if let Some(id) = self.cancel.as_deref().and_then(|id| id.parse().ok()) {
            return cancel(cx, id).await;
        }
        let Some(pr) = &self.pr else { return list(cx).await };
        let later = when(self.when.as_ref(), &self.words)?;
        let later = later.ok_or_else(|| Failure::told("When? Like `2h`, `tomorrow 9:00` or `monday`."))?;
        let at = later.at(cx.bot.clock.millis(), zone_of(cx, &cx.caller.user).await?)?;
        let name = seen(cx, pr).await?;
        let note = self.note.map(|note| clipped(note.trim(), NOTE)).filter(|note| !note.is_empty());
        let user = cx.caller.user.clone();
        let alarm = NewAlarm { kind: AlarmKind::Remind, user, channel: None, pr: name.clone(), note, at };
        let id = set(cx, &alarm).await?;
        let line =
            Line::new().text("I'll remind you of ").bold(name.short()).text(" on ").moment(at).text(".");
        Ok(Message::line(line).button(cancelling(id)))
    }
}

impl Runs for Snooze {
    const NAME: &'static str = "snooze";
    const EXAMPLE: &'static str = "snooze web/api#42 3d";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn form(&self) -> Option<Form> {
        if self.wake || self.pr.is_some() && (self.until.is_some() || !self.words.is_empty()) {
            return None;
        }
        let choice = |name: &PrName| Choice { text: name.short(), value: name.to_string() };
        let (intro, does, mut pr) = about(self.pr.as_ref(), Action::named(Self::NAME));
        if !self.among.is_empty() {
            let among = self.among.iter().map(choice).collect();
            pr = Some(Field::new("pr", "Pull request", FieldKind::Choice(among)));
        }
        Some(Form {
            title: "Snooze".to_owned(),
            submit: "Snooze".to_owned(),
            intro,
            fields: pr
                .into_iter()
                .chain([
                    Field::new("until", "How long", FieldKind::Choice(moments())).filled(Some("tomorrow")),
                    Field::new("channel", "In this channel's digests, for everybody", FieldKind::Flag)
                        .ticked(self.channel),
                ])
                .collect(),
            does,
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let Some(pr) = &self.pr else {
            return Err(Failure::told("Which pull request? Write it like `web/api#42`."));
        };
        let place = self.channel.then(|| cx.caller.channel.clone());
        if self.wake {
            let name = cx.pr(pr).await?;
            let deed = cx.deed(DONE).await?;
            let mut tx = cx.bot.store.begin().await?;
            let slept = tx.wake(&cx.caller.user, place.as_ref(), &name).await?;
            tx.write_down(&cx.bot.seal, &deed).await?;
            tx.commit().await?;
            let says = if slept { " is awake again." } else { " was awake all the time." };
            return Ok(Message::line(Line::new().bold(name.short()).text(says)));
        }
        let later = when(self.until.as_ref(), &self.words)?;
        let later = later.ok_or_else(|| Failure::told("For how long? Like `3d`, `tomorrow` or `monday`."))?;
        let at = later.at(cx.bot.clock.millis(), zone_of(cx, &cx.caller.user).await?)?;
        let name = seen(cx, pr).await?;
        let user = cx.caller.user.clone();
        let alarm =
            NewAlarm { kind: AlarmKind::Snooze, user, channel: place, pr: name.clone(), note: None, at };
        set(cx, &alarm).await?;
        let line = Line::new().bold(name.short());
        let line = if self.channel {
            line.text(" is left out of this channel's digests until ").moment(at).text(".")
        } else {
            line.text(" sleeps until ")
                .moment(at)
                .text(": you hear nothing of it in private, and then how it stands.")
        };
        let wake =
            Self { pr: Some(name.clone().into()), wake: true, channel: self.channel, ..Self::default() };
        Ok(Message::line(line).button(Button::new("Wake it", Action::of(Self::NAME, &wake))))
    }
}

/// The pull request that is meant, if they can read it.
async fn seen(cx: &Context<'_>, pr: &PrRef) -> Result<PrName, Failure> {
    let name = cx.pr(pr).await?;
    Ok(cx.bitbucket(&name.repo.instance).await?.pull_request(&name).await?.name)
}

async fn set(cx: &Context<'_>, alarm: &NewAlarm) -> Result<i64, Failure> {
    let deed = cx.deed(DONE).await?;
    let mut tx = cx.bot.store.begin().await?;
    let id = tx.set_alarm(alarm).await?;
    tx.enqueue(ringing(id, alarm.at).because_of(cx.origin)).await?;
    tx.write_down(&cx.bot.seal, &deed).await?;
    tx.commit().await?;
    Ok(id)
}

async fn cancel(cx: &Context<'_>, id: i64) -> Outcome {
    let alarm = cx.bot.store.alarm(id).await?.filter(|alarm| alarm.what.user == cx.caller.user);
    let Some(alarm) = alarm else {
        return Ok(Message::line("There is nothing to take back any more.").in_place());
    };
    let deed = cx.deed(DONE).await?;
    let mut tx = cx.bot.store.begin().await?;
    tx.alarm_off(alarm.id).await?;
    tx.write_down(&cx.bot.seal, &deed).await?;
    tx.commit().await?;
    let line = Line::new().text("I will not remind you of ").bold(alarm.what.pr.short()).text(".");
    Ok(Message::line(line).in_place())
}

async fn list(cx: &Context<'_>) -> Outcome {
    let all = cx.bot.store.alarms_of(&cx.caller.user).await?;
    if all.is_empty() {
        let how = cx.bot.slash("remind web/api#42 tomorrow 9:00");
        return Ok(Message::line(format!("Nothing is set; `{how}` reminds you of a pull request.")));
    }
    Ok(all.iter().fold(Message::line("You will be reminded of:"), |message, alarm| {
        message.row(row(alarm), Some(cancelling(alarm.id)))
    }))
}

fn row(alarm: &Alarm) -> Line {
    let what = &alarm.what;
    let line = Line::new().bold(what.pr.short()).text(" on ").moment(what.at);
    match (&what.note, what.kind, &what.channel) {
        (_, AlarmKind::Snooze, Some(_)) => line.text(", until then left out of a channel's digests"),
        (_, AlarmKind::Snooze, None) => line.text(", until then asleep"),
        (Some(note), ..) => line.text(format!(": {note}")),
        (None, ..) => line,
    }
}

fn cancelling(id: i64) -> Button {
    let does = Remind { cancel: Some(id.to_string()), ..Remind::default() };
    Button::new("Cancel", Action::of(Remind::NAME, &does))
}
