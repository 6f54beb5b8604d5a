//! The bot's own credential: tried by those who look after it, and read with where nobody's account sees.

use dipper::sandbox::bitbucket::{Edition, Permission};

use super::{followed, opened, token_setting, with_service};
use crate::world::{World, on_both};

/// What `dipper check` says of it.
async fn checked(world: &World) -> String {
    let (_, said) = world.operator(&["check"]).await;
    let what = format!("Bitbucket {} token", world.instance());
    let lines: Vec<&str> = said.lines().filter(|line| line.contains(&what)).collect();
    world.same_on_both(&lines.join("\n")).replace(world.instance(), "bitbucket")
}

/// What `/bb doctor` says of it.
async fn examined(world: &World) -> String {
    let told = world.person("grace").types("/bb doctor").await;
    let lines: Vec<&str> = told.lines().filter(|line| line.contains("my own token")).collect();
    lines.join("\n").replace(world.instance(), "bitbucket")
}

#[tokio::test]
async fn whether_it_works_is_told_to_those_who_look() {
    on_both(async |mut world| {
        let name = token_setting(&world);
        with_service(&mut world).await;
        let _ada = followed(&world).await;
        snapshot!(checked(&world).await, @"works   Bitbucket bitbucket token: it reads web/api");
        snapshot!(examined(&world).await, @"• Works: my own token for bitbucket reads.");
        world.restart_with(name, "made-up").await;
        snapshot!(checked(&world).await, @"broken  Bitbucket bitbucket token: Bitbucket does not allow it: the bot's own token for `bitbucket` is refused; its operator has to give it a new one.");
        snapshot!(examined(&world).await, @"• Mend: my own token for bitbucket does not work; whoever runs Dipper has to look. Bitbucket does not allow it: the bot's own token for `bitbucket` is refused; its operator has to give it a new one.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_that_may_not_read_what_is_followed_is_told_so() {
    on_both(async |mut world| {
        let _ada = followed(&world).await;
        let other = world.bitbucket.add_repository(world.edition, "pay/api");
        let token = world.bitbucket.repository_token(&other, Permission::Read);
        world.restart_with(token_setting(&world), &token).await;
        snapshot!(checked(&world).await, @"broken  Bitbucket bitbucket token: Bitbucket has nothing of that name that you may see. Let it read the repositories that channels follow");
        snapshot!(examined(&world).await, @"• Mend: my own token for bitbucket may not read what this channel is told of; whoever runs Dipper has to look.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_scope_that_it_lacks_is_named() {
    let mut world = World::on(Edition::Cloud).await;
    let _ada = followed(&world).await;
    let scopes = ["read:repository:bitbucket"];
    let token = world.bitbucket.personal_token_for(world.edition, "edsger", &scopes);
    world.restart_with("BITBUCKET_CLOUD_TOKEN", &format!("edsger@example.test:{token}")).await;
    snapshot!(checked(&world).await, @"broken  Bitbucket bitbucket token: What Dipper was allowed on `bitbucket` is too little: it lacks `read:pullrequest:bitbucket`.");
    snapshot!(examined(&world).await, @"• Mend: my own token for bitbucket does not work; whoever runs Dipper has to look. What Dipper was allowed on `bitbucket` is too little: it lacks `read:pullrequest:bitbucket`.");
    world.finish().await;
}

#[tokio::test]
async fn a_workspace_of_cloud_has_a_token_of_its_own() {
    let mut world = World::on(Edition::Cloud).await;
    let _ada = followed(&world).await;
    let token = world.bitbucket.space_token(&world.repository("web/api"), Permission::Read);
    let file =
        format!("[[bitbucket]]\nname = \"cloud\"\nedition = \"cloud\"\ntokens = {{ web = \"{token}\" }}");
    world.restart_with("dipper.toml", &file).await;
    snapshot!(examined(&world).await, @"• Works: my own token for bitbucket (web) reads.");
    let _gone = world.person("ada").types("/bb disconnect").await;
    opened(&world).await;
    snapshot!(world.hears("#web"), @"
    grace opened web/api#1 Limit the rate
    `limit-rate` → `main` · no reviewers
    1 file, +15 −0
    [Approve] [Needs work] [Comment] [Merge] [More… ▾]
    ");
    world.finish().await;
}

#[tokio::test]
async fn a_feed_goes_on_with_it_when_its_asker_is_gone() {
    on_both(async |mut world| {
        with_service(&mut world).await;
        let ada = followed(&world).await;
        let _told = ada.types("/bb disconnect").await;
        opened(&world).await;
        snapshot!(world.hears("#web"), @"
        grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn of_many_repositories_those_go_on_that_the_asker_had_read() {
    on_both(async |mut world| {
        with_service(&mut world).await;
        let ada = world.person("ada").connected().await;
        let _told = ada.types("/bb subscribe web/* opened commented").await;
        opened(&world).await;
        let _card = world.hears("#web");
        let hidden = world.bitbucket.add_repository(world.edition, "web/hidden");
        let hidden = hidden.allow("grace", Permission::Write);
        let _branch = hidden.branch("change").with_commit("Change it", "grace");
        let _told = ada.types("/bb disconnect").await;
        world.bitbucket.open_pull_request(&hidden, "grace", "Hide it", ("change", "main")).unwrap();
        world.settle().await;
        assert_eq!(world.hears("#web"), "");
        world.repository("web/api").pull_request(1).comment("grace", "Still here").unwrap();
        world.settle().await;
        snapshot!(world.hears("#web"), @"
        (edited) grace opened web/api#1 Limit the rate
        `limit-rate` → `main` · no reviewers
        1 comment · 1 file, +15 −0
        [Approve] [Needs work] [Comment] [Merge] [More… ▾]

        (in the thread) grace commented: Still here
        ");
        world.finish().await;
    })
    .await;
}
