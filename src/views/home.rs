//! A person's home tab: what waits for them, what they wrote, which accounts are theirs, what they have set.

use super::listing;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::Instance;
use crate::words::pull_request::PullRequest;

/// How many pull requests a part shows.
const MOST: usize = 15;

/// What one Bitbucket has to show.
pub struct Place {
    /// Which.
    pub instance: Instance,
    /// Who they are there; none where they have not connected.
    pub name: Option<String>,
    /// What waits for their review, the oldest first.
    pub queue: Vec<PullRequest>,
    /// The open ones they wrote, the newest first.
    pub mine: Vec<PullRequest>,
    /// Why there is nothing to show, although they are connected.
    pub trouble: Option<Trouble>,
}

/// Why a Bitbucket shows nothing.
pub enum Trouble {
    /// Their sign-in there has ended.
    SignIn,
    /// It does not answer.
    Silent,
}

/// All there is to know.
pub struct Home {
    /// The Bitbuckets there are.
    pub places: Vec<Place>,
    /// Whether they are mentioned where a review waits for them.
    pub mentions: bool,
    /// What they are told in private, in a few words.
    pub direct: String,
    /// What changes that.
    pub change: Button,
    /// How they ask for help: `/bb help`.
    pub help: String,
    /// How a channel is told of a repository.
    pub subscribe: String,
    /// When this was so.
    pub at: i64,
}

/// The parts of the tab, each under its heading.
pub fn parts(home: &Home) -> Vec<(String, Message)> {
    let mut parts = Vec::new();
    if home.places.iter().all(|place| place.name.is_none()) {
        parts.push(("Welcome to Dipper".to_owned(), welcome(home)));
    } else {
        parts.push(("Waiting for your review".to_owned(), queue(home)));
        parts.push(("Your open pull requests".to_owned(), mine(home)));
        parts.push(("Your accounts".to_owned(), accounts(home)));
    }
    parts.push(("Your settings".to_owned(), settings(home)));
    parts
}

fn welcome(home: &Home) -> Message {
    let message = Message::line("Bitbucket, worked from Slack: open, review and merge pull requests right here.")
        .and("1. Connect your Bitbucket account: what you do from Slack is then done as you, with your own rights.")
        .and(Line::new().text("2. In a channel, type ").code(&home.subscribe).text(" to hear of a repository there."))
        .and(Line::new().text("3. Type ").code(&home.help).text(" anywhere to see what else there is."));
    home.places.iter().fold(message, |message, place| message.button(connect(&place.instance).main()))
}

fn queue(home: &Home) -> Message {
    let mut waiting: Vec<&PullRequest> = home.places.iter().flat_map(|place| &place.queue).collect();
    waiting.sort_by_key(|pr| pr.created_at);
    troubles(home, listed(&waiting, "Review", "Nothing waits for you."))
}

fn mine(home: &Home) -> Message {
    let mut mine: Vec<&PullRequest> = home.places.iter().flat_map(|place| &place.mine).collect();
    mine.sort_by_key(|pr| std::cmp::Reverse(pr.created_at));
    listed(&mine, "Show", "You have no open pull request.")
        .button(Button::new("Open a pull request", Action::named("pr.open")))
}

fn listed(prs: &[&PullRequest], label: &str, none: &str) -> Message {
    if prs.is_empty() {
        return Message::line(none);
    }
    let message = prs.iter().take(MOST).fold(Message::default(), |message, pr| {
        let show = Action::named("pr.show").with("pr", pr.name.to_string());
        message.row(listing::pull_request(pr), Some(Button::new(label, show)))
    });
    match prs.len().saturating_sub(MOST) {
        0 => message,
        more => message.fact(format!("… and {more} more")),
    }
}

fn troubles(home: &Home, message: Message) -> Message {
    home.places.iter().fold(message, |message, place| match place.trouble {
        Some(Trouble::SignIn) => message.fact(
            Line::new()
                .text("Your sign-in on ")
                .bold(place.instance.as_str())
                .text(" has ended: connect it again below."),
        ),
        Some(Trouble::Silent) => message.fact(
            Line::new()
                .bold(place.instance.as_str())
                .text(" does not answer just now; what waits there is missing here."),
        ),
        None => message,
    })
}

fn accounts(home: &Home) -> Message {
    home.places.iter().fold(Message::default(), |message, place| match (&place.name, &place.trouble) {
        (Some(name), Some(Trouble::SignIn)) => {
            message.row(on(format!("You were {name} on "), place), Some(connect(&place.instance).main()))
        }
        (Some(name), _) => {
            message.row(on(format!("You are {name} on "), place), Some(disconnect(&place.instance)))
        }
        (None, _) => message.row(on("Not connected on ".to_owned(), place), Some(connect(&place.instance))),
    })
}

fn on(words: String, place: &Place) -> Line {
    Line::new().text(words).bold(place.instance.as_str())
}

fn settings(home: &Home) -> Message {
    let (says, other, label) = if home.mentions {
        ("Cards mention you where a review waits for you.", "off", "Don't mention me")
    } else {
        ("Cards call you by your name and mention you nowhere.", "on", "Mention me")
    };
    let turn = Action::named("mentions").with("switch", other);
    let message = Message::default().row(says, Some(Button::new(label, turn)));
    message.row(Line::from(home.direct.as_str()), Some(home.change.clone())).fact(
        Line::new().text("As of ").moment(home.at).text(" · ").code(&home.help).text(" shows what there is"),
    )
}

fn connect(instance: &Instance) -> Button {
    Button::new(format!("Connect {instance}"), Action::named("connect").with("instance", instance.as_str()))
}

fn disconnect(instance: &Instance) -> Button {
    Button::new("Disconnect", Action::named("disconnect").with("instance", instance.as_str()))
        .confirm(format!("Forget your account on {instance}?"), "Disconnect")
}
