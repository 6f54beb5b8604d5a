//! Digests across changes of clocks, a leap day and the end of a year, where people live.

use chrono::DateTime;
use chrono_tz::Tz;

use super::{open, until};
use crate::world::World;

/// A digest at such times in that zone, asked for at a moment, comes at just these moments until the last, each written
/// as the clock there shows it; and not a minute before.
async fn comes(zone: Tz, times: &str, (from, end): (&str, &str), moments: &[&str]) {
    let world = World::on(dipper::sandbox::bitbucket::Edition::DataCenter).await;
    open(&world, &world.repository("web/api"), "grace", "Answer faster", &["ada"]);
    let ada = world.person("ada").connected().await;
    world.sets_aside("ada", &["asks for your review"]);
    until(&world, from).await;
    let told = ada.types(&format!("/bb digest add web/api {times} --zone {zone}")).await;
    assert!(told.starts_with("Digest of web/api, told here"), "{told}");
    for moment in moments {
        let at = DateTime::parse_from_rfc3339(moment).unwrap();
        let local = at.with_timezone(&zone).to_rfc3339();
        assert_eq!(local, *moment, "written as it is shown in {zone}");
        let before = (at - chrono::Duration::minutes(1)).to_rfc3339();
        until(&world, &before).await;
        assert_eq!(world.hears("#web"), "", "before {moment}");
        until(&world, moment).await;
        assert_eq!(world.messages("#web").len(), 1, "at {moment}");
    }
    until(&world, end).await;
    assert_eq!(world.hears("#web"), "", "until {end}");
    world.finish().await;
}

#[tokio::test]
async fn an_hour_that_is_left_out_is_told_right_after_and_one_that_comes_twice_once() {
    let (berlin, new_york) = (Tz::Europe__Berlin, Tz::America__New_York);
    let spring = ["2027-03-28T03:00:00+02:00", "2027-03-29T02:30:00+02:00"];
    comes(berlin, "daily 2:30", ("2027-03-27T12:00:00Z", "2027-03-29T12:00:00Z"), &spring).await;
    let autumn = ["2027-10-31T02:30:00+02:00", "2027-11-01T02:30:00+01:00"];
    comes(berlin, "daily 2:30", ("2027-10-30T12:00:00Z", "2027-11-01T12:00:00Z"), &autumn).await;
    let autumn = ["2027-11-07T01:30:00-04:00", "2027-11-08T01:30:00-05:00"];
    comes(new_york, "daily 1:30", ("2027-11-06T12:00:00Z", "2027-11-08T12:00:00Z"), &autumn).await;
    let spring = ["2027-03-14T03:00:00-04:00"];
    comes(new_york, "daily 2:15", ("2027-03-13T12:00:00Z", "2027-03-15T05:00:00Z"), &spring).await;
}

#[tokio::test]
async fn half_an_hour_and_a_quarter_of_one_are_kept_apart() {
    let autumn = ["2027-04-04T01:45:00+11:00", "2027-04-05T01:45:00+10:30"];
    comes(Tz::Australia__Lord_Howe, "daily 1:45", ("2027-04-03T03:00:00Z", "2027-04-05T03:00:00Z"), &autumn)
        .await;
    let days = ["2027-01-01T09:30:00+05:45", "2027-01-02T09:30:00+05:45"];
    comes(Tz::Asia__Kathmandu, "daily 9:30", ("2027-01-01T00:00:00Z", "2027-01-02T12:00:00Z"), &days).await;
}

#[tokio::test]
async fn a_leap_day_and_the_end_of_a_year_come_once() {
    let leap = ["2028-02-29T09:00:00+00:00"];
    comes(Tz::UTC, "\"0 9 29 2 *\"", ("2028-02-28T20:00:00Z", "2028-03-02T20:00:00Z"), &leap).await;
    let year = ["2027-01-01T00:00:00+01:00"];
    comes(Tz::Europe__Berlin, "daily 0:00", ("2026-12-31T12:00:00Z", "2027-01-01T20:00:00Z"), &year).await;
    let either = ["2027-08-13T09:00:00+00:00", "2027-08-20T09:00:00+00:00"];
    comes(Tz::UTC, "\"0 9 13 * 5\"", ("2027-08-12T20:00:00Z", "2027-08-21T00:00:00Z"), &either).await;
}

#[tokio::test]
async fn what_comes_every_half_hour_goes_on_while_the_hour_comes_twice() {
    let moments = ["2026-11-21T10:00:00+01:00", "2026-11-21T10:30:00+01:00", "2026-11-21T11:00:00+01:00"];
    let span = ("2026-11-21T08:45:00Z", "2026-11-21T10:15:00Z");
    comes(Tz::Europe__Berlin, "every 30 minutes", span, &moments).await;
    let twice = [
        "2027-10-31T02:00:00+02:00",
        "2027-10-31T02:30:00+02:00",
        "2027-10-31T02:00:00+01:00",
        "2027-10-31T02:30:00+01:00",
    ];
    let span = ("2027-10-30T23:45:00Z", "2027-10-31T01:45:00Z");
    comes(Tz::Europe__Berlin, "every 30 minutes", span, &twice).await;
}
