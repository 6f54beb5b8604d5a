//! Behind Slack's doors: whatever a payload came by, it is read far enough to refuse nonsense, stored, and only
//! then answered.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::bot::{Bot, Context, Trail};
use crate::clock::random_name;
use crate::commands;
use crate::intake::{self, Invocation, Wish};
use crate::jobs::sealed_to;
use crate::slack::payload::Suggestion;
use crate::slack::{blocks, forms};
use crate::store::{self, Accepted, Arrival};
use crate::words::message::Message;
use crate::words::work::{Caller, Door, NewJob, SlackRequest, Urgency};

/// Slack waits three seconds for options; what was not found by then is not shown.
const LOOKUP_TIME: Duration = Duration::from_millis(2_500);

/// Something of Slack's, and how it came.
#[derive(Debug, Clone, Copy)]
pub struct Came<'a> {
    /// To which door.
    pub door: Door,
    /// As it came.
    pub body: &'a [u8],
    /// The envelope it lay in, where it lay in one: what comes again comes in the same.
    pub envelope: Option<&'a str>,
}

/// Why something was not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Not what this door reads.
    Malformed,
    /// Cannot be stored durably now.
    Busy,
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        tracing::warn!(%error, "an arrival could not be stored");
        Self::Busy
    }
}

/// Reads and stores; what Slack is to be answered besides that it came.
pub async fn take(bot: &Bot, came: Came<'_>) -> Result<Option<Value>, Refused> {
    let wish = intake::read(bot, came.door, came.body).map_err(|_| Refused::Malformed)?;
    match wish {
        Wish::Say(message) => Ok(Some(said(&message))),
        Wish::Correct(errors) => Ok(Some(forms::errors(&errors))),
        Wish::Challenge(challenge) => Ok(Some(json!({ "challenge": challenge }))),
        Wish::Probe => Ok(None),
        Wish::Prove(invocation) => Ok(Some(proven(bot, &invocation).await)),
        Wish::Ask(_) | Wish::Refill(_) | Wish::Take(_) | Wish::Leave(..) => {
            keep(bot, came, Urgency::Now).await.map(|()| None)
        }
        Wish::Tell(..) | Wish::Home(_) => keep(bot, came, Urgency::Soon).await.map(|()| None),
        Wish::Drop(_) | Wish::Channel(..) => keep(bot, came, Urgency::Whenever).await.map(|()| None),
        Wish::Run(invocation) => {
            let form = invocation.sent;
            let title = invocation.view.map(|view| view.title).unwrap_or_default();
            // From the home tab, a view is opened for the answer: its trigger is running out.
            let urgency = if invocation.from_home.is_some() { Urgency::Now } else { Urgency::Soon };
            keep(bot, came, urgency).await.map(|()| form.then(|| working(&title)))
        }
    }
}

/// What is answered where something that Slack never sends again could not be stored: nothing was done.
pub fn busy() -> Value {
    said(&commands::busy())
}

/// What a form looks up while somebody types. Nothing is stored.
pub async fn look_up(bot: &Bot, asked: Suggestion) -> Value {
    let Some(channel) = asked.channel else {
        return forms::suggestions(&[]);
    };
    let caller = Caller { user: asked.user, channel, message: None };
    let cx = Context { bot, caller: &caller, again: false, origin: 0, trail: Trail::default() };
    let plain = |(name, value): (String, Value)| value.as_str().map(|text| (name, text.to_owned()));
    let values: BTreeMap<String, String> = asked.filled.into_iter().filter_map(plain).collect();
    let looking = commands::look_up(&cx, &asked.lookup, &asked.typed, &values);
    let choices = match tokio::time::timeout(LOOKUP_TIME, looking).await {
        Ok(Ok(choices)) => choices,
        Ok(Err(failure)) => {
            tracing::info!(?failure, lookup = asked.lookup, "nothing to choose from");
            Vec::new()
        }
        Err(_) => {
            tracing::warn!(lookup = asked.lookup, "Bitbucket took too long to offer choices");
            Vec::new()
        }
    };
    forms::suggestions(&choices)
}

/// What was typed in secret is proven and sealed before the door answers: no queue ever holds it.
async fn proven(bot: &Bot, invocation: &Invocation) -> Value {
    // No job runs it: it is known by a number of its own.
    let mark = i64::from_str_radix(&random_name(7), 16).unwrap_or_default();
    let trail = Trail::of(&invocation.action, mark);
    let cx = Context { bot, caller: &invocation.caller, again: false, origin: mark, trail };
    let title = invocation.view.as_ref().map(|view| view.title.as_str()).unwrap_or_default();
    match commands::prove(&cx, &invocation.action).await {
        Ok(message) => forms::update(&forms::result(title, &message)),
        Err(errors) => forms::errors(&errors),
    }
}

async fn keep(bot: &Bot, came: Came<'_>, urgency: Urgency) -> Result<(), Refused> {
    let door = came.door;
    let seen = known_by(came);
    let sealed = bot.seal.seal_bytes(&sealed_to(&seen), came.body);
    let request = SlackRequest { door, at: bot.clock.millis(), seen: seen.clone() };
    let job = NewJob::of(&request).urgency(urgency).body(sealed);
    match bot.store.accept(Arrival::Slack { seen_key: seen, job }).await? {
        Accepted::Stored(id) => {
            tracing::info!(reference = commands::reference(id), ?door, "request accepted");
            bot.nudge.notify_waiters();
        }
        Accepted::Seen(_) => tracing::info!(?door, "request seen before"),
    }
    Ok(())
}

/// An event by its own id, whichever way it comes. Anything else by its bytes, which hold a trigger that is never the
/// same twice; from an envelope, by that trigger alone, or by the envelope where there is none. Triggers grow, so that
/// a command's comes first: what comes in together then lies together in the index.
fn known_by(came: Came<'_>) -> String {
    #[derive(Deserialize)]
    struct Known {
        event_id: String,
    }
    #[derive(Deserialize)]
    struct Triggered {
        trigger_id: String,
    }
    let hash = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
    match (came.door, came.envelope) {
        (Door::Event, _) => match serde_json::from_slice::<Known>(came.body) {
            Ok(known) => format!("event:{}", hash(known.event_id.as_bytes())),
            Err(_) => hash(came.body),
        },
        (_, Some(envelope)) => match serde_json::from_slice::<Triggered>(came.body) {
            Ok(known) => format!("trigger:{}", hash(known.trigger_id.as_bytes())),
            Err(_) => format!("envelope:{}", hash(envelope.as_bytes())),
        },
        (Door::Command, None) => format!("{}:{}", trigger_number(came.body), hash(came.body)),
        (Door::Interaction, None) => hash(came.body),
    }
}

/// The number that a command's trigger begins with, as wide as all others.
fn trigger_number(body: &[u8]) -> String {
    const FIELD: &[u8] = b"trigger_id=";
    let at = body.windows(FIELD.len()).position(|window| window == FIELD);
    let rest = at.map_or(&[][..], |at| &body[at + FIELD.len()..]);
    let digits = rest.iter().take(20).take_while(|byte| byte.is_ascii_digit());
    format!("{:0>20}", digits.map(|byte| char::from(*byte)).collect::<String>())
}

fn said(message: &Message) -> Value {
    let mut body = blocks::draw(message).for_post();
    body["response_type"] = json!("ephemeral");
    body
}

fn working(title: &str) -> Value {
    forms::update(&forms::working(title, "Working on it…"))
}
