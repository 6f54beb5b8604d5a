//! What happens to a repository besides pull requests: a short message in the channel.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;

use super::Telling;
use super::lines::said;
use crate::bitbucket::Kind;
use crate::bitbucket::event::{BuildReport, RefKind, RefMove, Subject};
use crate::news::{Heard, Item, News, Want, heard, of_pull_request, wants};
use crate::store::Post;
use crate::words::access::RightChange;
use crate::words::build::BuildState;
use crate::words::message::{Line, Message, Tone};
use crate::words::names::{Channel, RepoName, Topic};
use crate::words::pipeline::Deployment;
use crate::words::pull_request::PullRequest;
use crate::words::wish::Size;
use crate::words::work::{NewJob, Say};

/// No more branches and tags of one push are told one by one.
const MOVES: usize = 10;

/// One message in each channel that asked, whatever the number of branches and tags.
pub(super) fn tell(telling: &Telling<'_>, all: &[News]) -> Vec<NewJob> {
    let mut asked: BTreeMap<&Channel, (Want, Vec<&Item>)> = BTreeMap::new();
    for news in all.iter().filter(|news| matches!(news.item, Item::Move(_) | Item::Repository)) {
        for (channel, want) in wants(telling.subscriptions, news, telling.known.main.as_deref()) {
            if is_merge(telling, &news.item, channel) {
                continue;
            }
            let (all, items) = asked.entry(channel).or_insert_with(|| (want.clone(), Vec::new()));
            all.size = all.size.max(want.size);
            all.thread |= want.thread;
            all.broadcast |= want.broadcast;
            all.topics.extend(want.topics);
            items.push(&news.item);
        }
    }
    let job = |(channel, (want, items)): (&Channel, (Want, Vec<&Item>))| {
        let message = message(telling, &items, want.size)?;
        let work = Say {
            channel: channel.clone(),
            root: want.thread.then(|| root(telling)),
            identity: format!("say:{}", telling.mark()),
            message,
            broadcast: want.broadcast,
        };
        Some(NewJob::of(&work).in_order(format!("say:{}:{}", channel.team, channel.id)))
    };
    asked.into_iter().filter_map(job).collect()
}

/// Whether a push is nothing but a merge that the channel hears of as such.
fn is_merge(telling: &Telling<'_>, item: &Item, channel: &Channel) -> bool {
    let (Item::Move(at), Subject::Refs(moves)) = (item, &telling.event.subject) else {
        return false;
    };
    let Some(RefMove { name, new: Some(new), kind: RefKind::Branch, .. }) = moves.get(*at) else {
        return false;
    };
    let mut merged = telling.known.merged.iter().filter(|pr| pr.target == *name && pr.became(new));
    merged.any(|pr| hears_merge(telling, pr, channel))
}

/// Whether the channel has the pull request's card, or asked to hear of merges like this one.
fn hears_merge(telling: &Telling<'_>, pr: &PullRequest, channel: &Channel) -> bool {
    let key = Post::card_key(&pr.name);
    if telling.cards.iter().any(|card| card.key == key && card.channel == *channel) {
        return true;
    }
    let news = News {
        topics: BTreeSet::from([Topic::Merged]),
        facts: of_pull_request(telling.event, pr),
        item: Item::PullRequest,
        branch: None,
    };
    let mut theirs = telling.subscriptions.iter().filter(|one| one.channel == *channel);
    theirs.any(|one| matches!(heard(&one.wish, &news, None), Heard::Under(_)))
}

/// `ada let edsger write to web/api until …`
fn right(actor: Line, change: &RightChange) -> Line {
    let place = |line: Line| match &change.project {
        Some(project) => line.text("the project ").bold(project),
        None => line.bold(change.repo.short()),
    };
    let Some(level) = change.level else {
        let line = actor.text(" took away the right of ").bold(&change.who).text(" in ");
        return place(line).text(".");
    };
    let line = place(actor.text(" let ").bold(&change.who).text(format!(" {} ", level.may())));
    match change.until {
        Some(until) => line.text(" until ").moment(until).text("."),
        None => line.text("."),
    }
}

/// `ada deployed #12 of web/api to production at 0123456.`
fn deployed(actor: Line, repo: &str, one: &Deployment) -> Line {
    let line = match one.state.as_str() {
        "successful" | "completed" => actor.text(" deployed "),
        "failed" => actor.text(" tried and failed to deploy "),
        state => actor.text(format!(" began to deploy, now {state}, ")),
    };
    let line = match (&one.release, &one.url) {
        (Some(release), Some(url)) => line.link(release, url),
        (Some(release), None) => line.text(release),
        (None, _) => line.text("something"),
    };
    let line = line.text(" of ").bold(repo).text(" to ").bold(&one.environment);
    match one.hash.as_deref().map(|hash| hash.get(..7).unwrap_or(hash)) {
        Some(hash) => line.text(" at ").code(hash).text("."),
        None => line.text("."),
    }
}

/// What belongs together: a branch, or the repository, for a day.
fn root(telling: &Telling<'_>) -> String {
    let event = telling.event;
    let branch = match &event.subject {
        Subject::Refs(moves) => moves.first().map(|moved| moved.name.as_str()),
        Subject::Build(report) => report.branch.as_deref(),
        _ => None,
    };
    let day = DateTime::from_timestamp_millis(event.at).unwrap_or_default().format("%Y-%m-%d");
    format!("thread:{}:{}:{day}", event.repo, branch.unwrap_or_default())
}

fn message(telling: &Telling<'_>, items: &[&Item], size: Size) -> Option<Message> {
    let event = telling.event;
    let actor = Line::new().bold(&event.actor.name);
    let repo = event.repo.short();
    match &event.subject {
        Subject::Refs(moves) => {
            let wanted = items.iter().filter_map(|item| match item {
                Item::Move(at) => moves.get(*at),
                _ => None,
            });
            pushes(telling, &wanted.collect::<Vec<_>>(), size)
        }
        Subject::Build(report) => Some(build(telling, report)),
        Subject::Remark(remark) => {
            let hash = remark.commit.clone().unwrap_or_default();
            let short = hash.get(..7).unwrap_or(&hash);
            let did = actor.text(" commented on commit ");
            let did = match &remark.url {
                Some(url) => did.link(short, url),
                None => did.code(short),
            };
            Some(Message::line(said(did.text(" of ").bold(repo), "", remark)))
        }
        Subject::Right(change) => Some(Message::line(right(actor, change))),
        Subject::Deployment(deployment) => Some(Message::line(deployed(actor, &repo, deployment))),
        Subject::Fork(fork) => {
            let line = actor.text(" forked ").bold(repo);
            let name = fork.as_ref().map(|fork| format!(" to {}", fork.short())).unwrap_or_default();
            Some(Message::line(line.text(format!("{name}."))))
        }
        Subject::Repository(was, changed) => {
            let was = was.as_ref().map(RepoName::short);
            let what = changed.iter().map(|name| name.replace('_', " ")).collect::<Vec<_>>().join(", ");
            Some(Message::line(
                match (event.kind, was) {
                    (Kind::RepoTransferred, Some(was)) => {
                        actor.text(" moved ").bold(was).text(" to ").bold(repo)
                    }
                    (Kind::RepoTransferred, None) => {
                        actor.text(" moved ").bold(repo).text(format!(" to {}", event.repo.owner))
                    }
                    (_, Some(was)) => actor.text(" renamed ").bold(was).text(" to ").bold(repo),
                    (_, None) if what.is_empty() => actor.text(" changed ").bold(repo),
                    (_, None) => actor.text(" changed ").bold(repo).text(format!(": {what}")),
                }
                .text("."),
            ))
        }
        Subject::Nothing | Subject::Before(_) | Subject::Asked(_) => None,
    }
}

fn pushes(telling: &Telling<'_>, moves: &[&RefMove], size: Size) -> Option<Message> {
    let commits = match size {
        Size::Compact => 0,
        Size::Normal => 3,
        Size::Full => 10,
    };
    let mut lines = moves.iter().take(MOVES).flat_map(|moved| {
        let alone = moves.len() == 1;
        let head = head(telling, moved);
        // A tag brings nothing: what it names was there.
        let shown = if alone && moved.kind == RefKind::Branch { commits } else { 0 };
        let each = moved.commits.iter().take(shown).map(|commit| {
            Line::new().link(commit.short_hash(), &commit.url).text(format!(" {}", commit.subject()))
        });
        let left = moved.commits.len().saturating_sub(shown);
        let rest = (alone && shown > 0 && left > 0).then(|| Line::new().text(format!("… and {left} more")));
        std::iter::once(head).chain(each).chain(rest)
    });
    let first = Message::line(lines.next()?);
    let message = lines.fold(first, Message::and);
    let left = moves.len().saturating_sub(MOVES);
    Some(if left > 0 {
        message.and(Line::new().text(format!("… and {left} more branches and tags")))
    } else {
        message
    })
}

fn head(telling: &Telling<'_>, moved: &RefMove) -> Line {
    let (event, repo) = (telling.event, telling.event.repo.short());
    let line = Line::new().bold(&event.actor.name);
    let sort = if moved.kind == RefKind::Tag { "tag" } else { "branch" };
    let set = if moved.kind == RefKind::Tag { " set the tag " } else { " made the branch " };
    match (&moved.old, &moved.new) {
        (Some(_), None) => {
            line.text(format!(" deleted the {sort} ")).code(&moved.name).text(" of ").bold(repo).text(".")
        }
        (Some(_), Some(_)) if moved.kind == RefKind::Tag => {
            line.text(" moved the tag ").code(&moved.name).text(" of ").bold(repo).text(".")
        }
        (None, _) => line.text(set).code(&moved.name).text(" in ").bold(repo).text("."),
        (Some(_), Some(_)) => {
            let did = if moved.forced == Some(true) { " pushed by force " } else { " pushed " };
            let what = match (moved.commits.len(), moved.cut) {
                (0, _) => "commits".to_owned(),
                (1, false) => "1 commit".to_owned(),
                (many, false) => format!("{many} commits"),
                (many, true) => format!("more than {many} commits"),
            };
            let line = line.text(did);
            let line = match &moved.url {
                Some(url) => line.link(what, url),
                None => line.text(what),
            };
            line.text(" to ").code(&moved.name).text(" of ").bold(repo).text(".")
        }
    }
}

fn build(telling: &Telling<'_>, report: &BuildReport) -> Message {
    let fixed = telling.known.failed_before == Some(true);
    let (did, tone) = match report.build.state {
        BuildState::Failed => (" failed", Tone::Bad),
        BuildState::Passed if fixed => (" works again", Tone::Good),
        BuildState::Passed => (" passed", Tone::Good),
        _ => (" began", Tone::Plain),
    };
    let line = Line::new();
    let line = match &report.build.url {
        Some(url) => line.link(&report.build.name, url),
        None => line.bold(&report.build.name),
    };
    let line = line.text(did);
    let line = match &report.branch {
        Some(branch) => line.text(" on ").code(branch),
        None => line,
    };
    let line = line.text(" of ").bold(telling.event.repo.short());
    let line = match report.hash.as_deref().and_then(|hash| hash.get(..7)) {
        Some(short) => line.text(" · ").code(short),
        None => line,
    };
    Message::line(line).tone(tone)
}
