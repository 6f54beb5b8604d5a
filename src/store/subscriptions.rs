//! Which channel hears of which repositories, and of what.

use std::sync::Arc;

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::listeners::Listeners;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Channel, RepoName, SlackUser, Team};
use crate::words::wish::{RepoPattern, Size, Wish};

const IN_CHANNEL: &str = "SELECT team, channel, repo, topics, main_only, filter, size, thread, broadcast, \
     asked_team, asked_by, created_at FROM subscriptions WHERE team = $1 AND channel = $2 ORDER BY repo";
const EVERY: &str = "SELECT team, channel, repo, topics, main_only, filter, size, thread, broadcast, \
     asked_team, asked_by, created_at FROM subscriptions ORDER BY team, channel, repo";
/// Which change the subscriptions stand at: whoever holds a copy of them looks whether it still counts.
const VERSION: &str = "SELECT version FROM versions WHERE name = 'subscriptions'";
const CHANGED: &str = "UPDATE versions SET version = version + 1 WHERE name = 'subscriptions'";
const SUBSCRIBE: &str = "INSERT INTO subscriptions (team, channel, repo, topics, main_only, filter, size, \
     thread, broadcast, asked_team, asked_by, created_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
     ON CONFLICT (team, channel, repo) DO UPDATE SET topics = excluded.topics, \
     main_only = excluded.main_only, filter = excluded.filter, size = excluded.size, \
     thread = excluded.thread, broadcast = excluded.broadcast, \
     asked_team = excluded.asked_team, asked_by = excluded.asked_by";
const UNSUBSCRIBE: &str = "DELETE FROM subscriptions WHERE team = $1 AND channel = $2 AND repo = $3";

pub(super) const ALL: &[Named] = &[
    ("subscriptions in", IN_CHANNEL),
    ("subscriptions", EVERY),
    ("subscriptions version", VERSION),
    ("subscriptions changed", CHANGED),
    ("subscribe", SUBSCRIBE),
    ("unsubscribe", UNSUBSCRIBE),
];

/// A channel that hears of repositories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The channel.
    pub channel: Channel,
    /// The repositories.
    pub repos: RepoPattern,
    /// What it hears of, and how.
    pub wish: Wish,
    /// Who asked for it last.
    pub asked_by: SlackUser,
    /// Since when it hears of these repositories.
    pub created_at: i64,
}

impl Subscription {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let topics = row.text("topics")?;
        let filter = row.maybe_text("filter")?;
        let filter = filter.map(|text| text.parse().map_err(|_| Error::Unreadable("filter".to_owned())));
        Ok(Self {
            channel: Channel { team: Team::new(row.text("team")?), id: row.text("channel")? },
            repos: row.read("repo")?,
            wish: Wish {
                // A topic that only a later version knows is left alone.
                topics: topics.split(' ').filter_map(|word| word.parse().ok()).collect(),
                main_only: row.number("main_only")? != 0,
                filter: filter.transpose()?,
                size: row.text("size")?.parse().unwrap_or(Size::Normal),
                thread: row.number("thread")? != 0,
                broadcast: row.number("broadcast")? != 0,
            },
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

    /// Who hears of what. It is read once, and again when it has changed, by whichever replica.
    pub async fn listeners(&self) -> Result<Arc<Listeners>, Error> {
        let version = self.version().await?;
        if let Some(listeners) = self.listeners.at(version, self.base.now()) {
            return Ok(listeners);
        }
        let _one_reads = self.listeners.reading.lock().await;
        // What is read now is as new as this, or newer.
        let (version, now) = (self.version().await?, self.base.now());
        if let Some(listeners) = self.listeners.at(version, now) {
            return Ok(listeners);
        }
        let all = each(&self.base.rows(sql(EVERY)).await?, Subscription::from_row)?;
        let listeners = Arc::new(Listeners::of(all));
        self.listeners.keep(version, now, &listeners);
        Ok(listeners)
    }

    async fn version(&self) -> Result<i64, Error> {
        match self.base.row(sql(VERSION)).await? {
            Some(row) => row.number("version"),
            None => Ok(0),
        }
    }

    /// Who hears of a repository.
    pub async fn subscriptions_to(&self, repo: &RepoName) -> Result<Vec<Arc<Subscription>>, Error> {
        Ok(self.listeners().await?.to(repo).cloned().collect())
    }
}

impl Tx {
    /// Lets a channel hear of repositories; where it does already, it now hears just this.
    pub async fn subscribe(
        &mut self,
        channel: &Channel,
        repos: &RepoPattern,
        wish: &Wish,
        asked_by: &SlackUser,
    ) -> Result<(), Error> {
        let query = sql(SUBSCRIBE)
            .bind(channel.team.as_str())
            .bind(channel.id.as_str())
            .bind(repos.to_string())
            .bind(wish.topics.iter().map(|topic| topic.word()).collect::<Vec<_>>().join(" "))
            .bind(i64::from(wish.main_only))
            .bind(wish.filter.as_ref().map(ToString::to_string))
            .bind(wish.size.to_string())
            .bind(i64::from(wish.thread))
            .bind(i64::from(wish.broadcast))
            .bind(asked_by.team.as_str())
            .bind(asked_by.id.as_str())
            .bind(self.now());
        self.write(query).await?;
        if let Some(repo) = repos.one() {
            // Whoever asks for one repository has just been seen to read it.
            self.saw_reading(&repo, asked_by, true).await?;
        }
        self.subscriptions_changed().await
    }

    /// Whoever holds a copy of the subscriptions has to read them again.
    pub(super) async fn subscriptions_changed(&mut self) -> Result<(), Error> {
        self.write(sql(CHANGED)).await.map(|_| ())
    }

    /// Lets it hear of them no more. Whether it did.
    pub async fn unsubscribe(&mut self, channel: &Channel, repos: &RepoPattern) -> Result<bool, Error> {
        let query =
            sql(UNSUBSCRIBE).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(repos.to_string());
        let heard = self.write(query).await? > 0;
        self.subscriptions_changed().await?;
        Ok(heard)
    }
}
