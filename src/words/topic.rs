//! What a channel can ask to be told about, each by a word of its own, and the groups people name them by.

use std::fmt;
use std::str::FromStr;

use super::names::shown;
use super::{Advice, serde_as_text};

macro_rules! topics {
    ($($(#[$doc:meta])+ $name:ident = $word:literal, $group:ident;)+) => {
        /// What a channel can ask to be told about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Topic {
            $($(#[$doc])+ $name,)+
        }

        impl Topic {
            /// Every topic, as help and tables list them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word people type.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)+ }
            }

            /// The group it belongs to.
            pub fn group(self) -> Group {
                match self { $(Self::$name => Group::$group,)+ }
            }
        }
    };
}

topics! {
    /// A pull request was opened.
    Opened = "opened", Pr;
    /// Its title, description or target changed.
    Updated = "updated", Pr;
    /// Its source branch moved.
    Pushed = "pushed", Pr;
    /// It is a draft, or one again.
    Draft = "draft", Pr;
    /// It is a draft no more.
    Ready = "ready", Pr;
    /// Somebody was asked to review it, or is no longer.
    Reviewers = "reviewers", Reviews;
    /// Somebody approved.
    Approved = "approved", Reviews;
    /// Somebody took an approval back.
    Unapproved = "unapproved", Reviews;
    /// Somebody asked for changes.
    ChangesRequested = "changes-requested", Reviews;
    /// Somebody no longer asks for changes.
    ChangesWithdrawn = "changes-withdrawn", Reviews;
    /// Somebody commented.
    Commented = "commented", Comments;
    /// A comment was edited.
    CommentEdited = "comment-edited", Comments;
    /// A comment was deleted.
    CommentDeleted = "comment-deleted", Comments;
    /// A thread was resolved, or opened again.
    CommentResolved = "comment-resolved", Comments;
    /// A task was set, done or opened again.
    Task = "task", Comments;
    /// It was merged.
    Merged = "merged", Pr;
    /// It was declined.
    Declined = "declined", Pr;
    /// It was opened again after it was declined.
    Reopened = "reopened", Pr;
    /// It was deleted.
    Deleted = "deleted", Pr;
    /// Its branches are in each other's way.
    Conflict = "conflict", Pr;
    /// A build of its newest commit ended.
    Checks = "checks", Builds;
    /// Commits were pushed to a branch.
    Push = "push", Commits;
    /// A branch was pushed by force.
    ForcePush = "force-push", Commits;
    /// A branch was made.
    BranchCreated = "branch-created", Branches;
    /// A branch was deleted.
    BranchDeleted = "branch-deleted", Branches;
    /// A tag was set.
    TagCreated = "tag-created", Branches;
    /// A tag was deleted.
    TagDeleted = "tag-deleted", Branches;
    /// Somebody commented on a commit.
    CommitCommented = "commit-commented", Commits;
    /// A build failed.
    BuildFailed = "build-failed", Builds;
    /// A build passed that had failed before.
    BuildFixed = "build-fixed", Builds;
    /// A build passed.
    BuildPassed = "build-passed", Builds;
    /// A build began.
    BuildStarted = "build-started", Builds;
    /// Something was deployed.
    Deployment = "deployment", Builds;
    /// The repository was forked.
    Forked = "forked", Repository;
    /// Its name, description or settings changed.
    RepoUpdated = "repo-updated", Repository;
    /// It belongs to somebody else now.
    RepoTransferred = "repo-transferred", Repository;
    /// Who may do what there changed.
    Permissions = "permissions", Repository;
}

/// Topics that people name together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    /// How a pull request fares.
    Pr,
    /// What reviewers say.
    Reviews,
    /// What is said about it.
    Comments,
    /// What is pushed.
    Commits,
    /// Branches and tags.
    Branches,
    /// What is built.
    Builds,
    /// The repository itself; only `all` holds these.
    Repository,
}

/// The words of the groups.
const GROUPS: [(&str, Group); 6] = [
    ("pr", Group::Pr),
    ("reviews", Group::Reviews),
    ("comments", Group::Comments),
    ("commits", Group::Commits),
    ("branches", Group::Branches),
    ("builds", Group::Builds),
];

impl Topic {
    /// What a new subscription tells where nothing is named; pushes to the main branch only.
    pub const USUAL: &[Self] = &[
        Self::Opened,
        Self::Ready,
        Self::Approved,
        Self::ChangesRequested,
        Self::Merged,
        Self::Declined,
        Self::Push,
        Self::BuildFailed,
        Self::BuildFixed,
    ];

    /// Whether it is of a pull request, which has a card.
    pub fn has_card(self) -> bool {
        matches!(self.group(), Group::Pr | Group::Reviews | Group::Comments) || self == Self::Checks
    }

    /// The word of its group; none for what only `all` holds.
    pub fn group_word(self) -> Option<&'static str> {
        GROUPS.iter().find(|(_, group)| *group == self.group()).map(|(word, _)| *word)
    }

    /// The topics a word stands for: its own, a group's, `all` or `none`.
    pub fn named(word: &str) -> Result<Vec<Self>, Advice> {
        let of = |wanted: Group| Self::ALL.iter().copied().filter(|topic| topic.group() == wanted).collect();
        match word.to_ascii_lowercase().as_str() {
            "all" => Ok(Self::ALL.to_vec()),
            "none" => Ok(Vec::new()),
            word => match GROUPS.iter().find(|(name, _)| *name == word) {
                Some((_, group)) => Ok(of(*group)),
                None => word.parse().map(|topic| vec![topic]),
            },
        }
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl FromStr for Topic {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let named = |topic: &&Self| topic.word().eq_ignore_ascii_case(text);
        Self::ALL.iter().find(named).copied().ok_or_else(|| {
            let groups: Vec<&str> = GROUPS.iter().map(|(word, _)| *word).collect();
            let all: Vec<&str> = Self::ALL.iter().map(|topic| topic.word()).collect();
            Advice(format!(
                "`{}` is not a topic; there are the groups {}, all, none, and: {}.",
                shown(text),
                groups.join(", "),
                all.join(", ")
            ))
        })
    }
}
serde_as_text!(Topic);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_in_all_and_most_in_a_group() {
        let all = Topic::named("ALL").unwrap();
        assert_eq!((all.len(), Topic::named("none").unwrap().len()), (37, 0));
        for topic in all {
            assert_eq!(topic.word().parse::<Topic>().unwrap(), topic);
            if let Some(group) = topic.group_word() {
                assert!(Topic::named(group).unwrap().contains(&topic), "{topic}");
            }
        }
        let words = |word: &str| Topic::named(word).unwrap().into_iter().map(Topic::word).collect::<Vec<_>>();
        assert_eq!(words("commits"), ["push", "force-push", "commit-commented"]);
        assert_eq!(words("branches"), ["branch-created", "branch-deleted", "tag-created", "tag-deleted"]);
        assert!(Topic::named("sung").is_err());
    }
}
