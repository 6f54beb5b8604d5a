//! One web socket, from its greeting to its end: frames in sequence, each stored before it is acknowledged. Only
//! what has to ask others before it can be answered is worked on beside them.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::Pace;
use super::answers::Answers;
use super::envelope::{self, Envelope, Parting, Said, acknowledgement};
use crate::slack::{Frame, Line};

/// How a socket ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// We left it.
    Left,
    /// It broke, or Slack closed it.
    Cut,
    /// Nothing came over it any more, not even an answer to a ping.
    Silent,
    /// Slack took it away for a reason.
    Parted(Parting),
}

/// Waits for the greeting: why there was none, otherwise.
pub(super) async fn greeted(line: &mut Line, pace: &Pace) -> Result<(), Ended> {
    let greeting = async {
        loop {
            match line.next().await {
                None => return Err(Ended::Cut),
                Some(Frame::Alive) => {}
                Some(Frame::Text(text)) => match envelope::read(&text) {
                    Some(Said::Hello(sockets)) => {
                        tracing::info!(?sockets, "Slack says hello over the web socket");
                        return Ok(());
                    }
                    Some(Said::Disconnect(parting)) => return Err(Ended::Parted(parting)),
                    _ => tracing::warn!("Slack said something before its greeting"),
                },
            }
        }
    };
    tokio::time::timeout(pace.greeting, greeting).await.unwrap_or(Err(Ended::Silent))
}

/// Acknowledgements on their way, of what could not be answered at once.
type Underway = FuturesUnordered<BoxFuture<'static, Option<String>>>;

/// A socket in use.
pub(super) struct Serving {
    pub(super) line: Line,
    pub(super) answers: Answers,
    pub(super) pace: Pace,
    /// To be left when this is cancelled.
    pub(super) leave: CancellationToken,
    /// Told when Slack asks for another socket before it closes this one.
    pub(super) warned: std::sync::Arc<Notify>,
}

impl Serving {
    /// Serves it until it ends.
    pub(super) async fn run(mut self) -> Ended {
        let mut underway = Underway::new();
        let mut heard = Instant::now();
        let ended = loop {
            let frame = tokio::select! {
                frame = self.line.next() => frame,
                Some(answer) = underway.next() => {
                    if self.says(answer).await { continue }
                    break Ended::Cut
                }
                () = tokio::time::sleep(self.pace.ping) => {
                    if heard.elapsed() > self.pace.silence { break Ended::Silent }
                    if self.line.ping().await { continue }
                    break Ended::Cut
                }
                () = self.leave.cancelled() => break Ended::Left,
            };
            heard = Instant::now();
            match frame {
                None => break Ended::Cut,
                Some(Frame::Alive) => {}
                Some(Frame::Text(text)) => {
                    if let Some(ended) = self.hears(&text, &mut underway).await {
                        break ended;
                    }
                }
            }
        };
        self.part(ended, underway).await
    }

    /// One frame; how the socket ended, if it did.
    async fn hears(&mut self, text: &str, underway: &mut Underway) -> Option<Ended> {
        match envelope::read(text) {
            Some(Said::Envelope(envelope)) if is_long(envelope) => {
                let (answers, text) = (self.answers.clone(), text.to_owned());
                underway.push(Box::pin(async move {
                    let Some(Said::Envelope(envelope)) = envelope::read(&text) else { return None };
                    answered(&answers, envelope).await
                }));
                None
            }
            Some(Said::Envelope(envelope)) => {
                let answer = answered(&self.answers, envelope).await;
                (!self.says(answer).await).then_some(Ended::Cut)
            }
            Some(Said::Disconnect(Parting::Soon)) => {
                tracing::info!("Slack asks for another web socket");
                self.warned.notify_one();
                None
            }
            Some(Said::Disconnect(parting)) => Some(Ended::Parted(parting)),
            Some(Said::Hello(_)) => None,
            Some(Said::Unknown) | None => {
                tracing::warn!("Slack said something over the web socket that does not read");
                None
            }
        }
    }

    /// Says an acknowledgement, if there is one; false when the socket has ended.
    async fn says(&mut self, answer: Option<String>) -> bool {
        match answer {
            Some(answer) => self.line.say(answer).await,
            None => true,
        }
    }

    /// What is being answered is answered still, where there is somebody to hear it.
    async fn part(mut self, ended: Ended, mut underway: Underway) -> Ended {
        if ended == Ended::Left {
            let rest = async {
                while let Some(answer) = underway.next().await {
                    if !self.says(answer).await {
                        break;
                    }
                }
            };
            // Who waits for longer than Slack does waits for nothing.
            let _ = tokio::time::timeout(Duration::from_secs(3), rest).await;
        }
        self.line.close().await;
        ended
    }
}

/// Whether Bitbucket is asked before it can be answered, while others should not have to wait: what somebody types
/// into a field, and what is sent from a form, which may hold a secret to be proven.
fn is_long(envelope: Envelope<'_>) -> bool {
    envelope.suggestion || envelope.payload.contains("view_submission")
}

async fn answered(answers: &Answers, envelope: Envelope<'_>) -> Option<String> {
    match answers.to(envelope).await {
        Ok(says) => Some(acknowledgement(envelope.id, says.as_ref())),
        Err(refused) => {
            tracing::warn!(?refused, "something that came over the web socket is not acknowledged");
            None
        }
    }
}
