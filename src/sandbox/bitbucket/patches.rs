//! Changes as Git writes them: what both editions answer where a diff is asked for as text.

use std::fmt::Write;

use super::world::{Content, FileChange, diffs, digest};

/// A whole diff with so many unchanged lines around each change.
pub(super) fn written(changes: &[FileChange], context: usize) -> String {
    changes.iter().map(|change| one(change, context)).collect()
}

fn one(change: &FileChange, context: usize) -> String {
    let (new, old) = (&change.path, change.was.as_ref().unwrap_or(&change.path));
    let mut text = format!("diff --git a/{old} b/{new}\n");
    match (&change.old, &change.new) {
        (None, _) => text.push_str("new file mode 100644\n"),
        (_, None) => text.push_str("deleted file mode 100644\n"),
        _ if change.was.is_some() => {
            return format!("{text}similarity index 100%\nrename from {old}\nrename to {new}\n");
        }
        _ => {}
    }
    let (before, after) = (blob(change.old.as_deref()), blob(change.new.as_deref()));
    let _ = write!(text, "index {before}..{after}");
    text.push_str(if change.old.is_some() && change.new.is_some() { " 100644\n" } else { "\n" });
    let side = |letter: char, name: &str, there: bool| {
        if there { format!("{letter}/{name}") } else { "/dev/null".to_owned() }
    };
    let (from, to) = (side('a', old, change.old.is_some()), side('b', new, change.new.is_some()));
    if change.is_binary() {
        return format!("{text}Binary files {from} and {to} differ\n");
    }
    let hunks = diffs::hunks(&change.text(false), &change.text(true), context);
    if !hunks.is_empty() {
        let _ = write!(text, "--- {from}\n+++ {to}\n");
    }
    text + &hunks.iter().map(diffs::Hunk::written).collect::<String>()
}

/// The short name that Git has for a content.
fn blob(content: Option<&Content>) -> String {
    let Some(content) = content else { return "0000000".to_owned() };
    digest(&hex::encode(content.bytes()))[..7].to_owned()
}
