//! What somebody may wonder about: a message by its link, a pull request, a delivery.

use std::fmt;
use std::str::FromStr;

use crate::words::names::PrRef;
use crate::words::{Advice, serde_as_text};

/// An id of ours has so many digits at least: nobody writes a pull request's number so.
const LONG: usize = 12;
/// No name of a delivery is longer.
const LONGEST: usize = 200;

/// What is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A message in Slack.
    Message {
        /// The channel it stands in.
        channel: String,
        /// Its timestamp.
        ts: String,
    },
    /// A pull request.
    PullRequest(PrRef),
    /// A delivery, by our id or its sender's.
    Delivery(String),
}

impl FromStr for Asked {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let text = text.trim();
        let bare = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        let bare = bare.map_or(text, |link| link.split('|').next().unwrap_or(link));
        if let Some((_, rest)) = bare.split_once("/archives/") {
            return message(rest).ok_or_else(|| {
                Advice::new("That is no link to a message; take “Copy link” from the message's own menu.")
            });
        }
        let id = bare.trim_matches('`');
        let is_id = |c: char| c.is_ascii_hexdigit() || c == '-';
        if (LONG..=LONGEST).contains(&id.len()) && id.chars().all(is_id) {
            return Ok(Self::Delivery(id.to_ascii_lowercase()));
        }
        bare.parse().map(Self::PullRequest).map_err(|_| {
            let shown: String = bare.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect();
            Advice(format!(
                "I don't know what `{shown}` is; give me a link to one of my messages, a pull request like \
                 `web/api#42`, or a delivery's id."
            ))
        })
    }
}

/// `C0123/p1795248000000100?thread_ts=…`
fn message(rest: &str) -> Option<Asked> {
    let (channel, rest) = rest.split_once("/p")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let (seconds, micros) = digits.split_at_checked(digits.len().checked_sub(6)?)?;
    let named = !channel.is_empty() && channel.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (named && !seconds.is_empty())
        .then(|| Asked::Message { channel: channel.to_owned(), ts: format!("{seconds}.{micros}") })
}

impl fmt::Display for Asked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message { channel, ts } => {
                write!(out, "https://slack.com/archives/{channel}/p{}", ts.replace('.', ""))
            }
            Self::PullRequest(pr) => pr.fmt(out),
            Self::Delivery(id) => out.write_str(id),
        }
    }
}
serde_as_text!(Asked);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_pull_requests_and_deliveries_are_told_apart() {
        let said = Asked::Message { channel: "C01AB".to_owned(), ts: "1795248000.000100".to_owned() };
        for link in [
            "https://dipper.slack.com/archives/C01AB/p1795248000000100",
            "<https://dipper.slack.com/archives/C01AB/p1795248000000100?thread_ts=1795248000.000001&cid=C01AB>",
        ] {
            assert_eq!(link.parse(), Ok(said.clone()), "{link}");
        }
        assert_eq!(said.to_string().parse(), Ok(said));
        let delivery = "1a2b3c4d5e6f7";
        assert_eq!(delivery.parse(), Ok(Asked::Delivery(delivery.to_owned())));
        for pr in ["web/api#42", "12", "https://bitbucket.org/web/api/pull-requests/42"] {
            assert_eq!(pr.parse(), Ok(Asked::PullRequest(pr.parse().unwrap())), "{pr}");
        }
        for nothing in ["https://dipper.slack.com/archives/C01AB", "why not", ""] {
            assert!(nothing.parse::<Asked>().is_err(), "{nothing}");
        }
    }
}
