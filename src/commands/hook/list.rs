//! `hook list`: the webhooks that were made from here, how each stands and what it asks for.

use std::collections::BTreeMap;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::there;
use crate::bot::{Context, Failure, HookState, Outcome};
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
            let (state, asks) = state(cx, hook).await?;
            message = message.row(line(hook, state.as_ref(), &asks), button(hook, state.as_ref()));
        }
        let this = Action::of(Self::NAME, &self);
        let message = self.shown.pages(&this, message, all.len() > from + PER_PAGE);
        Ok(self.shown.deliver(cx, message))
    }
}

/// How it stands and what it asks for, as Bitbucket tells whoever asks; only those who administer a place may
/// know.
async fn state(cx: &Context<'_>, hook: &Hook) -> Result<(Option<HookState>, Vec<String>), Failure> {
    let asked = || hook.events.clone().unwrap_or_default();
    let bitbucket = match cx.bitbucket(&hook.site.instance).await {
        Ok(bitbucket) => bitbucket,
        Err(Failure::SignIn(_) | Failure::Told(_)) => return Ok((None, asked())),
        Err(other) => return Err(other),
    };
    match there(bitbucket.as_ref(), &hook.site).await {
        Ok(all) => {
            let own = all.iter().find(|one| one.id == hook.remote);
            let asks = own.map_or_else(asked, |own| own.events.clone());
            Ok((Some(cx.bot.hook_state(hook, own).await?), asks))
        }
        Err(Failure::Told(_)) => Ok((None, asked())),
        Err(other) => Err(other),
    }
}

fn line(hook: &Hook, state: Option<&HookState>, asks: &[String]) -> Line {
    let state = match state {
        Some(HookState::Well) => "it stands".to_owned(),
        Some(HookState::Off) => "switched off on Bitbucket".to_owned(),
        Some(HookState::Gone) => "gone from Bitbucket".to_owned(),
        Some(HookState::Failing(why)) => format!("nothing comes through ({why})"),
        Some(HookState::Short(lacking)) => format!("it does not ask for {}", lacking.join(", ")),
        None => "how it stands is not for you to see".to_owned(),
    };
    let line = Line::new()
        .bold(hook.site.short())
        .text(format!(" ({}) · {state} · made by ", hook.site.instance))
        .person(hook.made_by.clone());
    if asks.is_empty() { line } else { line.text(format!(" · asks for {}", in_groups(asks))) }
}

/// `repo: push, updated; pullrequest: created` rather than every word of every key.
fn in_groups(keys: &[String]) -> String {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for key in keys {
        let (group, what) = key.split_once(':').unwrap_or((key, ""));
        groups.entry(group).or_default().push(what);
    }
    let groups = groups.into_iter().map(|(group, mut what)| {
        what.sort_unstable();
        format!("{group}: {}", what.join(", "))
    });
    groups.collect::<Vec<_>>().join("; ")
}

fn button(hook: &Hook, state: Option<&HookState>) -> Option<Button> {
    let place = HookRef::from(hook.site.clone()).to_string();
    let mend = |label, anew| super::mend(label, &hook.site, anew);
    Some(match state? {
        HookState::Well => Button::new("Remove…", Action::named("hook.remove").with("place", place)),
        HookState::Off | HookState::Gone => mend("Mend", false),
        HookState::Failing(_) => mend("Mend", true),
        HookState::Short(_) => mend("Extend", false),
    })
}
