//! What a person reads in private: what happened, where it stands now, and the buttons to answer.

use super::card::{self, branches, standing};
use super::short::clipped;
use crate::words::message::{Action, Button, Line, Message, Tone};
use crate::words::names::PrName;
use crate::words::notice::{About, Notice, Whisper};
use crate::words::pull_request::PullRequest;

/// How many things about one pull request are told one by one.
const MOST: usize = 6;
/// How many of them stand in a row of a list.
const IN_A_ROW: usize = 2;
/// How many rows a list has.
const ROWS: usize = 15;
/// How much of a title stands in a row.
const TITLE: usize = 80;

/// What one pull request or branch has to tell: as it stands now, where that is known.
pub struct News<'a> {
    /// What it is about.
    pub about: &'a About,
    /// The pull request.
    pub now: Option<&'a PullRequest>,
    /// What happened, in the order it did.
    pub told: Vec<&'a Whisper>,
}

impl News<'_> {
    fn any(&self, kinds: &[Notice]) -> bool {
        self.told.iter().any(|one| kinds.contains(&one.kind))
    }

    fn title(&self, most: usize) -> Line {
        match (self.about, self.now) {
            (About::PullRequest(name), Some(pr)) => {
                Line::new().link(format!("{} {}", name.short(), clipped(&pr.title, most)), &pr.url)
            }
            (About::PullRequest(name), None) => Line::new().bold(name.short()),
            (About::Branch(repo, branch), _) => Line::new().bold(repo.short()).text(" ").code(branch),
        }
    }
}

const REVIEW: &[Notice] = &[Notice::ReviewAsked, Notice::ReviewAgain, Notice::ReviewerAdded];
const TALK: &[Notice] = &[Notice::Replied, Notice::Mentioned, Notice::Commented];

/// The message about one pull request, or one branch.
pub fn one(news: &News<'_>) -> Message {
    let more = news.told.len().saturating_sub(MOST);
    let shown = if more > 0 { MOST - 1 } else { MOST };
    let mut message =
        news.told.iter().take(shown).fold(Message::default(), |message, one| message.and(one.line.clone()));
    if more > 0 {
        message = message.and(format!("… and {} more.", news.told.len() - shown));
    }
    let mut title = news.title(usize::MAX);
    if let Some(pr) = news.now {
        title.0.extend(Line::new().text(" · ").0);
        title.0.extend(branches(pr).text(" · ").text(standing(pr)).0);
    }
    let message = message.and(title).tone(tone(news));
    match news.about.pull_request() {
        Some(pr) => buttons(news, pr).into_iter().fold(message, Message::button),
        None => message,
    }
}

/// What its reader is likely to do about it.
fn buttons(news: &News<'_>, pr: &PrName) -> Vec<Button> {
    let open = news.now.is_none_or(PullRequest::is_open);
    let reply = news.told.iter().rev().find(|one| TALK.contains(&one.kind)).and_then(|one| one.comment);
    let reply = reply.map(|id| {
        let does = Action::named("pr.reply").with("pr", pr.to_string()).with("to", id.to_string());
        Button::new("Reply", does)
    });
    let review = open && news.any(REVIEW);
    let comment = open && reply.is_none() && (review || news.any(&[Notice::ChangesRequested]));
    let merge = open && news.any(&[Notice::Approved, Notice::ReadyToMerge]);
    let checks = news.any(&[Notice::BuildFailed, Notice::BuildFixed]);
    let checks = checks.then(|| Button::new("Show checks", on("pr.checks", pr)));
    let mute = Action::named("notify").with("mute", pr.to_string());
    [
        review.then(|| card::in_place(card::approve(pr))),
        reply,
        comment.then(|| card::comment(pr)),
        review.then(|| card::needs_work(pr)),
        merge.then(|| card::merge(pr)),
        checks,
        Some(card::show(pr)),
        open.then(|| Button::new("Snooze", on("snooze", pr))),
        open.then(|| Button::new("Mute this one", mute)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn on(command: &str, pr: &PrName) -> Action {
    Action::named(command).with("pr", pr.to_string())
}

fn tone(news: &News<'_>) -> Tone {
    let tones: [(&[Notice], Tone); 4] = [
        (&[Notice::Conflict, Notice::BuildFailed, Notice::Declined], Tone::Bad),
        (&[Notice::ChangesRequested], Tone::Warning),
        (&[Notice::Merged], Tone::Done),
        (&[Notice::Approved, Notice::ReadyToMerge, Notice::BuildFixed], Tone::Good),
    ];
    tones.into_iter().find(|(kinds, _)| news.any(kinds)).map_or(Tone::Open, |(_, tone)| tone)
}

/// One message about several, each in a row; `late` when it was held back while they were to be left alone.
pub fn several(all: &[News<'_>], late: bool) -> Message {
    let head = if late { "While it was quiet:" } else { "News for you:" };
    let message = all.iter().take(ROWS).fold(Message::line(head), |message, news| {
        let show = news.about.pull_request().map(|pr| {
            let label = if news.any(REVIEW) { "Review" } else { "Show" };
            Button::new(label, on("pr.show", pr))
        });
        message.row(row(news), show)
    });
    match all.len().saturating_sub(ROWS) {
        0 => message,
        more => message.fact(format!("… and {more} more")),
    }
}

fn row(news: &News<'_>) -> Line {
    let mut line = news.title(TITLE);
    for (at, one) in news.told.iter().take(IN_A_ROW).enumerate() {
        line.0.extend(Line::new().text(if at == 0 { ": " } else { " " }).0);
        line.0.extend(one.line.0.clone());
    }
    match news.told.len().saturating_sub(IN_A_ROW) {
        0 => line,
        more => line.text(format!(" … and {more} more.")),
    }
}
