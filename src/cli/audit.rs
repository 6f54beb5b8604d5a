//! `dipper audit`: the audit log as a table for others to read; beside a running bot.

use std::io::{self, Write};

use chrono::{DateTime, SecondsFormat};
use clap::Subcommand;

use super::Failed;
use crate::clock::Clock;
use crate::settings::Settings;
use crate::store::{AuditRow, Store};

const HEAD: [&str; 13] = [
    "workspace",
    "number",
    "at",
    "slack user",
    "bitbucket account",
    "channel",
    "message",
    "command",
    "fields",
    "repository",
    "version",
    "result",
    "reference",
];

/// What can be done with the audit log.
#[derive(Subcommand)]
pub enum Audit {
    /// Print it as CSV, the oldest first
    Export,
}

impl Audit {
    /// Does it.
    pub async fn run(self, settings: &Settings) -> Result<(), Failed> {
        let Self::Export = self;
        let store = Store::open(&settings.database_url, Clock::system()).await.map_err(Failed::database)?;
        let mut out = io::stdout().lock();
        print(&mut out, &HEAD.map(str::to_owned))?;
        for team in store.audited_teams().await.map_err(Failed::other)? {
            let mut after = 0;
            loop {
                let page = store.audit_after(&team, after).await.map_err(Failed::other)?;
                let Some(last) = page.last() else { break };
                after = last.number;
                for row in &page {
                    print(&mut out, &cells(row))?;
                }
            }
        }
        out.flush().map_err(Failed::other)
    }
}

fn cells(row: &AuditRow) -> [String; 13] {
    let deed = row.deed.clone();
    let at = DateTime::from_timestamp_millis(row.at).unwrap_or_default();
    [
        deed.user.team.0,
        row.number.to_string(),
        at.to_rfc3339_opts(SecondsFormat::Millis, true),
        deed.user.id,
        deed.person.unwrap_or_default(),
        deed.channel.id,
        deed.message.unwrap_or_default(),
        deed.command,
        deed.fields,
        deed.repo.unwrap_or_default(),
        deed.version.unwrap_or_default(),
        deed.result,
        deed.reference,
    ]
}

fn print(out: &mut impl Write, cells: &[String; 13]) -> Result<(), Failed> {
    let line = cells.each_ref().map(|cell| quoted(cell)).join(",");
    write!(out, "{line}\r\n").map_err(Failed::other)
}

/// A cell as RFC 4180 has it. One that a spreadsheet would take for a formula begins with an apostrophe.
fn quoted(cell: &str) -> String {
    let formula = cell.trim_start().starts_with(['=', '+', '-', '@']) || cell.starts_with(['\t', '\r', '\n']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_where_it_must_be_and_never_a_formula() {
        for (cell, printed) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=1+1", "'=1+1"),
            (" =cmd|' /C calc'!A0", "' =cmd|' /C calc'!A0"),
            ("@SUM(1,2)", "\"'@SUM(1,2)\""),
            ("\t+1", "'\t+1"),
        ] {
            assert_eq!(quoted(cell), printed);
        }
    }
}
