//! Comments on pull requests on Bitbucket Cloud.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::lenient::{Lacks, Maybe, Moment};
use crate::bitbucket::transport::{Failed, listed};
use crate::bitbucket::{Error, Result, doubt};
use crate::words::comment::{Anchor, Comment, NewComment, Side};
use crate::words::names::PrName;
use crate::words::pull_request::PullRequest;

use super::wire::{Account, Summary, person};
use super::{Cloud, LARGEST_PAGE, page, pr};

const LIST: &str = pr!("/comments");
const ONE: &str = pr!("/comments/{comment_id}");
const RESOLVE: &str = pr!("/comments/{comment_id}/resolve");

/// A comment as Cloud writes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wire {
    id: Maybe<u64>,
    content: Maybe<Summary>,
    user: Maybe<Account>,
    parent: Maybe<Parent>,
    inline: Maybe<Inline>,
    resolution: Maybe<Value>,
    deleted: Maybe<bool>,
    created_on: Maybe<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Parent {
    id: Maybe<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Inline {
    path: Maybe<String>,
    to: Maybe<u64>,
    from: Maybe<u64>,
}

impl Inline {
    fn anchor(self) -> Option<Anchor> {
        let side = if self.to.is_none() && self.from.is_some() { Side::Old } else { Side::New };
        Some(Anchor { path: self.path.0?, line: self.to.0.or(self.from.0), side })
    }
}

impl Wire {
    pub(super) fn decode(self) -> std::result::Result<Comment, Lacks> {
        Ok(Comment {
            id: self.id.0.ok_or(Lacks("the comment's number"))?,
            text: self.content.0.and_then(|content| content.raw.0).unwrap_or_default(),
            author: person(self.user),
            reply_to: self.parent.0.and_then(|parent| parent.id.0),
            anchor: self.inline.0.and_then(Inline::anchor),
            resolved: self.resolution.0.is_some_and(|resolution| !resolution.is_null()),
            deleted: self.deleted.0.unwrap_or_default(),
            at: self.created_on.map_or(0, |at| at.0),
        })
    }
}

/// All of them, the oldest first.
pub(super) async fn list(cloud: &Cloud, pr: &PrName, limit: usize) -> Result<Vec<Comment>> {
    let request = cloud.in_pr((Method::GET, "list the comments"), LIST, pr, &[])?;
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let found: Vec<Wire> = listed(&cloud.api, request, limit).await?;
    Ok(found.into_iter().filter_map(|comment| comment.decode().ok()).collect())
}

/// One of them.
pub(super) async fn one(cloud: &Cloud, pr: &PrName, id: u64) -> Result<Comment> {
    let request = cloud.in_pr((Method::GET, "show the comment"), ONE, pr, &[&id.to_string()])?;
    let found: Wire = cloud.api.read(&request).await?;
    Ok(found.decode()?)
}

async fn latest(cloud: &Cloud, pr: &PrName) -> Result<Vec<Comment>> {
    let request = cloud.in_pr((Method::GET, "look for the comment"), LIST, pr, &[])?;
    let request = request.query("sort", "-created_on").query("pagelen", &LARGEST_PAGE.to_string());
    let found: Vec<Wire> = listed(&cloud.api, request, LARGEST_PAGE).await?;
    Ok(found.into_iter().filter_map(|comment| comment.decode().ok()).collect())
}

/// Posts one.
pub(super) async fn add(cloud: &Cloud, pr: &PrName, new: &NewComment) -> Result<Comment> {
    let request = cloud.in_pr((Method::POST, "post the comment"), LIST, pr, &[])?.json(body(new));
    let posted = cloud.api.read(&request).await;
    match posted.and_then(decode_done) {
        Ok(posted) => Ok(posted),
        Err(failed) => {
            let look = async { doubt::posted(cloud, &cloud.api, new, latest(cloud, pr).await?).await };
            doubt::look(failed, look).await
        }
    }
}

fn body(new: &NewComment) -> Value {
    let mut body = json!({"content": {"raw": new.text}});
    if let Some(parent) = new.reply_to {
        body["parent"] = json!({"id": parent});
    }
    if let Some(anchor) = &new.anchor {
        body["inline"] = json!({"path": anchor.path});
        if let Some(line) = anchor.line {
            let side = if anchor.side == Side::New { "to" } else { "from" };
            body["inline"][side] = json!(line);
        }
    }
    body
}

fn decode_done(found: Wire) -> std::result::Result<Comment, Failed> {
    let decoded = found.decode();
    decoded.map_err(|lacks| Failed::Other(Error::InDoubt(Error::from(lacks).to_string().into())))
}

/// Says something else instead; twice the same is as good as once.
pub(super) async fn edit(cloud: &Cloud, pr: &PrName, id: u64, text: &str) -> Result<Comment> {
    let request = cloud.in_pr((Method::PUT, "edit the comment"), ONE, pr, &[&id.to_string()])?;
    let request = request.json(json!({"content": {"raw": text}})).repeatable();
    let edited: Wire = cloud.api.read(&request).await?;
    Ok(edited.decode()?)
}

/// Deletes one.
pub(super) async fn delete(cloud: &Cloud, pr: &PrName, id: u64) -> Result<()> {
    let request = cloud.in_pr((Method::DELETE, "delete the comment"), ONE, pr, &[&id.to_string()])?;
    cloud.api.send(&request).await?;
    Ok(())
}

/// Settles a thread, or opens it again. A 409 says that it is settled already.
pub(super) async fn resolve(cloud: &Cloud, pr: &PrName, id: u64, resolved: bool) -> Result<()> {
    let ask = if resolved {
        (Method::POST, "settle the thread")
    } else {
        (Method::DELETE, "open the thread again")
    };
    let request = cloud.in_pr(ask, RESOLVE, pr, &[&id.to_string()])?.repeatable();
    match cloud.api.send(&request).await {
        Ok(_) => Ok(()),
        Err(failed) if resolved && failed.status() == Some(409) => Ok(()),
        Err(failed) if failed.status() == Some(403) => Err(not_on_the_change(failed)),
        Err(failed) => Err(failed.into()),
    }
}

fn not_on_the_change(failed: Failed) -> Error {
    let mut error = Error::from(failed);
    if let Error::Forbidden(said) = &mut error {
        said.words.push_str(" Only a thread that begins on a line of the change can be settled.");
    }
    error
}

/// Where people read a comment.
pub(super) fn url(pr: &PullRequest, id: u64) -> String {
    format!("{}/_/diff#comment-{id}", pr.url)
}
