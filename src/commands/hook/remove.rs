//! `hook remove`: take a webhook away again.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{doors, known, meant, there};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::webhook::HookRef;

/// Have Bitbucket no longer tell Dipper
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Remove {
    /// The repository, like web/api; web/* for all of a workspace or project
    place: HookRef,
    /// Whether they said yes to it.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    sure: bool,
}

impl Runs for Remove {
    const NAME: &'static str = "hook.remove";
    const EXAMPLE: &'static str = "hook remove web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let site = meant(cx, &self.place).await?;
        let bitbucket = cx.bitbucket(&site.instance).await?;
        // Only those who administer a place may look: whoever gets further may take it away.
        let all = there(bitbucket.as_ref(), &site).await?;
        let begins = doors(cx, &site.instance)?.to_string();
        let known = known(cx, &site).await?;
        let ours = all.into_iter().find(|hook| hook.url.starts_with(&begins));
        if known.is_none() && ours.is_none() {
            let line = Line::new().bold(site.short()).text(" has no webhook that was made from here.");
            return Ok(Message::line(line).in_place());
        }
        if !self.sure {
            let yes = Action::of(Self::NAME, &Self { sure: true, place: site.clone().into() });
            let line = Line::new().text("Nothing that happens in ").bold(site.short());
            let line = line.text(" will be told any more, in any channel.");
            return Ok(Message::line(line).button(Button::new("Remove the webhook", yes)));
        }
        if let Some(ours) = ours {
            bitbucket.delete_webhook(&site.place, &ours.id).await?;
        }
        if let Some(known) = known {
            let mut tx = cx.bot.store.begin().await?;
            tx.forget_hook(&known.id).await?;
            tx.commit().await?;
        }
        let again = Action::named("hook.add").with("place", HookRef::from(site.clone()).to_string());
        let line = Line::new().text("The webhook of ").bold(site.short()).text(" is gone.");
        Ok(Message::line(line).button(Button::new("Make it again", again)).in_place())
    }
}
