//! `audit`: who changed what.

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::rules::{Changes, Rule, refused};
use super::{Runs, list};
use crate::bot::{Context, Outcome};
use crate::clock::millis_of;
use crate::store::{AuditFilter, AuditRow, Deed};
use crate::words::how_long::HowLong;
use crate::words::message::{Line, Message};
use crate::words::names::RepoRef;
use crate::words::who::Who;

/// How many are shown.
const MOST: u32 = 20;
/// How much of a command is shown.
const LONGEST: usize = 120;

/// Show who changed what, the newest first; Dipper admins see everybody's, others their own
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Audit {
    /// Only what this person did: a mention, or me
    #[arg(long, value_name = "WHO")]
    #[serde(default)]
    who: Option<Who>,
    /// Only on this repository, like web/api
    #[arg(long, value_name = "REPO")]
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Only so far back: 8h, 3d, 2w
    #[arg(long, value_name = "TIME")]
    #[serde(default)]
    since: Option<HowLong>,
}

impl Runs for Audit {
    const NAME: &'static str = "audit";
    const EXAMPLE: &'static str = "audit --repo web/api --since 7d";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let me = &cx.caller.user;
        let who = self.who.map(|who| who.asked_by(me));
        let who = match who {
            Some(who) if who == *me => Some(who),
            others if cx.bot.is_admin(me).await? => others,
            None => Some(me.clone()),
            Some(_) => return Err(refused("What others did is not yours to see.", Rule::Admin)),
        };
        let since = self.since.map_or(0, |ago| cx.bot.clock.millis().saturating_sub(millis_of(ago.0)));
        let repo = self.repo.map(|repo| match &repo.owner {
            Some(owner) => format!("/{owner}/{}", repo.slug).replacen('/', ":", 1),
            None => format!("/{}", repo.slug),
        });
        let user = who.map(|who| who.id);
        let filter = AuditFilter { team: me.team.clone(), user, repo, since, most: MOST };
        let rows = cx.bot.store.audit(&filter).await?;
        if rows.is_empty() {
            return Ok(Message::line("Nothing of that kind was changed."));
        }
        let home = workspace(cx, &rows).await;
        let line = |row: &AuditRow| line(row, home.as_deref());
        Ok(rows.iter().fold(Message::default(), |message, row| message.and(line(row))))
    }
}

/// The workspace's own address, where a row needs it for a link.
async fn workspace(cx: &Context<'_>, rows: &[AuditRow]) -> Option<String> {
    if rows.iter().all(|row| row.deed.message.is_none()) {
        return None;
    }
    let slack = cx.bot.slack(&cx.caller.user.team).await.ok()?;
    slack.auth_test().await.ok().and_then(|identity| identity.url)
}

fn line(row: &AuditRow, home: Option<&str>) -> Line {
    let deed = &row.deed;
    let line = Line::new().moment(row.at).text(" ");
    let mut line = match deed.user.id.as_str() {
        Deed::OPERATOR => line.bold("the operator"),
        _ => line.person(deed.user.clone()),
    };
    if let Some(person) = &deed.person {
        let name = person.split(" (").next().unwrap_or(person);
        line = line.text(format!(", {name},"));
    }
    line = line.text(" ").code(spoken(&deed.command, &deed.fields));
    if let Some(version) = &deed.version {
        let short: String = version.chars().take(7).collect();
        line = line.text(" at ").code(short);
    }
    line = line.text(format!(": {} ", deed.result)).code(&deed.reference);
    match (home, &deed.message) {
        (Some(home), Some(ts)) => {
            let address = format!(
                "{}/archives/{}/p{}",
                home.trim_end_matches('/'),
                deed.channel.id,
                ts.replace('.', "")
            );
            line.text(" ").link("message", address)
        }
        _ => line,
    }
}

/// The command, nearly as one would type it; what it holds besides stands at its end.
pub(super) fn spoken(command: &str, fields: &str) -> String {
    let fields: Value = serde_json::from_str(fields).unwrap_or_default();
    let mut fields = fields.as_object().cloned().unwrap_or_default();
    let mut words = vec![command.replace('.', " ")];
    if let Some(entry) = list().iter().find(|entry| entry.name == command) {
        for argument in entry.grammar().get_arguments() {
            let value = fields.remove(argument.get_id().as_str()).unwrap_or_default();
            match argument.get_long() {
                Some(long) if value == Value::Bool(true) => words.push(format!("--{long}")),
                Some(long) => {
                    for one in said(&value) {
                        let quoted = if one.contains(' ') { format!("\"{one}\"") } else { one };
                        words.extend([format!("--{long}"), quoted]);
                    }
                }
                None => words.extend(said(&value)),
            }
        }
    }
    words.extend(fields.values().flat_map(said));
    // A name that was typed once more is said once.
    words.dedup();
    words.join(" ").replace('`', "").chars().take(LONGEST).collect()
}

/// What a field holds, in words.
fn said(value: &Value) -> Vec<String> {
    match value {
        Value::Null | Value::Bool(_) => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(said).collect(),
        other => vec![other.to_string()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deed_reads_as_it_is_typed() {
        let fields = r#"{"lasts":"8h","level":"write","reason":"the release","repo":"web/api","source":"project","who":"edsger","request":null}"#;
        assert_eq!(
            spoken("access.grant", fields),
            "access grant web/api edsger write --in project --for 8h --reason \"the release\""
        );
        assert_eq!(spoken("repo.delete", r#"{"repo":"web/api","typed":"web/api"}"#), "repo delete web/api");
        assert_eq!(
            spoken("access.end", r#"{"who":"ada","level":"read","before":null}"#),
            "access end ada read"
        );
        assert_eq!(spoken("nonsense", "["), "nonsense");
    }
}
