//! Opening the form of a command at once, and then filling in what only asking tells.

use std::time::Duration;

use super::Turn;
use super::run_command::{RESPONSE_URL_LIFE, Reply, answer, park};
use crate::bot::{Context, Failure, Trail};
use crate::clock::millis_of;
use crate::commands::{self, Command};
use crate::intake::{Ask, Refill};
use crate::slack::forms::Asked;
use crate::slack::{self, ViewId, forms};
use crate::store::Filled;
use crate::words::message::{Action, Button, Form, Message};
use crate::words::work::{Caller, Door, ReplyTo, RunCommand, SlackRequest};

/// A trigger dies three seconds after it was made; nearer than this to the end it is not tried.
const TRIGGER_LIFE: Duration = Duration::from_millis(2_700);

/// Opens the form while the trigger lives; else the person gets a button, which makes a new one.
pub async fn open(turn: &Turn<'_>, request: &SlackRequest, ask: &Ask) -> Result<(), Failure> {
    let bot = turn.bot;
    let reply = Reply {
        response_url: ask.response_url.clone(),
        until: request.at + RESPONSE_URL_LIFE,
        view: None,
        private: ask.private,
    };
    if let Some(trigger) = ask.trigger.as_ref().filter(|_| still_opens(turn, request)) {
        let by = ask.private.then(|| reply.seal(bot, &ask.caller.user));
        let asked = Asked { channel: Some(&ask.caller.channel), by: by.as_ref() };
        let view = forms::view(&ask.form, asked).map_err(|error| Failure::Ours(error.to_string()))?;
        let slack = bot.slack(&ask.caller.user.team).await?;
        let opened = if ask.within {
            slack.push_view(trigger, &view).await
        } else {
            slack.open_view(trigger, &view).await
        };
        match opened {
            Ok(id) => return fill(turn, &ask.caller, by.as_ref(), &id, ask.form.clone()).await,
            Err(slack::Error::Api { code, messages, .. }) if !code.contains("trigger") => {
                return Err(Failure::Ours(format!("Slack refused a form: {code} {messages:?}")));
            }
            Err(error) => tracing::info!(%error, "the form could not be opened in time"),
        }
    }
    let message = Message::line("That took too long for Slack to open the form.")
        .button(Button::new(ask.form.title.clone(), ask.form.does.clone()).main());
    answer(bot, &ask.caller, &reply, &message).await
}

/// Whether the trigger that came with a request may still open a view.
pub fn still_opens(turn: &Turn<'_>, request: &SlackRequest) -> bool {
    let age = turn.bot.clock.millis() - request.at;
    request.door != Door::Event && age < millis_of(TRIGGER_LIFE) && !turn.again()
}

/// Fills a form anew, since something in it changed.
pub async fn refill(turn: &Turn<'_>, changed: &Refill) -> Result<(), Failure> {
    let view = &changed.view;
    let Ok((mut form, does)) = forms::rebuild(view, &changed.caller.user.team)
        .and_then(|form| forms::action(view).map(|does| (form, does)))
    else {
        return Ok(());
    };
    form.does = does;
    let id = ViewId { id: view.id.clone(), hash: view.hash.clone() };
    fill(turn, &changed.caller, forms::asked_by(view).as_ref(), &id, form).await
}

/// What is filled in is a help, not a need: where asking fails, the form stays as it is.
async fn fill(
    turn: &Turn<'_>,
    caller: &Caller,
    by: Option<&ReplyTo>,
    id: &ViewId,
    form: Form,
) -> Result<(), Failure> {
    let trail = Trail::of(&form.does, turn.claim.id);
    let cx = Context { bot: turn.bot, caller, again: turn.again(), origin: turn.claim.origin, trail };
    let Ok(command) = Command::read(&form.does) else {
        return Ok(());
    };
    let asked = Asked { channel: Some(&caller.channel), by };
    let view = match command.fill(&cx, form.clone()).await {
        Ok(None) => return Ok(()),
        Ok(Some(filled)) => forms::view(&filled, asked),
        Err(Failure::Told(why)) => {
            let why = why.lines.first().cloned().unwrap_or_default();
            forms::refused(&form, asked, &why)
        }
        Err(Failure::SignIn(instance)) => {
            let reply = by.cloned().unwrap_or_default();
            let work = RunCommand { ask: true, ..RunCommand::of(&form.does, caller, reply) };
            park(turn, &work, &instance).await?;
            let reference = commands::reference(turn.claim.origin);
            let words =
                commands::words_for(turn.bot, &Failure::SignIn(instance), command.changes(), &reference);
            Ok(forms::result(&form.title, &words))
        }
        Err(failure) => {
            tracing::info!(?failure, command = form.does.name, "a form could not be filled in");
            return Ok(());
        }
    };
    let view = view.map_err(|error| Failure::Ours(error.to_string()))?;
    show(turn, caller, id, &view).await
}

/// Shows the form as it was filled. Where it was filled for an earlier request meanwhile, on this replica or
/// another, it still stands as that left it; where anything else became of it, it is left alone.
async fn show(turn: &Turn<'_>, caller: &Caller, id: &ViewId, view: &forms::View) -> Result<(), Failure> {
    let (slack, store) = (turn.bot.slack(&caller.user.team).await?, &turn.bot.store);
    let by = turn.claim.id;
    let mut shown = slack.update_view(&id.id, id.hash.as_deref(), view).await;
    if matches!(&shown, Err(slack::Error::Api { code, .. }) if code == "hash_conflict")
        && let Some(before) = store.last_fill(&id.id).await?.filter(|last| last.by < by)
    {
        shown = slack.update_view(&id.id, Some(&before.hash), view).await;
    }
    match shown {
        Ok(ViewId { id, hash: Some(hash) }) => store.note_fill(&id, &Filled { by, hash }).await?,
        Ok(_) => {}
        Err(error) => tracing::info!(%error, "the form went on without what was to be filled in"),
    }
    Ok(())
}

/// The button that opens the form of a command that had to wait.
pub fn asked_again(does: &Action) -> Button {
    let title = Command::read(does).ok().and_then(|command| command.form()).map(|form| form.title);
    Button::new(title.unwrap_or_else(|| "Go on".to_owned()), does.clone()).main()
}
