//! Feeds that are held back: those whose repository nobody's account sees, and those of channels in which
//! nothing can be said.

use std::collections::{BTreeMap, BTreeSet};

use super::Store;
use super::error::Error;
use super::posts::{self, Post};
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Channel, PrName, RepoName, Team};
use crate::words::wish::RepoPattern;

/// A channel that is shut stands for all of its feeds.
const HELD: &str = "SELECT team, channel, repo, '' AS why FROM held_feeds \
     UNION ALL SELECT team, channel, '' AS repo, why FROM shut_channels";
const HOLD: &str = "INSERT INTO held_feeds (team, channel, repo, since) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (team, channel, repo) DO NOTHING";
const FREE: &str = "DELETE FROM held_feeds WHERE team = $1 AND channel = $2 AND repo = $3";
const SHUT: &str = "INSERT INTO shut_channels (team, channel, why, since) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (team, channel) DO NOTHING";
const OPEN: &str = "DELETE FROM shut_channels WHERE team = $1 AND channel = $2";
/// The cards that were posted or changed last.
const CARDS: &str = "SELECT team, channel, post_key, identity, state, ts, drawn, at FROM posts \
     WHERE team = $1 AND channel = $2 AND state = 'posted' AND post_key LIKE 'card:%' \
     ORDER BY at DESC LIMIT 50";

/// Those of open pull requests, wherever they hang.
const OUT: &str = "SELECT DISTINCT post_key FROM posts, pull_requests WHERE posts.state = 'posted' \
     AND pull_requests.state = 'open' \
     AND post_key = 'card:' || pull_requests.repo || '#' || CAST(pull_requests.number AS TEXT) \
     ORDER BY post_key LIMIT 2000";

pub(super) const ALL: &[Named] = &[
    ("feeds held", HELD),
    ("feed hold", HOLD),
    ("feed free", FREE),
    ("channel shut", SHUT),
    ("channel open", OPEN),
    ("cards in", CARDS),
    ("cards out", OUT),
];

/// What is held back now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldFeeds {
    shut: BTreeMap<Channel, String>,
    feeds: BTreeSet<(Channel, String)>,
}

impl HeldFeeds {
    /// Whether nothing can be said in a channel.
    pub fn is_shut(&self, channel: &Channel) -> bool {
        self.shut.contains_key(channel)
    }

    /// Why nothing can be said in a channel, where nothing can.
    pub fn why_shut(&self, channel: &Channel) -> Option<&str> {
        self.shut.get(channel).map(String::as_str)
    }

    /// Whether a channel's feed waits for somebody to take it over.
    pub fn waits(&self, channel: &Channel, repos: &RepoPattern) -> bool {
        !self.feeds.is_empty() && self.feeds.contains(&(channel.clone(), repos.to_string()))
    }

    /// Whether any feed of a channel does.
    pub fn waits_in(&self, channel: &Channel) -> bool {
        self.feeds.iter().any(|(there, _)| there == channel)
    }
}

impl Store {
    /// What is held back now, wherever it is.
    pub async fn held(&self) -> Result<HeldFeeds, Error> {
        let mut held = HeldFeeds::default();
        for row in self.base.rows(sql(HELD)).await? {
            let channel = Channel { team: Team::new(row.text("team")?), id: row.text("channel")? };
            match row.text("repo")? {
                none if none.is_empty() => drop(held.shut.insert(channel, row.text("why")?)),
                repos => drop(held.feeds.insert((channel, repos))),
            }
        }
        Ok(held)
    }

    /// Whether nothing of a repository is to be shown in a channel: all that it hears of it is held back.
    pub async fn is_held_back(&self, channel: &Channel, repo: &RepoName) -> Result<bool, Error> {
        let held = self.held().await?;
        if held.is_shut(channel) || !held.waits_in(channel) {
            return Ok(held.is_shut(channel));
        }
        let told = self.subscriptions_in(channel).await?;
        let mut these = told.iter().filter(|one| one.repos.covers(repo)).peekable();
        Ok(these.peek().is_some() && these.all(|one| held.waits(channel, &one.repos)))
    }

    /// The open pull requests whose cards are out.
    pub async fn cards_out(&self) -> Result<Vec<PrName>, Error> {
        let keys = each(&self.base.rows(sql(OUT)).await?, |row| row.text("post_key"))?;
        Ok(keys.iter().filter_map(|key| key.strip_prefix("card:")?.parse().ok()).collect())
    }

    /// The cards in a channel that were posted or changed last, fifty at most.
    pub async fn cards_in(&self, channel: &Channel) -> Result<Vec<Post>, Error> {
        let query = sql(CARDS).bind(channel.team.as_str()).bind(channel.id.as_str());
        each(&self.base.rows(query).await?, posts::from_row)
    }
}

impl Tx {
    /// Holds a feed back. Since when, if it was not held back before.
    pub async fn hold_feed(&mut self, channel: &Channel, repos: &RepoPattern) -> Result<Option<i64>, Error> {
        let now = self.now();
        let query = sql(HOLD).bind(channel.team.as_str()).bind(channel.id.as_str());
        let first = self.write(query.bind(repos.to_string()).bind(now)).await? > 0;
        Ok(first.then_some(now))
    }

    /// Lets a feed go on. Whether it was held back.
    pub async fn free_feed(&mut self, channel: &Channel, repos: &RepoPattern) -> Result<bool, Error> {
        let query = sql(FREE).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(repos.to_string());
        Ok(self.write(query).await? > 0)
    }

    /// Nothing can be said in a channel. Since when, if that was not known before.
    pub async fn shut_channel(&mut self, channel: &Channel, why: &str) -> Result<Option<i64>, Error> {
        let now = self.now();
        let query = sql(SHUT).bind(channel.team.as_str()).bind(channel.id.as_str());
        let first = self.write(query.bind(why.to_owned()).bind(now)).await? > 0;
        Ok(first.then_some(now))
    }

    /// It can again. Whether it could not.
    pub async fn open_channel(&mut self, channel: &Channel) -> Result<bool, Error> {
        let query = sql(OPEN).bind(channel.team.as_str()).bind(channel.id.as_str());
        Ok(self.write(query).await? > 0)
    }
}
