//! Data Center has no pipelines of its own: it builds elsewhere, and is told how that went.

use std::future::ready;

use crate::bitbucket::{Error, Result};
use crate::words::names::RepoName;
use crate::words::pipeline::{Deployment, NewRun, Run, Step};

use super::DataCenter;

fn none<T>() -> impl Future<Output = Result<T>> {
    let words = "Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what \
                 was built.";
    ready(Err(Error::NotOffered(words.to_owned())))
}

pub(super) fn list(
    _: &DataCenter,
    _: &RepoName,
    _: Option<&str>,
    _: usize,
) -> impl Future<Output = Result<Vec<Run>>> {
    none()
}

pub(super) fn one(_: &DataCenter, _: &RepoName, _: &str) -> impl Future<Output = Result<Run>> {
    none()
}

pub(super) fn steps(_: &DataCenter, _: &RepoName, _: &str) -> impl Future<Output = Result<Vec<Step>>> {
    none()
}

pub(super) fn start(_: &DataCenter, _: &RepoName, _: &NewRun) -> impl Future<Output = Result<Run>> {
    none()
}

pub(super) fn stop(_: &DataCenter, _: &RepoName, _: &str) -> impl Future<Output = Result<()>> {
    none()
}

pub(super) fn log(_: &DataCenter, _: &RepoName, _: &str, _: &str) -> impl Future<Output = Result<String>> {
    none()
}

pub(super) fn deployments(
    _: &DataCenter,
    _: &RepoName,
    _: usize,
) -> impl Future<Output = Result<Vec<Deployment>>> {
    none()
}
