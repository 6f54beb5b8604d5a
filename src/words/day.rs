//! A moment that has passed, as people type it: a day (`2026-11-01`), or how long ago it was (`3d`).

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;

use super::how_long::HowLong;
use super::{Advice, serde_as_text};

/// When it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// On this day, wherever whoever says so lives.
    On(NaiveDate),
    /// So long ago.
    Ago(HowLong),
}

impl Day {
    /// The first moment that is meant, in epoch milliseconds.
    pub fn begins(&self, now: i64, zone: Tz) -> i64 {
        match self {
            Self::On(day) => midnight(*day, zone),
            Self::Ago(ago) => before(now, *ago),
        }
    }

    /// The first moment that is no longer meant.
    pub fn ends(&self, now: i64, zone: Tz) -> i64 {
        match self {
            Self::On(day) => midnight(day.checked_add_days(Days::new(1)).unwrap_or(*day), zone),
            Self::Ago(ago) => before(now, *ago),
        }
    }
}

fn before(now: i64, ago: HowLong) -> i64 {
    now.saturating_sub(i64::try_from(ago.0.as_millis()).unwrap_or(i64::MAX))
}

/// When a day begins there; where the clocks go forward at midnight, an hour later.
fn midnight(day: NaiveDate, zone: Tz) -> i64 {
    let begins = (0..24).find_map(|hour| {
        let at = day.and_time(NaiveTime::from_hms_opt(hour, 0, 0)?);
        zone.from_local_datetime(&at).earliest()
    });
    begins.map_or(0, |at| at.timestamp_millis())
}

impl FromStr for Day {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let text = text.trim();
        if let Ok(day) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
            return Ok(Self::On(day));
        }
        text.parse().map(Self::Ago).map_err(|_| {
            let shown: String = text.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect();
            Advice(format!("`{shown}` is not a day; write it like `2026-11-01`, or `3d` for three days ago."))
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(day) => write!(out, "{}", day.format("%Y-%m-%d")),
            Self::Ago(ago) => ago.fmt(out),
        }
    }
}
serde_as_text!(Day);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_and_ends_where_one_lives() {
        let day: Day = "2026-11-01".parse().unwrap();
        assert_eq!(day.to_string(), "2026-11-01");
        let zone = Tz::Europe__Berlin;
        assert_eq!(day.begins(0, zone), 1_793_487_600_000);
        assert_eq!(day.ends(0, zone), 1_793_487_600_000 + 86_400_000);
        let ago: Day = "3d".parse().unwrap();
        assert_eq!((ago.begins(259_200_007, zone), ago.ends(259_200_007, zone)), (7, 7));
    }

    #[test]
    fn what_is_none_is_answered_with_advice() {
        for text in ["", "yesterday", "2026-13-01", "11/01/2026"] {
            let advice = text.parse::<Day>().unwrap_err().to_string();
            assert!(advice.ends_with("write it like `2026-11-01`, or `3d` for three days ago."), "{advice}");
        }
    }
}
