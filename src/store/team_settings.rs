//! What the Dipper admins of a workspace have decided for all of it.

use super::Store;
use super::error::Error;
use super::rows::{Columns, Named, sql};
use super::tx::Tx;
use crate::words::names::{Instance, Team, Topic};
use crate::words::preference::Deeds;
use crate::words::request::Deciders;

const ONE: &str = "SELECT instance, topics, mentions, matching, jira, approvers, two_person \
     FROM team_settings WHERE team = $1";
const SET: &str = "INSERT INTO team_settings (team, instance, topics, mentions, \
     matching, changed_at, jira, approvers, two_person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (team) DO UPDATE SET instance = excluded.instance, \
     topics = excluded.topics, mentions = excluded.mentions, \
     matching = excluded.matching, changed_at = excluded.changed_at, jira = excluded.jira, \
     approvers = excluded.approvers, two_person = excluded.two_person";

pub(super) const ALL: &[Named] = &[("team settings", ONE), ("team settings set", SET)];

/// A workspace's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamSettings {
    /// The Bitbucket that is meant where nobody names one.
    pub instance: Option<Instance>,
    /// What a new subscription tells where no topics are named.
    pub topics: Vec<Topic>,
    /// Whether Bitbucket's people are mentioned by their Slack names.
    pub mentions: bool,
    /// Whether those who have not connected are found by their e-mail addresses.
    pub matching: bool,
    /// Where its Jira is, so that the issues a pull request names can be linked.
    pub jira: Option<String>,
    /// Who decides about what others ask for.
    pub approvers: Deciders,
    /// What is done only when a second person agrees.
    pub two_person: Deeds,
}

impl Default for TeamSettings {
    fn default() -> Self {
        Self {
            instance: None,
            topics: Topic::USUAL.to_vec(),
            mentions: true,
            matching: true,
            jira: None,
            approvers: Deciders::default(),
            two_person: Deeds::default(),
        }
    }
}

impl Store {
    /// What a workspace has decided; what holds by default where it has not.
    pub async fn team_settings(&self, team: &Team) -> Result<TeamSettings, Error> {
        let Some(row) = self.base.row(sql(ONE).bind(team.as_str())).await? else {
            return Ok(TeamSettings::default());
        };
        let topics = row.text("topics")?;
        Ok(TeamSettings {
            instance: row.maybe_text("instance")?.map(Instance::new),
            // A topic that only a later version knows is left alone.
            topics: topics.split(' ').filter_map(|word| word.parse().ok()).collect(),
            mentions: row.number("mentions")? != 0,
            matching: row.number("matching")? != 0,
            jira: row.maybe_text("jira")?,
            approvers: row.maybe_text("approvers")?.and_then(|text| text.parse().ok()).unwrap_or_default(),
            two_person: row.maybe_text("two_person")?.and_then(|text| text.parse().ok()).unwrap_or_default(),
        })
    }
}

impl Tx {
    /// Decides for a workspace.
    pub async fn set_team_settings(&mut self, team: &Team, settings: &TeamSettings) -> Result<(), Error> {
        let topics = settings.topics.iter().map(|topic| topic.word()).collect::<Vec<_>>().join(" ");
        let query = sql(SET)
            .bind(team.as_str())
            .bind(settings.instance.as_ref().map(ToString::to_string))
            .bind(topics)
            .bind(i64::from(settings.mentions))
            .bind(i64::from(settings.matching))
            .bind(self.now())
            .bind(settings.jira.clone())
            .bind(settings.approvers.to_string())
            .bind(settings.two_person.to_string());
        self.write(query).await.map(|_| ())
    }
}
