//! What the operator sees: figures by their names, and one reference from door to Slack.

use crate::log;
use crate::world::World;
use dipper::sandbox::bitbucket::Edition;

#[tokio::test]
async fn the_figures_carry_the_promised_names() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe web/api").await;
    let repo = world.repository("web/api");
    // Two cards in one second: the second has to wait for the channel's pace.
    let _branch = repo.branch("other").with_commit("Another", "grace");
    for (title, branch) in [("Limit the rate", "limit-rate"), ("Another", "other")] {
        world.bitbucket.open_pull_request(&repo, "grace", title, (branch, "main")).unwrap();
    }
    world.settle().await;
    let _cards = world.messages("#web");
    // A job that waits is there to be counted.
    assert_eq!(ada.slack.types("#web", "/bb whoami").await.status, 200);
    let page = reqwest::get(format!("{}/metrics", world.base())).await.unwrap().text().await.unwrap();
    for name in [
        "dipper_intake_total{",
        "dipper_queue_jobs{",
        "dipper_queue_oldest_seconds ",
        "dipper_job_seconds",
        "dipper_outgoing_total{",
        "dipper_outgoing_wait_seconds",
    ] {
        assert!(page.contains(name), "no {name} in\n{page}");
    }
    world.settle().await;
    let _whoami = ada.is_told();
    world.finish().await;
}

#[tokio::test]
async fn one_reference_follows_a_delivery_from_door_to_slack() {
    let world = World::on(Edition::Cloud).await;
    let ada = world.person("ada").connected().await;
    ada.types("/bb subscribe web/api").await;
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    world.settle().await;
    let _card = world.messages("#web");
    let delivery = world.bot().store.deliveries(None, 1).await.unwrap().remove(0);
    let reference = format!("reference=\"{:x}\"", delivery.id);
    let text = log::everything();
    let said = |what: &str| text.lines().any(|line| line.contains(&reference) && line.contains(what));
    assert!(said("delivery accepted"), "{reference} at the door:\n{}", log::tail());
    assert!(said("chat.postMessage"), "{reference} at Slack:\n{}", log::tail());
    world.finish().await;
}
