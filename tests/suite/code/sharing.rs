//! What is shown to the channel, and what stays with whoever turned a page of it.

use super::{committed, presses};
use crate::world::on_both;

#[tokio::test]
async fn what_is_shared_says_who_asked_and_pages_are_for_whoever_turns_them() {
    on_both(async |mut world| {
        committed(&world.repository("web/api"), "main", 11);
        let shared = {
            let ada = world.person("ada").connected().await;
            let _grace = world.person("grace").connected().await;
            assert_eq!(ada.types("/bb commits web/api --share").await, "");
            world.messages("#web").remove(0)
        };
        let read = world.read(std::slice::from_ref(&shared));
        assert!(read.starts_with("Latest commits in web/api\n"), "{read}");
        assert!(read.ends_with("@ada asked for this.\n[Next]"), "{read}");
        world.restart().await;
        let grace = world.person("grace");
        let second = presses(&grace, &shared, "Next").await;
        snapshot!(world.read(std::slice::from_ref(&second)), @"
        Latest commits in web/api, page 2
        0123abc Step 1 · grace · 2026-11-21 08:00 UTC
        0123abc Start the repository · root · 2026-11-21 08:00 UTC
        [Previous]
        ");
        assert_eq!(world.hears("#web"), "");
        let _ = world.repository("web/api").forbid("grace");
        snapshot!(grace.clicks(&shared, "Next").await, @"Bitbucket has nothing of that name that you may see.");
        snapshot!(world.person("edsger").clicks(&shared, "Next").await, @"
        First connect your account on bitbucket, so that I can do this as you.
        I'll carry on with what you asked as soon as you have.
        [Connect bitbucket]
        ");
        world.finish().await;
    })
    .await;
}
