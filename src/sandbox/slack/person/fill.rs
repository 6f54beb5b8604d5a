//! Filling in the modal on top, field by field.

use serde_json::{Value, json};

use super::super::check;
use super::super::controls::{Control, controls, keeps, option_text};
use super::super::payload;
use super::super::send::Ack;
use super::super::world::{Change, World};
use super::Person;
use super::press::{choice, find};

const OPTIONS: &str = "/slack/options";

impl Person {
    /// Fills a field by its label: words are typed; options, people and channels are picked by what
    /// a person reads, several separated by commas; nothing empties the field.
    pub async fn fills(&self, label: &str, value: &str) -> Ack {
        let control = match self.field(label) {
            Ok(control) => control,
            Err(why) => return self.mishap(why),
        };
        if control.kind().ends_with("external_select") && !value.is_empty() {
            return self.picks(label, value, value).await;
        }
        let held = value_of(&self.slack.world(), &control, value);
        match held {
            Ok(held) => self.holds(&control, &held).await,
            Err(why) => self.mishap(why),
        }
    }

    /// Types into an external select and reads what it offers.
    pub async fn looks_up(&self, label: &str, typed: &str) -> Vec<String> {
        match self.asks(label, typed).await {
            Ok((_, options)) => options.iter().map(|it| option_text(it).to_owned()).collect(),
            Err(why) => {
                self.mishap(why);
                Vec::new()
            }
        }
    }

    /// Types into an external select and picks one of what it offers.
    pub async fn picks(&self, label: &str, typed: &str, option: &str) -> Ack {
        let (mut control, options) = match self.asks(label, typed).await {
            Ok(found) => found,
            Err(why) => return self.mishap(why),
        };
        control.element["options"] = Value::Array(options);
        match choice(&control, option) {
            Ok(chosen) => self.holds(&control, &chosen).await,
            Err(why) => self.mishap(why),
        }
    }

    fn field(&self, label: &str) -> Result<Control, String> {
        let form = self.form().ok_or_else(|| format!("no form is open to fill in {label}"))?;
        let fits = |it: &Control| it.is_named(label) && keeps(it.kind()).is_some();
        find(&controls(form.blocks()), label, fits)
    }

    async fn asks(&self, label: &str, typed: &str) -> Result<(Control, Vec<Value>), String> {
        let control = self.field(label)?;
        if !control.kind().ends_with("external_select") {
            return Err(format!("{label} is not looked up: it is a {}", control.kind()));
        }
        let least = control.element["min_query_length"].as_u64().unwrap_or(3);
        if (typed.chars().count() as u64) < least {
            return Err(format!("{label} asks for at least {least} letters"));
        }
        let payload = {
            let world = self.slack.world();
            let mut payload = payload::suggestion(&world, &self.id, &control, typed);
            if let Some(form) = world.top_form(&self.id) {
                payload["container"] = json!({"type": "view", "view_id": form.id});
                payload["view"] = form.to_api(&world);
            }
            payload
        };
        let ack = self.slack.interact(OPTIONS, &payload).await;
        let answer = ack.json().filter(|_| ack.is_ok());
        let answer = answer.ok_or_else(|| format!("{label} got no options: {} {}", ack.status, ack.body))?;
        check::suggestions(&answer).map_err(|it| format!("{label}: {}", it.messages.join("; ")))?;
        let offer = Control { element: answer, ..control.clone() };
        Ok((control, offer.options()))
    }

    /// The field holds this from now on; the bot is told where the field says so.
    async fn holds(&self, control: &Control, chosen: &Value) -> Ack {
        let form = {
            let mut world = self.slack.world();
            let id = world.top_form(&self.id).map(|it| it.id.clone()).unwrap_or_default();
            let Some(form) = world.view_mut(&id) else {
                return Ack::unsent("no form is open");
            };
            let mut held = json!({"type": control.kind()});
            for (key, value) in chosen.as_object().into_iter().flatten() {
                held[key] = value.clone();
            }
            form.typed
                .entry(control.block_id().to_owned())
                .or_default()
                .insert(control.action_id().to_owned(), held);
            form.errors.remove(control.block_id());
            let form = form.clone();
            world.changed(Change::View { user: self.id.clone() });
            form
        };
        if control.dispatches() { self.uses(&form, control, Some(chosen)).await } else { Ack::done() }
    }
}

/// What a field of this type holds when a person gives it `value`.
fn value_of(world: &World, control: &Control, value: &str) -> Result<Value, String> {
    let kind = control.kind();
    let (key, _, many) = keeps(kind).ok_or_else(|| format!("a {kind} cannot be filled in"))?;
    let parts = value.split(',').map(str::trim).filter(|it| !it.is_empty());
    let parts: Vec<&str> = if control.option(value).is_some() { vec![value] } else { parts.collect() };
    match kind {
        _ if value.is_empty() && many => Ok(json!({key: []})),
        _ if value.is_empty() => Ok(json!({key: null})),
        "static_select" | "radio_buttons" => choice(control, value),
        "multi_static_select" | "checkboxes" => {
            let options: Result<Vec<Value>, String> =
                parts.iter().map(|it| choice(control, it).map(|chosen| chosen[key][0].clone())).collect();
            Ok(json!({key: options?}))
        }
        _ if many || kind.ends_with("_select") => {
            let ids: Result<Vec<String>, String> = parts.iter().map(|it| id_of(world, it)).collect();
            let ids = ids?;
            Ok(if many { json!({key: ids}) } else { json!({key: ids.first()}) })
        }
        "datetimepicker" => {
            let seconds: i64 = value.parse().map_err(|_| format!("{value} is no time in seconds"))?;
            Ok(json!({key: seconds}))
        }
        "rich_text_input" => Ok(json!({key: rich_text(value)})),
        _ => Ok(json!({key: value})),
    }
}

/// The id of a person (`@ada`) or a channel (`#web`).
fn id_of(world: &World, said: &str) -> Result<String, String> {
    let person = world.account_named(said).filter(|_| !said.starts_with('#'));
    let channel = world.channel_named(said).filter(|_| !said.starts_with('@'));
    let found = person.map(|it| &it.id).or(channel.map(|it| &it.id));
    found.cloned().ok_or_else(|| format!("there is no {said}"))
}

fn rich_text(value: &str) -> Value {
    json!({"type": "rich_text", "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": value}]},
    ]})
}
