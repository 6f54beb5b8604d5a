//! The event table: one row per kind of event, with what each edition calls it and which topic carries it.

use crate::words::names::{RepoName, Topic};
use crate::words::pull_request::{Person, PullRequest, State};

use super::lenient::{Lacks, NotRead};
use super::site::Edition;

/// What happened, in one vocabulary for both editions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A pull request was opened.
    Opened,
    /// Its title, description, target or reviewers changed.
    Updated,
    /// Its source branch moved.
    Pushed,
    /// Reviewers were added or removed.
    ReviewersChanged,
    /// Somebody approved.
    Approved,
    /// Somebody took an approval (or any verdict) back.
    Unapproved,
    /// Somebody wants changes.
    ChangesRequested,
    /// Somebody no longer wants changes.
    ChangesWithdrawn,
    /// It was merged.
    Merged,
    /// It was declined.
    Declined,
    /// It was deleted.
    Deleted,
    /// Somebody commented.
    Commented,
    /// A comment was edited.
    CommentEdited,
    /// A comment was deleted.
    CommentDeleted,
    /// A thread of comments was resolved.
    ThreadResolved,
    /// A thread of comments was opened again.
    ThreadReopened,
}

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// What happened.
    pub kind: Kind,
    /// What Bitbucket Cloud calls it.
    pub cloud: &'static [&'static str],
    /// What Data Center calls it, and has called it.
    pub datacenter: &'static [&'static str],
    /// The topic that carries it; without one it only brings a card up to date.
    pub topic: Option<Topic>,
}

const fn row(
    kind: Kind,
    cloud: &'static [&'static str],
    datacenter: &'static [&'static str],
    topic: Option<Topic>,
) -> Row {
    Row { kind, cloud, datacenter, topic }
}

/// Every kind of event that is understood.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(Kind::Opened,           &["pullrequest:created"],                 &["pr:opened"],                                              Some(Topic::Opened)),
    row(Kind::Updated,          &["pullrequest:updated"],                 &["pr:modified", "pr:to_ref_updated"],                       None),
    row(Kind::Pushed,           &["pullrequest:push"],                    &["pr:from_ref_updated"],                                    None),
    row(Kind::ReviewersChanged, &[],                                      &["pr:reviewer:updated"],                                    None),
    row(Kind::Approved,         &["pullrequest:approved"],                &["pr:reviewer:approved"],                                   Some(Topic::Approved)),
    row(Kind::Unapproved,       &["pullrequest:unapproved"],              &["pr:reviewer:unapproved"],                                 None),
    row(Kind::ChangesRequested, &["pullrequest:changes_request_created"], &["pr:reviewer:needs_work", "pr:reviewer:changes_requested"], None),
    row(Kind::ChangesWithdrawn, &["pullrequest:changes_request_removed"], &[],                                                         None),
    row(Kind::Merged,           &["pullrequest:fulfilled"],               &["pr:merged"],                                              Some(Topic::Merged)),
    row(Kind::Declined,         &["pullrequest:rejected"],                &["pr:declined"],                                            None),
    row(Kind::Deleted,          &[],                                      &["pr:deleted"],                                             None),
    row(Kind::Commented,        &["pullrequest:comment_created"],         &["pr:comment:added"],                                       None),
    row(Kind::CommentEdited,    &["pullrequest:comment_updated"],         &["pr:comment:edited"],                                      None),
    row(Kind::CommentDeleted,   &["pullrequest:comment_deleted"],         &["pr:comment:deleted"],                                     None),
    row(Kind::ThreadResolved,   &["pullrequest:comment_resolved"],        &[],                                                         None),
    row(Kind::ThreadReopened,   &["pullrequest:comment_reopened"],        &[],                                                         None),
];

/// What Bitbucket Cloud also sends, and no topic carries.
const QUIET_ON_CLOUD: &[&str] = &[
    "repo:push",
    "repo:fork",
    "repo:updated",
    "repo:transfer",
    "repo:created",
    "repo:deleted",
    "repo:imported",
    "repo:commit_comment_created",
    "repo:commit_status_created",
    "repo:commit_status_updated",
    "issue:created",
    "issue:updated",
    "issue:comment_created",
    "project:updated",
    "pipeline:span_created",
];

/// What Data Center also sends, and no topic carries.
const QUIET_ON_DATA_CENTER: &[&str] = &[
    "repo:refs_changed",
    "repo:modified",
    "repo:forked",
    "repo:comment:added",
    "repo:comment:edited",
    "repo:comment:deleted",
    "repo:secret_detected",
    "mirror:repo_synchronized",
    "project:modified",
];

const PING: &str = "diagnostics:ping";

/// What Data Center may send, by its documents, and refuses when a webhook asks for it.
const REFUSED_BY_DATA_CENTER: &[&str] = &["pr:to_ref_updated", "pr:reviewer:changes_requested"];

impl Kind {
    /// The keys a webhook may ask for on this edition.
    pub(super) fn accepted(self, edition: Edition) -> impl Iterator<Item = &'static str> {
        let row = TABLE.iter().find(|row| row.kind == self);
        let keys = row.map_or(&[][..], |row| match edition {
            Edition::Cloud => row.cloud,
            Edition::DataCenter => row.datacenter,
        });
        keys.iter().copied().filter(|key| !REFUSED_BY_DATA_CENTER.contains(key))
    }

    /// The topic that carries it.
    pub fn topic(self) -> Option<Topic> {
        TABLE.iter().find(|row| row.kind == self).and_then(|row| row.topic)
    }
}

/// Whether a delivery only asks if somebody is there: answer, and keep nothing.
pub fn is_ping(key: &str) -> bool {
    key == PING
}

/// The kind an event key stands for on this edition.
pub(super) fn kind_of(edition: Edition, key: &str) -> Result<Kind, Dropped> {
    if is_ping(key) {
        return Err(Dropped::Ping);
    }
    if let Some(kind) = find(edition, key) {
        return Ok(kind);
    }
    let quiet = match edition {
        Edition::Cloud => QUIET_ON_CLOUD,
        Edition::DataCenter => QUIET_ON_DATA_CENTER,
    };
    if quiet.contains(&key) {
        return Err(Dropped::NoTopic(key.to_owned()));
    }
    let foreign = find(Edition::Cloud, key).is_some() || QUIET_ON_CLOUD.contains(&key);
    if edition == Edition::DataCenter && foreign {
        return Err(Dropped::AddOn);
    }
    let shown = key.chars().filter(|c| !c.is_control()).take(60);
    Err(Dropped::Unknown(shown.collect()))
}

fn find(edition: Edition, key: &str) -> Option<Kind> {
    let named = |row: &&Row| match edition {
        Edition::Cloud => row.cloud.contains(&key),
        Edition::DataCenter => row.datacenter.contains(&key),
    };
    TABLE.iter().find(named).map(|row| row.kind)
}

/// Something that happened on Bitbucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub kind: Kind,
    /// Who did it.
    pub actor: Person,
    /// Where.
    pub repo: RepoName,
    /// The pull request it is about, as it stood then.
    pub pull_request: Option<PullRequest>,
    /// When, in epoch milliseconds.
    pub at: i64,
}

impl Event {
    /// An event about a pull request. What the kind says wins over what the payload forgot to say.
    pub(super) fn about(kind: Kind, actor: Person, mut pr: PullRequest, at: i64) -> Self {
        match kind {
            Kind::Merged => pr.state = State::Merged,
            Kind::Declined => pr.state = State::Declined,
            _ => {}
        }
        if matches!(kind, Kind::Merged | Kind::Declined) && pr.closed_by.is_none() {
            pr.closed_by = Some(actor.clone());
        }
        if pr.updated_at == 0 {
            pr.updated_at = at;
        }
        Self { kind, actor, repo: pr.name.repo.clone(), pull_request: Some(pr), at }
    }
}

/// Why a delivery came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Dropped {
    /// It only asked whether somebody is there.
    #[error("it is a test of the connection")]
    Ping,
    /// No such event.
    #[error("`{0}` is not an event of this Bitbucket")]
    Unknown(String),
    /// A real event, which nobody can subscribe to.
    #[error("no topic carries `{0}`")]
    NoTopic(String),
    /// The format of a third-party add-on.
    #[error("it is in the format of a webhook add-on; make the webhook in Bitbucket's own settings")]
    AddOn,
    /// Not JSON.
    #[error("it is not JSON")]
    NotJson,
    /// Without what its event should carry.
    #[error("it lacks {0}")]
    Lacks(&'static str),
}

impl From<Lacks> for Dropped {
    fn from(Lacks(what): Lacks) -> Self {
        Self::Lacks(what)
    }
}

impl From<NotRead> for Dropped {
    fn from(why: NotRead) -> Self {
        match why {
            NotRead::NotJson => Self::NotJson,
            NotRead::OtherShape => Self::Lacks("everything: it is not a JSON object"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_the_same_both_ways() {
        for row in TABLE {
            assert!(!row.cloud.is_empty() || !row.datacenter.is_empty(), "{:?} is never sent", row.kind);
            assert_eq!(row.kind.topic(), row.topic, "{:?} has two rows", row.kind);
            for (edition, keys) in [(Edition::Cloud, row.cloud), (Edition::DataCenter, row.datacenter)] {
                for key in keys {
                    assert_eq!(kind_of(edition, key), Ok(row.kind), "{key}");
                }
            }
        }
        for topic in Topic::ALL {
            let carried = TABLE.iter().filter(|row| row.topic == Some(topic));
            let everywhere = carried.filter(|row| !row.cloud.is_empty() && !row.datacenter.is_empty());
            assert_eq!(everywhere.count(), 1, "{topic}");
        }
    }

    #[test]
    fn what_is_quiet_says_so_and_what_is_unknown_too() {
        for (edition, quiet) in
            [(Edition::Cloud, QUIET_ON_CLOUD), (Edition::DataCenter, QUIET_ON_DATA_CENTER)]
        {
            for key in quiet {
                assert_eq!(kind_of(edition, key), Err(Dropped::NoTopic((*key).to_owned())));
            }
            assert_eq!(kind_of(edition, PING), Err(Dropped::Ping));
            let unknown = kind_of(edition, "repo:\u{7}exploded").unwrap_err();
            assert_eq!(unknown.to_string(), "`repo:exploded` is not an event of this Bitbucket");
        }
        assert_eq!(kind_of(Edition::DataCenter, "pullrequest:created"), Err(Dropped::AddOn));
    }
}
