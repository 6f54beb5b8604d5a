//! When a person is to be left alone, as they type it: `22:00-7:00, weekends`.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Timelike, Weekday};
use chrono_tz::Tz;

use super::names::shown;
use super::{Advice, serde_as_text};

/// Minutes of a day.
const DAY: u32 = 24 * 60;
/// More than this many stretches never follow each other.
const MOST: usize = 40;
/// The days, as they are printed.
const DAYS: [(Weekday, &str); 7] = [
    (Weekday::Mon, "monday"),
    (Weekday::Tue, "tuesday"),
    (Weekday::Wed, "wednesday"),
    (Weekday::Thu, "thursday"),
    (Weekday::Fri, "friday"),
    (Weekday::Sat, "saturday"),
    (Weekday::Sun, "sunday"),
];
const WEEKEND: [Weekday; 2] = [Weekday::Sat, Weekday::Sun];

/// When somebody is to be left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiet {
    /// Stretches of every day, in minutes since midnight; one that ends before it begins goes past midnight.
    hours: Vec<(u32, u32)>,
    /// Whole days.
    days: Vec<Weekday>,
}

impl Quiet {
    /// When it ends, in epoch milliseconds, if it is quiet in that zone now.
    pub fn ends(&self, now: i64, zone: Tz) -> Option<i64> {
        let mut at = now;
        for _ in 0..MOST {
            match self.stretch(at, zone) {
                Some(later) if later > at => at = later,
                _ => break,
            }
        }
        (at > now).then_some(at)
    }

    /// The end of the longest stretch that goes on at this moment.
    fn stretch(&self, at: i64, zone: Tz) -> Option<i64> {
        let local = DateTime::from_timestamp_millis(at)?.with_timezone(&zone);
        let (day, minute) = (local.date_naive(), local.hour() * 60 + local.minute());
        let next = day.checked_add_days(Days::new(1))?;
        let whole = self.days.contains(&local.weekday()).then(|| moment(next, 0, zone)).flatten();
        let hours = self.hours.iter().filter(|hours| covers(**hours, minute));
        let hours = hours.filter_map(|&(from, to)| {
            let past_midnight = from > to && minute >= from;
            moment(if past_midnight { next } else { day }, to, zone)
        });
        hours.chain(whole).max()
    }

    /// Whether a minute of some day is left.
    fn leaves_time(&self) -> bool {
        let covered = |minute: u32| self.hours.iter().any(|hours| covers(*hours, minute));
        self.days.len() < DAYS.len() && (0..DAY).any(|minute| !covered(minute))
    }
}

fn covers((from, to): (u32, u32), minute: u32) -> bool {
    if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to }
}

/// A minute of a day there; where the clocks go forward over it, the first moment after.
fn moment(day: NaiveDate, minute: u32, zone: Tz) -> Option<i64> {
    let (day, minute) = if minute >= DAY { (day.checked_add_days(Days::new(1))?, 0) } else { (day, minute) };
    (0..4).find_map(|later| {
        let minute = minute + later * 30;
        let at = day.and_time(NaiveTime::from_hms_opt(minute / 60, minute % 60, 0)?);
        Some(zone.from_local_datetime(&at).earliest()?.timestamp_millis())
    })
}

impl FromStr for Quiet {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let mut quiet = Self { hours: Vec::new(), days: Vec::new() };
        let text = text.to_lowercase().replace(['–', '—'], "-");
        let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
        for part in parts {
            if let Some(days) = days_of(part) {
                quiet.days.extend(days);
            } else {
                quiet.hours.push(hours_of(part).ok_or_else(|| unread(part))?);
            }
        }
        quiet.days.sort_by_key(Weekday::num_days_from_monday);
        quiet.days.dedup();
        quiet.hours.dedup();
        if quiet.days.is_empty() && quiet.hours.is_empty() {
            return Err(unread(&text));
        }
        if quiet.leaves_time() {
            Ok(quiet)
        } else {
            Err(Advice::new("That leaves no time at all; `notify all off` ends direct messages instead."))
        }
    }
}

fn unread(part: &str) -> Advice {
    Advice(format!(
        "`{}` is no time to be quiet; write it like `22:00-7:00`, `weekends`, `friday`, or several with commas.",
        shown(part)
    ))
}

fn days_of(part: &str) -> Option<Vec<Weekday>> {
    if matches!(part, "weekend" | "weekends") {
        return Some(WEEKEND.to_vec());
    }
    let word = part.strip_suffix('s').unwrap_or(part);
    let day = DAYS.iter().find(|(_, name)| word.len() >= 3 && name.starts_with(word) || *name == part)?;
    Some(vec![day.0])
}

fn hours_of(part: &str) -> Option<(u32, u32)> {
    let (from, to) = part.split_once('-')?;
    let (from, to) = (minute_of(from.trim())?, minute_of(to.trim())?);
    (from != to && from < DAY).then_some((from, to))
}

/// `7`, `7:30`, `7.30`, `24:00`.
fn minute_of(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once([':', '.']).unwrap_or((text, "0"));
    let digits = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(hour) || !digits(minute) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= DAY).then_some(hour * 60 + minute)
}

impl fmt::Display for Quiet {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = |minute: u32| format!("{}:{:02}", minute / 60, minute % 60);
        let mut parts: Vec<String> =
            self.hours.iter().map(|&(from, to)| format!("{}-{}", clock(from), clock(to))).collect();
        let weekend = WEEKEND.iter().all(|day| self.days.contains(day));
        let named =
            DAYS.iter().filter(|(day, _)| self.days.contains(day) && !(weekend && WEEKEND.contains(day)));
        parts.extend(named.map(|(_, name)| (*name).to_owned()));
        parts.extend(weekend.then(|| "weekends".to_owned()));
        out.write_str(&parts.join(", "))
    }
}
serde_as_text!(Quiet);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        let at = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        Tz::Europe__Berlin.from_local_datetime(&at).earliest().unwrap().timestamp_millis()
    }

    fn ends(quiet: &str, now: &str) -> Option<i64> {
        quiet.parse::<Quiet>().unwrap().ends(at(now), Tz::Europe__Berlin)
    }

    #[test]
    fn what_is_printed_reads_back() {
        for (typed, printed) in [
            ("22:00-7:00, weekends", "22:00-7:00, weekends"),
            ("Sat; sun, 22–7.30", "22:00-7:30, weekends"),
            ("fridays,Monday", "monday, friday"),
            ("18:00-24:00", "18:00-24:00"),
        ] {
            let quiet: Quiet = typed.parse().unwrap();
            assert_eq!(quiet.to_string(), printed);
            assert_eq!(printed.parse::<Quiet>().unwrap(), quiet);
        }
        for typed in
            ["", "always", "25:00-7:00", "7-7", "22:00", "0:00-24:00", "mon,tue,wed,thu,fri,weekends"]
        {
            assert!(typed.parse::<Quiet>().is_err(), "{typed}");
        }
    }

    #[test]
    fn it_ends_where_the_person_lives() {
        let nights = "22:00-7:00";
        assert_eq!(ends(nights, "2026-11-18 12:00"), None);
        assert_eq!(ends(nights, "2026-11-18 07:00"), None);
        assert_eq!(ends(nights, "2026-11-18 23:10"), Some(at("2026-11-19 07:00")));
        assert_eq!(ends(nights, "2026-11-19 06:59"), Some(at("2026-11-19 07:00")));
        let both = "22:00-7:00, weekends";
        assert_eq!(ends(both, "2026-11-20 23:00"), Some(at("2026-11-23 07:00")));
        assert_eq!(ends("weekends", "2026-11-21 09:00"), Some(at("2026-11-23 00:00")));
    }

    #[test]
    fn clocks_that_change_do_not_hold_it_up() {
        assert_eq!(ends("22:00-2:30", "2026-03-28 23:00"), Some(at("2026-03-29 03:00")));
        assert_eq!(ends("22:00-2:30", "2026-10-24 23:00"), Some(at("2026-10-25 02:30")));
    }
}
