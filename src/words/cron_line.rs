//! A cron line as people write it (five fields, POSIX), and when it is due next in somebody's zone.
//!
//! The `cron` crate wants seconds, counts Sunday as 1, skips what a spring night skips and fires twice
//! in an autumn one. So the line is translated, walked on *civil* time (which has no jumps), and only
//! then put on the clock: a fixed hour that does not exist is due at the first instant after it, one
//! that comes twice at the first; wildcard hours run in real time.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Duration, LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use cron::Schedule;

use super::{Advice, serde_as_text};

/// A five-field cron line.
#[derive(Debug, Clone)]
pub struct CronLine {
    text: String,
    /// One schedule, or two where both day fields are restricted: POSIX takes either.
    schedules: Vec<Schedule>,
    every_hour: bool,
}

impl PartialEq for CronLine {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Display for CronLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl FromStr for CronLine {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let refuse =
            || Advice(format!("`{text}` is not a cron line; write five fields like `30 9 * * 1-5`."));
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            return Err(refuse());
        };
        if text.len() > 200 || fields.iter().any(|field| !plain(field)) {
            return Err(refuse());
        }
        let weekday = weekdays(weekday).ok_or_else(refuse)?;
        let day_pairs = if day.starts_with('*') || weekday == "*" {
            vec![(day.to_owned(), weekday)]
        } else {
            vec![(day.to_owned(), "*".to_owned()), ("*".to_owned(), weekday)]
        };
        let schedules = day_pairs
            .into_iter()
            .map(|(day, weekday)| format!("0 {minute} {hour} {day} {month} {weekday}").parse())
            .collect::<Result<Vec<Schedule>, _>>()
            .map_err(|_| refuse())?;
        Ok(Self { text: fields.join(" "), schedules, every_hour: hour.starts_with('*') })
    }
}
serde_as_text!(CronLine);

impl CronLine {
    /// The first moment after this one (both in epoch milliseconds) at which it is due in that zone.
    pub fn next_after(&self, millis: i64, zone: Tz) -> Option<i64> {
        let after = DateTime::from_timestamp_millis(millis)?;
        let next = self.schedules.iter().filter_map(|schedule| self.next_of(schedule, after, zone)).min()?;
        Some(next.timestamp_millis())
    }

    fn next_of(&self, schedule: &Schedule, after: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        let local = after.with_timezone(&zone).naive_local();
        // A fold shows the same civil hours twice: begin early enough to meet both.
        let start = local.checked_sub_signed(Duration::hours(3))?;
        let mut best: Option<DateTime<Utc>> = None;
        for civil in schedule.after(&start.and_utc()).take(4000) {
            let civil = civil.naive_utc();
            let horizon = best.and_then(|best| {
                best.with_timezone(&zone).naive_local().checked_add_signed(Duration::hours(3))
            });
            if horizon.is_some_and(|horizon| civil > horizon) {
                break;
            }
            for instant in self.instants(civil, zone) {
                if instant > after && best.is_none_or(|best| instant < best) {
                    best = Some(instant);
                }
            }
        }
        best
    }

    /// The instants a civil time stands for.
    fn instants(&self, civil: NaiveDateTime, zone: Tz) -> Vec<DateTime<Utc>> {
        match zone.from_local_datetime(&civil) {
            LocalResult::Single(at) => vec![at.with_timezone(&Utc)],
            LocalResult::Ambiguous(first, second) if self.every_hour => {
                vec![first.with_timezone(&Utc), second.with_timezone(&Utc)]
            }
            LocalResult::Ambiguous(first, _) => vec![first.with_timezone(&Utc)],
            LocalResult::None if self.every_hour => Vec::new(),
            LocalResult::None => after_the_gap(civil, zone).into_iter().collect(),
        }
    }
}

/// The first instant after a gap that swallowed this civil time.
fn after_the_gap(civil: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let hour_start = civil.checked_sub_signed(Duration::minutes(180))?;
    let mut before = zone.from_local_datetime(&hour_start).earliest()?.with_timezone(&Utc);
    // Walk minute by minute over the edge: gaps are at most a few hours and whole minutes.
    for _ in 0..400 {
        let next = before + Duration::minutes(1);
        if next.with_timezone(&zone).naive_local() > civil {
            return Some(next);
        }
        before = next;
    }
    None
}

fn plain(field: &str) -> bool {
    field.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-'))
}

/// POSIX counts Sunday as 0 (or 7), the crate as 1: names mean the same to both.
fn weekdays(field: &str) -> Option<String> {
    const NAMES: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
    let mut days = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        if range == "*" && step == 1 {
            return Some("*".to_owned());
        }
        let (from, to) = match range.split_once('-') {
            Some((from, to)) => (weekday(from)?, weekday(to)?),
            None if range == "*" => (0, 6),
            None if part.contains('/') => (weekday(range)?, 6),
            None => (weekday(range)?, weekday(range)?),
        };
        // `fri-mon` runs over the week's end.
        let to = if to < from { to + 7 } else { to };
        days.extend((from..=to).step_by(step).map(|day| NAMES[day % 7]));
    }
    Some(days.join(","))
}

fn weekday(text: &str) -> Option<usize> {
    const NAMES: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let by_name = NAMES.iter().position(|name| text.to_ascii_lowercase() == *name);
    by_name.or_else(|| text.parse().ok().filter(|day| *day <= 7))
}

#[cfg(test)]
mod tests {
    use chrono_tz::{America, Australia, Europe};
    use proptest::prelude::*;

    use super::*;

    fn next(line: &str, after: &str, zone: Tz) -> String {
        let after = DateTime::parse_from_rfc3339(after).unwrap().timestamp_millis();
        let next = line.parse::<CronLine>().unwrap().next_after(after, zone).unwrap();
        DateTime::from_timestamp_millis(next).unwrap().with_timezone(&zone).to_rfc3339()
    }

    #[test]
    fn weekdays_are_counted_as_posix_does() {
        let friday_noon = "2026-11-20T12:00:00Z";
        assert_eq!(next("30 9 * * 1-5", friday_noon, Europe::Berlin), "2026-11-23T09:30:00+01:00");
        assert_eq!(next("30 9 * * 0", friday_noon, Europe::Berlin), "2026-11-22T09:30:00+01:00");
        assert_eq!(next("30 9 * * 7", friday_noon, Europe::Berlin), "2026-11-22T09:30:00+01:00");
    }

    #[test]
    fn both_day_fields_mean_either() {
        assert_eq!(next("0 9 13 * 5", "2026-11-20T12:00:00Z", Tz::UTC), "2026-11-27T09:00:00+00:00");
        assert_eq!(next("0 9 13 * 5", "2026-12-12T12:00:00Z", Tz::UTC), "2026-12-13T09:00:00+00:00");
    }

    #[test]
    fn an_hour_that_does_not_exist_is_due_right_after() {
        assert_eq!(
            next("30 2 * * *", "2026-03-08T06:00:00Z", America::New_York),
            "2026-03-08T03:00:00-04:00"
        );
        assert_eq!(next("30 2 * * *", "2026-03-29T00:00:00Z", Europe::Berlin), "2026-03-29T03:00:00+02:00");
    }

    #[test]
    fn an_hour_that_comes_twice_is_due_once() {
        assert_eq!(
            next("30 1 * * *", "2026-11-01T04:00:00Z", America::New_York),
            "2026-11-01T01:30:00-04:00"
        );
        assert_eq!(
            next("30 1 * * *", "2026-11-01T05:30:00Z", America::New_York),
            "2026-11-02T01:30:00-05:00"
        );
    }

    #[test]
    fn every_quarter_of_an_hour_runs_in_real_time() {
        assert_eq!(
            next("*/15 * * * *", "2026-11-01T05:45:00Z", America::New_York),
            "2026-11-01T01:00:00-05:00"
        );
        assert_eq!(
            next("*/15 * * * *", "2026-04-04T14:45:00Z", Australia::Lord_Howe),
            "2026-04-05T01:30:00+10:30"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn no_line_panics_and_time_goes_on(line in "[0-9*/,a-z-]{1,4}( [0-9*/,a-z-]{1,4}){4}", after in 0_i64..4_102_444_800_000) {
            if let Some(next) = line.parse::<CronLine>().ok().and_then(|line| line.next_after(after, Europe::Berlin)) {
                prop_assert!(next > after);
            }
        }
    }
}
