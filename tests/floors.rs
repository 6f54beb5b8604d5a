//! The house has floors: a top-level module imports only from floors below its own, modules on one
//! floor are strangers, and the sandbox is an island.

#![expect(clippy::unwrap_used, reason = "a tree that cannot be read has failed")]

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, lowest first.
const FLOORS: &[&[&str]] = &[
    &["words", "clock", "seal"],
    &["slack", "bitbucket", "store"],
    &["accounts", "workspaces", "views", "news"],
    &["bot"],
    &["commands"],
    &["notices"],
    &["intake"],
    &["jobs"],
    &["reception"],
    &["http", "socket", "worker", "schedule", "settings"],
    &["app"],
    &["cli"],
];
/// Imports nothing of ours; the command line alone may bring it in.
const ISLAND: &str = "sandbox";

#[test]
fn no_module_climbs() {
    let mut climbs = Vec::new();
    for file in rust_files(&source()) {
        let Some(module) = module_of(&file) else { continue };
        let text = fs::read_to_string(&file).unwrap();
        for imported in imports(&text) {
            if imported != module && !may_import(&module, &imported) {
                climbs.push(format!("{}: {module} imports {imported}", file.display()));
            }
        }
    }
    assert!(climbs.is_empty(), "{}", climbs.join("\n"));
}

#[test]
fn every_module_has_chosen_its_floor() {
    for file in rust_files(&source()) {
        if let Some(module) = module_of(&file) {
            assert!(
                floor(&module).is_some() || module == ISLAND,
                "{module} is on no floor; choose one in tests/floors.rs"
            );
        }
    }
}

#[test]
fn every_file_says_why_it_exists_and_is_one_sitting_long() {
    for file in rust_files(&source()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(
            text.starts_with("//! "),
            "{} does not open with a sentence that says why it exists",
            file.display()
        );
        let lines = text.lines().count();
        assert!(lines <= 500, "{} has {lines} lines", file.display());
    }
}

#[test]
fn the_reader_sees_grouped_and_plain_imports() {
    let text = "use crate::{bot, store::{Store, Tx}};\nfn x() { crate::words::Advice }\n// crate::cli\nuse crate::jobs;";
    assert_eq!(imports(text), ["bot", "store", "words", "jobs"]);
    assert!(may_import("jobs", "bot") && !may_import("bot", "jobs") && !may_import("slack", "store"));
}

fn may_import(module: &str, imported: &str) -> bool {
    if module == ISLAND {
        return false;
    }
    if imported == ISLAND {
        return module == "cli";
    }
    match (floor(module), floor(imported)) {
        (Some(own), Some(other)) => other < own,
        _ => false,
    }
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// What a file names under `crate::`, comments aside.
fn imports(text: &str) -> Vec<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => found.extend(first_words(group)),
            None => found.extend(word(rest)),
        }
    }
    found
}

/// The first word of each part of a `{…}` group, at its own depth.
fn first_words(group: &str) -> Vec<String> {
    let (mut depth, mut part, mut parts) = (0, String::new(), Vec::new());
    for c in group.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => parts.push(std::mem::take(&mut part)),
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if c != ',' {
            part.push(c);
        }
    }
    parts.push(part);
    parts.iter().filter_map(|part| word(part.trim())).collect()
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
    (word.chars().next()?.is_ascii_lowercase()).then_some(word)
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The top-level module a file belongs to; none for `lib.rs` and `main.rs`.
fn module_of(file: &Path) -> Option<String> {
    let within = file.strip_prefix(source()).unwrap();
    let first = within.components().next().unwrap().as_os_str().to_str().unwrap();
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(module, "lib" | "main")).then(|| module.to_owned())
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}
