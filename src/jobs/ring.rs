//! An alarm rings: somebody is reminded of a pull request, or hears how one stands that slept for them.

use super::look::{answered, eyes_of, reads};
use super::post::Saying;
use super::sight::Sight;
use super::{Job, Turn};
use crate::bot::{Failure, ringing};
use crate::store::{Alarm, AlarmKind};
use crate::views::{card, listing};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::pull_request::PullRequest;
use crate::words::work::Ring;

impl Job for Ring {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let (bot, now) = (turn.bot, turn.bot.clock.millis());
        let Some(alarm) = bot.store.alarm(self.alarm).await? else {
            return Ok(());
        };
        if alarm.what.channel.is_some() || bot.has_left(&alarm.what.user).await? {
            return off(turn, &alarm).await;
        }
        if alarm.what.kind == AlarmKind::Snooze {
            // Nobody asked to be woken at night.
            let wishes = bot.store.private_wishes(&alarm.what.user).await?;
            let presence = bot.presence(&alarm.what.user).await?;
            if let Some(until) = presence.and_then(|there| there.busy_until(&wishes, now)) {
                let mut tx = turn.begin().await?;
                tx.enqueue(ringing(alarm.id, until)).await?;
                return Ok(tx.commit().await?);
            }
        }
        if let Some(message) = message(turn, &alarm).await? {
            let user = &alarm.what.user;
            let channel = bot.slack(&user.team).await?.open_direct(user).await?;
            let key = format!("alarm:{:x}", alarm.id);
            Saying { channel: &channel, thread: None, key: &key, message: &message }.once(turn, "").await?;
        }
        off(turn, &alarm).await
    }
}

async fn off(turn: &Turn<'_>, alarm: &Alarm) -> Result<(), Failure> {
    let mut tx = turn.begin().await?;
    tx.alarm_off(alarm.id).await?;
    Ok(tx.commit().await?)
}

/// What is said; nothing where what slept is over.
async fn message(turn: &Turn<'_>, alarm: &Alarm) -> Result<Option<Message>, Failure> {
    let what = &alarm.what;
    let reminds = what.kind == AlarmKind::Remind;
    if matches!(reads(turn, &what.pr.repo, &what.user).await?, Sight::Refused | Sight::Gone) {
        let line = Line::new().text("I was to remind you of ").bold(what.pr.short());
        let line = line.text(", which your account cannot read any more.");
        return Ok(reminds.then(|| Message::line(line)));
    }
    let now = match eyes_of(turn, &what.pr.repo, &what.user).await? {
        Some(eyes) => answered(turn, eyes.pull_request(&what.pr).await)?,
        None => None,
    };
    let now = match now {
        Some(pr) => Some(pr),
        None => turn.bot.store.pull_request(&what.pr).await?,
    };
    let open = now.as_ref().is_some_and(PullRequest::is_open);
    if !reminds && !open {
        return Ok(None);
    }
    let head = match (&what.note, reminds) {
        (Some(note), _) => Line::new().text("You wanted to be reminded: ").bold(note),
        (None, true) => Line::new().text("You wanted to be reminded of this one."),
        (None, false) => Line::new().text("This one slept until now."),
    };
    let Some(pr) = now else {
        return Ok(Some(Message::line(head).and(Line::new().bold(what.pr.short()))));
    };
    let me = turn.bot.store.link(&what.user, &pr.name.repo.instance).await?.map(|link| link.person.id);
    let message =
        Message::line(head).and(listing::pull_request(&pr)).button(listing::next_step(&pr, me.as_ref()));
    if !open {
        return Ok(Some(message));
    }
    let again = Action::named("snooze").with("pr", pr.name.to_string());
    let shown = message.buttons.iter().any(|button| button.label == "Show");
    let message = if shown { message } else { message.button(card::show(&pr.name)) };
    Ok(Some(message.button(Button::new("Snooze", again))))
}
