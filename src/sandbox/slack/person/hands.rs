//! Acting by ids, as a page does that draws the blocks itself: a control is found by its block and action.

use serde_json::{Value, json};

use super::super::check;
use super::super::controls::{Control, controls};
use super::super::form::Form;
use super::super::message::Message;
use super::super::payload;
use super::super::send::Ack;
use super::super::world::{Change, World};
use super::Person;

const INTERACTIONS: &str = "/slack/interactions";
const OPTIONS: &str = "/slack/options";

/// Where a control stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    Message { channel: String, ts: String },
    View(String),
}

/// Which control is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    pub spot: Spot,
    pub block_id: String,
    pub action_id: String,
}

/// What a control stands on, as it is now.
enum Ground {
    Message(Message),
    View(Form),
}

impl Ground {
    fn blocks(&self) -> Vec<Value> {
        match self {
            Self::Message(message) => message.all_blocks(),
            Self::View(form) => form.blocks().to_vec(),
        }
    }
}

impl Person {
    /// Presses or chooses; `chosen` holds what was picked under Slack's own keys. The label that was pressed.
    pub async fn touches(&self, touch: &Touch, chosen: &Value) -> Result<String, String> {
        let (control, payload) = {
            let mut world = self.slack.world();
            let (ground, control) = self.reach(&world, touch)?;
            let chosen = chosen.as_object().is_some_and(|it| !it.is_empty()).then_some(chosen);
            let action = payload::action(&mut world, &control, chosen);
            let payload = match &ground {
                Ground::Message(message) => payload::message_action(&mut world, &self.id, message, &action),
                Ground::View(form) => payload::view_action(&mut world, form, &action),
            };
            (control, payload)
        };
        let ack = self.silent(self.slack.interact(INTERACTIONS, &payload).await);
        taken(&ack).map(|()| control.label)
    }

    /// A field of a view holds this from now on; the bot is told where the field says so and `tell` allows it.
    pub async fn enters(&self, touch: &Touch, value: &Value, tell: bool) -> Result<(), String> {
        let (form, control) = {
            let mut world = self.slack.world();
            let (_, control) = self.reach(&world, touch)?;
            let form = self.keep(&mut world, touch, &control, value)?;
            world.changed(Change::View { user: self.id.clone() });
            (form, control)
        };
        if !(tell && control.dispatches()) {
            return Ok(());
        }
        taken(&self.uses(&form, &control, Some(value)).await)
    }

    /// Puts into the view's fields what a page holds: block id, then action id, then the state's value.
    pub fn enters_all(&self, view: &str, values: &Value) -> Result<(), String> {
        let mut world = self.slack.world();
        for (block_id, actions) in values.as_object().into_iter().flatten() {
            for (action_id, value) in actions.as_object().into_iter().flatten() {
                let (block_id, action_id) = (block_id.clone(), action_id.clone());
                let touch = Touch { spot: Spot::View(view.to_owned()), block_id, action_id };
                let (_, control) = self.reach(&world, &touch)?;
                self.keep(&mut world, &touch, &control, value)?;
            }
        }
        Ok(())
    }

    /// Types into an external select and reads the bot's answer: `options` or `option_groups`.
    pub async fn asks_options(&self, touch: &Touch, typed: &str) -> Result<Value, String> {
        let payload = {
            let world = self.slack.world();
            let (ground, control) = self.reach(&world, touch)?;
            let mut payload = payload::suggestion(&world, &self.id, &control, typed);
            match &ground {
                Ground::Message(message) => {
                    payload["container"] = json!({
                        "type": "message", "message_ts": message.ts, "channel_id": message.channel,
                        "is_ephemeral": message.ephemeral_to.is_some(),
                    });
                    payload["channel"] = json!({"id": message.channel, "name": message.channel_name});
                    payload["message"] = message.to_api(&world, true);
                }
                Ground::View(form) => {
                    payload["container"] = json!({"type": "view", "view_id": form.id});
                    payload["view"] = form.to_api(&world);
                }
            }
            payload
        };
        let ack = self.slack.interact(OPTIONS, &payload).await;
        taken(&ack)?;
        let answer = ack.json().ok_or("the app's options do not read")?;
        check::suggestions(&answer).map_err(|it| it.messages.join("; "))?;
        Ok(answer)
    }

    /// Says something in a thread.
    pub async fn replies(&self, channel: &str, thread_ts: &str, text: &str) -> Ack {
        self.says(channel, text, Some(thread_ts)).await
    }

    /// Comes into a public channel.
    pub fn joins(&self, channel: &str) -> Result<(), String> {
        let mut world = self.slack.world();
        let place = world.place(&self.id, channel)?;
        if let Some(found) = world.channel_mut(&place.id) {
            found.members.insert(self.id.clone());
        }
        world.changed(Change::Channels);
        Ok(())
    }

    /// The control, and what it stands on, if this person can see it.
    fn reach(&self, world: &World, touch: &Touch) -> Result<(Ground, Control), String> {
        let ground = match &touch.spot {
            Spot::Message { channel, ts } => {
                let seen = |it: &&Message| it.ephemeral_to.as_ref().is_none_or(|only| *only == self.id);
                let message = world.message(channel, ts).filter(seen);
                Ground::Message(message.cloned().ok_or("the message is gone")?)
            }
            Spot::View(id) => {
                let form = world.view(id).filter(|it| it.user == self.id);
                Ground::View(form.cloned().ok_or("the form is gone")?)
            }
        };
        let same = |it: &Control| it.block_id() == touch.block_id && it.action_id() == touch.action_id;
        let control = controls(&ground.blocks()).into_iter().find(same);
        Ok((ground, control.ok_or("that is not there any more")?))
    }

    fn keep(
        &self,
        world: &mut World,
        touch: &Touch,
        control: &Control,
        value: &Value,
    ) -> Result<Form, String> {
        let Spot::View(id) = &touch.spot else {
            return Err("a message has no fields to fill in".to_owned());
        };
        let form = world.view_mut(id).filter(|it| it.user == self.id).ok_or("the form is gone")?;
        let mut held = json!({"type": control.kind()});
        for (key, value) in value.as_object().into_iter().flatten() {
            held[key] = value.clone();
        }
        let block = form.typed.entry(touch.block_id.clone()).or_default();
        if block.insert(touch.action_id.clone(), held.clone()) != Some(held) {
            form.errors.remove(&touch.block_id);
        }
        Ok(form.clone())
    }
}

/// Whether the bot took it.
pub(super) fn taken(ack: &Ack) -> Result<(), String> {
    match ack.status {
        200 => Ok(()),
        0 if ack.body == "operation_timeout" => Err("the app did not answer in time".to_owned()),
        0 => Err(ack.body.clone()),
        status => Err(format!("the app answered {status}")),
    }
}
