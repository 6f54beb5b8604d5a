//! A window onto a demo: the state as its person sees it, and what they do.

use std::net::SocketAddr;
use std::time::Duration;

use dipper::cli::demo::{Live, Wishes};
use reqwest::header::{HOST, ORIGIN};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// How long anything may take that should happen soon.
const SOON: Duration = Duration::from_secs(10);

/// A demo that runs.
pub struct Demo {
    pub live: Live,
    pub base: String,
    pub client: Client,
}

/// What one person sees of it.
pub struct Window<'a> {
    demo: &'a Demo,
    pub person: String,
    live: Response,
    unread: Vec<u8>,
    pub state: Value,
}

impl Demo {
    pub async fn start(seed: u64) -> Self {
        crate::log::start();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listen: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let live = Live::start(Wishes { listen, seed, begins: None }).await.unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        Self { base: live.page.url(), live, client }
    }

    /// A request as a browser makes it from the page itself.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.base));
        request.header(ORIGIN, &self.base).header("sec-fetch-site", "same-origin")
    }

    pub fn address(&self) -> &str {
        self.base.strip_prefix("http://").unwrap()
    }

    /// The status of a GET that names this host.
    pub async fn under(&self, host: &str, path: &str) -> u16 {
        let request = self.client.get(format!("{}{path}", self.base)).header(HOST, host);
        request.send().await.unwrap().status().as_u16()
    }

    /// Opens a window as this person.
    pub async fn window(&self, person: &str) -> Window<'_> {
        let live = self.request(Method::GET, &format!("/events?as={person}")).send().await.unwrap();
        assert_eq!(live.headers()["content-type"], "text/event-stream");
        let person = person.to_owned();
        let mut window = Window { demo: self, person, live, unread: Vec::new(), state: Value::Null };
        window.state = window.next().await;
        window
    }

    /// Does something; the answer as it came.
    pub async fn act(&self, body: &Value) -> (u16, Value) {
        let answer = self.request(Method::POST, "/act").json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Ends it; nobody asked what Slack does not know.
    pub async fn finish(self) {
        assert_eq!(self.live.slack().unexpected(), Vec::<String>::new());
        self.live.stop().await;
    }
}

impl Window<'_> {
    async fn next(&mut self) -> Value {
        loop {
            if let Some(end) = self.unread.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = self.unread.drain(..end + 2).collect();
                let text = String::from_utf8(event).unwrap();
                if let Some(data) = text.lines().find_map(|line| line.strip_prefix("data: ")) {
                    return serde_json::from_str(data).unwrap();
                }
                continue;
            }
            let chunk = self.live.chunk().await.unwrap();
            self.unread.extend_from_slice(&chunk.expect("the demo goes on"));
        }
    }

    /// Waits until it can be seen.
    pub async fn until<T>(&mut self, what: &str, look: impl Fn(&Value) -> Option<T>) -> T {
        let found = tokio::time::timeout(SOON, async {
            loop {
                if let Some(found) = look(&self.state) {
                    return found;
                }
                self.state = self.next().await;
            }
        });
        let found = found.await.ok();
        found.unwrap_or_else(|| panic!("{what} cannot be seen in {}", self.state))
    }

    /// Does something as this person, and it is done.
    pub async fn does(&self, deed: Value) -> Value {
        let answer = self.tries(deed).await;
        assert_eq!(answer["ok"], true, "{answer}");
        answer
    }

    /// Tries something as this person.
    pub async fn tries(&self, mut deed: Value) -> Value {
        deed["as"] = json!(self.person);
        let (status, answer) = self.demo.act(&deed).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Tries something that cannot be done; why not.
    pub async fn cannot(&self, deed: Value) -> String {
        let answer = self.tries(deed).await;
        assert_eq!(answer["ok"], false, "{answer}");
        answer["why"].as_str().unwrap().to_owned()
    }

    /// The id of a channel.
    pub fn channel(&self, name: &str) -> String {
        let channels = self.state["channels"].as_array().unwrap();
        let found =
            channels.iter().find(|it| it["name"] == name || (name == "@dipper" && it["kind"] == "im"));
        found.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Types into a channel.
    pub async fn types(&self, channel: &str, text: &str) {
        self.does(json!({"do": "say", "channel": self.channel(channel), "text": text})).await;
    }

    /// Presses the button of this label on the newest message of a channel that has it.
    pub async fn presses(&self, channel: &str, label: &str) {
        let id = self.channel(channel);
        let messages = self.state["messages"][&id].as_array().unwrap();
        let found = messages.iter().rev().find_map(|message| Some((message, button(message, label)?)));
        let (message, (block, action)) = found.expect("a message with this button");
        let deed = json!({"do": "press", "channel": id, "ts": message["ts"], "block_id": block,
            "action_id": action, "action": {}});
        self.does(deed).await;
    }
}

/// The block and action of the button with this label.
fn button(message: &Value, label: &str) -> Option<(Value, Value)> {
    let inner = message["attachments"].as_array().into_iter().flatten();
    let blocks = inner.filter_map(|it| it["blocks"].as_array()).chain(message["blocks"].as_array());
    blocks.flatten().find_map(|block| {
        let elements = block["elements"].as_array()?;
        let found = elements.iter().find(|it| it["text"]["text"] == label)?;
        Some((block["block_id"].clone(), found["action_id"].clone()))
    })
}

/// Whether a channel holds a message that says this.
pub fn says(state: &Value, channel: &str, text: &str) -> bool {
    let messages = state["messages"][channel].as_array();
    messages.is_some_and(|all| all.iter().any(|message| message.to_string().contains(text)))
}

/// A pull request as the Bitbucket side shows it.
pub fn pull_request(state: &Value, repo: &str, number: u64) -> Option<Value> {
    let instances = state["bitbucket"].as_array()?.iter();
    let mut repos = instances.flat_map(|it| it["repositories"].as_array().into_iter().flatten());
    let repo = repos.find(|it| it["name"] == repo)?;
    repo["pull_requests"].as_array()?.iter().find(|it| it["id"] == number).cloned()
}

/// Whether a step of the guide is done.
pub fn is_ticked(state: &Value, step: &str) -> bool {
    let steps = state["guide"]["steps"].as_array().unwrap();
    steps.iter().any(|it| it["id"] == step && it["done"] == true)
}
