//! What Slack makes of a slash command's words when it escapes channels, users and links.

use super::world::World;

/// `@ada` becomes `<@U…|ada>`, `#web` becomes `<#C…|web>`, a link `<https://…>`; `&`, `<` and `>`
/// become entities.
pub(super) fn escaped(world: &World, text: &str) -> String {
    marked_up(world, text, true)
}

/// The same for a message, where people are named by their id alone.
pub(super) fn said(world: &World, text: &str) -> String {
    marked_up(world, text, false)
}

fn marked_up(world: &World, text: &str, named: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut fresh = true;
    while let Some(next) = rest.chars().next() {
        if fresh && let Some((made, eaten)) = special(world, rest, named) {
            out.push_str(&made);
            rest = &rest[eaten..];
            fresh = false;
            continue;
        }
        push(&mut out, next);
        fresh = next.is_whitespace() || "([{,;\"'".contains(next);
        rest = &rest[next.len_utf8()..];
    }
    out
}

/// A mention or a link at the start of `rest`, and how many bytes it takes.
fn special(world: &World, rest: &str, named: bool) -> Option<(String, usize)> {
    if rest.starts_with("https://") || rest.starts_with("http://") {
        let end = rest.find(|it: char| it.is_whitespace() || "<>\"'".contains(it));
        let link = &rest[..end.unwrap_or(rest.len())];
        let mut out = String::new();
        link.chars().for_each(|it| push(&mut out, it));
        return Some((format!("<{out}>"), link.len()));
    }
    let sigil = rest.chars().next().filter(|it| "@#".contains(*it))?;
    let end = rest[1..].find(|it: char| !it.is_alphanumeric() && !"-_.".contains(it));
    let name = rest[1..end.map_or(rest.len(), |it| it + 1)].trim_end_matches('.');
    let id = if sigil == '@' {
        world.account_named(name)?.id.as_str()
    } else {
        world.channel_named(name)?.id.as_str()
    };
    let label = if named || sigil == '#' { format!("|{name}") } else { String::new() };
    Some((format!("<{sigil}{id}{label}>"), 1 + name.len()))
}

fn push(out: &mut String, next: char) {
    match next {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        other => out.push(other),
    }
}
