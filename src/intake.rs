//! Floor 6: what a Slack payload asks for, whichever door it came by. Reading is pure, so that the door
//! can refuse at once what makes no sense, and the queue can read the stored bytes again.

use std::collections::BTreeMap;

use crate::bot::Bot;
use crate::commands::{self, Command, SHORTCUTS, Shortcut};
use crate::seal::Secret;
use crate::slack::forms;
use crate::slack::payload::{
    self as slack, Event, EventEnvelope, Interaction, Malformed, MessageRef, Pressed, Slash, SlashCommand,
    Submitted, ViewState,
};
use crate::words::channel::{Shut, Stir};
use crate::words::message::{Action, Form, Message};
use crate::words::names::{Channel, SlackUser, Team};
use crate::words::work::{Caller, Door};

/// How a payload ends.
#[derive(Debug)]
pub enum Wish {
    /// A command to store and run.
    Run(Box<Invocation>),
    /// A form to fill anew, since something in it changed.
    Refill(Box<Refill>),
    /// A form that holds a secret: to prove and seal on the spot; nothing of it is stored.
    Prove(Box<Invocation>),
    /// A form to store and open.
    Ask(Box<Ask>),
    /// Words for the one who asked, through the reply: to store and say.
    Tell(Box<Invocation>, Box<Message>),
    /// Advice to answer with on the spot; nothing is stored.
    Say(Box<Message>),
    /// What does not read in a form, by field; nothing is stored.
    Correct(BTreeMap<String, String>),
    /// Something to say back.
    Challenge(String),
    /// A shortcut to store, and to open the form of its command.
    Take(Box<Taken>),
    /// Somebody looks at their home tab.
    Home(SlackUser),
    /// A workspace took the bot out, or its token back; when, where that is known.
    Leave(Team, Option<i64>),
    /// Something happened to a channel that feeds may go to.
    Channel(Channel, Stir),
    /// Nothing to do: stored and dropped with this reason.
    Drop(&'static str),
    /// Slack trying the door; not even stored.
    Probe,
}

/// A command, who asked for it, and how it can be answered.
#[derive(Debug)]
pub struct Invocation {
    /// The command, by name and fields.
    pub action: Action,
    /// Who asked, and where.
    pub caller: Caller,
    /// Where it may be answered.
    pub response_url: Option<Secret>,
    /// The view it was sent from, or its button pressed in.
    pub view: Option<ViewState>,
    /// Whether it is a form that was sent, as against a button pressed.
    pub sent: bool,
    /// Whether its button stood in a message that only they see.
    pub private: bool,
    /// What opens a view for the answer, where the button stood on their home tab.
    pub from_home: Option<Secret>,
}

/// A shortcut taken.
#[derive(Debug)]
pub struct Taken {
    /// Which.
    pub shortcut: &'static Shortcut,
    /// Who took it, and where.
    pub caller: Caller,
    /// On what message.
    pub said: Option<Said>,
    /// What opens its form.
    pub trigger: Option<Secret>,
    /// Where it may be answered when the form cannot be opened any more.
    pub response_url: Option<Secret>,
}

/// A message in a channel, and what it says.
#[derive(Debug)]
pub struct Said {
    /// The message.
    pub message: MessageRef,
    /// What it says, as Slack writes it.
    pub text: String,
}

/// A form in which something changed that others of its fields depend on.
#[derive(Debug)]
pub struct Refill {
    /// The form as it is now.
    pub view: ViewState,
    /// Who fills it in, and where they asked for it.
    pub caller: Caller,
}

/// A form that somebody wants to fill in.
#[derive(Debug)]
pub struct Ask {
    /// The form.
    pub form: Form,
    /// Who asked, and where.
    pub caller: Caller,
    /// What opens it.
    pub trigger: Option<Secret>,
    /// Whether it was asked for within a view, to be laid on top of it.
    pub within: bool,
    /// Whether its button stood on an answer that only they see.
    pub private: bool,
    /// Where it may be answered when the form cannot be opened any more.
    pub response_url: Option<Secret>,
}

/// Reads a body that came to one of Slack's doors: a form by HTTP, JSON by the web socket.
pub fn read(bot: &Bot, door: Door, body: &[u8]) -> Result<Wish, Malformed> {
    let json = body.first() == Some(&b'{');
    match door {
        Door::Command => Ok(match if json { Slash::from_json(body) } else { Slash::from_form(body) }? {
            Slash::SslCheck => Wish::Probe,
            Slash::Command(command) => typed(bot, *command),
        }),
        Door::Interaction => {
            let read = if json { Interaction::from_json(body) } else { Interaction::from_form(body) };
            Ok(did(read?))
        }
        Door::Event => Ok(match EventEnvelope::from_json(body)? {
            EventEnvelope::Challenge(challenge) => Wish::Challenge(challenge),
            EventEnvelope::RateLimited => Wish::Drop("Slack holds events back because there were too many"),
            EventEnvelope::Event(event) => happened(*event),
            EventEnvelope::Unknown(_) => Wish::Drop("nothing here answers to it"),
        }),
    }
}

fn did(interaction: Interaction) -> Wish {
    match interaction {
        Interaction::Pressed(pressed) => press(*pressed),
        Interaction::Submitted(submitted) => submit(*submitted),
        Interaction::Closed(_) => Wish::Drop("a form was closed"),
        Interaction::Shortcut(shortcut) => take(*shortcut),
        Interaction::Suggestion(_) | Interaction::Unknown(_) => Wish::Drop("nothing here answers to it"),
    }
}

fn stir(event: Event, stir: Stir) -> Wish {
    match event.channel {
        Some(channel) => Wish::Channel(channel, stir),
        None => Wish::Drop("it does not say in which channel"),
    }
}

fn happened(event: Event) -> Wish {
    let ours = || event.inner.pointer("/tokens/bot").and_then(|bots| bots.as_array());
    match event.kind.as_str() {
        "app_uninstalled" => Wish::Leave(event.team, event.at),
        "app_home_opened" if event.tab.as_deref() != Some("messages") => match event.user {
            Some(user) => Wish::Home(user),
            None => Wish::Drop("nobody opened a home tab"),
        },
        "channel_archive" | "group_archive" => stir(event, Stir::Shut(Shut::Archived)),
        "channel_left" | "group_left" => stir(event, Stir::Shut(Shut::Out)),
        "channel_deleted" | "group_deleted" => stir(event, Stir::Shut(Shut::Deleted)),
        "channel_unarchive" | "group_unarchive" => stir(event, Stir::Open),
        "member_joined_channel" if event.by_us => stir(event, Stir::Open),
        "tokens_revoked" if ours().is_some_and(|bots| !bots.is_empty()) => Wish::Leave(event.team, event.at),
        _ => Wish::Drop("nothing here answers to it"),
    }
}

fn typed(bot: &Bot, typed: SlashCommand) -> Wish {
    bot.learn_slash(&typed.command);
    let caller = Caller { user: typed.user, channel: typed.channel, message: None };
    match commands::typed(&typed.command, &typed.text) {
        Err(advice) => Wish::Say(advice),
        Ok(command) => wish(
            &command,
            Asked {
                caller,
                trigger: typed.trigger_id,
                response_url: typed.response_url,
                view: None,
                private: false,
                home: false,
            },
        ),
    }
}

fn press(pressed: Pressed) -> Wish {
    let private = pressed.message.as_ref().is_some_and(|message| message.ephemeral);
    let seen_by_all = pressed.message.filter(|message| !message.ephemeral);
    let caller =
        Caller { message: seen_by_all.map(|message| message.ts), ..caller(pressed.user, pressed.channel) };
    if pressed.is_field {
        return match pressed.view {
            Some(view) => Wish::Refill(Box::new(Refill { view, caller })),
            None => Wish::Drop("a field outside a form"),
        };
    }
    let home = pressed.view.as_ref().is_some_and(|view| view.home);
    let asked = Asked {
        caller,
        trigger: pressed.trigger_id,
        response_url: pressed.response_url,
        // The home tab is no view to be turned into an answer.
        view: pressed.view.filter(|_| !home),
        private,
        home,
    };
    match pressed.action.and_then(|action| Command::read(&action)) {
        Ok(command) => wish(&command, asked),
        Err(advice) => {
            let invocation = asked.invoking(Action::named("help"));
            Wish::Tell(Box::new(invocation), Box::new(Message::line(advice.0)))
        }
    }
}

/// By whom, where and how something was asked.
struct Asked {
    caller: Caller,
    trigger: Option<Secret>,
    response_url: Option<Secret>,
    view: Option<ViewState>,
    private: bool,
    home: bool,
}

impl Asked {
    fn invoking(self, action: Action) -> Invocation {
        let Self { caller, trigger, response_url, view, private, home } = self;
        let from_home = trigger.filter(|_| home);
        Invocation { action, caller, response_url, view, sent: false, private, from_home }
    }
}

fn wish(command: &Command, asked: Asked) -> Wish {
    match command.form() {
        Some(form) => Wish::Ask(Box::new(Ask {
            form,
            caller: asked.caller,
            trigger: asked.trigger,
            within: asked.view.is_some(),
            private: asked.private,
            response_url: asked.response_url,
        })),
        None => Wish::Run(Box::new(asked.invoking(command.action()))),
    }
}

fn submit(submitted: Submitted) -> Wish {
    let Ok(action) = forms::action(&submitted.view) else {
        return Wish::Drop("a form from another time");
    };
    let fields: Vec<String> = forms::read(&submitted.view).into_keys().collect();
    let errors = commands::check(&action, &fields);
    if !errors.is_empty() {
        return Wish::Correct(errors);
    }
    let channel = forms::asked_in(&submitted.view);
    let caller = caller(submitted.user, channel);
    let secret = !forms::secret_fields(&submitted.view).is_empty();
    let view = Some(submitted.view);
    let invocation =
        Invocation { action, caller, response_url: None, view, sent: true, private: false, from_home: None };
    if secret { Wish::Prove(Box::new(invocation)) } else { Wish::Run(Box::new(invocation)) }
}

fn take(taken: slack::Shortcut) -> Wish {
    let Some(shortcut) = SHORTCUTS.iter().find(|one| one.callback == taken.callback_id) else {
        return Wish::Drop("nothing here answers to this shortcut");
    };
    let text = taken.text.unwrap_or_default();
    Wish::Take(Box::new(Taken {
        shortcut,
        caller: caller(taken.user, taken.channel),
        said: taken.message.map(|message| Said { message, text }),
        trigger: taken.trigger_id,
        response_url: taken.response_url,
    }))
}

/// From a view without a place, the person is answered in their own conversation with the bot.
fn caller(user: SlackUser, channel: Option<Channel>) -> Caller {
    let channel = channel.unwrap_or_else(|| Channel { team: user.team.clone(), id: user.id.clone() });
    Caller { user, channel, message: None }
}
