//! A length of time as people type it: `45m`, `8h`, `3d`, `2w`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Advice, serde_as_text};

/// The units, the longest first, and how many seconds each has.
const UNITS: [(&str, u64); 5] =
    [("w", 7 * 24 * 60 * 60), ("d", 24 * 60 * 60), ("h", 60 * 60), ("m", 60), ("s", 1)];
/// A hundred years: nobody means more.
const LONGEST: u64 = 100 * 366 * 24 * 60 * 60;

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HowLong(pub Duration);

impl FromStr for HowLong {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let text = text.trim();
        let read = || {
            let (unit, seconds) = UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
            let number: u64 = text.strip_suffix(unit)?.parse().ok()?;
            Some(Self(Duration::from_secs(number.checked_mul(*seconds)?.min(LONGEST))))
        };
        read().ok_or_else(|| {
            let shown: String = text.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect();
            Advice(format!("`{shown}` is not a length of time; write it like `45m`, `8h`, `3d` or `2w`."))
        })
    }
}

impl fmt::Display for HowLong {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        let unit = UNITS.iter().find(|(_, length)| seconds > 0 && seconds.is_multiple_of(*length));
        let (unit, length) = unit.unwrap_or(&("s", 1));
        write!(out, "{}{unit}", seconds / length)
    }
}
serde_as_text!(HowLong);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_reads_back() {
        for text in ["45m", "8h", "3d", "2w", "90s", "0s"] {
            assert_eq!(text.parse::<HowLong>().unwrap().to_string(), text);
        }
        assert_eq!("7d".parse::<HowLong>().unwrap().to_string(), "1w");
    }

    #[test]
    fn what_is_none_is_answered_with_advice() {
        for text in ["", "d", "soon", "-1d", "3 x", "99999999999999999999d"] {
            let advice = text.parse::<HowLong>().unwrap_err().to_string();
            assert!(advice.ends_with("write it like `45m`, `8h`, `3d` or `2w`."), "{advice}");
        }
    }
}
