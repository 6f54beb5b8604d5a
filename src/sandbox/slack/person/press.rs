//! Pressing buttons and choosing from menus, in messages, in modals and on the home tab.

use serde_json::{Value, json};

use super::super::controls::{Control, controls, keeps, option_text};
use super::super::form::Form;
use super::super::message::Message;
use super::super::payload;
use super::super::send::Ack;
use super::Person;

const INTERACTIONS: &str = "/slack/interactions";
const BUTTONS: &[&str] = &["button", "icon_button", "workflow_button"];

/// The one control that `fits`, or what there is instead.
pub(super) fn find(
    all: &[Control],
    wanted: &str,
    fits: impl Fn(&Control) -> bool,
) -> Result<Control, String> {
    all.iter().find(|it| fits(it)).cloned().ok_or_else(|| {
        let there: Vec<String> = all.iter().map(|it| format!("[{}]", it.label)).collect();
        format!("there is no [{wanted}], only {}", there.join(" "))
    })
}

fn is_button(control: &Control, label: &str) -> bool {
    BUTTONS.contains(&control.kind()) && control.is_named(label)
}

/// The option's value as a menu's action carries it.
pub(super) fn chosen(control: &Control, option: &Value) -> Value {
    match keeps(control.kind()) {
        Some((key, _, true)) => json!({key: [option]}),
        Some((key, _, false)) => json!({key: option}),
        None => json!({"selected_option": option}),
    }
}

pub(super) fn choice(control: &Control, text: &str) -> Result<Value, String> {
    let option = control.option(text).ok_or_else(|| {
        let options = control.options();
        let there: Vec<&str> = options.iter().map(option_text).collect();
        format!("[{}] does not offer `{text}`, only: {}", control.label, there.join(", "))
    })?;
    Ok(chosen(control, &option))
}

impl Person {
    /// Presses the button reading `label`, on the message as it stands now; one that is there no
    /// more is pressed as it was, as happens when a message changes under the finger.
    pub async fn clicks(&self, message: &Message, label: &str) -> Ack {
        match self.click_payload(message, label) {
            Ok(payload) => self.interacts(&payload).await,
            Err(why) => self.mishap(why),
        }
    }

    /// The payload of such a press, for a test that sends it in its own way.
    pub fn click_payload(&self, message: &Message, label: &str) -> Result<Value, String> {
        let (message, control) = self.on_message(message, label, |it| is_button(it, label))?;
        let mut world = self.slack.world();
        let action = payload::action(&mut world, &control, None);
        Ok(payload::message_action(&mut world, &self.id, &message, &action))
    }

    /// Chooses from a menu in a message, by the menu's label or placeholder; the overflow menu is
    /// also found by its option alone.
    pub async fn chooses(&self, message: &Message, label: &str, option: &str) -> Ack {
        match self.choose_payload(message, label, option) {
            Ok(payload) => self.interacts(&payload).await,
            Err(why) => self.mishap(why),
        }
    }

    fn choose_payload(&self, message: &Message, label: &str, option: &str) -> Result<Value, String> {
        let fits = |it: &Control| {
            let overflow = it.kind() == "overflow" && it.option(option).is_some();
            !BUTTONS.contains(&it.kind()) && (it.is_named(label) || overflow)
        };
        let (message, control) = self.on_message(message, label, fits)?;
        let chosen = choice(&control, option)?;
        let mut world = self.slack.world();
        let action = payload::action(&mut world, &control, Some(&chosen));
        Ok(payload::message_action(&mut world, &self.id, &message, &action))
    }

    /// Presses a button in the modal on top.
    pub async fn presses(&self, label: &str) -> Ack {
        match self.form() {
            Some(form) => self.presses_on(&form, label).await,
            None => self.mishap(format!("no form is open to press [{label}] in")),
        }
    }

    /// Presses a button on the home tab.
    pub async fn presses_home(&self, label: &str) -> Ack {
        match self.home() {
            Some(home) => self.presses_on(&home, label).await,
            None => self.mishap(format!("there is no home tab to press [{label}] on")),
        }
    }

    async fn presses_on(&self, form: &Form, label: &str) -> Ack {
        let control = match find(&controls(form.blocks()), label, |it| is_button(it, label)) {
            Ok(control) => control,
            Err(why) => return self.mishap(why),
        };
        self.uses(form, &control, None).await
    }

    /// Chooses from a menu on the home tab.
    pub async fn chooses_home(&self, label: &str, option: &str) -> Ack {
        let Some(home) = self.home() else {
            return self.mishap(format!("there is no home tab to choose {option} on"));
        };
        let found = find(&controls(home.blocks()), label, |it| it.is_named(label));
        match found.and_then(|it| choice(&it, option).map(|chosen| (it, chosen))) {
            Ok((control, chosen)) => self.uses(&home, &control, Some(&chosen)).await,
            Err(why) => self.mishap(why),
        }
    }

    /// Tells the bot that a control of a view was used.
    pub(super) async fn uses(&self, form: &Form, control: &Control, chosen: Option<&Value>) -> Ack {
        let payload = {
            let mut world = self.slack.world();
            let action = payload::action(&mut world, control, chosen);
            payload::view_action(&mut world, form, &action)
        };
        self.interacts(&payload).await
    }

    pub(super) async fn interacts(&self, payload: &Value) -> Ack {
        let ack = self.slack.interact(INTERACTIONS, payload).await;
        self.silent(ack)
    }

    fn on_message(
        &self,
        message: &Message,
        label: &str,
        fits: impl Fn(&Control) -> bool,
    ) -> Result<(Message, Control), String> {
        if message.ephemeral_to.as_ref().is_some_and(|it| *it != self.id) {
            return Err(format!("only another person sees the message with [{label}]"));
        }
        let now = self.slack.current(message);
        if !now.deleted
            && let Ok(control) = find(&controls(&now.all_blocks()), label, &fits)
        {
            return Ok((now, control));
        }
        let before = find(&controls(&message.all_blocks()), label, fits)?;
        Ok((message.clone(), before))
    }
}
