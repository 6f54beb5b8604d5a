//! Which channel hears of which repository, and of what.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Channel, RepoName, SlackUser, Team, Topic};

const IN_CHANNEL: &str = "SELECT team, channel, repo, topics, asked_team, asked_by, created_at \
     FROM subscriptions WHERE team = $1 AND channel = $2 ORDER BY repo";
const TO_REPO: &str = "SELECT team, channel, repo, topics, asked_team, asked_by, created_at \
     FROM subscriptions WHERE repo = $1 ORDER BY team, channel";
const SUBSCRIBE: &str = "INSERT INTO subscriptions (team, channel, repo, topics, asked_team, asked_by, \
     created_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
     ON CONFLICT (team, channel, repo) DO UPDATE SET topics = excluded.topics, \
     asked_team = excluded.asked_team, asked_by = excluded.asked_by";
const UNSUBSCRIBE: &str = "DELETE FROM subscriptions WHERE team = $1 AND channel = $2 AND repo = $3";

pub(super) const ALL: &[Named] = &[
    ("subscriptions in", IN_CHANNEL),
    ("subscriptions to", TO_REPO),
    ("subscribe", SUBSCRIBE),
    ("unsubscribe", UNSUBSCRIBE),
];

/// A channel that hears of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The channel.
    pub channel: Channel,
    /// The repository.
    pub repo: RepoName,
    /// What it hears of.
    pub topics: Vec<Topic>,
    /// Who asked for it last.
    pub asked_by: SlackUser,
    /// Since when it hears of this repository.
    pub created_at: i64,
}

impl Subscription {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let topics = row.text("topics")?;
        Ok(Self {
            channel: Channel { team: Team::new(row.text("team")?), id: row.text("channel")? },
            repo: row.read("repo")?,
            // A topic that only a later version knows is left alone.
            topics: topics.split(' ').filter_map(|word| word.parse().ok()).collect(),
            asked_by: SlackUser { team: Team::new(row.text("asked_team")?), id: row.text("asked_by")? },
            created_at: row.number("created_at")?,
        })
    }
}

impl Store {
    /// What a channel hears of.
    pub async fn subscriptions_in(&self, channel: &Channel) -> Result<Vec<Subscription>, Error> {
        let query = sql(IN_CHANNEL).bind(channel.team.as_str()).bind(channel.id.as_str());
        each(&self.base.rows(query).await?, Subscription::from_row)
    }

    /// Who hears of a repository.
    pub async fn subscriptions_to(&self, repo: &RepoName) -> Result<Vec<Subscription>, Error> {
        let rows = self.base.rows(sql(TO_REPO).bind(repo.to_string())).await?;
        each(&rows, Subscription::from_row)
    }
}

impl Tx {
    /// Lets a channel hear of a repository; where it does already, it now hears of these topics.
    pub async fn subscribe(
        &mut self,
        channel: &Channel,
        repo: &RepoName,
        topics: &[Topic],
        asked_by: &SlackUser,
    ) -> Result<(), Error> {
        let query = sql(SUBSCRIBE)
            .bind(channel.team.as_str())
            .bind(channel.id.as_str())
            .bind(repo.to_string())
            .bind(topics.iter().map(|topic| topic.word()).collect::<Vec<_>>().join(" "))
            .bind(asked_by.team.as_str())
            .bind(asked_by.id.as_str())
            .bind(self.now());
        self.write(query).await.map(|_| ())
    }

    /// Lets it hear of it no more. Whether it did.
    pub async fn unsubscribe(&mut self, channel: &Channel, repo: &RepoName) -> Result<bool, Error> {
        let query =
            sql(UNSUBSCRIBE).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(repo.to_string());
        Ok(self.write(query).await? > 0)
    }
}
