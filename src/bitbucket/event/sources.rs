//! One row per topic: where each edition tells of it, or why it never does.

use crate::bitbucket::site::Edition;
use crate::words::names::Topic;

/// Where an edition's news of a topic comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A webhook of these keys says so.
    Hook(&'static [&'static str]),
    /// It follows from a webhook of these keys; how.
    Derived(&'static [&'static str], &'static str),
    /// Bitbucket is asked; when.
    Asked(&'static str),
    /// It is known when it is done from here.
    Here(&'static str),
    /// It never comes; why.
    Never(&'static str),
}

/// A topic's sources.
#[derive(Debug)]
pub struct Origin {
    /// The topic.
    pub topic: Topic,
    /// On Bitbucket Cloud.
    pub cloud: Source,
    /// On Data Center.
    pub datacenter: Source,
}

use Source::{Asked, Derived, Here, Hook, Never};

const fn from(topic: Topic, cloud: Source, datacenter: Source) -> Origin {
    Origin { topic, cloud, datacenter }
}

const STATUS: &[&str] = &["repo:commit_status_created", "repo:commit_status_updated"];
const NO_BUILDS: Source = Never("Data Center sends nothing of builds");
const ASKED: Source = Asked("when either branch moved, and every 30 minutes of the cards that are out");
const GIVEN_HERE: Source = Here("rights given, taken away or ended with Dipper");
const DEPLOYED: Source = Asked("every five minutes, what has ended; with many repositories, less often");
const UNTOLD: Source = Never("Bitbucket sends nothing of it");

/// Every topic.
#[rustfmt::skip]
pub const SOURCES: &[Origin] = &[
    from(Topic::Opened,           Hook(&["pullrequest:created"]), Hook(&["pr:opened"])),
    from(Topic::Updated,          Derived(&["pullrequest:updated"], "another title, description or target"), Hook(&["pr:modified", "pr:to_ref_updated"])),
    from(Topic::Pushed,           Derived(&["pullrequest:updated", "pullrequest:push"], "another commit"), Hook(&["pr:from_ref_updated"])),
    from(Topic::Draft,            Derived(&["pullrequest:created", "pullrequest:updated"], "a draft now"), Derived(&["pr:opened", "pr:modified"], "a draft now")),
    from(Topic::Ready,            Derived(&["pullrequest:updated"], "no draft any more"), Derived(&["pr:modified"], "no draft any more")),
    from(Topic::Reviewers,        Derived(&["pullrequest:updated"], "other reviewers"), Hook(&["pr:reviewer:updated"])),
    from(Topic::Approved,         Hook(&["pullrequest:approved"]), Hook(&["pr:reviewer:approved"])),
    from(Topic::Unapproved,       Hook(&["pullrequest:unapproved"]), Hook(&["pr:reviewer:unapproved"])),
    from(Topic::ChangesRequested, Hook(&["pullrequest:changes_request_created"]), Hook(&["pr:reviewer:needs_work", "pr:reviewer:changes_requested"])),
    from(Topic::ChangesWithdrawn, Hook(&["pullrequest:changes_request_removed"]), Derived(&["pr:reviewer:unapproved"], "needed work before")),
    from(Topic::Commented,        Hook(&["pullrequest:comment_created"]), Hook(&["pr:comment:added"])),
    from(Topic::CommentEdited,    Hook(&["pullrequest:comment_updated"]), Hook(&["pr:comment:edited"])),
    from(Topic::CommentDeleted,   Hook(&["pullrequest:comment_deleted"]), Hook(&["pr:comment:deleted"])),
    from(Topic::CommentResolved,  Hook(&["pullrequest:comment_resolved", "pullrequest:comment_reopened"]), Derived(&["pr:comment:edited"], "the same words as before")),
    from(Topic::Task,             Never("Cloud sends nothing of tasks"), Derived(&["pr:comment:added", "pr:comment:edited"], "a blocking comment")),
    from(Topic::Merged,           Hook(&["pullrequest:fulfilled"]), Hook(&["pr:merged"])),
    from(Topic::Declined,         Hook(&["pullrequest:rejected"]), Hook(&["pr:declined"])),
    from(Topic::Reopened,         Never("on Cloud what was declined stays so"), Derived(&["pr:modified", "pr:comment:added"], "open, and was declined: with the next event about it")),
    from(Topic::Deleted,          Never("on Cloud no pull request is deleted"), Hook(&["pr:deleted"])),
    from(Topic::Conflict,         ASKED, ASKED),
    from(Topic::Checks,           Derived(STATUS, "a build of an open pull request's newest commit ended"), NO_BUILDS),
    from(Topic::Push,             Hook(&["repo:push"]), Hook(&["repo:refs_changed"])),
    from(Topic::ForcePush,        Derived(&["repo:push"], "marked as forced"), Derived(&["repo:refs_changed"], "commits are gone from the branch")),
    from(Topic::BranchCreated,    Derived(&["repo:push"], "a branch without a past"), Derived(&["repo:refs_changed"], "a branch without a past")),
    from(Topic::BranchDeleted,    Derived(&["repo:push"], "a branch that is gone"), Derived(&["repo:refs_changed"], "a branch that is gone")),
    from(Topic::TagCreated,       Derived(&["repo:push"], "a tag, new or moved"), Derived(&["repo:refs_changed"], "a tag, new or moved")),
    from(Topic::TagDeleted,       Derived(&["repo:push"], "a tag that is gone"), Derived(&["repo:refs_changed"], "a tag that is gone")),
    from(Topic::CommitCommented,  Hook(&["repo:commit_comment_created"]), Hook(&["repo:comment:added"])),
    from(Topic::BuildFailed,      Derived(STATUS, "failed"), NO_BUILDS),
    from(Topic::BuildFixed,       Derived(STATUS, "passed, and failed before"), NO_BUILDS),
    from(Topic::BuildPassed,      Derived(STATUS, "passed"), NO_BUILDS),
    from(Topic::BuildStarted,     Derived(STATUS, "in progress"), NO_BUILDS),
    from(Topic::Deployment,       DEPLOYED, Never("Data Center deploys nothing itself")),
    from(Topic::Forked,           Hook(&["repo:fork"]), Hook(&["repo:forked"])),
    from(Topic::RepoUpdated,      Hook(&["repo:updated"]), Hook(&["repo:modified"])),
    from(Topic::RepoTransferred,  Hook(&["repo:transfer"]), Derived(&["repo:modified"], "in another project")),
    from(Topic::Permissions,      GIVEN_HERE, GIVEN_HERE),
];

impl Source {
    /// Where news of a topic comes from on this edition.
    pub(in crate::bitbucket) fn of(edition: Edition, topic: Topic) -> Self {
        let origin = SOURCES.iter().find(|origin| origin.topic == topic);
        match (origin, edition) {
            (Some(origin), Edition::Cloud) => origin.cloud,
            (Some(origin), Edition::DataCenter) => origin.datacenter,
            (None, _) => UNTOLD,
        }
    }

    /// The keys of the webhooks it comes by.
    pub(in crate::bitbucket) fn keys(self) -> &'static [&'static str] {
        match self {
            Hook(keys) | Derived(keys, _) => keys,
            Asked(_) | Here(_) | Never(_) => &[],
        }
    }

    /// As the README's table says it.
    pub fn in_words(self) -> String {
        let keys = |keys: &[&str]| keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" ");
        match self {
            Hook(names) => keys(names),
            Derived(names, how) => format!("{}: {how}", keys(names)),
            Asked(when) => format!("asked for: {when}"),
            Here(what) => format!("done here: {what}"),
            Never(why) => format!("never: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bitbucket::event::TABLE;

    #[test]
    fn every_topic_has_one_row_and_every_key_is_read() {
        for topic in Topic::ALL {
            assert_eq!(SOURCES.iter().filter(|origin| origin.topic == *topic).count(), 1, "{topic}");
        }
        for Origin { topic, cloud, datacenter } in SOURCES {
            for (source, on_cloud) in [(cloud, true), (datacenter, false)] {
                let (Hook(keys) | Derived(keys, _)) = source else { continue };
                let read = |key| {
                    TABLE.iter().any(|row| (if on_cloud { row.cloud } else { row.datacenter }).contains(key))
                };
                assert!(keys.iter().all(read), "{topic}: {keys:?}");
            }
        }
    }
}
