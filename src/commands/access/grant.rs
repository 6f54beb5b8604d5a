//! `access grant`: give somebody a right, for good or for a time.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::super::requests::{deciding, open};
use super::{
    About, fits, group, lasts_field, level_field, longest, reason_field, settle, source_field, tell,
    what_for, who_field,
};
use crate::bitbucket;
use crate::bot::{Context, Failure, Outcome, ending, showing};
use crate::clock::millis_of;
use crate::commands::{Changes, Rule, Runs};
use crate::store::{Grant, GrantState, NewGrant};
use crate::words::access::{Ground, Level, Source};
use crate::words::how_long::HowLong;
use crate::words::message::{Action, Button, Form, Line, Message, Tone};
use crate::words::names::RepoRef;
use crate::words::request::{Request, RequestState};
use crate::words::whom::Whom;
use crate::words::work::{NewJob, TellPerson};

/// Give somebody a right in a repository or its project, for good or for a time
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Give {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Who is to have it: @ada, a Bitbucket name, or group:developers
    #[serde(default)]
    who: Option<Whom>,
    /// What they may do: read, write or admin; in a project also create
    #[serde(default)]
    level: Option<Level>,
    /// Where they may: in this repository, or in the whole project that it is in
    #[arg(long = "in", value_name = "repository/project")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    /// For how long, like 8h or 3d; for good when left out
    #[arg(long = "for", value_name = "TIME")]
    #[serde(default)]
    lasts: Option<HowLong>,
    /// What for, as the audit log keeps it and they read it
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    reason: Option<String>,
    /// Who asked for it, by what is kept of that.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    request: Option<String>,
}

impl Runs for Give {
    const NAME: &'static str = "access.grant";
    const EXAMPLE: &'static str = "access grant web/api @edsger write --for 8h";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn takes_one(&self) -> bool {
        self.request.is_some()
    }

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() && self.who.is_some() && self.level.is_some() {
            return None;
        }
        Some(Form {
            title: "Give a right".to_owned(),
            submit: "Give it".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                who_field(self.who.as_ref()),
                source_field(self.source),
                level_field("What they may do", &Level::ALL, self.level),
                lasts_field(self.lasts),
                reason_field(self.reason.clone()),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(who), Some(level)) = (&self.repo, &self.who, self.level) else {
            return Err(missing(
                "A right needs a repository, somebody to have it, and `read`, `write` or `admin`.",
            ));
        };
        longest(self.lasts)?;
        fits(level, self.source)?;
        if let Some(group) = group::named(who) {
            if self.lasts.is_some() {
                return Err(Failure::told(
                    "A group has a right for good: leave `--for` out, or name somebody instead of the group.",
                ));
            }
            let repo = cx.repo(repo).await?;
            return group::set(cx, (&repo, self.source), group, Some(level)).await;
        }
        let request = self.asked_for(cx).await?;
        let instead = |who: Whom| Action::of(Self::NAME, &Self { who: Some(who), ..self.clone() });
        let about = About::of(cx, (repo, self.source, who), instead).await?;
        let has = about.has().await?;
        let standing = about.standing(cx).await?;
        // An earlier attempt at this very request may have got somewhere.
        let ours = standing.as_ref().is_some_and(|grant| cx.again && grant.what.origin == cx.origin);
        // What others gave since is theirs, and is not lowered.
        let holds = standing.as_ref().filter(|grant| ours || has == Some(grant.what.level));
        if holds.is_none() && has >= Some(level) {
            approved(cx, request.as_ref()).await?;
            return Ok(already(&about, has.unwrap_or(level)));
        }
        let before = holds.map_or(has, |grant| grant.what.before);
        let until = self.lasts.map(|lasts| cx.bot.clock.millis().saturating_add(millis_of(lasts.0)));
        let kept =
            if ours { standing } else { self.keep(cx, &about, (level, before, until), standing).await? };
        if let Err(error) = about.bitbucket.set_right(&about.ground, &about.person.id, Some(level)).await {
            return Err(not_given(cx, kept.as_ref(), error).await?);
        }
        if about.has().await? != Some(level) {
            return Err(Failure::told("Bitbucket took it, but does not show it. Look before you ask again."));
        }
        let until = kept.as_ref().map(|grant| grant.what.until);
        self.tell_them(cx, &about, (level, until)).await?;
        approved(cx, request.as_ref()).await?;
        tell(cx, (&about.repo, &about.ground), &about.person.name, (Some(level), until)).await?;
        let message = given(&about, (level, before, until));
        Ok(what_for(self.reason.as_deref()).into_iter().fold(message, Message::and))
    }
}

impl Give {
    /// What somebody asked for, where this gives it: only those decide who were asked, and only once.
    async fn asked_for(&self, cx: &Context<'_>) -> Result<Option<Request>, Failure> {
        let Some(id) = &self.request else { return Ok(None) };
        let request = open(cx, id).await?;
        deciding(cx, &request).await?;
        Ok(Some(request))
    }

    /// What ends by itself is written down before it is given, so that it ends whatever happens. What it takes
    /// the place of ends with it.
    async fn keep(
        &self,
        cx: &Context<'_>,
        about: &About,
        (level, before, until): (Level, Option<Level>, Option<i64>),
        standing: Option<Grant>,
    ) -> Result<Option<Grant>, Failure> {
        let mut tx = cx.bot.store.begin().await?;
        if let Some(standing) = &standing {
            tx.settle_grant(standing.id, GrantState::Replaced).await?;
        }
        let mut kept = None;
        if let Some(until) = until {
            let what = NewGrant {
                repo: about.repo.clone(),
                project: match &about.ground {
                    Ground::Project(project) => Some(project.clone()),
                    Ground::Repository(_) => None,
                },
                person: about.person.id.clone(),
                name: about.person.name.clone(),
                level,
                before,
                until,
                reason: self.reason.clone().filter(|reason| !reason.trim().is_empty()),
                by: cx.caller.user.clone(),
                channel: cx.caller.channel.clone(),
                origin: cx.origin,
            };
            let id = tx.keep_grant(&what).await?;
            tx.enqueue(ending(id, until)).await?;
            kept = Some(Grant { id, what, state: GrantState::Holds, told_at: None });
        }
        tx.commit().await?;
        Ok(kept)
    }

    /// They hear of it in private, where they are known.
    async fn tell_them(
        &self,
        cx: &Context<'_>,
        about: &About,
        (level, until): (Level, Option<i64>),
    ) -> Result<(), Failure> {
        let line = Line::new().person(cx.caller.user.clone()).text(format!(" lets you {} ", level.may()));
        let line = about.ground.said(line);
        let line = match until {
            Some(until) => line.text(" until ").moment(until),
            None => line,
        };
        let message = Message::line(line.text("."));
        let message = what_for(self.reason.as_deref()).into_iter().fold(message, Message::and);
        let them = cx.bot.store.those_who_are(&about.repo.instance, &about.person.id, None).await?;
        let mut tx = cx.bot.store.begin().await?;
        for (to, _) in them.into_iter().filter(|(user, _)| *user != cx.caller.user) {
            let identity = format!("grant-given:{:x}", cx.origin);
            let once = format!("{identity}:{}:{}", to.team, to.id);
            let work = TellPerson { to, identity, message: message.clone() };
            tx.enqueue(NewJob::of(&work).once(once).because_of(cx.origin)).await?;
        }
        tx.commit().await?;
        cx.bot.nudge.notify_waiters();
        Ok(())
    }
}

/// What was asked for is given: those who were asked see that.
async fn approved(cx: &Context<'_>, request: Option<&Request>) -> Result<(), Failure> {
    let Some(request) = request else { return Ok(()) };
    let mut tx = cx.bot.store.begin().await?;
    if tx.settle_request(request.id, RequestState::Approved, Some(&cx.caller.user), None).await? {
        tx.enqueue(showing(request.id).because_of(cx.origin)).await?;
    }
    tx.commit().await?;
    cx.bot.nudge.notify_waiters();
    Ok(())
}

fn already(about: &About, level: Level) -> Message {
    let line = Line::new().bold(&about.person.name).text(format!(" may already {} ", level.may()));
    Message::line(about.ground.said(line).text("; nothing was changed."))
}

/// What was surely not given need not end.
async fn not_given(
    cx: &Context<'_>,
    kept: Option<&Grant>,
    error: bitbucket::Error,
) -> Result<Failure, Failure> {
    use bitbucket::Error::{Down, InDoubt, Slow, Unreadable};
    if let Some(grant) = kept.filter(|_| !matches!(error, Down(_) | InDoubt(_) | Slow { .. } | Unreadable(_)))
    {
        settle(cx, grant.id, GrantState::Void).await?;
    }
    Ok(error.into())
}

fn given(about: &About, (level, before, until): (Level, Option<Level>, Option<i64>)) -> Message {
    let line = Line::new().bold(&about.person.name).text(format!(" may {} ", level.may()));
    let line = about.ground.said(line);
    let line = match until {
        Some(until) => line.text(" now, until ").moment(until),
        None => line.text(" now"),
    };
    let message = Message::line(line.text(".")).tone(Tone::Good);
    let was = before.map(|before| format!("Before, it was `{before}`; it will be again."));
    let message = was.filter(|_| until.is_some()).into_iter().fold(message, Message::and);
    let back = about.action("access.revoke").with("to", before.map(Level::word)).with("of", level.word());
    message.button(Button::new("Take it back", back))
}
