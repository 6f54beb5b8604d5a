//! What a delivery leaves out and somebody wants to know: asked of Bitbucket once, and kept for a while.

use super::Turn;
use crate::bitbucket::event::{RefKind, RefMove, Subject};
use crate::bitbucket::{self, Bitbucket, Event};
use crate::bot::Failure;
use crate::notices::{Heard, Item, News, heard};
use crate::store::Subscription;
use crate::words::code::{Changes, Range};
use crate::words::commit::CommitFilter;
use crate::words::names::{PrName, RepoName, SlackUser, Topic};

/// After so many attempts it is told without what cannot be found out.
const PATIENCE: i64 = 4;
/// So many commits of a push are counted.
const COMMITS: usize = 1_000;
/// So many files are looked at.
const FILES: usize = 1_000;
/// How long a refusal is kept.
const A_WHILE: i64 = 10 * 60 * 1000;
/// How long an answer is kept.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Somebody's eyes on the event's Bitbucket: the bot's own, or else those of one who asked to be told.
pub(super) async fn eyes(
    turn: &Turn<'_>,
    repo: &RepoName,
    all: &[Subscription],
) -> Result<Option<Box<dyn Bitbucket>>, Failure> {
    let site = turn.bot.site(&repo.instance)?.in_background();
    if let Some(service) = site.as_service() {
        return Ok(Some(service));
    }
    for subscription in all {
        if let Some(theirs) = eyes_of(turn, repo, &subscription.asked_by).await? {
            return Ok(Some(theirs));
        }
    }
    Ok(None)
}

async fn eyes_of(
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
fn answered<T>(turn: &Turn<'_>, answer: bitbucket::Result<T>) -> Result<Option<T>, Failure> {
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

/// Keeps those whose asker may read the repository, wherever a form stands for it: that is looked up
/// again every day.
pub(super) async fn keep_readable(
    turn: &Turn<'_>,
    repo: &RepoName,
    all: Vec<Subscription>,
) -> Result<Vec<Subscription>, Failure> {
    let mut kept = Vec::new();
    for subscription in all {
        if !subscription.repos.is_wide() || reads(turn, repo, &subscription.asked_by).await? {
            kept.push(subscription);
        }
    }
    Ok(kept)
}

async fn reads(turn: &Turn<'_>, repo: &RepoName, user: &SlackUser) -> Result<bool, Failure> {
    let (store, what) = (&turn.bot.store, format!("reads:{}:{}:{repo}", user.team, user.id));
    if let Some(known) = store.known(&what).await? {
        return Ok(known == "yes");
    }
    let Some(eyes) = eyes_of(turn, repo, user).await? else {
        return Ok(false);
    };
    let may = answered(turn, eyes.repository(repo).await)?.is_some();
    // A right that is given is soon seen; one that is taken away, within a day.
    let (answer, counts) = if may { ("yes", DAY) } else { ("no", A_WHILE) };
    store.keep_known(&what, answer, turn.bot.clock.millis() + counts).await?;
    Ok(may)
}

/// The main branch, where a subscription turns on it.
pub(super) async fn main_branch(
    turn: &Turn<'_>,
    event: &Event,
    all: &[Subscription],
) -> Result<Option<String>, Failure> {
    let Subject::Refs(moves) = &event.subject else {
        return Ok(None);
    };
    if !all.iter().any(|one| one.wish.main_only) || !moves.iter().any(moves_on) {
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

/// A branch that was there and still is.
fn moves_on(moved: &RefMove) -> bool {
    moved.kind == RefKind::Branch && moved.old.is_some() && moved.new.is_some()
}

/// What a push brings and whether it was forced, as far as it was not told and somebody wants to know.
pub(super) async fn complete(
    turn: &Turn<'_>,
    event: &mut Event,
    all: &[Subscription],
) -> Result<(), Failure> {
    let wanted = |topic: &Topic| matches!(topic, Topic::Push | Topic::ForcePush);
    let repo = event.repo.clone();
    let Subject::Refs(moves) = &mut event.subject else {
        return Ok(());
    };
    let lacks = |moved: &RefMove| moves_on(moved) && (moved.forced.is_none() || moved.cut);
    if !all.iter().any(|one| one.wish.topics.iter().any(wanted)) || !moves.iter().any(lacks) {
        return Ok(());
    }
    let Some(eyes) = eyes(turn, &repo, all).await? else {
        return Ok(());
    };
    for moved in moves.iter_mut().filter(|moved| lacks(moved)) {
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
            let brought = eyes.commits(&repo, &between(&moved.new, &moved.old), COMMITS).await;
            if let Some(brought) = answered(turn, brought)? {
                moved.cut = brought.len() >= COMMITS;
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
    all: &[Subscription],
    (news, main): (&mut [News], Option<&str>),
) -> Result<(), Failure> {
    for one in news {
        let turns = |subscription: &Subscription| heard(&subscription.wish, one, main) == Heard::NeedsFiles;
        if all.iter().any(turns) {
            one.facts.files = Some(files(turn, event, all, &one.item).await?);
        }
    }
    Ok(())
}

async fn files(
    turn: &Turn<'_>,
    event: &Event,
    all: &[Subscription],
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
