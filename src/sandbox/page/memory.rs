//! What only the page knows: who has read what, and how far the first minute has come.

use std::collections::{BTreeMap, BTreeSet};

/// A step of the first minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Approve,
    Command,
    Form,
    Bitbucket,
    Connect,
}

impl Step {
    /// In the order in which one is led.
    pub(super) const ALL: [Self; 5] =
        [Self::Approve, Self::Command, Self::Form, Self::Bitbucket, Self::Connect];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Command => "command",
            Self::Form => "form",
            Self::Bitbucket => "bitbucket",
            Self::Connect => "connect",
        }
    }
}

/// It.
#[derive(Debug)]
pub(super) struct Memory {
    read_until: String,
    read: BTreeMap<(String, String), String>,
    done: BTreeSet<Step>,
    /// Somebody had no account connected when it was last looked.
    pub(super) somebody_is_apart: bool,
}

impl Memory {
    pub(super) fn new(read_until: String) -> Self {
        Self { read_until, read: BTreeMap::new(), done: BTreeSet::new(), somebody_is_apart: false }
    }

    /// The timestamp up to which a person has read a channel.
    pub(super) fn read_until(&self, person: &str, channel: &str) -> &str {
        let known = self.read.get(&(person.to_owned(), channel.to_owned()));
        known.unwrap_or(&self.read_until)
    }

    pub(super) fn has_read(&mut self, person: &str, channel: &str, ts: String) {
        self.read.insert((person.to_owned(), channel.to_owned()), ts);
    }

    pub(super) fn tick(&mut self, step: Step) {
        self.done.insert(step);
    }

    pub(super) fn is_done(&self, step: Step) -> bool {
        self.done.contains(&step)
    }
}
