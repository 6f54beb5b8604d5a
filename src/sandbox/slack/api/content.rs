//! What a message is made of, checked as Slack checks it before it is said.

use serde_json::Value;

use super::Refusal;
use super::args::Args;
use crate::sandbox::slack::check;

/// A post's text may be so long, and an edit's.
pub(super) const POST_TEXT: usize = 40_000;
pub(super) const EDIT_TEXT: usize = 4_000;

/// Text, blocks, attachments and metadata, as given.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) blocks: Option<Vec<Value>>,
    pub(super) attachments: Option<Vec<Value>>,
    pub(super) metadata: Option<Value>,
}

impl Content {
    pub(super) fn read(args: &Args, most: usize) -> Result<Self, Refusal> {
        let mut content = Self {
            text: args.text("text").unwrap_or_default(),
            blocks: args.list("blocks", "invalid_blocks_format")?,
            attachments: args.list("attachments", "invalid_attachments")?,
            metadata: args.structure("metadata")?,
        };
        if let Some(markdown) = args.text("markdown_text") {
            content.take_markdown(&markdown)?;
        }
        content.check(most)?;
        Ok(content)
    }

    fn take_markdown(&mut self, markdown: &str) -> Result<(), Refusal> {
        if !self.text.is_empty() || self.blocks.is_some() {
            return Err(Refusal::mistake("markdown_text_conflict", Vec::new()));
        }
        self.blocks = Some(vec![serde_json::json!({"type": "markdown", "text": markdown})]);
        Ok(())
    }

    fn check(&self, most: usize) -> Result<(), Refusal> {
        let nothing = |list: &Option<Vec<Value>>| list.as_ref().is_none_or(Vec::is_empty);
        if self.text.is_empty() && nothing(&self.blocks) && nothing(&self.attachments) {
            return Err(Refusal::mistake("no_text", Vec::new()));
        }
        if self.text.chars().count() > most {
            return Err(Refusal::mistake("msg_too_long", Vec::new()));
        }
        check::blocks(self.blocks.as_deref().unwrap_or_default())?;
        check::attachments(self.attachments.as_deref().unwrap_or_default())?;
        match &self.metadata {
            Some(Value::Object(map)) if map.is_empty() => Ok(()),
            Some(metadata) => Ok(check::metadata(metadata)?),
            None => Ok(()),
        }
    }
}
