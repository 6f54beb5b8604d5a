//! What changed, file by file: the small differences as they are, the large ones as far as there is room.

use crate::views::short::{clipped, counted, room};
use crate::words::code::{Change, FileChange};
use crate::words::message::{Line, Message, Span};
use crate::words::patch::FilePatch;

/// How many files stand on a page at most.
pub const FILES: usize = 10;
/// How much room the files of a page take at most.
const PAGE: usize = 6_500;
/// How many lines of one file are shown.
const LINES: usize = 40;
/// How much of them.
const PATCH: usize = 2_000;
/// How much of one line.
const LINE: usize = 200;
/// What a file costs besides its lines.
const FRAME: usize = 400;

/// `3 files, +10 −2`.
pub fn size(files: &[FileChange], more: bool) -> String {
    let count = counted(files.len(), "file", "files");
    let count = if more { format!("more than {count}") } else { count };
    let all = |lines: fn(&FileChange) -> Option<u64>| files.iter().map(lines).sum::<Option<u64>>();
    match (all(|file| file.added), all(|file| file.removed)) {
        (Some(added), Some(removed)) if !more && added + removed > 0 => {
            format!("{count}, +{added} −{removed}")
        }
        _ => count,
    }
}

/// The size of what these make.
pub fn size_of(files: &[FilePatch]) -> String {
    size(&files.iter().map(|file| file.change.clone()).collect::<Vec<_>>(), false)
}

/// One file: where it is, what happened to it, and how many lines that took.
pub fn file(patch: &FilePatch) -> Line {
    let change = &patch.change;
    let line = Line::new().code(clipped(&change.path, 120));
    let line = match (change.change, &change.from) {
        (Change::Added, _) => line.text(" new"),
        (Change::Removed, _) => line.text(" deleted"),
        (Change::Renamed, Some(from)) => line.text(" renamed from ").code(clipped(from, 120)),
        (Change::Renamed, None) => line.text(" renamed"),
        (Change::Modified, _) => line,
    };
    match (patch.binary, change.added, change.removed) {
        (true, ..) => line.text(" binary"),
        (false, Some(0), Some(0)) | (false, None, _) | (false, _, None) => line,
        (false, Some(added), Some(removed)) => line.text(format!(" +{added} −{removed}")),
    }
}

/// The files of a page, the first being 0, and whether there are others after it.
pub fn page(files: &[FilePatch], page: usize) -> (&[FilePatch], bool) {
    let mut rest = files;
    for _ in 0..page {
        rest = &rest[fitting(rest)..];
    }
    let fits = fitting(rest);
    (&rest[..fits], fits < rest.len())
}

/// How many of the first files fit on a page; at least one, where there is any.
fn fitting(files: &[FilePatch]) -> usize {
    let mut taken = 0;
    let fits = files.iter().take(FILES).take_while(|file| {
        taken += FRAME + room(&shown(file).0);
        taken <= PAGE
    });
    fits.count().max(1).min(files.len())
}

/// As much of a file's difference as is shown, and how many lines are left out.
fn shown(file: &FilePatch) -> (String, usize) {
    let mut left = PATCH;
    let fits = |line: &String| {
        let cost = room(line) + 2;
        let fits = cost <= left;
        left = left.saturating_sub(cost);
        fits
    };
    let all = file.text.lines().map(|line| clipped(line.trim_end_matches('\r'), LINE));
    let kept: Vec<String> = all.take(LINES).take_while(fits).collect();
    (kept.join("\n"), file.text.lines().count() - kept.len())
}

/// The files, each with its difference, and where to read what is left out.
pub fn with_text(message: Message, files: &[FilePatch], url: &str) -> Message {
    files.iter().fold(message, |message, patch| {
        let (text, hidden) = shown(patch);
        let message = message.and(file(patch));
        let message =
            if text.is_empty() { message } else { message.and(Line::new().span(Span::Block(text))) };
        if hidden == 0 {
            return message;
        }
        let rest = counted(hidden, "more line", "more lines");
        message.and(Line::new().text("… ").link(format!("{rest} in the browser"), url))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::code::Diff;
    use crate::words::patch;

    fn of(count: usize, lines: usize) -> Vec<FilePatch> {
        let one = |at: usize| {
            let text = (0..lines).map(|line| format!("+{line}\n")).collect::<Vec<_>>().concat();
            format!("--- /dev/null\n+++ b/f{at}\n@@ -0,0 +1,{lines} @@\n{text}")
        };
        patch::files(&Diff { text: (0..count).map(one).collect(), cut: false })
    }

    #[test]
    fn every_file_stands_on_exactly_one_page() {
        for (count, lines) in [(0, 1), (1, 5_000), (23, 2), (14, 300)] {
            let files = of(count, lines);
            let (mut seen, mut at) = (0, 0);
            loop {
                let (here, more) = page(&files, at);
                seen += here.len();
                at += 1;
                if !more {
                    break;
                }
            }
            assert_eq!(seen, count, "{lines}");
        }
    }

    #[test]
    fn the_rest_of_a_long_one_is_counted() {
        let message = with_text(Message::default(), &of(1, 100), "https://x.test");
        assert_eq!(message.lines[0].plain(), "f0 new +100 −0");
        assert_eq!(message.lines[1].plain().lines().count(), 40);
        assert_eq!(message.lines[2].plain(), "… 61 more lines in the browser");
    }
}
