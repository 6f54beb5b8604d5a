//! `digest edit`: another time, other repositories, other conditions. Whoever changes a digest lends it their eyes.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::add::{fields, settled, shows};
use super::shape::Shape;
use super::{Which, button, next_of, zone};
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::commands::repos::Repos;
use crate::commands::{Changes, Rule, Runs};
use crate::store::{Digest, NewDigest};
use crate::words::message::{Action, Button, Form, Message};
use crate::words::times::Times;
use crate::words::wish::RepoPattern;

/// Change a digest: when it comes, of what, and what it leaves out
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Edit {
    /// Its number, as `digest list` shows it
    #[arg(required = true)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<Which>,
    /// When from now on: weekdays 9:30
    #[arg(value_name = "WHEN")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    /// Of these repositories from now on
    #[arg(long)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repo: Option<Repos>,
    /// In this time zone from now on
    #[arg(long, value_parser = zone)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    /// Forget what it leaves out so far
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reset: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shape: Shape,
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    when: Option<Times>,
    /// In the button that opens the form.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    change: bool,
    /// Filled in on the form: what is empty there is meant to be empty.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    filled: bool,
}

impl Runs for Edit {
    const NAME: &'static str = "digest.edit";
    const EXAMPLE: &'static str = "digest edit 1 weekdays 10:00";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn form(&self) -> Option<Form> {
        if !self.change || self.filled {
            return None;
        }
        let kept = Self { number: self.number, filled: true, ..Self::default() };
        Some(Form {
            title: "Change a digest".to_owned(),
            submit: "Save".to_owned(),
            intro: Vec::new(),
            fields: fields((self.repo.as_ref(), self.when.as_ref(), self.zone.as_ref()), &self.shape),
            does: Action::of(Self::NAME, &kept),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let which = self.number.ok_or_else(|| Failure::told("Which digest? Name its number."))?;
        let before = which.find(cx).await?;
        let after = self.applied_to(cx, &before).await?;
        let next_at = after.next_at.unwrap_or_default();
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        let there = tx.edit_digest(before.id, &after).await?;
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        if !there {
            return Err(Failure::told("Somebody removed it a moment ago; there is nothing to change."));
        }
        let message = Message::line(settled(&after, next_at));
        let message = shows(&after).into_iter().fold(message, Message::and);
        Ok(message.button(button("Preview", "digest.preview", &before)))
    }
}

impl Edit {
    /// The digest as it is to be; it is the caller's from now on.
    async fn applied_to(self, cx: &Context<'_>, before: &Digest) -> Result<NewDigest, Failure> {
        let typed = self.words.join(" ");
        let typed = if typed.is_empty() { None } else { Some(typed.parse::<Times>()?) };
        let was = before.what.times.parse::<Times>()?;
        let times = self.when.or(typed).unwrap_or(was);
        let zone = match &self.zone {
            Some(name) => zone(name)?,
            None => before.what.zone.clone(),
        };
        let repos = match (&self.repo, &before.what.repos) {
            (Some(repo), _) => Some(repo.readable(cx).await?.repos),
            (None, Some(_)) if self.filled && !before.what.personal => {
                return Err(Failure::told("Of which repositories? Write them like `web/api` or `web/*`."));
            }
            (None, _) if self.filled => None,
            // The new eyes have to see what it shows.
            (None, Some(repos)) => Some(Repos::from(repos).readable(cx).await?.repos),
            (None, None) => None,
        };
        let wish = if self.filled || self.reset {
            self.shape.wish()?
        } else {
            self.shape.over(&before.what.wish)?
        };
        let next_at = next_of(&times, cx.bot.clock.millis(), &zone)?;
        Ok(NewDigest {
            repos,
            times: times.to_string(),
            zone,
            asked_by: cx.caller.user.clone(),
            next_at: Some(next_at),
            wish,
            ..before.what.clone()
        })
    }
}

/// The button that opens the form, filled with what holds.
pub(super) fn changing(cx: &Context<'_>, digest: &Digest) -> Button {
    let what = &digest.what;
    // Where there is one Bitbucket, nobody names it.
    let named = |repos: &RepoPattern| match cx.bot.connectable().count() {
        1 => repos.short().parse().unwrap_or_else(|_| Repos::from(repos)),
        _ => Repos::from(repos),
    };
    let now = Edit {
        number: Some(Which::of(digest)),
        repo: what.repos.as_ref().map(named),
        when: what.times.parse().ok(),
        zone: Some(what.zone.clone()),
        shape: Shape::of(&what.wish),
        change: true,
        ..Edit::default()
    };
    Button::new("Change", Action::of(Edit::NAME, &now))
}
