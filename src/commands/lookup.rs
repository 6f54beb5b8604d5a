//! What forms look up while a person types: repositories and branches they can see.

use std::collections::BTreeMap;

use crate::bot::{Context, Failure};
use crate::words::message::Choice;
use crate::words::names::RepoRef;

/// How many are offered at most.
const MOST: usize = 50;

/// The choices for what was typed so far, given what the form's other fields hold.
pub async fn look_up(
    cx: &Context<'_>,
    what: &str,
    typed: &str,
    values: &BTreeMap<String, String>,
) -> Result<Vec<Choice>, Failure> {
    match what {
        "repository" => repositories(cx, typed).await,
        "branch" => branches(cx, typed, values.get("repo").map(String::as_str)).await,
        _ => Ok(Vec::new()),
    }
}

async fn repositories(cx: &Context<'_>, typed: &str) -> Result<Vec<Choice>, Failure> {
    let links = cx.bot.accounts.of(&cx.caller.user).await?;
    let several = links.len() > 1;
    let mut choices = Vec::new();
    for link in links {
        for repository in cx.bitbucket(&link.instance).await?.find_repositories(typed, MOST).await? {
            let name = repository.name;
            let text = if several { format!("{} ({})", name.short(), name.instance) } else { name.short() };
            choices.push(Choice { text, value: name.to_string() });
        }
    }
    choices.truncate(MOST);
    Ok(choices)
}

async fn branches(cx: &Context<'_>, typed: &str, repo: Option<&str>) -> Result<Vec<Choice>, Failure> {
    let Some(repo) = repo.and_then(|repo| repo.parse::<RepoRef>().ok()) else {
        return Ok(Vec::new());
    };
    let repo = cx.repo(&repo).await?;
    let branches = cx.bitbucket(&repo.instance).await?.branches(&repo, typed, MOST).await?;
    Ok(branches.into_iter().map(|branch| Choice::plain(branch.name)).collect())
}
