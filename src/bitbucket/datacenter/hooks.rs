//! Webhooks of repositories and projects on Bitbucket Data Center.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::hooks::{HookSettings, Provisioned, new_secret};
use crate::bitbucket::lenient::{Lacks, Listed, Maybe};
use crate::bitbucket::site::Edition;
use crate::bitbucket::transport::{Request, listed};
use crate::bitbucket::{Result, doubt};
use crate::seal::Secret;
use crate::words::webhook::{Failing, HookPlace, Webhook};

use super::{Ask, DataCenter, LARGEST_PAGE, SETS_UP, SETS_UP_PROJECTS, page, repo};

const OF_PROJECT: &str = "/api/latest/projects/{projectKey}/webhooks";
const ONE_OF_PROJECT: &str = "/api/latest/projects/{projectKey}/webhooks/{webhookId}";
const TEST_OF_PROJECT: &str = "/api/latest/projects/{projectKey}/webhooks/test";

/// A webhook as Data Center writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    id: Maybe<u64>,
    name: Maybe<String>,
    url: Maybe<String>,
    active: Maybe<bool>,
    events: Listed<String>,
    statistics: Maybe<History>,
}

/// How its deliveries went lately.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct History {
    last_success: Maybe<Sent>,
    last_failure: Maybe<Sent>,
    last_error: Maybe<Sent>,
    counts: Maybe<Counts>,
}

/// One delivery.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    start: Maybe<i64>,
    result: Maybe<Answered>,
}

/// How many went how.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Counts {
    errors: Maybe<u64>,
    failures: Maybe<u64>,
}

/// So many deliveries have to fail before it is more than a mishap.
const MISHAPS: u64 = 3;

impl History {
    /// Whether nothing comes through any more: the latest failed, as several did, and none went well since.
    fn failing(self) -> Option<Failing> {
        let at = |sent: &Maybe<Sent>| sent.0.as_ref().and_then(|sent| sent.start.0);
        let well = at(&self.last_success);
        let worst =
            if at(&self.last_failure) > at(&self.last_error) { self.last_failure } else { self.last_error };
        let worst = worst.0.filter(|worst| worst.start.0 > well)?;
        let counts = self.counts.0.unwrap_or_default();
        let failed = counts.errors.0.unwrap_or_default() + counts.failures.0.unwrap_or_default();
        let why = worst.result.0.and_then(|result| result.description.0).unwrap_or_default();
        (failed >= MISHAPS).then(|| Failing { at: worst.start.0.unwrap_or_default(), why })
    }
}

impl Wire {
    fn decode(self) -> std::result::Result<Webhook, Lacks> {
        Ok(Webhook {
            id: self.id.0.ok_or(Lacks("the webhook's number"))?.to_string(),
            name: self.name.0.unwrap_or_default(),
            url: self.url.0.unwrap_or_default(),
            active: self.active.0.unwrap_or_default(),
            events: self.events.0,
            failing: self.statistics.0.and_then(History::failing),
        })
    }
}

fn all(dc: &DataCenter, ask: Ask, place: &HookPlace) -> Result<Request> {
    match place {
        HookPlace::Repository(repo) => dc.in_repo(ask, repo!("/webhooks"), repo, &[]),
        HookPlace::Owner(owner) => dc.api.request(ask, OF_PROJECT, &[owner]),
    }
    .map(|request| request.allowed_by(who_may(place)))
}

fn who_may(place: &HookPlace) -> &'static [&'static str] {
    match place {
        HookPlace::Repository(_) => SETS_UP,
        HookPlace::Owner(_) => SETS_UP_PROJECTS,
    }
}

fn one(dc: &DataCenter, ask: Ask, place: &HookPlace, id: &str) -> Result<Request> {
    match place {
        HookPlace::Repository(repo) => dc.in_repo(ask, repo!("/webhooks/{webhookId}"), repo, &[id]),
        HookPlace::Owner(owner) => dc.api.request(ask, ONE_OF_PROJECT, &[owner, id]),
    }
    .map(|request| request.allowed_by(who_may(place)))
}

fn body(settings: &HookSettings, secret: &Secret) -> Result<Value> {
    Ok(json!({
        "name": settings.name,
        "url": settings.url,
        "active": settings.active,
        "events": settings.keys(Edition::DataCenter)?,
        "configuration": {"secret": secret.reveal()},
    }))
}

/// Those that are there.
pub(super) async fn list(dc: &DataCenter, place: &HookPlace, limit: usize) -> Result<Vec<Webhook>> {
    let request = all(dc, (Method::GET, "list the webhooks"), place)?;
    let request = request.query("limit", &page(limit)).query("statistics", "true");
    let found: Vec<Wire> = listed(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|hook| hook.decode().ok()).collect())
}

/// Makes one. One that tells the same address and was not there is the one, should the answer be lost: its
/// address is its own.
pub(super) async fn create(dc: &DataCenter, place: &HookPlace, new: &HookSettings) -> Result<Provisioned> {
    let secret = new_secret();
    let request = all(dc, (Method::POST, "make the webhook"), place)?.json(body(new, &secret)?);
    let hook = match dc.api.read::<Wire>(&request).await {
        Ok(made) => made.decode()?,
        Err(failed) => {
            let same = |hook: &Webhook| hook.url == new.url && hook.name == new.name;
            let look = async { Ok(list(dc, place, LARGEST_PAGE).await?.into_iter().find(same)) };
            doubt::look(failed, look).await?
        }
    };
    Ok(Provisioned { hook, secret })
}

/// Changes one. The secret has to be said again: what is left out is lost, and what is shown may be masked.
pub(super) async fn update(
    dc: &DataCenter,
    place: &HookPlace,
    id: &str,
    (settings, secret): (&HookSettings, &Secret),
) -> Result<Webhook> {
    let request = one(dc, (Method::PUT, "change the webhook"), place, id)?;
    let request = request.json(body(settings, secret)?).repeatable();
    let changed: Wire = dc.api.read(&request).await?;
    Ok(changed.decode()?)
}

/// Removes one.
pub(super) async fn delete(dc: &DataCenter, place: &HookPlace, id: &str) -> Result<()> {
    let request = one(dc, (Method::DELETE, "remove the webhook"), place, id)?;
    match dc.api.send(&request).await {
        Err(failed) if failed.status() != Some(404) => Err(failed.into()),
        _ => Ok(()),
    }
}

/// What came of a test.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tested {
    response: Maybe<Answered>,
    result: Maybe<Answered>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Answered {
    #[serde(rename = "statusCode")]
    status_code: Maybe<u16>,
    description: Maybe<String>,
}

/// Has it sent a ping, and says how that went.
pub(super) async fn test(dc: &DataCenter, place: &HookPlace, hook: &Webhook) -> Result<String> {
    let ask = (Method::POST, "test the webhook");
    let request = match place {
        HookPlace::Repository(repo) => dc.in_repo(ask, repo!("/webhooks/test"), repo, &[])?,
        HookPlace::Owner(owner) => dc.api.request(ask, TEST_OF_PROJECT, &[owner])?,
    };
    let request = request.query("webhookId", &hook.id).query("url", &hook.url).json(json!({})).repeatable();
    let tested: Tested = dc.api.read(&request).await?;
    let status = tested.response.0.and_then(|response| response.status_code.0);
    let words = tested.result.0.and_then(|result| result.description.0);
    Ok(match (status, words) {
        (Some(status), _) => format!("Bitbucket sent a ping to it and was answered {status}."),
        (None, Some(words)) => format!("Bitbucket could not send a ping to it: {words}"),
        (None, None) => "Bitbucket sent a ping to it.".to_owned(),
    })
}
