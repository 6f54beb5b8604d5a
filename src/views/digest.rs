//! A digest: open pull requests by what they wait for, the most pressing first, each with the one thing that moves
//! it on.

use crate::views::card;
use crate::views::listing::next_step;
use crate::views::short::{clipped, counted};
use crate::words::digest::Waits;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{PersonId, PrName, SlackUser};
use crate::words::pull_request::{PullRequest, Verdict};

/// So many stand on a page.
pub const PER_PAGE: usize = 12;
/// How much of a title and of a name stands in a row.
const TITLE: usize = 80;
const NAME: usize = 30;
/// So many reviewers are named.
const REVIEWERS: usize = 4;

/// A reviewer who has yet to act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    /// What they are called on Bitbucket.
    pub name: String,
    /// Who they are in Slack, where they may be called.
    pub user: Option<SlackUser>,
    /// How long they have been asked, in words.
    pub waited: String,
    /// Whether they say that they are away.
    pub away: bool,
}

/// A pull request in a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Itself.
    pub pr: PullRequest,
    /// What it waits for.
    pub waits: Waits,
    /// How old it is, in working time and words.
    pub age: String,
    /// How long nobody has touched it, where that is worth saying.
    pub untouched: Option<String>,
    /// Who has yet to act.
    pub awaited: Vec<Awaited>,
    /// What more there is to say: `2 failed`.
    pub note: Option<String>,
}

/// Where a page is in what it is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The list it is a page of.
    pub list: i64,
    /// Which page, the first is 0.
    pub page: usize,
    /// How many pull requests there are in all.
    pub of: usize,
}

/// What a digest is of, and whether it is for one person.
pub type Whose = (Option<String>, bool);

/// What stands over a digest: how many wait, and for what.
pub fn head((what, personal): &Whose, waits: &[Waits]) -> Line {
    let count = counted(waits.len(), "open pull request", "open pull requests");
    let line = match (what, personal) {
        (Some(what), true) => Line::new().text(format!("{count} of ")).bold(what).text(concern(waits.len())),
        (None, _) => Line::new().text(format!("{count}{}", concern(waits.len()))),
        (Some(what), false) if waits.len() == 1 => {
            Line::new().bold(what).text(format!(" has {count} that waits"))
        }
        (Some(what), false) => Line::new().bold(what).text(format!(" has {count} that wait")),
    };
    let groups: Vec<String> = Waits::ALL
        .iter()
        .filter_map(|group| {
            let count = waits.iter().filter(|one| *one == group).count();
            (count > 0).then(|| format!("{count} {}", in_short(*group, count)))
        })
        .collect();
    if groups.len() > 1 { line.text(format!(": {}.", groups.join(", "))) } else { line.text(".") }
}

fn concern(count: usize) -> &'static str {
    if count == 1 { " concerns you" } else { " concern you" }
}

/// What is said where nothing waits.
pub fn nothing((what, personal): &Whose) -> Line {
    let line = Line::new().text(if *personal { "Nothing waits for you" } else { "Nothing waits" });
    match what {
        Some(what) => line.text(" in ").bold(what).text("."),
        None => line.text("."),
    }
}

fn in_short(group: Waits, count: usize) -> &'static str {
    match group {
        Waits::Merge => "to merge",
        Waits::Review => "for review",
        Waits::Author if count == 1 => "for its author",
        Waits::Author => "for their authors",
        Waits::Checks => "for checks",
        Waits::Conflict => "in conflict",
        Waits::Tasks => "with open tasks",
        Waits::Draft if count == 1 => "draft",
        Waits::Draft => "drafts",
    }
}

/// One page. `me` is who reads it, where it is for one person: what they can do about each is on its button.
pub fn page<'a>(
    head: Line,
    items: &[Item],
    place: Option<Place>,
    me: impl Fn(&PullRequest) -> Option<&'a PersonId>,
) -> Message {
    let mut message = Message::line(head);
    let mut group = None;
    for item in items {
        if group != Some(item.waits) {
            group = Some(item.waits);
            message = message.row(Line::new().bold(item.waits.head()), None);
        }
        let button = match me(&item.pr).filter(|_| matches!(item.waits, Waits::Merge | Waits::Review)) {
            Some(me) => next_step(&item.pr, Some(me)),
            None => step(item),
        };
        message = message.row(row(item), Some(button));
    }
    if let Some(place) = place {
        message = turning(message, place);
    }
    let names: Vec<&PrName> = items.iter().map(|item| &item.pr.name).collect();
    if names.is_empty() { message } else { message.button(snooze(&names)) }
}

fn turning(message: Message, place: Place) -> Message {
    let turn = |label: String, page: usize| {
        let does = Action::named("digest.preview").with("list", place.list.to_string()).with("page", page);
        Button::new(label, does)
    };
    let message = match place.page {
        0 => message,
        page => message.button(turn("Previous".to_owned(), page - 1)),
    };
    let beyond = place.of.saturating_sub((place.page + 1) * PER_PAGE);
    if beyond == 0 { message } else { message.button(turn(format!("{beyond} more"), place.page + 1)) }
}

/// What moves it on, whoever presses it.
fn step(item: &Item) -> Button {
    let on = |label: &str, command: &str| {
        Button::new(label, Action::named(command).with("pr", item.pr.name.to_string()))
    };
    match item.waits {
        Waits::Merge => card::merge(&item.pr.name),
        Waits::Review if !item.awaited.is_empty() => on("Nudge", "pr.nudge"),
        Waits::Review => on("Reviewers", "pr.reviewers"),
        Waits::Checks => on("Checks", "pr.checks"),
        Waits::Tasks => on("Tasks", "pr.tasks"),
        Waits::Author | Waits::Conflict | Waits::Draft => on("Show", "pr.show"),
    }
}

fn snooze(among: &[&PrName]) -> Button {
    let names: Vec<String> = among.iter().map(ToString::to_string).collect();
    Button::new("Snooze one", Action::named("snooze").with("among", names))
}

/// One of them: what it is, whose, how long, and whom it waits for.
pub fn row(item: &Item) -> Line {
    let pr = &item.pr;
    let mut line = Line::new()
        .link(format!("{} {}", pr.name.short(), clipped(&pr.title, TITLE)), &pr.url)
        .text(format!(" by {} · {} old", clipped(&pr.author.name, NAME), item.age));
    if let Some(untouched) = &item.untouched {
        line = line.text(format!(", untouched for {untouched}"));
    }
    for (at, one) in item.awaited.iter().take(REVIEWERS).enumerate() {
        line = line.text(if at == 0 { " · " } else { ", " });
        line = match &one.user {
            Some(user) if !one.away => line.person(user.clone()),
            _ => line.text(clipped(&one.name, NAME)),
        };
        line = line.text(if one.away { " (away)".to_owned() } else { format!(" for {}", one.waited) });
    }
    if item.awaited.len() > REVIEWERS {
        line = line.text(format!(" and {} more", item.awaited.len() - REVIEWERS));
    }
    match said(item) {
        Some(said) => line.text(format!(" · {said}")),
        None => line,
    }
}

/// Why it waits for what it waits for, where its group does not say so already.
fn said(item: &Item) -> Option<String> {
    let by = |verdict: Verdict| {
        let people = item.pr.reviews.iter().filter(|review| review.verdict == verdict);
        let names: Vec<String> = people.map(|review| clipped(&review.person.name, NAME)).take(3).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    match item.waits {
        Waits::Merge => by(Verdict::Approved).map(|names| format!("approved by {names}")),
        Waits::Author => {
            let spoken = item.pr.reviews.iter().filter(|review| review.verdict != Verdict::Waiting);
            let asked = by(Verdict::NeedsWork).map(|names| format!("changes asked for by {names}"));
            Some(asked.unwrap_or_else(|| counted(spoken.count(), "review", "reviews")))
        }
        Waits::Review if item.awaited.is_empty() => Some("nobody is asked to review it".to_owned()),
        Waits::Review | Waits::Checks | Waits::Tasks | Waits::Conflict | Waits::Draft => item.note.clone(),
    }
}
