//! What a delivery leaves out and somebody wants to know: asked of Bitbucket once, and kept for a while.

use std::collections::HashMap;
use std::sync::Arc;

use super::sight::{self, A_WHILE, DAY, Sight, service_reads};
use super::{Turn, feeds};
use crate::bitbucket::event::{RefMove, Subject};
use crate::bitbucket::{self, Bitbucket, Event};
use crate::bot::Failure;
use crate::news::{Heard, Item, News, heard};
use crate::store::{Seen, Subscription};
use crate::words::code::{Changes, Range};
use crate::words::commit::CommitFilter;
use crate::words::names::{PrName, RepoName, SlackUser, Topic};

/// After so many attempts it is told without what cannot be found out.
pub(super) const PATIENCE: i64 = 4;
/// So many commits of a push are counted.
const COMMITS: usize = 1_000;
/// So many files are looked at.
const FILES: usize = 1_000;
/// Somebody's eyes on the event's Bitbucket: the bot's own, or else those of one who asked to be told.
pub(super) async fn eyes(
    turn: &Turn<'_>,
    repo: &RepoName,
    all: &[Arc<Subscription>],
) -> Result<Option<Box<dyn Bitbucket>>, Failure> {
    if let Some(own) = own_eyes(turn, repo).await? {
        return Ok(Some(own));
    }
    for subscription in all {
        if let Some(theirs) = eyes_of(turn, repo, &subscription.asked_by).await? {
            return Ok(Some(theirs));
        }
    }
    Ok(None)
}

/// The bot's own eyes, where it has some that see the repository.
pub(super) async fn own_eyes(
    turn: &Turn<'_>,
    repo: &RepoName,
) -> Result<Option<Box<dyn Bitbucket>>, Failure> {
    let site = turn.bot.site(&repo.instance)?.in_background();
    match site.as_service_in(&repo.owner) {
        Some(own) if service_reads(turn, repo).await? => Ok(Some(own)),
        _ => Ok(None),
    }
}

pub(super) async fn eyes_of(
    turn: &Turn<'_>,
    repo: &RepoName,
    user: &SlackUser,
) -> Result<Option<Box<dyn Bitbucket>>, Failure> {
    let site = turn.bot.site(&repo.instance)?.in_background();
    match turn.bot.accounts.tokens(user, &site).await.map_err(Failure::from) {
        Ok(tokens) => Ok(Some(site.as_person(tokens))),
        Err(Failure::SignIn(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// The answer; none where there is none to be had.
pub(super) fn answered<T>(turn: &Turn<'_>, answer: bitbucket::Result<T>) -> Result<Option<T>, Failure> {
    use bitbucket::Error::{Down, Slow};
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error @ (Slow { .. } | Down(_))) if turn.claim.attempt < PATIENCE => Err(error.into()),
        Err(error) => {
            tracing::info!(%error, "told without what was to be looked up");
            Ok(None)
        }
    }
}

/// Keeps those whose asker may read the repository, which is looked up again every day and once for each asker,
/// and those that go on without their asker.
pub(super) async fn keep_readable(
    turn: &Turn<'_>,
    repo: &RepoName,
    all: Vec<Arc<Subscription>>,
) -> Result<Vec<Arc<Subscription>>, Failure> {
    if all.is_empty() {
        return Ok(all);
    }
    let seen = turn.bot.store.readers_of(repo).await?;
    let mut sights: HashMap<SlackUser, Sight> = HashMap::new();
    for user in all.iter().map(|subscription| &subscription.asked_by) {
        if !sights.contains_key(user) {
            sights.insert(user.clone(), sight_of(turn, repo, user, seen.get(user).copied()).await?);
        }
    }
    let (mut kept, mut others) = (Vec::new(), Vec::new());
    for subscription in all {
        match sights.get(&subscription.asked_by) {
            Some(Sight::Sees) => kept.push(subscription),
            sight => others.push((subscription, sight.copied().unwrap_or(Sight::Unsure))),
        }
    }
    kept.extend(feeds::without_asker(turn, repo, others).await?);
    Ok(kept)
}

/// Whether somebody reads a repository with their own account, as it was last seen or is looked up now.
pub(super) async fn reads(turn: &Turn<'_>, repo: &RepoName, user: &SlackUser) -> Result<Sight, Failure> {
    let seen = turn.bot.store.readers_of(repo).await?.get(user).copied();
    sight_of(turn, repo, user, seen).await
}

async fn sight_of(
    turn: &Turn<'_>,
    repo: &RepoName,
    user: &SlackUser,
    seen: Option<Seen>,
) -> Result<Sight, Failure> {
    // A right that is given is soon seen; one that is taken away, within a day.
    let age = |seen: &Seen| turn.bot.clock.millis() - seen.at;
    if let Some(seen) = seen.filter(|seen| age(seen) < if seen.may { DAY } else { A_WHILE }) {
        return Ok(if seen.may { Sight::Sees } else { Sight::Refused });
    }
    let Some(eyes) = eyes_of(turn, repo, user).await? else {
        return Ok(Sight::Gone);
    };
    if turn.bot.has_left(user).await? {
        turn.bot.accounts.forget(user).await?;
        return Ok(Sight::Gone);
    }
    let sight = sight::of(turn, eyes.repository(repo).await)?;
    match sight {
        Sight::Sees | Sight::Refused => {
            let mut tx = turn.bot.store.begin().await?;
            tx.saw_reading(repo, user, sight == Sight::Sees).await?;
            tx.commit().await?;
        }
        // Nobody can be asked: what was seen last counts on.
        Sight::Unsure if seen.is_some_and(|seen| seen.may) => return Ok(Sight::Sees),
        Sight::Unsure | Sight::Gone => {}
    }
    if sight == Sight::Sees {
        sight::keep_once(turn, repo, user).await?;
    }
    Ok(sight)
}

/// The main branch, where a subscription turns on it.
pub(super) async fn main_branch(
    turn: &Turn<'_>,
    event: &Event,
    all: &[Arc<Subscription>],
) -> Result<Option<String>, Failure> {
    let Subject::Refs(moves) = &event.subject else {
        return Ok(None);
    };
    if !all.iter().any(|one| one.wish.main_only) || !moves.iter().any(RefMove::moves_on) {
        return Ok(None);
    }
    let (store, what) = (&turn.bot.store, format!("main:{}", event.repo));
    if let Some(known) = store.known(&what).await? {
        return Ok(Some(known));
    }
    let Some(eyes) = eyes(turn, &event.repo, all).await? else {
        return Ok(None);
    };
    let repository = answered(turn, eyes.repository(&event.repo).await)?;
    let main = repository.and_then(|repository| repository.main_branch);
    if let Some(main) = &main {
        store.keep_known(&what, main, turn.bot.clock.millis() + DAY).await?;
    }
    Ok(main)
}

/// What a push brings and whether it was forced, as far as it was not told and somebody wants to know.
pub(super) async fn complete(
    turn: &Turn<'_>,
    event: &mut Event,
    all: &[Arc<Subscription>],
) -> Result<(), Failure> {
    let wanted = |topic: &Topic| matches!(topic, Topic::Push | Topic::ForcePush);
    let repo = event.repo.clone();
    let Subject::Refs(moves) = &mut event.subject else {
        return Ok(());
    };
    if !all.iter().any(|one| one.wish.topics.iter().any(wanted)) || !moves.iter().any(RefMove::lacks) {
        return Ok(());
    }
    let Some(eyes) = eyes(turn, &repo, all).await? else {
        return Ok(());
    };
    for moved in moves.iter_mut().filter(|moved| moved.lacks()) {
        let between = |of: &Option<String>, without: &Option<String>| CommitFilter {
            of: of.clone(),
            without: without.clone(),
            ..CommitFilter::default()
        };
        if moved.forced.is_none() {
            // What the branch had and has no more: then its history is another one.
            let lost = eyes.commits(&repo, &between(&moved.old, &moved.new), 1).await;
            moved.forced = answered(turn, lost)?.map(|lost| !lost.is_empty());
        }
        if moved.cut {
            let brought = eyes.commits(&repo, &between(&moved.new, &moved.old), COMMITS + 1).await;
            if let Some(mut brought) = answered(turn, brought)? {
                moved.cut = brought.len() > COMMITS;
                brought.truncate(COMMITS);
                moved.commits = brought;
            }
        }
    }
    Ok(())
}

/// The files that changed, where a filter turns on them and on nothing that is known.
pub(super) async fn add_files(
    turn: &Turn<'_>,
    event: &Event,
    all: &[Arc<Subscription>],
    (news, main): (&mut [News], Option<&str>),
) -> Result<(), Failure> {
    for one in news {
        let turns =
            |subscription: &Arc<Subscription>| heard(&subscription.wish, one, main) == Heard::NeedsFiles;
        if all.iter().any(turns) {
            one.facts.files = Some(files(turn, event, all, &one.item).await?);
        }
    }
    Ok(())
}

async fn files(
    turn: &Turn<'_>,
    event: &Event,
    all: &[Arc<Subscription>],
    item: &Item,
) -> Result<Vec<String>, Failure> {
    let place = match (item, &event.pull_request, &event.subject) {
        (Item::PullRequest, Some(pr), _) => Place::PullRequest(pr.name.clone(), pr.head.clone()),
        (Item::Checks(pr), ..) => Place::PullRequest(pr.name.clone(), pr.head.clone()),
        (Item::Move(at), _, Subject::Refs(moves)) => match moves.get(*at) {
            Some(RefMove { old: Some(old), new: Some(new), .. }) => {
                Place::Between(Range { base: old.clone(), head: new.clone() })
            }
            _ => return Ok(Vec::new()),
        },
        _ => return Ok(Vec::new()),
    };
    let (store, what) = (&turn.bot.store, place.name(&event.repo));
    if let Some(known) = store.known(&what).await? {
        return Ok(known.lines().map(str::to_owned).collect());
    }
    let Some(eyes) = eyes(turn, &event.repo, all).await? else {
        return Ok(Vec::new());
    };
    let changes = match &place {
        Place::PullRequest(pr, _) => eyes.pull_request_changes(pr, FILES).await,
        Place::Between(range) => eyes.changes(&event.repo, range, FILES).await,
    };
    let Some(changes) = answered(turn, changes)? else {
        return Ok(Vec::new());
    };
    let paths = paths(changes);
    store.keep_known(&what, &paths.join("\n"), turn.bot.clock.millis() + DAY).await?;
    Ok(paths)
}

/// Where files changed.
enum Place {
    PullRequest(PrName, Option<String>),
    Between(Range),
}

impl Place {
    fn name(&self, repo: &RepoName) -> String {
        match self {
            Self::PullRequest(pr, head) => format!("files:{pr}:{}", head.as_deref().unwrap_or_default()),
            Self::Between(range) => format!("files:{repo}:{}..{}", range.base, range.head),
        }
    }
}

/// Where they are, and where they were.
fn paths(changes: Changes) -> Vec<String> {
    let both = changes.files.into_iter().flat_map(|file| [Some(file.path), file.from]);
    both.flatten().filter(|path| !path.contains('\n')).collect()
}
