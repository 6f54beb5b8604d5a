//! A modal or a home tab as one person has it open, with what is typed into it so far.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::controls;
use super::world::World;

/// What a person typed or chose: block id, then action id, then the state's value.
pub type Typed = BTreeMap<String, BTreeMap<String, Value>>;

/// An open view; a snapshot when handed out, the state itself inside the world.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Form {
    pub id: String,
    /// Id of the person who has it open.
    pub user: String,
    pub hash: String,
    /// The first view of its stack.
    pub root: String,
    /// The view below it in the stack.
    pub previous: Option<String>,
    /// The view as the bot sent it, with block and action ids filled in.
    pub body: Value,
    pub typed: Typed,
    /// Errors under fields, by block id.
    pub errors: BTreeMap<String, String>,
}

impl Form {
    /// Its blocks.
    pub fn blocks(&self) -> &[Value] {
        self.body["blocks"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The title a person reads.
    pub fn title(&self) -> &str {
        self.body["title"]["text"].as_str().unwrap_or_default()
    }

    /// `state.values`: what every field holds now.
    pub fn values(&self) -> Value {
        controls::state(self.blocks(), &self.typed)
    }

    /// The values of the block with this id.
    pub fn value(&self, block_id: &str, action_id: &str) -> Value {
        self.values()[block_id][action_id].clone()
    }

    /// Takes a new body; what was typed stays where block and action are still there.
    pub fn redraw(&mut self, body: Value, hash: String) {
        self.body = body;
        self.hash = hash;
        self.errors.clear();
        let values = controls::state(self.blocks(), &Typed::new());
        self.typed.retain(|block, actions| {
            actions.retain(|action, held| values[block.as_str()][action.as_str()]["type"] == held["type"]);
            !actions.is_empty()
        });
    }

    /// The view as the Web API and the payloads show it.
    pub fn to_api(&self, world: &World) -> Value {
        let text = |key: &str| self.body[key].as_str().unwrap_or_default();
        let flag = |key: &str| self.body[key].as_bool().unwrap_or_default();
        json!({
            "id": self.id,
            "team_id": world.team.id,
            "type": self.body["type"],
            "blocks": self.blocks(),
            "private_metadata": text("private_metadata"),
            "callback_id": text("callback_id"),
            "external_id": text("external_id"),
            "state": {"values": self.values()},
            "hash": self.hash,
            "title": self.body["title"],
            "submit": self.body["submit"],
            "close": self.body["close"],
            "clear_on_close": flag("clear_on_close"),
            "notify_on_close": flag("notify_on_close"),
            "previous_view_id": self.previous,
            "root_view_id": self.root,
            "app_id": world.bot.app_id,
            "app_installed_team_id": world.team.id,
            "bot_id": world.bot.bot_id,
        })
    }
}
