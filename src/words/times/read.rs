//! Times in words → days and hours. What only makes a sentence of it (`at`, `on`, `the`, `and`) is passed over.

use super::{At, Days, Plan};

const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const FILLING: [&str; 10] = ["at", "on", "the", "and", "of", "each", "from", "between", "a", "o'clock"];
/// No more often than this.
const LEAST: u32 = 15;

/// What was read so far.
#[derive(Default)]
struct Reading {
    weekly: Vec<u32>,
    monthly: Vec<u32>,
    daily: bool,
    clock: Vec<u32>,
    every: Option<u32>,
    hours: Option<(u32, u32)>,
}

/// The plan a text says, if it says one.
pub(super) fn plan(text: &str) -> Option<Plan> {
    let text = text.to_lowercase().replace(['–', '—'], "-").replace(" to ", "-").replace(" - ", "-");
    let mut words = text
        .split(|c: char| c.is_whitespace() || c == ',' || c == ';')
        .filter(|word| !word.is_empty() && !FILLING.contains(word))
        .peekable();
    let mut reading = Reading::default();
    while let Some(word) = words.next() {
        if word == "every" {
            let next = words.next()?;
            if let Some(unit) = unit(next) {
                reading.again(1, unit)?;
            } else if let Ok(many) = next.parse() {
                reading.again(many, unit(words.next()?)?)?;
            } else if let Some(minutes) = glued(next) {
                reading.again(1, minutes)?;
            } else {
                reading.day(next)?;
            }
        } else if word == "hourly" {
            reading.again(1, 60)?;
        } else if reading.day(word).is_none() {
            let half = words.peek().filter(|next| matches!(**next, "am" | "pm")).copied();
            match half {
                Some(half) => {
                    words.next();
                    reading.time(&format!("{word}{half}"))?;
                }
                None => reading.time(word)?,
            }
        }
    }
    reading.done()
}

impl Reading {
    fn again(&mut self, many: u32, minutes: u32) -> Option<()> {
        let minutes = many.checked_mul(minutes).filter(|minutes| *minutes >= LEAST)?;
        let fits = if minutes < 60 { 60 % minutes == 0 } else { minutes % 60 == 0 && minutes <= 12 * 60 };
        (fits && self.every.is_none()).then(|| self.every = Some(minutes))
    }

    /// A day, or several.
    fn day(&mut self, word: &str) -> Option<()> {
        match word {
            "day" | "days" | "daily" | "everyday" => self.daily = true,
            "weekday" | "weekdays" | "workday" | "workdays" => self.weekly.extend(1..=5),
            "weekend" | "weekends" => self.weekly.extend([6, 7]),
            "month" | "monthly" => {
                if self.monthly.is_empty() {
                    self.monthly.push(1);
                }
            }
            _ => {
                if let Some(day) = ordinal(word) {
                    self.monthly.push(day);
                } else if let Some((from, to)) = word.split_once('-') {
                    let (from, to) = (weekday(from)?, weekday(to)?);
                    // `fri-mon` runs over the week's end.
                    let to = if to < from { to + 7 } else { to };
                    self.weekly.extend((from..=to).map(|day| (day - 1) % 7 + 1));
                } else {
                    self.weekly.push(weekday(word)?);
                }
            }
        }
        Some(())
    }

    /// A time of the day, or the hours within which it comes again and again.
    fn time(&mut self, word: &str) -> Option<()> {
        if let Some((from, to)) = word.split_once('-') {
            let (from, to) = (minute(from)?, minute(to)?);
            let whole = from % 60 == 0 && to % 60 == 0 && from < to && to < 24 * 60;
            return (whole && self.hours.is_none()).then(|| self.hours = Some((from / 60, to / 60)));
        }
        self.clock.push(minute(word)?);
        Some(())
    }

    fn done(mut self) -> Option<Plan> {
        for list in [&mut self.weekly, &mut self.monthly, &mut self.clock] {
            list.sort_unstable();
            list.dedup();
        }
        let days = match (self.weekly.as_slice(), self.monthly.as_slice()) {
            ([], []) if self.daily || self.every.is_some() => Days::Every,
            ([_, _, _, _, _, _, _], []) => Days::Every,
            ([_, ..], []) if !self.daily => Days::Weekly(self.weekly),
            ([], [_, ..]) if !self.daily => Days::Monthly(self.monthly),
            _ => return None,
        };
        let at = match (self.every, self.clock.is_empty()) {
            (Some(minutes), true) => At::Every { minutes, hours: self.hours },
            (None, false) if self.hours.is_none() => At::Clock(self.clock),
            _ => return None,
        };
        Some(Plan { days, at })
    }
}

fn unit(word: &str) -> Option<u32> {
    match word {
        "hour" | "hours" | "h" => Some(60),
        "minute" | "minutes" | "min" | "mins" | "m" => Some(1),
        _ => None,
    }
}

/// `2h`, `30m`.
fn glued(word: &str) -> Option<u32> {
    let digits = word.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = word.split_at(digits);
    number.parse::<u32>().ok()?.checked_mul(self::unit(unit)?)
}

fn weekday(word: &str) -> Option<u32> {
    let word = if word.len() > 4 { word.strip_suffix('s').unwrap_or(word) } else { word };
    let at = DAYS.iter().position(|day| word.len() >= 3 && day.starts_with(word));
    at.and_then(|at| u32::try_from(at + 1).ok())
}

/// `1st`, `22nd`, `15th`.
fn ordinal(word: &str) -> Option<u32> {
    let number = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end))?;
    number.parse().ok().filter(|day| (1..=31).contains(day))
}

/// `9`, `9:30`, `9.30`, `9am`, `9:30pm`, `noon`, in minutes since midnight.
pub(in crate::words) fn minute(word: &str) -> Option<u32> {
    match word {
        "noon" | "midday" => return Some(12 * 60),
        "midnight" => return Some(0),
        _ => {}
    }
    let half = ["am", "pm"].into_iter().find(|half| word.ends_with(half));
    let clock = half.map_or(word, |half| word[..word.len() - half.len()].trim_end());
    let (hour, minute) = clock.split_once([':', '.']).unwrap_or((clock, "00"));
    let digits = |text: &str, most: usize| {
        let good = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| text.parse::<u32>().ok()).flatten()
    };
    let (hour, minute) = (digits(hour, 2)?, digits(minute, 2).filter(|_| minute.len() == 2)?);
    let hour = match half {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("am") => hour % 12,
        Some(_) => hour % 12 + 12,
    };
    (hour < 24 && minute < 60).then_some(hour * 60 + minute)
}
