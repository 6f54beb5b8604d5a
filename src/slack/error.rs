//! What goes wrong between us and Slack, sorted so that a caller can tell who may mend it.

use std::time::Duration;

use slack_morphism::errors::SlackClientError;

use super::connector::Trouble;

/// How long to stay away when Slack does not say.
const DEFAULT_WAIT: Duration = Duration::from_secs(30);
/// Slack's words for its own failures: worth another try, and nobody's fault here.
const SLACK_FAILED: [&str; 4] = ["internal_error", "fatal_error", "service_unavailable", "request_timeout"];

/// Why a call to Slack did not do what it should. Says nothing of tokens, bodies or addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Too many calls; come back later.
    #[error("Slack asks to wait {} seconds before `{method}`", retry_after.as_secs())]
    RateLimited {
        /// The method that was called.
        method: String,
        /// How long to stay away.
        retry_after: Duration,
    },
    /// Slack understood, and said no.
    #[error("Slack refused `{method}`: {code}")]
    Api {
        /// The method that was called.
        method: String,
        /// Slack's word for it.
        code: String,
        /// What Slack says besides, for the log.
        messages: Vec<String>,
    },
    /// Slack could not be reached, or failed itself.
    #[error("Slack did not answer `{method}`: {outage}")]
    Down {
        /// The method that was called.
        method: String,
        /// In which way.
        outage: Outage,
    },
    /// An address that is none of Slack's.
    #[error("this address does not belong to Slack, so nothing was sent to it")]
    Untrusted,
    /// An answer that makes no sense.
    #[error("Slack's answer to `{method}` could not be read")]
    Unreadable {
        /// The method that was called.
        method: String,
    },
    /// More to look through than is reasonable.
    #[error("there is too much in this conversation to look through")]
    Endless,
}

/// In which way Slack was not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Outage {
    /// No connection came about: nothing was sent.
    #[error("it cannot be reached")]
    Unreached,
    /// The connection ended before the answer did.
    #[error("the connection broke")]
    Cut,
    /// No answer in time.
    #[error("it took too long")]
    TimedOut,
    /// An HTTP status that is no answer.
    #[error("HTTP status {0}")]
    Status(u16),
    /// Its own word for its own failure.
    #[error("{0}")]
    Said(String),
}

impl Error {
    /// What Slack answered instead of `ok`.
    pub(super) fn said(method: &str, code: &str, messages: Vec<String>) -> Self {
        let (method, code) = (method.to_owned(), word(code));
        if matches!(code.as_str(), "ratelimited" | "rate_limited" | "message_limit_exceeded") {
            return Self::RateLimited { method, retry_after: DEFAULT_WAIT };
        }
        if SLACK_FAILED.contains(&code.as_str()) {
            return Self::Down { method, outage: Outage::Said(code) };
        }
        Self::Api { method, code, messages }
    }

    pub(super) fn limited(method: &str, wait: Option<Duration>) -> Self {
        Self::RateLimited { method: method.to_owned(), retry_after: wait.unwrap_or(DEFAULT_WAIT) }
    }

    pub(super) fn down(method: &str, outage: Outage) -> Self {
        Self::Down { method: method.to_owned(), outage }
    }

    pub(super) fn unreadable(method: &str) -> Self {
        Self::Unreadable { method: method.to_owned() }
    }

    pub(super) fn trouble(method: &str, trouble: Trouble) -> Self {
        match trouble {
            Trouble::Unreached => Self::down(method, Outage::Unreached),
            Trouble::Cut => Self::down(method, Outage::Cut),
            Trouble::TimedOut => Self::down(method, Outage::TimedOut),
            Trouble::TooLong => Self::unreadable(method),
            Trouble::Elsewhere => Self::Untrusted,
        }
    }

    pub(super) fn from_client(method: &str, error: SlackClientError) -> Self {
        match error {
            SlackClientError::RateLimitError(limit) => Self::limited(method, limit.retry_after),
            SlackClientError::ApiError(api) => Self::said(method, &api.code, api.errors.unwrap_or_default()),
            SlackClientError::HttpError(http) => {
                Self::down(method, Outage::Status(http.status_code.as_u16()))
            }
            SlackClientError::SystemError(system) => {
                let trouble = system.cause.as_deref().and_then(|cause| cause.downcast_ref());
                Self::trouble(method, trouble.copied().unwrap_or(Trouble::Cut))
            }
            _ => Self::unreadable(method),
        }
    }

    /// Slack's word, when Slack said no.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Api { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The conversation is gone, archived, or hidden from the bot.
    pub fn is_gone_channel(&self) -> bool {
        self.is_one_of(&[
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "cannot_dm_bot",
            "is_inactive",
        ])
    }

    /// The bot has to be invited into the conversation first.
    pub fn needs_invite(&self) -> bool {
        self.is_one_of(&["not_in_channel", "channel_not_found", "method_not_supported_for_channel_type"])
    }

    /// The message meant is not there any more, or not ours to change.
    pub fn is_gone_message(&self) -> bool {
        self.is_one_of(&[
            "message_not_found",
            "cant_update_message",
            "cant_delete_message",
            "edit_window_closed",
            "thread_not_found",
            "used_url",
            "expired_url",
        ])
    }

    /// The moment to open or change this view has passed.
    pub fn is_late(&self) -> bool {
        self.is_one_of(&[
            "trigger_expired",
            "trigger_exchanged",
            "expired_trigger_id",
            "exchanged_trigger_id",
            "view_expired",
            "not_found",
            "view_not_found",
            "hash_conflict",
        ])
    }

    /// The person meant is not there, or cannot be written to.
    pub fn is_gone_person(&self) -> bool {
        self.is_one_of(&[
            "user_not_found",
            "users_not_found",
            "user_not_visible",
            "user_disabled",
            "user_not_in_channel",
            "cannot_dm_bot",
        ])
    }

    /// The token does not work, and will not by waiting: the operator has to act.
    pub fn fatal_auth(&self) -> bool {
        self.is_one_of(&[
            "invalid_auth",
            "not_authed",
            "account_inactive",
            "token_revoked",
            "token_expired",
            "org_login_required",
            "team_access_not_granted",
        ])
    }

    /// The app was not given a scope that this call needs.
    pub fn needs_scope(&self) -> bool {
        self.is_one_of(&["missing_scope", "not_allowed_token_type", "no_permission"])
    }

    /// Whether what was asked may have been done all the same, so that it must be looked for before
    /// it is asked again.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Self::Down { outage, .. } => *outage != Outage::Unreached,
            Self::Unreadable { .. } => true,
            _ => false,
        }
    }

    /// Whether time alone may mend it.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Down { .. } | Self::Unreadable { .. })
    }

    /// How long Slack wants us to stay away.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => Some(*retry_after),
            _ => None,
        }
    }

    fn is_one_of(&self, codes: &[&str]) -> bool {
        self.code().is_some_and(|code| codes.contains(&code))
    }
}

/// An error word of Slack's, and never a body that somebody put in its place.
fn word(code: &str) -> String {
    let plain = (1..=64).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
    if plain { code } else { "unknown_error" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_by_what_can_be_done() {
        let api = |code: &str| Error::said("chat.postMessage", code, Vec::new());
        assert!(api("not_in_channel").needs_invite() && api("is_archived").is_gone_channel());
        assert!(api("token_revoked").fatal_auth() && !api("channel_not_found").fatal_auth());
        assert!(api("hash_conflict").is_late() && api("message_not_found").is_gone_message());
        assert!(api("internal_error").may_have_happened() && !api("no_text").may_have_happened());
        assert_eq!(api("ratelimited").retry_after(), Some(DEFAULT_WAIT));
    }

    #[test]
    fn what_is_no_word_is_not_repeated() {
        let error = Error::said("auth.test", "<html>xoxb-1</html>", Vec::new());
        assert_eq!(error.to_string(), "Slack refused `auth.test`: unknown_error");
    }
}
