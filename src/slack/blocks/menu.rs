//! What can be done besides → one menu. An option carries little: what all of them share travels in the
//! menu's own id, and each carries the rest.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::text::{clip, plain};
use crate::words::message::{Action, Button};

/// What the menu's id begins with.
const MARK: &str = "more:";
/// How long an id is at most.
const ID: usize = 255;
/// How long an option's value is at most.
const VALUE: usize = 75;
/// How many options there are at most.
const MOST: usize = 100;

/// The menu, and the choices that carry more than it can hold.
pub(super) fn lay(choices: &[Button]) -> (Option<Value>, Vec<Button>) {
    let Some(first) = choices.first() else {
        return (None, Vec::new());
    };
    let everywhere = |(field, value): &(&String, &Value)| {
        choices.iter().all(|choice| choice.does.fields.get(*field) == Some(value))
    };
    let shared: BTreeMap<&String, &Value> = first.does.fields.iter().filter(everywhere).collect();
    let id = format!("{MARK}{}", json!(shared));
    if clip(&id, ID) != id {
        return (None, choices.to_vec());
    }
    let (mut options, mut too_large) = (Vec::new(), Vec::new());
    for choice in choices.iter().take(MOST) {
        match own(&choice.does, &shared) {
            Some(value) => options.push(json!({"text": plain(&choice.label, VALUE), "value": value})),
            None => too_large.push(choice.clone()),
        }
    }
    let menu = (!options.is_empty()).then(|| {
        json!({
            "type": "static_select",
            "action_id": id,
            "placeholder": plain("More…", 150),
            "options": options,
        })
    });
    (menu, too_large)
}

/// What an option carries of its own.
fn own(action: &Action, shared: &BTreeMap<&String, &Value>) -> Option<String> {
    let rest = action.fields.iter().filter(|(field, _)| !shared.contains_key(field));
    let rest: BTreeMap<&String, &Value> = rest.collect();
    let value = if rest.is_empty() {
        action.name.clone()
    } else {
        let mut own = json!(rest);
        own["do"] = json!(action.name);
        own.to_string()
    };
    (clip(&value, VALUE) == value).then_some(value)
}

/// What a chosen option does, from the menu's id and the option's value.
pub(in crate::slack) fn chosen(action_id: &str, value: &str) -> Option<Action> {
    let shared: BTreeMap<String, Value> = serde_json::from_str(action_id.strip_prefix(MARK)?).ok()?;
    let mut action = match serde_json::from_str::<Action>(value) {
        Ok(action) => action,
        Err(_) => Action::named(value),
    };
    action.fields.extend(shared);
    Some(action)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_what_was_offered() {
        let pr = "dc:A-RATHER-LONG-PROJECT/and-a-rather-long-repository-besides#123456";
        let action = |name: &str| Action::named(name).with("pr", pr);
        let offered = [
            Button::new("Decline…", action("pr.decline")),
            Button::new("Diff, page 2", action("pr.diff").with("page", 2)),
        ];
        let (menu, too_large) = lay(&offered);
        assert!(too_large.is_empty());
        let menu = menu.unwrap();
        for (at, button) in offered.iter().enumerate() {
            let value = menu["options"][at]["value"].as_str().unwrap();
            assert_eq!(chosen(menu["action_id"].as_str().unwrap(), value), Some(button.does.clone()));
        }
    }

    #[test]
    fn what_it_cannot_hold_is_left_out() {
        let long = Button::new("x", Action::named("x").with("a", "y".repeat(300)));
        assert_eq!(lay(std::slice::from_ref(&long)), (None, vec![long.clone()]));
        let other = Button::new("z", Action::named("z").with("a", "y"));
        assert_eq!(lay(&[other, long.clone()]).1, vec![long]);
    }
}
