//! What a connection was not allowed is told apart from what its person may not: they can allow it, and what
//! they asked for is done then.

use dipper::sandbox::bitbucket::Edition;

use super::tokens::{hidden, opens_the_form, sends};
use crate::world::World;

/// Grace opens a pull request.
fn opened(world: &World) {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
}

#[tokio::test]
async fn who_allowed_too_little_is_told_what_and_is_served_once_they_allow_it() {
    let world = World::on(Edition::Cloud).await;
    world.bitbucket.tick(&["account", "repository", "pullrequest"]);
    let ada = world.person("ada").connected().await;
    opened(&world);
    assert_eq!(ada.slack.types("#web", "/bb pr approve web/api#1").await.status, 200);
    world.settle().await;
    let told = ada.slack.told();
    snapshot!(world.read(&told), @"
    What you allowed me on bitbucket is not enough for this. It lacks `pullrequest:write`.
    Connect again to allow it; I'll carry on with what you asked as soon as you have. Where that changes nothing, whoever runs Dipper has to give its OAuth client that permission first.
    [Allow more on bitbucket]
    ");
    world.bitbucket.tick(&["account", "repository", "pullrequest:write"]);
    ada.presses(&told[0], "Allow more on cloud").await;
    world.settle().await;
    let page = ada.follows_the_link().await;
    assert!(page.contains("You are asked to allow more than usual: pullrequest:write."), "{page}");
    assert!(ada.is_told().contains("You approved web/api#1 Limit the rate."));
    assert!(ada.types("/bb audit").await.contains("pr approve"));
    world.finish().await;
}

#[tokio::test]
async fn a_token_of_ones_own_that_is_too_narrow_is_exchanged_for_another() {
    for (edition, scopes) in [
        (
            Edition::Cloud,
            &["read:user:bitbucket", "read:repository:bitbucket", "read:pullrequest:bitbucket"][..],
        ),
        (Edition::DataCenter, &["REPO_READ"][..]),
    ] {
        let world = hidden(edition).await;
        let ada = world.person("ada");
        opened(&world);
        opens_the_form(&ada).await;
        sends(&ada, "ada@example.test", &world.bitbucket.personal_token_for(edition, "ada", scopes)).await;
        let merge = format!("/bb pr merge {}:web/api#1", world.instance());
        assert_eq!(ada.slack.types("#web", &merge).await.status, 200);
        world.settle().await;
        let told = ada.slack.told();
        match edition {
            Edition::Cloud => insta::assert_snapshot!(world.read(&told), @"
            Your token for cloud is not enough for this. It lacks `write:pullrequest:bitbucket`.
            Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
            [Use a token for cloud]
            "),
            Edition::DataCenter => insta::assert_snapshot!(world.read(&told), @"
            Bitbucket does not allow it: You are not permitted to access this resource. If you have that right yourself, your token for dc lacks `REPO_WRITE`.
            Make one that has it, and I'll carry on with what you asked as soon as you have entered it.
            [Use a token for dc]
            "),
        }
        ada.clicks(&told[0], &format!("Use a token for {}", world.instance())).await;
        sends(&ada, "ada@example.test", &world.bitbucket.personal_token(edition, "ada")).await;
        world.settle().await;
        assert!(ada.is_told().contains("Merged web/api#1"), "what was asked before is done now");
        world.finish().await;
    }
}

#[tokio::test]
async fn a_token_that_may_not_even_say_whose_it_is_is_refused_under_its_field() {
    let world = hidden(Edition::Cloud).await;
    let ada = world.person("ada");
    opens_the_form(&ada).await;
    let narrow = world.bitbucket.personal_token_for(Edition::Cloud, "ada", &["read:repository:bitbucket"]);
    let answer = sends(&ada, "ada@example.test", &narrow).await;
    assert!(answer.contains("It lacks read:user:bitbucket; make one that has it."), "{answer}");
    world.finish().await;
}

#[tokio::test]
async fn who_lacks_the_right_itself_is_not_sent_to_connect_again() {
    let world = World::on(Edition::DataCenter).await;
    let repo = world.repository("web/api").allow("edsger", dipper::sandbox::bitbucket::Permission::Read);
    let edsger = world.person("edsger").connected().await;
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    let told = edsger.types("/bb pr merge web/api#1").await;
    assert!(told.contains("Bitbucket does not allow it") && !told.contains("lacks"), "{told}");
    world.finish().await;
}
