//! How failures read to the person they happened to.

use crate::bot::{Bot, Failure, connect_button};
use crate::words::message::{Line, Message, Tone};

/// What the person is told. `reference` is what a log can be searched for.
pub fn words_for(bot: &Bot, failure: &Failure, reference: &str) -> Message {
    match failure {
        Failure::Told(message) => (**message).clone(),
        Failure::SignIn(instance) => Message::line(
            Line::new()
                .text("First connect your account on ")
                .bold(instance.as_str())
                .text(", so that I can do this as you."),
        )
        .and(Line::new().text("I'll carry on with what you asked as soon as you have."))
        .button(connect_button(instance).main()),
        Failure::Later { why, .. } => Message::line(why.as_str())
            .and(
                Line::new()
                    .text("I tried a few times; it may not have been done. Look before you ask again."),
            )
            .tone(Tone::Warning),
        Failure::Removed(_) => {
            Message::line("Dipper is not installed in this workspace, so it can do nothing here.")
                .and("Whoever runs it can say how to install it.")
        }
        Failure::Ours(_) => {
            Message::line("Something went wrong on Dipper's side; it may not have been done.")
                .and(
                    Line::new()
                        .text("Whoever runs Dipper finds it in the log under ")
                        .code(reference)
                        .text("."),
                )
                .and(Line::new().code(bot.slash("help")).text(" shows what else there is."))
                .tone(Tone::Bad)
        }
    }
}

/// What is said when nothing can be stored just now.
pub fn busy() -> Message {
    Message::line("Dipper is busy; this was not done. Try again in a moment.")
}

/// A job's id as people can read it out.
pub fn reference(id: i64) -> String {
    format!("{id:x}")
}
