//! People's text made harmless and short enough: nothing invisible, nothing that turns around, nothing
//! that formats.

use serde_json::{Value, json};

/// Stands where something invisible stood, so that two names that differ also look different.
const HIDDEN: char = '\u{FFFD}';

/// Shows what cannot be seen (zero-width marks, changes of direction, controls) as one visible mark.
/// Joiners stay between letters and pictures that need them.
pub(in crate::slack) fn tidy(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut tidied = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let shown = match c {
            '\r' if chars.get(at + 1) == Some(&'\n') => continue,
            '\r' | '\u{2028}' | '\u{2029}' => '\n',
            '\n' | '\t' => *c,
            c if is_hidden(*c) && !is_needed(*c, before, chars.get(at + 1)) => HIDDEN,
            c => *c,
        };
        if shown != HIDDEN || !tidied.ends_with(HIDDEN) {
            tidied.push(shown);
        }
    }
    tidied
}

/// The same in one line.
pub(in crate::slack) fn one_line(text: &str) -> String {
    tidy(text).replace(['\n', '\t'], " ")
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Joiners and variation marks belong to scripts and pictures beyond ASCII, and only between them.
fn is_needed(c: char, before: Option<&char>, after: Option<&char>) -> bool {
    let wide = |c: Option<&char>| c.is_some_and(|c| !c.is_ascii());
    match c {
        '\u{200C}' | '\u{200D}' => {
            let carries = |c: Option<&char>| wide(c) && c.is_some_and(|c| !is_hidden(*c));
            (carries(before) || before == Some(&'\u{FE0F}')) && carries(after)
        }
        '\u{FE0E}' | '\u{FE0F}' => {
            after == Some(&'\u{20E3}') || (wide(before) && before.is_some_and(|c| !is_hidden(*c)))
        }
        _ => false,
    }
}

/// How much of a limit a character takes: Slack keeps `&`, `<` and `>` escaped.
fn weight(c: char) -> usize {
    match c {
        '&' => 5,
        '<' | '>' => 4,
        c => c.len_utf16(),
    }
}

/// At most so many characters, ending in `…` where something is missing.
pub(in crate::slack) fn clip(text: &str, most: usize) -> String {
    clip_by(text, most, weight)
}

/// How much room a character takes within JSON.
fn json_weight(c: char) -> usize {
    match c {
        '"' | '\\' | '\n' | '\t' => 2,
        c => weight(c),
    }
}

/// At most so much room within JSON, ending in `…` where something is missing.
pub(super) fn clip_in_json(text: &str, most: usize) -> String {
    clip_by(text, most, json_weight)
}

/// How much room a text takes within JSON.
pub(super) fn length_in_json(text: &str) -> usize {
    text.chars().map(json_weight).sum()
}

fn clip_by(text: &str, most: usize, weight: impl Fn(char) -> usize) -> String {
    if text.chars().map(&weight).sum::<usize>() <= most {
        return text.to_owned();
    }
    let mut room = most.saturating_sub(1);
    let fits = |c: &char| {
        let fits = weight(*c) <= room;
        room = room.saturating_sub(weight(*c));
        fits
    };
    let mut clipped: String = text.chars().take_while(fits).collect();
    clipped.push('…');
    clipped
}

/// A `plain_text` object, which Slack does not parse; never empty, since Slack refuses that.
pub(in crate::slack) fn plain(text: &str, most: usize) -> Value {
    let text = clip(&one_line(text), most);
    let text = if text.trim().is_empty() { "…" } else { &text };
    json!({"type": "plain_text", "text": text, "emoji": false})
}

/// Escapes the three characters that Slack's markup is made of.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Puts look-alikes where a character could format or become a picture, for the places where Slack
/// parses markup and offers no other way.
pub(super) fn disarm(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for at in 0..chars.len() {
        let word =
            |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_alphanumeric);
        chars[at] = match chars[at] {
            '*' => '∗',
            '~' => '∼',
            '`' => 'ˋ',
            '_' if !(word(at.checked_sub(1)) && word(Some(at + 1))) => 'ˍ',
            '>' if at == 0 || chars[at - 1] == '\n' => '›',
            c => c,
        };
    }
    // Last, since the look-alikes count as letters in the name of an emoji.
    for at in 0..chars.len() {
        if chars[at] == ':' && names_emoji(&chars[at + 1..]) {
            chars[at] = '∶';
        }
    }
    chars.into_iter().collect()
}

/// Whether a colon that these characters follow could begin or end the name of an emoji.
fn names_emoji(rest: &[char]) -> bool {
    let name = |c: &char| c.is_alphanumeric() || matches!(c, '_' | '+' | '-' | '\'');
    rest.iter().position(|c| !name(c)).is_some_and(|end| end > 0 && rest[end] == ':')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_hides_is_shown_and_what_is_needed_stays() {
        assert_eq!(tidy("ma\u{200b}in \u{202e}cod"), "ma\u{fffd}in \u{fffd}cod");
        assert_eq!(tidy("a\u{200d}\u{200d}b\0"), "a\u{fffd}b\u{fffd}");
        assert_eq!(tidy("a\r\nb\rc\u{2028}d"), "a\nb\nc\nd");
        for whole in ["👩‍💻", "❤️", "1️⃣", "می‌خواهم", "naïve café", "日本語"] {
            assert_eq!(tidy(whole), whole);
        }
    }

    #[test]
    fn a_text_is_cut_at_a_character() {
        assert_eq!(clip("abc", 3), "abc");
        assert_eq!(clip("abcd", 3), "ab…");
        assert_eq!(clip("ä€𝄞x", 3), "ä€…");
        assert_eq!(clip("<<<", 5), "<…");
    }

    #[test]
    fn marks_lose_their_power_and_words_keep_their_shape() {
        assert_eq!(disarm("*a* _b_ ~c~ `d` :x: > e"), "∗a∗ ˍbˍ ∼c∼ ˋdˋ ∶x: > e");
        assert_eq!(disarm("> said"), "› said");
        assert_eq!(disarm("feature_x at 10:30"), "feature_x at 10:30");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn nothing_disarmed_can_act(text in "[a-z0-9*_~`:> \n+-]{0,40}|\\PC{0,40}") {
            let safe = disarm(&text);
            prop_assert!(!safe.contains(['*', '~', '`']));
            let chars: Vec<char> = safe.chars().collect();
            for (at, c) in chars.iter().enumerate() {
                match c {
                    '_' => prop_assert!(chars[at - 1].is_ascii_alphanumeric() && chars[at + 1].is_ascii_alphanumeric()),
                    ':' => prop_assert!(!names_emoji(&chars[at + 1..])),
                    _ => {}
                }
            }
            prop_assert_eq!(safe.chars().count(), text.chars().count());
        }

        #[test]
        fn cutting_keeps_the_limit(text in any::<String>(), most in 1_usize..60) {
            prop_assert!(clip(&text, most).chars().map(weight).sum::<usize>() <= most);
            prop_assert!(clip_in_json(&text, most).chars().map(json_weight).sum::<usize>() <= most);
        }
    }
}
