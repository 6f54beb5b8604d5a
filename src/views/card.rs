//! The pull request's card: one message per pull request and channel, kept true.

use std::collections::BTreeMap;

use crate::words::message::{Action, Button, Line, Message, Tone};
use crate::words::names::{PersonId, PrName, SlackUser};
use crate::words::pull_request::{Person, PullRequest, State, Verdict};

/// Who may be mentioned where the card is shown.
pub type Mentionable = BTreeMap<PersonId, SlackUser>;

/// The people who have yet to act on it. Its author is not among them: nobody is called to their own work.
pub fn awaited(pr: &PullRequest) -> impl Iterator<Item = &Person> {
    let waiting = pr.reviews.iter().filter(|review| review.verdict == Verdict::Waiting);
    waiting.map(|review| &review.person).filter(|person| person.id != pr.author.id)
}

/// The card as it should look now, to one person.
pub fn card(pr: &PullRequest) -> Message {
    mentioning(pr, &Mentionable::new())
}

/// The card as it should look now: it mentions those it waits for, and names everybody else.
pub fn mentioning(pr: &PullRequest, known: &Mentionable) -> Message {
    let title = format!("{} {}", pr.name.short(), pr.title);
    let mut message = Message::line(Line::new().bold(&pr.author.name).text(" opened ").link(title, &pr.url))
        .and(branches(pr).text(" · ").text(standing(pr)))
        .tone(tone(pr));
    for fact in reviewers(pr, known) {
        message = message.fact(fact);
    }
    if pr.is_open() {
        let approve = in_place(approve(&pr.name));
        message = message.button(approve).button(needs_work(&pr.name));
        message = message.button(comment(&pr.name)).button(merge(&pr.name));
        message = more(pr).into_iter().fold(message, Message::more);
    }
    message
}

/// What else can be done about it, as it stands.
fn more(pr: &PullRequest) -> Vec<Button> {
    let choice = |label, command| Button::new(label, on(command, &pr.name));
    let waits = awaited(pr).next().is_some();
    let nudge = waits.then(|| choice("Nudge reviewers", "pr.nudge"));
    let always = [
        choice("Reviewers", "pr.reviewers"),
        choice("Tasks", "pr.tasks"),
        choice("Diff", "pr.diff"),
        choice("Checks", "pr.checks"),
        choice("Change", "pr.update"),
        choice("Decline", "pr.decline"),
        choice("Snooze", "snooze"),
        Button::new("Why?", Action::named("why").with("what", pr.name.to_string())),
    ];
    nudge.into_iter().chain(always).collect()
}

/// `limit-rate → main`; from a fork, which.
pub fn branches(pr: &PullRequest) -> Line {
    let source = match &pr.source_repo {
        Some(fork) => Line::new().code(format!("{}:{}", fork.short(), pr.source)),
        None => Line::new().code(&pr.source),
    };
    let source = if pr.fork_gone { source.text(" of a fork that is gone") } else { source };
    source.text(" → ").code(&pr.target)
}

/// How it stands, in a few words.
pub fn standing(pr: &PullRequest) -> String {
    let by = pr.closed_by.as_ref().map(|person| format!(" by {}", person.name)).unwrap_or_default();
    match pr.state {
        State::Merged => format!("merged{by}"),
        State::Declined => format!("declined{by}"),
        State::Superseded => "superseded".to_owned(),
        State::Deleted => format!("deleted{by}"),
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
        State::Declined | State::Superseded | State::Deleted => Tone::Bad,
        State::Open if wants_work => Tone::Warning,
        State::Open if pr.approvals().next().is_some() => Tone::Good,
        State::Open => Tone::Open,
    }
}

/// Who has said what, and who has yet to.
fn reviewers(pr: &PullRequest, known: &Mentionable) -> Vec<Line> {
    [(Verdict::Approved, "approved"), (Verdict::NeedsWork, "needs work"), (Verdict::Waiting, "to review")]
        .into_iter()
        .filter_map(|(verdict, word)| {
            let said = pr.reviews.iter().filter(|review| review.verdict == verdict);
            let people: Vec<&Person> = said.map(|review| &review.person).collect();
            let called = |line: Line, (at, person): (usize, &&Person)| {
                let line = if at == 0 { line } else { line.text(", ") };
                let awaited = verdict == Verdict::Waiting && person.id != pr.author.id;
                match known.get(&person.id).filter(|_| awaited) {
                    Some(user) => line.person(user.clone()),
                    None => line.text(&person.name),
                }
            };
            let line = Line::new().text(format!("{word}: "));
            (!people.is_empty()).then(|| people.iter().enumerate().fold(line, called))
        })
        .collect()
}

/// The button that approves as whoever presses it.
pub fn approve(pr: &PrName) -> Button {
    Button::new("Approve", on("pr.approve", pr)).main()
}

/// The button that asks whoever presses it what should change.
pub fn needs_work(pr: &PrName) -> Button {
    Button::new("Needs work", on("pr.needs-work", pr))
}

/// The button that asks whoever presses it how to merge.
pub fn merge(pr: &PrName) -> Button {
    Button::new("Merge", on("pr.merge", pr).with("ask", true))
}

/// The button that asks whoever presses it what to say.
pub fn comment(pr: &PrName) -> Button {
    Button::new("Comment", on("pr.comment", pr))
}

/// The button that shows it to whoever presses it.
pub fn show(pr: &PrName) -> Button {
    Button::new("Show", on("pr.show", pr))
}

fn on(command: &str, pr: &PrName) -> Action {
    Action::named(command).with("pr", pr.to_string())
}

/// What a reviewer reads when somebody asks them to act.
pub fn nudge(by: &SlackUser, pr: &PullRequest) -> Message {
    let title = format!("{} {}", pr.name.short(), pr.title);
    let line = Line::new().person(by.clone()).text(" asks you to look at ").link(title, &pr.url);
    Message::line(line.text(format!(" by {}.", pr.author.name)))
        .and(branches(pr).text(" · ").text(standing(pr)))
        .button(in_place(approve(&pr.name)))
        .button(needs_work(&pr.name))
        .button(show(&pr.name))
}

/// The button on a message that is about nothing else: where nobody else sees that, the answer replaces it.
pub fn in_place(button: Button) -> Button {
    Button { does: button.does.clone().with("here", true), ..button }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::names::Team;
    use crate::words::pull_request::Review;

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
            fork_gone: false,
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
            merge_commit: None,
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
    #[test]
    fn it_mentions_only_whom_it_waits_for() {
        let mut pr = pull_request();
        let user = |id: &str| SlackUser { team: Team::new("T1"), id: id.to_owned() };
        let known =
            Mentionable::from([(PersonId::new("ada"), user("U1")), (PersonId::new("grace"), user("U2"))]);
        pr.reviews.push(Review { person: person("grace"), verdict: Verdict::Waiting, asked: true });
        let line = |pr: &PullRequest| mentioning(pr, &known).facts[0].clone();
        assert_eq!(line(&pr), Line::new().text("to review: ").person(user("U1")).text(", ").text("grace"));
        assert_eq!(awaited(&pr).map(|person| person.name.as_str()).collect::<Vec<_>>(), ["ada"]);
        pr.reviews[0].verdict = Verdict::Approved;
        assert_eq!(line(&pr), Line::new().text("approved: ").text("ada"));
    }
}
