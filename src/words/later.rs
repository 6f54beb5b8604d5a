//! A moment still to come, as people type it: `2h`, `in 3 days`, `tomorrow 9:00`, `monday`, `16:30`,
//! `2026-12-01 14:00`.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, Timelike, Weekday};
use chrono_tz::Tz;

use super::calendar::begins;
use super::names::shown;
use super::times::minute;
use super::{Advice, serde_as_text};

/// When a day begins for those who name no time.
const MORNING: u32 = 9 * 60;
const EVENING: u32 = 20 * 60;
const SECOND: i64 = 1000;
const DAY: i64 = 24 * 60 * 60 * SECOND;
/// Nobody is reminded of anything later than this.
const FURTHEST: i64 = 366 * DAY;
const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "monday"),
    (Weekday::Tue, "tuesday"),
    (Weekday::Wed, "wednesday"),
    (Weekday::Thu, "thursday"),
    (Weekday::Fri, "friday"),
    (Weekday::Sat, "saturday"),
    (Weekday::Sun, "sunday"),
];

/// A moment still to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    said: String,
    meant: Meant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meant {
    /// So many milliseconds from now.
    In(i64),
    /// So many days from today, at a minute of that day; or the next such minute where no day is named.
    Day(Option<u64>, u32),
    /// On the next such day, not today.
    Weekday(Weekday, u32),
    /// On this day.
    Date(NaiveDate, u32),
}

impl Later {
    /// The moment, in epoch milliseconds, for somebody who says so now in that zone; advice where it has passed or
    /// is too far off.
    pub fn at(&self, now: i64, zone: Tz) -> Result<i64, Advice> {
        let at = self.moment(now, zone).ok_or_else(|| unread(&self.said))?;
        if at <= now {
            return Err(Advice(format!("`{}` has passed already; name a moment to come.", self.said)));
        }
        if at - now > FURTHEST {
            return Err(Advice(format!("`{}` is more than a year from now; name one sooner.", self.said)));
        }
        Ok(at)
    }

    fn moment(&self, now: i64, zone: Tz) -> Option<i64> {
        let local = DateTime::from_timestamp_millis(now)?.with_timezone(&zone).naive_local();
        let today = local.date();
        match self.meant {
            Meant::In(millis) => now.checked_add(millis),
            Meant::Day(Some(days), minute) => begins(today.checked_add_days(Days::new(days))?, minute, zone),
            Meant::Day(None, minute) => {
                let passed = minute <= local.hour() * 60 + local.minute();
                let day = if passed { today.succ_opt()? } else { today };
                begins(day, minute, zone)
            }
            Meant::Weekday(weekday, minute) => {
                let ahead = (7 + weekday.num_days_from_monday() - today.weekday().num_days_from_monday()) % 7;
                let ahead = if ahead == 0 { 7 } else { ahead };
                begins(today.checked_add_days(Days::new(u64::from(ahead)))?, minute, zone)
            }
            Meant::Date(day, minute) => begins(day, minute, zone),
        }
    }
}

impl FromStr for Later {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let lower = said.to_lowercase();
        let words: Vec<&str> = lower
            .split(' ')
            .filter(|word| !matches!(*word, "at" | "on" | "for" | "until" | "till"))
            .collect();
        let meant = if said.len() > 60 { None } else { meant(&words) };
        meant.map(|meant| Self { said: said.clone(), meant }).ok_or_else(|| unread(&said))
    }
}

fn unread(said: &str) -> Advice {
    Advice(format!(
        "`{}` is no moment I know; write it like `2h`, `tomorrow 9:00`, `monday`, `16:30` or `2026-12-01 14:00`.",
        shown(said)
    ))
}

fn meant(words: &[&str]) -> Option<Meant> {
    let words = match words {
        ["in", rest @ ..] => return length(rest).map(Meant::In),
        words => words,
    };
    if let Some(millis) = length(words) {
        return Some(Meant::In(millis));
    }
    let (day, rest) = words.split_first()?;
    let time = || match rest {
        [] => Some(MORNING),
        [time] => minute(time),
        [time, half] => minute(&format!("{time}{half}")),
        _ => None,
    };
    match *day {
        "today" => Some(Meant::Day(Some(0), time()?)),
        "tonight" if rest.is_empty() => Some(Meant::Day(Some(0), EVENING)),
        "tomorrow" => Some(Meant::Day(Some(1), time()?)),
        "next" => match rest {
            ["week", ..] => Some(Meant::Weekday(Weekday::Mon, MORNING)),
            rest => meant(rest).filter(|meant| matches!(meant, Meant::Weekday(..))),
        },
        day => {
            if let Ok(date) = NaiveDate::parse_from_str(day, "%Y-%m-%d") {
                return Some(Meant::Date(date, time()?));
            }
            let known = DAYS.iter().find(|(_, name)| day.len() >= 3 && name.starts_with(day));
            match known {
                Some((weekday, _)) => Some(Meant::Weekday(*weekday, time()?)),
                None => match words {
                    [time] => minute(time).map(|minute| Meant::Day(None, minute)),
                    [time, half] => minute(&format!("{time}{half}")).map(|minute| Meant::Day(None, minute)),
                    _ => None,
                },
            }
        }
    }
}

/// `2h`, `90 minutes`, `an hour`, `3 days`, `1h 30m`.
fn length(words: &[&str]) -> Option<i64> {
    let mut sum = 0_i64;
    let mut words = words.iter().copied().peekable();
    words.peek()?;
    while let Some(word) = words.next() {
        let digits = word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
        let (number, rest) = word.split_at(digits);
        let (many, unit) = match (number, rest) {
            ("", "a" | "an" | "one") => (1, words.next()?),
            ("", _) => return None,
            (number, "") => (number.parse().ok()?, words.next()?),
            (number, unit) => (number.parse().ok()?, unit),
        };
        sum = sum.checked_add(unit_of(unit)?.checked_mul(many)?)?;
    }
    (sum > 0).then_some(sum)
}

fn unit_of(word: &str) -> Option<i64> {
    match word {
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60 * SECOND),
        "h" | "hour" | "hours" => Some(60 * 60 * SECOND),
        "d" | "day" | "days" => Some(DAY),
        "w" | "week" | "weeks" => Some(7 * DAY),
        _ => None,
    }
}

impl fmt::Display for Later {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.said)
    }
}
serde_as_text!(Later);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(said: &str, now: &str) -> String {
        let zone = Tz::Europe__Berlin;
        let now = DateTime::parse_from_rfc3339(now).unwrap().timestamp_millis();
        match said.parse::<Later>().and_then(|later| later.at(now, zone)) {
            Ok(at) => DateTime::from_timestamp_millis(at).unwrap().with_timezone(&zone).to_rfc3339(),
            Err(advice) => advice.0,
        }
    }

    #[test]
    fn it_is_meant_where_one_lives() {
        let friday = "2026-11-20T14:00:00Z";
        for (said, meant) in [
            ("2h", "2026-11-20T17:00:00+01:00"),
            ("in 3 days", "2026-11-23T15:00:00+01:00"),
            ("in an hour", "2026-11-20T16:00:00+01:00"),
            ("1h 30m", "2026-11-20T16:30:00+01:00"),
            ("tomorrow", "2026-11-21T09:00:00+01:00"),
            ("Tomorrow at 4pm", "2026-11-21T16:00:00+01:00"),
            ("tonight", "2026-11-20T20:00:00+01:00"),
            ("monday", "2026-11-23T09:00:00+01:00"),
            ("friday 10:15", "2026-11-27T10:15:00+01:00"),
            ("next week", "2026-11-23T09:00:00+01:00"),
            ("16:30", "2026-11-20T16:30:00+01:00"),
            ("9:00", "2026-11-21T09:00:00+01:00"),
            ("2026-12-01 14:00", "2026-12-01T14:00:00+01:00"),
            ("until tomorrow 8 am", "2026-11-21T08:00:00+01:00"),
        ] {
            assert_eq!(at(said, friday), meant, "{said}");
        }
        assert_eq!(at("tomorrow 2:30", "2026-03-28T12:00:00Z"), "2026-03-29T03:00:00+02:00");
    }

    #[test]
    fn what_has_passed_or_is_none_is_answered_with_advice() {
        let friday = "2026-11-20T14:00:00Z";
        assert_eq!(at("2026-11-01", friday), "`2026-11-01` has passed already; name a moment to come.");
        assert_eq!(at("2w 400d", friday), "`2w 400d` is more than a year from now; name one sooner.");
        for said in ["", "soon", "in", "0h", "25:00", "monday 9 10 11", "99999999999999999999d"] {
            assert!(at(said, friday).contains("is no moment I know"), "{said}: {}", at(said, friday));
        }
    }
}
