//! Days and hours, said in plain words; what is printed of a plan reads back as the same.

use std::fmt;

use super::{At, Days, Plan};

const DAYS: [&str; 7] = ["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `a, b and c`.
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn clock(minute: u32) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

fn ordinal(day: u32) -> String {
    let end = match (day % 10, day % 100) {
        (1, tens) if tens != 11 => "st",
        (2, tens) if tens != 12 => "nd",
        (3, tens) if tens != 13 => "rd",
        _ => "th",
    };
    format!("{day}{end}")
}

fn weekly(days: &[u32]) -> String {
    match days {
        [1, 2, 3, 4, 5] => "weekdays".to_owned(),
        [6, 7] => "weekends".to_owned(),
        days => {
            let name = |day: &u32| DAYS[usize::try_from(*day).unwrap_or(1).clamp(1, 7) - 1].to_owned();
            listed(&days.iter().map(name).collect::<Vec<_>>())
        }
    }
}

fn monthly(days: &[u32]) -> String {
    format!("the {} of each month", listed(&days.iter().map(|day| ordinal(*day)).collect::<Vec<_>>()))
}

impl fmt::Display for Plan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = match &self.days {
            Days::Every => None,
            Days::Weekly(days) => Some(weekly(days)),
            Days::Monthly(days) => Some(monthly(days)),
        };
        match &self.at {
            At::Clock(times) => {
                let days = days.unwrap_or_else(|| "every day".to_owned());
                let times: Vec<String> = times.iter().map(|time| clock(*time)).collect();
                write!(out, "{days} at {}", listed(&times))
            }
            At::Every { minutes, hours } => {
                match minutes {
                    60 => out.write_str("every hour")?,
                    minutes if minutes.is_multiple_of(60) => write!(out, "every {} hours", minutes / 60)?,
                    minutes => write!(out, "every {minutes} minutes")?,
                }
                if let Some((from, to)) = hours {
                    write!(out, " from {} to {}", clock(from * 60), clock(to * 60))?;
                }
                days.map_or(Ok(()), |days| write!(out, " on {days}"))
            }
        }
    }
}

/// A cron line in words, field by field where it says nothing simpler.
pub(super) fn line(text: &str) -> String {
    let fields: Vec<&str> = text.split(' ').collect();
    let [minute, hour, day, month, weekday] = fields[..] else {
        return text.to_owned();
    };
    let days = match (numbers(day, 1, 31), week(weekday), (day.starts_with('*'), weekday == "*")) {
        (_, _, (_, true)) if day == "*" => "every day".to_owned(),
        (Some(days), _, (false, true)) => monthly(&days),
        (_, Some(week), (_, false)) if day == "*" => weekly(&week),
        (Some(days), Some(week), (false, false)) => format!("{} and {}", monthly(&days), weekly(&week)),
        _ => return format!("whenever the cron line {text} says"),
    };
    let months = match numbers(month, 1, 12) {
        _ if month == "*" => String::new(),
        Some(months) => {
            let name = |month: &u32| MONTHS[usize::try_from(*month).unwrap_or(1) - 1].to_owned();
            format!(" in {}", listed(&months.iter().map(name).collect::<Vec<_>>()))
        }
        None => return format!("whenever the cron line {text} says"),
    };
    let times = match (numbers(minute, 0, 59), numbers(hour, 0, 23)) {
        (Some(minutes), Some(_)) if minutes.len() == 60 && hour == "*" => "every minute".to_owned(),
        (Some(minutes), Some(_)) if hour == "*" && minutes == [0] => "every hour".to_owned(),
        (Some(minutes), Some(_)) if hour == "*" => {
            let step = minute.strip_prefix("*/").map(|step| format!("every {step} minutes"));
            let list = || minutes.iter().map(u32::to_string).collect::<Vec<_>>();
            step.unwrap_or_else(|| format!("every hour at minute {}", listed(&list())))
        }
        (Some(minutes), Some(hours)) if minutes.len() * hours.len() <= 12 => {
            let all =
                hours.iter().flat_map(|hour| minutes.iter().map(move |minute| clock(hour * 60 + minute)));
            format!("at {}", listed(&all.collect::<Vec<_>>()))
        }
        _ => return format!("whenever the cron line {text} says"),
    };
    if days == "every day" && months.is_empty() && times.starts_with("every") {
        return times;
    }
    format!("{days}{months} {times}")
}

/// The numbers a field stands for, where it is written in numbers.
fn numbers(field: &str, least: u32, most: u32) -> Option<Vec<u32>> {
    let mut all = Vec::new();
    for part in field.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let (from, to) = match range.split_once('-') {
            _ if range == "*" => (least, most),
            Some((from, to)) => (from.parse().ok()?, to.parse().ok()?),
            None if part.contains('/') => (range.parse().ok()?, most),
            None => (range.parse().ok()?, range.parse().ok()?),
        };
        all.extend((from..=to).step_by(step).filter(|number| (least..=most).contains(number)));
    }
    all.sort_unstable();
    all.dedup();
    (!all.is_empty()).then_some(all)
}

/// Days of the week, Monday first; Sunday is 0 or 7, and names are days, too.
fn week(field: &str) -> Option<Vec<u32>> {
    const NAMES: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    let numbered = NAMES
        .iter()
        .enumerate()
        .fold(field.to_lowercase(), |field, (at, name)| field.replace(name, &at.to_string()));
    let mut days: Vec<u32> =
        numbers(&numbered, 0, 7)?.into_iter().map(|day| if day == 0 { 7 } else { day }).collect();
    days.sort_unstable();
    days.dedup();
    Some(days)
}
