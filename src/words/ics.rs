//! A calendar file (`.ics`) → the days off it names: whole days, once or every year. Everything else in it is
//! passed over.

use chrono::{Datelike, Days, NaiveDate};

use super::calendar::{DaysOff, Off};

/// No stretch is believed to be longer.
const LONGEST: i64 = 366;

/// One event, as far as it was read.
#[derive(Default)]
struct Event {
    from: Option<NaiveDate>,
    /// The first day that is no longer meant.
    to: Option<NaiveDate>,
    yearly: bool,
    cancelled: bool,
}

/// The days off a calendar names; none where it is no calendar.
pub fn days_off(text: &str) -> Option<DaysOff> {
    let mut event: Option<Event> = None;
    let (mut all, mut calendar) = (Vec::new(), false);
    for line in unfolded(text) {
        let Some((name, value)) = line.split_once(':') else { continue };
        let mut parts = name.split(';');
        let name = parts.next().unwrap_or_default().to_ascii_uppercase();
        match (name.as_str(), value.trim().to_ascii_uppercase().as_str(), event.as_mut()) {
            ("BEGIN", "VCALENDAR", _) => calendar = true,
            ("BEGIN", "VEVENT", _) => event = Some(Event::default()),
            ("END", "VEVENT", Some(_)) => {
                all.extend(event.take().as_ref().map(stretches).unwrap_or_default());
            }
            ("DTSTART", value, Some(event)) => event.from = day(value),
            ("DTEND", value, Some(event)) => event.to = day(value),
            ("RRULE", value, Some(event)) => event.yearly = value.contains("FREQ=YEARLY"),
            ("STATUS", "CANCELLED", Some(event)) => event.cancelled = true,
            _ => {}
        }
    }
    calendar.then(|| DaysOff::of(all))
}

/// Long lines go on in the next, after a space.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// A whole day: one with a time of day is an appointment.
fn day(value: &str) -> Option<NaiveDate> {
    (value.len() == 8).then(|| NaiveDate::parse_from_str(value, "%Y%m%d").ok()).flatten()
}

fn stretches(event: &Event) -> Vec<Off> {
    let Some(from) = event.from.filter(|_| !event.cancelled) else {
        return Vec::new();
    };
    let last = event.to.and_then(|to| to.checked_sub_days(Days::new(1))).filter(|last| *last >= from);
    let last = last.unwrap_or(from);
    let days = (last - from).num_days().min(LONGEST);
    if !event.yearly {
        return vec![Off::Days(from, last)];
    }
    let each = (0..=days).filter_map(|at| from.checked_add_days(Days::new(at.unsigned_abs())));
    each.map(|day| Off::Yearly(day.month(), day.day())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_days_are_off_once_or_every_year() {
        let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\n\
            DTEND;VALUE=DATE:20261227\r\nSUMMARY:Chri\r\n stmas\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n\
            DTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n\
            DTSTART:20261001T090000Z\r\nDTEND:20261001T100000Z\r\nSUMMARY:Stand-up\r\nEND:VEVENT\r\n\
            BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261111\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(days_off(text).unwrap().to_string(), "2026-12-24..2026-12-26, 05-01");
    }

    #[test]
    fn what_is_no_calendar_names_none() {
        assert_eq!(days_off("<html>not found</html>"), None);
        assert_eq!(days_off("BEGIN:VCALENDAR\nEND:VCALENDAR"), Some(DaysOff::default()));
        assert_eq!(
            days_off("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026\nEND:VEVENT"),
            Some(DaysOff::default())
        );
    }
}
