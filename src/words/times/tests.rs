//! Times as people say them, held against a clock on the wall that is read minute by minute.

use chrono::{DateTime, Duration, LocalResult, TimeZone, Timelike, Utc};
use chrono_tz::{America, Asia, Australia, Europe, Pacific};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
}

fn next(said: &str, after: &str, zone: Tz) -> String {
    let next = said.parse::<Times>().unwrap().next_after(at(after), zone).unwrap();
    DateTime::from_timestamp_millis(next).unwrap().with_timezone(&zone).to_rfc3339()
}

#[test]
fn what_is_said_is_read_back_in_plain_words() {
    for (typed, said) in [
        ("weekdays 9:30", "weekdays at 9:30"),
        ("Weekdays at 9.30 and 2pm", "weekdays at 9:30 and 14:00"),
        ("mon,thu at 16:00", "Mondays and Thursdays at 16:00"),
        ("Mondays, thursdays 16", "Mondays and Thursdays at 16:00"),
        ("every day 9", "every day at 9:00"),
        ("daily at noon", "every day at 12:00"),
        ("fri-mon 8:05", "Mondays, Fridays, Saturdays and Sundays at 8:05"),
        ("every monday 9 am", "Mondays at 9:00"),
        ("every 2 hours 9-17", "every 2 hours from 9:00 to 17:00"),
        ("weekdays every 30 minutes from 9 to 17", "every 30 minutes from 9:00 to 17:00 on weekdays"),
        ("hourly", "every hour"),
        ("every 2h", "every 2 hours"),
        ("monthly 9:00", "the 1st of each month at 9:00"),
        ("the 1st and 15th of each month at 9:00", "the 1st and 15th of each month at 9:00"),
        ("weekends 10:00", "weekends at 10:00"),
    ] {
        let times: Times = typed.parse().unwrap_or_else(|_| panic!("{typed}"));
        assert_eq!(times.spoken(), said);
        assert_eq!(times.to_string().parse::<Times>().unwrap(), times, "{said}");
    }
    for typed in [
        "",
        "9:30",
        "weekdays",
        "weekdays 25:00",
        "every 7 minutes",
        "every 5 minutes",
        "soonish",
        "every",
        "weekdays 9-17",
        "every 2 hours 17-9",
        "monday 1st 9:00",
        "daily mondays 9",
        "weekdays 9:3",
        "13pm mon",
    ] {
        assert!(typed.parse::<Times>().is_err(), "{typed}");
    }
}

#[test]
fn a_cron_line_is_said_in_plain_words_too() {
    for (line, said) in [
        ("30 9 * * 1-5", "weekdays at 9:30"),
        ("0 9,14 * * mon,thu", "Mondays and Thursdays at 9:00 and 14:00"),
        ("0 9 13 * 5", "the 13th of each month and Fridays at 9:00"),
        ("0 9 1 1,7 *", "the 1st of each month in January and July at 9:00"),
        ("*/15 * * * *", "every 15 minutes"),
        ("0 * * * 0", "Sundays every hour"),
        ("0 9 */2 * 1", "whenever the cron line 0 9 */2 * 1 says"),
    ] {
        let times: Times = line.parse().unwrap();
        assert_eq!((times.spoken().as_str(), times.to_string().as_str()), (said, line));
    }
}

#[test]
fn it_comes_where_one_lives() {
    let sunday = "2026-11-22T12:00:00Z";
    assert_eq!(next("weekdays 9:30", sunday, Asia::Kathmandu), "2026-11-23T09:30:00+05:45");
    assert_eq!(next("mon, thu at 16:00 and 9:00", sunday, Europe::Berlin), "2026-11-23T09:00:00+01:00");
    assert_eq!(next("every 30 minutes 9-17", "2026-11-22T16:00:00Z", Tz::UTC), "2026-11-22T16:30:00+00:00");
    assert_eq!(next("every 30 minutes 9-17", "2026-11-22T17:00:00Z", Tz::UTC), "2026-11-23T09:00:00+00:00");
    assert_eq!(next("daily 2:15", "2026-10-03T14:00:00Z", Australia::Lord_Howe), "2026-10-04T02:30:00+11:00");
    assert_eq!(next("daily 1:45", "2027-04-03T14:00:00Z", Australia::Lord_Howe), "2027-04-04T01:45:00+11:00");
    assert_eq!(next("0 9 29 2 *", sunday, Tz::UTC), "2028-02-29T09:00:00+00:00");
    assert_eq!(next("daily 0:00", "2026-12-31T22:59:59Z", Europe::Berlin), "2027-01-01T00:00:00+01:00");
    assert_eq!("0 9 31 2 *".parse::<Times>().unwrap().next_after(at(sunday), Tz::UTC), None);
}

#[test]
fn the_last_that_came_is_found() {
    let times: Times = "daily 9:00 and 12:00".parse().unwrap();
    let between = |after: &str, until: &str| times.last_between(at(after), at(until), Tz::UTC);
    assert_eq!(between("2026-11-22T07:00:00Z", "2026-11-22T13:00:00Z"), Some(at("2026-11-22T12:00:00Z")));
    assert_eq!(between("2026-11-22T09:00:00Z", "2026-11-22T11:00:00Z"), None);
}

/// When it comes, told minute by minute by nothing but the clock on the wall there: the oracle.
struct Wall {
    zone: Tz,
    minutes: Vec<u32>,
    hours: Vec<u32>,
    every_hour: bool,
}

impl Wall {
    fn fires(&self, time: chrono::NaiveTime) -> bool {
        self.minutes.contains(&time.minute()) && self.hours.contains(&time.hour())
    }

    /// Whether it comes at this whole minute.
    fn comes(&self, at: DateTime<Utc>) -> bool {
        let local = at.with_timezone(&self.zone).naive_local();
        if self.fires(local.time()) {
            let again = match self.zone.from_local_datetime(&local) {
                LocalResult::Ambiguous(first, _) => first.with_timezone(&Utc) != at,
                _ => false,
            };
            return self.every_hour || !again;
        }
        if self.every_hour {
            return false;
        }
        // Whatever the clock was put forward over is due at the first minute after.
        let before = (at - Duration::minutes(1)).with_timezone(&self.zone).naive_local();
        let mut skipped = before + Duration::minutes(1);
        while skipped < local {
            if self.fires(skipped.time()) {
                return true;
            }
            skipped += Duration::minutes(1);
        }
        false
    }
}

const ZONES: [Tz; 10] = [
    Tz::UTC,
    Europe::Berlin,
    America::New_York,
    Australia::Lord_Howe,
    Asia::Kathmandu,
    Pacific::Chatham,
    America::St_Johns,
    Asia::Tehran,
    Pacific::Apia,
    Europe::London,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10))]

    #[test]
    fn none_is_lost_and_none_comes_twice_in_two_years(
        zone in 0_usize..10,
        minute in proptest::sample::select(vec!["0", "15", "30", "*/30", "5,45", "59"]),
        hour in proptest::sample::select(vec!["*", "1", "2", "0-3", "1,2,3", "23", "*/2"]),
        year in 2020_i32..2030,
    ) {
        let zone = ZONES[zone];
        let line = format!("{minute} {hour} * * *");
        let times: Times = line.parse().unwrap();
        let expand = |field: &str, most: u32| -> Vec<u32> {
            field.split(',').flat_map(|part| match (part, part.strip_prefix("*/"), part.split_once('-')) {
                ("*", ..) => (0..most).collect::<Vec<_>>(),
                (_, Some(step), _) => (0..most).step_by(step.parse().unwrap()).collect(),
                (_, _, Some((from, to))) => (from.parse().unwrap()..=to.parse().unwrap()).collect(),
                _ => vec![part.parse().unwrap()],
            }).collect()
        };
        let wall = Wall {
            zone,
            minutes: expand(minute, 60),
            hours: expand(hour, 24),
            every_hour: hour.starts_with('*'),
        };
        let mut at = Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
        let end = Utc.with_ymd_and_hms(year + 2, 1, 1, 0, 0, 0).unwrap();
        let mut due = times.next_after(at.timestamp_millis() - 1, zone).unwrap();
        while at < end {
            let now = at.timestamp_millis();
            prop_assert!(due >= now, "{line} in {zone}: {due} comes after {now}");
            prop_assert_eq!(wall.comes(at), due == now, "{} in {} at {}", line, zone, at);
            if due == now {
                due = times.next_after(now, zone).unwrap();
            }
            at += Duration::minutes(1);
        }
    }
}
