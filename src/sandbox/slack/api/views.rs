//! `views.*`: opening, stacking and redrawing modals, and the home tab.

use serde_json::{Value, json};

use super::args::Args;
use super::{Answer, Refusal};
use crate::sandbox::slack::check;
use crate::sandbox::slack::form::Form;
use crate::sandbox::slack::world::World;

/// The view argument, checked; `other` is the view it may replace.
fn view(world: &World, args: &Args, home: bool, other: Option<&str>) -> Result<Value, Refusal> {
    let view = args.structure("view")?.unwrap_or_default();
    check::view(&view, home)?;
    let external = view["external_id"].as_str().filter(|it| !it.is_empty());
    match external.and_then(|it| world.view_by_external(it)) {
        Some(there) if other != Some(there.id.as_str()) => {
            Err(Refusal::mistake("duplicate_external_id", Vec::new()))
        }
        _ => Ok(view),
    }
}

/// Whose trigger it was; a view is checked first, and a refused one uses nothing up.
fn trigger(world: &mut World, args: &Args) -> Result<String, Refusal> {
    let id = args.text("trigger_id").or_else(|| args.text("interactivity_pointer"));
    let missing = || "[ERROR] missing required field: trigger_id".to_owned();
    let id = id.ok_or_else(|| Refusal::mistake("invalid_arguments", vec![missing()]))?;
    world.spend_trigger(&id).map_err(Refusal::happens)
}

fn shown(world: &World, form: &Form) -> Value {
    json!({"view": form.to_api(world)})
}

pub(super) fn open(world: &mut World, args: &Args) -> Answer {
    let view = view(world, args, false, None)?;
    let user = trigger(world, args)?;
    let form = world.open_view(&user, view);
    Ok(shown(world, &form))
}

pub(super) fn push(world: &mut World, args: &Args) -> Answer {
    let view = view(world, args, false, None)?;
    let user = trigger(world, args)?;
    let form = world.push_view(&user, view).map_err(Refusal::happens)?;
    Ok(shown(world, &form))
}

pub(super) fn update(world: &mut World, args: &Args) -> Answer {
    let external = args.text("external_id");
    let by_external = external.and_then(|it| world.view_by_external(&it).map(|it| it.id.clone()));
    let id = match (args.text("view_id"), by_external) {
        (Some(id), _) | (None, Some(id)) => id,
        (None, None) if args.has("external_id") => return Err(Refusal::happens("not_found")),
        (None, None) => {
            let missing = "[ERROR] missing required field: view_id".to_owned();
            return Err(Refusal::mistake("invalid_arguments", vec![missing]));
        }
    };
    let there = world.view(&id).ok_or_else(|| Refusal::happens("not_found"))?;
    let home = there.body["type"] == "home";
    let view = view(world, args, home, Some(&id))?;
    let hash = args.text("hash");
    let form = world.redraw_view(&id, view, hash.as_deref()).map_err(Refusal::happens)?;
    Ok(shown(world, &form))
}

pub(super) fn publish(world: &mut World, args: &Args) -> Answer {
    let user = args.needed("user_id")?;
    if world.account(&user).is_none() {
        return Err(Refusal::happens("user_not_found"));
    }
    let there = world.homes.iter().find(|it| it.user == user);
    let there = there.map(|it| it.id.clone());
    let view = view(world, args, true, there.as_deref())?;
    let hash = args.text("hash");
    let form = world.publish_home(&user, view, hash.as_deref()).map_err(Refusal::happens)?;
    Ok(shown(world, &form))
}
