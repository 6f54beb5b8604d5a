//! A browser small enough for tests and for the demo's own walk: pages, cookies, redirects, buttons.

mod html;

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{self, HeaderMap};
use reqwest::redirect::Policy;
use url::Url;

use html::{forms, words};

/// The most redirects that are followed for one page.
const HOPS: usize = 10;

/// Why a page could not be had.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    #[error("the browser cannot be built or reach the page: {0}")]
    Unreachable(#[from] reqwest::Error),
    #[error("`{0}` is not a URL")]
    NotAUrl(String),
    #[error("there is no button `{label}` on {url}; there are: {found}")]
    NoSuchButton { label: String, url: String, found: String },
    #[error("more than {HOPS} redirects, the last to {0}")]
    RedirectedForEver(String),
}

/// One answer on the way to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    pub method: String,
    pub url: String,
    pub status: u16,
}

/// What a person sees, and how they came there.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub url: String,
    pub html: String,
    pub headers: HeaderMap,
    /// Every answer on the way, this page's last.
    pub hops: Vec<Hop>,
}

/// Keeps cookies by origin; one browser is one person's.
#[derive(Clone, Debug)]
pub struct Browser {
    client: reqwest::Client,
    jar: BTreeMap<String, Vec<Cookie>>,
}

#[derive(Clone, Debug)]
struct Cookie {
    name: String,
    value: String,
    path: String,
}

impl Page {
    /// The page's words: tags stripped, entities decoded, spaces folded.
    pub fn text(&self) -> String {
        words(&self.html)
    }

    /// The labels of every button, in order.
    pub fn buttons(&self) -> Vec<String> {
        let forms = forms(&self.html).into_iter();
        forms.flat_map(|form| form.buttons).map(|button| button.label).collect()
    }
}

impl Browser {
    pub fn new() -> Result<Self, BrowserError> {
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()?;
        Ok(Self { client, jar: BTreeMap::new() })
    }

    /// Goes to a page, wherever it leads.
    pub async fn open(&mut self, url: &str) -> Result<Page, BrowserError> {
        let url = Url::parse(url).map_err(|_| BrowserError::NotAUrl(url.to_owned()))?;
        self.walk(Method::GET, url, None).await
    }

    /// Presses the button of that label, sending the form it stands in.
    pub async fn press(&mut self, page: &Page, label: &str) -> Result<Page, BrowserError> {
        let mut all = forms(&page.html).into_iter();
        let chosen = all.find_map(|form| {
            let button = form.buttons.iter().position(|button| button.label == label)?;
            Some((form, button))
        });
        let Some((mut form, button)) = chosen else {
            return Err(BrowserError::NoSuchButton {
                label: label.to_owned(),
                url: page.url.clone(),
                found: page.buttons().join(", "),
            });
        };
        form.fields.extend(form.buttons.swap_remove(button).field);
        let not_a_url = || BrowserError::NotAUrl(form.action.clone());
        let here = Url::parse(&page.url).map_err(|_| not_a_url())?;
        let mut to = here.join(&form.action).map_err(|_| not_a_url())?;
        if form.method == "post" {
            return self.walk(Method::POST, to, Some((form.fields, here))).await;
        }
        to.query_pairs_mut().clear().extend_pairs(&form.fields);
        self.walk(Method::GET, to, None).await
    }

    /// The value of a cookie that would be sent to a page.
    pub fn cookie(&self, url: &str, name: &str) -> Option<String> {
        let url = Url::parse(url).ok()?;
        let sent = self.sent_to(&url);
        sent.into_iter().find(|cookie| cookie.name == name).map(|cookie| cookie.value.clone())
    }

    async fn walk(
        &mut self,
        mut method: Method,
        mut url: Url,
        mut form: Option<(Vec<(String, String)>, Url)>,
    ) -> Result<Page, BrowserError> {
        let mut hops = Vec::new();
        loop {
            let response = self.request(&method, &url, form.as_ref()).send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            self.keep_cookies(&url, &headers);
            hops.push(Hop { method: method.to_string(), url: url.to_string(), status });
            let to = redirect(status, &headers, &url);
            let Some(to) = to else {
                let html = response.text().await?;
                let url = url.to_string();
                return Ok(Page { status, url, html, headers, hops });
            };
            if hops.len() > HOPS {
                return Err(BrowserError::RedirectedForEver(to.to_string()));
            }
            if !matches!(status, 307 | 308) {
                (method, form) = (Method::GET, None);
            }
            url = to;
        }
    }

    fn request(
        &self,
        method: &Method,
        url: &Url,
        form: Option<&(Vec<(String, String)>, Url)>,
    ) -> reqwest::RequestBuilder {
        let mut request = self.client.request(method.clone(), url.clone());
        request = request.header(header::ACCEPT, "text/html,application/xhtml+xml");
        let sent = self.sent_to(url).into_iter().map(|cookie| format!("{}={}", cookie.name, cookie.value));
        let cookies = sent.collect::<Vec<_>>().join("; ");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        match form {
            Some((fields, from)) => {
                let origin = from.origin().ascii_serialization();
                request.header(header::ORIGIN, origin).form(fields)
            }
            None => request,
        }
    }

    fn sent_to(&self, url: &Url) -> Vec<&Cookie> {
        let kept = self.jar.get(&url.origin().ascii_serialization());
        let here = |cookie: &&Cookie| covers(&cookie.path, url.path());
        kept.into_iter().flatten().filter(here).collect()
    }

    fn keep_cookies(&mut self, url: &Url, headers: &HeaderMap) {
        let kept = self.jar.entry(url.origin().ascii_serialization()).or_default();
        for line in headers.get_all(header::SET_COOKIE) {
            let Some(line) = line.to_str().ok() else { continue };
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
                continue;
            };
            let attributes: Vec<(String, &str)> = parts
                .map(|part| part.split_once('=').unwrap_or((part, "")))
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect();
            let attribute =
                |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, v)| *v);
            let path = attribute("path").filter(|path| path.starts_with('/')).unwrap_or("/");
            kept.retain(|cookie| cookie.name != name || cookie.path != path);
            let gone =
                attribute("max-age").and_then(|age| age.parse::<i64>().ok()).is_some_and(|age| age <= 0);
            if !gone {
                kept.push(Cookie { name: name.to_owned(), value: value.to_owned(), path: path.to_owned() });
            }
        }
    }
}

/// Whether a cookie's path covers a page's.
fn covers(cookie: &str, page: &str) -> bool {
    let below = page.strip_prefix(cookie);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || cookie.ends_with('/'))
}

fn redirect(status: u16, headers: &HeaderMap, from: &Url) -> Option<Url> {
    let to = headers.get(header::LOCATION).and_then(|to| to.to_str().ok())?;
    matches!(status, 301 | 302 | 303 | 307 | 308).then(|| from.join(to).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_cookie_keeps_to_its_path() {
        assert!(covers("/", "/connect/1") && covers("/connect/1", "/connect/1/confirm"));
        assert!(!covers("/connect/1", "/connect/12"));
    }
}
