//! Waiting is counted in working time, as each channel and person says they work.

use super::{open, until};
use crate::world::on_both;

#[tokio::test]
async fn a_channel_and_a_person_say_when_they_work() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        snapshot!(ada.types("/bb calendar").await, @"
        People work here `mon-fri 9:00-17:00`, in each digest's own time zone.
        [Change]
        ");
        snapshot!(ada.types("/bb calendar --days sun-thu --hours 8-16 --off \"2026-12-24..2027-01-01, 05-01\"").await, @"
        From now on people work here `mon-thu,sun 8:00-16:00`, in each digest's own time zone.
        Off: `2026-12-24..2027-01-01, 05-01`.
        [Change] [As usual]
        ");
        snapshot!(ada.types("/bb calendar --mine --hours 10:00-14:00").await, @"
        From now on you work `mon-fri 10:00-14:00`, where you live.
        [Change] [As usual]
        ");
        snapshot!(ada.types("/bb calendar --clear").await, @"
        From now on people work here `mon-fri 9:00-17:00`, in each digest's own time zone.
        [Change]
        ");
        for wrong in ["--days someday", "--hours 17-9", "--off christmas"] {
            let told = ada.types(&format!("/bb calendar {wrong}")).await;
            assert!(told.contains("write them like"), "{wrong}: {told}");
        }
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn days_off_come_from_a_calendar_file() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let book = world.repository("web/handbook");
        let holidays = |day: &str| {
            format!(
                "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:{day}\r\nSUMMARY:Off\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            )
        };
        let text = dipper::sandbox::bitbucket::Content::Text;
        let _main = book.branch("main").with_file("holidays.ics", text(holidays("20261124")), "ada");
        let _main = book.branch("main").with_file("notes.txt", text("nothing".to_owned()), "ada");
        snapshot!(ada.types("/bb calendar --ics web/handbook:holidays.ics").await, @"
        From now on people work here `mon-fri 9:00-17:00`, in each digest's own time zone.
        Off besides: `web/handbook:holidays.ics`, which names 1 stretch of days.
        [Change] [As usual]
        ");
        snapshot!(ada.types("/bb calendar --ics web/handbook:nowhere.ics").await, @"There is no `nowhere.ics` at `main`, or you may not see it.");
        snapshot!(ada.types("/bb calendar --ics web/handbook:notes.txt").await, @"`notes.txt` names no whole days; it should be a calendar like `.ics` files.");
        snapshot!(ada.types("/bb calendar --ics holidays").await, @"Name a repository and a file in it, like `web/handbook:holidays.ics`.");
        until(&world, "2026-11-23T08:00:00Z").await;
        open(&world, &world.repository("web/api"), "grace", "Answer faster", &[]);
        ada.types("/bb digest add web/api daily 9:00").await;
        until(&world, "2026-11-25T08:00:00Z").await;
        let heard = world.hears("#web");
        assert!(heard.contains("1 day old"), "{heard}");
        // Read again once a day: what it names then counts.
        let _main = book.branch("main").with_file("holidays.ics", text(holidays("20261125")), "ada");
        until(&world, "2026-11-26T08:00:00Z").await;
        let heard = world.hears("#web");
        assert!(heard.contains("2 days old"), "{heard}");
        world.finish().await;
    })
    .await;
}
