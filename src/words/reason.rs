//! Why something was told, or was not: what each subscription that was concerned made of a delivery.

use serde::{Deserialize, Serialize};

use super::names::{Channel, Topic};

/// What became of a delivery, for whom.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Reasons {
    /// Who did what happened.
    #[serde(rename = "w")]
    pub who: String,
    /// The topics that carry it.
    #[serde(rename = "t")]
    pub topics: Vec<Topic>,
    /// What each subscription made of it, those that were told first.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub each: Vec<Reason>,
    /// How many more there are, which are not written down.
    #[serde(rename = "m", default, skip_serializing_if = "is_zero")]
    pub more: usize,
    /// The channels where a card was out already and was kept true.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<Channel>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over by reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Reasons {
    /// Together with those of something else that the same delivery brought.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        for reason in other.each {
            let same = |one: &&mut Reason| one.channel == reason.channel && one.repos == reason.repos;
            match self.each.iter_mut().find(same) {
                Some(one) => one.because = one.because.clone().or(reason.because),
                None => self.each.push(reason),
            }
        }
        self.topics.extend(
            other.topics.into_iter().filter(|topic| !self.topics.contains(topic)).collect::<Vec<_>>(),
        );
        self.cards
            .extend(other.cards.into_iter().filter(|card| !self.cards.contains(card)).collect::<Vec<_>>());
        if self.who.is_empty() {
            self.who = other.who;
        } else if self.who != other.who && !other.who.is_empty() {
            self.who = format!("{}, {}", self.who, other.who);
        }
        self.more = self.more.max(other.more);
        self
    }
}

/// What one subscription made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The channel.
    #[serde(rename = "c")]
    pub channel: Channel,
    /// The repositories it is for, as it names them.
    #[serde(rename = "s")]
    pub repos: String,
    /// What it made of it.
    #[serde(rename = "b")]
    pub because: Because,
}

/// What a subscription makes of something, and by which rule. Ordered: the later, the nearer it came to be told.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// Whoever asked for it cannot read the repository.
    Unreadable,
    /// It does not ask for any of these topics.
    Topics,
    /// It wants pushes of the main branch only.
    Main,
    /// A bot did it.
    Bot,
    /// This part of its condition does not hold.
    Condition(String),
    /// A draft waits until it is ready.
    Draft,
    /// It was told, under these topics.
    Told(Vec<Topic>),
}

impl Because {
    /// Whether it was told.
    pub fn is_told(&self) -> bool {
        matches!(self, Self::Told(_))
    }

    /// Of two things that were made of one delivery, the one that came nearer to be told.
    fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Told(mut topics), Self::Told(others)) => {
                topics.extend(others);
                topics.sort_unstable();
                topics.dedup();
                Self::Told(topics)
            }
            (one, other) => one.max(other),
        }
    }

    /// As one reads it; backticks set code.
    pub fn in_words(&self) -> String {
        match self {
            Self::Unreadable => {
                "not told: whoever asked for it cannot read the repository with their account".to_owned()
            }
            Self::Topics => "not told: it does not ask for that topic".to_owned(),
            Self::Main => "not told: it wants pushes of the main branch only".to_owned(),
            Self::Bot => {
                "not told: a bot did it, and bots are muted unless its condition names them".to_owned()
            }
            Self::Condition(part) => {
                format!("not told: its condition `{}` does not hold", part.replace('`', "'"))
            }
            Self::Draft => "not told: it is a draft, and its card waits until it is ready".to_owned(),
            Self::Told(topics) => format!("told as {}", listed(topics)),
        }
    }
}

/// `opened`, `merged`: topics as one reads them in a row.
pub fn listed(topics: &[Topic]) -> String {
    topics.iter().map(|topic| format!("`{topic}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::names::Team;

    #[test]
    fn what_is_kept_is_short_and_reads_back() {
        let reason = |because| Reason {
            channel: Channel { team: Team::new("T1"), id: "C1".to_owned() },
            repos: "cloud:web/*".to_owned(),
            because,
        };
        let reasons = Reasons {
            who: "grace".to_owned(),
            topics: vec![Topic::Opened],
            each: vec![
                reason(Because::Told(vec![Topic::Opened])),
                reason(Because::Condition("into:main".to_owned())),
            ],
            ..Reasons::default()
        };
        let text = serde_json::to_string(&reasons).unwrap();
        assert_eq!(
            text,
            r#"{"w":"grace","t":["opened"],"r":[{"c":{"team":"T1","id":"C1"},"s":"cloud:web/*","b":{"told":["opened"]}},{"c":{"team":"T1","id":"C1"},"s":"cloud:web/*","b":{"condition":"into:main"}}]}"#
        );
        assert_eq!(serde_json::from_str::<Reasons>(&text).unwrap(), reasons);
        assert_eq!(reasons.each[1].because.in_words(), "not told: its condition `into:main` does not hold");
    }

    #[test]
    fn what_came_nearer_to_be_told_counts_more() {
        assert!(Because::Draft > Because::Bot && Because::Told(Vec::new()) > Because::Draft);
        assert!(Because::Topics < Because::Condition(String::new()));
    }
}
