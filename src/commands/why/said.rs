//! The explanation in words: each delivery, and what every subscription of the channel made of it.

use super::{Case, named_in};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::reference;
use crate::commands::subscribe::spoken;
use crate::store::{Explained, Subscription};
use crate::words::message::{Line, Message};
use crate::words::names::PrName;
use crate::words::reason::{Reason, Reasons, listed};

/// Explains it; where nothing came, says what to look at.
pub(super) async fn explain(cx: &Context<'_>, case: &Case, pr: Option<&PrName>) -> Outcome {
    let wishes = cx.bot.store.subscriptions_in(&case.channel).await?;
    if case.deliveries.is_empty() {
        return Ok(Message { lines: nothing(cx, &wishes, pr), ..Message::default() });
    }
    let mut lines: Vec<Line> = Vec::new();
    for one in &case.deliveries {
        lines.push(head(one));
        lines.extend(body(case, one, &wishes));
        lines.extend(folded(cx, case, one).await?);
    }
    if let Some(pr) = pr {
        let line = Line::new().text("What I know of ").bold(pr.short()).text(", the newest first:");
        lines.insert(0, line);
    }
    Ok(Message { lines, ..Message::default() })
}

/// What happened, when, and how it came to be known.
fn head(one: &Explained) -> Line {
    let row = &one.row;
    let line = Line::new();
    let line = match (row.pull_request(), &row.repo) {
        (Some(pr), _) => line.bold(pr.short()),
        (None, Some(repo)) => line.bold(repo.short()),
        (None, None) => line.bold(row.instance.to_string()),
    };
    let topics =
        one.reasons.as_ref().map(|reasons| listed(&reasons.topics)).filter(|topics| !topics.is_empty());
    let mut line = line.text(": ");
    line.0.extend(Line::from(topics.unwrap_or_else(|| "nothing new".to_owned())).0);
    let by = one.reasons.as_ref().map(|reasons| format!(" by {}", reasons.who)).unwrap_or_default();
    let line = line.text(by).text(" · ").moment(row.received_at);
    if row.is_found() {
        line.text(" · found by looking, no webhook brought it · ").code(reference(row.id))
    } else {
        line.text(" · delivery ").code(reference(row.id))
    }
}

/// What this channel made of it.
fn body(case: &Case, one: &Explained, wishes: &[Subscription]) -> Vec<Line> {
    let Some(reasons) = &one.reasons else {
        let outcome = one.row.outcome.clone().unwrap_or_else(|| "it is being looked at just now".to_owned());
        return vec![Line::new().text(format!("• {outcome}."))];
    };
    let ours = reasons.each.iter().filter(|reason| reason.channel == case.channel);
    let mut lines: Vec<Line> = ours.map(|reason| rule(reason, wishes)).collect();
    let told = reasons.each.iter().any(|one| one.channel == case.channel && one.because.is_told());
    if reasons.cards.contains(&case.channel) && !told {
        lines.push(Line::new().text("• The card that stands here was brought up to date."));
    }
    if lines.is_empty() {
        lines.push(none(one, reasons, wishes));
    }
    lines
}

/// What was said of it in one message with others, and by which rule.
async fn folded(cx: &Context<'_>, case: &Case, one: &Explained) -> Result<Option<Line>, Failure> {
    let Some(pr) = one.row.pull_request() else { return Ok(None) };
    let said = cx.bot.store.bursts(&case.channel, &pr).await?;
    let Some((_, burst)) = said.iter().find(|(line, _)| named_in(line) == Some(one.row.id)) else {
        return Ok(None);
    };
    let together = said.iter().filter(|(_, other)| other == burst).count();
    if together < 2 {
        return Ok(None);
    }
    let others = if together == 2 { "one other".to_owned() } else { format!("{} others", together - 1) };
    let (quiet, longest) = (cx.bot.fold / 1000, cx.bot.burst_over(0, i64::MAX) / 1000);
    Ok(Some(Line::new().text(format!(
        "• Folded: said in one message with {others}. What follows within {quiet} s is said together, after {longest} s \
         at the latest."
    ))))
}

/// A subscription, and the rule it followed.
fn rule(reason: &Reason, wishes: &[Subscription]) -> Line {
    let repos = reason.repos.split_once(':').map_or(reason.repos.as_str(), |(_, repos)| repos);
    let line = Line::new().text("• Subscription to ").bold(repos);
    let wish = wishes.iter().find(|one| one.repos.to_string() == reason.repos).map(|one| &one.wish);
    let line = match wish {
        Some(wish) => {
            let line = line.text(format!(" ({}", spoken(wish)));
            match &wish.filter {
                Some(filter) => line.text(", only where ").code(filter.to_string()).text(")"),
                None => line.text(")"),
            }
        }
        None => line.text(" (ended since)"),
    };
    let mut line = line.text(": ");
    line.0.extend(Line::from(reason.because.in_words()).0);
    line.text(".")
}

/// No subscription of this channel was concerned.
fn none(one: &Explained, reasons: &Reasons, wishes: &[Subscription]) -> Line {
    let repo = one.row.repo.as_ref();
    let covers = repo.is_some_and(|repo| wishes.iter().any(|wish| wish.repos.covers(repo)));
    let words = match (reasons.more, covers) {
        (0, false) => "no subscription of this channel covers it",
        (0, true) => "this channel subscribed to it only later",
        _ => "so many channels were concerned that not all are written down",
    };
    Line::new().text(format!("• Not told here: {words}."))
}

/// Nothing came: what to look at.
fn nothing(cx: &Context<'_>, wishes: &[Subscription], pr: Option<&PrName>) -> Vec<Line> {
    let about =
        pr.map_or_else(|| "what this channel is told of".to_owned(), |pr| format!("`{}`", pr.short()));
    let (hooks, doctor) = (cx.bot.slash("hook list"), cx.bot.slash("doctor"));
    let mut lines = vec![
        Line::from(format!("Nothing about {about} has reached me, as far back as I keep deliveries.")),
        Line::from(format!(
            "`{hooks}` shows whether Bitbucket has a webhook for it, `{doctor}` what else may be amiss."
        )),
    ];
    if let Some(pr) = pr.filter(|pr| !wishes.iter().any(|one| one.repos.covers(&pr.repo))) {
        let how = cx.bot.slash(&format!("subscribe {}", pr.repo.short()));
        lines.push(Line::from(format!(
            "This channel is not told of `{}` either; `{how}` changes that.",
            pr.repo.short()
        )));
    }
    lines
}
