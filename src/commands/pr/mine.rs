//! `pr mine`: the open pull requests that whoever asks has written, wherever they are.

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bot::{Bot, Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::store::Link;
use crate::views::listing;
use crate::words::message::{Action, Line};
use crate::words::names::PersonId;
use crate::words::pull_request::PullRequest;

/// How many stand on a page.
const PER_PAGE: usize = 10;
/// How many are looked at on each Bitbucket.
const MOST: usize = 100;

/// List the open pull requests you wrote, the newest first
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Mine {
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Mine {
    const NAME: &'static str = "pr.mine";
    const EXAMPLE: &'static str = "pr mine";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let links = accounts(cx).await?;
        let mut found = Vec::new();
        for link in &links {
            found.extend(cx.bitbucket(&link.instance).await?.my_pull_requests(MOST).await?);
        }
        found.sort_by_key(|pr| std::cmp::Reverse(pr.created_at));
        let heads = ("Your open pull requests", "You have no open pull requests.");
        Ok(listed(cx, &self.shown, (&links, &found), (heads, Action::named(Self::NAME))))
    }
}

/// The asker's accounts, wherever they connected one.
pub async fn accounts(cx: &Context<'_>) -> Result<Vec<Link>, Failure> {
    let links = cx.bot.accounts.of(&cx.caller.user).await?;
    let links: Vec<Link> =
        links.into_iter().filter(|link| cx.bot.sites.contains_key(&link.instance)).collect();
    if links.is_empty() { Err(none(cx.bot)) } else { Ok(links) }
}

fn none(bot: &Bot) -> Failure {
    match bot.connectable().next() {
        Some(site) => Failure::SignIn(site.name().clone()),
        None => Failure::told("No Bitbucket is connected to Dipper yet; tell whoever runs it."),
    }
}

/// One page of what was found on all of them.
pub(super) fn listed(
    cx: &Context<'_>,
    shown: &Shown,
    (links, found): (&[Link], &[PullRequest]),
    ((some, none), this): ((&str, &str), Action),
) -> crate::words::message::Message {
    let from = shown.from(PER_PAGE);
    let here: Vec<PullRequest> = found.iter().skip(from).take(PER_PAGE).cloned().collect();
    let head = match (here.is_empty(), shown.page()) {
        (true, _) => Line::new().text(none),
        (false, 0) => Line::new().text(some),
        (false, page) => Line::new().text(format!("{some}, page {}", page + 1)),
    };
    let me = |pr: &PullRequest| -> Option<&PersonId> {
        let link = links.iter().find(|link| link.instance == pr.name.repo.instance);
        link.map(|link| &link.person.id)
    };
    let message = listing::pull_requests(head, &here, me);
    shown.deliver(cx, shown.pages(&this, message, found.len() > from.saturating_add(PER_PAGE)))
}
