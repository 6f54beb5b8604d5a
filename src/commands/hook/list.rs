//! `hook list`: the webhooks that were made from here, and how each stands.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::there;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::store::Hook;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::webhook::HookRef;

/// How many are looked at for one page: each is a question to Bitbucket.
const PER_PAGE: usize = 10;

/// Show the webhooks that were made from here
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct List {
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

/// How a webhook stands.
enum State {
    Well,
    Off,
    Gone,
    Hidden,
}

impl Runs for List {
    const NAME: &'static str = "hook.list";
    const EXAMPLE: &'static str = "hook list";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let all = cx.bot.store.hooks_of(&cx.caller.user.team).await?;
        if all.is_empty() {
            let how = cx.bot.slash("hook add web/api");
            let none = format!("No webhook was made from here yet; `{how}` makes one.");
            return Ok(self.shown.deliver(cx, Message::line(none)));
        }
        let from = self.shown.from(PER_PAGE);
        let mut message = Message::line("Bitbucket tells Dipper what happens in:");
        for hook in all.iter().skip(from).take(PER_PAGE) {
            let state = state(cx, hook).await?;
            message = message.row(line(hook, &state), button(hook, &state));
        }
        let this = Action::of(Self::NAME, &self);
        let message = self.shown.pages(&this, message, all.len() > from + PER_PAGE);
        Ok(self.shown.deliver(cx, message))
    }
}

/// As Bitbucket tells whoever asks; only those who administer a place may know.
async fn state(cx: &Context<'_>, hook: &Hook) -> Result<State, Failure> {
    let bitbucket = match cx.bitbucket(&hook.site.instance).await {
        Ok(bitbucket) => bitbucket,
        Err(Failure::SignIn(_) | Failure::Told(_)) => return Ok(State::Hidden),
        Err(other) => return Err(other),
    };
    match there(bitbucket.as_ref(), &hook.site).await {
        Ok(all) => Ok(match all.iter().find(|one| one.id == hook.remote) {
            Some(one) if one.active => State::Well,
            Some(_) => State::Off,
            None => State::Gone,
        }),
        Err(Failure::Told(_)) => Ok(State::Hidden),
        Err(other) => Err(other),
    }
}

fn line(hook: &Hook, state: &State) -> Line {
    let state = match state {
        State::Well => "it stands",
        State::Off => "switched off on Bitbucket",
        State::Gone => "gone from Bitbucket",
        State::Hidden => "how it stands is not for you to see",
    };
    Line::new()
        .bold(hook.site.short())
        .text(format!(" ({}) · {state} · made by ", hook.site.instance))
        .person(hook.made_by.clone())
}

fn button(hook: &Hook, state: &State) -> Option<Button> {
    let place = HookRef::from(hook.site.clone()).to_string();
    let action = |name: &str| Action::named(name).with("place", place.as_str());
    match state {
        State::Well => Some(Button::new("Remove…", action("hook.remove"))),
        State::Off | State::Gone => Some(Button::new("Mend", action("hook.add")).main()),
        State::Hidden => None,
    }
}
