//! The demo's page: a Slack and both Bitbuckets in a browser, live, for whoever sits at this machine.

mod acts;
mod assets;
mod guard;
mod live;
mod memory;
mod state;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use futures_util::future::BoxFuture;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::bitbucket::Bitbucket;
use super::slack::Slack;
use memory::Memory;

/// Tells where a person of this Slack id has connected an account: `cloud`, `dc`.
pub type Connected = Arc<dyn Fn(String) -> BoxFuture<'static, Vec<String>> + Send + Sync>;

/// The largest act that is read.
const LIMIT: usize = 512 * 1024;

/// Somebody whom the one at the keyboard can be.
#[derive(Clone, Debug)]
pub struct Role {
    /// What they are called, in Slack and on Bitbucket.
    pub name: String,
    /// What they do: `Developer`.
    pub title: String,
}

/// What the page shows besides what Slack and Bitbucket know.
pub struct PageSettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// What its world grew from.
    pub seed: u64,
    /// Whom one can be; the first is who one is at first.
    pub cast: Vec<Role>,
    /// What the slash command is called, with every command and every shortcut there is, as menus and
    /// suggestions need them.
    pub grammar: Value,
    /// Everything said until this timestamp has been read by everybody.
    pub read_until: String,
    /// Asks where a person is connected.
    pub connected: Connected,
}

/// A running page; it is gone when this is dropped.
pub struct Page {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

/// What every request needs.
#[derive(Clone)]
struct Desk(Arc<Inner>);

struct Inner {
    slack: Slack,
    bitbucket: Bitbucket,
    settings: PageSettings,
    address: SocketAddr,
    memory: Mutex<Memory>,
    changed: watch::Sender<u64>,
}

impl Desk {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes what the page itself remembers, and tells every window.
    fn remember(&self, change: impl FnOnce(&mut Memory)) {
        change(&mut self.memory());
        self.0.changed.send_modify(|count| *count += 1);
    }
}

impl Page {
    /// Serves the page on this Slack and this Bitbucket.
    pub async fn start(slack: Slack, bitbucket: Bitbucket, settings: PageSettings) -> io::Result<Self> {
        let listener = TcpListener::bind(settings.listen).await?;
        let address = listener.local_addr()?;
        let memory = Mutex::new(Memory::new(settings.read_until.clone()));
        let changed = watch::Sender::new(0);
        let desk = Desk(Arc::new(Inner { slack, bitbucket, settings, address, memory, changed }));
        let router = router(desk);
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the page stopped being served");
            }
        });
        Ok(Self { address, task })
    }

    /// What to type into a browser.
    pub fn url(&self) -> String {
        let ip = self.address.ip();
        if ip.is_unspecified() {
            return format!("http://127.0.0.1:{}", self.address.port());
        }
        format!("http://{}", self.address)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn router(desk: Desk) -> Router {
    Router::new()
        .route("/", get(assets::index))
        .route("/assets/{name}", get(assets::asset))
        .route("/grammar", get(grammar))
        .route("/events", get(live::events))
        .route("/act", post(acts::act))
        .layer(DefaultBodyLimit::max(LIMIT))
        .layer(middleware::from_fn_with_state(desk.clone(), guard::watch))
        .with_state(desk)
}

async fn grammar(State(desk): State<Desk>) -> Response {
    Json(desk.0.settings.grammar.clone()).into_response()
}
