//! What the bot has posted, or was about to: written before it is said, so that it is said once.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::Advice;
use crate::words::names::{Channel, PrName, Team};

const ONE: &str = "SELECT team, channel, post_key, identity, state, ts, drawn, at FROM posts \
     WHERE team = $1 AND channel = $2 AND post_key = $3";
const EVERYWHERE: &str = "SELECT team, channel, post_key, identity, state, ts, drawn, at FROM posts \
     WHERE post_key = $1 ORDER BY team, channel";
const AT: &str = "SELECT team, channel, post_key, identity, state, ts, drawn, at FROM posts \
     WHERE team = $1 AND channel = $2 AND ts = $3";
const ABOUT_TO: &str = "INSERT INTO posts (team, channel, post_key, identity, state, at) \
     VALUES ($1, $2, $3, $4, 'about', $5) ON CONFLICT (team, channel, post_key) DO NOTHING";
const POSTED: &str = "UPDATE posts SET state = 'posted', ts = $4, drawn = $5, at = $6 \
     WHERE team = $1 AND channel = $2 AND post_key = $3";
const GONE: &str = "UPDATE posts SET state = 'gone', drawn = NULL, at = $4 \
     WHERE team = $1 AND channel = $2 AND post_key = $3";
const FORGET: &str = "DELETE FROM posts WHERE team = $1 AND channel = $2 AND post_key = $3";

pub(super) const ALL: &[Named] = &[
    ("post", ONE),
    ("posts everywhere", EVERYWHERE),
    ("post at", AT),
    ("post about to", ABOUT_TO),
    ("post posted", POSTED),
    ("post gone", GONE),
    ("post forget", FORGET),
];

/// How far a post has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostState {
    /// It was about to be posted; whether it was, has to be looked up.
    About,
    /// It is there.
    Posted,
    /// It was there, and somebody has removed it.
    Gone,
}

impl std::str::FromStr for PostState {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        match text {
            "about" => Ok(Self::About),
            "posted" => Ok(Self::Posted),
            "gone" => Ok(Self::Gone),
            _ => Err(Advice::new("a post is `about`, `posted` or `gone`")),
        }
    }
}

/// One thing the bot says in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Where.
    pub channel: Channel,
    /// What it is: `card:cloud:web/api#1`.
    pub key: String,
    /// What it is known by in Slack's metadata.
    pub identity: String,
    /// How far it has come.
    pub state: PostState,
    /// Slack's name for the message.
    pub ts: Option<String>,
    /// What makes out how it was last drawn.
    pub drawn: Option<String>,
    /// When it came this far.
    pub at: i64,
    /// Nobody was about to post it before: there is nothing to be looked up.
    pub first: bool,
}

pub(super) fn from_row(row: &AnyRow) -> Result<Post, Error> {
    Ok(Post {
        channel: Channel { team: Team::new(row.text("team")?), id: row.text("channel")? },
        key: row.text("post_key")?,
        identity: row.text("identity")?,
        state: row.read("state")?,
        ts: row.maybe_text("ts")?,
        drawn: row.maybe_text("drawn")?,
        at: row.number("at")?,
        first: false,
    })
}

impl Post {
    /// The key of a pull request's card.
    pub fn card_key(pr: &PrName) -> String {
        format!("card:{pr}")
    }

    /// The pull request whose card it is, if it is one.
    pub fn pull_request(&self) -> Option<PrName> {
        self.key.strip_prefix("card:")?.parse().ok()
    }
}

impl Store {
    /// What is known of a post.
    pub async fn post(&self, channel: &Channel, key: &str) -> Result<Option<Post>, Error> {
        let query = sql(ONE).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(key);
        self.base.row(query).await?.as_ref().map(from_row).transpose()
    }

    /// What was posted in a channel under Slack's name for the message.
    pub async fn post_at(&self, channel: &Channel, ts: &str) -> Result<Option<Post>, Error> {
        let query = sql(AT).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(ts);
        self.base.row(query).await?.as_ref().map(from_row).transpose()
    }

    /// A pull request's cards, in whatever channel.
    pub async fn cards_of(&self, pr: &PrName) -> Result<Vec<Post>, Error> {
        let rows = self.base.rows(sql(EVERYWHERE).bind(Post::card_key(pr))).await?;
        each(&rows, from_row)
    }
}

impl Tx {
    /// Says that this is about to be posted. Where somebody was about to before, or has posted it, the row
    /// is returned as it stands and nothing is written.
    pub async fn about_to_post(
        &mut self,
        channel: &Channel,
        key: &str,
        identity: &str,
    ) -> Result<Post, Error> {
        let begun = sql(ABOUT_TO)
            .bind(channel.team.as_str())
            .bind(channel.id.as_str())
            .bind(key)
            .bind(identity)
            .bind(self.now());
        let first = self.write(begun).await? > 0;
        let found = sql(ONE).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(key);
        match self.row(found).await? {
            Some(row) => Ok(Post { first, ..from_row(&row)? }),
            // Forgotten between the two statements, by another: the same again will do.
            None => Err(Error::Contended("the post was forgotten meanwhile".to_owned())),
        }
    }

    /// It is there under this name, drawn like this. Whether anybody was about to post it.
    pub async fn posted(
        &mut self,
        channel: &Channel,
        key: &str,
        ts: &str,
        drawn: Option<&str>,
    ) -> Result<bool, Error> {
        let query = sql(POSTED)
            .bind(channel.team.as_str())
            .bind(channel.id.as_str())
            .bind(key)
            .bind(ts)
            .bind(drawn.map(str::to_owned))
            .bind(self.now());
        Ok(self.write(query).await? > 0)
    }

    /// Somebody has removed it from the channel. Whether it was known.
    pub async fn post_gone(&mut self, channel: &Channel, key: &str) -> Result<bool, Error> {
        let query =
            sql(GONE).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(key).bind(self.now());
        Ok(self.write(query).await? > 0)
    }

    /// Forgets it, as if it had never been said. Whether it was known.
    pub async fn forget_post(&mut self, channel: &Channel, key: &str) -> Result<bool, Error> {
        let query = sql(FORGET).bind(channel.team.as_str()).bind(channel.id.as_str()).bind(key);
        Ok(self.write(query).await? > 0)
    }
}
