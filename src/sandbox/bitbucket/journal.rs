//! What was asked of the sandbox, and what should not have been.

use super::world::Edition;

/// One call that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCall {
    pub edition: Edition,
    pub method: String,
    pub path: String,
    pub query: String,
    pub body: String,
    pub status: u16,
    /// The nickname that the call's token speaks for.
    pub as_whom: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) calls: Vec<ApiCall>,
    pub(super) unexpected: Vec<String>,
}

impl Journal {
    pub(super) fn note(&mut self, call: ApiCall, complaint: Option<String>) {
        if let Some(why) = complaint {
            let line = format!(
                "{:?} {} {} was answered {}: {why}",
                call.edition, call.method, call.path, call.status
            );
            self.unexpected.push(line);
        }
        self.calls.push(call);
    }
}
