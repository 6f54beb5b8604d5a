//! Who is who in a workspace: one person by their id, or its full members by their addresses.

use serde_json::Value;

use super::calls::owned;
use super::{Error, SlackBot, loose};
use crate::words::names::{SlackUser, Team};

/// How many people one page of a workspace holds.
const PAGE: &str = "1000";
/// How many pages are looked through at most.
const MOST_PAGES: usize = 20;

/// Who a person is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserInfo {
    /// What they are called.
    pub name: String,
    /// Their time zone, as `Europe/Berlin`.
    pub tz: Option<String>,
    /// Whether they administer the workspace.
    pub admin: bool,
    /// Whether they own it.
    pub owner: bool,
    /// Their address, where the bot may see it.
    pub email: Option<String>,
    /// What they are in the workspace.
    pub standing: Standing,
    /// Whether their status says that they are away.
    pub away: Option<Away>,
}

/// Somebody's status says that they are away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// What it says.
    pub says: String,
    /// Until when, in epoch milliseconds, where it says so.
    pub until: Option<i64>,
}

/// The pictures of a status that says so.
const AWAY_SIGNS: [&str; 6] = [
    ":palm_tree:",
    ":face_with_thermometer:",
    ":desert_island:",
    ":ooo:",
    ":beach_with_umbrella:",
    ":airplane:",
];
/// And its words.
const AWAY_WORDS: [&str; 8] =
    ["vacation", "out of office", "ooo", "out sick", "sick", "on leave", "parental leave", "annual leave"];

/// What somebody is in the workspace they ask from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A full member.
    Member,
    /// Invited to some channels only.
    Guest,
    /// From another workspace, by a shared channel.
    Stranger,
    /// Their account was closed.
    Gone,
}

/// A full member of a workspace whose address is confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: SlackUser,
    /// Their address, in lower case.
    pub email: String,
}

impl SlackBot {
    /// Who a person is.
    pub async fn user_info(&self, person: &SlackUser) -> Result<UserInfo, Error> {
        const METHOD: &str = "users.info";
        let answer = self.read(METHOD, &[("user", person.id.as_str())]).await?;
        let user = answer.get("user").ok_or_else(|| Error::unreadable(METHOD))?;
        let names = ["/profile/display_name", "/profile/real_name", "/real_name", "/name"];
        Ok(UserInfo {
            name: loose::first(user, &names).unwrap_or(&person.id).to_owned(),
            tz: owned(user, "/tz"),
            admin: loose::flag(user, "/is_admin"),
            owner: loose::flag(user, "/is_owner") || loose::flag(user, "/is_primary_owner"),
            email: owned(user, "/profile/email"),
            standing: standing(user, &person.team),
            away: away(user),
        })
    }

    /// A person, if they are a full member whose address is confirmed.
    pub async fn member_info(&self, person: &SlackUser) -> Result<Option<Member>, Error> {
        let answer = self.read("users.info", &[("user", person.id.as_str())]).await?;
        Ok(answer.get("user").and_then(|user| member(user, &person.team)))
    }

    /// The full member with this address, if there is one and it is confirmed.
    pub async fn member_by_email(&self, team: &Team, email: &str) -> Result<Option<Member>, Error> {
        match self.read("users.lookupByEmail", &[("email", email)]).await {
            Ok(answer) => {
                let found = answer.get("user").and_then(|user| member(user, team));
                Ok(found.filter(|member| member.email == email.to_lowercase()))
            }
            Err(error) if error.is_gone_person() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The full members whose addresses are confirmed.
    pub async fn members(&self, team: &Team) -> Result<Vec<Member>, Error> {
        let (mut found, mut cursor) = (Vec::new(), String::new());
        for _ in 0..MOST_PAGES {
            let mut fields = vec![("limit", PAGE)];
            if !cursor.is_empty() {
                fields.push(("cursor", &cursor));
            }
            let page = self.read("users.list", &fields).await?;
            found.extend(loose::items(&page, "/members").iter().filter_map(|user| member(user, team)));
            match loose::text(&page, "/response_metadata/next_cursor") {
                Some(next) => next.clone_into(&mut cursor),
                None => break,
            }
        }
        Ok(found)
    }
}

/// A status of one's own, or the one Slack sets for those whose calendar says so.
fn away(user: &Value) -> Option<Away> {
    let text = loose::text(user, "/profile/status_text").unwrap_or_default().trim().to_owned();
    let sign = loose::text(user, "/profile/status_emoji").unwrap_or_default();
    let plain: String =
        text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = format!(" {} ", plain.split_whitespace().collect::<Vec<_>>().join(" "));
    let says_so =
        |said: &&str| words.contains(&format!(" {said} ")) || words.contains(&format!(" {said}ing "));
    if !AWAY_SIGNS.contains(&sign) && !AWAY_WORDS.iter().any(says_so) {
        return None;
    }
    let until = user.pointer("/profile/status_expiration").and_then(Value::as_i64).filter(|at| *at > 0);
    let says = if text.is_empty() { "Away".to_owned() } else { text };
    Some(Away { says, until: until.map(|at| at.saturating_mul(1000)) })
}

/// Whoever is here in person and for good, and has shown that the address is theirs.
fn member(user: &Value, team: &Team) -> Option<Member> {
    let robot = ["/is_bot", "/is_app_user", "/is_workflow_bot"].iter().any(|flag| loose::flag(user, flag));
    let counts =
        !robot && loose::flag(user, "/is_email_confirmed") && standing(user, team) == Standing::Member;
    let email = owned(user, "/profile/email").filter(|_| counts)?.to_lowercase();
    Some(Member { user: SlackUser { team: team.clone(), id: owned(user, "/id")? }, email })
}

fn standing(user: &Value, team: &Team) -> Standing {
    if loose::flag(user, "/deleted") {
        Standing::Gone
    } else if loose::flag(user, "/is_stranger") || is_elsewhere(user, team) {
        Standing::Stranger
    } else if loose::flag(user, "/is_restricted") || loose::flag(user, "/is_ultra_restricted") {
        Standing::Guest
    } else {
        Standing::Member
    }
}

/// At home in another workspace, and in none of this one's enterprise. Where all of an enterprise asks, its
/// people's workspaces say nothing.
fn is_elsewhere(user: &Value, team: &Team) -> bool {
    let home = loose::text(user, "/team_id").unwrap_or(team.as_str());
    let also = loose::items(user, "/enterprise_user/teams");
    team.as_str().starts_with('T') && home != team.as_str() && !also.iter().any(|one| one == team.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_full_members_with_a_confirmed_address_count() {
        let team = Team::new("T1");
        let with = |name: &str, value: Value| {
            let mut user = json!({"id": "U1", "team_id": "T1", "is_email_confirmed": true,
                "profile": {"email": "Ada@Example.test"}});
            user[name] = value;
            member(&user, &team)
        };
        assert_eq!(with("name", json!("ada")).unwrap().email, "ada@example.test");
        for (name, value) in [
            ("is_email_confirmed", json!(false)),
            ("is_email_confirmed", Value::Null),
            ("deleted", json!(true)),
            ("is_restricted", json!(true)),
            ("is_ultra_restricted", json!(true)),
            ("is_stranger", json!(true)),
            ("is_bot", json!(true)),
            ("team_id", json!("T2")),
            ("profile", json!({})),
        ] {
            assert_eq!(with(name, value.clone()), None, "{name} {value}");
        }
    }
}
