//! The people of the workspace, and the bot among them.

use chrono::{DateTime, Offset};
use chrono_tz::Tz;
use serde_json::{Value, json};

use super::{BotUser, Change, World};

/// What an account is besides a name.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Rank {
    #[default]
    Member,
    Admin,
    Owner,
    /// Invited to some channels only.
    Guest,
    /// At home in another workspace.
    Stranger,
    Bot,
}

/// One account.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub id: String,
    pub name: String,
    pub real_name: String,
    pub email: String,
    pub tz: String,
    pub rank: Rank,
    pub deactivated: bool,
    /// Whether they have shown that the address is theirs.
    pub confirmed: bool,
    /// What their status says.
    pub status: Status,
}

/// What somebody lets others know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Status {
    pub emoji: String,
    pub text: String,
    /// In seconds of the epoch; 0 where it stands until it is taken down.
    pub until: i64,
}

impl Account {
    pub(super) fn bot(bot: &BotUser) -> Self {
        Self {
            id: bot.user.clone(),
            name: bot.name.clone(),
            real_name: bot.name.clone(),
            email: String::new(),
            tz: "Etc/UTC".into(),
            rank: Rank::Bot,
            deactivated: false,
            confirmed: true,
            status: Status::default(),
        }
    }

    /// The account as `users.info` shows it.
    pub fn to_api(&self, world: &World, with_locale: bool) -> Value {
        let mut user = json!({
            "id": self.id,
            "team_id": if self.rank == Rank::Stranger { "T0ELSEWHERE" } else { &world.team.id },
            "name": self.name,
            "deleted": self.deactivated,
            "color": "9f69e7",
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": self.tz_offset(world.now()),
            "profile": self.profile(world),
            "is_admin": matches!(self.rank, Rank::Admin | Rank::Owner),
            "is_owner": self.rank == Rank::Owner,
            "is_primary_owner": false,
            "is_restricted": self.rank == Rank::Guest,
            "is_ultra_restricted": false,
            "is_bot": self.rank == Rank::Bot,
            "is_app_user": false,
            "is_email_confirmed": self.confirmed,
            "updated": world.now() / 1000,
        });
        if self.rank == Rank::Stranger
            && let Some(map) = user.as_object_mut()
        {
            map.insert("is_stranger".into(), json!(true));
        }
        if with_locale && let Some(map) = user.as_object_mut() {
            map.insert("locale".into(), json!("en-GB"));
        }
        user
    }

    fn profile(&self, world: &World) -> Value {
        let mut profile = json!({
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": self.name,
            "display_name_normalized": self.name,
            "team": world.team.id,
            "status_text": self.status.text,
            "status_emoji": self.status.emoji,
            "status_expiration": self.status.until,
        });
        if let Some(map) = profile.as_object_mut() {
            if self.rank == Rank::Bot {
                map.insert("bot_id".into(), json!(world.bot.bot_id));
                map.insert("api_app_id".into(), json!(world.bot.app_id));
            } else if world.may_see_addresses() {
                map.insert("email".into(), json!(self.email));
            }
        }
        profile
    }

    fn tz_offset(&self, now: i64) -> i32 {
        let at = DateTime::from_timestamp_millis(now);
        let zone: Option<Tz> = self.tz.parse().ok();
        at.zip(zone).map_or(0, |(at, zone)| at.with_timezone(&zone).offset().fix().local_minus_utc())
    }
}

impl World {
    /// A new member; the id is its own.
    pub fn add_account(&mut self, name: &str, email: &str, tz: &str) -> Account {
        let account = Account {
            id: self.id('U'),
            name: name.to_owned(),
            real_name: name.to_owned(),
            email: email.to_owned(),
            tz: tz.to_owned(),
            rank: Rank::Member,
            deactivated: false,
            confirmed: true,
            status: Status::default(),
        };
        self.people.push(account.clone());
        self.changed(Change::People);
        account
    }

    /// Whether the bot was granted to see people's addresses.
    pub fn may_see_addresses(&self) -> bool {
        self.scopes.contains(&"users:read.email")
    }

    pub fn account(&self, id: &str) -> Option<&Account> {
        self.people.iter().find(|it| it.id == id)
    }

    pub fn account_mut(&mut self, id: &str) -> Option<&mut Account> {
        self.people.iter_mut().find(|it| it.id == id)
    }

    /// By the name people call them, with or without `@`.
    pub fn account_named(&self, name: &str) -> Option<&Account> {
        let name = name.trim_start_matches('@');
        self.people.iter().find(|it| it.name == name)
    }

    /// The name people call them, or the id where there is none.
    pub fn name_of(&self, id: &str) -> String {
        self.account(id).map_or_else(|| id.to_owned(), |it| it.name.clone())
    }
}
