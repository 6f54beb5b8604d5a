//! One question to an API, before anybody asks it.

use std::time::Duration;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use crate::bitbucket::credential::Needs;
use crate::bitbucket::{Error, Result};

/// How long one try may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What a token of one's own has to be allowed for what only such a token can do.
const OWN_SCOPES: &[&str] = &[
    "admin:repository:bitbucket",
    "read:permission:bitbucket",
    "write:permission:bitbucket",
    "delete:permission:bitbucket",
];
/// The longest answer that is taken in, unless a call says otherwise.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// A question that knows its address, and whether it may be asked twice.
#[derive(Debug, Clone)]
pub(in crate::bitbucket) struct Request {
    pub(super) operation: &'static str,
    pub(super) template: &'static str,
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Value>,
    pub(super) written_as: Option<&'static str>,
    pub(super) its_end: Option<usize>,
    pub(super) repeatable: bool,
    pub(super) patience: Duration,
    pub(super) largest: usize,
    pub(super) needs: Needs,
    pub(super) scopes: &'static [&'static str],
}

impl Request {
    /// `template` is a path below the API's address, whose `{names}` are filled in with `args` in turn; a
    /// `{name*}` takes all segments of a path. Asking twice is safe by itself, unless by POST.
    pub(super) fn new(
        (method, operation): (Method, &'static str),
        base: &Url,
        template: &'static str,
        args: &[&str],
    ) -> Result<Self> {
        Ok(Self {
            operation,
            template,
            repeatable: matches!(method, Method::GET | Method::DELETE),
            method,
            url: fill_in(base, template, args)?,
            body: None,
            written_as: None,
            its_end: None,
            patience: PATIENCE,
            largest: LARGEST_BODY,
            needs: Needs::Any,
            scopes: &[],
        })
    }

    /// Adds a parameter to the query.
    pub(in crate::bitbucket) fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// Sets a parameter of the query anew.
    pub(super) fn requery(mut self, name: &str, value: &str) -> Self {
        let kept: Vec<(String, String)> = self
            .url
            .query_pairs()
            .filter(|(known, _)| known != name)
            .map(|(known, value)| (known.into_owned(), value.into_owned()))
            .collect();
        self.url.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
        self
    }

    /// Gives it a body.
    pub(in crate::bitbucket) fn json(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    /// Names its body's form, where it is not plain JSON.
    pub(in crate::bitbucket) fn written_as(mut self, form: &'static str) -> Self {
        self.written_as = Some(form);
        self
    }

    /// Asks only for the last so many bytes, wherever they are stored.
    pub(in crate::bitbucket) fn its_end(mut self, bytes: usize) -> Self {
        self.its_end = Some(bytes);
        self
    }

    /// Doing it twice is as good as once.
    pub(in crate::bitbucket) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// It may take longer than others.
    pub(in crate::bitbucket) fn patient(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// An answer longer than this is of no use.
    pub(in crate::bitbucket) fn at_most(mut self, bytes: usize) -> Self {
        self.largest = bytes;
        self
    }

    /// Only a credential that stands for a person can do it.
    pub(in crate::bitbucket) fn by_a_person(mut self) -> Self {
        self.needs = Needs::Person;
        self
    }

    /// Only a token that a person made themselves can do it, whatever they allowed us otherwise.
    pub(in crate::bitbucket) fn by_an_own_token(mut self) -> Self {
        self.needs = Needs::OwnToken;
        self.scopes = OWN_SCOPES;
        self
    }

    /// One of these scopes allows it, the least first: for servers that do not say which one is lacking.
    pub(in crate::bitbucket) fn allowed_by(mut self, scopes: &'static [&'static str]) -> Self {
        self.scopes = scopes;
        self
    }

    /// The same question at another address.
    pub(super) fn at(mut self, url: Url) -> Self {
        self.url = url;
        self
    }
}

/// Names become path segments one by one, so that none can step out of its place.
fn fill_in(base: &Url, template: &str, args: &[&str]) -> Result<Url> {
    let mut url = base.clone();
    let mut args = args.iter();
    {
        let no_address = |()| Error::Unreadable("the API's address is not one of the web.".into());
        let mut segments = url.path_segments_mut().map_err(no_address)?;
        segments.pop_if_empty();
        for part in template.split('/').filter(|part| !part.is_empty()) {
            let named = match part.strip_prefix('{') {
                Some(_) => args.next().copied().unwrap_or_default(),
                None => part,
            };
            let parts = if part.ends_with("*}") { named.split('/') } else { named.split('\0') };
            for part in parts {
                if matches!(part, "" | "." | "..") {
                    return Err(Error::Refused(format!("`{named}` is not a name.").into()));
                }
                segments.push(part);
            }
        }
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(args: &[&str]) -> Result<String> {
        let base = Url::parse("https://api.example.com/2.0/").unwrap();
        fill_in(&base, "/repositories/{workspace}/{repo}/refs", args).map(String::from)
    }

    #[test]
    fn names_stay_in_their_place() {
        assert_eq!(
            filled(&["web", "a/../b?c#d %2e"]).unwrap(),
            "https://api.example.com/2.0/repositories/web/a%2F..%2Fb%3Fc%23d%20%252e/refs"
        );
        for bad in ["", ".", ".."] {
            assert!(matches!(filled(&["web", bad]), Err(Error::Refused(_))));
        }
    }

    #[test]
    fn a_path_keeps_its_segments_and_leaves_none() {
        let base = Url::parse("https://api.example.com/2.0/").unwrap();
        let filled = |path: &str| fill_in(&base, "/src/{commit}/{path*}", &["abc", path]).map(String::from);
        assert_eq!(filled("a b/c.rs").unwrap(), "https://api.example.com/2.0/src/abc/a%20b/c.rs");
        for bad in ["", "/etc", "a//b", "a/../b", "a/"] {
            assert!(matches!(filled(bad), Err(Error::Refused(_))), "{bad}");
        }
    }

    #[test]
    fn a_parameter_is_set_anew_without_losing_the_others() {
        let base = Url::parse("https://api.example.com").unwrap();
        let request = Request::new((Method::GET, "look"), &base, "/x", &[]).unwrap();
        let request = request.query("q", "a&b").query("start", "0").requery("start", "25");
        assert_eq!(request.url.query(), Some("q=a%26b&start=25"));
    }
}
