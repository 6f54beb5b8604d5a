//! The number of a comment or a task, as people write it: bare, or as the end of its address.

use std::fmt;
use std::str::FromStr;

use crate::words::{Advice, serde_as_text};

/// A comment's or a task's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number(pub(super) u64);

impl FromStr for Number {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let inner = text.trim().trim_start_matches('<').trim_end_matches('>');
        let inner = inner.split('|').next().unwrap_or(inner);
        let end = ["#comment-", "commentId=", "#"].iter().find_map(|mark| inner.rsplit_once(mark));
        let digits = end.map_or(inner, |(_, digits)| digits);
        digits.parse().map(Self).map_err(|_| {
            let shown: String = inner.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect();
            Advice(format!("`{shown}` is not a number; take it from the list, like `12`."))
        })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}
serde_as_text!(Number);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_bare_or_out_of_an_address() {
        for text in [
            "12",
            "#12",
            "<https://bitbucket.org/web/api/pull-requests/1/_/diff#comment-12>",
            "https://git.example.com/projects/WEB/repos/api/pull-requests/1/overview?commentId=12",
        ] {
            assert_eq!(text.parse(), Ok(Number(12)), "{text}");
        }
        assert!("twelve".parse::<Number>().is_err() && "".parse::<Number>().is_err());
    }
}
