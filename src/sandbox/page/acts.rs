//! What the one at the keyboard does: each act is done as the person they are, and answered in words.

mod bitbucket;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::slack::{Ack, Person, Spot, Touch};
use super::memory::Step;
use super::{Desk, state};

/// What came of it: more to answer with, or why not.
type Done = Result<Value, String>;

#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
enum Act {
    Say {
        channel: String,
        text: String,
        thread_ts: Option<String>,
    },
    Press(Reach),
    FormChange(Reach),
    FormPress(Reach),
    FormSubmit {
        view_id: String,
        #[serde(default, alias = "state")]
        values: Value,
    },
    FormClose {
        view_id: String,
    },
    Options(Reach),
    Read {
        channel: String,
    },
    Join {
        channel: String,
    },
    Home,
    Shortcut {
        callback_id: String,
        channel: Option<String>,
        ts: Option<String>,
    },
    Bitbucket(bitbucket::Deed),
}

/// A control, and what is done with it.
#[derive(Deserialize)]
struct Reach {
    channel: Option<String>,
    ts: Option<String>,
    view_id: Option<String>,
    block_id: String,
    action_id: String,
    #[serde(default)]
    action: Value,
    #[serde(default)]
    value: Value,
    #[serde(default)]
    enter: bool,
    #[serde(default)]
    query: String,
}

impl Reach {
    fn touch(&self) -> Result<Touch, String> {
        let spot = match (&self.view_id, &self.channel, &self.ts) {
            (Some(view), ..) => Spot::View(view.clone()),
            (None, Some(channel), Some(ts)) => Spot::Message { channel: channel.clone(), ts: ts.clone() },
            _ => return Err("Nothing says where that stands.".to_owned()),
        };
        Ok(Touch { spot, block_id: self.block_id.clone(), action_id: self.action_id.clone() })
    }
}

/// `POST /act`
pub(super) async fn act(State(desk): State<Desk>, body: Result<Json<Value>, JsonRejection>) -> Response {
    let Ok(Json(body)) = body else {
        return refused("This is no JSON.");
    };
    let Some(me) = body["as"].as_str().and_then(|who| state::cast_member(&desk, Some(who))) else {
        return refused("Nobody of this demo is called so.");
    };
    let act = match Act::deserialize(&body) {
        Ok(act) => act,
        Err(error) => return refused(&format!("That cannot be done: {error}.")),
    };
    let answer = match carry_out(&desk, &me, act).await {
        Ok(mut answer) => {
            answer["ok"] = json!(true);
            answer
        }
        Err(why) => json!({"ok": false, "why": sentence(&why)}),
    };
    Json(answer).into_response()
}

fn refused(why: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({"ok": false, "why": why}))).into_response()
}

fn sentence(why: &str) -> String {
    let mut letters = why.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let end = if why.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.collect::<String>(), letters.as_str())
}

async fn carry_out(desk: &Desk, me: &Person, act: Act) -> Done {
    match act {
        Act::Say { channel, text, thread_ts } => say(desk, me, (&channel, thread_ts.as_deref()), &text).await,
        Act::Press(reach) => press(desk, me, &reach).await,
        Act::FormPress(reach) => me.touches(&reach.touch()?, &reach.action).await.map(|_| json!({})),
        Act::FormChange(reach) => {
            let tell = reach.enter || reach.value["value"].is_null();
            me.enters(&reach.touch()?, &reach.value, tell).await.map(|()| json!({}))
        }
        Act::FormSubmit { view_id, values } => submit(desk, me, &view_id, &values).await,
        Act::FormClose { view_id } => {
            on_top(me, &view_id)?;
            sent(&me.closes().await)
        }
        Act::Options(reach) => me.asks_options(&reach.touch()?, &reach.query).await,
        Act::Read { channel } => {
            read(desk, me, &channel);
            Ok(json!({}))
        }
        Act::Join { channel } => me.joins(&channel).map(|()| json!({})),
        Act::Home => sent(&me.opens_home().await),
        Act::Shortcut { callback_id, channel: Some(channel), ts: Some(ts) } => {
            let message = desk.0.slack.with_world(|world| world.message(&channel, &ts).cloned());
            let message = message.ok_or("the message is gone")?;
            sent(&me.takes_on(&message, &callback_id).await)
        }
        Act::Shortcut { callback_id, .. } => sent(&me.takes(&callback_id).await),
        Act::Bitbucket(deed) => {
            bitbucket::carry_out(&desk.0.bitbucket, &me.name, &deed)?;
            desk.remember(|memory| memory.tick(Step::Bitbucket));
            Ok(json!({}))
        }
    }
}

fn sent(ack: &Ack) -> Done {
    match ack.status {
        200 => Ok(json!({})),
        0 => Err(format!("the app did not answer: {}", ack.body)),
        status => Err(format!("the app answered {status}")),
    }
}

async fn say(desk: &Desk, me: &Person, (channel, thread): (&str, Option<&str>), text: &str) -> Done {
    let text = text.trim();
    if text.is_empty() {
        return Err("There is nothing to say".to_owned());
    }
    let command = desk.0.settings.grammar["command"].as_str().unwrap_or_default();
    let Some(first) = text.split_whitespace().next().filter(|word| word.starts_with('/')) else {
        let ack = match thread {
            Some(thread) => me.replies(channel, thread, text).await,
            None => me.types(channel, text).await,
        };
        read(desk, me, channel);
        return sent(&ack);
    };
    if thread.is_some() {
        return Err("Slash commands do not work in threads; type it in the channel".to_owned());
    }
    if first != command {
        return Err(format!("{first} is not a command here; try {command}"));
    }
    sent(&me.types(channel, text).await)?;
    desk.remember(|memory| memory.tick(Step::Command));
    Ok(json!({}))
}

async fn press(desk: &Desk, me: &Person, reach: &Reach) -> Done {
    let label = me.touches(&reach.touch()?, &reach.action).await?;
    if label == "Approve" {
        desk.remember(|memory| memory.tick(Step::Approve));
    }
    Ok(json!({}))
}

async fn submit(desk: &Desk, me: &Person, view: &str, values: &Value) -> Done {
    on_top(me, view)?;
    me.enters_all(view, values)?;
    let ack = me.submits().await;
    let errors = me.form().filter(|form| form.id == view).map(|form| form.errors).unwrap_or_default();
    if errors.is_empty() {
        sent(&ack)?;
        desk.remember(|memory| memory.tick(Step::Form));
    }
    Ok(json!({ "errors": errors }))
}

fn on_top(me: &Person, view: &str) -> Result<(), String> {
    let top = me.form().filter(|form| form.id == view);
    top.map(|_| ()).ok_or_else(|| "that form is not open any more".to_owned())
}

/// Everything in a channel is read now.
fn read(desk: &Desk, me: &Person, channel: &str) {
    let newest = desk.0.slack.with_world(|world| {
        let here = world.messages.iter().filter(|it| it.channel == channel);
        here.map(|it| it.ts.clone()).max()
    });
    let Some(newest) = newest else { return };
    let known = desk.memory().read_until(&me.id, channel) >= newest.as_str();
    if !known {
        desk.remember(|memory| memory.has_read(&me.id, channel, newest));
    }
}
