//! A workspace took the bot out: its secrets go at once, all else within the hour, unless it comes back.

use super::{Job, Turn};
use crate::bot::{Bot, Failure};
use crate::words::names::Team;
use crate::words::work::{ForgetWorkspace, NewJob};

/// How long a workspace may think better of it.
const GRACE: i64 = 45 * 60 * 1000;

/// Forgets every secret of a workspace now, and makes sure that the rest follows.
pub async fn leave(turn: &Turn<'_>, team: &Team, at: Option<i64>) -> Result<(), Failure> {
    let bot = turn.bot;
    // Events may come late and in any order: one from before it was installed says nothing of now.
    let install = bot.store.install(team).await?;
    if install.is_some_and(|install| at.is_some_and(|at| at + 999 < install.installed_at)) {
        tracing::info!(%team, "it was installed again since");
        return Ok(());
    }
    let rest = NewJob::of(&ForgetWorkspace { team: team.clone() });
    let rest = rest.once(format!("forget:{team}")).at(bot.clock.millis() + GRACE);
    let mut tx = turn.begin().await?;
    tx.forget_secrets_of(team).await?;
    tx.enqueue(rest).await?;
    tx.commit().await?;
    tracing::info!(%team, "a workspace took the bot out; its secrets are forgotten");
    Ok(())
}

impl Job for ForgetWorkspace {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        if is_back(turn.bot, &self.team).await? {
            return Ok(());
        }
        let mut tx = turn.begin().await?;
        tx.forget_workspace(&self.team).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether Slack takes our token there again.
async fn is_back(bot: &Bot, team: &Team) -> Result<bool, Failure> {
    let slack = match bot.slack(team).await {
        Ok(slack) => slack,
        Err(Failure::Removed(_)) => return Ok(false),
        Err(other) => return Err(other),
    };
    match slack.auth_test().await {
        Ok(_) => Ok(true),
        Err(error) if error.fatal_auth() => Ok(false),
        Err(error) => Err(error.into()),
    }
}
