//! What a new subscription needs of webhooks: one that tells less is extended, one that is missing is offered.

use super::add::Add;
use super::provision::{Done, put_up};
use super::{doors, listed};
use crate::bot::{Context, Failure};
use crate::store::Hook;
use crate::words::message::{Button, Line};
use crate::words::wish::RepoPattern;

/// What is said of webhooks in the answer to a subscription, and the button for what is left to be done; none
/// where news come by themselves.
pub(in crate::commands) async fn after_subscribing(
    cx: &Context<'_>,
    repos: &RepoPattern,
) -> Result<Option<(Line, Option<Button>)>, Failure> {
    let Some(site) = repos.site().filter(|site| doors(cx, &site.instance).is_ok()) else {
        return Ok(None);
    };
    if cx.bot.kinds_wanted(&site).await?.is_empty() {
        return Ok(None);
    }
    let all = cx.bot.store.hooks_on(&site.instance, site.owner()).await?;
    let mut ours: Vec<Hook> = all.into_iter().filter(|hook| hook.site.holds(&site)).collect();
    // The one that hangs nearest.
    ours.sort_by_key(|hook| hook.site != site);
    if let Some(hook) = ours.first() {
        return extend(cx, hook).await;
    }
    if !cx.bot.store.deliveries_of(repos, |_| true, 1).await?.is_empty() {
        return Ok(None);
    }
    let line = Line::new().text("Bitbucket does not tell Dipper of ").bold(site.short());
    let make = Button::new("Make the webhook", Add::at(site, false));
    Ok(Some((line.text(" yet; a webhook there would."), Some(make))))
}

/// Lets a webhook of ours ask for what is wanted now, if whoever subscribes may; else somebody else has to.
async fn extend(cx: &Context<'_>, hook: &Hook) -> Result<Option<(Line, Option<Button>)>, Failure> {
    let Some(events) = &hook.events else {
        // It asks for all there is.
        return Ok(None);
    };
    let wanted = cx.bot.kinds_wanted(&hook.site).await?;
    let lacking = cx.bot.site(&hook.site.instance)?.lacks(events, &wanted);
    if lacking.is_empty() {
        return Ok(None);
    }
    let named = |before: &str| Line::new().text("The webhook of ").bold(hook.site.short()).text(before);
    match put_up(cx, &hook.site, false).await {
        Ok(Done::Extended(keys)) => {
            let result = format!("the webhook of {} asks for {} too", hook.site.short(), keys.join(", "));
            let deed = cx.deed(&result).await?;
            let mut tx = cx.bot.store.begin().await?;
            tx.write_down(&cx.bot.seal, &deed).await?;
            tx.commit().await?;
            Ok(Some((listed(named(" now asks for "), &keys).text(" too."), None)))
        }
        Ok(_) => Ok(None),
        Err(failure) => {
            tracing::info!(?failure, "a webhook was not extended");
            let line = listed(named(" does not ask for "), &lacking).text(" yet.");
            let button = Button::new("Extend the webhook", Add::at(hook.site.clone(), false));
            Ok(Some((line, Some(button))))
        }
    }
}
