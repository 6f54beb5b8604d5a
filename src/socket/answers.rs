//! What came over any of this process's sockets, answered once: what comes again meanwhile waits for that answer,
//! and what comes again later is given it anew.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::OnceCell;

use super::envelope::Envelope;
use crate::bot::Bot;
use crate::reception::{self, Came, Refused};
use crate::slack::payload::Interaction;
use crate::words::work::Door;

/// So many are remembered; what is stored is known for longer, by its row.
const REMEMBERED: usize = 512;

type Answer = Arc<OnceCell<Option<Value>>>;

/// The answers; clones share them.
#[derive(Clone)]
pub(super) struct Answers {
    bot: Bot,
    given: Arc<Mutex<VecDeque<(String, Answer)>>>,
}

impl Answers {
    pub(super) fn new(bot: Bot) -> Self {
        Self { bot, given: Arc::default() }
    }

    /// What the acknowledgement of an envelope says; an error when it must not be acknowledged.
    pub(super) async fn to(&self, envelope: Envelope<'_>) -> Result<Option<Value>, Refused> {
        let cell = self.cell(envelope.id);
        let answer = cell.get_or_try_init(async || self.make(envelope).await).await;
        counted(envelope, answer.as_ref().err());
        let answer = match (answer, envelope.door) {
            (Ok(answer), _) => answer.clone(),
            // Slack never sends these again: the person is told that nothing was done.
            (Err(Refused::Busy), Door::Command | Door::Interaction) => Some(reception::busy()),
            (Err(refused), _) => return Err(refused),
        };
        Ok(answer.filter(|_| envelope.answerable))
    }

    async fn make(&self, envelope: Envelope<'_>) -> Result<Option<Value>, Refused> {
        let body = envelope.payload.as_bytes();
        if !envelope.suggestion {
            let came = Came { door: envelope.door, body, envelope: Some(envelope.id) };
            return reception::take(&self.bot, came).await;
        }
        match Interaction::from_json(body) {
            Ok(Interaction::Suggestion(asked)) => Ok(Some(reception::look_up(&self.bot, *asked).await)),
            _ => Err(Refused::Malformed),
        }
    }

    fn cell(&self, id: &str) -> Answer {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, answer)) = given.iter().find(|(known, _)| known == id) {
            return Arc::clone(answer);
        }
        if given.len() >= REMEMBERED {
            given.pop_front();
        }
        let answer = Answer::default();
        given.push_back((id.to_owned(), Arc::clone(&answer)));
        answer
    }
}

fn counted(envelope: Envelope<'_>, refused: Option<&Refused>) {
    let door = match envelope.door {
        _ if envelope.suggestion => "options",
        Door::Command => "commands",
        Door::Interaction => "interactions",
        Door::Event => "events",
    };
    let outcome = match refused {
        None => "ok",
        Some(Refused::Malformed) => "malformed",
        Some(Refused::Busy) => "busy",
    };
    metrics::counter!("dipper_intake_total", "door" => door, "outcome" => outcome).increment(1);
}
