//! What phones and Slack make of what people type: curly quotes, long dashes, hard spaces, links, escaped
//! signs. Read word by word; what stands in quotation marks stays as it was written.

/// The words of what was typed.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut reader = Reader { signs: unlinked(text).chars().collect(), at: 0 };
    let mut words: Vec<String> = Vec::new();
    while let Some(word) = reader.word() {
        // What begins like a flag but stands in quotation marks is what the flag before it is to hold.
        match words.last_mut().filter(|last| word.quoted && word.text.starts_with('-') && is_flag(last)) {
            Some(flag) => *flag = format!("{flag}={}", word.text),
            None if word.quoted || !word.text.is_empty() => words.push(word.text),
            None => {}
        }
    }
    words.into_iter().map(|word| unescaped(&word)).collect()
}

fn is_flag(word: &str) -> bool {
    word.starts_with("--") && word.len() > 2 && !word.contains('=')
}

/// Slack escapes three signs and nothing else.
fn unescaped(word: &str) -> String {
    word.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

struct Word {
    text: String,
    /// Whether it began with a quotation mark.
    quoted: bool,
}

struct Reader {
    signs: Vec<char>,
    at: usize,
}

impl Reader {
    fn word(&mut self) -> Option<Word> {
        while self.sign(self.at).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        self.sign(self.at)?;
        let mut text = String::new();
        let mut quoted = false;
        while let Some(sign) = self.sign(self.at).filter(|sign| !sign.is_whitespace()) {
            let begins = text.is_empty() || (text.starts_with("--") && text.ends_with('='));
            if let Some(end) = self.closing(self.at).filter(|_| begins) {
                let inside: String = self.signs[self.at + 1..end].iter().collect();
                quoted |= text.is_empty();
                text.push_str(&inside.replace("\\\"", "\"").replace("\\'", "'"));
                self.at = end + usize::from(self.sign(end).is_some_and(|sign| !sign.is_whitespace()));
            } else {
                self.at += 1;
                if !is_unseen(sign) {
                    text.push(sign);
                    text = as_flag(text);
                }
            }
        }
        Some(Word { text, quoted })
    }

    fn sign(&self, at: usize) -> Option<char> {
        self.signs.get(at).copied()
    }

    /// Where the quotation that begins there ends: at a mark of its family before a space. A double one that
    /// nobody closed ends at the next flag or with the text; a single one was an apostrophe.
    fn closing(&self, from: usize) -> Option<usize> {
        let family = family(self.sign(from)?)?;
        let ends = |at: &usize| {
            self.sign(*at).and_then(self::family) == Some(family)
                && self.sign(at - 1) != Some('\\')
                && self.sign(at + 1).is_none_or(char::is_whitespace)
        };
        let flag = |at: &usize| {
            let dash = |sign: Option<char>| sign.is_some_and(is_dash);
            self.sign(*at).is_some_and(char::is_whitespace)
                && dash(self.sign(at + 1))
                && (dash(self.sign(at + 2)) || self.sign(at + 1) != Some('-'))
                && (2..4).any(|on| self.sign(at + on).is_some_and(char::is_alphabetic))
        };
        let closed = (from + 1..self.signs.len()).find(ends);
        let open = || (from + 1..self.signs.len()).find(flag).unwrap_or(self.signs.len());
        closed.or_else(|| (family == Family::Double).then(open))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Double,
    Single,
}

fn family(sign: char) -> Option<Family> {
    match sign {
        '"' | '\u{201C}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}' => Some(Family::Double),
        '\'' | '\u{2018}'..='\u{201B}' => Some(Family::Single),
        _ => None,
    }
}

fn is_dash(sign: char) -> bool {
    matches!(sign, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Signs that take no room: they come along when something is pasted.
fn is_unseen(sign: char) -> bool {
    matches!(sign, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A word that begins with a long dash and a letter is a flag: phones turn two hyphens into one.
fn as_flag(word: String) -> String {
    if !word.starts_with(is_dash) {
        return word;
    }
    let name = word.trim_start_matches(is_dash);
    let dashes = &word[..word.len() - name.len()];
    if !name.starts_with(char::is_alphabetic) || dashes == "-" {
        return word;
    }
    match name.split_once('=') {
        Some((name, value)) => format!("--{}={value}", name.replace(is_dash, "-")),
        None => format!("--{}", name.replace(is_dash, "-")),
    }
}

/// Slack makes links of addresses, and of what only looks like one (`notes.md`): what was typed is meant
/// where Slack added no more than how to get there, else the address. Mentions stay, in one word each.
fn unlinked(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let Some((inside, beyond)) = after.split_once('>').filter(|(inside, _)| !inside.contains('<')) else {
            plain.push('<');
            rest = after;
            continue;
        };
        plain.push_str(&meant_by(inside));
        rest = beyond;
    }
    plain.push_str(rest);
    plain
}

fn meant_by(inside: &str) -> String {
    let (address, label) = inside.split_once('|').unwrap_or((inside, ""));
    if address.starts_with(['@', '#', '!']) {
        let name = if label.is_empty() || label.contains(char::is_whitespace) { address } else { inside };
        return format!("<{name}>");
    }
    let added = ["http://", "mailto:"].iter().find_map(|how| address.strip_prefix(how));
    if !label.is_empty() && added == Some(label) { label.to_owned() } else { address.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_dashes_of_phones_are_understood() {
        for (typed, read) in [
            ("a —cron “0 9 * * 1-5” –zone x", vec!["a", "--cron", "0 9 * * 1-5", "--zone", "x"]),
            ("pr\u{a0}show\u{202f}«a b»", vec!["pr", "show", "a b"]),
            ("--title=„Limit the rate“ x", vec!["--title=Limit the rate", "x"]),
            ("—close‑source", vec!["--close-source"]),
            ("--title “It’s – done”", vec!["--title", "It’s – done"]),
            ("--title 'a \"b\" c'", vec!["--title", "a \"b\" c"]),
            ("--message \"- one\" x", vec!["--message=- one", "x"]),
            ("--title \"\"", vec!["--title", ""]),
            ("-1 - -- a-b –", vec!["-1", "-", "--", "a-b", "–"]),
            ("\u{200e}pr\u{feff} show", vec!["pr", "show"]),
        ] {
            assert_eq!(words(typed), read, "{typed}");
        }
    }

    #[test]
    fn quotes_that_nobody_closed_are_understood() {
        for (typed, read) in [
            ("--title \"Limit the rate", vec!["--title", "Limit the rate"]),
            ("--title “Limit the rate --from x", vec!["--title", "Limit the rate", "--from", "x"]),
            ("--title don't do it", vec!["--title", "don't", "do", "it"]),
            ("'tis so", vec!["'tis", "so"]),
            ("\"a\\\"b c\" d", vec!["a\"b c", "d"]),
        ] {
            assert_eq!(words(typed), read, "{typed}");
        }
    }

    #[test]
    fn links_and_mentions_of_slack_are_one_word() {
        for (typed, read) in [
            (
                "pr show <https://bitbucket.org/web/api/pull-requests/1|the first one>",
                vec!["pr", "show", "https://bitbucket.org/web/api/pull-requests/1"],
            ),
            ("file <http://notes.md|notes.md> x", vec!["file", "notes.md", "x"]),
            ("<mailto:a@b.test|a@b.test>", vec!["a@b.test"]),
            (
                "access <@U1|ada> <#C1|web> <!subteam^S1|@the web team>",
                vec!["access", "<@U1|ada>", "<#C1|web>", "<!subteam^S1>"],
            ),
            ("a &lt;b&gt; &amp;amp; c", vec!["a", "<b>", "&amp;", "c"]),
            ("a < b", vec!["a", "<", "b"]),
            ("--title \"See <https://x.test/y>\"", vec!["--title", "See https://x.test/y"]),
        ] {
            assert_eq!(words(typed), read, "{typed}");
        }
    }
}
