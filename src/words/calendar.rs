//! When people work: days of the week, hours, and what is off; so that a weekend is not counted as waiting.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeZone, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::how_long::HowLong;
use super::names::shown;
use super::times::minute;
use super::{Advice, serde_as_text};

const MINUTE: i64 = 60 * 1000;
const HOUR: i64 = 60 * MINUTE;
/// No further back than this is counted day by day: it is long ago in any case.
const FURTHEST: i64 = 3 * 366;
/// So many stretches may be off.
const MOST: usize = 1_000;
const NAMES: [(Weekday, &str); 7] = [
    (Weekday::Mon, "mon"),
    (Weekday::Tue, "tue"),
    (Weekday::Wed, "wed"),
    (Weekday::Thu, "thu"),
    (Weekday::Fri, "fri"),
    (Weekday::Sat, "sat"),
    (Weekday::Sun, "sun"),
];

/// When people work.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Calendar {
    /// On which days of the week.
    pub days: WorkingDays,
    /// Within which hours of those.
    pub hours: Hours,
    /// When they do not, besides.
    #[serde(default)]
    pub off: DaysOff,
}

impl Calendar {
    /// How much of the time between two moments is working time there, in milliseconds.
    pub fn between(&self, from: i64, to: i64, zone: Tz) -> i64 {
        let local = |at: i64| Some(DateTime::from_timestamp_millis(at)?.with_timezone(&zone).naive_local());
        let (Some(begin), Some(end)) = (local(from), local(to)) else { return 0 };
        let last = end.date();
        let earliest = last.checked_sub_days(Days::new(FURTHEST.unsigned_abs())).unwrap_or(last);
        let mut day = begin.date().max(earliest);
        let mut sum = 0;
        while day <= last {
            if self.works_on(day) {
                let whole = (at(day, self.hours.from), at(day, self.hours.to));
                // Only the edges need a clock: what lies between is as long as its hours say.
                let (starts, ends) = (whole.0.max(begin), whole.1.min(end));
                sum += (ends - starts).num_milliseconds().max(0);
            }
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        sum
    }

    /// Whether anybody works that day.
    pub fn works_on(&self, day: NaiveDate) -> bool {
        self.days.0.contains(&day.weekday()) && !self.off.covers(day)
    }

    /// How long a working day is, in milliseconds.
    pub fn day(&self) -> i64 {
        i64::from(self.hours.to.saturating_sub(self.hours.from)) * MINUTE
    }

    /// How much working time somebody means: `2d` is two working days, `1w` one week of them.
    pub fn meant(&self, long: HowLong) -> i64 {
        let seconds = i64::try_from(long.0.as_secs()).unwrap_or(i64::MAX);
        let (day, week) = (24 * 60 * 60, 7 * 24 * 60 * 60);
        let in_week = i64::try_from(self.days.0.len()).unwrap_or(7);
        match seconds {
            0 => 0,
            weeks if weeks % week == 0 => (weeks / week).saturating_mul(in_week).saturating_mul(self.day()),
            days if days % day == 0 => (days / day).saturating_mul(self.day()),
            other => other.saturating_mul(1000),
        }
    }

    /// Working time as one says it: `2 days`, `5 hours`.
    pub fn spoken(&self, millis: i64) -> String {
        let counted = |count: i64, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        match (millis / self.day().max(HOUR), millis / HOUR) {
            (0, 0) => "less than an hour".to_owned(),
            (0, hours) => counted(hours, "hour"),
            (days, _) => counted(days, "day"),
        }
    }
}

fn at(day: NaiveDate, minute: u32) -> NaiveDateTime {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    midnight + chrono::Duration::minutes(i64::from(minute))
}

/// When the day begins there, in epoch milliseconds; where the clocks go forward over it, right after.
pub fn begins(day: NaiveDate, minute: u32, zone: Tz) -> Option<i64> {
    (0..8).find_map(|later| {
        let local = at(day, minute) + chrono::Duration::minutes(30 * later);
        zone.from_local_datetime(&local).earliest().map(|moment| moment.timestamp_millis())
    })
}

/// Days of the week on which people work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingDays(Vec<Weekday>);

impl Default for WorkingDays {
    fn default() -> Self {
        Self(NAMES[..5].iter().map(|(day, _)| *day).collect())
    }
}

impl FromStr for WorkingDays {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let lower = text.to_lowercase().replace(['–', '—'], "-");
        let place = |word: &str| {
            let word = word.trim();
            NAMES.iter().position(|(_, name)| word.len() >= 3 && word.starts_with(name))
        };
        let mut days = Vec::new();
        for part in lower.split([',', ' ']).filter(|part| !part.is_empty()) {
            let (from, to) = part.split_once('-').unwrap_or((part, part));
            match (place(from), place(to)) {
                (Some(from), Some(to)) => {
                    let to = if to < from { to + NAMES.len() } else { to };
                    days.extend((from..=to).map(|at| NAMES[at % NAMES.len()].0));
                }
                _ => days.clear(),
            }
            if days.is_empty() {
                break;
            }
        }
        days.sort_by_key(Weekday::num_days_from_monday);
        days.dedup();
        if days.is_empty() {
            return Err(Advice(format!(
                "`{}` are no days of the week; write them like `mon-fri` or `sun,mon,tue`.",
                shown(text)
            )));
        }
        Ok(Self(days))
    }
}

impl fmt::Display for WorkingDays {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<(usize, usize)> = Vec::new();
        for day in &self.0 {
            let at = NAMES.iter().position(|(known, _)| known == day).unwrap_or_default();
            match parts.last_mut() {
                Some(last) if last.1 + 1 == at => last.1 = at,
                _ => parts.push((at, at)),
            }
        }
        let name = |at: usize| NAMES[at].1;
        let said: Vec<String> = parts
            .into_iter()
            .map(|(from, to)| match to - from {
                0 => name(from).to_owned(),
                1 => format!("{},{}", name(from), name(to)),
                _ => format!("{}-{}", name(from), name(to)),
            })
            .collect();
        out.write_str(&said.join(","))
    }
}
serde_as_text!(WorkingDays);

/// The hours within which people work, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    from: u32,
    to: u32,
}

impl Default for Hours {
    fn default() -> Self {
        Self { from: 9 * 60, to: 17 * 60 }
    }
}

impl FromStr for Hours {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let lower = text.to_lowercase().replace(['–', '—'], "-").replace(" to ", "-");
        let read = lower.split_once('-').and_then(|(from, to)| {
            let to = if to.trim().starts_with("24") { 24 * 60 } else { minute(to.trim())? };
            Some(Self { from: minute(from.trim())?, to })
        });
        read.filter(|hours| hours.from < hours.to).ok_or_else(|| {
            Advice(format!("`{}` are no working hours; write them like `9:00-17:00`.", shown(text)))
        })
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |minute: u32| format!("{}:{:02}", minute / 60, minute % 60);
        write!(out, "{}-{}", clock(self.from), clock(self.to))
    }
}
serde_as_text!(Hours);

/// A stretch of days off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Off {
    /// From one day to another, both off.
    Days(NaiveDate, NaiveDate),
    /// A day of every year.
    Yearly(u32, u32),
}

/// Days on which nobody works, as people list them: `2026-12-24..2027-01-01, 05-01`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DaysOff(Vec<Off>);

impl DaysOff {
    /// Of these stretches.
    pub fn of(mut all: Vec<Off>) -> Self {
        all.sort_unstable();
        all.dedup();
        all.truncate(MOST);
        Self(all)
    }

    /// Whether that day is off.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.0.iter().any(|off| match off {
            Off::Days(from, to) => (*from..=*to).contains(&day),
            Off::Yearly(month, of_month) => (day.month(), day.day()) == (*month, *of_month),
        })
    }

    /// With others besides.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self::of([self.0.as_slice(), other.0.as_slice()].concat())
    }

    /// How many stretches there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is off.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromStr for DaysOff {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let day = |text: &str| NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok();
        // A leap year, so that its last day of February can be meant.
        let yearly = |text: &str| day(&format!("2000-{}", text.trim()));
        let read = |part: &str| match part.split_once("..") {
            Some((from, to)) => {
                day(from).zip(day(to)).filter(|(from, to)| from <= to).map(|(from, to)| Off::Days(from, to))
            }
            None => day(part)
                .map(|day| Off::Days(day, day))
                .or_else(|| yearly(part).map(|day| Off::Yearly(day.month(), day.day()))),
        };
        let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
        let all: Option<Vec<Off>> = parts.map(read).collect();
        match all.filter(|all| !all.is_empty() && all.len() <= MOST) {
            Some(all) => Ok(Self::of(all)),
            None => Err(Advice(format!(
                "`{}` are no days off; write them like `2026-12-24..2027-01-01`, and `05-01` for every year.",
                shown(text)
            ))),
        }
    }
}

impl fmt::Display for DaysOff {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said: Vec<String> = self
            .0
            .iter()
            .map(|off| match off {
                Off::Days(from, to) if from == to => from.to_string(),
                Off::Days(from, to) => format!("{from}..{to}"),
                Off::Yearly(month, day) => format!("{month:02}-{day:02}"),
            })
            .collect();
        out.write_str(&said.join(", "))
    }
}

impl Serialize for DaysOff {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DaysOff {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> i64 {
        let at = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        Tz::Europe__Berlin.from_local_datetime(&at).earliest().unwrap().timestamp_millis()
    }

    fn between(calendar: &Calendar, from: &str, to: &str) -> i64 {
        calendar.between(moment(from), moment(to), Tz::Europe__Berlin) / MINUTE
    }

    #[test]
    fn a_weekend_is_not_waiting() {
        let usual = Calendar::default();
        assert_eq!(between(&usual, "2026-11-20 16:00", "2026-11-23 10:30"), 150);
        assert_eq!(between(&usual, "2026-11-21 09:00", "2026-11-22 20:00"), 0);
        assert_eq!(between(&usual, "2026-11-16 08:00", "2026-11-20 18:00"), 5 * 8 * 60);
        assert_eq!(between(&usual, "2026-11-23 10:00", "2026-11-20 10:00"), 0);
        // The night in which clocks change has no working hours.
        assert_eq!(between(&usual, "2026-10-23 09:00", "2026-10-26 17:00"), 16 * 60);
        assert_eq!((usual.spoken(0), usual.spoken(3 * HOUR)), ("less than an hour".into(), "3 hours".into()));
        assert_eq!((usual.spoken(8 * HOUR), usual.spoken(20 * HOUR)), ("1 day".into(), "2 days".into()));
    }

    #[test]
    fn what_is_off_does_not_count() {
        let off = "2026-12-24..2027-01-01, 05-01, 02-29".parse().unwrap();
        let calendar = Calendar { off, ..Calendar::default() };
        assert_eq!(between(&calendar, "2026-12-23 16:00", "2027-01-04 10:00"), 120);
        assert_eq!(between(&calendar, "2029-04-30 17:00", "2029-05-02 09:00"), 0);
        assert_eq!(between(&calendar, "2028-02-28 17:00", "2028-03-01 09:00"), 0);
    }

    #[test]
    fn what_is_meant_is_working_time() {
        let calendar = Calendar { days: "sun-thu".parse().unwrap(), ..Calendar::default() };
        let meant = |text: &str| calendar.meant(text.parse().unwrap()) / HOUR;
        assert_eq!((meant("4h"), meant("2d"), meant("1w")), (4, 16, 40));
    }

    #[test]
    fn what_is_printed_reads_back() {
        for (typed, printed) in
            [("mon-fri", "mon-fri"), ("Sunday-Thursday", "mon-thu,sun"), ("mon, wed fri", "mon,wed,fri")]
        {
            let days: WorkingDays = typed.parse().unwrap();
            assert_eq!((days.to_string().as_str(), printed.parse().as_ref()), (printed, Ok(&days)));
        }
        let hours: Hours = "8.30 to 5pm".parse().unwrap();
        assert_eq!((hours.to_string().as_str(), "8:30-17:00".parse()), ("8:30-17:00", Ok(hours)));
        for typed in ["", "9", "17-9", "x-y"] {
            assert!(typed.parse::<Hours>().is_err(), "{typed}");
        }
        for typed in ["", "someday", "mon-xyz"] {
            assert!(typed.parse::<WorkingDays>().is_err(), "{typed}");
        }
        for typed in ["", "christmas", "2026-13-01", "2026-12-31..2026-12-01"] {
            assert!(typed.parse::<DaysOff>().is_err(), "{typed}");
        }
    }
}
