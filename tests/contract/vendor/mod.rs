//! What the vendors publish, held against what was asked and answered.

mod exceptions;
pub mod exchange;
mod paths;
pub mod schema;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use dipper::sandbox::bitbucket::{ApiCall, Edition};
use serde_json::Value;

/// A published specification.
pub struct Spec {
    pub edition: Edition,
    pub root: Value,
}

static CLOUD: OnceLock<Option<Spec>> = OnceLock::new();
static DATA_CENTER: OnceLock<Option<Spec>> = OnceLock::new();

/// Where the specifications may lie: where the environment says, or else beside the repository.
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    #[expect(clippy::disallowed_methods, reason = "where the specifications are, is the runner's choice")]
    let told = std::env::var_os("DIPPER_SHARED");
    match told {
        Some(told) => vec![told.into()],
        None => ["../shared", "../../shared"].map(|path| root.join(path)).to_vec(),
    }
}

/// An edition's specification, where it is at hand.
pub fn spec(edition: Edition) -> Option<&'static Spec> {
    let (cell, name) = match edition {
        Edition::Cloud => (&CLOUD, "bitbucket-cloud.json"),
        Edition::DataCenter => (&DATA_CENTER, "bitbucket-dc.json"),
    };
    cell.get_or_init(|| Some(Spec { edition, root: published(name)? })).as_ref()
}

/// A document beside the repository, where it is at hand.
pub fn published(name: &str) -> Option<Value> {
    let mut files = folders().into_iter().map(|folder| folder.join("reference").join(name));
    let text = files.find_map(|file| std::fs::read_to_string(file).ok());
    if text.is_none() {
        eprintln!("skipped: {name} is not at hand, so nothing is held against it");
    }
    Some(serde_json::from_str(&text?).expect("what vendors publish is JSON"))
}

/// All that is wrong with these calls and their answers.
pub fn troubles(calls: &[ApiCall]) -> Vec<String> {
    let mut troubles: Vec<String> = calls
        .iter()
        .filter_map(|call| Some((spec(call.edition)?, call)))
        .flat_map(|(spec, call)| exchange::troubles(spec, call))
        .collect();
    troubles.sort();
    troubles.dedup();
    troubles
}

impl Spec {
    fn at(&self, reference: &str) -> &Value {
        let found = self.root.pointer(reference.trim_start_matches('#'));
        found.unwrap_or_else(|| panic!("the specification has no {reference}"))
    }

    /// The schema of that name.
    fn kind(&self, name: &str) -> Option<&Value> {
        self.root["components"]["schemas"].get(name)
    }

    /// What every error looks like.
    fn error(&self) -> Value {
        match self.edition {
            Edition::Cloud => serde_json::json!({"$ref": "#/components/schemas/error"}),
            Edition::DataCenter => {
                serde_json::json!({"type": "object", "required": ["errors"], "properties": {
                    "errors": {"type": "array", "items": {"$ref": "#/components/schemas/RestErrorMessage"}},
                }})
            }
        }
    }
}
