//! Comments on pull requests on Bitbucket Data Center.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bitbucket::lenient::{Lacks, Listed, Maybe, Moment};
use crate::bitbucket::transport::{Failed, listed};
use crate::bitbucket::{Error, Result, doubt};
use crate::words::comment::{Anchor, Comment, NewComment, Side};
use crate::words::names::PrName;
use crate::words::pull_request::PullRequest;

use super::lines::{Diff, Path};
use super::wire::{User, person};
use super::{DataCenter, LARGEST_PAGE, pr};

const ALL: &str = pr!("/comments");
const ONE: &str = pr!("/comments/{commentId}");
/// How much of the story is looked through for comments.
const LOOK_THROUGH: usize = 2_000;
/// Replies to replies to replies: nobody nests deeper.
const DEEPEST: usize = 20;

/// A comment as Data Center writes it, with those that answer it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Wire {
    pub id: Maybe<u64>,
    version: Maybe<i64>,
    pub text: Maybe<String>,
    pub author: Maybe<User>,
    comments: Listed<Wire>,
    anchor: Maybe<Place>,
    pub state: Maybe<String>,
    thread_resolved: Maybe<bool>,
    pub created_date: Maybe<Moment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Place {
    path: Maybe<Path>,
    line: Maybe<u64>,
    file_type: Maybe<String>,
}

impl Place {
    fn anchor(self) -> Option<Anchor> {
        let side = if self.file_type.as_deref() == Some("FROM") { Side::Old } else { Side::New };
        Some(Anchor { path: self.path.0?.text()?, line: self.line.0, side })
    }
}

impl Wire {
    pub(super) fn decode(self, reply_to: Option<u64>) -> std::result::Result<Comment, Lacks> {
        Ok(Comment {
            id: self.id.0.ok_or(Lacks("the comment's number"))?,
            text: self.text.0.unwrap_or_default(),
            author: person(self.author),
            reply_to,
            anchor: self.anchor.0.and_then(Place::anchor),
            resolved: self.thread_resolved.0.unwrap_or_default() || self.state.as_deref() == Some("RESOLVED"),
            deleted: false,
            at: self.created_date.map_or(0, |at| at.0),
        })
    }

    /// It and all that answer it, each after what it answers.
    fn thread(mut self, reply_to: Option<u64>, depth: usize, found: &mut Vec<Comment>) {
        let replies = std::mem::take(&mut self.comments.0);
        let Ok(comment) = self.decode(reply_to) else { return };
        let id = comment.id;
        found.push(comment);
        if depth < DEEPEST {
            for reply in replies {
                reply.thread(Some(id), depth + 1, found);
            }
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Step {
    action: Maybe<String>,
    comment_action: Maybe<String>,
    comment: Maybe<Wire>,
    comment_anchor: Maybe<Place>,
}

/// All of them, the oldest thread first. The list of comments itself wants a file named, so they are found
/// in the story.
pub(super) async fn list(dc: &DataCenter, pr: &PrName, limit: usize) -> Result<Vec<Comment>> {
    let request = dc.in_pr((Method::GET, "list the comments"), pr!("/activities"), pr, &[])?;
    let request = request.query("limit", &LARGEST_PAGE.to_string());
    let story: Vec<Step> = listed(&dc.api, request, LOOK_THROUGH).await?;
    let mut found = Vec::new();
    for step in story.into_iter().rev() {
        let begins = step.comment_action.0.is_none_or(|action| action == "ADDED");
        if step.action.as_deref() != Some("COMMENTED") || !begins {
            continue;
        }
        let Some(mut comment) = step.comment.0 else { continue };
        if comment.anchor.is_none() {
            comment.anchor = step.comment_anchor;
        }
        comment.thread(None, 0, &mut found);
    }
    found.truncate(limit);
    Ok(found)
}

/// Posts one.
pub(super) async fn add(dc: &DataCenter, pr: &PrName, new: &NewComment) -> Result<Comment> {
    let request = dc.in_pr((Method::POST, "post the comment"), ALL, pr, &[])?;
    let request = request.json(body(dc, pr, new).await?);
    let posted = dc.api.read(&request).await;
    match posted.and_then(|posted: Wire| decode_done(posted, new.reply_to)) {
        Ok(posted) => Ok(posted),
        Err(failed) => {
            let look = async { doubt::posted(dc, &dc.api, new, list(dc, pr, LOOK_THROUGH).await?).await };
            doubt::look(failed, look).await
        }
    }
}

async fn body(dc: &DataCenter, pr: &PrName, new: &NewComment) -> Result<Value> {
    let mut body = json!({"text": new.text});
    if let Some(parent) = new.reply_to {
        body["parent"] = json!({"id": parent});
    }
    if let Some(anchor) = &new.anchor {
        let file_type = if anchor.side == Side::New { "TO" } else { "FROM" };
        body["anchor"] = json!({"path": anchor.path, "diffType": "EFFECTIVE", "fileType": file_type});
        if let Some(line) = anchor.line {
            body["anchor"]["line"] = json!(line);
            body["anchor"]["lineType"] = json!(line_type(dc, pr, anchor, line).await?);
        }
    }
    Ok(body)
}

/// Whether a line is new, gone or as it was: Data Center has no place for a comment that says it wrong.
async fn line_type(dc: &DataCenter, pr: &PrName, anchor: &Anchor, line: u64) -> Result<String> {
    let ask = (Method::GET, "find the line");
    let request = dc.in_pr(ask, pr!("/diff/{path*}"), pr, &[&anchor.path])?;
    let diff: Diff = dc.api.read(&request.query("withComments", "false")).await?;
    let told = diff.kind_at(line, anchor.side == Side::New);
    Ok(told.unwrap_or_else(|| "CONTEXT".to_owned()))
}

pub(super) fn decode_done(found: Wire, reply_to: Option<u64>) -> std::result::Result<Comment, Failed> {
    let decoded = found.decode(reply_to);
    decoded.map_err(|lacks| Failed::Other(Error::InDoubt(Error::from(lacks).to_string().into())))
}

/// Says something else instead.
pub(super) async fn edit(dc: &DataCenter, pr: &PrName, id: u64, text: &str) -> Result<Comment> {
    Ok(put(dc, pr, id, json!({"text": text})).await?.decode(None)?)
}

/// Changes one, naming the version we saw. What is there afterwards settles it, should the answer be lost.
pub(super) async fn put(dc: &DataCenter, pr: &PrName, id: u64, mut body: Value) -> Result<Wire> {
    let now = seen(dc, pr, id).await?;
    let wanted = body.clone();
    body["version"] = json!(now.version.unwrap_or_default());
    let request = dc.in_pr((Method::PUT, "change the comment"), ONE, pr, &[&id.to_string()])?;
    match dc.api.read(&request.json(body)).await {
        Ok(changed) => Ok(changed),
        Err(failed) => {
            doubt::look(failed, async { Ok(Some(seen(dc, pr, id).await?).filter(|now| now.is(&wanted))) })
                .await
        }
    }
}

impl Wire {
    /// Whether it is as was wanted.
    fn is(&self, wanted: &Value) -> bool {
        let same = |field: &str, value: Option<Value>| {
            wanted.get(field).is_none_or(|wanted| Some(wanted) == value.as_ref())
        };
        same("text", self.text.0.clone().map(Value::from))
            && same("state", self.state.0.clone().map(Value::from))
            && same("threadResolved", self.thread_resolved.0.map(Value::from))
    }
}

/// One of them. What it answers is not said of it alone.
pub(super) async fn one(dc: &DataCenter, pr: &PrName, id: u64) -> Result<Comment> {
    Ok(seen(dc, pr, id).await?.decode(None)?)
}

async fn seen(dc: &DataCenter, pr: &PrName, id: u64) -> Result<Wire> {
    let request = dc.in_pr((Method::GET, "show the comment"), ONE, pr, &[&id.to_string()])?;
    Ok(dc.api.read(&request).await?)
}

/// Deletes one; Data Center keeps one that was answered.
pub(super) async fn delete(dc: &DataCenter, pr: &PrName, id: u64) -> Result<()> {
    let now = seen(dc, pr, id).await?;
    let request = dc.in_pr((Method::DELETE, "delete the comment"), ONE, pr, &[&id.to_string()])?;
    let request = request.query("version", &now.version.unwrap_or_default().to_string());
    dc.api.send(&request).await.map_err(Failed::in_its_words)?;
    Ok(())
}

/// Settles a thread, or opens it again.
pub(super) async fn resolve(dc: &DataCenter, pr: &PrName, id: u64, resolved: bool) -> Result<()> {
    put(dc, pr, id, json!({"threadResolved": resolved})).await.map(|_| ())
}

/// Where people read a comment.
pub(super) fn url(pr: &PullRequest, id: u64) -> String {
    format!("{}/overview?commentId={id}", pr.url)
}
