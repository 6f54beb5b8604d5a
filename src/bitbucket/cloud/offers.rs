//! Everything the trait asks of Bitbucket Cloud.

use super::{
    Cloud, activity, builds, code, comments, commits, hooks, housekeeping, merges, people, pipelines,
    protections, pull_requests, refs, repositories, reviews, rights, tasks,
};
use crate::bitbucket::kept::kept_by;

kept_by!(Cloud);
