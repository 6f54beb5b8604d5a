//! The schema, step by step. Steps only add, so that the version before runs on beside the new one.

use std::sync::Arc;

use sqlx::any::AnyRow;

use super::base::Base;
use super::engine::Engine;
use super::error::Error;
use super::queue::lock_key;
use super::rows::{Columns, Named, sql};

/// One step.
struct Step {
    /// Its number: more than the step before.
    version: i64,
    /// The number of the last step an older program must know to work beside this one. A step that only
    /// adds leaves it where it was.
    needs: i64,
    /// What it does.
    script: &'static str,
    /// What PostgreSQL alone needs besides.
    on_postgres: &'static str,
}

const STEPS: &[Step] = &[
    Step {
        version: 1,
        needs: 1,
        script: include_str!("../../migrations/0001_first_tables.sql"),
        on_postgres: include_str!("../../migrations/0001_first_tables.postgres.sql"),
    },
    Step {
        version: 2,
        needs: 1,
        script: include_str!("../../migrations/0002_audit_and_settings.sql"),
        on_postgres: "",
    },
    Step {
        version: 3,
        needs: 1,
        script: include_str!("../../migrations/0003_people_and_workspaces.sql"),
        on_postgres: "",
    },
    Step { version: 4, needs: 1, script: include_str!("../../migrations/0004_matches.sql"), on_postgres: "" },
    Step { version: 5, needs: 1, script: include_str!("../../migrations/0005_nudges.sql"), on_postgres: "" },
    Step {
        version: 6,
        needs: 1,
        script: include_str!("../../migrations/0006_homes_and_channel_repos.sql"),
        on_postgres: "",
    },
    Step {
        version: 7,
        needs: 1,
        script: include_str!("../../migrations/0007_subscription_wishes.sql"),
        on_postgres: "",
    },
    Step { version: 8, needs: 1, script: include_str!("../../migrations/0008_hooks.sql"), on_postgres: "" },
    Step {
        version: 9,
        needs: 1,
        script: include_str!("../../migrations/0009_who_hears.sql"),
        on_postgres: "",
    },
    Step {
        version: 10,
        needs: 1,
        script: include_str!("../../migrations/0010_direct_messages.sql"),
        on_postgres: "",
    },
    Step {
        version: 11,
        needs: 1,
        script: include_str!("../../migrations/0011_deliveries_explained.sql"),
        on_postgres: "",
    },
    Step {
        version: 12,
        needs: 1,
        script: include_str!("../../migrations/0012_held_feeds.sql"),
        on_postgres: "",
    },
    Step { version: 13, needs: 1, script: include_str!("../../migrations/0013_fills.sql"), on_postgres: "" },
    Step {
        version: 14,
        needs: 1,
        script: include_str!("../../migrations/0014_measures_and_story.sql"),
        on_postgres: "",
    },
    Step { version: 15, needs: 1, script: include_str!("../../migrations/0015_grants.sql"), on_postgres: "" },
    Step {
        version: 16,
        needs: 1,
        script: include_str!("../../migrations/0016_requests.sql"),
        on_postgres: "",
    },
    // What an older program would make of a digest of many repositories would lose it.
    Step {
        version: 17,
        needs: 17,
        script: include_str!("../../migrations/0017_the_clock.sql"),
        on_postgres: "",
    },
    Step {
        version: 18,
        needs: 17,
        script: include_str!("../../migrations/0018_grants_in_projects.sql"),
        on_postgres: "",
    },
    Step { version: 19, needs: 17, script: include_str!("../../migrations/0019_seats.sql"), on_postgres: "" },
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations \
     (version BIGINT NOT NULL PRIMARY KEY, needs BIGINT NOT NULL, applied_at BIGINT NOT NULL)";
const FOUND: &str = "SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) AS version, \
     CAST(COALESCE(MAX(needs), 0) AS BIGINT) AS needs FROM migrations";
const APPLIED: &str = "INSERT INTO migrations (version, needs, applied_at) VALUES ($1, $2, $3)";

pub(super) const ALL: &[Named] = &[("schema found", FOUND), ("schema applied", APPLIED)];

/// Refuses a database whose schema this program cannot work on.
pub(super) async fn refuse_newer(base: &Base) -> Result<(), Error> {
    match base.row(sql(FOUND)).await {
        Ok(Some(row)) => version_of(&row).map(|_| ()),
        Ok(None) | Err(Error::NotMigrated) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Whether the schema found is this program's, neither older nor newer.
pub(super) async fn is_up_to_date(base: &Base) -> Result<bool, Error> {
    match base.row(sql(FOUND)).await {
        Ok(Some(row)) => Ok(row.number("version")? == STEPS.last().map_or(0, |step| step.version)),
        Ok(None) | Err(Error::NotMigrated) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Applies the steps that are missing, all or none.
pub(super) async fn migrate(base: &Arc<Base>) -> Result<(), Error> {
    let mut tx = base.begin().await?;
    lock_key(&mut tx, "migrations").await?;
    tx.run_script(TABLE).await?;
    let found = match tx.row(sql(FOUND)).await? {
        Some(row) => version_of(&row)?,
        None => 0,
    };
    for step in STEPS.iter().filter(|step| step.version > found) {
        tx.run_script(step.script).await?;
        if base.engine == Engine::Postgres {
            tx.run_script(step.on_postgres).await?;
        }
        let applied = sql(APPLIED).bind(step.version).bind(step.needs).bind(tx.now());
        tx.write(applied).await?;
    }
    tx.commit().await
}

/// The schema found, unless it asks for more than this program knows.
fn version_of(row: &AnyRow) -> Result<i64, Error> {
    let known = STEPS.last().map_or(0, |step| step.version);
    let found = row.number("version")?;
    if row.number("needs")? > known {
        return Err(Error::TooNew { found, known });
    }
    Ok(found)
}
