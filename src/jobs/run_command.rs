//! Running a command, and answering the one who asked: by the form they sent, by Slack's response URL,
//! in the channel for their eyes only, or else in private.

use super::open_form::asked_again;
use super::{Job, Turn};
use crate::bot::{Bot, Context, DONE, Failure, Trail};
use crate::commands::{self, Changes, Command};
use crate::intake::Invocation;
use crate::seal::Secret;
use crate::slack::forms::Asked;
use crate::slack::payload::ViewState;
use crate::slack::{self, forms};
use crate::store::ParkedCommand;
use crate::words::message::{Action, Audience, Line, Message};
use crate::words::names::{Instance, SlackUser};
use crate::words::work::{Answer, Caller, NewJob, ReplyTo, RunCommand, Urgency};

/// A response URL may be used for half an hour.
pub const RESPONSE_URL_LIFE: i64 = 30 * 60 * 1000;
/// How often a command is tried while a person waits for it.
const PATIENCE: i64 = 3;
/// How long a parked command waits for its person to connect.
const PARKED: i64 = 15 * 60 * 1000;

/// Where an answer goes, opened.
pub struct Reply {
    /// The response URL.
    pub response_url: Option<Secret>,
    /// Until when it may be used.
    pub until: i64,
    /// The view to turn into the answer.
    pub view: Option<ViewState>,
    /// Whether the response URL belongs to a message that only they see, which an answer may replace.
    pub private: bool,
}

impl Reply {
    /// How an invocation that came at that moment can be answered.
    pub fn of(invocation: &Invocation, at: i64) -> Self {
        Self {
            response_url: invocation.response_url.clone(),
            until: at + RESPONSE_URL_LIFE,
            view: invocation.view.clone(),
            private: invocation.private,
        }
    }

    /// From a queue row.
    fn open(bot: &Bot, user: &SlackUser, reply: &ReplyTo) -> Result<Self, Failure> {
        let response_url =
            reply.response_url.as_ref().map(|sealed| bot.seal.open(&place(user), sealed)).transpose()?;
        Ok(Self { response_url, until: reply.until, view: None, private: reply.private })
    }

    /// For a queue row. A view does not wait: what is answered later is answered beside it.
    pub fn seal(&self, bot: &Bot, user: &SlackUser) -> ReplyTo {
        let response_url = self.response_url.as_ref().map(|url| bot.seal.seal(&place(user), url));
        ReplyTo { response_url, until: self.until, private: self.private }
    }
}

fn place(user: &SlackUser) -> String {
    format!("reply:{}:{}", user.team, user.id)
}

impl Job for RunCommand {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let reply = Reply::open(turn.bot, &self.caller.user, &self.reply)?;
        if self.ask {
            let go_on =
                Message::line("You are connected; it goes on here.").button(asked_again(&self.action));
            return answer(turn.bot, &self.caller, &reply, &go_on).await;
        }
        let asked = Asking { action: &self.action, caller: &self.caller, agreed: self.agreed.as_ref() };
        perform(turn, asked, &reply).await
    }
}

impl Job for Answer {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let reply = Reply::open(turn.bot, &self.caller.user, &self.reply)?;
        answer(turn.bot, &self.caller, &reply, &self.message).await
    }
}

/// A command that somebody gives.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// What.
    pub action: &'a Action,
    /// Who, and where.
    pub caller: &'a Caller,
    /// The second person who agreed to it, where two are needed.
    pub agreed: Option<&'a SlackUser>,
}

/// Runs a command to its end and answers it.
pub async fn perform(turn: &Turn<'_>, asked: Asking<'_>, reply: &Reply) -> Result<(), Failure> {
    let Asking { action, caller, agreed } = asked;
    let trail = Trail::of(action, turn.claim.id).agreed_by(agreed);
    let cx = Context { bot: turn.bot, caller, again: turn.again(), origin: turn.claim.origin, trail };
    let (changes, outcome) = match Command::read(action) {
        Ok(command) => (command.changes(), command.run(&cx).await),
        Err(advice) => (Changes::Nothing, Err(advice.into())),
    };
    let failure = match outcome {
        Ok(message) => {
            if changes == Changes::Bitbucket {
                write_down(turn, &cx, DONE).await?;
            }
            say(turn, caller, reply, &message).await?;
            replace(turn, caller, reply, &message).await;
            return Ok(());
        }
        Err(Failure::Later { why, after }) if turn.claim.attempt < PATIENCE => {
            return Err(Failure::Later { why, after });
        }
        Err(failure) => failure,
    };
    if let Some(result) = result_of(&failure).filter(|_| changes != Changes::Nothing) {
        write_down(turn, &cx, &result).await?;
    }
    let reference = commands::reference(turn.claim.origin);
    match &failure {
        Failure::Ours(why) => tracing::error!(command = action.name, why, "a command failed"),
        Failure::Later { why, .. } => tracing::warn!(command = action.name, why, "a command was given up"),
        Failure::Told(_) => tracing::info!(command = action.name, "a command was refused"),
        Failure::Waits(_) => tracing::info!(command = action.name, "a command waits for a second person"),
        // Only a response URL still reaches anybody.
        Failure::Removed(team) => tracing::info!(%team, "a command came from where the bot is not"),
        Failure::SignIn(instance) => park_again(turn, asked, reply, instance).await?,
        Failure::Wider(lacking) => park_again(turn, asked, reply, &lacking.instance).await?,
    }
    let words = commands::words_for(turn.bot, &failure, changes, &reference);
    match (&reply.view, &failure) {
        (Some(view), Failure::Told(_)) => refuse(turn, caller, reply, view, &words).await,
        _ => say(turn, caller, reply, &words).await,
    }
}

/// What the audit log says of a command that was not done; nothing of one that waits for its person.
fn result_of(failure: &Failure) -> Option<String> {
    match failure {
        Failure::Told(message) => Some(format!("refused: {}", message.plain().replace('\n', " "))),
        Failure::Waits(_) => Some("waits for a second person".to_owned()),
        Failure::Later { why, .. } => Some(format!("given up, perhaps done: {why}")),
        Failure::Ours(_) => Some("failed, perhaps done".to_owned()),
        Failure::SignIn(_) | Failure::Wider(_) | Failure::Removed(_) => None,
    }
}

/// Into the audit log, while the job is ours; a job that runs twice writes it once. It is there before the
/// person is answered.
async fn write_down(turn: &Turn<'_>, cx: &Context<'_>, result: &str) -> Result<(), Failure> {
    let deed = cx.deed(result).await?;
    let mut tx = turn.begin().await?;
    tx.write_down(&turn.bot.seal, &deed).await?;
    Ok(tx.commit().await?)
}

/// The form again, with everything typed and the reason on top.
async fn refuse(
    turn: &Turn<'_>,
    caller: &Caller,
    reply: &Reply,
    view: &ViewState,
    words: &Message,
) -> Result<(), Failure> {
    let reason = words.lines.first().cloned().unwrap_or_else(Line::new);
    let again = forms::rebuild(view, &caller.user.team).ok();
    let again = again.map(|mut form| {
        // What stands on top already need not be said twice.
        form.intro.retain(|line| line.plain() != reason.plain());
        form
    });
    let by = forms::asked_by(view);
    let asked = Asked { channel: Some(&caller.channel), by: by.as_ref() };
    let again = again.and_then(|form| forms::refused(&form, asked, &reason).ok());
    match again {
        Some(again) => {
            let slack = turn.bot.slack(&caller.user.team).await?;
            match slack.update_view(&view.id, None, &again).await {
                Ok(_) => Ok(()),
                Err(_) => say(turn, caller, reply, words).await,
            }
        }
        None => say(turn, caller, reply, words).await,
    }
}

async fn park_again(
    turn: &Turn<'_>,
    asked: Asking<'_>,
    reply: &Reply,
    instance: &Instance,
) -> Result<(), Failure> {
    let sealed = reply.seal(turn.bot, &asked.caller.user);
    let agreed = asked.agreed.cloned();
    let work = RunCommand { agreed, ..RunCommand::of(asked.action, asked.caller, sealed) };
    park(turn, &work, instance).await
}

/// Keeps what was asked until its person has connected.
pub async fn park(turn: &Turn<'_>, work: &RunCommand, instance: &Instance) -> Result<(), Failure> {
    let until = turn.bot.clock.millis() + PARKED;
    let command = serde_json::to_string(work).unwrap_or_default();
    let user = work.caller.user.clone();
    let parked = ParkedCommand { user, instance: instance.clone(), command, until };
    let mut tx = turn.begin().await?;
    tx.park(&parked).await?;
    Ok(tx.commit().await?)
}

/// Answers now; where Slack does not take it now, the answer waits in the queue without the command.
async fn say(turn: &Turn<'_>, caller: &Caller, reply: &Reply, message: &Message) -> Result<(), Failure> {
    match answer(turn.bot, caller, reply, message).await {
        Err(Failure::Later { why, .. }) => {
            tracing::warn!(why, "the answer waits");
            let work = Answer {
                caller: caller.clone(),
                reply: reply.seal(turn.bot, &caller.user),
                message: message.clone(),
            };
            let mut tx = turn.begin().await?;
            tx.enqueue(NewJob::of(&work).urgency(Urgency::Soon).at(turn.bot.clock.millis() + 1000)).await?;
            Ok(tx.commit().await?)
        }
        answered => answered,
    }
}

/// Says it to the one who asked, by the nearest way that still works.
pub async fn answer(bot: &Bot, caller: &Caller, reply: &Reply, message: &Message) -> Result<(), Failure> {
    if let Some(view) = &reply.view {
        match bot
            .slack(&caller.user.team)
            .await?
            .update_view(&view.id, None, &forms::result(&view.title, message))
            .await
        {
            Ok(_) => return Ok(()),
            Err(error @ (slack::Error::RateLimited { .. } | slack::Error::Down { .. })) => {
                return Err(error.into());
            }
            Err(error) => tracing::debug!(%error, "the form is gone; answering beside it"),
        }
    }
    if message.in_place && replaced(bot, caller, message).await? {
        return Ok(());
    }
    if let Some(url) = reply.response_url.as_ref().filter(|_| bot.clock.millis() < reply.until) {
        match bot.workspaces.respond(url, message, message.in_place && reply.private).await {
            Err(error @ (slack::Error::Api { .. } | slack::Error::Untrusted)) => {
                tracing::debug!(%error, "the response URL is used up, or none of Slack's");
            }
            answered => return Ok(answered?),
        }
    }
    beside(bot, caller, message).await
}

/// What came of a form takes the place of the answer on which its button stood, where only the asker sees that:
/// what it says and offers is over. Where it cannot be replaced any more, it stays.
async fn replace(turn: &Turn<'_>, caller: &Caller, reply: &Reply, message: &Message) {
    let asked = reply.view.as_ref().and_then(forms::asked_by);
    let Some(asked) = asked.filter(|_| message.audience == Audience::Asker) else { return };
    let bot = turn.bot;
    let Ok(Reply { response_url: Some(url), until, .. }) = Reply::open(bot, &caller.user, &asked) else {
        return;
    };
    if bot.clock.millis() < until
        && let Err(error) = bot.workspaces.respond(&url, message, true).await
    {
        tracing::debug!(%error, "the answer that asked for the form stays");
    }
}

/// Puts an answer in the place of the message whose button was pressed, in a conversation between the bot
/// and one person; whether it did.
async fn replaced(bot: &Bot, caller: &Caller, message: &Message) -> Result<bool, Failure> {
    let Some(ts) = caller.message.as_ref().filter(|_| caller.channel.is_direct()) else {
        return Ok(false);
    };
    match bot.slack(&caller.user.team).await?.update_message(&caller.channel, ts, message).await {
        Ok(()) => Ok(true),
        Err(slack::Error::Api { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

async fn beside(bot: &Bot, caller: &Caller, message: &Message) -> Result<(), Failure> {
    let slack = bot.slack(&caller.user.team).await?;
    let said = match message.audience {
        Audience::Channel => slack.post_message(&caller.channel, message, None, None).await.map(drop),
        Audience::Asker => slack.post_ephemeral(&caller.channel, &caller.user, message).await,
    };
    match said {
        Err(slack::Error::Api { .. }) => {
            let direct = slack.open_direct(&caller.user).await?;
            slack.post_message(&direct, message, None, None).await?;
            Ok(())
        }
        answered => Ok(answered?),
    }
}
