//! Slack's mrkdwn as a person reads it: no stars, no brackets, no entities.

use serde_json::Value;

use super::Names;

/// A text object: mrkdwn is rendered, plain text only unescaped.
pub(super) fn text(object: &Value, names: &Names) -> String {
    let text = object["text"].as_str().unwrap_or_default();
    if object["type"] == "mrkdwn" { plain(text, names) } else { unescaped(text) }
}

/// Entities as the characters they stand for.
pub(super) fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// A piece of mrkdwn: words still marked up, or something already rendered.
enum Piece {
    Words(String),
    Done(String),
}

/// Mrkdwn as a person reads it. Code keeps its backticks and what is in it.
pub(super) fn plain(text: &str, names: &Names) -> String {
    let mut out = String::new();
    for (code, part) in by_code(text) {
        if code {
            for piece in by_brackets(part, names) {
                match piece {
                    Piece::Words(words) | Piece::Done(words) => out.push_str(&words),
                }
            }
        } else {
            out.push_str(&unmarked(&by_brackets(part, names)));
        }
    }
    unescaped(&out)
}

/// Rendered pieces are hidden behind characters of private use, so that their own stars and
/// underscores survive the removal of the marks around them.
fn unmarked(pieces: &[Piece]) -> String {
    let mut done = Vec::new();
    let mut words = String::new();
    for piece in pieces {
        match piece {
            Piece::Words(text) => words.push_str(text),
            Piece::Done(text) => {
                words.push(HIDDEN);
                done.push(text.as_str());
            }
        }
    }
    for mark in ['*', '_', '~'] {
        words = without(&words, mark);
    }
    let mut done = done.into_iter();
    let mut out = String::new();
    for letter in words.chars() {
        match letter {
            HIDDEN => out.push_str(done.next().unwrap_or_default()),
            other => out.push(other),
        }
    }
    out
}

const HIDDEN: char = '\u{E000}';

/// Splits into what is code (with its backticks) and what is not.
fn by_code(text: &str) -> Vec<(bool, &str)> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let fence = if rest[start..].starts_with("```") { "```" } else { "`" };
        let inside = start + fence.len();
        let end = rest[inside..].find(fence).filter(|it| *it > 0);
        let end = end.filter(|it| fence.len() == 3 || !rest[inside..inside + it].contains('\n'));
        let Some(end) = end.map(|it| inside + it + fence.len()) else {
            out.push((false, &rest[..inside]));
            rest = &rest[inside..];
            continue;
        };
        out.push((false, &rest[..start]));
        out.push((true, &rest[start..end]));
        rest = &rest[end..];
    }
    out.push((false, rest));
    out
}

/// Splits into words and what stands in `<…>`, rendered.
fn by_brackets(text: &str, names: &Names) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let Some(end) = rest[start..].find('>').map(|it| start + it) else {
            break;
        };
        out.push(Piece::Words(rest[..start].replace(HIDDEN, "")));
        out.push(Piece::Done(reference(&rest[start + 1..end], names)));
        rest = &rest[end + 1..];
    }
    out.push(Piece::Words(rest.replace(HIDDEN, "")));
    out
}

/// What `<@U1>`, `<#C1|web>`, `<!here>` or `<url|text>` reads as.
fn reference(inside: &str, names: &Names) -> String {
    let (target, label) = match inside.split_once('|') {
        Some((target, label)) => (target, Some(label)),
        None => (inside, None),
    };
    let name = |id: &str| names.get(id).map_or_else(|| label.unwrap_or(id).to_owned(), Clone::clone);
    if let Some(id) = target.strip_prefix('@') {
        format!("@{}", name(id))
    } else if let Some(id) = target.strip_prefix('#') {
        format!("#{}", name(id))
    } else if let Some(command) = target.strip_prefix('!') {
        let special = command.starts_with("date^") || command.starts_with("subteam^");
        match label {
            Some(label) if special => label.to_owned(),
            _ => format!("@{command}"),
        }
    } else {
        label.unwrap_or(target).to_owned()
    }
}

/// The text without pairs of this mark around words.
fn without(text: &str, mark: char) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut keep = vec![true; letters.len()];
    let mut at = 0;
    while at < letters.len() {
        if letters[at] == mark
            && opens(&letters, at)
            && let Some(end) = closing(&letters, at, mark)
        {
            keep[at] = false;
            keep[end] = false;
            at = end;
        }
        at += 1;
    }
    let kept = letters.iter().zip(keep).filter(|(_, keep)| *keep);
    kept.map(|(letter, _)| *letter).collect()
}

fn opens(letters: &[char], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|it| letters.get(it));
    let after = letters.get(at + 1);
    before.is_none_or(|it| !it.is_alphanumeric()) && after.is_some_and(|it| !it.is_whitespace())
}

fn closing(letters: &[char], open: usize, mark: char) -> Option<usize> {
    let line = letters.iter().enumerate().skip(open + 2);
    let line = line.take_while(|(_, it)| **it != '\n');
    let closes = |at: usize| {
        let after = letters.get(at + 1);
        !letters[at - 1].is_whitespace() && after.is_none_or(|it| !it.is_alphanumeric())
    };
    let mut line = line.filter(|(at, it)| **it == mark && closes(*at));
    line.next().map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::{Names, plain};

    #[test]
    fn mrkdwn_reads_plainly() {
        let names: Names = [("U1".to_owned(), "ada".to_owned())].into();
        for (marked, read) in [
            ("*bold* and _it_ and ~gone~", "bold and it and gone"),
            ("*_both_*", "both"),
            ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
            ("`a_b <https://x|y>` _c_", "`a_b y` c"),
            ("```\n*kept*\n```", "```\n*kept*\n```"),
            ("<https://x?a=1&amp;b=2>", "https://x?a=1&b=2"),
            ("<https://x|a _b_ c>", "a _b_ c"),
            ("*<https://x|title>*", "title"),
            ("<@U1> <@U2|grace> <#C9|web>", "@ada @grace #web"),
            ("<!here> <!date^1^{date}|today>", "@here today"),
            ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
            ("a < b and `", "a < b and `"),
            ("", ""),
        ] {
            assert_eq!(plain(marked, &names), read, "{marked}");
        }
    }
}
