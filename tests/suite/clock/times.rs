//! Digests across changes of clocks, a leap day and the end of a year, where people live.

use chrono::DateTime;
use chrono_tz::Tz;

use super::{open, until};
use crate::world::World;

/// When a digest came, in its own zone, until that moment; looked at every quarter of an hour.
async fn comes(world: &World, zone: Tz, quarters: usize) -> Vec<String> {
    let mut came = Vec::new();
    for _ in 0..quarters {
        world.advance(std::time::Duration::from_mins(15)).await;
        for _ in world.messages("#web") {
            let now = DateTime::from_timestamp_millis(world.clock.millis()).unwrap();
            came.push(now.with_timezone(&zone).format("%a %d %b %H:%M %Z").to_string());
        }
    }
    came
}

/// A digest at such times in that zone, from that moment on; when it came in so many quarters of an hour.
async fn plays(zone: Tz, times: &str, from: &str, quarters: usize) -> Vec<String> {
    let world = World::on(dipper::sandbox::bitbucket::Edition::DataCenter).await;
    open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
    let ada = world.person("ada").connected().await;
    until(&world, from).await;
    let told = ada.types(&format!("/bb digest add web/api {times} --zone {zone}")).await;
    assert!(told.starts_with("Digest of web/api, told here"), "{told}");
    let came = comes(&world, zone, quarters).await;
    world.finish().await;
    came
}

#[tokio::test]
async fn an_hour_that_is_left_out_is_told_right_after_and_one_that_comes_twice_once() {
    let berlin = Tz::Europe__Berlin;
    let spring = plays(berlin, "daily 2:30", "2027-03-27T12:00:00Z", 176).await;
    assert_eq!(spring, ["Sun 28 Mar 03:00 CEST", "Mon 29 Mar 02:30 CEST"]);
    let autumn = plays(berlin, "daily 2:30", "2027-10-30T12:00:00Z", 176).await;
    assert_eq!(autumn, ["Sun 31 Oct 02:30 CEST", "Mon 01 Nov 02:30 CET"]);
    let new_york = Tz::America__New_York;
    let autumn = plays(new_york, "daily 1:30", "2027-11-06T12:00:00Z", 176).await;
    assert_eq!(autumn, ["Sun 07 Nov 01:30 EDT", "Mon 08 Nov 01:30 EST"]);
    let spring = plays(new_york, "daily 2:15", "2027-03-13T12:00:00Z", 120).await;
    assert_eq!(spring, ["Sun 14 Mar 03:00 EDT"]);
}

#[tokio::test]
async fn half_an_hour_and_a_quarter_of_one_are_kept_apart() {
    let lord_howe = Tz::Australia__Lord_Howe;
    let autumn = plays(lord_howe, "daily 1:45", "2027-04-03T03:00:00Z", 176).await;
    assert_eq!(autumn, ["Sun 04 Apr 01:45 +11", "Mon 05 Apr 01:45 +1030"]);
    let kathmandu = plays(Tz::Asia__Kathmandu, "daily 9:30", "2027-01-01T00:00:00Z", 120).await;
    assert_eq!(kathmandu, ["Fri 01 Jan 09:30 +0545", "Sat 02 Jan 09:30 +0545"]);
}

#[tokio::test]
async fn a_leap_day_and_the_end_of_a_year_come_once() {
    let leap = plays(Tz::UTC, "\"0 9 29 2 *\"", "2028-02-28T20:00:00Z", 176).await;
    assert_eq!(leap, ["Tue 29 Feb 09:00 UTC"]);
    let year = plays(Tz::Europe__Berlin, "daily 0:00", "2026-12-31T12:00:00Z", 100).await;
    assert_eq!(year, ["Fri 01 Jan 00:00 CET"]);
    let either = plays(Tz::UTC, "\"0 9 13 * 5\"", "2027-08-12T20:00:00Z", 176).await;
    assert_eq!(either, ["Fri 13 Aug 09:00 UTC"]);
}
