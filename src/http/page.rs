//! The few pages a browser sees: one heading, what it says, and at most one button.

use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::rejection;

/// One page: a heading, what it says, and at most one button.
#[derive(Template, Default)]
#[template(
    ext = "html",
    source = r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ heading }} · Dipper</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1rem}
button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#0b57d0;color:#fff;cursor:pointer}
b{overflow-wrap:anywhere}</style></head><body><main><h1>{{ heading }}</h1>
{% for line in lines %}<p>{{ line }}</p>{% endfor %}
{% if let Some(button) = button %}<form method="post" action="{{ button.action }}">
<input type="hidden" name="proof" value="{{ button.proof }}"><button>{{ button.label }}</button></form>{% endif %}
</main></body></html>"#
)]
pub struct Page {
    /// What it is about.
    pub heading: String,
    /// What it says.
    pub lines: Vec<String>,
    /// The one thing to do.
    pub button: Option<PageButton>,
    /// Where its form leads in the end, besides to us: browsers hold redirects to it.
    pub leads_to: String,
}

/// A button that posts on.
pub struct PageButton {
    /// Where to.
    pub action: String,
    /// That whoever presses it was shown this page.
    pub proof: String,
    /// What is on it.
    pub label: String,
}

impl Page {
    /// A page that only says something.
    pub fn say(heading: &str, lines: &[&str]) -> Self {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        Self { heading: heading.to_owned(), lines, ..Self::default() }
    }

    /// The page as an answer that no other page can frame, and that runs no script.
    pub fn answer(&self, status: StatusCode) -> Response {
        let Ok(html) = self.render() else {
            return rejection::broken();
        };
        let mut response = (status, Html(html)).into_response();
        Self::guard(&mut response, &self.leads_to);
        response
    }

    /// The headers that every answer to a browser carries.
    pub fn guard(response: &mut Response, leads_to: &str) {
        let headers = [
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::X_FRAME_OPTIONS, "DENY"),
            (header::CACHE_CONTROL, "no-store"),
        ];
        for (name, value) in headers {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        let policy = format!(
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' {leads_to}; frame-ancestors 'none'; base-uri 'none'"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}
