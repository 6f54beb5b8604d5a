//! Differences and files as text, and in words what is none.

use crate::words::code::{Diff, FileText, Lines};

use super::transport::{Api, Failed, Request};
use super::{Error, Result};

/// A longer file is read in the browser.
pub(super) const LARGEST_FILE: u64 = 1024 * 1024;
/// The same, as a limit to what is taken in.
pub(super) const MOST_BYTES: usize = 1024 * 1024 + 1;
/// A longer difference is read in the browser.
const LARGEST_DIFF: usize = 1024 * 1024;
/// What a file in the large file storage says of itself.
const LFS: &str = "version https://git-lfs.github.com/spec/";

pub(super) fn is_folder(path: &str) -> Error {
    Error::Refused(format!("`{path}` is a folder; name a file in it.").into())
}

pub(super) fn is_binary(path: &str) -> Error {
    Error::Refused(format!("`{path}` is not a text; open it in the browser.").into())
}

pub(super) fn is_submodule(path: &str) -> Error {
    Error::Refused(format!("`{path}` is another repository (a submodule); look for the file there.").into())
}

pub(super) fn is_lfs(path: &str) -> Error {
    let words = format!("`{path}` lies in the large file storage (LFS); open it in the browser.");
    Error::Refused(words.into())
}

pub(super) fn is_huge(path: &str) -> Error {
    Error::Refused(format!("`{path}` is longer than 1 MiB; open it in the browser.").into())
}

pub(super) fn no_main_branch() -> Error {
    Error::Refused("The repository has no main branch yet; name a branch.".into())
}

/// A file that is not there, said with its name; anything else as it is.
pub(super) fn missing(failed: Failed, path: &str, at: &str) -> Error {
    match failed.status() {
        Some(404) => Error::Refused(format!("There is no `{path}` at `{at}`, or you may not see it.").into()),
        _ if is_too_long(&failed) => is_huge(path),
        _ => failed.into(),
    }
}

/// A piece of a file that was read whole.
pub(super) fn piece(path: &str, body: &[u8], lines: Lines, url: String) -> Result<FileText> {
    if body.contains(&0) {
        return Err(is_binary(path));
    }
    let whole = String::from_utf8_lossy(body);
    if whole.starts_with(LFS) {
        return Err(is_lfs(path));
    }
    let first = lines.first.max(1);
    let mut rest = whole.lines().skip(first - 1);
    let wanted = lines.last.saturating_add(1).saturating_sub(first);
    let shown: Vec<String> = rest.by_ref().take(wanted).map(str::to_owned).collect();
    let more = rest.next().is_some();
    Ok(FileText { path: path.to_owned(), lines: shown, first, more, url })
}

/// Whether a file that was read line by line is only a pointer to the large file storage.
pub(super) fn points_elsewhere(first_line: Option<&str>) -> bool {
    first_line.is_some_and(|line| line.starts_with(LFS))
}

fn is_too_long(failed: &Failed) -> bool {
    matches!(failed, Failed::Unanswered { silence, .. } if silence.sent && !silence.passing)
}

/// A difference that comes as text.
pub(super) async fn diff(api: &Api, request: Request) -> Result<Diff> {
    let answer = api.send(&request.at_most(LARGEST_DIFF)).await;
    let answer = answer.map_err(|failed| {
        if is_too_long(&failed) {
            Error::Refused("The difference is longer than 1 MiB; read it in the browser.".into())
        } else {
            failed.into()
        }
    })?;
    Ok(Diff { text: String::from_utf8_lossy(&answer.body).into_owned(), cut: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(first: usize, last: usize) -> Vec<String> {
        let piece = piece("x", b"a\nb\r\nc", Lines { first, last }, String::new());
        piece.unwrap().lines
    }

    #[test]
    fn lines_count_from_one_and_end_where_the_file_does() {
        assert_eq!(lines(1, 2), ["a", "b"]);
        assert_eq!(lines(3, 9), ["c"]);
        assert!(lines(4, 9).is_empty() && lines(3, 2).is_empty());
        assert_eq!(lines(0, usize::MAX), ["a", "b", "c"]);
    }

    #[test]
    fn what_is_no_text_is_said_in_words() {
        let all = Lines { first: 1, last: 9 };
        let words = |body: &[u8]| piece("x", body, all, String::new()).unwrap_err().to_string();
        assert_eq!(words(b"a\0b"), "`x` is not a text; open it in the browser.");
        assert_eq!(
            words(b"version https://git-lfs.github.com/spec/v1\noid sha256:1"),
            "`x` lies in the large file storage (LFS); open it in the browser."
        );
    }
}
