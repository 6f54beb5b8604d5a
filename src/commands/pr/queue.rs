//! `pr queue`: what waits for the review of whoever asks, the oldest first.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::mine::{accounts, listed};
use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Line};
use crate::words::names::{Instance, RepoName};
use crate::words::pull_request::PullRequest;

/// How many are looked at on each Bitbucket.
const MOST: usize = 100;
/// How many of the repositories they were active in lately are looked into.
const THEIRS: usize = 20;
/// How many repositories are looked into in all, and in how many turns at most.
const FOLLOWED: usize = 60;
const TURNS: usize = 3;

/// List what waits for your review, the oldest first
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Queue {
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Queue {
    const NAME: &'static str = "pr.queue";
    const EXAMPLE: &'static str = "pr queue";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let links = accounts(cx).await?;
        let (mut found, mut cut) = (Vec::new(), false);
        for link in &links {
            let (waiting, beyond) = queue_on(cx, &link.instance).await?;
            cut |= beyond;
            found.extend(waiting);
        }
        found.sort_by_key(|pr| pr.created_at);
        let heads = ("Waiting for your review, the oldest first", "Nothing waits for your review.");
        let message = listed(cx, &self.shown, (&links, &found), (heads, Action::named(Self::NAME)));
        let beyond = Line::new()
            .text(format!("I looked into {FOLLOWED} repositories; for another one, type "))
            .code(cx.bot.slash("pr list web/api --reviewer me"));
        Ok(if cut { message.fact(beyond) } else { message })
    }
}

/// What waits on one Bitbucket, and whether there are more repositories than were looked into.
pub async fn queue_on(cx: &Context<'_>, instance: &Instance) -> Result<(Vec<PullRequest>, bool), Failure> {
    let bitbucket = cx.bitbucket(instance).await?;
    let mut followed = followed(cx, bitbucket.as_ref(), instance).await?;
    let cut = followed.len() > FOLLOWED;
    followed.truncate(FOLLOWED);
    Ok((waiting(bitbucket.as_ref(), followed).await?, cut))
}

/// The repositories that channels here follow, and those that the asker was active in lately.
async fn followed(
    cx: &Context<'_>,
    bitbucket: &dyn Bitbucket,
    instance: &Instance,
) -> Result<Vec<RepoName>, Failure> {
    let here = cx.bot.store.followed(&cx.caller.user.team).await?;
    let mut all: Vec<RepoName> = here.into_iter().filter(|repo| repo.instance == *instance).collect();
    for theirs in bitbucket.find_repositories("", THEIRS).await? {
        if !all.contains(&theirs.name) {
            all.push(theirs.name);
        }
    }
    Ok(all)
}

/// What waits in all of them. Repositories that were not looked into are looked into in the next turn;
/// those that cannot be read are never spoken of.
async fn waiting(bitbucket: &dyn Bitbucket, followed: Vec<RepoName>) -> Result<Vec<PullRequest>, Failure> {
    let (mut found, mut left) = (Vec::<PullRequest>::new(), followed);
    for _ in 0..TURNS {
        let queue = bitbucket.review_queue(&left, MOST).await?;
        let new = queue.waiting.into_iter().filter(|pr| found.iter().all(|known| known.name != pr.name));
        let new: Vec<PullRequest> = new.collect();
        found.extend(new);
        if queue.unseen.is_empty() || queue.unseen.len() == left.len() {
            break;
        }
        left = queue.unseen;
    }
    Ok(found)
}
