//! Which command was meant by one that is none: the nearest, with everything else that was typed.

use super::{Entry, list};
use crate::words::near::{distance, is_near};

/// How many are offered.
const OFFERED: usize = 3;

/// A command that may have been meant.
pub(super) struct Meant {
    /// Which.
    pub(super) entry: &'static Entry,
    /// What was typed, with its words in the place of those that were meant.
    pub(super) words: Vec<String>,
}

impl Meant {
    /// The whole line, as one would type it.
    pub(super) fn line(&self) -> String {
        let quoted = |word: &String| {
            let spaced = word.is_empty() || word.contains(char::is_whitespace);
            if spaced { format!("\"{}\"", word.replace('"', "\\\"")) } else { word.clone() }
        };
        self.words.iter().map(quoted).collect::<Vec<_>>().join(" ")
    }
}

/// The nearest commands, in the order of the list.
pub(super) fn nearest(typed: &[String]) -> Vec<Meant> {
    let found: Vec<(usize, usize, &Entry)> = list()
        .iter()
        .filter_map(|entry| how_near(entry, typed).map(|(far, words)| (far, words, entry)))
        .collect();
    let least = found.iter().map(|(far, ..)| *far).min().unwrap_or_default();
    let nearest = found.into_iter().filter(|(far, ..)| *far == least).take(OFFERED);
    nearest
        .map(|(_, replaced, entry)| {
            let own = entry.name.split('.').map(str::to_owned);
            Meant { entry, words: own.chain(typed.iter().skip(replaced).cloned()).collect() }
        })
        .collect()
}

/// How far a command is from what was typed, and how many of the words are its own; none when too far.
fn how_near(entry: &Entry, typed: &[String]) -> Option<(usize, usize)> {
    let own: Vec<&str> = entry.name.split('.').collect();
    let typed: Vec<&str> = typed.iter().take(own.len()).map(String::as_str).collect();
    let first = *typed.first()?;
    let leaf = *own.last()?;
    let whole = || (typed.len() == own.len()).then(|| far_by_word(&own, &typed)).flatten();
    let turned = || {
        let turned: Vec<&str> = typed.iter().rev().copied().collect();
        (own.len() == 2 && turned.len() == 2).then(|| far_by_word(&own, &turned)).flatten()
    };
    let alone = || is_near(first, leaf).then(|| distance(first, leaf));
    let begun = || (first.len() >= 3 && leaf.starts_with(&first.to_lowercase())).then_some(1);
    let many = own.len();
    [whole().map(|far| (far, many)), turned().map(|far| (far, many))]
        .into_iter()
        .chain([alone().map(|far| (far + 1, 1)), begun().map(|far| (far + 1, 1))])
        .flatten()
        .min()
}

fn far_by_word(own: &[&str], typed: &[&str]) -> Option<usize> {
    own.iter().zip(typed).try_fold(0, |far, (own, typed)| {
        let begun = typed.len() >= 2 && own.starts_with(&typed.to_lowercase());
        if is_near(typed, own) { Some(far + distance(typed, own)) } else { begun.then_some(far + 2) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant_by(typed: &str) -> Vec<String> {
        let words: Vec<String> = typed.split(' ').map(str::to_owned).collect();
        nearest(&words).iter().map(Meant::line).collect()
    }

    #[test]
    fn a_slip_a_missing_group_and_turned_words_are_seen_through() {
        for (typed, meant) in [
            ("pr aprove web/api#1", "pr approve web/api#1"),
            ("approve web/api#1", "pr approve web/api#1"),
            ("merg web/api#1", "pr merge web/api#1"),
            ("approve pr web/api#1", "pr approve web/api#1"),
            ("pr appr web/api#1", "pr approve web/api#1"),
            ("subscirbe web/api", "subscribe web/api"),
            ("rp show 1", "pr show 1"),
        ] {
            assert!(meant_by(typed).contains(&meant.to_owned()), "{typed}: {:?}", meant_by(typed));
        }
        assert!(meant_by("xyzzy").is_empty());
        assert!(meant_by("pr xyzzy").is_empty());
    }
}
