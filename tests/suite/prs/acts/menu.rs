//! What else a card offers: each button and choice of its menu, for whoever may, may not, or meets bad weather.

use super::{Act, Door, Stage, reads};
use crate::world::World;
use dipper::sandbox::bitbucket::Edition;

const fn offered(button: &'static str, fills: &'static [(&'static str, &'static str)]) -> Act {
    Act { typed: "", options: "", button, fills }
}

const COMMENT: Act = offered("Comment", &[("Comment", "Why ten?")]);
const CHANGE: Act = offered("Change", &[("Title", "Limit it")]);
const REVIEWERS: Act = offered("Reviewers", &[]);
const TASKS: Act = offered("Tasks", &[]);
const DIFF: Act = offered("Diff", &[]);
const CHECKS: Act = offered("Checks", &[]);
const OFFERED: [&Act; 6] = [&COMMENT, &CHANGE, &REVIEWERS, &TASKS, &DIFF, &CHECKS];

/// Whoever is on the stage, at every button; those at which the same is read stand together.
async fn at_each(meets: impl AsyncFn(&Stage<'_>, &Act) -> String) -> String {
    let mut groups: Vec<(Vec<String>, String)> = Vec::new();
    for edition in [Edition::Cloud, Edition::DataCenter] {
        let world = World::on(edition).await;
        let stage = Stage::set(&world).await;
        for act in OFFERED {
            let text = meets(&stage, act).await;
            world.bitbucket.faults(edition).call_off();
            match groups.iter_mut().find(|(_, known)| *known == text) {
                Some((names, _)) if names.iter().any(|name| name == act.button) => {}
                Some((names, _)) => names.push(act.button.to_owned()),
                None => groups.push((vec![act.button.to_owned()], text)),
            }
        }
        world.settle().await;
        let _cards = world.hears("#web");
        world.finish().await;
    }
    let group = |(names, text): &(Vec<String>, String)| format!("({})\n{text}", names.join(", "));
    groups.iter().map(group).collect::<Vec<_>>().join("\n\n")
}

#[tokio::test]
async fn what_a_card_offers_works() {
    let all = at_each(async |stage, act| stage.does(&stage.ada, Door::Button, act).await).await;
    snapshot!(all, @"
    (Comment)
    Comment
    Your comment is on web/api#1 Limit the rate.

    (Change)
    Change a pull request
    You changed the title of web/api#1 Limit it.

    (Reviewers)
    Nobody is asked to review web/api#1 Limit it.
    [Ask somebody]

    (Tasks)
    There are no tasks on web/api#1 Limit it.
    [Add a task]

    (Diff)
    web/api#1 Limit it: 1 file, +15 −0
    `src/limit_the_rate.rs` new +15 −0
    ```@@ -0,0 +1,15 @@
    +step(1);
    +step(2);
    +step(3);
    +step(4);
    +step(5);
    +step(6);
    +step(7);
    +step(8);
    +step(9);
    +step(10);
    +step(11);
    +step(12);
    +step(13);
    +step(14);
    +step(15);```
    [Approve] [Needs work]

    (Checks)
    web/api#1 Limit it: nothing was built of it yet.
    [Show]
    ");
}

#[tokio::test]
async fn whoever_is_not_connected_is_asked_to_whatever_they_press() {
    let all = at_each(async |stage, act| {
        let edsger = stage.world.person("edsger");
        let read = stage.does(&edsger, Door::Button, act).await;
        if read.is_empty() { reads(&edsger) } else { read }
    });
    snapshot!(all.await, @"
    (Comment)
    Comment
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (Change)
    Change a pull request
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (Reviewers, Tasks, Diff, Checks)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]
    ");
}

#[tokio::test]
async fn what_one_may_not_see_is_not_shown_by_its_card() {
    let all = at_each(async |stage, act| stage.does_to_hidden(Door::Button, act).await).await;
    snapshot!(all, @"
    (Comment)
    Comment
    Bitbucket has nothing of that name that you may see.
    ———
    web/vault#1
    Comment: Why ten?
    (Markdown works)
    [Comment]

    (Change)
    Change a pull request
    Bitbucket has nothing of that name that you may see.
    ———
    web/vault#1
    Title (optional): Limit it
    Description (optional): ____
    Target branch (optional): ____
    Draft (optional): [ ] Yes
    [Save]

    (Reviewers, Tasks, Diff, Checks)
    Bitbucket has nothing of that name that you may see.
    ");
}

#[tokio::test]
async fn a_card_says_so_when_bitbucket_is_down() {
    let all = at_each(async |stage, act| stage.does_while_down(Door::Button, act).await).await;
    snapshot!(all, @"
    (Comment)
    Comment
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
    I tried a few times; it may not have been done. Look before you ask again.

    (Change)
    Change a pull request
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
    I tried a few times; it may not have been done. Look before you ask again.

    (Reviewers, Tasks, Diff, Checks)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
    I tried a few times. Ask again in a moment.
    ");
}
