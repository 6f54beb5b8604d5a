//! What is still true of what somebody is to be told in private: the rest is left out.

use crate::words::names::PersonId;
use crate::words::notice::{Notice, Whisper};
use crate::words::pull_request::{PullRequest, State, Verdict};

/// Whether it still holds of a pull request as it stands now, for that person.
pub fn holds(whisper: &Whisper, pr: &PullRequest, me: &PersonId) -> bool {
    let says = |verdict: Verdict| {
        let by = whisper.by.as_ref();
        pr.reviews.iter().any(|review| Some(&review.person.id) == by && review.verdict == verdict)
    };
    let same = |head: &Option<String>| match (head, &pr.head) {
        // Cloud cuts hashes short in places.
        (Some(then), Some(now)) => then.starts_with(now.as_str()) || now.starts_with(then.as_str()),
        _ => true,
    };
    match whisper.kind {
        Notice::ReviewAsked | Notice::ReviewAgain | Notice::ReviewerAdded | Notice::Nudged => {
            pr.is_open() && !pr.draft && pr.waits_for(me)
        }
        Notice::Approved => pr.is_open() && says(Verdict::Approved),
        Notice::ChangesRequested => pr.is_open() && says(Verdict::NeedsWork),
        Notice::Commented | Notice::Replied | Notice::Mentioned | Notice::Bots => pr.state != State::Deleted,
        Notice::BuildFailed | Notice::BuildFixed | Notice::Conflict => pr.is_open() && same(&whisper.head),
        Notice::ReadyToMerge => {
            let objected = pr.reviews.iter().any(|review| review.verdict == Verdict::NeedsWork);
            pr.is_open() && same(&whisper.head) && !objected && pr.approvals().next().is_some()
        }
        Notice::Merged => pr.state == State::Merged,
        Notice::Declined => pr.state == State::Declined,
    }
}

/// Which of these, in the order they came, are undone by later ones: a build that broke and works again, a
/// conflict of what was ready.
pub fn undone(all: &[&Whisper]) -> Vec<bool> {
    let mut undone = vec![false; all.len()];
    for (at, later) in all.iter().enumerate() {
        for (earlier, before) in all.iter().enumerate().take(at) {
            if before.about != later.about || undone[earlier] {
                continue;
            }
            match (before.kind, later.kind) {
                (Notice::BuildFailed, Notice::BuildFixed) if before.build == later.build => {
                    (undone[earlier], undone[at]) = (true, true);
                }
                (Notice::BuildFailed, Notice::BuildFailed) if before.build == later.build => {
                    undone[earlier] = true;
                }
                (Notice::ReadyToMerge, Notice::Conflict) => undone[earlier] = true,
                _ => {}
            }
        }
    }
    undone
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::message::Line;
    use crate::words::notice::About;

    fn whisper(kind: Notice, build: Option<&str>) -> Whisper {
        let about = About::PullRequest("cloud:web/api#1".parse().unwrap());
        let build = build.map(str::to_owned);
        Whisper { kind, about, line: Line::new(), by: None, head: None, comment: None, build }
    }

    #[test]
    fn what_broke_and_works_again_is_not_worth_a_word() {
        let all = [
            whisper(Notice::BuildFailed, Some("ci")),
            whisper(Notice::BuildFailed, Some("lint")),
            whisper(Notice::ReadyToMerge, None),
            whisper(Notice::BuildFixed, Some("ci")),
            whisper(Notice::Conflict, None),
        ];
        let all: Vec<&Whisper> = all.iter().collect();
        assert_eq!(undone(&all), [true, false, true, true, false]);
    }
}
