//! What somebody asked for, as those see it who are to decide: posted once in each place, then brought up to
//! date until it is decided, or its time is over.

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::{Failure, showing};
use crate::views;
use crate::words::message::{Line, Message, Tone};
use crate::words::names::{Channel, SlackUser};
use crate::words::request::{Request, RequestState};
use crate::words::work::{DrawRequest, NewJob, TellPerson};

impl Job for DrawRequest {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let Some(request) = turn.bot.store.request(self.request).await? else {
            return Ok(());
        };
        let now = turn.bot.clock.millis();
        if request.is_open() && now >= request.what.until {
            return over(turn, &request, "Nobody decided in time about what you asked: ").await;
        }
        let message = views::request::request(&request);
        let key = format!("request:{:x}", request.id);
        let mut reached = false;
        for channel in places(turn, &request).await? {
            let saying = Saying { channel: &channel, thread: None, key: &key, message: &message };
            reached |= saying.keep(turn).await?;
        }
        if !request.is_open() {
            return Ok(());
        }
        if !reached {
            return over(turn, &request, "I could not reach anybody who decides about what you asked: ")
                .await;
        }
        Ok(())
    }
}

/// Where it is shown: in the channel, and to each of those people in private.
async fn places(turn: &Turn<'_>, request: &Request) -> Result<Vec<Channel>, Failure> {
    let team = &request.what.by.team;
    let slack = turn.bot.slack(team).await?;
    let channel = request.what.asked.channel.iter();
    let mut places: Vec<_> = channel.map(|id| Channel { team: team.clone(), id: id.clone() }).collect();
    for id in &request.what.asked.people {
        match slack.open_direct(&SlackUser { team: team.clone(), id: id.clone() }).await {
            Ok(direct) => places.push(direct),
            Err(error) if error.is_gone_person() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(places)
}

/// It is over without anybody's decision; whoever asked hears of it.
async fn over(turn: &Turn<'_>, request: &Request, says: &str) -> Result<(), Failure> {
    let line = Line::new().text(says).join(views::request::line(request));
    let message = Message::line(line).and("Ask again, or ask somebody in person.").tone(Tone::Warning);
    let mut tx = turn.begin().await?;
    if tx.settle_request(request.id, RequestState::Over, None, None).await? {
        let identity = format!("request-over:{:x}", request.id);
        tx.enqueue(NewJob::of(&TellPerson { to: request.what.by.clone(), identity, message })).await?;
        tx.enqueue(showing(request.id)).await?;
    }
    tx.commit().await?;
    turn.bot.nudge.notify_waiters();
    Ok(())
}
