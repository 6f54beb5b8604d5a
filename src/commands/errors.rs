//! How failures read to the person they happened to.

use super::connect::wider_button;
use super::rules::Changes;
use super::token::token_button;
use crate::bitbucket::Lacking;
use crate::bot::{Bot, Failure, connect_button};
use crate::words::message::{Line, Message, Tone};

/// What the person is told. `reference` is what a log can be searched for; what would have changed nothing
/// was not half done either.
pub fn words_for(bot: &Bot, failure: &Failure, changes: Changes, reference: &str) -> Message {
    match failure {
        Failure::Told(message) | Failure::Waits(message) => (**message).clone(),
        Failure::SignIn(instance) => Message::line(
            Line::new()
                .text("First connect your account on ")
                .bold(instance.as_str())
                .text(", so that I can do this as you."),
        )
        .and(Line::new().text("I'll carry on with what you asked as soon as you have."))
        .button(connect_button(instance).main()),
        Failure::Wider(lacking) => too_little(bot, lacking),
        Failure::Later { why, .. } => {
            let next = match changes {
                Changes::Nothing => "I tried a few times. Ask again in a moment.",
                _ => "I tried a few times; it may not have been done. Look before you ask again.",
            };
            Message::line(why.as_str()).and(Line::new().text(next)).tone(Tone::Warning)
        }
        Failure::Removed(_) => {
            Message::line("Dipper is not installed in this workspace, so it can do nothing here.")
                .and("Whoever runs it can say how to install it.")
        }
        Failure::Ours(_) => {
            let what = match changes {
                Changes::Nothing => "Something went wrong on Dipper's side.",
                _ => "Something went wrong on Dipper's side; it may not have been done.",
            };
            Message::line(what)
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

/// What a connection lacks, and the button by which its person gives it.
fn too_little(bot: &Bot, lacking: &Lacking) -> Message {
    let instance = lacking.instance.as_str();
    let whose = if lacking.own_token { "Your token for " } else { "What you allowed me on " };
    let line = if lacking.only_own {
        let line = Line::new().bold(instance).text(" lets this be done only with a token of one's own, ");
        line.text("not with what you allowed me. It needs ")
    } else if lacking.sure {
        Line::new().text(whose).bold(instance).text(" is not enough for this. It lacks ")
    } else {
        Line::new()
            .text(format!("Bitbucket does not allow it: {}", lacking.said.words.trim_end_matches('.')))
            .text(". If you have that right yourself, your token for ")
            .bold(instance)
            .text(" lacks ")
    };
    let scopes = lacking.scopes.iter().enumerate();
    let line = scopes
        .fold(line, |line, (at, scope)| if at == 0 { line.code(scope) } else { line.text(", ").code(scope) });
    let next = if lacking.own_token {
        "Make one that has it, and I'll carry on with what you asked as soon as you have entered it."
    } else {
        "Connect again to allow it; I'll carry on with what you asked as soon as you have. Where that changes \
         nothing, whoever runs Dipper has to give its OAuth client that permission first."
    };
    let message = Message::line(line.text(".")).and(next);
    match bot.sites.get(&lacking.instance) {
        Some(site) if lacking.own_token => message.button(token_button(bot, site).main()),
        Some(site) => message.button(wider_button(bot, site, &lacking.scopes).main()),
        None => message,
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
