//! Choices ↔ options. An option carries 75 characters; a longer value travels as its beginning and a
//! digest, and is told apart again either by the view itself, which keeps what its own options mean,
//! or by looking the beginning up once more and asking which hit was [`meant`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::blocks::text::{clip, plain};
use super::super::loose;
use crate::words::message::Choice;

/// How long an option's text and value are at most.
const OPTION: usize = 75;
/// How many options stand together.
const TOGETHER: usize = 100;
/// How much of a long value stays readable.
const BEGINNING: usize = 48;
/// How many characters of a digest make a mistake impossible in practice.
const DIGEST: usize = 24;

/// A value as an option carries it: as it is where it fits, else its beginning, `…` and a digest.
pub fn carried(value: &str) -> String {
    let fits = !value.is_empty() && clip(value, OPTION) == value;
    if fits && shortened(value).is_none() {
        return value.to_owned();
    }
    let digest = hex::encode(Sha256::digest(value.as_bytes()));
    let mut beginning = clip(value, BEGINNING);
    if !beginning.ends_with('…') || beginning == value {
        beginning.push('…');
    }
    format!("{beginning}{}", &digest[..DIGEST])
}

/// A few characters that change when the text does.
pub(super) fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..4])
}

/// The beginning of a value that was too long to be carried whole; none for one that is whole.
pub fn shortened(carried: &str) -> Option<&str> {
    let at = carried.rfind('…')?;
    let digest = &carried[at + '…'.len_utf8()..];
    let plain = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (digest.len() == DIGEST && digest.bytes().all(plain)).then(|| &carried[..at])
}

/// Which of these was meant by a value that came back.
pub fn meant<'a>(came: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates.into_iter().find(|candidate| carried(candidate) == came)
}

/// The answer to a lookup: the first hundred of these.
pub fn suggestions(choices: &[Choice]) -> Value {
    let mut options = distinct(choices, &mut BTreeMap::new());
    options.truncate(TOGETHER);
    json!({"options": options})
}

/// One option. What it cannot carry is kept aside.
pub(super) fn option(choice: &Choice, kept: &mut BTreeMap<String, String>) -> Value {
    let value = carried(&choice.value);
    if value != choice.value {
        kept.insert(value.clone(), choice.value.clone());
    }
    json!({"text": plain(&choice.text, OPTION), "value": value})
}

/// The options of a select, in groups where there are too many for one; with the word they go by.
pub(super) fn offered(choices: &[Choice], kept: &mut BTreeMap<String, String>) -> (&'static str, Value) {
    let options = distinct(choices, kept);
    if options.len() <= TOGETHER {
        return ("options", json!(options));
    }
    let groups: Vec<Value> = options
        .chunks(TOGETHER)
        .take(TOGETHER)
        .enumerate()
        .map(|(at, group)| {
            let from = at * TOGETHER + 1;
            let label = format!("{from}–{}", from + group.len() - 1);
            json!({"label": plain(&label, OPTION), "options": group})
        })
        .collect();
    ("option_groups", json!(groups))
}

fn distinct(choices: &[Choice], kept: &mut BTreeMap<String, String>) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    choices
        .iter()
        .filter(|choice| seen.insert(choice.value.as_str()))
        .map(|choice| option(choice, kept))
        .collect()
}

/// The choices that a select's block offers.
pub(super) fn choices_of(block: &Value, kept: &BTreeMap<String, String>) -> Vec<Choice> {
    let groups = loose::items(block, "/element/option_groups").iter();
    let grouped = groups.flat_map(|group| loose::items(group, "/options"));
    loose::items(block, "/element/options")
        .iter()
        .chain(grouped)
        .filter_map(|option| {
            let value = loose::text(option, "/value")?;
            Some(Choice {
                text: loose::text(option, "/text/text").unwrap_or(value).to_owned(),
                value: whole(value, kept),
            })
        })
        .collect()
}

/// What an option's value means, as far as the view knows.
pub(super) fn whole(value: &str, kept: &BTreeMap<String, String>) -> String {
    kept.get(value).cloned().unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_short_value_is_carried_as_it_is() {
        assert_eq!(carried("main"), "main");
        assert_eq!(shortened("main"), None);
    }

    #[test]
    fn a_long_value_is_known_again_among_the_hits_of_its_beginning() {
        let branch = |end: &str| format!("feature/{}-{end}", "long".repeat(30));
        let (one, two) = (branch("one"), branch("two"));
        let came = carried(&two);
        assert!(two.starts_with(shortened(&came).unwrap()));
        assert_eq!(meant(&came, [one.as_str(), two.as_str()]), Some(two.as_str()));
        assert_eq!(meant(&came, ["main"]), None);
    }

    #[test]
    fn a_lookup_answers_with_a_hundred_at_most_and_none_twice() {
        let choices: Vec<Choice> = (0..300).map(|at| Choice::plain(format!("b{}", at / 2))).collect();
        assert_eq!(suggestions(&choices)["options"].as_array().unwrap().len(), 100);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn what_is_carried_fits_and_means_one_value(value in ".{0,120}", other in ".{0,120}") {
            let came = carried(&value);
            prop_assert!(!came.is_empty());
            prop_assert_eq!(clip(&came, OPTION), came.clone());
            prop_assert_eq!(meant(&came, [value.as_str()]), Some(value.as_str()));
            prop_assert!(value == other || carried(&other) != came);
        }
    }
}
