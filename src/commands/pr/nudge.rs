//! `pr nudge`: remind those a pull request waits for, in private, once a day.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked, told};
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::slack::Standing;
use crate::views::card;
use crate::words::message::{Action, Form, Line, Message};
use crate::words::names::{PrRef, SlackUser};
use crate::words::notice::Notice;
use crate::words::pull_request::{Person, PullRequest};
use crate::words::work::{NewJob, TellGently, TellPerson, Urgency};

/// Remind the reviewers a pull request waits for
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Nudge {
    /// The pull request, like web/api#42; a form asks when left out
    #[serde(default)]
    pr: Option<PrRef>,
}

/// A reviewer, as far as they can be reached.
enum Whom {
    /// In private, on this day of theirs.
    Reach(SlackUser, String),
    /// They are away, says their status.
    Away(SlackUser, Option<i64>),
    /// They do not want to hear of it, or of nothing of the kind.
    Deaf(SlackUser),
    /// It is the one who asks.
    Asker,
    /// Nobody knows who that is in Slack.
    Unknown(String),
}

/// What came of it, reviewer by reviewer.
#[derive(Default)]
struct Told {
    now: Vec<SlackUser>,
    before: Vec<SlackUser>,
    unknown: Vec<String>,
    away: Vec<(SlackUser, Option<i64>)>,
    deaf: Vec<SlackUser>,
    asker: bool,
}

impl Runs for Nudge {
    const NAME: &'static str = "pr.nudge";
    const EXAMPLE: &'static str = "pr nudge web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn form(&self) -> Option<Form> {
        let missing = self.pr.is_none();
        missing.then(|| about::form("Nudge reviewers", "Nudge", None, Action::named(Self::NAME)))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let subject = About::of(cx, self.pr.as_ref()).await?;
        let pr = subject.open(cx).await?;
        cx.keep_true(&pr).await?;
        let waiting: Vec<&Person> = card::awaited(&pr).collect();
        if waiting.is_empty() {
            let asked = pr.reviews.iter().any(|review| review.asked);
            let why = if asked {
                " waits for nobody: every reviewer has spoken."
            } else {
                " has no reviewers yet."
            };
            return Err(told(linked(Line::new(), &pr).text(why)));
        }
        let mut reviewers = Vec::new();
        for person in waiting {
            reviewers.push(whom(cx, &pr, person).await?);
        }
        let told = tell(cx, &pr, reviewers).await?;
        cx.bot.nudge.notify_waiters();
        Ok(words(&pr, &told))
    }
}

/// Who a reviewer is in Slack, and what day it is where they are.
async fn whom(cx: &Context<'_>, pr: &PullRequest, person: &Person) -> Result<Whom, Failure> {
    let (bot, team) = (cx.bot, &cx.caller.user.team);
    let unknown = || Whom::Unknown(person.name.clone());
    let Some(user) = bot.store.mentionable(team, &pr.name.repo.instance, &person.id).await? else {
        return Ok(unknown());
    };
    if user == cx.caller.user {
        return Ok(Whom::Asker);
    }
    let Some(there) = bot.presence(&user).await?.filter(|there| there.standing != Standing::Gone) else {
        return Ok(unknown());
    };
    let hears = bot.store.those_who_are(&pr.name.repo.instance, &person.id, Some(&pr.name)).await?;
    let connected = bot.store.link(&user, &pr.name.repo.instance).await?.is_some();
    let muted = connected && !hears.iter().any(|(one, _)| *one == user);
    if muted || !bot.store.private_wishes(&user).await?.wants(Notice::Nudged) {
        return Ok(Whom::Deaf(user));
    }
    if let Some(away) = there.away {
        return Ok(Whom::Away(user, away.until));
    }
    let now = chrono::DateTime::from_timestamp_millis(bot.clock.millis()).unwrap_or_default();
    Ok(Whom::Reach(user, now.with_timezone(&there.zone).date_naive().to_string()))
}

/// Writes down whom it tells together with telling them, so that nobody hears of it twice on a day.
async fn tell(cx: &Context<'_>, pr: &PullRequest, reviewers: Vec<Whom>) -> Result<Told, Failure> {
    let message = card::nudge(&cx.caller.user, pr);
    let deed = cx.deed(DONE).await?;
    let mut told = Told::default();
    let mut tx = cx.bot.store.begin().await?;
    for reviewer in reviewers {
        match reviewer {
            Whom::Reach(user, day) if tx.nudge(&user, &pr.name, &day, cx.origin).await? => {
                let identity = format!("nudge:{}:{day}", pr.name);
                let once = format!("{identity}:{}:{}", user.team, user.id);
                let work = TellPerson { to: user.clone(), identity, message: message.clone() };
                let job =
                    NewJob::of(&TellGently(work)).once(once).urgency(Urgency::Soon).because_of(cx.origin);
                tx.enqueue(job).await?;
                told.now.push(user);
            }
            Whom::Reach(user, _) => told.before.push(user),
            Whom::Away(user, until) => told.away.push((user, until)),
            Whom::Deaf(user) => told.deaf.push(user),
            Whom::Asker => told.asker = true,
            Whom::Unknown(name) => told.unknown.push(name),
        }
    }
    if !told.now.is_empty() {
        tx.write_down(&cx.bot.seal, &deed).await?;
    }
    tx.commit().await?;
    Ok(told)
}

/// Whom it reached, and whom it could not.
fn words(pr: &PullRequest, told: &Told) -> Message {
    let mut lines = Vec::new();
    if !told.now.is_empty() {
        let line = people(Line::new().text("Asked "), &told.now).text(" to look at ");
        lines.push(linked(line, pr).text("."));
    }
    if !told.before.is_empty() {
        lines.push(people(Line::new().text("Asked today already: "), &told.before).text("."));
    }
    if !told.deaf.is_empty() {
        let line = people(Line::new(), &told.deaf);
        lines.push(
            line.text(if told.deaf.len() == 1 { " does" } else { " do" })
                .text(" not want to hear of it in private now."),
        );
    }
    for (user, until) in &told.away {
        let line = Line::new().person(user.clone()).text(" is away");
        lines.push(match until {
            Some(until) => line.text(" until ").moment(*until).text("."),
            None => line.text("."),
        });
    }
    if !told.unknown.is_empty() {
        let names = told.unknown.join(", ");
        lines.push(Line::new().text("Could not reach in Slack: ").text(names).text("."));
    }
    if told.asker {
        lines.push("You are among those it waits for.".into());
    }
    if told.now.is_empty() {
        let nobody = if told.before.is_empty() {
            "Nobody was asked to look at "
        } else {
            "Nobody new was asked to look at "
        };
        lines.insert(0, linked(Line::new().text(nobody), pr).text("."));
    }
    let mut lines = lines.into_iter();
    let first = Message::line(lines.next().unwrap_or_default());
    lines.fold(first, Message::and)
}

fn people(line: Line, users: &[SlackUser]) -> Line {
    users.iter().enumerate().fold(line, |line, (at, user)| {
        let line = match at {
            0 => line,
            _ if at + 1 == users.len() => line.text(" and "),
            _ => line.text(", "),
        };
        line.person(user.clone())
    })
}
