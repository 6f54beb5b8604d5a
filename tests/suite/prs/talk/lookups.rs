//! What forms look up: first what somebody used lately, then what their channel hears of, then the rest.

use dipper::sandbox::wire::Fault;

use super::opened;
use crate::world::on_both;

#[tokio::test]
async fn repositories_used_lately_come_first() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        for name in ["web/apple", "web/apricot", "web/site"] {
            world.repository(name);
        }
        opened(&world);
        ada.types(&format!("/bb subscribe {}", world.called("web/apricot"))).await;
        ada.types("/bb pr approve web/api#1").await;
        ada.types("/bb pr open").await;
        let offered = ada.slack.looks_up("Repository", "ap").await;
        let offered: Vec<String> = offered.iter().map(|text| text.to_lowercase()).collect();
        assert_eq!(offered, ["web/api", "web/apricot", "web/apple"]);
        let down = Fault::Refuse { status: 503, retry_after: None, body: "" };
        world.bitbucket.faults(world.edition).next("", &down, 3);
        let offered = ada.slack.looks_up("Repository", "ap").await;
        assert_eq!(offered.len(), 2, "{offered:?}");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn people_are_looked_up_around_the_repository() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        assert_eq!(ada.types("/bb pr open").await, "");
        assert_eq!(ada.slack.looks_up("Reviewers", "gra").await, [""; 0]);
        ada.slack.picks("Repository", "ap", &world.called("web/api")).await;
        world.settle().await;
        assert_eq!(ada.slack.looks_up("Reviewers", "gra").await, ["grace"]);
        assert_eq!(ada.slack.looks_up("Reviewers", "ada").await, [""; 0]);
        world.finish().await;
    })
    .await;
}
