//! `requests`: what waits for somebody's decision, and deciding it: rights that are asked for, and what is done
//! only when a second person agrees.

use std::str::FromStr;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::rules::readable;
use super::shown::Shown;
use super::upkeep::create::Create;
use super::{Changes, Rule, Runs};
use crate::bot::{Context, DONE, Failure, Outcome, showing};
use crate::store::Deed;
use crate::views;
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::{PrRef, RepoRef};
use crate::words::request::{NewRequest, Request, RequestKind, RequestState};
use crate::words::work::{Caller, NewJob, ReplyTo, RunCommand, TellPerson, Urgency};
use crate::words::{Advice, serde_as_text};

/// How many stand on a page.
const PER_PAGE: usize = 8;

/// Show what waits for somebody's decision
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Requests {
    /// Which one is decided.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    /// How.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
    /// Why.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// Whether it was asked why.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    filled: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

/// What somebody decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Approve,
    Deny,
    Withdraw,
}

impl Verdict {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Approve, "approve"), (Self::Deny, "deny"), (Self::Withdraw, "withdraw")];
}

impl FromStr for Verdict {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let known = Self::ALL.into_iter().find(|(_, word)| *word == text).map(|(verdict, _)| verdict);
        known.ok_or_else(|| Advice::new("A request is approved, denied or withdrawn."))
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(Self::ALL.iter().find(|(verdict, _)| verdict == self).map_or("", |(_, word)| word))
    }
}
serde_as_text!(Verdict);

impl Runs for Requests {
    const NAME: &'static str = "requests";
    const EXAMPLE: &'static str = "requests";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn changes(&self) -> Changes {
        if self.verdict.is_some() { Changes::Dipper } else { Changes::Nothing }
    }

    fn form(&self) -> Option<Form> {
        (self.verdict == Some(Verdict::Deny) && !self.filled).then(|| Form {
            title: "Deny it".to_owned(),
            submit: "Deny".to_owned(),
            intro: Vec::new(),
            fields: vec![Field::new("why", "Why", FieldKind::Text).hint("Whoever asked reads it").optional()],
            does: Action::of(Self::NAME, &Self { filled: true, ..self.clone() }),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(id), Some(verdict)) = (&self.id, self.verdict) else {
            return self.list(cx).await;
        };
        let request = open(cx, id).await?;
        let me = &cx.caller.user;
        let state = match verdict {
            Verdict::Withdraw if request.what.by == *me => RequestState::Withdrawn,
            Verdict::Withdraw => return Err(Failure::told("Only whoever asked can withdraw it.")),
            Verdict::Approve => {
                deciding(cx, &request).await?;
                RequestState::Approved
            }
            Verdict::Deny => {
                deciding(cx, &request).await?;
                RequestState::Denied
            }
        };
        let why = self.why.as_deref().map(str::trim).filter(|why| !why.is_empty());
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        if !tx.settle_request(request.id, state, Some(me), why).await? {
            drop(tx);
            return Err(late(cx, id).await?);
        }
        tx.enqueue(showing(request.id).because_of(cx.origin)).await?;
        if let Some(job) = then(&request, (state, why), cx) {
            tx.enqueue(job.because_of(cx.origin)).await?;
        }
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        cx.bot.nudge.notify_waiters();
        Ok(said(&request, state))
    }
}

impl Requests {
    async fn list(&self, cx: &Context<'_>) -> Outcome {
        let all = cx.bot.store.open_requests(&cx.caller.user.team).await?;
        let admin = !all.is_empty() && cx.bot.is_admin(&cx.caller.user).await?;
        let concerns = |request: &Request| {
            let theirs = request.what.by == cx.caller.user;
            theirs || admin || is_asked(cx, request)
        };
        let mine: Vec<Request> = all.into_iter().filter(concerns).collect();
        if mine.is_empty() {
            let ask = Button::new("Ask for a right", Action::named("access.request"));
            return Ok(Message::line("Nothing waits for a decision of yours, and nothing of yours for one.")
                .button(ask));
        }
        let rows = mine.iter().skip(self.shown.from(PER_PAGE)).take(PER_PAGE);
        let message = rows.fold(Message::line("What waits for a decision:"), |message, request| {
            let line = views::request::line(request);
            if request.what.by == cx.caller.user {
                let does =
                    Action::named(Self::NAME).with("id", request.id.to_string()).with("verdict", "withdraw");
                return message.row(line, Some(Button::new("Withdraw", does)));
            }
            message.choice(line, views::request::buttons(request))
        });
        let more = mine.len() > self.shown.from(PER_PAGE) + PER_PAGE;
        let this = Action::of(Self::NAME, self);
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

/// The same request of theirs, where it waits already.
pub(super) async fn standing(cx: &Context<'_>, action: &Action) -> Result<Option<Request>, Failure> {
    let me = &cx.caller.user;
    let all = cx.bot.store.open_requests(&me.team).await?;
    Ok(all.into_iter().find(|request| request.what.by == *me && request.what.action == *action))
}

/// Keeps what is asked, with its deed where there is one, and has it shown to those who decide.
pub(super) async fn keep(cx: &Context<'_>, new: &NewRequest, deed: Option<Deed>) -> Result<i64, Failure> {
    let mut tx = cx.bot.store.begin().await?;
    let id = tx.keep_request(new).await?;
    tx.enqueue(showing(id).because_of(cx.origin)).await?;
    if let Some(deed) = deed {
        tx.write_down(&cx.bot.seal, &deed).await?;
    }
    tx.commit().await?;
    cx.bot.nudge.notify_waiters();
    Ok(id)
}

/// What waits under this id in the workspace; the failure says what has become of it.
pub(super) async fn open(cx: &Context<'_>, id: &str) -> Result<Request, Failure> {
    let request = match id.parse() {
        Ok(id) => cx.bot.store.request(id).await?,
        Err(_) => None,
    };
    let ours = |request: &Request| request.what.by.team == cx.caller.user.team;
    match request.filter(ours) {
        Some(request) if request.is_open() => Ok(request),
        Some(request) => {
            let line = Line::new().text("That is decided already. ");
            Err(Failure::told(line.join(views::request::decided(&request))))
        }
        None => Err(Failure::told("That was asked too long ago; nothing is known of it any more.")),
    }
}

async fn late(cx: &Context<'_>, id: &str) -> Result<Failure, Failure> {
    match open(cx, id).await {
        Err(failure) => Ok(failure),
        Ok(_) => Err(Failure::Later { why: "Another decides about it just now.".to_owned(), after: None }),
    }
}

/// Lets only those decide who were asked; what is to be done somewhere, only who can read it there.
pub(super) async fn deciding(cx: &Context<'_>, request: &Request) -> Result<(), Failure> {
    if request.what.by == cx.caller.user {
        return Err(Failure::told("You asked for it yourself: somebody else has to decide."));
    }
    if !may_decide(cx, request).await? {
        return Err(Failure::told("Others were asked to decide about this."));
    }
    if request.what.kind != RequestKind::Second {
        return Ok(());
    }
    match repo_of(cx, &request.what).await? {
        Some(repo) => readable(cx, &repo).await.map(drop),
        None => Ok(()),
    }
}

/// Whether they may decide: because they were asked, or because they administer Dipper.
async fn may_decide(cx: &Context<'_>, request: &Request) -> Result<bool, Failure> {
    Ok(is_asked(cx, request) || cx.bot.is_admin(&cx.caller.user).await?)
}

/// Whether they were asked: by name, or in the channel they are in.
fn is_asked(cx: &Context<'_>, request: &Request) -> bool {
    let (asked, caller) = (&request.what.asked, cx.caller);
    asked.people.contains(&caller.user.id) || asked.channel.as_ref() == Some(&caller.channel.id)
}

/// The repository that something is to be done in, as the command will find it: where none is named, that of the
/// channel in which it was asked. What is to be made nobody can read yet.
async fn repo_of(cx: &Context<'_>, what: &NewRequest) -> Result<Option<RepoRef>, Failure> {
    if what.action.name == Create::NAME {
        return Ok(None);
    }
    let field = |name: &str| what.action.fields.get(name).and_then(|value| value.as_str());
    let of_pr = || field("pr").and_then(|pr| pr.parse::<PrRef>().ok()).and_then(|pr| pr.repo);
    match field("repo").and_then(|repo| repo.parse().ok()).or_else(of_pr) {
        Some(repo) => Ok(Some(repo)),
        None => Ok(cx.bot.store.channel_repo(&what.channel).await?.map(RepoRef::from)),
    }
}

/// What happens next: it is done as whoever asked, or they hear that it is not.
fn then(request: &Request, (state, why): (RequestState, Option<&str>), cx: &Context<'_>) -> Option<NewJob> {
    let (what, me) = (&request.what, &cx.caller.user);
    if state == RequestState::Approved {
        let caller = Caller { user: what.by.clone(), channel: what.channel.clone(), message: None };
        let work = RunCommand {
            agreed: Some(me.clone()),
            ..RunCommand::of(&what.action, &caller, ReplyTo::default())
        };
        return Some(NewJob::of(&work).urgency(Urgency::Soon));
    }
    (state == RequestState::Denied).then(|| {
        let line = Line::new().person(me.clone()).text(" said no: ");
        let message = Message::line(line.join(views::request::line(request)));
        let message =
            why.map(|why| Line::new().text("Why: ").text(why)).into_iter().fold(message, Message::and);
        NewJob::of(&TellPerson {
            to: what.by.clone(),
            identity: format!("request-denied:{:x}", request.id),
            message,
        })
    })
}

fn said(request: &Request, state: RequestState) -> Message {
    let by = request.what.by.clone();
    Message::line(match state {
        RequestState::Approved => Line::new().text("You agreed; it is done now as ").person(by).text("."),
        RequestState::Denied => Line::new().text("You said no; ").person(by).text(" hears of it."),
        _ => Line::new().text("It is withdrawn; nobody needs to decide any more."),
    })
    .in_place()
}
