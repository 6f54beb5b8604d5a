//! Tasks on pull requests on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::lenient::{Lacks, Maybe, Moment};
use crate::bitbucket::transport::listed;
use crate::bitbucket::{Result, doubt};
use crate::words::comment::{NewTask, Task};
use crate::words::names::PrName;

use super::wire::{Account, Summary, person};
use super::{Cloud, LARGEST_PAGE, page, people, pr};

const LIST: &str = pr!("/tasks");
const ONE: &str = pr!("/tasks/{task_id}");

/// A task as Cloud writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wire {
    id: Maybe<u64>,
    content: Maybe<Summary>,
    creator: Maybe<Account>,
    state: Maybe<String>,
    created_on: Maybe<Moment>,
}

impl Wire {
    fn decode(self) -> std::result::Result<Task, Lacks> {
        Ok(Task {
            id: self.id.0.ok_or(Lacks("the task's number"))?,
            text: self.content.0.and_then(|content| content.raw.0).unwrap_or_default(),
            author: person(self.creator),
            done: self.state.as_deref() == Some("RESOLVED"),
            at: self.created_on.map_or(0, |at| at.0),
        })
    }
}

/// All of them.
pub(super) async fn list(cloud: &Cloud, pr: &PrName, limit: usize) -> Result<Vec<Task>> {
    let request = cloud.in_pr((Method::GET, "list the tasks"), LIST, pr, &[])?;
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let found: Vec<Wire> = listed(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|task| task.decode().ok()).collect())
}

/// Sets one.
pub(super) async fn add(cloud: &Cloud, pr: &PrName, new: &NewTask) -> Result<Task> {
    let mut body = json!({"content": {"raw": new.text}});
    if let Some(comment) = new.on_comment {
        body["comment"] = json!({"id": comment});
    }
    let request = cloud.in_pr((Method::POST, "set the task"), LIST, pr, &[])?.json(body);
    match cloud.api.read::<Wire>(&request).await {
        Ok(set) => Ok(set.decode()?),
        Err(failed) => doubt::look(failed, set_just_now(cloud, pr, new)).await,
    }
}

async fn set_just_now(cloud: &Cloud, pr: &PrName, new: &NewTask) -> Result<Option<Task>> {
    let me = people::me(cloud).await?;
    let same = |task: &Task| {
        task.text.trim() == new.text.trim() && task.author.id == me.id && cloud.api.is_recent(task.at)
    };
    Ok(list(cloud, pr, LARGEST_PAGE).await?.into_iter().filter(same).max_by_key(|task| task.id))
}

/// Says otherwise what is to be done.
pub(super) async fn edit(cloud: &Cloud, pr: &PrName, id: u64, text: &str) -> Result<Task> {
    put(cloud, pr, id, json!({"content": {"raw": text}})).await
}

/// Ticks one off, or takes the tick away.
pub(super) async fn settle(cloud: &Cloud, pr: &PrName, id: u64, done: bool) -> Result<Task> {
    put(cloud, pr, id, json!({"state": if done { "RESOLVED" } else { "UNRESOLVED" }})).await
}

async fn put(cloud: &Cloud, pr: &PrName, id: u64, body: Value) -> Result<Task> {
    let request = cloud.in_pr((Method::PUT, "change the task"), ONE, pr, &[&id.to_string()])?;
    let changed: Wire = cloud.api.read(&request.json(body).repeatable()).await?;
    Ok(changed.decode()?)
}

/// Deletes one.
pub(super) async fn delete(cloud: &Cloud, pr: &PrName, id: u64) -> Result<()> {
    let request = cloud.in_pr((Method::DELETE, "delete the task"), ONE, pr, &[&id.to_string()])?;
    cloud.api.send(&request).await?;
    Ok(())
}
