//! `digest remove`: it comes no more.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::{Which, called};
use crate::bot::{Context, DONE, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Line, Message};

/// Remove one of this channel's digests, or of yours
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Remove {
    /// Its number, as `digest list` shows it
    number: Which,
}

impl Runs for Remove {
    const NAME: &'static str = "digest.remove";
    const EXAMPLE: &'static str = "digest remove 1";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let digest = self.number.find(cx).await?;
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        if tx.remove_digest(digest.id).await? {
            tx.write_down(&cx.bot.seal, &deed).await?;
        }
        tx.commit().await?;
        let line = Line::new().text("The digest of ").bold(called(&digest));
        Ok(Message::line(line.text(" will not come again.")))
    }
}
