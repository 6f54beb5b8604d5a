//! Who may ask: only pages of our own, under an address that is this machine's own. A page of somebody
//! else's that has its name lead here is refused.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Host;

use super::Desk;

const POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/// What every answer forbids.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Lets a request through that comes from our own page, and dresses the answer.
pub(super) async fn watch(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let mut response = match refusal(&desk, &request) {
        None => next.run(request).await,
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn refusal(desk: &Desk, request: &Request) -> Option<&'static str> {
    let headers = request.headers();
    let Some(host) = text(headers, &header::HOST).filter(|host| is_ours(desk, host)) else {
        return Some("This page is only served under its own address.\n");
    };
    let own = format!("http://{host}");
    let foreign = match text(headers, &header::ORIGIN) {
        Some(origin) => origin != own,
        // A browser names the origin of whatever acts.
        None => request.method() != Method::GET && request.method() != Method::HEAD,
    };
    let live = request.uri().path() == "/events";
    (foreign || (live && is_elsewhere(headers))).then_some("Only the page itself may ask this.\n")
}

/// Whether the browser says that another site's page is asking.
fn is_elsewhere(headers: &HeaderMap) -> bool {
    let site = text(headers, &HeaderName::from_static("sec-fetch-site"));
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// This machine under its loopback names, or under the bare address that `--listen` opened to others.
fn is_ours(desk: &Desk, host: &str) -> bool {
    let Ok(url) = url::Url::parse(&format!("http://{host}/")) else {
        return false;
    };
    if url.port_or_known_default() != Some(desk.0.address.port()) {
        return false;
    }
    let open = desk.0.settings.listen.ip();
    let named =
        |ip: IpAddr| ip.is_loopback() || open == ip || (open.is_unspecified() && !ip.is_unspecified());
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => named(ip.into()),
        Some(Host::Ipv6(ip)) => named(ip.into()),
        None => false,
    }
}
