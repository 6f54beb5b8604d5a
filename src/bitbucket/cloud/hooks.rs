//! Webhooks of repositories and workspaces on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use std::future::{Future, ready};

use crate::bitbucket::hooks::{HookSettings, Provisioned, new_secret};
use crate::bitbucket::lenient::{Lacks, Listed, Maybe};
use crate::bitbucket::site::Edition;
use crate::bitbucket::transport::{Request, listed};
use crate::bitbucket::{Error, Result, doubt};
use crate::seal::Secret;
use crate::words::webhook::{HookPlace, Webhook};

use super::{Ask, Cloud, LARGEST_PAGE, page, repo};

/// A webhook as Cloud writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    uuid: Maybe<String>,
    description: Maybe<String>,
    url: Maybe<String>,
    active: Maybe<bool>,
    events: Listed<String>,
}

impl Wire {
    fn decode(self) -> std::result::Result<Webhook, Lacks> {
        Ok(Webhook {
            id: self.uuid.0.ok_or(Lacks("the webhook's uuid"))?,
            name: self.description.0.unwrap_or_default(),
            url: self.url.0.unwrap_or_default(),
            active: self.active.0.unwrap_or_default(),
            events: self.events.0,
            failing: None,
        })
    }
}

fn all(cloud: &Cloud, ask: Ask, place: &HookPlace) -> Result<Request> {
    match place {
        HookPlace::Repository(repo) => cloud.in_repo(ask, repo!("/hooks"), repo, &[]),
        HookPlace::Owner(owner) => cloud.api.request(ask, "/workspaces/{workspace}/hooks", &[owner]),
    }
}

fn one(cloud: &Cloud, ask: Ask, place: &HookPlace, id: &str) -> Result<Request> {
    match place {
        HookPlace::Repository(repo) => cloud.in_repo(ask, repo!("/hooks/{uid}"), repo, &[id]),
        HookPlace::Owner(owner) => {
            cloud.api.request(ask, "/workspaces/{workspace}/hooks/{uid}", &[owner, id])
        }
    }
}

fn body(settings: &HookSettings, secret: &Secret) -> Result<Value> {
    Ok(json!({
        "description": settings.name,
        "url": settings.url,
        "active": settings.active,
        "secret": secret.reveal(),
        "events": settings.keys(Edition::Cloud)?,
    }))
}

/// Those that are there.
pub(super) async fn list(cloud: &Cloud, place: &HookPlace, limit: usize) -> Result<Vec<Webhook>> {
    let request = all(cloud, (Method::GET, "list the webhooks"), place)?;
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let found: Vec<Wire> = listed(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|hook| hook.decode().ok()).collect())
}

/// Makes one. One that tells the same address and was not there is the one, should the answer be lost: its
/// address is its own.
pub(super) async fn create(cloud: &Cloud, place: &HookPlace, new: &HookSettings) -> Result<Provisioned> {
    let secret = new_secret();
    let request = all(cloud, (Method::POST, "make the webhook"), place)?.json(body(new, &secret)?);
    let hook = match cloud.api.read::<Wire>(&request).await {
        Ok(made) => made.decode()?,
        Err(failed) => {
            let same = |hook: &Webhook| hook.url == new.url && hook.name == new.name;
            let look = async { Ok(list(cloud, place, LARGEST_PAGE).await?.into_iter().find(same)) };
            doubt::look(failed, look).await?
        }
    };
    Ok(Provisioned { hook, secret })
}

/// Changes one.
pub(super) async fn update(
    cloud: &Cloud,
    place: &HookPlace,
    id: &str,
    (settings, secret): (&HookSettings, &Secret),
) -> Result<Webhook> {
    let request = one(cloud, (Method::PUT, "change the webhook"), place, id)?;
    let request = request.json(body(settings, secret)?).repeatable();
    let changed: Wire = cloud.api.read(&request).await?;
    Ok(changed.decode()?)
}

/// Removes one.
pub(super) async fn delete(cloud: &Cloud, place: &HookPlace, id: &str) -> Result<()> {
    let request = one(cloud, (Method::DELETE, "remove the webhook"), place, id)?;
    match cloud.api.send(&request).await {
        Err(failed) if failed.status() != Some(404) => Err(failed.into()),
        _ => Ok(()),
    }
}

/// Cloud sends nothing on demand.
pub(super) fn test(_: &Cloud, _: &HookPlace, _: &Webhook) -> impl Future<Output = Result<String>> + use<> {
    ready(Err(Error::NotOffered(
        "Bitbucket Cloud sends no test; change something small there, and read “View requests” in the \
         webhook's settings."
            .to_owned(),
    )))
}
