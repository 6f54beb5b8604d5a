//! `notify`: what you are told in private, and when you are to be left alone.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule};
use crate::bot::{Context, DONE, Failure, Outcome, telling};
use crate::words::message::{Action, Button, Choice, Field, FieldKind, Form, Line, Message};
use crate::words::names::{PrName, PrRef};
use crate::words::notice::{Notice, Side, Wishes};
use crate::words::preference::Switch;
use crate::words::quiet::Quiet;
use crate::words::{Advice, serde_as_text};

/// Choose what you are told in private, and when to be left alone
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Notify {
    /// What: all, or one of the kinds that `notify` lists
    #[serde(default)]
    kind: Option<Which>,
    /// on or off
    #[arg(value_name = "ON-OR-OFF")]
    #[serde(default)]
    switch: Option<Switch>,
    /// When to be left alone, like "22:00-7:00, weekends", where you live; or off
    #[arg(long, value_name = "WHEN")]
    #[serde(default)]
    quiet: Option<When>,
    /// A pull request you want to hear nothing more of in private
    #[arg(long, value_name = "PR")]
    #[serde(default)]
    mute: Option<PrRef>,
    /// One you want to hear of again
    #[arg(long, value_name = "PR")]
    #[serde(default)]
    unmute: Option<PrRef>,
    /// Reviews and conversations, as the form has them ticked.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    talk: Vec<Notice>,
    /// How one's own pull requests fare, likewise.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    mine: Vec<Notice>,
    /// In the button that opens the form.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    change: bool,
    /// Filled in on the form: what is not ticked there is meant to be off.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    filled: bool,
}

/// All kinds, or one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    One(Notice),
}

impl FromStr for Which {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        if text.trim().eq_ignore_ascii_case("all") { Ok(Self::All) } else { text.parse().map(Self::One) }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => out.write_str("all"),
            Self::One(kind) => kind.fmt(out),
        }
    }
}
serde_as_text!(Which);

/// When to be left alone, or never.
#[derive(Debug, Clone, PartialEq, Eq)]
struct When(Option<Quiet>);

impl FromStr for When {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        match text.trim().to_lowercase().as_str() {
            "off" | "none" | "never" => Ok(Self(None)),
            _ => text.parse().map(|quiet| Self(Some(quiet))),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(quiet) => quiet.fmt(out),
            None => out.write_str("off"),
        }
    }
}
serde_as_text!(When);

impl Runs for Notify {
    const NAME: &'static str = "notify";
    const EXAMPLE: &'static str = "notify approved off";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn changes(&self) -> Changes {
        let asks = self.kind.is_some() && self.switch.is_some() || self.filled || self.quiet.is_some();
        let changes = asks || self.mute.is_some() || self.unmute.is_some();
        if changes { Changes::Dipper } else { Changes::Nothing }
    }

    fn form(&self) -> Option<Form> {
        if !self.change || self.filled {
            return None;
        }
        let boxes = |side| Notice::of(side).map(choice).collect();
        Some(Form {
            title: "Direct messages".to_owned(),
            submit: "Save".to_owned(),
            intro: vec![Line::from("You are told in private when …")],
            fields: vec![
                Field::new("talk", "Reviews and conversations", FieldKind::Many(boxes(Side::Talk)))
                    .holding(&self.talk)
                    .optional(),
                Field::new("mine", "Your own pull requests", FieldKind::Many(boxes(Side::Mine)))
                    .holding(&self.mine)
                    .optional(),
                Field::new("quiet", "Quiet hours", FieldKind::Text)
                    .filled(self.quiet.as_ref().filter(|when| when.0.is_some()))
                    .hint("Like 22:00-7:00, weekends; what comes then is told when they end")
                    .optional(),
            ],
            does: Action::of(Self::NAME, &Self { filled: true, ..Self::default() }),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        if let Some((pr, muted)) = self.muting() {
            return mute(cx, &cx.pr(pr).await?, muted).await;
        }
        if self.switch.is_some() && self.kind.is_none() {
            return Err(Failure::told("Which? Like `notify approved off`, or `notify all off`."));
        }
        let (store, user) = (&cx.bot.store, &cx.caller.user);
        let before = store.private_wishes(user).await?;
        let after = self.applied_to(before.clone());
        if after != before {
            let home = cx.bot.home_changed(user).await?;
            let deed = cx.deed(DONE).await?;
            let mut tx = store.begin().await?;
            tx.set_private_wishes(user, &after).await?;
            // What was held back may be told now.
            let now = telling(user).once(format!("dm:{}:{}:now", user.team, user.id));
            for job in home.into_iter().chain([now]) {
                tx.enqueue(job).await?;
            }
            tx.write_down(&cx.bot.seal, &deed).await?;
            tx.commit().await?;
            cx.bot.nudge.notify_waiters();
        }
        let muted = store.muted(user).await?;
        Ok(shown(&after, &muted, if after == before { "You are told" } else { "From now on you are told" }))
    }
}

impl Notify {
    fn muting(&self) -> Option<(&PrRef, bool)> {
        let mute = self.mute.as_ref().map(|pr| (pr, true));
        mute.or(self.unmute.as_ref().map(|pr| (pr, false)))
    }

    /// What holds once this is decided.
    fn applied_to(self, before: Wishes) -> Wishes {
        let mut after = before;
        if self.filled {
            let ticked = |kind: &Notice| self.talk.contains(kind) || self.mine.contains(kind);
            after = Notice::ALL.iter().fold(after, |after, kind| after.with(*kind, ticked(kind)));
            after.quiet = self.quiet.and_then(|when| when.0);
            return after;
        }
        if let Some(when) = self.quiet {
            after.quiet = when.0;
        }
        match (self.kind, self.switch) {
            (Some(Which::All), Some(switch)) => {
                Notice::ALL.iter().fold(after, |after, kind| after.with(*kind, switch.0))
            }
            (Some(Which::One(kind)), Some(switch)) => after.with(kind, switch.0),
            _ => after,
        }
    }

    /// The button that opens the form, filled with what holds.
    fn changing(wishes: &Wishes) -> Button {
        let on = |side| Notice::of(side).filter(|kind| wishes.wants(*kind)).collect();
        let now = Self {
            talk: on(Side::Talk),
            mine: on(Side::Mine),
            quiet: wishes.quiet.clone().map(|quiet| When(Some(quiet))),
            change: true,
            ..Self::default()
        };
        Button::new("Change", Action::of(Self::NAME, &now))
    }
}

fn choice(kind: Notice) -> Choice {
    Choice { text: kind.says().to_owned(), value: kind.word().to_owned() }
}

/// The button on the home tab that opens the form.
pub fn change_notices(wishes: &Wishes) -> Button {
    Notify::changing(wishes)
}

/// Every kind with its state, each with the button that turns it.
fn shown(wishes: &Wishes, muted: &[PrName], head: &str) -> Message {
    let mut message = Message::line(format!("{head} in private when …"));
    for kind in Notice::ALL {
        let on = wishes.wants(*kind);
        let line =
            Line::new().text(if on { "✓ " } else { "✗ " }).code(kind.word()).text(" ").text(kind.says());
        let (label, other) = if on { ("Turn off", "off") } else { ("Turn on", "on") };
        let turn = Action::named(Notify::NAME).with("kind", kind.word()).with("switch", other);
        message = message.row(line, Some(Button::new(label, turn)));
    }
    let quiet = match &wishes.quiet {
        Some(quiet) => Line::new().text("Quiet: ").code(quiet.to_string()).text(", where you live"),
        None => Line::new().text("No quiet hours"),
    };
    message = message.fact(quiet);
    if !muted.is_empty() {
        let names: Vec<String> = muted.iter().map(PrName::short).collect();
        message = message.fact(Line::new().text(format!("Muted: {}", names.join(", "))));
    }
    message.button(Notify::changing(wishes))
}

async fn mute(cx: &Context<'_>, pr: &PrName, muted: bool) -> Outcome {
    let deed = cx.deed(DONE).await?;
    let mut tx = cx.bot.store.begin().await?;
    tx.set_muted(&cx.caller.user, pr, muted).await?;
    tx.write_down(&cx.bot.seal, &deed).await?;
    tx.commit().await?;
    let (says, label, field) = if muted {
        ("You hear nothing more in private of ", "Unmute", "unmute")
    } else {
        ("You hear in private again of ", "Mute this one", "mute")
    };
    let turn = Action::named(Notify::NAME).with(field, pr.to_string());
    Ok(Message::line(Line::new().text(says).bold(pr.short()).text(".")).button(Button::new(label, turn)))
}
