//! A play in the browser: the demo, a window onto it, hands and eyes. It ends without a console error,
//! without a block that was not drawn, and without a request to anybody else.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use dipper::cli::demo::{Live, Wishes};
use serde_json::Value;
use thirtyfour::prelude::*;

use crate::driver::Browser;

/// How long anything may take that should happen soon.
const SOON: Duration = Duration::from_secs(15);
const LOOK: Duration = Duration::from_millis(40);
/// 10 January 2040, 09:41 UTC: pictures show the same time in every run.
const MOMENT: i64 = 2_209_801_260_000;

/// It.
pub struct Play {
    pub browser: Browser,
    pub live: Live,
    base: String,
}

impl Play {
    /// Opens the page as ada; none where there is no browser.
    pub async fn open(name: &str) -> Option<Self> {
        Self::open_with(name, "").await
    }

    /// Opens the page with more in its address: `&theme=dark`.
    pub async fn open_with(name: &str, more: &str) -> Option<Self> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let Some(browser) = Browser::start((1240, 760)).await else {
            println!("{name} was skipped: there is no Chromium with its chromedriver here");
            return None;
        };
        let listen: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let live = Live::start(Wishes { listen, seed: 7, begins: Some(MOMENT) }).await.unwrap();
        let play = Self { browser, base: live.page.url(), live };
        play.tab().goto(format!("{}/?still={MOMENT}{more}", play.base)).await.unwrap();
        play.see("[data-ready]").await;
        Some(play)
    }

    pub fn tab(&self) -> &WebDriver {
        &self.browser.tab
    }

    /// Waits until this can be seen.
    pub async fn see(&self, css: &str) -> WebElement {
        let begun = Instant::now();
        while begun.elapsed() < SOON {
            for found in self.tab().find_all(By::Css(css)).await.unwrap_or_default() {
                if found.is_displayed().await.unwrap_or_default() {
                    return found;
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        self.lost(&format!("{css} cannot be seen")).await
    }

    /// Waits until what is there reads like this; the words of all of it.
    pub async fn reads(&self, css: &str, text: &str) -> String {
        self.until(&format!("{css} does not read “{text}”"), css, |all| all.contains(text)).await
    }

    /// Waits until this is gone.
    pub async fn gone(&self, css: &str) {
        self.until(&format!("{css} is still there"), css, str::is_empty).await;
    }

    /// Waits until a field holds this.
    pub async fn holds(&self, css: &str, text: &str) {
        let begun = Instant::now();
        let script = "return document.querySelector(arguments[0])?.value ?? ''";
        let mut held = String::new();
        while begun.elapsed() < SOON {
            let value = self.tab().execute(script, vec![css.into()]).await.unwrap();
            held = value.json().as_str().unwrap_or_default().to_owned();
            if held == text {
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
        self.lost::<()>(&format!("{css} does not hold “{text}”, but “{held}”")).await;
    }

    async fn until(&self, otherwise: &str, css: &str, fits: impl Fn(&str) -> bool) -> String {
        let begun = Instant::now();
        let mut all = String::new();
        while begun.elapsed() < SOON {
            all = self.words(css).await;
            if fits(&all) {
                return all;
            }
            tokio::time::sleep(LOOK).await;
        }
        self.lost(&format!("{otherwise}, but “{all}”")).await
    }

    /// The words of everything there, a line each.
    pub async fn words(&self, css: &str) -> String {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map(it => it.innerText).join('\\n')";
        let words = self.tab().execute(script, vec![css.into()]).await.unwrap();
        words.json().as_str().unwrap_or_default().to_owned()
    }

    /// A script's answer.
    pub async fn asks(&self, script: &str) -> Value {
        self.tab().execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// Presses it, once it is there and stands still.
    pub async fn clicks(&self, css: &str) {
        let begun = Instant::now();
        loop {
            let pressed = self.see(css).await.click().await;
            match pressed {
                Ok(()) => return,
                // It was drawn anew, or something moved over it.
                Err(_) if begun.elapsed() < SOON => tokio::time::sleep(LOOK).await,
                Err(error) => panic!("{css} cannot be pressed: {error}"),
            }
        }
    }

    /// Presses the button that reads so, somewhere inside.
    pub async fn presses(&self, within: &str, label: &str) {
        let begun = Instant::now();
        while begun.elapsed() < SOON {
            for button in self.tab().find_all(By::Css(format!("{within} button"))).await.unwrap_or_default() {
                let here = button.text().await.is_ok_and(|text| text == label);
                if here && button.click().await.is_ok() {
                    return;
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        self.lost::<()>(&format!("there is no [{label}] in {within}")).await;
    }

    /// Types into it.
    pub async fn types(&self, css: &str, text: &str) {
        self.see(css).await.send_keys(text).await.unwrap();
    }

    /// Types into whatever has the focus.
    pub async fn keys(&self, keys: impl Into<TypingData>) {
        self.tab().active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Types a message or a command into the channel, and sends it.
    pub async fn says(&self, text: &str) {
        self.types("[data-test=composer]", text).await;
        self.keys(Key::Enter).await;
    }

    async fn lost<T>(&self, why: &str) -> T {
        let seen = self.words("body").await;
        panic!("{why}\n\nwhat can be seen:\n{seen}\n\nthe console:\n{}", self.complaints().await.join("\n"));
    }

    /// What the console says, besides that the pages of connecting have no icon.
    async fn complaints(&self) -> Vec<String> {
        let log = self.tab().browser_log().await.unwrap_or_default();
        let serious = log.into_iter().filter(|it| it.level != "INFO" && it.level != "DEBUG");
        serious.map(|it| it.message).filter(|message| !message.contains("/favicon.ico - ")).collect()
    }

    /// Every host that the browser asked for anything, besides this machine.
    async fn foreigners(&self) -> Vec<String> {
        let log = self.tab().get_log("performance").await.unwrap();
        let asked = log.iter().filter_map(|it| {
            let entry: Value = serde_json::from_str(&it.message).ok()?;
            let message = &entry["message"];
            let sent = message["method"] == "Network.requestWillBeSent";
            sent.then(|| message["params"]["request"]["url"].as_str().unwrap_or_default().to_owned())
        });
        let own = ["http://127.0.0.1:", "chrome://", "data:", "about:"];
        asked.filter(|url| !own.iter().any(|start| url.starts_with(start))).collect()
    }

    /// Ends it.
    pub async fn finish(self) {
        assert_eq!(self.words("[data-undrawn]").await, "", "something could not be drawn");
        assert_eq!(self.complaints().await, Vec::<String>::new(), "the console complains");
        assert_eq!(self.foreigners().await, Vec::<String>::new(), "somebody else was asked");
        assert_eq!(self.live.slack().unexpected(), Vec::<String>::new());
        self.browser.close().await;
        self.live.stop().await;
    }
}
