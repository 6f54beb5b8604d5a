//! A Chromium of one play's own, and the driver through which it is led.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use thirtyfour::prelude::*;
use thirtyfour::{ChromiumLikeCapabilities, LoggingPrefsLogLevel};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::{Semaphore, SemaphorePermit};

const ARGUMENTS: [&str; 11] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--lang=en-US",
];
/// How long anything may take that a browser does.
const SOON: Duration = Duration::from_secs(30);
/// So many browsers at once.
static PLACES: Semaphore = Semaphore::const_new(2);

/// A browser that runs; it ends when this is dropped.
pub struct Browser {
    pub tab: WebDriver,
    _driver: Driver,
    _profile: TempDir,
    _place: SemaphorePermit<'static>,
}

impl Browser {
    /// Starts one, this large inside; none where there is nothing to start.
    pub async fn start((width, height): (u32, u32)) -> Option<Self> {
        let programs =
            (program(&["chromium", "chromium-browser", "google-chrome"])?, program(&["chromedriver"])?);
        let place = PLACES.acquire().await.unwrap();
        let profile = TempDir::new().unwrap();
        let (driver, address) = start_driver(&programs.1).await;
        let mut wishes = DesiredCapabilities::chrome();
        wishes.set_binary(programs.0.to_str().unwrap()).unwrap();
        for argument in ARGUMENTS {
            wishes.add_arg(argument).unwrap();
        }
        wishes.add_arg(&format!("--user-data-dir={}", profile.path().display())).unwrap();
        wishes.set_logging_prefs("browser".to_owned(), LoggingPrefsLogLevel::All).unwrap();
        wishes.set_logging_prefs("performance".to_owned(), LoggingPrefsLogLevel::All).unwrap();
        let client = reqwest::Client::builder().no_proxy().timeout(SOON).build().unwrap();
        let tab = WebDriver::builder(address, wishes).client(client).await.unwrap();
        tab.set_window_rect(0, 0, width, height + inside(&tab).await).await.unwrap();
        Some(Self { tab, _driver: driver, _profile: profile, _place: place })
    }

    /// Closes it.
    pub async fn close(self) {
        let _ = self.tab.clone().quit().await;
    }
}

/// A chromedriver and whatever it started: a group of processes that ends with this.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        if let Some(leader) = self.0.id() {
            let group = format!("-{leader}");
            let _ = std::process::Command::new("kill").args(["-KILL", "--", &group]).status();
        }
    }
}

/// How much of a window's height is not the page's.
async fn inside(tab: &WebDriver) -> u32 {
    let bars = tab.execute("return window.outerHeight - window.innerHeight", Vec::new()).await.unwrap();
    bars.convert().unwrap()
}

async fn start_driver(program: &PathBuf) -> (Driver, String) {
    let mut command = Command::new(program);
    command.arg("--port=0").env("TZ", "UTC").env("LANGUAGE", "en-US").env_remove("DISPLAY");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let driver = Driver(child);
    let started = tokio::time::timeout(SOON, async {
        loop {
            let line = lines.next_line().await.unwrap().expect("chromedriver names its port");
            if let Some((_, port)) = line.rsplit_once("started successfully on port ") {
                return format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
            }
        }
    });
    let address = started.await.expect("chromedriver starts");
    // It must not stop because nobody reads what it says.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (driver, address)
}

/// The first of these programs that is installed.
#[expect(clippy::disallowed_methods, reason = "where programs are is no setting of ours")]
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name))).find(|it| it.is_file())
}
