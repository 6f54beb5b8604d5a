//! Webhooks made from Slack: one file for each thing that can be done with them.

pub mod add;
pub mod list;
pub(super) mod offer;
mod provision;
pub mod remove;
pub mod test;

use url::Url;

use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure};
use crate::commands::rules::readable;
use crate::store::Hook;
use crate::words::message::{Button, Line};
use crate::words::names::Instance;
use crate::words::webhook::{HookPlace, HookRef, HookSite, Webhook};

/// How many webhooks of one place are looked through.
const MOST: usize = 1_000;

/// The button that puts a webhook right, as whoever presses it.
pub fn mend(label: &str, site: &HookSite, anew: bool) -> Button {
    Button::new(label, add::Add::at(site.clone(), anew)).main()
}

/// Where a person means, fully known.
async fn meant(cx: &Context<'_>, place: &HookRef) -> Result<HookSite, Failure> {
    match place {
        HookRef::Repository(repo) => {
            let repo = readable(cx, repo).await?;
            Ok(HookSite { instance: repo.instance.clone(), place: HookPlace::Repository(repo) })
        }
        HookRef::Owner { instance, owner } => {
            let instance = match instance {
                Some(instance) => cx.bot.site(instance)?.name().clone(),
                None => usual(cx, owner).await?,
            };
            Ok(HookSite { instance, place: HookPlace::Owner(owner.clone()) })
        }
    }
}

/// The Bitbucket that is meant where nobody names one.
async fn usual(cx: &Context<'_>, owner: &str) -> Result<Instance, Failure> {
    let able: Vec<&Instance> = cx.bot.connectable().map(crate::bitbucket::Site::name).collect();
    if let [only] = able[..] {
        return Ok(only.clone());
    }
    let usual = cx.bot.store.team_settings(&cx.caller.user.team).await?.instance;
    usual.ok_or_else(|| {
        let each: Vec<String> = able.iter().map(|instance| format!("`{instance}:{owner}/*`")).collect();
        Failure::told(format!("On which Bitbucket? Say {}.", each.join(" or ")))
    })
}

/// The webhooks of a place: only those who administer it may look.
async fn there(bitbucket: &dyn Bitbucket, site: &HookSite) -> Result<Vec<Webhook>, Failure> {
    Ok(bitbucket.webhooks(&site.place, MOST).await?)
}

/// The one that was made from Slack for this very place, as far as it is known here.
async fn known(cx: &Context<'_>, site: &HookSite) -> Result<Option<Hook>, Failure> {
    let owned = cx.bot.store.hooks_on(&site.instance, site.owner()).await?;
    let same = |hook: &Hook| hook.site.holds(site) && site.holds(&hook.site);
    Ok(owned.into_iter().find(same))
}

/// Where the doors of a Bitbucket's own webhooks begin.
fn doors(cx: &Context<'_>, instance: &Instance) -> Result<Url, Failure> {
    let base = cx.bot.public_url.as_ref().ok_or_else(|| {
        Failure::told(
            "Bitbucket has no way to reach Dipper: `DIPPER_PUBLIC_URL` is not set. Tell whoever runs it.",
        )
    })?;
    let mut doors = base.clone();
    if let Ok(mut path) = doors.path_segments_mut() {
        path.pop_if_empty().extend(["bitbucket", instance.as_str(), "webhook", ""]);
    }
    Ok(doors)
}

/// Keys, one after the other.
fn listed(line: Line, keys: &[&str]) -> Line {
    keys.iter().enumerate().fold(line, |line, (at, key)| {
        let comma = if at == 0 { "" } else { ", " };
        line.text(comma).code(*key)
    })
}
