//! A right that was given for a time is taken away: as whoever gave it, or else as anybody who may. Until that
//! is done, it is tried again, and whoever gave it is told once a day.

use serde_json::json;

use super::look::eyes_of;
use super::{Job, Turn};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{DONE, Failure, ending};
use crate::store::{Deed, Grant, GrantState};
use crate::words::access::{Level, RightChange, Source};
use crate::words::message::{Action, Button, Line, Message, Tone};
use crate::words::names::{Channel, SlackUser};
use crate::words::work::{EndGrant, NewJob, Say, TellPerson};

/// It is tried again after so long.
const AGAIN: i64 = 10 * 60 * 1000;
/// Whoever gave it is told no more often than this.
const DAY: i64 = 24 * 60 * 60 * 1000;
/// In so many names it is tried.
const MOST: usize = 20;

impl Job for EndGrant {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let Some(grant) = turn.bot.store.grant(self.grant).await? else {
            return Ok(());
        };
        if grant.state != GrantState::Holds {
            return Ok(());
        }
        let mut why = "nobody is connected who may do it".to_owned();
        for user in candidates(turn, &grant).await? {
            let hands = match eyes_of(turn, &grant.what.repo, &user).await {
                Ok(Some(hands)) => hands,
                Ok(None) => continue,
                // Another may do it meanwhile.
                Err(Failure::Later { why: said, .. }) => {
                    why = said;
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            match end(&*hands, &grant).await {
                Ok(state) => {
                    if state == GrantState::Ended {
                        tell_of(turn, &user, &grant).await?;
                    }
                    return ended(turn, &grant, state).await;
                }
                Err(bitbucket::Error::Slow { retry_after: Some(after) }) => {
                    let why = "Bitbucket asks to slow down.".to_owned();
                    return Err(Failure::Later { why, after: Some(after) });
                }
                Err(error) => why = error.to_string(),
            }
        }
        not_yet(turn, &grant, &why).await
    }
}

/// Whoever gave it, and then everybody of the workspace who has connected there.
async fn candidates(turn: &Turn<'_>, grant: &Grant) -> Result<Vec<SlackUser>, Failure> {
    let giver = &grant.what.by;
    let others = turn.bot.store.anybody_on(&grant.what.repo.instance).await?;
    let others = others.into_iter().filter(|user| user != giver && user.team == giver.team);
    Ok(std::iter::once(giver.clone()).chain(others).take(MOST).collect())
}

/// Puts back what was there before, unless others have changed it since; and looks whether that is so.
async fn end(hands: &dyn Bitbucket, grant: &Grant) -> bitbucket::Result<GrantState> {
    let (ground, person) = (&grant.what.ground(), &grant.what.person);
    let now = hands.right_of(ground, person).await?;
    if now == grant.what.before || now.is_none() {
        return Ok(GrantState::Ended);
    }
    if now != Some(grant.what.level) {
        return Ok(GrantState::Left);
    }
    hands.set_right(ground, person, grant.what.before).await?;
    if hands.right_of(ground, person).await? == grant.what.before {
        Ok(GrantState::Ended)
    } else {
        Err(bitbucket::Error::Unreadable("it took the right away, and shows it still.".into()))
    }
}

/// Has the channels that asked hear of it.
async fn tell_of(turn: &Turn<'_>, by: &SlackUser, grant: &Grant) -> Result<(), Failure> {
    let what = &grant.what;
    let change = RightChange {
        repo: what.repo.clone(),
        project: what.ground().project(),
        who: what.name.clone(),
        level: what.before,
        until: None,
        // Told once, however often it is tried.
        at: what.until,
    };
    turn.bot.tell_of_right(by, change).await
}

/// What is said of the person: `edsger may no longer write to web/api`.
fn line(grant: &Grant, says: &str, level: Level) -> Line {
    let line = Line::new().bold(&grant.what.name).text(format!(" {says} {} ", level.may()));
    grant.what.ground().said(line)
}

/// Adds what it was for, where that was said.
fn reasoned(grant: &Grant, message: Message) -> Message {
    let reason = grant.what.reason.as_deref().map(|reason| Line::new().text("It was for: ").text(reason));
    reason.into_iter().fold(message, Message::and)
}

async fn ended(turn: &Turn<'_>, grant: &Grant, state: GrantState) -> Result<(), Failure> {
    let (bot, what) = (turn.bot, &grant.what);
    let (to_giver, to_them) = if state == GrantState::Left {
        let line = Line::new().text("The time is over that you gave ").bold(&what.name).text(" in ");
        let line = what.ground().said(line).text("; others have changed their right since, so I left it.");
        (reasoned(grant, Message::line(line)), None)
    } else {
        let kept = what.before.map(|level| format!("What there was before is back: `{level}`."));
        let giver = Message::line(line(grant, "may no longer", what.level).text("."));
        let giver = reasoned(grant, kept.into_iter().fold(giver, Message::and));
        let them = Line::new().text(format!("Your time to {} ", what.level.may()));
        let them = Message::line(what.ground().said(them).text(" is over."));
        (giver, Some(reasoned(grant, them)))
    };
    let mut told = vec![(what.by.clone(), to_giver)];
    if let Some(message) = to_them {
        let them = bot.store.those_who_are(&what.repo.instance, &what.person, None).await?;
        told.extend(
            them.into_iter().filter(|(user, _)| *user != what.by).map(|(user, _)| (user, message.clone())),
        );
    }
    let mut tx = turn.begin().await?;
    tx.settle_grant(grant.id, state).await?;
    tx.write_down(&bot.seal, &deed(turn, grant, state)).await?;
    for (to, message) in told {
        let identity = format!("grant-ended:{:x}", grant.id);
        tx.enqueue(NewJob::of(&TellPerson { to, identity, message })).await?;
    }
    tx.commit().await?;
    bot.nudge.notify_waiters();
    Ok(())
}

fn deed(turn: &Turn<'_>, grant: &Grant, state: GrantState) -> Deed {
    let what = &grant.what;
    let mut fields = json!({"who": what.name, "level": what.level, "before": what.before});
    if what.project.is_some() {
        fields["source"] = json!(what.ground().source());
    }
    if let Some(reason) = &what.reason {
        fields["reason"] = json!(reason);
    }
    let result = if state == GrantState::Left { "left: others have changed it since" } else { DONE };
    Deed {
        user: what.by.clone(),
        person: None,
        channel: what.channel.clone(),
        message: None,
        command: "access.end".to_owned(),
        fields: fields.to_string(),
        repo: Some(what.repo.to_string()),
        version: None,
        result: result.to_owned(),
        reference: format!("{:x}", turn.claim.origin),
        once: format!("grant:{:x}", grant.id),
    }
}

async fn not_yet(turn: &Turn<'_>, grant: &Grant, why: &str) -> Result<(), Failure> {
    let (now, what) = (turn.bot.clock.millis(), &grant.what);
    tracing::warn!(why, repo = %what.repo, "a right could not be taken away in time");
    // Where a channel decides about rights, somebody there may be able to.
    let approvers = turn.bot.store.team_settings(&what.by.team).await?.approvers;
    let team = &what.by.team;
    let deciding = approvers.channel.map(|id| Channel { team: team.clone(), id });
    let mut tx = turn.begin().await?;
    if grant.told_at.is_none_or(|at| now - at >= DAY) {
        let head = line(grant, "may still", what.level);
        let who = format!("{} ({})", what.name, what.person);
        let revoke = Action::named("access.revoke").with("repo", what.repo.to_string()).with("who", who);
        let revoke = match what.ground().source() {
            Source::Project => revoke.with("source", Source::Project.word()),
            Source::Repository => revoke,
        };
        let message =
            Message::line(head.text(", although the time is over: I could not take it away.")).and(why);
        let message = reasoned(grant, message)
            .and("I go on trying, and say so once a day until it is done.")
            .tone(Tone::Warning)
            .button(Button::new("Take it away", revoke).main());
        let identity = format!("grant-stuck:{:x}:{now}", grant.id);
        if let Some(channel) = deciding {
            let identity = identity.clone();
            let message = message.clone();
            let say = Say { channel, root: None, identity, message, broadcast: false };
            tx.enqueue(NewJob::of(&say)).await?;
        }
        tx.enqueue(NewJob::of(&TellPerson { to: what.by.clone(), identity, message })).await?;
        tx.grant_told(grant.id).await?;
    }
    tx.enqueue(ending(grant.id, now + AGAIN)).await?;
    tx.commit().await?;
    turn.bot.nudge.notify_waiters();
    Ok(())
}
