//! The whole world as one person sees it, as the browser draws it.

mod bitbucket;
mod slack;

pub(super) use bitbucket::in_words;

use serde_json::{Value, json};

use super::super::slack::Person;
use super::memory::Step;
use super::{Desk, Role};

/// The person of that id or name whom one can be; without either, the first.
pub(super) fn cast_member(desk: &Desk, who: Option<&str>) -> Option<Person> {
    let cast = desk.0.settings.cast.iter();
    let mut cast = cast.filter_map(|role| desk.0.slack.person(&role.name));
    cast.find(|person| who.is_none_or(|who| person.id == who || person.name == who))
}

/// The state for this person.
pub(super) async fn of(desk: &Desk, me: &str) -> Value {
    let people = people(desk).await;
    notice_connections(desk, &people);
    let mut state = json!({
        "seed": desk.0.settings.seed,
        "me": me,
        "command": desk.0.settings.grammar["command"],
        "shortcuts": desk.0.settings.grammar["shortcuts"],
        "people": people,
        "guide": guide(desk),
        "bitbucket": bitbucket::of(&desk.0.bitbucket),
    });
    slack::add(desk, me, &mut state);
    state
}

/// Everybody in this Slack, and where they are connected.
async fn people(desk: &Desk) -> Vec<Value> {
    let (app, all) = desk.0.slack.with_world(|world| (world.bot.user.clone(), world.people.clone()));
    let mut people = Vec::new();
    for account in all {
        let bot = account.id == app;
        let connected = if bot { Vec::new() } else { (desk.0.settings.connected)(account.id.clone()).await };
        let role = desk.0.settings.cast.iter().find(|role| role.name == account.name);
        people.push(json!({
            "id": account.id,
            "name": account.name,
            "title": role.map(|role: &Role| role.title.as_str()),
            "bot": bot,
            "connected": connected,
        }));
    }
    people
}

/// Whoever was not connected at the start is the guide's last step.
fn notice_connections(desk: &Desk, people: &[Value]) {
    let apart = |person: &Value| {
        person["title"].is_string() && person["connected"].as_array().is_some_and(Vec::is_empty)
    };
    let anyone = people.iter().any(apart);
    let mut memory = desk.memory();
    if anyone {
        memory.somebody_is_apart = true;
    } else if memory.somebody_is_apart {
        memory.tick(Step::Connect);
    }
}

fn guide(desk: &Desk) -> Value {
    let memory = desk.memory();
    let steps = Step::ALL.map(|step| json!({"id": step.word(), "done": memory.is_done(step)}));
    json!({ "steps": steps })
}
