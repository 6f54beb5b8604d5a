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
    /// The answer's body, where it is text; of the latest calls only.
    pub answer: String,
    /// Why a well-made client would not have asked this.
    pub complaint: Option<String>,
    /// The nickname that the call's token speaks for.
    pub as_whom: Option<String>,
}

/// How many of the latest calls keep their answers.
const ANSWERS_KEPT: usize = 5000;

#[derive(Debug, Default)]
pub(super) struct Journal {
    pub(super) calls: Vec<ApiCall>,
    pub(super) unexpected: Vec<String>,
}

impl Journal {
    pub(super) fn note(&mut self, call: ApiCall) {
        if let Some(why) = &call.complaint {
            let line = format!(
                "{:?} {} {} was answered {}: {why}",
                call.edition, call.method, call.path, call.status
            );
            self.unexpected.push(line);
        }
        self.calls.push(call);
        let old = self.calls.len().checked_sub(ANSWERS_KEPT + 1);
        if let Some(old) = old.and_then(|at| self.calls.get_mut(at)) {
            old.answer = String::new();
        }
    }
}
