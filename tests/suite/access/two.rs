//! What takes two people: it waits for the second, and is then done as the first.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Opening, Permission, PullHandle, RepoHandle};

use crate::connecting::tokens::by_own_token;
use crate::world::{World, on_both};

/// A pull request of grace's, in a workspace where merging takes two.
async fn merging_takes_two(world: &World) {
    let ada = world.person("ada");
    let _admin = ada.slack.clone().admin();
    let said = ada.types("/bb settings --two-person \"pr merge\"").await;
    assert!(said.contains("Done only by two: pr merge"), "{said}");
}

/// Grace's pull request.
fn opened(world: &World, repo: &RepoHandle) -> PullHandle {
    let _branch = repo.branch("limit-rate").with_commit("Limit the rate", "grace");
    let opening = Opening { title: "Limit the rate", from: "limit-rate", to: "main", ..Opening::default() };
    repo.pull_request(world.bitbucket.open(repo, "grace", &opening).unwrap())
}

fn is_open(pr: &PullHandle) -> bool {
    pr.repo().bitbucket().pull_request(pr.repo(), pr.number()).unwrap().is_open()
}

#[tokio::test]
async fn a_merge_waits_for_the_second_person_and_is_done_as_the_first() {
    on_both(async |world| {
        merging_takes_two(&world).await;
        let pr = opened(&world, &world.repository("web/api"));
        let (grace, edsger) = (world.person("grace").connected().await, world.person("edsger").connected().await);
        let typed = "/bb pr merge web/api#1";
        snapshot!(grace.types(typed).await, @"This takes two people here. I asked; it is done as soon as somebody agrees. `/bb requests` shows what waits.");
        let told = world.messages("#web");
        snapshot!(world.read(&told), @"
        @grace wants to do `/bb pr merge web/api#1`. It takes two: somebody else has to agree.
        Until 2026-11-22 08:00 UTC
        [Go ahead] [Don't]
        ");
        assert!(is_open(&pr));
        snapshot!(grace.clicks(&told[0], "Go ahead").await, @"You asked for it yourself: somebody else has to decide.");
        snapshot!(edsger.clicks(&told[0], "Go ahead").await, @"You agreed; it is done now as @grace.");
        assert!(!is_open(&pr));
        snapshot!(grace.is_told(), @"Merged web/api#1 Limit the rate into `main`.");
        snapshot!(world.hears("#web"), @"
        (edited) @grace wants to do `/bb pr merge web/api#1`. It takes two: somebody else has to agree.
        Agreed to by @edsger.
        ");
        let audit = world.person("ada").types("/bb audit --who @grace").await;
        assert!(audit.contains("agreed to by"), "{audit}");
        assert!(audit.contains("waits for a second person"), "{audit}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_second_person_who_says_no_or_nothing_ends_it() {
    on_both(async |world| {
        merging_takes_two(&world).await;
        let pr = opened(&world, &world.repository("web/api"));
        let (grace, edsger) = (world.person("grace").connected().await, world.person("edsger").connected().await);
        let typed = "/bb pr merge web/api#1";
        let _asked = grace.types(typed).await;
        let told = world.messages("#web");
        let _form = edsger.presses(&told[0], "Don't").await;
        world.settle().await;
        assert_eq!(edsger.slack.submits().await.status, 200);
        world.settle().await;
        snapshot!(grace.is_told(), @"@edsger said no: @grace wants to do `/bb pr merge web/api#1`. It takes two: somebody else has to agree.");
        let _again = grace.types(typed).await;
        let _asked = world.hears("#web");
        for _ in 0..25 {
            world.advance(Duration::from_hours(1)).await;
        }
        snapshot!(grace.is_told(), @"
        Nobody decided in time about what you asked: @grace wants to do `/bb pr merge web/api#1`. It takes two: somebody else has to agree.
        Ask again, or ask somebody in person.
        ");
        snapshot!(world.hears("#web"), @"
        (edited) @grace wants to do `/bb pr merge web/api#1`. It takes two: somebody else has to agree.
        Nobody decided in time.
        ");
        assert!(is_open(&pr));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_cannot_read_it_cannot_agree_to_it() {
    on_both(async |world| {
        merging_takes_two(&world).await;
        let repo = world.repository("web/api");
        let pr = opened(&world, &repo);
        let _not = repo.forbid("edsger");
        let (grace, edsger) =
            (world.person("grace").connected().await, world.person("edsger").connected().await);
        let _asked = grace.types("/bb pr merge web/api#1").await;
        let told = world.messages("#web");
        snapshot!(edsger.clicks(&told[0], "Go ahead").await, @"
        Bitbucket has nothing of that name that you may see.
        Who may: one who can read the repository.
        ");
        assert!(is_open(&pr));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn who_cannot_read_the_channels_repository_cannot_agree_to_a_bare_number() {
    on_both(async |world| {
        merging_takes_two(&world).await;
        let repo = world.repository("web/api");
        let pr = opened(&world, &repo);
        let (grace, edsger) =
            (world.person("grace").connected().await, world.person("edsger").connected().await);
        let _own = grace.types("/bb use web/api").await;
        let repo = repo.forbid("edsger");
        let _asked = grace.types("/bb pr merge 1").await;
        let told = world.messages("#web");
        snapshot!(edsger.clicks(&told[0], "Go ahead").await, @"
        Bitbucket has nothing of that name that you may see.
        Who may: one who can read the repository.
        ");
        assert!(is_open(&pr));
        let _may = repo.allow("edsger", Permission::Read);
        snapshot!(edsger.clicks(&told[0], "Go ahead").await, @"You agreed; it is done now as @grace.");
        assert!(!is_open(&pr));
        let _merged = (grace.is_told(), world.hears("#web"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_to_be_made_needs_no_reader() {
    on_both(async |world| {
        let _repo = world.repository("web/api").allow("grace", Permission::Admin);
        let ada = world.person("ada");
        let _admin = ada.slack.clone().admin();
        let _two = ada.types("/bb settings --two-person \"repo create\"").await;
        let (grace, edsger) = (by_own_token(&world, "grace").await, world.person("edsger").connected().await);
        let _asked = grace.types("/bb repo create web/new").await;
        let told = world.messages("#web");
        snapshot!(edsger.clicks(&told[0], "Go ahead").await, @"You agreed; it is done now as @grace.");
        let told = grace.is_told();
        assert!(told.contains("It is private."), "{told}");
        let _shown = world.hears("#web");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn only_what_changes_bitbucket_can_take_two() {
    on_both(async |world| {
        let ada = world.person("ada");
        let _admin = ada.slack.clone().admin();
        snapshot!(ada.types("/bb settings --two-person \"pr show\"").await, @"`pr show` is no command that changes something on Bitbucket, like `pr merge` or `access grant`.");
        snapshot!(ada.types("/bb settings --approvers bob").await, @"
        `bob` is neither a channel nor somebody; write `here`, `#access`, `@ada` or `none`.
        Usage: `/bb settings [--instance instance] [--topics topics] [--mentions on/off] [--matching on/off] [--jira address] [--approvers who] [--two-person commands]`
        For example: `/bb settings --topics opened,merged`
        ");
        world.finish().await;
    })
    .await;
}
