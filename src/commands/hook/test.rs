//! `hook test`: have Bitbucket send something to a webhook, and say how that went.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{doors, meant, there};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Line, Message};
use crate::words::webhook::HookRef;

/// Try whether Bitbucket reaches Dipper
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Test {
    /// The repository, like web/api; web/* for all of a workspace or project
    place: HookRef,
}

impl Runs for Test {
    const NAME: &'static str = "hook.test";
    const EXAMPLE: &'static str = "hook test web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let site = meant(cx, &self.place).await?;
        let bitbucket = cx.bitbucket(&site.instance).await?;
        let begins = doors(cx, &site.instance)?.to_string();
        let all = there(bitbucket.as_ref(), &site).await?;
        let mend = || super::mend("Make it", &site, false);
        let Some(hook) = all.into_iter().find(|hook| hook.url.starts_with(&begins)) else {
            let line = Line::new().bold(site.short()).text(" has no webhook that was made from here.");
            return Ok(Message::line(line).button(mend()));
        };
        if !hook.active {
            let line = Line::new().text("The webhook of ").bold(site.short()).text(" is switched off.");
            return Ok(Message::line(line).button(mend()));
        }
        let said = bitbucket.test_webhook(&site.place, &hook).await?;
        Ok(Message::line(Line::new().bold(site.short()).text(": ").text(said)))
    }
}
