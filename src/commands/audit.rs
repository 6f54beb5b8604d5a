//! `audit`: who changed what.

use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Runs;
use super::rules::{Changes, Rule, refused};
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

/// The command, nearly as one would type it.
pub(super) fn spoken(command: &str, fields: &str) -> String {
    let fields: Value = serde_json::from_str(fields).unwrap_or_default();
    let mut words = vec![command.replace('.', " ")];
    let values = fields.as_object().into_iter().flat_map(|fields| fields.values());
    for value in values.filter(|value| !value.is_boolean()) {
        let items = value.as_array().map_or_else(|| vec![value.clone()], Clone::clone);
        words.extend(items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)));
    }
    // A name that was typed once more is said once.
    words.dedup();
    words.join(" ").replace('`', "").chars().take(LONGEST).collect()
}
