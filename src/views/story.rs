//! What happened to a pull request in a while, as one message in its thread.

use std::collections::BTreeMap;

use crate::words::message::{Line, Message};
use crate::words::story::Told;

/// So many lines are said in full; of what was before them, so many happened.
const IN_FULL: usize = 10;

/// Everything in order; what is the same again is said once, and of many things the last.
pub fn of(told: &[Told]) -> Message {
    let mut lines: Vec<(Line, usize)> = Vec::new();
    let earlier = told.len().saturating_sub(IN_FULL);
    for line in told[earlier..].iter().flat_map(|one| &one.message.lines) {
        match lines.last_mut() {
            Some((last, times)) if last == line => *times += 1,
            _ => lines.push((line.clone(), 1)),
        }
    }
    let lines = lines.into_iter().map(|(line, times)| match times {
        1 => line,
        2 => line.text(" (twice)"),
        many => line.text(format!(" ({many} times)")),
    });
    let all: Vec<Line> = before(&told[..earlier]).into_iter().chain(lines).collect();
    Message { lines: all, ..Message::default() }
}

/// `13 before these: 9 commented, 3 pushed, 1 approved.`
fn before(told: &[Told]) -> Option<Line> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for one in told {
        *counts.entry(one.topic.word()).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let counts: Vec<String> = counts.into_iter().map(|(word, count)| format!("{count} {word}")).collect();
    (!told.is_empty())
        .then(|| Line::new().text(format!("{} before these: {}.", told.len(), counts.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::names::Topic;

    fn told(at: i64, topic: Topic, text: &str) -> Told {
        let message = Message::line(Line::new().text(text));
        Told { identity: at.to_string(), topic, message, broadcast: false, at }
    }

    #[test]
    fn what_is_said_again_is_said_once() {
        let all = [
            told(1, Topic::Pushed, "grace pushed."),
            told(2, Topic::Pushed, "grace pushed."),
            told(3, Topic::Approved, "ada approved."),
        ];
        assert_eq!(of(&all).plain(), "grace pushed. (twice)\nada approved.");
    }

    #[test]
    fn of_many_things_the_last_are_said() {
        let mut all: Vec<Told> = (0..12).map(|at| told(at, Topic::Commented, &format!("{at}"))).collect();
        all.insert(0, told(-1, Topic::Pushed, "grace pushed."));
        let text = of(&all).plain();
        assert!(text.starts_with("3 before these: 2 commented, 1 pushed.\n2\n3\n"), "{text}");
        assert_eq!(text.lines().count(), 11);
    }
}
