//! When something comes again, as people say it (`weekdays 9:30`, `mon, thu at 16:00`, `every 2 hours 9-17`) or as
//! a cron line: read once, said back in plain words, and turned into moments.

mod read;
mod say;

pub(in crate::words) use read::minute;

use std::fmt;
use std::str::FromStr;

use chrono_tz::Tz;

use super::cron_line::CronLine;
use super::names::shown;
use super::{Advice, serde_as_text};

/// The longest that anybody types.
const LONGEST: usize = 200;

/// When something comes again.
#[derive(Debug, Clone, PartialEq)]
pub struct Times(Said);

#[derive(Debug, Clone, PartialEq)]
enum Said {
    /// In words.
    Plan(Plan),
    /// As a cron line.
    Line(CronLine),
}

/// On which days, and when on each.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Plan {
    days: Days,
    at: At,
}

/// On which days.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Days {
    Every,
    /// Of the week, Monday is 1 and Sunday 7, in order.
    Weekly(Vec<u32>),
    /// Of the month, in order.
    Monthly(Vec<u32>),
}

/// When on a day, in minutes since midnight.
#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    /// At these times, in order.
    Clock(Vec<u32>),
    /// Again and again, every so many minutes, within these hours.
    Every { minutes: u32, hours: Option<(u32, u32)> },
}

impl Times {
    /// The first moment after this one (both in epoch milliseconds) at which it comes in that zone.
    pub fn next_after(&self, millis: i64, zone: Tz) -> Option<i64> {
        self.lines().iter().filter_map(|line| line.next_after(millis, zone)).min()
    }

    /// The last moment after the first and not after the second at which it comes in that zone.
    pub fn last_between(&self, after: i64, until: i64, zone: Tz) -> Option<i64> {
        let mut last = None;
        let mut from = after;
        while let Some(next) = self.next_after(from, zone).filter(|next| *next <= until) {
            (last, from) = (Some(next), next);
        }
        last
    }

    /// In plain words, to stand in a sentence: `weekdays at 9:30`.
    pub fn spoken(&self) -> String {
        match &self.0 {
            Said::Plan(plan) => plan.to_string(),
            Said::Line(line) => say::line(&line.to_string()),
        }
    }

    fn lines(&self) -> Vec<CronLine> {
        match &self.0 {
            Said::Line(line) => vec![line.clone()],
            Said::Plan(plan) => plan.lines().iter().filter_map(|line| line.parse().ok()).collect(),
        }
    }
}

impl Plan {
    /// The cron lines that say the same.
    fn lines(&self) -> Vec<String> {
        let list = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        let (day, weekday) = match &self.days {
            Days::Every => ("*".to_owned(), "*".to_owned()),
            Days::Weekly(days) => ("*".to_owned(), list(days)),
            Days::Monthly(days) => (list(days), "*".to_owned()),
        };
        let line = |minute: String, hour: String| format!("{minute} {hour} {day} * {weekday}");
        match &self.at {
            At::Clock(times) => {
                let mut minutes: Vec<u32> = times.iter().map(|time| time % 60).collect();
                minutes.sort_unstable();
                minutes.dedup();
                let hours = |minute: u32| {
                    let at: Vec<u32> =
                        times.iter().filter(|time| **time % 60 == minute).map(|time| time / 60).collect();
                    list(&at)
                };
                minutes.into_iter().map(|minute| line(minute.to_string(), hours(minute))).collect()
            }
            At::Every { minutes, hours } if minutes.is_multiple_of(60) => {
                let step = minutes / 60;
                let hour = match hours {
                    None if step == 1 => "*".to_owned(),
                    None => format!("*/{step}"),
                    Some((from, to)) => format!("{from}-{to}/{step}"),
                };
                vec![line("0".to_owned(), hour)]
            }
            At::Every { minutes, hours: None } => vec![line(format!("*/{minutes}"), "*".to_owned())],
            // Until five is not until half past five.
            At::Every { minutes, hours: Some((from, to)) } => {
                let within = (to > from).then(|| line(format!("*/{minutes}"), format!("{from}-{}", to - 1)));
                within.into_iter().chain([line("0".to_owned(), to.to_string())]).collect()
            }
        }
    }
}

impl FromStr for Times {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        if let Ok(line) = text.parse::<CronLine>() {
            return Ok(Self(Said::Line(line)));
        }
        let plan = if text.len() > LONGEST { None } else { read::plan(text) };
        plan.map(|plan| Self(Said::Plan(plan))).ok_or_else(|| {
            Advice(format!(
                "`{}` says no times I know; write them like `weekdays 9:30`, `mon, thu at 16:00`, \
                 `every 2 hours 9-17`, or as a cron line like `30 9 * * 1-5`.",
                shown(text)
            ))
        })
    }
}

impl fmt::Display for Times {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Said::Plan(plan) => plan.fmt(out),
            Said::Line(line) => line.fmt(out),
        }
    }
}
serde_as_text!(Times);

#[cfg(test)]
mod tests;
