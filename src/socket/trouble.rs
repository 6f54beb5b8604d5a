//! Why there is no socket, in words that say what to do where somebody has to, and how long to wait.

use std::fmt;
use std::time::Duration;

use super::Pace;
use super::envelope::Parting;
use super::serve::Ended;
use crate::slack;

/// Why there is none.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It broke, or Slack closed it.
    Cut,
    /// Nothing came over it any more.
    Silent,
    /// Socket Mode was switched off.
    LinkDisabled,
    /// The app has too many.
    TooMany,
    /// Slack did not let it be opened.
    Refused(slack::Error),
}

impl Trouble {
    pub(super) fn ended(ended: Ended) -> Self {
        match ended {
            Ended::Parted(Parting::LinkDisabled) => Self::LinkDisabled,
            Ended::Parted(Parting::TooMany) => Self::TooMany,
            Ended::Silent => Self::Silent,
            Ended::Cut | Ended::Left | Ended::Parted(Parting::Soon) => Self::Cut,
        }
    }

    /// Whether waiting alone mends nothing.
    pub(super) fn is_for_a_person(&self) -> bool {
        match self {
            Self::LinkDisabled => true,
            Self::Refused(error) => !error.is_passing(),
            Self::Cut | Self::Silent | Self::TooMany => false,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut => write!(to, "the connection broke; opening it again"),
            Self::Silent => write!(to, "nothing came over it any more; opening it again"),
            Self::LinkDisabled => write!(
                to,
                "Socket Mode is switched off for this app; switch it on under “Socket Mode” of your Slack app. It is \
                 tried again every few minutes"
            ),
            Self::TooMany => write!(
                to,
                "this app has as many web sockets as Slack allows; stop other programs that use its app-level token"
            ),
            Self::Refused(error) => match advice(error) {
                Some(advice) => write!(to, "{error}; {advice}"),
                None => write!(to, "{error}; trying again"),
            },
        }
    }
}

/// What a person can do about it.
pub fn advice(error: &slack::Error) -> Option<&'static str> {
    Some(match error {
        slack::Error::Untrusted => "its answer named a host that is not Slack's; look at SLACK_API_URL",
        error if error.code() == Some("not_allowed_token_type") => {
            "SLACK_APP_TOKEN is not an app-level token (`xapp-…`); make one under “Basic Information” of your Slack app"
        }
        error if error.needs_scope() => {
            "give the app-level token the scope connections:write, under “Basic Information” of your Slack app"
        }
        error if error.fatal_auth() => {
            "SLACK_APP_TOKEN is not taken; make an app-level token with the scope connections:write under “Basic \
             Information” of your Slack app"
        }
        error if error.code().is_some() => {
            "look whether Socket Mode is switched on, under “Socket Mode” of your Slack app"
        }
        _ => return None,
    })
}

/// What went wrong since it last went well.
#[derive(Debug, Default)]
pub(super) struct Troubles(u32);

impl Troubles {
    /// How long to wait at most.
    pub(super) fn wait(&mut self, trouble: &Trouble, pace: &Pace) -> Duration {
        let doubled = pace.first_wait.saturating_mul(1 << self.0.min(16));
        self.0 = self.0.saturating_add(1);
        match trouble {
            trouble if trouble.is_for_a_person() => pace.seldom,
            Trouble::TooMany => pace.longest_wait,
            _ => doubled.min(pace.longest_wait),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_long_where_only_a_person_helps() {
        let (mut troubles, pace) = (Troubles::default(), Pace::default());
        let seconds = |troubles: &mut Troubles, trouble: &Trouble| troubles.wait(trouble, &pace).as_secs();
        let waits: Vec<u64> = (0..8).map(|_| seconds(&mut troubles, &Trouble::Cut)).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(seconds(&mut troubles, &Trouble::LinkDisabled), 300);
        assert_eq!(seconds(&mut troubles, &Trouble::TooMany), 60);
    }
}
