//! Starting a run: once, whatever happens, and followed until it is over.

use std::collections::BTreeMap;

use super::super::rules::{self, Rule};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure, Outcome};
use crate::seal::Secret;
use crate::store::minted_at;
use crate::views::pipeline::named;
use crate::words::message::{Action, Button, Line, Message, Tone};
use crate::words::names::{Channel, RepoName};
use crate::words::pipeline::{NewRun, Run, Variable, Variables};
use crate::words::work::{Caller, FollowRun, NewJob, ReplyTo, RunCommand, Urgency};

/// Bitbucket's clock may be so far behind ours.
const SKEW: i64 = 60 * 1000;
/// So many runs are looked through for one that was just started.
const LATEST: usize = 20;

/// A run as it is asked for.
pub(super) struct Start {
    pub(super) branch: Option<String>,
    pub(super) custom: Option<String>,
    pub(super) variables: Variables,
    pub(super) secrets: Option<String>,
    pub(super) share: bool,
}

/// Where secret variables are sealed to: whoever typed them.
fn place(caller: &Caller) -> String {
    format!("run:{}:{}", caller.user.team, caller.user.id)
}

/// Takes a form with secret variables: they are sealed before anything is kept, and the run begins.
pub async fn take_secrets(cx: &Context<'_>, mut action: Action) -> Result<Message, BTreeMap<String, String>> {
    let under = |field: &str, why: &str| BTreeMap::from([(field.to_owned(), why.to_owned())]);
    if rules::check(cx, Rule::Anyone, None).await.is_err() {
        return Err(under("secrets", "That is not yours to do."));
    }
    let typed = action.fields.remove("secrets");
    if let Some(typed) =
        typed.as_ref().and_then(|typed| typed.as_str()).filter(|typed| !typed.trim().is_empty())
    {
        if let Err(advice) = typed.parse::<Variables>() {
            return Err(under("secrets", &advice.0));
        }
        let sealed = cx.bot.seal.seal(&place(cx.caller), &Secret::new(typed.to_owned()));
        action = action.with("secrets", sealed);
    }
    let work = RunCommand::of(&action, cx.caller, ReplyTo::default());
    let kept = async {
        let mut tx = cx.bot.store.begin().await?;
        tx.enqueue(NewJob::of(&work).urgency(Urgency::Soon)).await?;
        tx.commit().await
    };
    match kept.await {
        Ok(()) => {
            cx.bot.nudge.notify_waiters();
            Ok(Message::line("It is being started; I tell you how it goes."))
        }
        Err(_) => Err(under("secrets", "Dipper is busy; nothing was started. Try again in a moment.")),
    }
}

/// Starts it and has it followed; what an earlier attempt started is followed instead.
pub(super) async fn started(cx: &Context<'_>, repo: &RepoName, start: Start) -> Outcome {
    let bitbucket = cx.bitbucket(&repo.instance).await?;
    let branch = match start.branch {
        Some(branch) => branch,
        None => bitbucket
            .repository(repo)
            .await?
            .main_branch
            .ok_or_else(|| Failure::told("There is no main branch yet; say which with `--branch`."))?,
    };
    let open = |(key, value): (String, String), secured: bool| Variable { key, value, secured };
    let mut variables: Vec<Variable> = start.variables.0.into_iter().map(|one| open(one, false)).collect();
    if let Some(sealed) = &start.secrets {
        let secrets = cx.bot.seal.open(&place(cx.caller), sealed)?;
        let secrets: Variables = secrets.reveal().parse()?;
        variables.extend(secrets.0.into_iter().map(|one| open(one, true)));
    }
    let new = NewRun { branch, custom: start.custom, variables };
    let run = once(cx, &*bitbucket, repo, &new).await?;
    follow(cx, repo, &run, start.share).await?;
    let where_ = if start.share { "; it is told here how it goes." } else { "; I tell you how it goes." };
    let line = named(Line::new().text("Started "), repo, &run).text(where_);
    let stop = Action::named("pipeline.stop").with("repo", repo.to_string()).with("id", run.id);
    Ok(Message::line(line).tone(Tone::Open).button(Button::new("Stop", stop)))
}

/// Starts it, or finds what this very request started before it was cut off. Where none is seen then, nobody knows
/// whether there will be one: the person decides.
async fn once(
    cx: &Context<'_>,
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    new: &NewRun,
) -> Result<Run, Failure> {
    if !cx.again {
        match bitbucket.start_run(repo, new).await {
            Err(bitbucket::Error::InDoubt(_)) => {}
            started => return Ok(started?),
        }
    }
    let me = bitbucket.me().await?;
    let since = minted_at(cx.origin) - SKEW;
    let ours = |run: &Run| run.at >= since && run.by.as_ref() == Some(&me.name) && run.custom == new.custom;
    let latest = bitbucket.runs(repo, Some(&new.branch), LATEST).await?;
    if let Some(run) = latest.into_iter().find(ours) {
        return Ok(run);
    }
    let line = Line::new().text("I was cut off before I knew whether ").code(&new.branch);
    let line = line.text(" was started in ").bold(repo.short()).text(", and see no run of it.");
    let list = Action::named("pipeline.list").with("repo", repo.to_string());
    let run =
        Action::named("pipeline.run").with("repo", repo.to_string()).with("branch", new.branch.as_str());
    let message = Message::line(line).and("Look once more before you start it again.");
    let message = message.button(Button::new("Show the last", list)).button(Button::new("Start it", run));
    Err(Failure::Told(Box::new(message)))
}

/// Has it told how it goes: to the one who started it, or in the channel.
async fn follow(cx: &Context<'_>, repo: &RepoName, run: &Run, share: bool) -> Result<(), Failure> {
    let channel: Option<Channel> = share.then(|| cx.caller.channel.clone());
    let work =
        FollowRun { user: cx.caller.user.clone(), channel, repo: repo.clone(), id: run.id.clone(), looks: 0 };
    let mut tx = cx.bot.store.begin().await?;
    tx.enqueue(work.job().because_of(cx.origin)).await?;
    tx.commit().await?;
    cx.bot.nudge.notify_waiters();
    Ok(())
}
