//! Who a Slack person is on a Bitbucket, and the sealed tokens that prove it.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, each, sql};
use super::tx::Tx;
use crate::words::names::{Instance, PersonId, SlackUser, Team};
use crate::words::pull_request::Person;

const ONE: &str = "SELECT team, user_id, instance, person_id, person_name, person_nickname, access_sealed, \
     refresh_sealed, scopes, expires_at, version, linked_at, doubts \
     FROM links WHERE team = $1 AND user_id = $2 AND instance = $3";
const OF_USER: &str = "SELECT team, user_id, instance, person_id, person_name, person_nickname, \
     access_sealed, refresh_sealed, scopes, expires_at, version, linked_at, doubts \
     FROM links WHERE team = $1 AND user_id = $2 ORDER BY instance";
const PERSON: &str = "SELECT user_id FROM links WHERE team = $1 AND instance = $2 AND person_id = $3 \
     ORDER BY linked_at DESC, user_id LIMIT 1";
const SAVE: &str = "INSERT INTO links (team, user_id, instance, person_id, person_name, person_nickname, \
     access_sealed, refresh_sealed, scopes, expires_at, version, linked_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
     ON CONFLICT (team, user_id, instance) DO UPDATE SET person_id = excluded.person_id, \
     person_name = excluded.person_name, person_nickname = excluded.person_nickname, \
     access_sealed = excluded.access_sealed, refresh_sealed = excluded.refresh_sealed, \
     scopes = excluded.scopes, expires_at = excluded.expires_at, version = excluded.version, \
     linked_at = excluded.linked_at, refresher = NULL, refresh_until = NULL, doubts = 0";
const FORGET: &str = "DELETE FROM links WHERE team = $1 AND user_id = $2 AND instance = $3";
/// Another's that is still there began and was never heard of again: Bitbucket may have done it.
const TAKE_REFRESH: &str = "UPDATE links SET \
     doubts = doubts + CASE WHEN refresher IS NOT NULL AND refresher <> $4 THEN 1 ELSE 0 END, \
     refresher = $4, refresh_until = $5 \
     WHERE team = $1 AND user_id = $2 AND instance = $3 \
     AND (refresh_until IS NULL OR refresh_until <= $6 OR refresher = $4)";
const RENEW: &str = "UPDATE links SET access_sealed = $5, refresh_sealed = $6, scopes = $7, expires_at = $8, \
     version = $9, refresher = NULL, refresh_until = NULL, doubts = 0 \
     WHERE team = $1 AND user_id = $2 AND instance = $3 AND version = $4";
const LEAVE_REFRESH: &str = "UPDATE links SET refresher = NULL, refresh_until = NULL \
     WHERE team = $1 AND user_id = $2 AND instance = $3 AND refresher = $4";
/// What was found out with the account counts no more when it goes, or when another comes.
const FORGET_READS: &str = "DELETE FROM reads WHERE team = $1 AND user_id = $2 AND repo LIKE $3";
const END: &str = "UPDATE links SET refresh_sealed = NULL, version = $5, refresher = NULL, \
     refresh_until = NULL, doubts = 0 \
     WHERE team = $1 AND user_id = $2 AND instance = $3 AND version = $4";

pub(super) const ALL: &[Named] = &[
    ("link", ONE),
    ("links of a user", OF_USER),
    ("link of a person", PERSON),
    ("link save", SAVE),
    ("link forget", FORGET),
    ("link take refresh", TAKE_REFRESH),
    ("link renew", RENEW),
    ("link leave refresh", LEAVE_REFRESH),
    ("link end", END),
    ("link forget reads", FORGET_READS),
];

/// Tokens, sealed by whoever hands them over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The access token, sealed.
    pub access_sealed: String,
    /// The refresh token, sealed, where there is one.
    pub refresh_sealed: Option<String>,
    /// What they allow, as Bitbucket says it.
    pub scopes: String,
    /// When the access token ends, where it does.
    pub expires_at: Option<i64>,
}

/// A Slack person's account on a Bitbucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The Slack person.
    pub user: SlackUser,
    /// The Bitbucket.
    pub instance: Instance,
    /// Who they are there.
    pub person: Person,
    /// What proves it.
    pub tokens: Tokens,
    /// Another one with every change of the tokens, and never the same again.
    pub version: i64,
    /// When they connected.
    pub linked_at: i64,
    /// How often a refresh of these tokens began of which nobody knows how it ended.
    pub doubts: i64,
}

impl Link {
    /// Whether it is a token that its person made: nothing renews it, and it says no end.
    pub fn is_own_token(&self) -> bool {
        self.tokens.refresh_sealed.is_none() && self.tokens.expires_at.is_none()
    }

    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            user: SlackUser { team: Team::new(row.text("team")?), id: row.text("user_id")? },
            instance: Instance::new(row.text("instance")?),
            person: Person {
                id: PersonId::new(row.text("person_id")?),
                name: row.text("person_name")?,
                nickname: row.maybe_text("person_nickname")?,
            },
            tokens: Tokens {
                access_sealed: row.text("access_sealed")?,
                refresh_sealed: row.maybe_text("refresh_sealed")?,
                scopes: row.text("scopes")?,
                expires_at: row.maybe_number("expires_at")?,
            },
            version: row.number("version")?,
            linked_at: row.number("linked_at")?,
            doubts: row.number("doubts")?,
        })
    }
}

impl Store {
    /// Who this person is there, if they have connected.
    pub async fn link(&self, user: &SlackUser, instance: &Instance) -> Result<Option<Link>, Error> {
        let query = sql(ONE).bind(user.team.as_str()).bind(user.id.as_str()).bind(instance.as_str());
        self.base.row(query).await?.as_ref().map(Link::from_row).transpose()
    }

    /// Every account this person has connected.
    pub async fn links_of(&self, user: &SlackUser) -> Result<Vec<Link>, Error> {
        let query = sql(OF_USER).bind(user.team.as_str()).bind(user.id.as_str());
        each(&self.base.rows(query).await?, Link::from_row)
    }

    /// Who in this workspace is that person on Bitbucket; the last to connect, should there be two.
    pub async fn linked_person(
        &self,
        team: &Team,
        instance: &Instance,
        person: &PersonId,
    ) -> Result<Option<SlackUser>, Error> {
        let query = sql(PERSON).bind(team.as_str()).bind(instance.as_str()).bind(person.as_str());
        let Some(row) = self.base.row(query).await? else {
            return Ok(None);
        };
        Ok(Some(SlackUser { team: team.clone(), id: row.text("user_id")? }))
    }

    /// Takes it upon `owner` to refresh these tokens until this moment. False while another does.
    pub async fn take_refresh(
        &self,
        user: &SlackUser,
        instance: &Instance,
        owner: &str,
        until: i64,
    ) -> Result<bool, Error> {
        let query = sql(TAKE_REFRESH)
            .bind(user.team.as_str())
            .bind(user.id.as_str())
            .bind(instance.as_str())
            .bind(owner)
            .bind(until)
            .bind(self.base.now());
        Ok(self.base.write(query).await? > 0)
    }

    /// Gives a refresh back of which it is known that Bitbucket did not do it.
    pub async fn leave_refresh(
        &self,
        user: &SlackUser,
        instance: &Instance,
        owner: &str,
    ) -> Result<(), Error> {
        let query = sql(LEAVE_REFRESH)
            .bind(user.team.as_str())
            .bind(user.id.as_str())
            .bind(instance.as_str())
            .bind(owner);
        self.base.write(query).await.map(|_| ())
    }

    /// Replaces the tokens of this version and ends the refresh. The new version, or none when the link
    /// has changed or gone meanwhile: then nothing is written.
    pub async fn renew_tokens(
        &self,
        user: &SlackUser,
        instance: &Instance,
        version: i64,
        tokens: &Tokens,
    ) -> Result<Option<i64>, Error> {
        let next = self.base.ids.above(version);
        let query = sql(RENEW)
            .bind(user.team.as_str())
            .bind(user.id.as_str())
            .bind(instance.as_str())
            .bind(version)
            .bind(tokens.access_sealed.as_str())
            .bind(tokens.refresh_sealed.clone())
            .bind(tokens.scopes.as_str())
            .bind(tokens.expires_at)
            .bind(next);
        Ok((self.base.write(query).await? > 0).then_some(next))
    }
}

impl Tx {
    /// Links a Slack person to their account, instead of the one they had there.
    pub async fn save_link(
        &mut self,
        user: &SlackUser,
        instance: &Instance,
        person: &Person,
        tokens: &Tokens,
    ) -> Result<(), Error> {
        let query = sql(SAVE)
            .bind(user.team.as_str())
            .bind(user.id.as_str())
            .bind(instance.as_str())
            .bind(person.id.as_str())
            .bind(person.name.as_str())
            .bind(person.nickname.clone())
            .bind(tokens.access_sealed.as_str())
            .bind(tokens.refresh_sealed.clone())
            .bind(tokens.scopes.as_str())
            .bind(tokens.expires_at)
            .bind(self.base.ids.next())
            .bind(self.now());
        self.write(query).await?;
        self.forget_reads(user, instance).await
    }

    async fn forget_reads(&mut self, user: &SlackUser, instance: &Instance) -> Result<(), Error> {
        let there = format!("{instance}:%").to_lowercase();
        let query = sql(FORGET_READS).bind(user.team.as_str()).bind(user.id.as_str()).bind(there);
        self.write(query).await.map(|_| ())
    }

    /// Nothing renews the tokens of this version any more. False when the link has changed or gone meanwhile.
    pub async fn end_link(&mut self, link: &Link) -> Result<bool, Error> {
        let query = sql(END)
            .bind(link.user.team.as_str())
            .bind(link.user.id.as_str())
            .bind(link.instance.as_str())
            .bind(link.version)
            .bind(self.base.ids.above(link.version));
        Ok(self.write(query).await? > 0)
    }

    /// Forgets the account and its tokens. Whether there was one.
    pub async fn forget_link(&mut self, user: &SlackUser, instance: &Instance) -> Result<bool, Error> {
        let query = sql(FORGET).bind(user.team.as_str()).bind(user.id.as_str()).bind(instance.as_str());
        self.forget_reads(user, instance).await?;
        Ok(self.write(query).await? > 0)
    }
}
