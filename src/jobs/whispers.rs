//! Whom an event concerns in person: found among those who have connected, and kept to be told to them.

use std::collections::BTreeSet;

use super::Turn;
use super::look::{answered, eyes_of, own_eyes};
use crate::bitbucket::event::{RefKind, Subject};
use crate::bitbucket::{Bitbucket, Event, Kind, Mentioned};
use crate::bot::{Bot, Failure, telling};
use crate::news::{Known, News};
use crate::notices::personal::{Ears, Told, told};
use crate::store::Tx;
use crate::words::build::BuildState;
use crate::words::names::{PersonId, PrName, SlackUser, Topic};
use crate::words::notice::{Notice, Wishes};
use crate::words::pull_request::PullRequest;
use crate::words::work::{Consider, NewJob};

/// How long it is remembered who said or pushed something, and whose account is whose.
const A_MONTH: i64 = 30 * 24 * 60 * 60 * 1000;
/// How long nobody asks again whose an account is that is nobody's.
const A_DAY: i64 = 24 * 60 * 60 * 1000;
/// Of so many people a text mentions it is asked who they are.
const MOST_ASKED: usize = 5;
/// How many pull requests are considered when their target has moved.
const MOST_CONSIDERED: usize = 20;
/// What an approval and its checks bring at once is considered once.
const BREATH: i64 = 1000;

/// What is to be told in private, and what is to be looked at for its sake.
pub(super) struct Whispers {
    told: Vec<(SlackUser, Told)>,
    consider: Vec<PrName>,
}

/// What an event is to tell those who have connected, as they wish.
pub(super) async fn gather(
    turn: &Turn<'_>,
    event: &Event,
    known: &Known,
    news: &[News],
) -> Result<Whispers, Failure> {
    note(turn, event, news).await?;
    let answered = answered_by(turn, event).await?;
    let mentioned = mentioned(turn, event, known).await?;
    let pushed_by = pushed_by(turn, event).await?;
    let ears = Ears {
        event,
        known,
        news,
        answered: answered.as_ref(),
        mentioned: &mentioned,
        pushed_by: pushed_by.as_ref(),
    };
    let mut whispers = Whispers { told: Vec::new(), consider: to_consider(turn, event, known).await? };
    for one in told(&ears) {
        let pr = one.whisper.about.pull_request();
        for (user, wishes) in turn.bot.store.those_who_are(&event.repo.instance, &one.to, pr).await? {
            if wants(&wishes, one.whisper.kind, event.by_bot) {
                whispers.told.push((user, one.clone()));
            }
        }
    }
    Ok(whispers)
}

/// What bots say is told only to those who want that, too; what they do is not their opinion.
fn wants(wishes: &Wishes, kind: Notice, by_bot: bool) -> bool {
    let said = matches!(kind, Notice::Commented | Notice::Replied | Notice::Mentioned);
    wishes.wants(kind) && !(said && by_bot && !wishes.wants(Notice::Bots))
}

impl Whispers {
    /// One thing for those of its person who want it.
    pub(super) async fn of(turn: &Turn<'_>, one: Told) -> Result<Self, Failure> {
        let about = &one.whisper.about;
        let all = turn.bot.store.those_who_are(&about.repo().instance, &one.to, about.pull_request()).await?;
        let willing = all.into_iter().filter(|(_, wishes)| wishes.wants(one.whisper.kind));
        Ok(Self { told: willing.map(|(user, _)| (user, one.clone())).collect(), consider: Vec::new() })
    }

    /// Keeps all of it, to be told when it has been quiet for a moment; to how many people it is news.
    pub(super) async fn keep(self, bot: &Bot, tx: &mut Tx) -> Result<usize, Failure> {
        let now = bot.clock.millis();
        let mut people = BTreeSet::new();
        for (user, one) in self.told {
            if tx.whisper(&user, &one.identity, &one.whisper).await? {
                people.insert(user);
            }
        }
        for pr in self.consider {
            let once = format!("consider:{pr}");
            tx.enqueue(NewJob::of(&Consider { pr }).once(once).at(now + BREATH)).await?;
        }
        let count = people.len();
        for user in people {
            tx.enqueue(telling(&user).at(now + bot.fold)).await?;
        }
        Ok(count)
    }
}

/// Remembers who said it and who pushed it: a later event may turn on that.
async fn note(turn: &Turn<'_>, event: &Event, news: &[News]) -> Result<(), Failure> {
    let by = &event.actor.id;
    if by.as_str().is_empty() {
        return Ok(());
    }
    let by = by.as_str();
    let pushed =
        |hash: &str, branch: &str| (format!("pushed:{}:{hash}", event.repo), format!("{by}\n{branch}"));
    let mut notes = Vec::new();
    match (&event.subject, &event.pull_request) {
        (Subject::Remark(remark), Some(pr)) if event.kind == Kind::Commented => {
            notes.extend(remark.id.map(|id| (said(&pr.name, id), by.to_owned())));
        }
        (Subject::Refs(moves), _) => {
            let branches = moves.iter().filter(|moved| moved.kind == RefKind::Branch);
            notes.extend(branches.filter_map(|moved| Some(pushed(moved.new.as_deref()?, &moved.name))));
        }
        (_, Some(pr)) if news.iter().any(|one| one.topics.contains(&Topic::Pushed)) => {
            notes.extend(pr.head.as_deref().map(|head| pushed(head, &pr.source)));
        }
        _ => {}
    }
    let until = turn.bot.clock.millis() + A_MONTH;
    for (what, answer) in notes {
        turn.bot.store.keep_known(&what, &answer, until).await?;
    }
    Ok(())
}

fn said(pr: &PrName, comment: u64) -> String {
    format!("said:{pr}:{comment}")
}

/// Who said what a comment answers: remembered, or asked.
async fn answered_by(turn: &Turn<'_>, event: &Event) -> Result<Option<PersonId>, Failure> {
    let (Kind::Commented, Subject::Remark(remark), Some(pr)) =
        (event.kind, &event.subject, &event.pull_request)
    else {
        return Ok(None);
    };
    let Some(id) = remark.answers else {
        return Ok(None);
    };
    let (store, what) = (&turn.bot.store, said(&pr.name, id));
    if let Some(known) = store.known(&what).await? {
        return Ok(Some(PersonId::new(known)));
    }
    let Some(eyes) = eyes(turn, pr, event).await? else {
        return Ok(None);
    };
    let author = answered(turn, eyes.comment(&pr.name, id).await)?.map(|comment| comment.author.id);
    if let Some(author) = &author {
        store.keep_known(&what, author.as_str(), turn.bot.clock.millis() + A_MONTH).await?;
    }
    Ok(author)
}

/// Whom a comment mentions, or a description that did not before.
async fn mentioned(turn: &Turn<'_>, event: &Event, known: &Known) -> Result<Vec<PersonId>, Failure> {
    let Some(pr) = &event.pull_request else {
        return Ok(Vec::new());
    };
    let site = turn.bot.site(&event.repo.instance)?;
    let mut all = match (event.kind, &event.subject) {
        (Kind::Commented, Subject::Remark(remark)) => site.mentioned(&remark.text),
        (Kind::Opened | Kind::Updated, _) => site.mentioned(&pr.description),
        _ => return Ok(Vec::new()),
    };
    if event.kind == Kind::Updated {
        let said = match &event.subject {
            Subject::Before(said) => said.description.as_ref(),
            _ => None,
        };
        // Of what was not known before nobody knows that it is new.
        let Some(before) = said.or(known.before.as_ref().map(|before| &before.description)) else {
            return Ok(Vec::new());
        };
        let before = site.mentioned(before);
        all.retain(|one| !before.contains(one));
    }
    let mut people = Vec::new();
    for one in all {
        match one {
            Mentioned::Person(id) => people.push(id),
            Mentioned::Account(id) if people.len() < MOST_ASKED => {
                people.extend(whose(turn, pr, event, &id).await?);
            }
            Mentioned::Account(_) => {}
        }
    }
    Ok(people)
}

/// Whose account that is, asked once in a long while.
async fn whose(
    turn: &Turn<'_>,
    pr: &PullRequest,
    event: &Event,
    account: &PersonId,
) -> Result<Option<PersonId>, Failure> {
    let (store, what) = (&turn.bot.store, format!("account:{}:{account}", event.repo.instance));
    if let Some(known) = store.known(&what).await? {
        return Ok(Some(PersonId::new(known)).filter(|id| !id.as_str().is_empty()));
    }
    let mut found = eyes(turn, pr, event).await?;
    // Who somebody is anybody may see.
    for user in store.anybody_on(&event.repo.instance).await? {
        if found.is_none() {
            found = eyes_of(turn, &event.repo, &user).await?;
        }
    }
    let Some(eyes) = found else {
        return Ok(None);
    };
    let id = answered(turn, eyes.person(account).await)?.map(|person| person.id);
    let now = turn.bot.clock.millis();
    let (known, until) = id.as_ref().map_or(("", now + A_DAY), |id| (id.as_str(), now + A_MONTH));
    store.keep_known(&what, known, until).await?;
    Ok(id)
}

/// The eyes of somebody who is in it: the bot's own, or else those of one who takes part and has connected.
async fn eyes(
    turn: &Turn<'_>,
    pr: &PullRequest,
    event: &Event,
) -> Result<Option<Box<dyn Bitbucket>>, Failure> {
    let (bot, repo) = (turn.bot, &pr.name.repo);
    if let Some(own) = own_eyes(turn, repo).await? {
        return Ok(Some(own));
    }
    let reviewers = pr.reviews.iter().map(|review| &review.person.id);
    for person in [&event.actor.id, &pr.author.id].into_iter().chain(reviewers) {
        for (user, _) in bot.store.those_who_are(&repo.instance, person, None).await? {
            if let Some(theirs) = eyes_of(turn, repo, &user).await? {
                return Ok(Some(theirs));
            }
        }
    }
    Ok(None)
}

/// Who pushed what was built, and to which branch.
async fn pushed_by(turn: &Turn<'_>, event: &Event) -> Result<Option<(PersonId, String)>, Failure> {
    let Subject::Build(report) = &event.subject else {
        return Ok(None);
    };
    let ended = matches!(report.build.state, BuildState::Failed | BuildState::Passed);
    let Some(hash) = report.hash.as_ref().filter(|_| ended) else {
        return Ok(None);
    };
    let known = turn.bot.store.known(&format!("pushed:{}:{hash}", event.repo)).await?;
    Ok(known.and_then(|known| {
        let (by, branch) = known.split_once('\n')?;
        Some((PersonId::new(by), branch.to_owned()))
    }))
}

/// The pull requests that may conflict since, or may be merged, and whose authors want to know.
async fn to_consider(turn: &Turn<'_>, event: &Event, known: &Known) -> Result<Vec<PrName>, Failure> {
    let store = &turn.bot.store;
    let may_change = matches!(
        event.kind,
        Kind::Approved | Kind::ChangesWithdrawn | Kind::Pushed | Kind::Updated | Kind::ThreadResolved
    );
    let candidates: Vec<PullRequest> = match (&event.pull_request, &event.subject) {
        (Some(pr), _) if may_change => vec![pr.clone()],
        (None, Subject::Build(report)) if report.build.state == BuildState::Passed => known.built.clone(),
        (None, Subject::Refs(moves))
            if moves.iter().any(|moved| moved.old.is_some() && moved.new.is_some()) =>
        {
            let mut open = store.open_in(&event.repo).await?;
            open.retain(|pr| {
                moves.iter().any(|moved| moved.kind == RefKind::Branch && moved.name == pr.target)
            });
            open
        }
        _ => Vec::new(),
    };
    let mut considered = Vec::new();
    for pr in candidates.iter().filter(|pr| pr.is_open()) {
        let authors = store.those_who_are(&event.repo.instance, &pr.author.id, Some(&pr.name)).await?;
        let wanted = |wishes: &Wishes| wishes.wants(Notice::Conflict) || wishes.wants(Notice::ReadyToMerge);
        if authors.iter().any(|(_, wishes)| wanted(wishes)) {
            considered.push(pr.name.clone());
        }
        if considered.len() == MOST_CONSIDERED {
            break;
        }
    }
    Ok(considered)
}
