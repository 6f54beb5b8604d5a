//! One row per kind of event: what each edition calls it in a delivery.

use std::collections::BTreeSet;

use super::{Dropped, Kind, Source};
use crate::bitbucket::site::Edition;
use crate::words::names::Topic;

/// One row of the table.
#[derive(Debug)]
pub struct Row {
    /// What happened.
    pub kind: Kind,
    /// What Bitbucket Cloud calls it.
    pub cloud: &'static [&'static str],
    /// What Data Center calls it, and has called it.
    pub datacenter: &'static [&'static str],
}

const fn row(kind: Kind, cloud: &'static [&'static str], datacenter: &'static [&'static str]) -> Row {
    Row { kind, cloud, datacenter }
}

/// Every kind of event that is understood.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    row(Kind::Opened,           &["pullrequest:created"],                 &["pr:opened"]),
    row(Kind::Updated,          &["pullrequest:updated"],                 &["pr:modified", "pr:to_ref_updated"]),
    row(Kind::Pushed,           &["pullrequest:push"],                    &["pr:from_ref_updated"]),
    row(Kind::ReviewersChanged, &[],                                      &["pr:reviewer:updated"]),
    row(Kind::Approved,         &["pullrequest:approved"],                &["pr:reviewer:approved"]),
    row(Kind::Unapproved,       &["pullrequest:unapproved"],              &["pr:reviewer:unapproved"]),
    row(Kind::ChangesRequested, &["pullrequest:changes_request_created"], &["pr:reviewer:needs_work", "pr:reviewer:changes_requested"]),
    row(Kind::ChangesWithdrawn, &["pullrequest:changes_request_removed"], &[]),
    row(Kind::Merged,           &["pullrequest:fulfilled"],               &["pr:merged"]),
    row(Kind::Declined,         &["pullrequest:rejected"],                &["pr:declined"]),
    row(Kind::Deleted,          &[],                                      &["pr:deleted"]),
    row(Kind::Commented,        &["pullrequest:comment_created"],         &["pr:comment:added"]),
    row(Kind::CommentEdited,    &["pullrequest:comment_updated"],         &["pr:comment:edited"]),
    row(Kind::CommentDeleted,   &["pullrequest:comment_deleted"],         &["pr:comment:deleted"]),
    row(Kind::ThreadResolved,   &["pullrequest:comment_resolved"],        &[]),
    row(Kind::ThreadReopened,   &["pullrequest:comment_reopened"],        &[]),
    row(Kind::RefsChanged,      &["repo:push"],                           &["repo:refs_changed"]),
    row(Kind::BuildReported,    &["repo:commit_status_created", "repo:commit_status_updated"], &[]),
    row(Kind::CommitCommented,  &["repo:commit_comment_created"],         &["repo:comment:added"]),
    row(Kind::Forked,           &["repo:fork"],                           &["repo:forked"]),
    row(Kind::RepoUpdated,      &["repo:updated"],                        &["repo:modified"]),
    row(Kind::RepoTransferred,  &["repo:transfer"],                       &[]),
];

/// What Bitbucket Cloud also sends, and no topic carries.
const QUIET_ON_CLOUD: &[&str] = &[
    "repo:created",
    "repo:deleted",
    "repo:imported",
    "issue:created",
    "issue:updated",
    "issue:comment_created",
    "project:updated",
    "pipeline:span_created",
];

/// What Data Center also sends, and no topic carries.
const QUIET_ON_DATA_CENTER: &[&str] = &[
    "repo:comment:edited",
    "repo:comment:deleted",
    "repo:secret_detected",
    "mirror:repo_synchronized",
    "project:modified",
];

const PING: &str = "diagnostics:ping";

/// What Data Center may send, by its documents, and refuses when a webhook asks for it.
const REFUSED_BY_DATA_CENTER: &[&str] = &["pr:to_ref_updated", "pr:reviewer:changes_requested"];

/// What keeps a card true, besides what a channel is told of: who reviews and how, what was said, how it ended.
const CARD: &[Kind] = &[
    Kind::Opened,
    Kind::Updated,
    Kind::Pushed,
    Kind::ReviewersChanged,
    Kind::Approved,
    Kind::Unapproved,
    Kind::ChangesRequested,
    Kind::ChangesWithdrawn,
    Kind::Merged,
    Kind::Declined,
    Kind::Deleted,
    Kind::Commented,
    Kind::CommentDeleted,
    Kind::BuildReported,
];

/// The kinds of events that news of these topics come from. Whoever is told of pull requests sees their cards,
/// and those are kept true.
pub(in crate::bitbucket) fn kinds_of(edition: Edition, topics: &BTreeSet<Topic>) -> Vec<Kind> {
    let keys_of = |topic: &Topic| Source::of(edition, *topic).keys();
    let card = topics.iter().any(|topic| topic.has_card() && !keys_of(topic).is_empty());
    let wanted = topics.iter().flat_map(keys_of);
    let wanted: Vec<&str> = wanted.copied().collect();
    let asked = |row: &&Row| {
        let keys = row.kind.accepted(edition);
        let named = row.keys(edition).iter().any(|key| wanted.contains(key));
        // A task on Data Center is a comment that is edited when it is done.
        let task = row.kind == Kind::CommentEdited && edition == Edition::DataCenter;
        (named || card && (task || CARD.contains(&row.kind))) && keys.count() > 0
    };
    TABLE.iter().filter(asked).map(|row| row.kind).collect()
}

impl Row {
    fn keys(&self, edition: Edition) -> &'static [&'static str] {
        match edition {
            Edition::Cloud => self.cloud,
            Edition::DataCenter => self.datacenter,
        }
    }
}

impl Kind {
    /// The keys a webhook may ask for on this edition.
    pub(in crate::bitbucket) fn accepted(self, edition: Edition) -> impl Iterator<Item = &'static str> {
        let row = TABLE.iter().find(|row| row.kind == self);
        let keys = row.map_or(&[][..], |row| row.keys(edition));
        keys.iter().copied().filter(|key| !REFUSED_BY_DATA_CENTER.contains(key))
    }
}

/// Whether a delivery only asks if somebody is there: answer, and keep nothing.
pub fn is_ping(key: &str) -> bool {
    key == PING
}

/// The kind an event key stands for on this edition.
pub(in crate::bitbucket) fn kind_of(edition: Edition, key: &str) -> Result<Kind, Dropped> {
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
    TABLE.iter().find(|row| row.keys(edition).contains(&key)).map(|row| row.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_the_same_both_ways() {
        for row in TABLE {
            assert!(!row.cloud.is_empty() || !row.datacenter.is_empty(), "{:?} is never sent", row.kind);
            assert_eq!(TABLE.iter().filter(|other| other.kind == row.kind).count(), 1, "{:?}", row.kind);
            for (edition, keys) in [(Edition::Cloud, row.cloud), (Edition::DataCenter, row.datacenter)] {
                for key in keys {
                    assert_eq!(kind_of(edition, key), Ok(row.kind), "{key}");
                }
            }
        }
    }

    #[test]
    fn a_webhook_is_asked_for_what_is_wanted_and_for_what_cards_show() {
        let keys = |edition, topics: &[Topic]| {
            let kinds = kinds_of(edition, &topics.iter().copied().collect());
            let mut keys: Vec<&str> = kinds.into_iter().flat_map(|kind| kind.accepted(edition)).collect();
            keys.sort_unstable();
            keys
        };
        assert_eq!(keys(Edition::Cloud, &[Topic::Push, Topic::TagCreated]), ["repo:push"]);
        assert_eq!(keys(Edition::DataCenter, &[Topic::ForcePush]), ["repo:refs_changed"]);
        assert_eq!(keys(Edition::DataCenter, &[Topic::BuildFailed, Topic::Conflict]), [""; 0]);
        assert_eq!(
            keys(Edition::Cloud, &[Topic::BuildFailed]),
            ["repo:commit_status_created", "repo:commit_status_updated"]
        );
        let merged = keys(Edition::Cloud, &[Topic::Merged]);
        assert!(merged.contains(&"pullrequest:fulfilled") && merged.contains(&"pullrequest:approved"));
        assert!(!merged.contains(&"repo:push") && !merged.contains(&"pullrequest:comment_updated"));
        let edited = keys(Edition::Cloud, &[Topic::CommentEdited]);
        assert_eq!(edited.len(), merged.len() + 1);
        let every = keys(Edition::DataCenter, Topic::ALL);
        assert!(every.iter().all(|key| !REFUSED_BY_DATA_CENTER.contains(key)));
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
