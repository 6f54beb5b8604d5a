//! `why`: which delivery, which subscription and which rule told something here, or did not.

mod asked;
mod said;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::rules::{Changes, Rule, readable};
use crate::bot::{Context, Failure, Outcome};
use crate::store::{Explained, Post, Subscription};
use crate::words::message::{Action, Field, FieldKind, Form};
use crate::words::names::{Channel, PrName, RepoName};
use crate::words::work::{Say, Work};

use asked::Asked;

/// How many deliveries about a pull request are explained at once.
const MOST: u32 = 5;
/// How many are looked through for the last that concerned a channel.
const LOOK_THROUGH: u32 = 500;

/// Say why something was told here, or was not: which delivery, which subscription, which rule
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Why {
    /// A link to a message of Dipper's, a pull request, or a delivery's id
    #[serde(default)]
    what: Option<Asked>,
    /// The last that happened in what this channel is told of
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    last: bool,
}

/// What is explained: deliveries, and the channel that asks about them.
struct Case {
    channel: Channel,
    deliveries: Vec<Explained>,
}

impl Runs for Why {
    const NAME: &'static str = "why";
    const EXAMPLE: &'static str = "why web/api#42";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        if self.what.is_some() || self.last {
            return None;
        }
        let field = Field::new("what", "What do you wonder about?", FieldKind::Text)
            .hint("A link to a message of Dipper's, a pull request like web/api#42, or a delivery's id");
        Some(Form {
            title: "Why was this told?".to_owned(),
            submit: "Explain".to_owned(),
            intro: Vec::new(),
            fields: vec![field],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let here = cx.caller.channel.clone();
        match self.what {
            Some(Asked::Message { channel, ts }) => message(cx, channel, &ts).await,
            Some(Asked::PullRequest(pr)) => {
                let pr = cx.pr(&pr).await?;
                about(cx, here, &pr).await
            }
            Some(Asked::Delivery(id)) => delivery(cx, here, &id).await,
            None if self.last => last(cx, here).await,
            None => Err(Failure::told(
                "What do you wonder about? Give me a link to one of my messages, or a pull request like `web/api#42`.",
            )),
        }
    }
}

/// Something the bot has posted.
async fn message(cx: &Context<'_>, id: String, ts: &str) -> Outcome {
    let channel = Channel { team: cx.caller.channel.team.clone(), id };
    if channel != cx.caller.channel && !is_public(cx, &channel).await? {
        return Err(Failure::told(
            "Ask me that where the message stands: only those who are there may know.",
        ));
    }
    let Some(post) = cx.bot.store.post_at(&channel, ts).await? else {
        let advice = "I don't know that message: either I did not post it, or it came of a command. \
                      What Bitbucket told me of a pull request I can say: give me that, like `web/api#42`.";
        return Err(Failure::told(advice));
    };
    if let Some(pr) = post.pull_request() {
        return about(cx, channel, &pr).await;
    }
    let mut deliveries = Vec::new();
    for id in brought_by(cx, &post).await? {
        if let Some(found) = cx.bot.store.explained(id).await? {
            allowed(cx, found.row.repo.as_ref()).await?;
            deliveries.push(found);
        }
    }
    if deliveries.is_empty() {
        return Err(Failure::told(
            "That is too long ago, or did not come from Bitbucket: I keep no delivery for it.",
        ));
    }
    said::explain(cx, &Case { channel, deliveries }, None).await
}

/// Everybody in the workspace may read along.
async fn is_public(cx: &Context<'_>, channel: &Channel) -> Result<bool, Failure> {
    if channel.is_direct() {
        return Ok(false);
    }
    let slack = cx.bot.slack(&channel.team).await?;
    Ok(slack.channel_info(channel).await.is_ok_and(|info| !info.private))
}

/// The deliveries that a message came of, the newest first: those of a burst under a card, the one its identity
/// names, or that of the job which began a thread.
async fn brought_by(cx: &Context<'_>, post: &Post) -> Result<Vec<i64>, Failure> {
    if let Some(burst) = post.key.strip_prefix("story:") {
        let lines = cx.bot.store.in_burst(&post.channel, burst).await?;
        let mut ids: Vec<i64> = lines.iter().rev().filter_map(|line| named_in(line)).collect();
        ids.dedup();
        ids.truncate(MOST as usize);
        return Ok(ids);
    }
    if let Some(id) = named_in(&post.key) {
        return Ok(vec![id]);
    }
    let job = post.identity.split(':').next().and_then(|id| i64::from_str_radix(id, 16).ok());
    let job = match job {
        Some(id) => cx.bot.store.job(id).await?.filter(|job| job.kind == Say::KIND),
        None => None,
    };
    let said = job.and_then(|job| serde_json::from_str::<Say>(&job.payload).ok());
    Ok(said.and_then(|said| named_in(&said.identity)).into_iter().collect())
}

fn named_in(identity: &str) -> Option<i64> {
    let rest = identity.strip_prefix("line:").or_else(|| identity.strip_prefix("say:"))?;
    let id: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
    i64::from_str_radix(&id, 16).ok()
}

/// A pull request: what Bitbucket told of it lately.
async fn about(cx: &Context<'_>, channel: Channel, pr: &PrName) -> Outcome {
    let repo = readable(cx, &pr.repo.clone().into()).await?;
    let pr = PrName { repo, number: pr.number };
    let deliveries = cx.bot.store.explained_about(&pr, MOST).await?;
    said::explain(cx, &Case { channel, deliveries }, Some(&pr)).await
}

/// A delivery by our id for it, or by its sender's.
async fn delivery(cx: &Context<'_>, channel: Channel, id: &str) -> Outcome {
    let store = &cx.bot.store;
    let mut found = match i64::from_str_radix(id, 16) {
        Ok(id) => store.explained(id).await?,
        Err(_) => None,
    };
    for instance in cx.bot.sites.keys() {
        if found.is_none() {
            found = store.explained_as(instance.as_str(), id).await?;
        }
    }
    // That there is one is not told to those who may not read of what.
    let unknown = || Failure::told(format!("I know of no delivery `{id}` (any more)."));
    let found = found.ok_or_else(unknown)?;
    match allowed(cx, found.row.repo.as_ref()).await {
        Ok(()) => said::explain(cx, &Case { channel, deliveries: vec![found] }, None).await,
        Err(Failure::Told(_)) => Err(unknown()),
        Err(failure) => Err(failure),
    }
}

/// The last delivery that a subscription of this channel covers.
async fn last(cx: &Context<'_>, channel: Channel) -> Outcome {
    let told = cx.bot.store.subscriptions_in(&channel).await?;
    if told.is_empty() {
        let how = cx.bot.slash("subscribe web/api");
        return Err(Failure::told(format!("This channel is told nothing yet; `{how}` changes that.")));
    }
    let covers = |repo: &RepoName| told.iter().any(|one: &Subscription| one.repos.covers(repo));
    let lately = cx.bot.store.explained_lately(LOOK_THROUGH).await?;
    for found in lately.into_iter().filter(|one| one.row.repo.as_ref().is_some_and(covers)) {
        match allowed(cx, found.row.repo.as_ref()).await {
            Ok(()) => return said::explain(cx, &Case { channel, deliveries: vec![found] }, None).await,
            // A form may cover what the one who asks cannot read.
            Err(Failure::Told(_)) => {}
            Err(failure) => return Err(failure),
        }
    }
    said::explain(cx, &Case { channel, deliveries: Vec::new() }, None).await
}

/// Nobody learns of a repository what their own account cannot read.
async fn allowed(cx: &Context<'_>, repo: Option<&RepoName>) -> Result<(), Failure> {
    match repo {
        Some(repo) => readable(cx, &repo.clone().into()).await.map(drop),
        None => Ok(()),
    }
}
