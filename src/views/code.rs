//! Commits, branches, tags and files, as far as chat shows them.

use crate::views::short::{clipped, room};
use crate::words::code::FileText;
use crate::words::commit::Commit;
use crate::words::message::{Line, Message, Span};

/// How much of a commit's first line, or of a name, stands in a row.
const SUBJECT: usize = 72;
const NAME: usize = 40;
/// How much of a commit's message is shown.
const BODY: usize = 1_200;
/// How much room the lines of a file take at most, and how much of one line is shown.
const FILE: usize = 7_000;
const LINE: usize = 200;

/// One commit in a list.
pub fn commit(commit: &Commit) -> Line {
    Line::new()
        .link(commit.short_hash(), &commit.url)
        .text(format!(" {} · {} · ", clipped(commit.subject(), SUBJECT), clipped(&commit.author, NAME)))
        .moment(commit.at)
}

/// Commits, newest first.
pub fn commits(head: Line, commits: &[Commit]) -> Message {
    commits.iter().fold(Message::line(head), |message, one| message.and(commit(one)))
}

/// A commit with its whole message, as far as there is room.
pub fn whole_commit(commit: &Commit) -> Message {
    let head =
        Line::new().link(commit.short_hash(), &commit.url).text(" ").bold(clipped(commit.subject(), 200));
    let by = Line::new().text(format!("by {} · ", clipped(&commit.author, NAME))).moment(commit.at);
    let message = Message::line(head).and(by);
    let body = commit.message.split_once('\n').map_or("", |(_, body)| body.trim());
    if body.is_empty() {
        return message;
    }
    let shown = clipped(body, BODY);
    let line = Line::new().text(&shown);
    message.and(if shown == body { line } else { line.text(" ").link("read the rest", &commit.url) })
}

/// A branch or a tag in a list, and the commit it points to, where that is known.
pub fn pointer(name: &str, head: &str, at: Option<&Commit>) -> Line {
    let line = Line::new().code(clipped(name, 80)).text(" ");
    match at {
        Some(at) => Line(line.0.into_iter().chain(commit(at).0).collect()),
        None => line.text(head.chars().take(7).collect::<String>()),
    }
}

/// The lines of a file with their numbers, as many of them as there is room for, and how many those are.
pub fn file(head: Line, file: &FileText) -> (Message, usize) {
    let last = file.first + file.lines.len();
    let width = last.to_string().len();
    let numbered = file.lines.iter().enumerate().map(|(at, line)| {
        let line = clipped(line.trim_end_matches('\r'), LINE);
        format!("{:>width$}  {line}", file.first + at).trim_end().to_owned()
    });
    let mut left = FILE;
    let fits = |line: &String| {
        let cost = room(line) + 2;
        let fits = cost <= left;
        left = left.saturating_sub(cost);
        fits
    };
    let shown: Vec<String> = numbered.take_while(fits).collect();
    (Message::line(head).and(Line::new().span(Span::Block(shown.join("\n")))), shown.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(lines: Vec<String>) -> FileText {
        FileText { path: "a".to_owned(), lines, first: 9, more: false, url: String::new() }
    }

    #[test]
    fn lines_have_their_numbers() {
        let (message, shown) = file(Line::new(), &text(vec!["one".to_owned(), String::new()]));
        assert_eq!((message.lines[1].plain().as_str(), shown), (" 9  one\n10", 2));
    }

    #[test]
    fn no_more_lines_are_shown_than_there_is_room_for() {
        let (_, shown) = file(Line::new(), &text(vec!["&".repeat(5_000); 40]));
        assert_eq!(shown, 6);
    }
}
