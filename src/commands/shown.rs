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
    /// The page to show
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "is_first")]
    page: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over by reference")]
fn is_first(page: &usize) -> bool {
    *page == 0
}

impl Shown {
    /// Where this page begins, where so many stand on each.
    pub fn from(&self, per_page: usize) -> usize {
        self.page.saturating_mul(per_page)
    }

    /// The answer, for those who are to see it. What is shared says who asked for it; a page that was
    /// turned is for whoever turned it.
    pub fn deliver(&self, cx: &Context<'_>, message: Message) -> Message {
        if !self.share {
            return message.in_place();
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
        let message = match self.page {
            0 => message,
            page => message.button(turned("Previous", page - 1)),
        };
        if more { message.button(turned("Next", self.page.saturating_add(1))) } else { message }
    }
}
