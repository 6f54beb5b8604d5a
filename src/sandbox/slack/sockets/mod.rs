//! The app's web sockets: all that people do goes over one of them where Socket Mode is switched on, and the answer
//! is what the bot acknowledges with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tokio::sync::{mpsc, oneshot};

use super::Slack;
use super::send::{Ack, JSON};

mod serve;

pub(super) use serve::{connect, open};

/// The app-level token.
pub const APP_TOKEN: &str = "xapp-1-A0SANDBOX-of-the-sandbox";
/// So many sockets an app may have.
const MOST: usize = 10;
/// Slack waits this long for an acknowledgement.
const PATIENCE: Duration = Duration::from_secs(3);

/// The sockets; clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Sockets(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    /// Whether what people do goes over a socket.
    switched_on: bool,
    /// Addresses handed out and not used yet.
    tickets: Vec<String>,
    lines: Vec<Line>,
    waiting: BTreeMap<String, Waiting>,
    /// Whose turn it is, and how many there ever were.
    turn: usize,
    opened: usize,
    /// The most at once.
    most: usize,
    pongs: usize,
    /// Where the next sockets are said to be, when it is nowhere of ours.
    elsewhere: Option<String>,
}

/// One socket, as long as it is open.
#[derive(Debug)]
struct Line {
    number: usize,
    to: mpsc::UnboundedSender<Push>,
}

/// An envelope that nobody has acknowledged yet.
#[derive(Debug)]
struct Waiting {
    line: usize,
    answer: oneshot::Sender<Value>,
}

/// What a socket is to do.
#[derive(Debug)]
enum Push {
    Text(String),
    Ping,
    /// Go without a word.
    Cut,
    /// Stay, and neither say nor hear anything any more.
    Mute,
}

impl Sockets {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn switched_on(&self) -> bool {
        self.inner().switched_on
    }

    /// Sends an envelope over the socket whose turn it is, and waits for its acknowledgement.
    async fn ask(&self, id: &str, envelope: &Value) -> Result<Value, &'static str> {
        let waits = {
            let mut inner = self.inner();
            inner.turn += 1;
            let turn = inner.turn;
            let open = inner.lines.len().max(1);
            let line = inner.lines.get(turn % open).ok_or("dispatch_failed")?;
            let number = line.number;
            line.to.send(Push::Text(envelope.to_string())).map_err(|_| "dispatch_failed")?;
            let (answer, waits) = oneshot::channel();
            inner.waiting.insert(id.to_owned(), Waiting { line: number, answer });
            waits
        };
        let acknowledged = tokio::time::timeout(PATIENCE, waits).await;
        self.inner().waiting.remove(id);
        match acknowledged {
            Ok(Ok(acknowledgement)) => Ok(acknowledgement),
            Ok(Err(_)) => Err("the socket was closed"),
            Err(_) => Err("operation_timeout"),
        }
    }

    fn opened(&self, line: Line) {
        let mut inner = self.inner();
        inner.lines.push(line);
        inner.most = inner.most.max(inner.lines.len());
    }

    /// Nobody acknowledges any more what went over it.
    fn ended(&self, number: usize) {
        let mut inner = self.inner();
        inner.lines.retain(|line| line.number != number);
        inner.waiting.retain(|_, waiting| waiting.line != number);
    }

    fn push(&self, each: impl Fn() -> Push) {
        for line in &self.inner().lines {
            // One that has ended in this moment hears nothing, as it would anyway.
            let _ = line.to.send(each());
        }
    }
}

impl Slack {
    /// Socket Mode is switched on: from now on people's acts go over the app's sockets.
    pub fn switch_on_sockets(&self) {
        self.town.sockets.inner().switched_on = true;
    }

    /// Somebody switches it off: sockets are told so and closed, and none is given out.
    pub fn switch_off_sockets(&self) {
        self.town.sockets.inner().switched_on = false;
        self.say_over_sockets(&parting("link_disabled"));
        self.cut_sockets();
    }

    /// How many are open.
    pub fn sockets(&self) -> usize {
        self.town.sockets.inner().lines.len()
    }

    /// How many ever were.
    pub fn sockets_opened(&self) -> usize {
        self.town.sockets.inner().opened
    }

    /// How many were open at once, at most.
    pub fn most_sockets(&self) -> usize {
        self.town.sockets.inner().most
    }

    /// How often a ping was answered.
    pub fn pongs(&self) -> usize {
        self.town.sockets.inner().pongs
    }

    /// Tells the oldest socket that it will be closed, for this reason.
    pub fn part_soon(&self, reason: &str) {
        if let Some(line) = self.town.sockets.inner().lines.first() {
            let _ = line.to.send(Push::Text(parting(reason).to_string()));
        }
    }

    /// Says something over every socket.
    pub fn say_over_sockets(&self, what: &Value) {
        self.babble_over_sockets(&what.to_string());
    }

    /// The same, whether it is JSON or not.
    pub fn babble_over_sockets(&self, what: &str) {
        self.town.sockets.push(|| Push::Text(what.to_owned()));
    }

    /// Asks every socket for a sign of life.
    pub fn ping_sockets(&self) {
        self.town.sockets.push(|| Push::Ping);
    }

    /// Every socket ends without a word.
    pub fn cut_sockets(&self) {
        self.town.sockets.push(|| Push::Cut);
    }

    /// Every socket that is open now stays so, and nothing comes of it any more.
    pub fn mute_sockets(&self) {
        let mut inner = self.town.sockets.inner();
        for line in inner.lines.drain(..) {
            let _ = line.to.send(Push::Mute);
        }
    }

    /// The next sockets are said to be here.
    pub fn sockets_elsewhere(&self, url: Option<&str>) {
        self.town.sockets.inner().elsewhere = url.map(str::to_owned);
    }

    pub(super) fn has_sockets(&self) -> bool {
        self.town.sockets.switched_on()
    }

    /// Sends over a socket what would be posted to this path, in a fresh envelope.
    pub(super) async fn deliver_over_socket(&self, path: &str, body: &str) -> Ack {
        let id = self.world().random(24);
        self.deliver_in_envelope(&id, path, body).await
    }

    /// The same in the envelope of this id: what is sent again comes in the same.
    pub async fn deliver_in_envelope(&self, id: &str, path: &str, body: &str) -> Ack {
        let started = Instant::now();
        let Some((kind, payload)) = enveloped(path, body) else {
            return Ack::unsent(format!("nothing goes to {path} over a socket"));
        };
        let answerable = kind != "events_api";
        let mut envelope = json!({
            "envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": answerable,
        });
        if !answerable {
            envelope["retry_attempt"] = json!(0);
            envelope["retry_reason"] = json!("");
        }
        let mut ack = match self.town.sockets.ask(id, &envelope).await {
            Ok(acknowledgement) => acknowledged(&acknowledgement),
            Err(why) => Ack::unsent(why),
        };
        if !answerable && !ack.body.is_empty() && ack.is_ok() {
            self.world().note(format!("an event was acknowledged with a payload: {}", ack.body));
        }
        ack.took = started.elapsed();
        ack
    }
}

fn acknowledged(acknowledgement: &Value) -> Ack {
    let says = acknowledgement.get("payload").filter(|payload| !payload.is_null());
    let body = says.map(Value::to_string).unwrap_or_default();
    Ack { status: 200, body, content_type: JSON.to_owned(), ..Ack::default() }
}

fn parting(reason: &str) -> Value {
    json!({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}})
}

/// The type of the envelope in which something goes that would be posted to this path, and its payload.
fn enveloped(path: &str, body: &str) -> Option<(&'static str, Value)> {
    let mut fields = url::form_urlencoded::parse(body.as_bytes()).into_owned();
    match path {
        "/slack/commands" => {
            let fields: Map<String, Value> = fields.map(|(name, value)| (name, json!(value))).collect();
            Some(("slash_commands", Value::Object(fields)))
        }
        "/slack/interactions" | "/slack/options" => {
            let (_, payload) = fields.find(|(name, _)| name == "payload")?;
            Some(("interactive", serde_json::from_str(&payload).ok()?))
        }
        "/slack/events" => Some(("events_api", serde_json::from_str(body).ok()?)),
        _ => None,
    }
}
