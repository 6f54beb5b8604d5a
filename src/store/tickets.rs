//! Connecting, step by step. Each step asks for the one before, so that nothing is used twice.

use sqlx::any::AnyRow;

use super::Store;
use super::error::Error;
use super::links::Tokens;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::Advice;
use crate::words::names::{Channel, Instance, PersonId, SlackUser, Team};
use crate::words::pull_request::Person;

macro_rules! select {
    ($which:literal) => {
        concat!(
            "SELECT hash, team, user_id, instance, channel, created_at, expires_at, state, cookie_hash, \
             verifier_sealed, person_id, person_name, person_nickname, access_sealed, refresh_sealed, \
             scopes, token_expires_at, command, wider FROM tickets WHERE ",
            $which,
            " AND expires_at > $2"
        )
    };
}

const BY_HASH: &str = select!("hash = $1");
const BY_STATE: &str = select!("state_hash = $1");
const OPEN: &str = "INSERT INTO tickets (hash, team, user_id, instance, channel, created_at, expires_at, \
     state, command, wider) VALUES ($1, $2, $3, $4, $5, $6, $7, 'fresh', $8, $9)";
const SEND: &str = "UPDATE tickets SET state = 'sent', state_hash = $3, cookie_hash = $4, \
     verifier_sealed = $5 WHERE hash = $1 AND expires_at > $2 AND (state = 'fresh' OR state = 'sent')";
const RETURN: &str = "UPDATE tickets SET state = 'returned', person_id = $3, person_name = $4, \
     person_nickname = $5, access_sealed = $6, refresh_sealed = $7, scopes = $8, token_expires_at = $9, \
     verifier_sealed = NULL WHERE hash = $1 AND expires_at > $2 AND state = 'sent'";
/// The tokens are the link's by now: a used ticket keeps none.
const USE_UP: &str = "UPDATE tickets SET state = 'used', access_sealed = NULL, refresh_sealed = NULL \
     WHERE hash = $1 AND expires_at > $2 AND state = 'returned'";

pub(super) const ALL: &[Named] = &[
    ("ticket", BY_HASH),
    ("ticket by state", BY_STATE),
    ("ticket open", OPEN),
    ("ticket send", SEND),
    ("ticket return", RETURN),
    ("ticket use up", USE_UP),
];

/// How long a ticket lives, in milliseconds.
const LIVES_FOR: i64 = 10 * 60 * 1000;

/// How far a person has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketState {
    /// The link was given to them.
    Fresh,
    /// They were sent to Bitbucket.
    Sent,
    /// They are back, and have to confirm.
    Returned,
    /// They are connected.
    Used,
}

impl std::str::FromStr for TicketState {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        match text {
            "fresh" => Ok(Self::Fresh),
            "sent" => Ok(Self::Sent),
            "returned" => Ok(Self::Returned),
            "used" => Ok(Self::Used),
            _ => Err(Advice::new("a ticket is `fresh`, `sent`, `returned` or `used`")),
        }
    }
}

/// A ticket to be given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    /// The hash of the random name in the link; the name itself is stored nowhere.
    pub hash: String,
    /// Who may use it.
    pub user: SlackUser,
    /// The Bitbucket they connect to.
    pub instance: Instance,
    /// Where they asked.
    pub channel: Channel,
    /// What they wanted to do, as JSON.
    pub command: Option<String>,
    /// The scopes they are to allow besides the least.
    pub wider: Vec<String>,
}

/// What must come back from Bitbucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The hash of the state in the address.
    pub state_hash: String,
    /// The hash of the browser's cookie.
    pub cookie_hash: String,
    /// The verifier that proves the code is ours, sealed.
    pub verifier_sealed: String,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returned {
    /// Who they are there.
    pub person: Person,
    /// Their tokens.
    pub tokens: Tokens,
}

/// A ticket that is still alive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Its hash.
    pub hash: String,
    /// Who may use it.
    pub user: SlackUser,
    /// The Bitbucket they connect to.
    pub instance: Instance,
    /// Where they asked.
    pub channel: Channel,
    /// When it was given out.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// How far they have come.
    pub state: TicketState,
    /// The hash of the browser's cookie, once sent.
    pub cookie_hash: Option<String>,
    /// The verifier, sealed, while it is sent.
    pub verifier_sealed: Option<String>,
    /// What came back, while it waits to be confirmed.
    pub returned: Option<Returned>,
    /// What they wanted to do, as JSON.
    pub command: Option<String>,
    /// The scopes they are to allow besides the least.
    pub wider: Vec<String>,
}

impl Ticket {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        let team = Team::new(row.text("team")?);
        let state = row.read("state")?;
        Ok(Self {
            hash: row.text("hash")?,
            user: SlackUser { team: team.clone(), id: row.text("user_id")? },
            instance: Instance::new(row.text("instance")?),
            channel: Channel { team, id: row.text("channel")? },
            created_at: row.number("created_at")?,
            expires_at: row.number("expires_at")?,
            state,
            cookie_hash: row.maybe_text("cookie_hash")?,
            verifier_sealed: row.maybe_text("verifier_sealed")?,
            returned: match state {
                TicketState::Returned => Some(Returned::from_row(row)?),
                _ => None,
            },
            command: row.maybe_text("command")?,
            wider: row.text("wider")?.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

impl Returned {
    fn from_row(row: &AnyRow) -> Result<Self, Error> {
        Ok(Self {
            person: Person {
                id: PersonId::new(row.text("person_id")?),
                name: row.text("person_name")?,
                nickname: row.maybe_text("person_nickname")?,
            },
            tokens: Tokens {
                access_sealed: row.text("access_sealed")?,
                refresh_sealed: row.maybe_text("refresh_sealed")?,
                scopes: row.text("scopes")?,
                expires_at: row.maybe_number("token_expires_at")?,
            },
        })
    }
}

impl Store {
    /// The ticket with this hash, unless it has ended.
    pub async fn ticket(&self, hash: &str) -> Result<Option<Ticket>, Error> {
        self.ticket_where(BY_HASH, hash).await
    }

    /// The ticket that was sent to Bitbucket with this state, unless it has ended.
    pub async fn ticket_by_state(&self, state_hash: &str) -> Result<Option<Ticket>, Error> {
        self.ticket_where(BY_STATE, state_hash).await
    }

    async fn ticket_where(&self, which: &'static str, hash: &str) -> Result<Option<Ticket>, Error> {
        let query = sql(which).bind(hash).bind(self.base.now());
        self.base.row(query).await?.as_ref().map(Ticket::from_row).transpose()
    }
}

impl Tx {
    /// Gives out a ticket; it lives ten minutes.
    pub async fn open_ticket(&mut self, ticket: &NewTicket) -> Result<(), Error> {
        let now = self.now();
        let query = sql(OPEN)
            .bind(ticket.hash.as_str())
            .bind(ticket.user.team.as_str())
            .bind(ticket.user.id.as_str())
            .bind(ticket.instance.as_str())
            .bind(ticket.channel.id.as_str())
            .bind(now)
            .bind(now.saturating_add(LIVES_FOR))
            .bind(ticket.command.clone())
            .bind(ticket.wider.join(" "));
        self.write(query).await.map(|_| ())
    }

    /// The person goes to Bitbucket; going again makes the time before void. False when they are back
    /// already, or the ticket has ended.
    pub async fn send_ticket(&mut self, hash: &str, sent: &Sent) -> Result<bool, Error> {
        let query = sql(SEND)
            .bind(hash)
            .bind(self.now())
            .bind(sent.state_hash.as_str())
            .bind(sent.cookie_hash.as_str())
            .bind(sent.verifier_sealed.as_str());
        Ok(self.write(query).await? > 0)
    }

    /// The person is back from Bitbucket. False when they were not sent, are back already, or too late.
    pub async fn return_ticket(&mut self, hash: &str, returned: &Returned) -> Result<bool, Error> {
        let query = sql(RETURN)
            .bind(hash)
            .bind(self.now())
            .bind(returned.person.id.as_str())
            .bind(returned.person.name.as_str())
            .bind(returned.person.nickname.clone())
            .bind(returned.tokens.access_sealed.as_str())
            .bind(returned.tokens.refresh_sealed.clone())
            .bind(returned.tokens.scopes.as_str())
            .bind(returned.tokens.expires_at);
        Ok(self.write(query).await? > 0)
    }

    /// The person has confirmed. False when somebody was first, or it is too late.
    pub async fn use_up_ticket(&mut self, hash: &str) -> Result<bool, Error> {
        Ok(self.write(sql(USE_UP).bind(hash).bind(self.now())).await? > 0)
    }
}
