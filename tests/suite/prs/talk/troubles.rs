//! What goes wrong for whoever talks about a pull request on a form, and what they read then.

use dipper::sandbox::bitbucket::{Edition, Permission};

use super::{COMMENTS, PULLS, ask, opened, sees};
use crate::world::{Person, World};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    NotConnected,
    NoPermission,
    ReadOnly,
    NotFound,
    Refused,
    Down,
}
use Trouble::{Down, NoPermission, NotConnected, NotFound, ReadOnly, Refused};

/// One way of saying something: what is typed (`PR` stands for the pull request), what is filled in, and
/// what is asked of Bitbucket that it may refuse.
struct Talk {
    typed: &'static str,
    fills: &'static [(&'static str, &'static str)],
    asks: [&'static str; 2],
}

/// What somebody reads who meets this; the form they began is filled in before the weather turns.
async fn meeting(world: &World, trouble: Trouble, talk: &Talk) -> String {
    let repo = world.repository("web/api");
    if talk.typed.contains("PR") {
        let pr = opened(world);
        pr.task("grace", "Write a test").unwrap();
    }
    let ada = world.person("ada");
    let ada = if trouble == NotConnected { ada } else { ada.connected().await };
    if trouble == NoPermission {
        let _hidden = repo.clone().forbid("ada");
    }
    if trouble == ReadOnly {
        let _shown = repo.allow("ada", Permission::Read);
    }
    let pr = if trouble == NotFound { "web/api#7" } else { "web/api#1" };
    let repo = if trouble == NotFound { "web/nothing" } else { "web/api" };
    let typed = talk.typed.replace("PR", pr).replace("REPO", repo);
    if talk.fills.is_empty() {
        turns(world, trouble, talk);
    }
    assert_eq!(ada.slack.types("#web", &typed).await.status, 200);
    world.settle().await;
    if !talk.fills.is_empty() {
        turns(world, trouble, talk);
        fills_in(&ada, talk).await;
    }
    without_number(&sees(&ada))
}

/// Tasks have other numbers in every world.
fn without_number(text: &str) -> String {
    let parts = text.split('`').map(|part| {
        let number = part.len() > 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if number { "12" } else { part }
    });
    parts.collect::<Vec<_>>().join("`")
}

async fn fills_in(ada: &Person<'_>, talk: &Talk) {
    let can_be_sent = |ada: &Person<'_>| ada.slack.form().is_some_and(|form| !form.body["submit"].is_null());
    if !can_be_sent(ada) {
        return;
    }
    for (label, value) in talk.fills {
        assert_eq!(ada.slack.fills(label, value).await.status, 200, "{label}");
    }
    // What lacks something that has to be filled in is not sent at all.
    let sent = ada.slack.submits().await.status;
    assert!(sent == 200 || sent == 0, "{sent}");
    ada.world.settle().await;
}

fn turns(world: &World, trouble: Trouble, talk: &Talk) {
    let asks = ask(world, talk.asks);
    let faults = world.bitbucket.faults(world.edition);
    match trouble {
        Refused => faults.next(asks, &world.refusing(), 1),
        Down => faults.next("/web/", &World::failing(), 9),
        NotConnected | NoPermission | ReadOnly | NotFound => {}
    }
}

/// All of it, one after the other, each in a world of its own; where the editions say it in words of
/// their own, both are told.
async fn all(talk: &Talk, troubles: &[Trouble]) -> String {
    let mut read = Vec::new();
    for edition in [Edition::Cloud, Edition::DataCenter] {
        let mut heards = Vec::new();
        for trouble in troubles {
            let world = World::on(edition).await;
            let heard = meeting(&world, *trouble, talk).await;
            world.bitbucket.faults(edition).call_off();
            world.finish().await;
            heards.push(heard);
        }
        read.push(heards);
    }
    let each = troubles.iter().zip(read[0].iter().zip(&read[1]));
    let told = each.map(|(trouble, (cloud, dc))| {
        if cloud == dc {
            return format!("({trouble:?})\n{cloud}");
        }
        format!("({trouble:?}, Cloud)\n{cloud}\n\n({trouble:?}, Data Center)\n{dc}")
    });
    told.collect::<Vec<_>>().join("\n\n")
}

/// Where what is said of one is changed.
const ONE: [&str; 2] = [
    "PUT /2.0/repositories/web/api/pullrequests/1",
    "PUT /rest/api/latest/projects/web/repos/api/pull-requests/1",
];
const EVERY: &[Trouble] = &[NotConnected, NoPermission, NotFound, Refused, Down];
const FEW: &[Trouble] = &[NotConnected, NoPermission, ReadOnly];

#[tokio::test]
async fn opening_on_a_form() {
    let talk =
        Talk { typed: "/bb pr open REPO --from limit-rate", fills: &[("Title", "Limit it")], asks: PULLS };
    snapshot!(all(&talk, EVERY).await, @"
    (NotConnected)
    Open a pull request
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (NoPermission)
    Open a pull request
    Bitbucket has nothing of that name that you may see.
    ———
    Repository: web/api
    Source branch: limit-rate
    (The branch that holds your change)
    Target branch (optional): ____
    (The main branch when left empty)
    Title: Limit it
    Description (optional): ____
    Reviewers (optional): ____
    Draft (optional): [ ] Yes
    Delete the branch once merged (optional): [ ] Yes
    [Open]

    (NotFound)
    Open a pull request
    Bitbucket has nothing of that name that you may see.
    ———
    Repository: web/nothing
    Source branch: limit-rate
    (The branch that holds your change)
    Target branch (optional): ____
    (The main branch when left empty)
    Title: Limit it
    Description (optional): ____
    Reviewers (optional): ____
    Draft (optional): [ ] Yes
    Delete the branch once merged (optional): [ ] Yes
    [Open]

    (Refused)
    Open a pull request
    Not while the moon is full.
    ———
    Repository: web/api
    Source branch: limit-rate
    (The branch that holds your change)
    Target branch (optional): main
    (The main branch when left empty)
    Title: Limit it
    Description (optional): ____
    Reviewers (optional): ____
    Draft (optional): [ ] Yes
    Delete the branch once merged (optional): [ ] Yes
    [Open]

    (Down)
    Open a pull request
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to list the pull requests.
    I tried a few times; it may not have been done. Look before you ask again.
    ");
}

#[tokio::test]
async fn commenting_on_a_form() {
    let talk = Talk { typed: "/bb pr comment PR", fills: &[("Comment", "Looks good to me")], asks: COMMENTS };
    snapshot!(all(&talk, EVERY).await, @"
    (NotConnected)
    Comment
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (NoPermission)
    Comment
    Bitbucket has nothing of that name that you may see.
    ———
    web/api#1
    Comment: Looks good to me
    (Markdown works)
    [Comment]

    (NotFound)
    Comment
    Bitbucket has nothing of that name that you may see.
    ———
    web/api#7
    Comment: Looks good to me
    (Markdown works)
    [Comment]

    (Refused)
    Comment
    Not while the moon is full.
    ———
    web/api#1
    Comment: Looks good to me
    (Markdown works)
    [Comment]

    (Down)
    Comment
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to show the pull request.
    I tried a few times; it may not have been done. Look before you ask again.
    ");
}

#[tokio::test]
async fn changing_on_a_form() {
    let talk = Talk { typed: "/bb pr update PR", fills: &[("Title", "Otherwise")], asks: ONE };
    snapshot!(all(&talk, FEW).await, @"
    (NotConnected)
    Change a pull request
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (NoPermission)
    Change a pull request
    Bitbucket has nothing of that name that you may see.
    ———
    web/api#1
    Title (optional): Otherwise
    Description (optional): ____
    Target branch (optional): ____
    Draft (optional): [ ] Yes
    [Save]

    (ReadOnly, Cloud)
    Change a pull request
    Bitbucket does not allow it: You do not have the permission to do this in this repository.
    ———
    web/api#1 Limit the rate
    Title (optional): Otherwise
    Description (optional): ____
    Target branch (optional): main
    Draft (optional): [ ] Yes
    [Save]

    (ReadOnly, Data Center)
    Change a pull request
    Bitbucket does not allow it: You are not permitted to access this resource
    ———
    web/api#1 Limit the rate
    Title (optional): Otherwise
    Description (optional): ____
    Target branch (optional): main
    Draft (optional): [ ] Yes
    [Save]
    ");
}

#[tokio::test]
async fn replying_by_typing() {
    let talk = Talk { typed: "/bb pr reply PR --to 1 \"Good point\"", fills: &[], asks: COMMENTS };
    snapshot!(all(&talk, FEW).await, @"
    (NotConnected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (NoPermission)
    Bitbucket has nothing of that name that you may see.

    (ReadOnly)
    There is no comment `1` on web/api#1.
    ");
}

#[tokio::test]
async fn replying_on_a_form() {
    let talk = Talk { typed: "/bb pr reply PR", fills: &[("Reply", "Good point")], asks: COMMENTS };
    snapshot!(all(&talk, FEW).await, @"
    (NotConnected)
    Reply to a comment
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (NoPermission)
    Reply to a comment
    Bitbucket has nothing of that name that you may see.
    ———
    web/api#1
    Comment: ____
    ! This field must not be empty.
    Reply: Good point
    (Markdown works)
    [Reply]

    (ReadOnly, Cloud)
    Reply to a comment
    web/api#1 Limit the rate
    Nobody has said anything yet; `/bb pr comment` begins.
    Comment: ____
    ! This field must not be empty.
    Reply: Good point
    (Markdown works)
    [Reply]

    (ReadOnly, Data Center)
    Reply to a comment
    Your reply to grace is on web/api#1 Limit the rate.
    ");
}
