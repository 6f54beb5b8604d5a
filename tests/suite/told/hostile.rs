//! Whatever people write is shown and does nothing, however long or strange it is; bots are not heard, and what
//! is said in a thread is shown to all only where that was asked for.

use dipper::sandbox::bitbucket::Permission;

use super::{all_of, said};
use crate::world::{World, on_both};

/// A pull request by grace with this title, whose card nobody has read yet.
async fn titled(world: &World, title: &str) {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", title, ("limit-rate", "main")).unwrap();
    world.settle().await;
}

#[tokio::test]
async fn what_would_act_elsewhere_is_text_here() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        titled(&world, "<!channel> & *all* of <@U1> see <https://evil.example|this> :tada:").await;
        let pr = world.repository("web/api").pull_request(1);
        pr.comment("edsger", "@here <!subteam^S1> `code` ~no~ _yes_ https://evil.example &lt;!here&gt;")
            .unwrap();
        let repo = world.repository("web/api");
        world.bitbucket.push(&repo, "main", "grace", &["<!everyone> *look* `here`"]).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"
        grace opened web/api#1 <!channel> & *all* of <@U1> see <https://evil.example|this> :tada:
        `limit-rate` → `main` · no reviewers
        1 comment · 1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) edsger commented: @here <!subteam^S1> `code` ~no~ _yes_ https://evil.example &lt;!here&gt;

        grace pushed 1 commit to `main` of web/api.
        0123abc <!everyone> *look* `here`
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_hides_or_turns_around_is_made_visible() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        titled(&world, "ap\u{200b}prove \u{202e}sdrawkcab\u{2066} \u{feff}me\u{ad}").await;
        snapshot!(said(&world).lines().next().unwrap_or_default().to_owned(), @"grace opened web/api#1 ap�prove �sdrawkcab� �me�");
        let pr = world.repository("web/api").pull_request(1);
        pr.comment("edsger", "\u{2067}\u{200f}right to left\u{2069}\u{0}\u{7}").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) edsger commented: �right to left�");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_endless_ends() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        titled(&world, "Limit the rate").await;
        let _card = world.hears("#web");
        let (pr, repo) = (world.repository("web/api").pull_request(1), world.repository("web/api"));
        // Cloud sends nothing of more than 256 KB, in which a comment stands more than once.
        for flood in ["word ".repeat(20_000), "x".repeat(100_000), "\u{1f389}".repeat(20_000)] {
            pr.comment("edsger", &flood).unwrap();
            world.settle().await;
            let heard = said(&world);
            assert!(
                heard.starts_with("(in the thread) edsger commented: ") && heard.ends_with('…'),
                "{heard}"
            );
            assert!(heard.chars().count() < 250, "{heard}");
        }
        pr.describe("grace", &"&<>".repeat(33_000)).unwrap();
        pr.retitle("grace", &"Long ".repeat(50)).unwrap();
        world.bitbucket.push(&repo, "main", "grace", &[&"y".repeat(40_000)]).unwrap();
        world.settle().await;
        let heard = said(&world);
        assert!(heard.contains("grace pushed 1 commit to `main` of web/api.\n0123abc yyyy"), "{heard}");
        assert!(heard.chars().count() < 5_000, "{}", heard.chars().count());
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_thousand_commits_are_one_message() {
    on_both(async |world| {
        let _ada = all_of(&world, "web/api").await;
        let names: Vec<String> = (1..=1_000).map(|at| format!("Step {at}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        world.bitbucket.push(&world.repository("web/api"), "main", "grace", &names).unwrap();
        world.settle().await;
        snapshot!(said(&world), @"
        grace pushed 1000 commits to `main` of web/api.
        0123abc Step 1000
        0123abc Step 999
        0123abc Step 998
        … and 997 more
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn bots_are_heard_only_where_a_condition_names_them() {
    on_both(async |world| {
        let ada = all_of(&world, "web/api").await;
        titled(&world, "Limit the rate").await;
        let _card = world.hears("#web");
        let repo = world.repository("web/api");
        let _token = world.bitbucket.repository_token(&repo, Permission::Write);
        repo.pull_request(1).comment("token-of-web-api", "Beep").unwrap();
        world.settle().await;
        assert_eq!(said(&world), "");
        ada.types("/bb subscribe web/api commented --where bot:yes").await;
        repo.pull_request(1).comment("token-of-web-api", "Boop").unwrap();
        repo.pull_request(1).comment("grace", "A person's").unwrap();
        world.settle().await;
        snapshot!(said(&world), @"(in the thread) token-of-web-api commented: Boop");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn lines_are_shown_to_all_only_where_that_was_asked_for() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        ada.types("/bb subscribe web/api opened commented").await;
        titled(&world, "Limit the rate").await;
        let _card = world.hears("#web");
        let pr = world.repository("web/api").pull_request(1);
        for (asked, text) in [(false, "Quietly"), (true, "Aloud")] {
            if asked {
                snapshot!(ada.types("/bb subscribe web/api opened commented --broadcast").await, @"
                This channel is now told of web/api: opened, commented.
                With thread lines shown in the channel.
                It would have matched 2 of the 2 deliveries seen so far.
                Before, it was: opened, commented.
                [Stop]
                ");
            }
            pr.comment("edsger", text).unwrap();
            world.settle().await;
            let line = world.messages("#web").into_iter().find(|message| !message.edited).unwrap();
            assert_eq!((line.thread_ts.is_some(), line.subtype.is_some()), (true, asked), "{text}");
        }
        world.finish().await;
    })
    .await;
}
