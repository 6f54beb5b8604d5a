//! What was measured, as Markdown.

use std::fmt;
use std::time::Duration;

use crate::load::Figures;

/// Rows, in the order they were measured.
#[derive(Default)]
pub struct Table {
    loads: Vec<String>,
    others: Vec<String>,
}

impl Table {
    /// A row of a measurement under load, beside its floor where it has one.
    pub fn load(&mut self, what: &str, figures: &Figures, floor: Option<&Figures>) {
        let ratio = floor
            .map_or_else(String::new, |floor| format!("{:.2}", figures.per_second() / floor.per_second()));
        let busy = 100.0 * figures.busy.as_secs_f64() / figures.took.as_secs_f64();
        let slowest = figures.answers.last().copied().unwrap_or_default();
        let row = format!(
            "| {what} | {} | {:.0} | {ratio} | {} | {} | {} | {} | {busy:.0} % |",
            figures.connections,
            figures.per_second(),
            millis(figures.within(500)),
            millis(figures.within(990)),
            millis(slowest),
            figures.refused,
        );
        eprintln!("{row}");
        self.loads.push(row);
    }

    /// A row of memory, in kilobytes.
    pub fn memory(&mut self, what: &str, kilobytes: u64) {
        self.other(what, &format!("{} MB", kilobytes.div_ceil(1_024)));
    }

    /// How long a start took: the one in the middle, and the slowest.
    pub fn start(&mut self, middle: Duration, slowest: Duration) {
        self.other(
            "start to ready, on a fresh database",
            &format!("{} (slowest {})", millis(middle), millis(slowest)),
        );
    }

    fn other(&mut self, what: &str, figure: &str) {
        let row = format!("| {what} | {figure} |");
        eprintln!("{row}");
        self.others.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "| under load | connections | requests/s | of the floor | p50 | p99 | slowest | refused | generator busy |"
        )?;
        writeln!(out, "|---|--:|--:|--:|--:|--:|--:|--:|--:|")?;
        for row in &self.loads {
            writeln!(out, "{row}")?;
        }
        writeln!(out, "\n| at rest | |\n|---|--:|")?;
        for row in &self.others {
            writeln!(out, "{row}")?;
        }
        Ok(())
    }
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
