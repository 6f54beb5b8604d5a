//! What ties a page to the browser that saw it: a cookie, and a proof in the page's own form.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::bot::Bot;
use crate::clock::random_name;
use crate::seal::fingerprint;

/// What a page's own form sends: that the cookie's owner saw that page.
#[derive(Deserialize)]
pub struct Proof {
    proof: String,
}

/// A cookie of ours.
pub struct Cookie {
    /// Its name.
    pub name: &'static str,
    /// The pages it is sent to.
    pub path: &'static str,
}

impl Cookie {
    /// Its value in a request, if that is one of ours.
    pub fn of(&self, headers: &HeaderMap) -> Option<String> {
        let all = headers.get(header::COOKIE)?.to_str().ok()?;
        let mut values =
            all.split(';').filter_map(|pair| pair.trim().strip_prefix(self.name)?.strip_prefix('='));
        values.next().filter(|value| value.len() == 32).map(str::to_owned)
    }

    /// The same, or a new one.
    pub fn of_or_new(&self, headers: &HeaderMap) -> String {
        self.of(headers).unwrap_or_else(|| random_name(16))
    }

    /// Gives it to the browser: out of reach of scripts and other sites, and behind https never in the clear.
    pub fn set(&self, bot: &Bot, value: &str, response: &mut Response) {
        let secure = bot.public_url.as_ref().is_some_and(|url| url.scheme() == "https");
        let line = format!(
            "{}={value}; Path={}; Max-Age=900; HttpOnly; SameSite=Lax{}",
            self.name,
            self.path,
            if secure { "; Secure" } else { "" }
        );
        if let Ok(line) = HeaderValue::from_str(&line) {
            response.headers_mut().insert(header::SET_COOKIE, line);
        }
    }

    /// The cookie of whoever sent this page's own form; none when somebody else did.
    pub fn proven(
        &self,
        headers: &HeaderMap,
        form: Result<Form<Proof>, FormRejection>,
        page: &str,
    ) -> Option<String> {
        let (cookie, Form(form)) = (self.of(headers)?, form.ok()?);
        same(&proof(&cookie, page), &form.proof).then_some(cookie)
    }
}

/// Shows that whoever holds the cookie was shown this very page.
pub fn proof(cookie: &str, page: &str) -> String {
    fingerprint(&format!("{cookie}:{page}"))
}

/// Compares without telling by its time how much was right.
pub fn same(one: &str, other: &str) -> bool {
    one.as_bytes().ct_eq(other.as_bytes()).into()
}

/// A page of ours, as browsers reach it: never by what a request says of its host.
pub fn address(bot: &Bot, path: &str) -> String {
    let public = bot.public_url.as_ref().map(|url| url.as_str().trim_end_matches('/'));
    format!("{}{path}", public.unwrap_or_default())
}
