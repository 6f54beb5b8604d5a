//! What forms look up while a person types, and what the values mean that come back: repositories,
//! branches and people they can see.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use futures_util::future::join_all;

use super::rules::{self, Rule};
use super::whom;
use crate::bitbucket::Bitbucket;
use crate::bot::{Context, DONE, Failure};
use crate::slack::forms;
use crate::store::AuditFilter;
use crate::words::message::{Choice, Line, Message};
use crate::words::names::{Instance, PrRef, RepoName, RepoRef};
use crate::words::pull_request::Person;
use crate::words::{Advice, serde_as_text};

/// How many are offered at most.
const MOST: usize = 50;
/// How many are looked through for what a shortened value means.
const LOOK_THROUGH: usize = 1000;
/// How many of their deeds tell which repositories somebody uses.
const DEEDS: u32 = 100;

/// So long the whole list is offered again as it was, in milliseconds, and so long what is typed is looked for
/// in it.
const AT_ONCE: i64 = 10 * 1000;
const WHILE_TYPING: i64 = 60 * 1000;

/// A repository as a person writes it, or as a form's look-up sends it back: the latter may be shortened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Picked {
    /// As it was written.
    Whole(RepoRef),
    /// The beginning of its full name, and what tells it apart.
    Shortened(String),
}

impl FromStr for Picked {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        match forms::shortened(text) {
            Some(_) => Ok(Self::Shortened(text.to_owned())),
            None => text.parse().map(Self::Whole),
        }
    }
}

impl Picked {
    /// As people write it.
    pub(super) fn plain(&self) -> String {
        match self {
            Self::Whole(repo) => repo.plain(),
            Self::Shortened(text) => text.clone(),
        }
    }
}

impl fmt::Display for Picked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(repo) => repo.fmt(out),
            Self::Shortened(text) => out.write_str(text),
        }
    }
}
serde_as_text!(Picked);

/// The repository that is meant.
pub(super) async fn repository(cx: &Context<'_>, picked: &Picked) -> Result<RepoName, Failure> {
    let carried = match picked {
        Picked::Whole(repo) => return cx.repo(repo).await,
        Picked::Shortened(carried) => carried,
    };
    let beginning = forms::shortened(carried).unwrap_or(carried);
    let gone = || Failure::told("I can't find that repository any more; look it up again.");
    let (instance, name) = beginning.split_once(':').ok_or_else(gone)?;
    let owner = name.split('/').next().unwrap_or(name);
    let bitbucket = cx.bitbucket(&Instance::new(instance)).await?;
    let mut found = bitbucket.find_repositories(name, MOST).await?;
    if meant(carried, &found).is_none() {
        // What it is called may be another than how its address is spelt.
        found = bitbucket.repositories(owner, "", LOOK_THROUGH).await?;
    }
    let repo = meant(carried, &found).ok_or_else(gone)?;
    cx.repo(&repo.into()).await
}

fn meant(carried: &str, found: &[crate::words::commit::Repository]) -> Option<RepoName> {
    found.iter().map(|repo| &repo.name).find(|name| forms::carried(&name.to_string()) == carried).cloned()
}

/// The branch that is meant, which a form's look-up may have sent back shortened.
pub(super) async fn branch(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    picked: &str,
) -> Result<String, Failure> {
    let Some(beginning) = forms::shortened(picked) else {
        return Ok(picked.trim().to_owned());
    };
    let found = bitbucket.branches(repo, beginning, LOOK_THROUGH).await?;
    let names = found.iter().map(|branch| branch.name.as_str());
    let gone = || {
        let line = Line::new()
            .text("I can't find the branch ")
            .code(beginning)
            .text("… any more; look it up again.");
        Failure::Told(Box::new(Message::line(line)))
    };
    forms::meant(picked, names).map(str::to_owned).ok_or_else(gone)
}

/// The choices for what was typed so far, given what the form's other fields hold.
pub async fn look_up(
    cx: &Context<'_>,
    what: &str,
    typed: &str,
    values: &BTreeMap<String, String>,
) -> Result<Vec<Choice>, Failure> {
    rules::check(cx, Rule::Anyone, None).await?;
    match what {
        "repository" => repositories(cx, typed).await,
        "branch" => branches(cx, typed, values).await,
        "person" => people(cx, typed, values).await,
        _ => Ok(Vec::new()),
    }
}

/// First those they used lately, then those this channel hears of, then the liveliest.
async fn repositories(cx: &Context<'_>, typed: &str) -> Result<Vec<Choice>, Failure> {
    let links = cx.bot.accounts.of(&cx.caller.user).await?;
    let instances: Vec<&Instance> = links.iter().map(|link| &link.instance).collect();
    let searches = instances.iter().map(|instance| async move {
        let search = async {
            let found = cx.bitbucket(instance).await?.find_repositories(typed, MOST).await?;
            Ok(found.into_iter().map(|repository| repository.name.to_string()).collect())
        };
        let found = offered(cx, format!("repositories:{instance}"), typed, search).await?;
        Ok::<_, Failure>(found.into_iter().filter_map(|name| name.parse::<RepoName>().ok()))
    });
    let (known, answers) = tokio::join!(known(cx), join_all(searches));
    let wanted = typed.trim().to_lowercase();
    let fits = |repo: &RepoName| {
        repo.short().to_lowercase().contains(&wanted) && instances.contains(&&repo.instance)
    };
    let mut names: Vec<RepoName> = known?.into_iter().filter(fits).collect();
    let mut trouble = None;
    for answer in answers {
        match answer {
            Ok(found) => names.extend(found),
            Err(failure) => trouble = Some(failure),
        }
    }
    // One Bitbucket that does not answer must not hide what is known of it and of others.
    if let Some(failure) = trouble.filter(|_| names.is_empty()) {
        return Err(failure);
    }
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.to_string().to_lowercase()));
    let several = instances.len() > 1;
    let choice = |name: &RepoName| {
        let text = if several { format!("{} ({})", name.short(), name.instance) } else { name.short() };
        Choice { text, value: name.to_string() }
    };
    Ok(names.iter().take(MOST).map(choice).collect())
}

/// The repositories they did something in, the latest first, and those this channel hears of.
async fn known(cx: &Context<'_>) -> Result<Vec<RepoName>, Failure> {
    let user = &cx.caller.user;
    let mine = AuditFilter {
        team: user.team.clone(),
        user: Some(user.id.clone()),
        repo: None,
        since: 0,
        most: DEEDS,
    };
    let deeds = cx.bot.store.audit(&mine).await?;
    let done = deeds.into_iter().filter(|row| row.deed.result == DONE);
    let lately = done.filter_map(|row| row.deed.repo?.parse().ok());
    let heard = cx.bot.store.subscriptions_in(&cx.caller.channel).await?;
    Ok(lately.chain(heard.into_iter().filter_map(|one| one.repos.one())).collect())
}

async fn branches(
    cx: &Context<'_>,
    typed: &str,
    values: &BTreeMap<String, String>,
) -> Result<Vec<Choice>, Failure> {
    let Some(repo) = repository_of(cx, values).await? else {
        return Ok(Vec::new());
    };
    let search = async {
        let found = cx.bitbucket(&repo.instance).await?.branches(&repo, typed, MOST).await?;
        Ok(found.into_iter().map(|branch| branch.name).collect())
    };
    let found = offered(cx, format!("branches:{repo}"), typed, search).await?;
    Ok(found.into_iter().map(Choice::plain).collect())
}

/// What they were offered a moment ago, as far as it holds what was typed, where that was all there is; else
/// what a search finds.
async fn offered(
    cx: &Context<'_>,
    what: String,
    typed: &str,
    search: impl Future<Output = Result<Vec<String>, Failure>>,
) -> Result<Vec<String>, Failure> {
    let (user, now) = (&cx.caller.user, cx.bot.clock.millis());
    let wanted = typed.trim().to_lowercase();
    let life = if wanted.is_empty() { AT_ONCE } else { WHILE_TYPING };
    if let Some(mut all) = cx.bot.looked_up.find(user, &what, now - life) {
        // Which Bitbucket it is on is no part of what people type.
        all.retain(|name| name.rsplit(':').next().unwrap_or(name).to_lowercase().contains(&wanted));
        // What is not there may have come since.
        if !all.is_empty() {
            return Ok(all);
        }
    }
    let found = search.await?;
    if wanted.is_empty() && found.len() < MOST {
        cx.bot.looked_up.keep(user, what, now, found.clone());
    }
    Ok(found)
}

/// People whose name begins with what was typed come first; the one who asks is not among them.
async fn people(
    cx: &Context<'_>,
    typed: &str,
    values: &BTreeMap<String, String>,
) -> Result<Vec<Choice>, Failure> {
    let Some(repo) = repository_of(cx, values).await? else {
        return Ok(Vec::new());
    };
    let bitbucket = cx.bitbucket(&repo.instance).await?;
    let mut found = bitbucket.people_named(&repo.owner, typed.trim().trim_start_matches('@'), MOST).await?;
    let me = cx.bot.store.link(&cx.caller.user, &repo.instance).await?.map(|link| link.person.id);
    found.retain(|person| Some(&person.id) != me.as_ref());
    let begins = |person: &Person| {
        let names = [Some(&person.name), person.nickname.as_ref()];
        let typed = typed.trim().to_lowercase();
        names.into_iter().flatten().any(|name| name.to_lowercase().starts_with(&typed))
    };
    found.sort_by_key(|person| !begins(person));
    Ok(whom::choices(&found).map(|(text, value)| Choice { text, value }).collect())
}

/// The repository that the form is about, by itself or by its pull request.
async fn repository_of(
    cx: &Context<'_>,
    values: &BTreeMap<String, String>,
) -> Result<Option<RepoName>, Failure> {
    if let Some(picked) = values.get("repo").and_then(|repo| repo.parse::<Picked>().ok()) {
        return repository(cx, &picked).await.map(Some);
    }
    match values.get("pr").and_then(|pr| pr.parse::<PrRef>().ok()) {
        Some(pr) => Ok(Some(cx.pr(&pr).await?.repo)),
        None => Ok(None),
    }
}
