//! Times as the two editions write them.

use chrono::{DateTime, Utc};

/// Cloud: microseconds and an offset with a colon.
pub(super) fn iso_micros(millis: i64) -> String {
    written(millis, "%Y-%m-%dT%H:%M:%S%.6f+00:00")
}

/// Cloud's commits: whole seconds.
pub(super) fn iso_seconds(millis: i64) -> String {
    written(millis, "%Y-%m-%dT%H:%M:%S+00:00")
}

/// Cloud's webhook subscriptions: a Z.
pub(super) fn iso_zulu(millis: i64) -> String {
    written(millis, "%Y-%m-%dT%H:%M:%S%.6fZ")
}

/// Data Center's webhooks: an offset without a colon.
pub(super) fn without_colon(millis: i64) -> String {
    written(millis, "%Y-%m-%dT%H:%M:%S+0000")
}

fn written(millis: i64, form: &str) -> String {
    let at = DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default();
    at.format(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::{iso_micros, without_colon};

    #[test]
    fn the_editions_write_a_time_differently() {
        assert_eq!(iso_micros(1_500_000_000_123), "2017-07-14T02:40:00.123000+00:00");
        assert_eq!(without_colon(1_500_000_000_123), "2017-07-14T02:40:00+0000");
    }
}
