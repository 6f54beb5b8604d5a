//! Texts made short enough for where they stand.

/// At most so many characters, ending in `…` where something is missing.
pub fn clipped(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// How much room a text takes of a message at most: Slack keeps some characters escaped.
pub fn room(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '&' => 5,
            '<' | '>' => 4,
            '"' | '\\' | '\n' | '\t' => 2,
            c => c.len_utf16(),
        })
        .sum()
}

/// `1 file`, `3 files`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_says_so() {
        assert_eq!(clipped("abc", 3), "abc");
        assert_eq!(clipped("ab cd", 4), "ab…");
        assert_eq!((room("a&<\n"), room("é")), (12, 1));
        assert_eq!(
            (counted(1, "file", "files"), counted(0, "file", "files")),
            ("1 file".into(), "0 files".into())
        );
    }
}
