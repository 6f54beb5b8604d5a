//! `hook add`: make the webhook that tells Dipper what happens somewhere, or mend the one there is.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::provision::{Done, put_up};
use super::{listed, meant};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::webhook::{HookRef, HookSite};

/// Have Bitbucket tell Dipper what happens in a repository, workspace or project
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Add {
    /// The repository, like web/api; web/* for all of a workspace or project
    place: HookRef,
    /// Whether it gets a new secret in any case.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    anew: bool,
}

impl Add {
    /// The webhook of this place, to be made or mended; with a new secret where that may be what is wrong.
    pub fn at(site: HookSite, anew: bool) -> Action {
        Action::of(Self::NAME, &Self { place: site.into(), anew })
    }
}

impl Runs for Add {
    const NAME: &'static str = "hook.add";
    const EXAMPLE: &'static str = "hook add web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let site = meant(cx, &self.place).await?;
        let line = Line::new().bold(site.short());
        let line = match put_up(cx, &site, self.anew).await? {
            Done::Stood => line.text(" tells Dipper already what happens there."),
            Done::Mended => line.text(" tells Dipper again what happens there: its webhook was mended."),
            Done::Made => line.text(" tells Dipper from now on what happens there."),
            Done::Extended(keys) => {
                listed(line.text(" tells Dipper more of what happens there: its webhook asks for "), &keys)
                    .text(" too.")
            }
        };
        let place = HookRef::from(site).to_string();
        let test = Action::named("hook.test").with("place", place);
        Ok(Message::line(line).button(Button::new("Test it", test)))
    }
}
