//! A difference as Data Center tells it, line by line, and how it is drawn as text.

use serde::Deserialize;

use crate::bitbucket::lenient::{Listed, Maybe};
use crate::words::code::Diff as Drawn;

/// A path, written out or in its parts.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Path {
    /// As one reads it.
    Text(String),
    /// In its parts.
    Parts {
        /// Folder by folder, and the file.
        #[serde(default)]
        components: Vec<String>,
    },
}

impl Path {
    pub(super) fn text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text),
            Self::Parts { components } if components.is_empty() => None,
            Self::Parts { components } => Some(components.join("/")),
        }
    }
}

/// All files that differ.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Diff {
    diffs: Listed<File>,
    truncated: Maybe<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    source: Maybe<Path>,
    destination: Maybe<Path>,
    hunks: Listed<Hunk>,
    binary: Maybe<bool>,
    truncated: Maybe<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Hunk {
    source_line: Maybe<u64>,
    source_span: Maybe<u64>,
    destination_line: Maybe<u64>,
    destination_span: Maybe<u64>,
    segments: Listed<Segment>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Segment {
    #[serde(rename = "type")]
    kind: Maybe<String>,
    lines: Listed<Line>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    destination: Maybe<u64>,
    source: Maybe<u64>,
    #[serde(rename = "line")]
    text: Maybe<String>,
}

impl Diff {
    /// In the form `git diff` writes.
    pub(super) fn drawn(self) -> Drawn {
        let cut = self.truncated.unwrap_or_default()
            || self.diffs.0.iter().any(|file| file.truncated.unwrap_or_default());
        let mut text = String::new();
        for file in self.diffs.0 {
            file.draw(&mut text);
        }
        Drawn { text, cut }
    }

    /// What stands at a line of the new side (or the old one): `ADDED`, `REMOVED` or `CONTEXT`.
    pub(super) fn kind_at(&self, line: u64, new_side: bool) -> Option<String> {
        let segments = self.diffs.0.iter().flat_map(|file| &file.hunks.0).flat_map(|hunk| &hunk.segments.0);
        let other = if new_side { "REMOVED" } else { "ADDED" };
        let mut sided = segments.filter(|segment| segment.kind.as_deref() != Some(other));
        let found = sided.find(|segment| {
            segment.lines.0.iter().any(|told| {
                let number = if new_side { told.destination.0 } else { told.source.0 };
                number == Some(line)
            })
        })?;
        found.kind.0.clone()
    }
}

impl File {
    fn draw(self, text: &mut String) {
        let (old, new) = (self.source.0.and_then(Path::text), self.destination.0.and_then(Path::text));
        let side = |prefix: &str, path: &Option<String>| match path {
            Some(path) => format!("{prefix}/{path}"),
            None => "/dev/null".to_owned(),
        };
        let (from, to) = (side("a", &old), side("b", &new));
        if self.binary.unwrap_or_default() {
            put(text, &format!("Binary files {from} and {to} differ"));
            return;
        }
        put(text, &format!("--- {from}\n+++ {to}"));
        for hunk in self.hunks.0 {
            hunk.draw(text);
        }
    }
}

impl Hunk {
    fn draw(self, text: &mut String) {
        let told = |number: &Maybe<u64>| number.unwrap_or_default();
        let old = format!("{},{}", told(&self.source_line), told(&self.source_span));
        let new = format!("{},{}", told(&self.destination_line), told(&self.destination_span));
        put(text, &format!("@@ -{old} +{new} @@"));
        for segment in self.segments.0 {
            let mark = match segment.kind.as_deref() {
                Some("ADDED") => '+',
                Some("REMOVED") => '-',
                _ => ' ',
            };
            for line in segment.lines.0 {
                text.push(mark);
                put(text, line.text.as_deref().unwrap_or_default());
            }
        }
    }
}

fn put(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = r#"{"diffs": [
        {"source": {"components": ["src", "a.rs"]}, "destination": {"components": ["src", "a.rs"]}, "hunks": [
            {"sourceLine": 1, "sourceSpan": 2, "destinationLine": 1, "destinationSpan": 2, "segments": [
                {"type": "CONTEXT", "lines": [{"source": 1, "destination": 1, "line": "one"}]},
                {"type": "REMOVED", "lines": [{"source": 2, "destination": 2, "line": "two"}]},
                {"type": "ADDED", "lines": [{"source": 3, "destination": 2, "line": "zwei"}]}
            ]}
        ]},
        {"source": null, "destination": "pic.png", "binary": true}
    ], "truncated": true}"#;

    #[test]
    fn it_is_drawn_as_git_would() {
        let drawn = serde_json::from_str::<Diff>(TOLD).unwrap().drawn();
        assert!(drawn.cut);
        assert_eq!(
            drawn.text,
            "--- a/src/a.rs\n+++ b/src/a.rs\n@@ -1,2 +1,2 @@\n one\n-two\n+zwei\n\
             Binary files /dev/null and b/pic.png differ\n"
        );
    }

    #[test]
    fn a_line_is_found_on_its_own_side() {
        let diff: Diff = serde_json::from_str(TOLD).unwrap();
        for (line, new_side, kind) in [
            (1, true, Some("CONTEXT")),
            (2, true, Some("ADDED")),
            (2, false, Some("REMOVED")),
            (9, true, None),
        ] {
            assert_eq!(diff.kind_at(line, new_side).as_deref(), kind);
        }
    }
}
