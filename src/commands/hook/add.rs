//! `hook add`: make the webhook that tells Dipper what happens somewhere, or mend the one there is.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{doors, known, meant, there, wanted};
use crate::bitbucket::{Bitbucket, Provisioned};
use crate::bot::{Context, Failure, Outcome};
use crate::clock::random_name;
use crate::commands::{Changes, Rule, Runs};
use crate::seal::Secret;
use crate::store::Hook;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::webhook::{HookRef, HookSite, Webhook};

/// Have Bitbucket tell Dipper what happens in a repository, workspace or project
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Add {
    /// The repository, like web/api; web/* for all of a workspace or project
    place: HookRef,
}

/// What was done about it.
enum Done {
    Stood,
    Mended(Provisioned),
    Made(Provisioned),
}

impl Runs for Add {
    const NAME: &'static str = "hook.add";
    const EXAMPLE: &'static str = "hook add web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let site = meant(cx, &self.place).await?;
        let begins = doors(cx, &site.instance)?.to_string();
        let bitbucket = cx.bitbucket(&site.instance).await?;
        let ours = there(bitbucket.as_ref(), &site).await?;
        let ours = ours.into_iter().find(|hook| hook.url.starts_with(&begins));
        let done = if let Some(hook) = ours {
            mend(cx, bitbucket.as_ref(), (&site, hook)).await?
        } else {
            let settings = wanted(format!("{begins}{}", random_name(16)));
            Done::Made(bitbucket.create_webhook(&site.place, &settings).await?)
        };
        let words = match done {
            Done::Stood => " tells Dipper already what happens there.",
            Done::Mended(provisioned) => {
                keep(cx, &site, provisioned, &begins).await?;
                " tells Dipper again what happens there: its webhook was mended."
            }
            Done::Made(provisioned) => {
                keep(cx, &site, provisioned, &begins).await?;
                " tells Dipper from now on what happens there."
            }
        };
        let test = Action::of("hook.test", &Self { place: site.clone().into() });
        Ok(Message::line(Line::new().bold(site.short()).text(words)).button(Button::new("Test it", test)))
    }
}

/// What is there already is kept, if it is as it should be and we know its secret; else it is made so.
async fn mend(
    cx: &Context<'_>,
    bitbucket: &dyn Bitbucket,
    (site, hook): (&HookSite, Webhook),
) -> Result<Done, Failure> {
    let settings = wanted(hook.url.clone());
    let secret = match known(cx, site).await?.filter(|known| hook.url.ends_with(&format!("/{}", known.id))) {
        Some(known) => Some(cx.bot.seal.open(&Hook::place_of(&known.id), &known.secret_sealed)?),
        None => None,
    };
    match secret {
        Some(_) if hook.active && cx.bot.site(&site.instance)?.tells(&hook, &settings) => Ok(Done::Stood),
        secret => {
            let secret = secret.unwrap_or_else(|| Secret::new(random_name(32)));
            let hook = bitbucket.update_webhook(&site.place, &hook.id, &settings, &secret).await?;
            Ok(Done::Mended(Provisioned { hook, secret }))
        }
    }
}

/// Opens its door.
async fn keep(
    cx: &Context<'_>,
    site: &HookSite,
    Provisioned { hook, secret }: Provisioned,
    begins: &str,
) -> Result<(), Failure> {
    let id = hook.url.strip_prefix(begins).unwrap_or_default().to_owned();
    if id.is_empty() {
        return Err(Failure::Ours(format!("the new webhook tells {}, which is no door of ours", hook.url)));
    }
    let row = Hook {
        team: cx.caller.user.team.clone(),
        site: site.clone(),
        remote: hook.id,
        secret_sealed: cx.bot.seal.seal(&Hook::place_of(&id), &secret),
        made_by: cx.caller.user.clone(),
        id,
    };
    let mut tx = cx.bot.store.begin().await?;
    tx.keep_hook(&row).await?;
    Ok(tx.commit().await?)
}
