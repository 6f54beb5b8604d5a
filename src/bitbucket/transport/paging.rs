//! Reading lists page by page, by Cloud's opaque `next` and by Data Center's `nextPageStart`, holding one
//! page at a time.

use std::collections::VecDeque;
use std::result::Result;
use std::time::Duration;

use futures_util::stream::{Stream, try_unfold};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::bitbucket::lenient::{Listed, Maybe};

use super::api::Api;
use super::refusal::Failed;
use super::request::Request;

/// A list that goes on and on without an entry is left there.
const MOST_EMPTY_PAGES: usize = 20;

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Page<T> {
    #[serde(default)]
    values: Listed<T>,
    #[serde(default)]
    next: Maybe<String>,
    #[serde(default, rename = "isLastPage")]
    is_last: Maybe<bool>,
    #[serde(default, rename = "nextPageStart")]
    next_page_start: Maybe<u64>,
}

/// A list that is being read.
pub(in crate::bitbucket) struct Pages<T> {
    api: Api,
    next: Option<Result<Request, Failed>>,
    ready: VecDeque<T>,
    left: usize,
    empty: usize,
}

impl<T: DeserializeOwned> Pages<T> {
    /// The list that begins with this page; no more than so many entries of it are read.
    pub(in crate::bitbucket) fn new(api: &Api, first: Request, most: usize) -> Self {
        Self { api: api.clone(), next: Some(Ok(first)), ready: VecDeque::new(), left: most, empty: 0 }
    }

    /// The next entry. Each page has a time of its own, unless the whole operation has one.
    pub(in crate::bitbucket) async fn next(&mut self) -> Result<Option<T>, Failed> {
        while self.left > 0 {
            if let Some(entry) = self.ready.pop_front() {
                self.left -= 1;
                return Ok(Some(entry));
            }
            let Some(request) = self.next.take() else {
                return Ok(None);
            };
            self.turn(request?).await?;
        }
        Ok(None)
    }

    /// All of them at once.
    pub(in crate::bitbucket) async fn all(mut self) -> Result<Vec<T>, Failed> {
        self.rest().await
    }

    /// All of them at once, and whether the list goes on after them.
    pub(in crate::bitbucket) async fn all_and_more(mut self) -> Result<(Vec<T>, bool), Failed> {
        let found = self.rest().await?;
        let more = !self.ready.is_empty() || self.next.is_some();
        Ok((found, more))
    }

    async fn rest(&mut self) -> Result<Vec<T>, Failed> {
        let mut found = Vec::new();
        while let Some(entry) = self.next().await? {
            found.push(entry);
        }
        Ok(found)
    }

    /// One after the other.
    pub(in crate::bitbucket) fn stream(self) -> impl Stream<Item = Result<T, Failed>> {
        try_unfold(self, |mut pages| async move {
            let entry = pages.next().await?;
            Ok(entry.map(|entry| (entry, pages)))
        })
    }

    async fn turn(&mut self, request: Request) -> Result<(), Failed> {
        let page: Page<T> = self.api.begun(Duration::ZERO).read(&request).await?;
        self.empty = if page.values.0.is_empty() { self.empty + 1 } else { 0 };
        self.ready = page.values.0.into();
        if self.empty < MOST_EMPTY_PAGES {
            self.next = match (page.next.0, page.next_page_start.0) {
                (Some(next), _) => Some(self.api.own_url(&request.url, &next).map(|url| request.at(url))),
                (None, Some(start)) if page.is_last.0 == Some(false) => {
                    Some(Ok(request.requery("start", &start.to_string())))
                }
                _ => None,
            };
        }
        Ok(())
    }
}

/// A whole list, or as much of it as `most`.
pub(in crate::bitbucket) async fn listed<T: DeserializeOwned>(
    api: &Api,
    first: Request,
    most: usize,
) -> Result<Vec<T>, Failed> {
    Pages::new(api, first, most).all().await
}
