//! `mentions`: whether cards and lines may mention you.

use std::str::FromStr;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule};
use crate::bot::{Context, DONE, Outcome};
use crate::words::Advice;
use crate::words::message::{Action, Button, Message};

/// Let Dipper mention you, or not
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Mentions {
    /// on or off; shows how it is when left out
    #[arg(value_name = "ON-OR-OFF")]
    switch: Option<Switch>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Switch {
    On,
    Off,
}

impl FromStr for Switch {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        match text.to_lowercase().as_str() {
            "on" | "yes" => Ok(Self::On),
            "off" | "no" => Ok(Self::Off),
            _ => Err(Advice::new("say `on` or `off`")),
        }
    }
}

impl Runs for Mentions {
    const NAME: &'static str = "mentions";
    const EXAMPLE: &'static str = "mentions off";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (store, user) = (&cx.bot.store, &cx.caller.user);
        if let Some(switch) = self.switch {
            let (deed, home) = (cx.deed(DONE).await?, cx.bot.home_changed(user).await?);
            let mut tx = store.begin().await?;
            tx.set_mentions(user, switch == Switch::On).await?;
            tx.write_down(&cx.bot.seal, &deed).await?;
            if let Some(home) = home {
                tx.enqueue(home).await?;
            }
            tx.commit().await?;
        }
        let (says, other, word) = if store.mentions(user).await? {
            ("Cards mention you where a review waits for you.", "off", "Don't mention me")
        } else {
            ("Cards call you by your name and mention you nowhere.", "on", "Mention me")
        };
        let turn = Action::named(Self::NAME).with("switch", other);
        Ok(Message::line(says).button(Button::new(word, turn)))
    }
}
