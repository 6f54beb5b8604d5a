//! Submitting and closing the modal on top, and doing what the bot's answer says.

use serde_json::Value;

use super::super::controls::{self, Control};
use super::super::form::Form;
use super::super::send::Ack;
use super::super::world::{Change, World};
use super::super::{check, payload};
use super::Person;

const INTERACTIONS: &str = "/slack/interactions";
const TROUBLE: &str = "The app did not answer; try again.";

impl Person {
    /// Submits the modal on top. What a required or limited field holds back is never sent: the
    /// form then shows why, as it shows the errors the bot answers with.
    pub async fn submits(&self) -> Ack {
        let Some(form) = self.form() else {
            return self.mishap("no form is open to submit");
        };
        if !form.body["submit"].is_object() {
            return self.mishap(format!("the form `{}` has nothing to submit with", form.title()));
        }
        let held_back = held_back(&form);
        if !held_back.is_empty() {
            let reasons: Vec<&str> = held_back.iter().map(|(_, why)| why.as_str()).collect();
            let ack = Ack::unsent(reasons.join("; "));
            self.shows_errors(&form.id, held_back);
            return ack;
        }
        self.shows_errors(&form.id, Vec::new());
        let payload = payload::submission(&mut self.slack.world(), &form);
        let ack = self.slack.interact(INTERACTIONS, &payload).await;
        let applied = apply(&mut self.slack.world(), &form, &ack);
        if let Err(why) = applied {
            self.mishap(why);
        }
        ack
    }

    /// The payload of such a submission, for a test that sends it in its own way.
    pub fn submit_payload(&self) -> Option<Value> {
        let form = self.form()?;
        Some(payload::submission(&mut self.slack.world(), &form))
    }

    /// Closes the modal on top; the bot is told where the view asks for it.
    pub async fn closes(&self) -> Ack {
        let Some(form) = self.form() else {
            return self.mishap("no form is open to close");
        };
        let all = form.body["clear_on_close"] == true;
        self.slack.world().close_view(&form.id, all);
        if form.body["notify_on_close"] != true {
            return Ack::done();
        }
        let payload = payload::closing(&self.slack.world(), &form, all);
        let ack = self.slack.interact(INTERACTIONS, &payload).await;
        self.silent(ack)
    }

    fn shows_errors(&self, form: &str, errors: Vec<(String, String)>) {
        let mut world = self.slack.world();
        if let Some(form) = world.view_mut(form) {
            form.errors = errors.into_iter().collect();
        }
        world.changed(Change::View { user: self.id.clone() });
    }
}

/// Fields that Slack itself does not let pass, by block id, with the reason.
fn held_back(form: &Form) -> Vec<(String, String)> {
    let inputs = controls::controls(form.blocks());
    let inputs = inputs.iter().filter(|it| it.is_input());
    inputs.filter_map(|it| Some((it.block_id().to_owned(), wrong_with(it, &held(form, it))?))).collect()
}

fn held(form: &Form, control: &Control) -> Value {
    form.value(control.block_id(), control.action_id())
}

fn wrong_with(control: &Control, held: &Value) -> Option<String> {
    if controls::is_empty(held) {
        let needed = control.block["optional"] != true;
        return needed.then(|| "This field must not be empty.".to_owned());
    }
    let text = held["value"].as_str()?;
    let letters = text.chars().count() as u64;
    let bound = |key: &str| control.element[key].as_u64();
    if let Some(most) = bound("max_length").filter(|it| letters > *it) {
        return Some(format!("No more than {most} characters."));
    }
    if let Some(least) = bound("min_length").filter(|it| letters < *it) {
        return Some(format!("At least {least} characters."));
    }
    match control.kind() {
        "number_input" => wrong_number(control, text),
        "email_text_input" if !text.contains('@') => Some("This is no email address.".to_owned()),
        "url_text_input" if url::Url::parse(text).is_err() => Some("This is no URL.".to_owned()),
        _ => None,
    }
}

fn wrong_number(control: &Control, text: &str) -> Option<String> {
    let number: Option<f64> = text.parse().ok().filter(|it: &f64| it.is_finite());
    let Some(number) = number else {
        return Some("This is no number.".to_owned());
    };
    if control.element["is_decimal_allowed"] != true && number.fract() != 0.0 {
        return Some("This is no whole number.".to_owned());
    }
    let bound = |key: &str| control.element[key].as_str().and_then(|it| it.parse::<f64>().ok());
    let low = bound("min_value").is_some_and(|it| number < it);
    let high = bound("max_value").is_some_and(|it| number > it);
    (low || high).then(|| "This number is out of bounds.".to_owned())
}

/// Does what the answer to a submission says; what Slack could not make sense of comes back.
fn apply(world: &mut World, form: &Form, ack: &Ack) -> Result<(), String> {
    if !ack.is_ok() {
        if let Some(open) = world.view_mut(&form.id) {
            open.errors.insert(String::new(), TROUBLE.to_owned());
        }
        return Ok(());
    }
    if ack.body.trim().is_empty() {
        world.close_view(&form.id, false);
        return Ok(());
    }
    let answer = ack.json().ok_or_else(|| format!("Slack cannot read the answer: {}", ack.body))?;
    match answer["response_action"].as_str() {
        None if answer.as_object().is_some_and(serde_json::Map::is_empty) => {
            world.close_view(&form.id, false);
            Ok(())
        }
        Some("clear") => {
            world.close_view(&form.id, true);
            Ok(())
        }
        Some("errors") => errors(world, form, &answer["errors"]),
        Some("update") => {
            let view = checked(&answer["view"])?;
            let drawn = world.redraw_view(&form.id, view, None);
            drawn.map(|_| ()).map_err(str::to_owned)
        }
        Some("push") => {
            let view = checked(&answer["view"])?;
            let pushed = world.push_view(&form.user, view);
            pushed.map(|_| ()).map_err(str::to_owned)
        }
        other => Err(format!("Slack knows no response_action {other:?}")),
    }
}

fn checked(view: &Value) -> Result<Value, String> {
    let checked = check::view(view, false);
    checked.map_err(|it| format!("{}: {}", it.word, it.messages.join("; ")))?;
    Ok(view.clone())
}

fn errors(world: &mut World, form: &Form, errors: &Value) -> Result<(), String> {
    let errors = errors.as_object().filter(|it| !it.is_empty());
    let errors = errors.ok_or("`errors` must name at least one block")?;
    let open = world.view_mut(&form.id).ok_or("the form is gone")?;
    for (block, why) in errors {
        let is_input = |it: &Value| it["block_id"] == block.as_str() && it["type"] == "input";
        if !form.blocks().iter().any(is_input) {
            return Err(format!("`errors` names {block}, which is no input of the form"));
        }
        let why = why.as_str().ok_or("an error must be a string")?;
        open.errors.insert(block.clone(), why.to_owned());
    }
    world.changed(Change::View { user: form.user.clone() });
    Ok(())
}
