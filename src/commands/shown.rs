//! How an answer that lists or shows is given: to whom, and which page of it.

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bot::Context;
use crate::words::message::{Action, Button, Line, Message};

/// What the commands that list or show have in common.
#[derive(Debug, Clone, PartialEq, Eq, Default, Args, Serialize, Deserialize)]
pub struct Shown {
    /// Show it to the whole channel
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    share: bool,
    /// The page that was turned to; none where nobody turned any
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    page: Option<usize>,
}

impl Shown {
    /// Which page it is; the first is 0.
    pub fn page(&self) -> usize {
        self.page.unwrap_or_default()
    }

    /// For what turns by itself: another place of the same answer, for whoever turned to it.
    #[must_use]
    pub fn turned(&self) -> Self {
        Self { share: false, page: Some(self.page()) }
    }

    /// Where this page begins, where so many stand on each.
    pub fn from(&self, per_page: usize) -> usize {
        self.page().saturating_mul(per_page)
    }

    /// The answer, for those who are to see it. What is shared says who asked for it; a page that was
    /// turned is for whoever turned it, in the place of the one before.
    pub fn deliver(&self, cx: &Context<'_>, message: Message) -> Message {
        if !self.share {
            return if self.page.is_some() { message.in_place() } else { message };
        }
        let asked = Line::new().person(cx.caller.user.clone()).text(" asked for this.");
        message.fact(asked).to_channel()
    }

    /// Adds the buttons that turn pages: `this` is the command, and there may be more after this page.
    pub fn pages(&self, this: &Action, message: Message, more: bool) -> Message {
        let turned = |label: &str, page: usize| {
            let mut action = this.clone();
            action.fields.remove("share");
            Button::new(label, action.with("page", page))
        };
        let message = match self.page() {
            0 => message,
            page => message.button(turned("Previous", page - 1)),
        };
        if more { message.button(turned("Next", self.page().saturating_add(1))) } else { message }
    }
}
