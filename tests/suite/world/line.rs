//! The bot's web socket, in plays where Slack comes that way.

use std::time::Duration;

use dipper::bot::{Bot, Hearing};
use dipper::sandbox::slack::APP_TOKEN;
use dipper::settings::Settings;
use dipper::socket::{Pace, Socket};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A socket that is held.
pub struct Held {
    stop: CancellationToken,
    running: JoinHandle<()>,
}

impl Held {
    /// Opens it, where the settings want one; done when it is known what came of it.
    pub async fn open(settings: &Settings, bot: &Bot, pace: &Pace) -> Option<Self> {
        let token = settings.slack.app_token.as_ref()?;
        let stop = CancellationToken::new();
        let socket = Socket::new(bot.clone(), token).paced(pace.clone());
        let running = tokio::spawn(socket.run(stop.clone()));
        while matches!(bot.ear.hearing(), Hearing::Http | Hearing::Opening) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Some(Self { stop, running })
    }

    /// Closes it.
    pub async fn hang_up(held: Option<Self>) {
        if let Some(held) = held {
            held.stop.cancel();
            held.running.await.unwrap();
        }
    }
}

/// Waits are short, and nothing is silent for so long as to be given up.
pub fn quick() -> Pace {
    let short = Duration::from_millis(20);
    Pace { first_wait: short, longest_wait: short * 5, ..Pace::default() }
}

/// Any play goes over the socket where the runner wants it.
pub fn wanted() -> Option<(&'static str, String)> {
    #[expect(clippy::disallowed_methods, reason = "by which door Slack comes is the runner's choice")]
    let door = std::env::var("DIPPER_TEST_DOOR");
    door.is_ok_and(|door| door == "socket").then(|| ("SLACK_APP_TOKEN", APP_TOKEN.to_owned()))
}
