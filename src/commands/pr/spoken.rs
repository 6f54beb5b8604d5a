//! What was typed in Slack as Bitbucket is to read it: Slack's own marks for people, channels and addresses
//! would mean nothing there.

use crate::bot::{Context, Failure};
use crate::words::names::{Instance, SlackUser};

/// A stretch of what was typed.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    /// As it is.
    Text(&'a str),
    /// Somebody in Slack.
    Person(&'a str),
}

/// The text without Slack's marks: people go by the name they have on that Bitbucket, else in Slack.
pub(super) async fn plain(cx: &Context<'_>, on: &Instance, text: &str) -> Result<String, Failure> {
    let mut plain = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => plain.push_str(text),
            Piece::Person(id) => {
                plain.push('@');
                plain.push_str(&name(cx, on, id).await?);
            }
        }
    }
    Ok(plain.trim().to_owned())
}

async fn name(cx: &Context<'_>, on: &Instance, id: &str) -> Result<String, Failure> {
    let user = SlackUser { team: cx.caller.user.team.clone(), id: id.to_owned() };
    if let Some(link) = cx.bot.store.link(&user, on).await? {
        return Ok(link.person.nickname.unwrap_or(link.person.name));
    }
    let info = cx.bot.slack(&user.team).await?.user_info(&user).await;
    Ok(info.map_or_else(|_| id.to_owned(), |info| info.name))
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        pieces.push(Piece::Text(before));
        let inner = from[1..].split_once('>');
        if let Some((piece, after)) = inner.and_then(|(inner, after)| Some((meant(inner)?, after))) {
            pieces.push(piece);
            rest = after;
        } else {
            pieces.push(Piece::Text("<"));
            rest = &from[1..];
        }
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

/// What a pair of angle brackets means to Slack; none where they are only brackets.
fn meant(inner: &str) -> Option<Piece<'_>> {
    let (what, label) = inner.split_once('|').map_or((inner, None), |(what, label)| (what, Some(label)));
    if what.starts_with("http://") || what.starts_with("https://") {
        return Some(Piece::Text(what));
    }
    if let Some(address) = what.strip_prefix("mailto:") {
        return Some(Piece::Text(address));
    }
    if let Some(id) = what.strip_prefix('@').filter(|id| id.starts_with(['U', 'W'])) {
        return Some(Piece::Person(id));
    }
    let named = what.starts_with("#C") || what.starts_with("!subteam^");
    label.filter(|label| named && !label.is_empty()).map(Piece::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slacks_marks_are_read_and_other_brackets_stay() {
        let read = pieces("ask <@U1|ada> in <#C1|web>: a < b, Vec<T>, <https://x.test/a?b|x> <");
        let text = Piece::Text;
        assert_eq!(
            read,
            [
                text("ask "),
                Piece::Person("U1"),
                text(" in "),
                text("web"),
                text(": a "),
                text("<"),
                text(" b, Vec"),
                text("<"),
                text("T>, "),
                text("https://x.test/a?b"),
                text(" "),
                text("<"),
            ]
        );
    }
}
