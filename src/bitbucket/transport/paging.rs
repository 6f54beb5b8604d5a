//! Reading lists page by page: by Cloud's opaque `next`, by Data Center's `nextPageStart`.

use std::result::Result;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::bitbucket::lenient::{Listed, Maybe};

use super::api::Api;
use super::refusal::Failed;
use super::request::Request;

/// However long a list says it is.
const MOST_PAGES: usize = 20;

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

/// Follows `next` until `limit` entries are there; each step stays on the API's own host.
pub(in crate::bitbucket) async fn by_next<T: DeserializeOwned>(
    api: &Api,
    first: Request,
    limit: usize,
) -> Result<Vec<T>, Failed> {
    let mut request = first;
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES {
        let page: Page<T> = api.read(&request).await?;
        found.extend(page.values.0);
        let Some(next) = page.next.0.filter(|_| found.len() < limit) else {
            break;
        };
        let next = api.own_url(&request.url, &next)?;
        request = request.at(next);
    }
    found.truncate(limit);
    Ok(found)
}

/// Counts on with `nextPageStart` until `limit` entries are there.
pub(in crate::bitbucket) async fn by_start<T: DeserializeOwned>(
    api: &Api,
    first: Request,
    limit: usize,
) -> Result<Vec<T>, Failed> {
    let mut request = first;
    let mut found = Vec::new();
    for _ in 0..MOST_PAGES {
        let page: Page<T> = api.read(&request).await?;
        found.extend(page.values.0);
        let more = page.is_last.0 == Some(false) && found.len() < limit;
        let Some(start) = page.next_page_start.0.filter(|_| more) else {
            break;
        };
        request = request.requery("start", &start.to_string());
    }
    found.truncate(limit);
    Ok(found)
}
