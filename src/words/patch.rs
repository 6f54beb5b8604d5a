//! A difference in the form `git diff` writes, taken apart file by file.

use super::code::{Change, Diff, FileChange};

/// One file of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePatch {
    /// Which file, what happened to it, and how many lines that took.
    pub change: FileChange,
    /// Whether it holds no text, so that nothing is shown of it.
    pub binary: bool,
    /// What changed in it, hunk by hunk.
    pub text: String,
}

impl FilePatch {
    fn of(path: &str) -> Self {
        let change = FileChange {
            path: path.to_owned(),
            from: None,
            change: Change::Modified,
            added: Some(0),
            removed: Some(0),
        };
        Self { change, binary: false, text: String::new() }
    }

    /// A file of which only this much is known.
    pub fn without_text(change: FileChange) -> Self {
        Self { change, binary: false, text: String::new() }
    }

    fn ends(&mut self, old: Option<&str>, new: Option<&str>) {
        match (old, new) {
            (None, Some(new)) => self.becomes(Change::Added, new),
            (Some(old), None) => self.becomes(Change::Removed, old),
            (Some(old), Some(new)) if old != new => {
                self.becomes(Change::Renamed, new);
                self.change.from = Some(old.to_owned());
            }
            (Some(_), Some(new)) => new.clone_into(&mut self.change.path),
            (None, None) => {}
        }
    }

    fn becomes(&mut self, change: Change, path: &str) {
        self.change.change = change;
        path.clone_into(&mut self.change.path);
    }
}

/// The files of a difference, in the order they come.
pub fn files(diff: &Diff) -> Vec<FilePatch> {
    let mut reader = Reader::default();
    for line in diff.text.lines() {
        reader.read(line);
    }
    reader.files
}

#[derive(Default)]
struct Reader {
    files: Vec<FilePatch>,
    /// The side that `---` named, until `+++` names the other.
    old: Option<String>,
    /// How many lines of the hunk are still to come on each side.
    left: (u64, u64),
    /// Whether a header announced the file before anything was said of it.
    announced: bool,
}

impl Reader {
    fn read(&mut self, line: &str) {
        if self.left != (0, 0) || line.starts_with('\\') {
            return self.in_hunk(line);
        }
        let rest = |prefix: &str| line.strip_prefix(prefix);
        if let Some(both) = rest("diff --git ") {
            self.files.push(FilePatch::of(&path_of_both(both)));
            self.announced = true;
        } else if let Some(old) = rest("--- ") {
            self.begin();
            self.old = Some(old.to_owned());
        } else if let Some(new) = rest("+++ ") {
            self.both(&self.old.clone().unwrap_or_default(), new);
        } else if let Some(sides) = rest("Binary files ").and_then(|rest| rest.strip_suffix(" differ")) {
            self.binary(sides);
        } else if let Some(hunk) = rest("@@ -") {
            self.left = spans(hunk).unwrap_or_default();
            self.keep(line);
        } else if let Some(file) = self.files.last_mut().filter(|_| self.announced) {
            header(file, line);
        }
    }

    /// Begins another file, unless its header has.
    fn begin(&mut self) {
        if !std::mem::take(&mut self.announced) {
            self.files.push(FilePatch::of(""));
        }
    }

    fn both(&mut self, old: &str, new: &str) {
        let (old, new) = (side(old), side(new));
        if let Some(file) = self.files.last_mut() {
            file.ends(old.as_deref(), new.as_deref());
        }
    }

    fn binary(&mut self, sides: &str) {
        self.begin();
        let middle = [" and b/", " and dst://", " and /dev/null", " and \""];
        if let Some(at) = middle.iter().find_map(|middle| sides.find(middle)) {
            self.both(&sides[..at], &sides[at + " and ".len()..]);
        }
        if let Some(file) = self.files.last_mut() {
            file.binary = true;
        }
    }

    fn in_hunk(&mut self, line: &str) {
        let (old, new) = match line.bytes().next() {
            Some(b'+') => (0, 1),
            Some(b'-') => (1, 0),
            Some(b'\\') => (0, 0),
            _ => (1, 1),
        };
        self.left = (self.left.0.saturating_sub(old), self.left.1.saturating_sub(new));
        if let Some(file) = self.files.last_mut().filter(|_| (old, new) != (1, 1)) {
            file.change.added = file.change.added.map(|lines| lines + new);
            file.change.removed = file.change.removed.map(|lines| lines + old);
        }
        self.keep(line);
    }

    fn keep(&mut self, line: &str) {
        if let Some(file) = self.files.last_mut() {
            if !file.text.is_empty() {
                file.text.push('\n');
            }
            file.text.push_str(line);
        }
    }
}

/// What stands between `diff --git` and the first hunk.
fn header(file: &mut FilePatch, line: &str) {
    if line.starts_with("new file mode") {
        file.change.change = Change::Added;
    } else if line.starts_with("deleted file mode") {
        file.change.change = Change::Removed;
    } else if let Some(from) = line.strip_prefix("rename from ") {
        file.change.change = Change::Renamed;
        file.change.from = Some(unquoted(from));
    } else if let Some(to) = line.strip_prefix("rename to ") {
        file.change.path = unquoted(to);
    } else if line.starts_with("GIT binary patch") {
        file.binary = true;
    }
}

/// `-1,3 +1,4 @@`: how many lines follow of each side.
fn spans(hunk: &str) -> Option<(u64, u64)> {
    let (old, rest) = hunk.split_once(" +")?;
    let (new, _) = rest.split_once(" @@")?;
    let count = |span: &str| span.split_once(',').map_or(Some(1), |(_, count)| count.parse().ok());
    Some((count(old)?, count(new)?))
}

/// `a/x b/x`: the same path twice, which may hold spaces.
fn path_of_both(both: &str) -> String {
    let half = both.len() / 2;
    let twice = both.is_char_boundary(half) && both.get(half..=half) == Some(" ");
    let second = if twice { &both[half + 1..] } else { both.rsplit(' ').next().unwrap_or(both) };
    side(second).unwrap_or_default()
}

/// The path of a side, if there is a file on it.
fn side(named: &str) -> Option<String> {
    let named = unquoted(named.trim_end_matches(['\t', '\r']));
    if named == "/dev/null" {
        return None;
    }
    let marks = ["a/", "b/", "src://", "dst://"];
    let bare = marks.iter().find_map(|mark| named.strip_prefix(mark));
    Some(bare.unwrap_or(&named).to_owned())
}

/// Git puts odd names in quotation marks, and their bytes in octal.
fn unquoted(name: &str) -> String {
    let Some(inner) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return name.to_owned();
    };
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next() {
                Some(first @ b'0'..=b'7') => {
                    let digits = [Some(first), rest.next(), rest.next()].into_iter().flatten();
                    digits.fold(0_u8, |value, digit| value.wrapping_mul(8).wrapping_add(digit & 7))
                }
                Some(b't') => b'\t',
                Some(b'n') => b'\n',
                Some(other) => other,
                None => b'\\',
            },
            byte => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<String> {
        let diff = Diff { text: text.to_owned(), cut: false };
        let line = |file: FilePatch| {
            let FileChange { path, from, change, added, removed } = file.change;
            format!("{change:?} {path} from {from:?} +{added:?} -{removed:?} {}", file.binary)
                .replace("Some(", "")
                .replace(')', "")
        };
        files(&diff).into_iter().map(line).collect()
    }

    #[test]
    fn what_git_writes_is_taken_apart() {
        let text = "diff --git a/src/a b.rs b/src/a b.rs\nindex 1..2 100644\n--- a/src/a b.rs\t\n+++ b/src/a b.rs\t\n\
            @@ -1,2 +1,3 @@\n one\n--- two\n+++ zwei\n+drei\n\\ No newline at end of file\n\
            diff --git a/old b/new\nsimilarity index 100%\nrename from old\nrename to new\n\
            diff --git a/logo.png b/logo.png\nnew file mode 100644\nBinary files /dev/null and b/logo.png differ\n\
            diff --git \"a/f\\303\\274.txt\" \"b/f\\303\\274.txt\"\ndeleted file mode 100644\n--- \"a/f\\303\\274.txt\"\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n";
        assert_eq!(
            read(text),
            [
                "Modified src/a b.rs from None +2 -1 false",
                "Renamed new from \"old\" +0 -0 false",
                "Added logo.png from None +0 -0 true",
                "Removed fü.txt from None +0 -1 false",
            ]
        );
    }

    #[test]
    fn so_is_what_has_no_headers() {
        let text = "--- src://a\n+++ dst://b\n--- /dev/null\n+++ b/c\n@@ -0,0 +1,1 @@\n+x\nBinary files a/d and /dev/null differ\n";
        assert_eq!(
            read(text),
            [
                "Renamed b from \"a\" +0 -0 false",
                "Added c from None +1 -0 false",
                "Removed d from None +0 -0 true",
            ]
        );
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "((diff --git|---|\\+\\+\\+|@@ -|Binary files|rename to) ?[ab/\"\\\\0-9, +@andü]{0,20}\n){0,12}") {
            let _ = read(&text);
        }
    }
}
