//! `access request`: ask those for a right who can give it.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::super::requests::{keep, standing};
use super::super::whom::{exact, plain};
use super::{fits, lasts_field, level_field, longest, reason_field};
use crate::bitbucket;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::access::Level;
use crate::words::how_long::HowLong;
use crate::words::message::{Action, Button, Form, Line, Message, Span};
use crate::words::names::{Channel, RepoName, RepoRef, SlackUser, Team};
use crate::words::pull_request::Person;
use crate::words::request::{Deciders, NewRequest, RequestKind};

/// A request waits for so long.
const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;
/// So many people are looked at for whether they may decide.
const LOOKED_AT: usize = 20;
/// So many are asked.
const ASKED: usize = 5;

/// Ask for a right in a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Ask {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// What you want to do: read, write or admin
    #[serde(default)]
    level: Option<Level>,
    /// For how long, like 8h or 3d; for good when left out
    #[arg(long = "for", value_name = "TIME")]
    #[serde(default)]
    lasts: Option<HowLong>,
    /// What for, as those read it who decide
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    reason: Option<String>,
}

impl Runs for Ask {
    const NAME: &'static str = "access.request";
    const EXAMPLE: &'static str = "access request web/api write --for 8h --reason \"the release\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() && self.level.is_some() {
            return None;
        }
        Some(Form {
            title: "Ask for a right".to_owned(),
            submit: "Ask".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                level_field("What you want to do", &Level::IN_REPOSITORIES, self.level),
                lasts_field(self.lasts),
                reason_field(self.reason.clone()),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(level)) = (&self.repo, self.level) else {
            return Err(missing("Which right, and in which repository? Nobody was asked."));
        };
        longest(self.lasts)?;
        fits(level, None)?;
        let repo = cx.repo(repo).await?;
        let me = &cx.caller.user;
        let Some(account) = cx.bot.store.link(me, &repo.instance).await? else {
            return Err(Failure::SignIn(repo.instance));
        };
        let action = Action::named("access.grant")
            .with("repo", repo.to_string())
            .with("who", exact(&account.person))
            .with("level", level.word());
        let action = match self.lasts {
            Some(lasts) => action.with("lasts", lasts.to_string()),
            None => action,
        };
        if let Some(request) = standing(cx, &action).await? {
            let line = asked(Line::new().text("You asked for that already: "), &request.what.asked, &me.team);
            return Ok(Message::line(line.text(" did not decide yet.")).button(withdraw(request.id)));
        }
        let Some(deciders) = deciders(cx, &repo).await? else {
            return Ok(nobody(cx, &repo, &account.person, (level, self.lasts)));
        };
        let new = NewRequest {
            kind: RequestKind::Right,
            by: me.clone(),
            channel: cx.caller.channel.clone(),
            action,
            line: wanted(&repo, level, self.lasts),
            reason: self.reason.clone(),
            asked: deciders,
            until: cx.bot.clock.millis() + WEEK,
            origin: cx.origin,
        };
        let id = keep(cx, &new, Some(cx.deed("asked").await?)).await?;
        let line = asked(Line::new().text("I asked "), &new.asked, &me.team);
        Ok(Message::line(line.text("; you hear of it as soon as it is decided.")).button(withdraw(id)))
    }
}

/// ` asks to write to web/api for 8h.`
fn wanted(repo: &RepoName, level: Level, lasts: Option<HowLong>) -> Line {
    let line = Line::new().text(format!(" asks to {} ", level.may())).bold(repo.short());
    match lasts {
        Some(lasts) => line.text(format!(" for {lasts}.")),
        None => line.text("."),
    }
}

/// Who decides: whom the workspace named, else those who are connected and administer it.
async fn deciders(cx: &Context<'_>, repo: &RepoName) -> Result<Option<Deciders>, Failure> {
    let me = &cx.caller.user;
    let named = cx.bot.store.team_settings(&me.team).await?.approvers.without(me);
    if !named.is_empty() {
        return Ok(Some(named));
    }
    let site = cx.bot.site(&repo.instance)?.in_background();
    let others = cx.bot.store.anybody_on(&repo.instance).await?;
    let others = others.into_iter().filter(|user| user.team == me.team && user != me);
    let (mut found, mut trouble) = (Deciders::default(), None);
    for user in others.take(LOOKED_AT) {
        // Whose account has nothing to say is not asked.
        let Ok(tokens) = cx.bot.accounts.tokens(&user, &site).await else { continue };
        match site.as_person(tokens).administers(repo).await {
            Ok(true) => found.people.push(user.id),
            Err(error @ (bitbucket::Error::Down(_) | bitbucket::Error::Slow { .. })) => trouble = Some(error),
            Ok(false) | Err(_) => {}
        }
        if found.people.len() == ASKED {
            break;
        }
    }
    // Where Bitbucket does not answer, nobody knows who does.
    if let Some(error) = trouble.filter(|_| found.is_empty()) {
        return Err(error.into());
    }
    Ok(Some(found).filter(|found| !found.is_empty()))
}

/// Adds who is asked.
pub(in crate::commands) fn asked(line: Line, asked: &Deciders, team: &Team) -> Line {
    let channel = asked.channel.iter();
    let channel = channel.map(|id| Span::Channel(Channel { team: team.clone(), id: id.clone() }));
    let people = asked.people.iter();
    let people = people.map(|id| Span::Person(SlackUser { team: team.clone(), id: id.clone() }));
    channel.chain(people).enumerate().fold(line, |line, (at, span)| {
        let line = if at == 0 { line } else { line.text(", ") };
        line.span(span)
    })
}

fn withdraw(id: i64) -> Button {
    let does = Action::named("requests").with("id", id.to_string()).with("verdict", "withdraw");
    Button::new("Withdraw", does)
}

fn nobody(
    cx: &Context<'_>,
    repo: &RepoName,
    me: &Person,
    (level, lasts): (Level, Option<HowLong>),
) -> Message {
    let name = plain(me);
    let line = Line::new().text("Nobody who is connected here administers ").bold(repo.short());
    let lasts = lasts.map(|lasts| format!(" --for {lasts}")).unwrap_or_default();
    let grant = cx.bot.slash(&format!("access grant {} {name} {level}{lasts}", repo.short()));
    Message::line(line.text(", as far as I can see."))
        .and(Line::new().text("Ask whoever does to type ").code(grant).text("."))
}
