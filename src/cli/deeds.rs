//! What the operator does from the command line, into the audit log of each workspace that it concerns.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Failed;
use crate::bot::DONE;
use crate::clock::random_name;
use crate::seal::Seal;
use crate::store::{self, Deed, JobRow, Store, Tx};
use crate::words::names::{Channel, SlackUser, Team};

/// Something the operator does.
pub struct OperatorDeed {
    /// What, as the command line has it, with dots.
    pub command: &'static str,
    /// To what, in plain fields.
    pub fields: Value,
    /// What the log can be searched for.
    pub reference: String,
}

impl OperatorDeed {
    /// Writes it down for these workspaces, in the unit of work that does it.
    pub async fn write_down(
        &self,
        tx: &mut Tx,
        seal: &Seal,
        teams: &BTreeSet<Team>,
    ) -> Result<(), store::Error> {
        let once = format!("operator:{}", random_name(16));
        for team in teams {
            let deed = Deed {
                user: SlackUser { team: team.clone(), id: Deed::OPERATOR.to_owned() },
                person: None,
                channel: Channel { team: team.clone(), id: String::new() },
                message: None,
                command: self.command.to_owned(),
                fields: self.fields.to_string(),
                repo: None,
                version: None,
                result: DONE.to_owned(),
                reference: self.reference.clone(),
                once: once.clone(),
            };
            tx.write_down(seal, &deed).await?;
        }
        Ok(())
    }
}

/// Every workspace that has installed Dipper or has an audit log.
pub async fn everybody(store: &Store) -> Result<BTreeSet<Team>, Failed> {
    let mut teams: BTreeSet<Team> = store.audited_teams().await.map_err(Failed::other)?.into_iter().collect();
    teams.extend(store.installs().await.map_err(Failed::other)?.into_iter().map(|install| install.team));
    Ok(teams)
}

/// The workspaces that a job names; where it names none, it may concern any.
pub async fn concerned(store: &Store, job: &JobRow) -> Result<BTreeSet<Team>, Failed> {
    let mut named = BTreeSet::new();
    if let Ok(payload) = serde_json::from_str::<Value>(&job.payload) {
        teams_in(&payload, &mut named);
    }
    if named.is_empty() { everybody(store).await } else { Ok(named) }
}

fn teams_in(value: &Value, found: &mut BTreeSet<Team>) {
    match value {
        Value::Object(fields) => {
            let named = fields.get("team").and_then(Value::as_str).filter(|team| is_team(team));
            found.extend(named.map(Team::new));
            fields.values().for_each(|value| teams_in(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| teams_in(value, found)),
        _ => {}
    }
}

fn is_team(text: &str) -> bool {
    text.starts_with(['T', 'E'])
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_jobs_workspaces_are_those_of_the_people_and_places_in_it() {
        let payload = json!({"card": {"channel": {"team": "T1", "id": "C1"}, "pr": "cloud:web/api#1"},
            "to": [{"team": "T2", "id": "U1"}], "action": {"fields": {"team": "of five"}}});
        let mut found = BTreeSet::new();
        teams_in(&payload, &mut found);
        assert_eq!(found.into_iter().map(|team| team.0).collect::<Vec<_>>(), ["T1", "T2"]);
    }
}
