//! Tasks on pull requests on Bitbucket Data Center, which are comments that block a merge.

use reqwest::Method;
use serde_json::json;

use crate::bitbucket::lenient::Lacks;
use crate::bitbucket::transport::listed;
use crate::bitbucket::{Result, doubt};
use crate::words::comment::{NewTask, Task};
use crate::words::names::PrName;

use super::comments::{self, Wire};
use super::wire::person;
use super::{DataCenter, LARGEST_PAGE, page, people, pr};

const ALL: &str = pr!("/blocker-comments");

impl Wire {
    fn task(self) -> std::result::Result<Task, Lacks> {
        Ok(Task {
            id: self.id.0.ok_or(Lacks("the task's number"))?,
            text: self.text.0.unwrap_or_default(),
            author: person(self.author),
            done: self.state.as_deref() == Some("RESOLVED"),
            at: self.created_date.map_or(0, |at| at.0),
        })
    }
}

/// All of them.
pub(super) async fn list(dc: &DataCenter, pr: &PrName, limit: usize) -> Result<Vec<Task>> {
    let request = dc.in_pr((Method::GET, "list the tasks"), ALL, pr, &[])?;
    let request = request.query("states", "OPEN").query("states", "RESOLVED").query("limit", &page(limit));
    let found: Vec<Wire> = listed(&dc.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|task| task.task().ok()).collect())
}

/// Sets one.
pub(super) async fn add(dc: &DataCenter, pr: &PrName, new: &NewTask) -> Result<Task> {
    let mut body = json!({"text": new.text, "severity": "BLOCKER"});
    if let Some(comment) = new.on_comment {
        body["parent"] = json!({"id": comment});
    }
    let request = dc.in_pr((Method::POST, "set the task"), pr!("/comments"), pr, &[])?.json(body);
    match dc.api.read::<Wire>(&request).await {
        Ok(set) => Ok(set.task()?),
        Err(failed) => doubt::look(failed, set_just_now(dc, pr, new)).await,
    }
}

async fn set_just_now(dc: &DataCenter, pr: &PrName, new: &NewTask) -> Result<Option<Task>> {
    let me = people::me(dc).await?;
    let same = |task: &Task| {
        task.text.trim() == new.text.trim() && task.author.id == me.id && dc.api.is_recent(task.at)
    };
    Ok(list(dc, pr, LARGEST_PAGE).await?.into_iter().filter(same).max_by_key(|task| task.id))
}

/// Says otherwise what is to be done.
pub(super) async fn edit(dc: &DataCenter, pr: &PrName, id: u64, text: &str) -> Result<Task> {
    Ok(comments::put(dc, pr, id, json!({"text": text})).await?.task()?)
}

/// Ticks one off, or takes the tick away.
pub(super) async fn settle(dc: &DataCenter, pr: &PrName, id: u64, done: bool) -> Result<Task> {
    let state = if done { "RESOLVED" } else { "OPEN" };
    Ok(comments::put(dc, pr, id, json!({"state": state})).await?.task()?)
}

/// Deletes one.
pub(super) async fn delete(dc: &DataCenter, pr: &PrName, id: u64) -> Result<()> {
    comments::delete(dc, pr, id).await
}
