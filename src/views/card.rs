//! The pull request's card: one message per pull request and channel, kept true.

use crate::words::message::{Action, Button, Line, Message, Tone};
use crate::words::names::PrName;
use crate::words::pull_request::{PullRequest, State, Verdict};

/// The card as it should look now.
pub fn card(pr: &PullRequest) -> Message {
    let title = format!("{} {}", pr.name.short(), pr.title);
    let mut message = Message::line(Line::new().bold(&pr.author.name).text(" opened ").link(title, &pr.url))
        .and(branches(pr).text(" · ").text(standing(pr)))
        .tone(tone(pr));
    for fact in reviewers(pr) {
        message = message.fact(fact);
    }
    if pr.is_open() {
        message = message.button(approve(&pr.name)).button(merge(&pr.name));
    }
    message
}

/// `limit-rate → main`.
pub fn branches(pr: &PullRequest) -> Line {
    Line::new().code(&pr.source).text(" → ").code(&pr.target)
}

/// How it stands, in a few words.
pub fn standing(pr: &PullRequest) -> String {
    let by = pr.closed_by.as_ref().map(|person| format!(" by {}", person.name)).unwrap_or_default();
    match pr.state {
        State::Merged => format!("merged{by}"),
        State::Declined => format!("declined{by}"),
        State::Superseded => "superseded".to_owned(),
        State::Open if pr.draft => format!("draft · {}", approvals(pr)),
        State::Open => approvals(pr),
    }
}

fn approvals(pr: &PullRequest) -> String {
    let given = pr.approvals().count();
    let asked = pr.reviews.iter().filter(|review| review.asked).count();
    match (given, asked) {
        (0, 0) => "no reviewers".to_owned(),
        (given, asked) if asked >= given => format!("{given} of {asked} approved"),
        (1, _) => "1 approval".to_owned(),
        (given, _) => format!("{given} approvals"),
    }
}

fn tone(pr: &PullRequest) -> Tone {
    let wants_work = pr.reviews.iter().any(|review| review.verdict == Verdict::NeedsWork);
    match pr.state {
        State::Merged => Tone::Done,
        State::Declined | State::Superseded => Tone::Bad,
        State::Open if wants_work => Tone::Warning,
        State::Open if pr.approvals().next().is_some() => Tone::Good,
        State::Open => Tone::Open,
    }
}

/// Who has said what, and who has yet to.
fn reviewers(pr: &PullRequest) -> Vec<Line> {
    [(Verdict::Approved, "approved"), (Verdict::NeedsWork, "needs work"), (Verdict::Waiting, "to review")]
        .into_iter()
        .filter_map(|(verdict, word)| {
            let said = pr.reviews.iter().filter(|review| review.verdict == verdict);
            let names: Vec<&str> = said.map(|review| review.person.name.as_str()).collect();
            (!names.is_empty()).then(|| Line::new().text(format!("{word}: {}", names.join(", "))))
        })
        .collect()
}

/// The button that approves as whoever presses it.
pub fn approve(pr: &PrName) -> Button {
    Button::new("Approve", Action::named("pr.approve").with("pr", pr.to_string())).main()
}

/// The button that merges as whoever presses it.
pub fn merge(pr: &PrName) -> Button {
    Button::new("Merge", Action::named("pr.merge").with("pr", pr.to_string()))
        .confirm(format!("Merge {} now?", pr.short()), "Merge")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::names::PersonId;
    use crate::words::pull_request::{Person, Review};

    fn person(name: &str) -> Person {
        Person { id: PersonId::new(name), name: name.to_owned(), nickname: None }
    }

    fn pull_request() -> PullRequest {
        PullRequest {
            name: "cloud:web/api#1".parse().unwrap(),
            title: "Limit the rate".to_owned(),
            description: String::new(),
            author: person("grace"),
            state: State::Open,
            draft: false,
            source: "limit-rate".to_owned(),
            source_repo: None,
            target: "main".to_owned(),
            head: None,
            reviews: vec![Review { person: person("ada"), verdict: Verdict::Waiting, asked: true }],
            comments: None,
            open_tasks: None,
            url: "https://bitbucket.org/web/api/pull-requests/1".to_owned(),
            created_at: 0,
            updated_at: 0,
            version: None,
            closed_by: None,
        }
    }

    #[test]
    fn its_colour_and_words_follow_its_state() {
        let mut pr = pull_request();
        assert_eq!((standing(&pr).as_str(), card(&pr).tone), ("0 of 1 approved", Tone::Open));
        pr.reviews[0].verdict = Verdict::Approved;
        assert_eq!((standing(&pr).as_str(), card(&pr).tone), ("1 of 1 approved", Tone::Good));
        pr.reviews[0].asked = false;
        assert_eq!(standing(&pr), "1 approval");
        pr.state = State::Merged;
        pr.closed_by = Some(person("ada"));
        assert_eq!((standing(&pr).as_str(), card(&pr).tone), ("merged by ada", Tone::Done));
        assert!(card(&pr).buttons.is_empty());
    }
}
