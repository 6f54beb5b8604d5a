//! Connecting an account under attack: other browsers, forged proofs, states and codes used twice or
//! by somebody else, late comers; and what every page's headers forbid.

mod lures;
mod pages;
mod scopes;
mod theft;
pub mod tokens;

use dipper::sandbox::browser::{Browser, Page};
use url::Url;

use crate::doors::knock::{FORM, Knock};
use crate::world::{Person, World};

const COOKIE: &str = "dipper_connect";
const NOT_CONNECTED: &str = "You have no Bitbucket account connected; `/bb connect` does it.";

/// Somebody who has opened their link and been sent on to Bitbucket.
struct Sent {
    browser: Browser,
    /// The page of ours they came from.
    link: Page,
    /// Bitbucket's own page.
    page: Page,
}

/// Opens a link of one's own, and goes on to Bitbucket.
async fn sent(person: &Person<'_>) -> Sent {
    let (mut browser, link) = person.opens_the_link("connect").await;
    let page = browser.press(&link, "Go on to Bitbucket").await.expect("Bitbucket's page");
    Sent { browser, link, page }
}

impl Sent {
    /// Where Bitbucket sends whoever signs in by that name: the address, with a code nobody has used.
    async fn way_back(&self, name: &str) -> Url {
        let mut stranger = Browser::new().expect("a browser");
        let page = stranger.press(&self.page, &format!("Sign in as {name}")).await.expect("a way back");
        assert!(page.url.contains("code=") && page.status >= 400, "{}", page.text());
        Url::parse(&page.url).expect("an address")
    }

    /// The cookie of this browser.
    fn cookie(&self) -> String {
        cookie_of(&self.browser, &self.link)
    }
}

fn cookie_of(browser: &Browser, page: &Page) -> String {
    format!("{COOKIE}={}", browser.cookie(&page.url, COOKIE).expect("a cookie"))
}

/// The proof that stands in a page's form.
fn proof(page: &Page) -> String {
    let (_, after) = page.html.split_once(r#"name="proof" value=""#).expect("a proof");
    after.split('"').next().unwrap_or_default().to_owned()
}

/// The path of a page of ours.
fn path(world: &World, url: &str) -> String {
    url.strip_prefix(world.base()).expect("a page of ours").to_owned()
}

/// The form of a page of ours, sent with a cookie and a proof of one's choice.
fn form(path: &str, cookie: &str, proof: &str) -> Knock {
    Knock::post(path, FORM, format!("proof={proof}")).with("cookie", cookie)
}

/// One part of an address's query.
fn part(url: &Url, name: &str) -> String {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The address with another value in that part of its query.
fn with_part(url: &Url, name: &str, value: &str) -> Url {
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let mut changed = url.clone();
    let pairs =
        pairs.into_iter().map(|(key, old)| if key == name { (key, value.to_owned()) } else { (key, old) });
    changed.query_pairs_mut().clear().extend_pairs(pairs);
    changed
}
