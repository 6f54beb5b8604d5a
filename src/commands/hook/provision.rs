//! Putting a webhook up: made where there is none, mended or extended where the one there is does not do.

use super::{doors, known, there};
use crate::bitbucket::{Bitbucket, HookSettings, Kind, Provisioned};
use crate::bot::{Context, Failure};
use crate::clock::random_name;
use crate::seal::Secret;
use crate::store::Hook;
use crate::words::names::Topic;
use crate::words::webhook::{HookSite, Webhook};

/// What was done about it.
pub(super) enum Done {
    /// Nothing: it stands as it should.
    Stood,
    /// It was not as it should be.
    Mended,
    /// It asks for these besides.
    Extended(Vec<&'static str>),
    /// There was none.
    Made,
}

/// A webhook on its way up: where, and where its door begins.
struct Work<'a> {
    site: &'a HookSite,
    begins: String,
    kinds: Vec<Kind>,
    known: Option<Hook>,
    /// Whether it gets a new secret in any case.
    anew: bool,
}

/// Sees to it that a webhook hangs there and tells what is wanted, as whoever asks.
pub(super) async fn put_up(cx: &Context<'_>, site: &HookSite, anew: bool) -> Result<Done, Failure> {
    let begins = doors(cx, &site.instance)?.to_string();
    let bitbucket = cx.bitbucket(&site.instance).await?;
    let (kinds, known) = (kinds(cx, site).await?, known(cx, site).await?);
    let work = Work { site, begins, kinds, known, anew };
    let mut all = there(bitbucket.as_ref(), site).await?;
    let made_before = |hook: &Webhook| work.known.as_ref().is_some_and(|known| known.remote == hook.id);
    let ours = all.iter().position(made_before);
    let ours = ours.or_else(|| all.iter().position(|hook| hook.url.starts_with(&work.begins)));
    if let Some(at) = ours {
        return mend(cx, bitbucket.as_ref(), (&work, all.swap_remove(at))).await;
    }
    let settings = settings(format!("{}{}", work.begins, random_name(16)), work.kinds.clone());
    let made = bitbucket.create_webhook(&site.place, &settings).await?;
    keep(cx, &work, made).await?;
    Ok(Done::Made)
}

/// What it is to tell: what is subscribed there, or else what a new subscription would want.
async fn kinds(cx: &Context<'_>, site: &HookSite) -> Result<Vec<Kind>, Failure> {
    let wanted = cx.bot.kinds_wanted(site).await?;
    if !wanted.is_empty() {
        return Ok(wanted);
    }
    let usual = cx.bot.store.team_settings(&cx.caller.user.team).await?.topics;
    let bitbucket = cx.bot.site(&site.instance)?;
    let usual = bitbucket.kinds_for(&usual.into_iter().collect());
    Ok(if usual.is_empty() { bitbucket.kinds_for(&Topic::USUAL.iter().copied().collect()) } else { usual })
}

fn settings(url: String, kinds: Vec<Kind>) -> HookSettings {
    HookSettings { name: "Dipper".to_owned(), url, active: true, kinds }
}

/// What is there already is kept, if it is as it should be and we know its secret; else it is made so. What it
/// tells besides, it goes on telling.
async fn mend(
    cx: &Context<'_>,
    bitbucket: &dyn Bitbucket,
    (work, hook): (&Work<'_>, Webhook),
) -> Result<Done, Failure> {
    let site = cx.bot.site(&work.site.instance)?;
    let own = |known: &&Hook| known.remote == hook.id || hook.url.ends_with(&format!("/{}", known.id));
    let known = work.known.as_ref().filter(own);
    let door = known.map(|known| known.id.clone());
    let door = door.or_else(|| hook.url.strip_prefix(&work.begins).map(str::to_owned)).unwrap_or_default();
    let secret = match known.filter(|_| !work.anew) {
        Some(known) => Some(cx.bot.seal.open(&Hook::place_of(&known.id), &known.secret_sealed)?),
        None => None,
    };
    let url = format!("{}{door}", work.begins);
    let lacking = site.lacks(&hook.events, &work.kinds);
    let stands = hook.active && hook.url == url && secret.is_some();
    if stands && lacking.is_empty() {
        return Ok(Done::Stood);
    }
    let mut kinds = work.kinds.clone();
    kinds.extend(site.kinds_told(&hook.events));
    let secret = secret.unwrap_or_else(|| Secret::new(random_name(32)));
    let settings = settings(url, kinds);
    let hook = bitbucket.update_webhook(&work.site.place, &hook.id, &settings, &secret).await?;
    keep(cx, work, Provisioned { hook, secret }).await?;
    Ok(if stands { Done::Extended(lacking) } else { Done::Mended })
}

/// Opens its door.
async fn keep(
    cx: &Context<'_>,
    work: &Work<'_>,
    Provisioned { hook, secret }: Provisioned,
) -> Result<(), Failure> {
    let id = hook.url.strip_prefix(&work.begins).unwrap_or_default().to_owned();
    if id.is_empty() {
        return Err(Failure::Ours(format!("the new webhook tells {}, which is no door of ours", hook.url)));
    }
    let row = Hook {
        team: cx.caller.user.team.clone(),
        site: work.site.clone(),
        remote: hook.id,
        secret_sealed: cx.bot.seal.seal(&Hook::place_of(&id), &secret),
        made_by: cx.caller.user.clone(),
        made_at: cx.bot.clock.millis(),
        events: Some(hook.events),
        trouble: None,
        id,
    };
    let mut tx = cx.bot.store.begin().await?;
    tx.keep_hook(&row).await?;
    Ok(tx.commit().await?)
}
