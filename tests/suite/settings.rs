//! What Dipper admins decide for their workspace: by a form or by typing, and read from then on.

use dipper::words::names::{Instance, Team};

use crate::world::{World, on_both};

/// Grace, who owns the workspace.
fn owner(world: &World) -> crate::world::Person<'_> {
    let _owner = world.slack.person("grace").unwrap().owner();
    world.person("grace")
}

#[tokio::test]
async fn an_admin_decides_by_a_form() {
    on_both(async |world| {
        let grace = owner(&world);
        let ack = grace.slack.types("#web", "/bb settings").await;
        assert_eq!(ack.status, 200);
        world.settle().await;
        let shown = grace.slack.told().remove(0);
        snapshot!(world.read(std::slice::from_ref(&shown)), @"
        What holds for this workspace:
        • Bitbucket where nobody names one: none, so each time it is asked
        • Topics of a new subscription: opened, ready, approved, changes-requested, merged, declined, push, build-failed, build-fixed
        • People of Bitbucket are mentioned: on
        • Those who have not connected are found by e-mail: on
        • Jira: none
        • Who decides what others ask for: whoever administers the repository (`/bb settings --approvers here` lets this channel decide)
        • Done only by two: none
        [Change]
        ");
        let _ = grace.clicks(&shown, "Change").await;
        let _ = grace.slack.fills("Topics", "merged").await;
        let _ = grace.slack.fills("Mention people", "off").await;
        let _ = grace.slack.fills("Bitbucket", world.instance()).await;
        let _ = grace.slack.submits().await;
        world.settle().await;
        let decided = world.bot().store.team_settings(&Team::new("T0DIPPER")).await.unwrap();
        assert_eq!(decided.instance, Some(Instance::new(world.instance())));
        assert_eq!((decided.topics.len(), decided.mentions), (1, false));
        assert!(grace.types("/bb audit").await.contains("settings"));
        let ada = world.person("ada").connected().await;
        assert!(ada.types("/bb subscribe web/api").await.contains("told of web/api: merged."));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn typing_changes_only_what_is_named() {
    on_both(async |world| {
        let grace = owner(&world);
        let told = grace.types("/bb settings --topics opened,merged").await;
        assert!(told.starts_with("From now on, for this workspace:"), "{told}");
        let told = grace.types("/bb settings --mentions off").await;
        assert!(told.contains("opened, merged") && told.contains("mentioned: off"), "{told}");
        let told = grace.types("/bb settings --instance elsewhere").await;
        assert!(told.starts_with("No Bitbucket here is called `elsewhere`;"), "{told}");
        assert!(grace.types("/bb settings --topics sung").await.contains("is not a topic"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn others_are_refused_with_the_rule() {
    on_both(async |world| {
        let ada = world.person("ada");
        for command in ["settings", "settings --mentions off"] {
            snapshot!(ada.types(&format!("/bb {command}")).await, @"
            That is not yours to do.
            Who may: Dipper admin.
            ");
        }
        assert!(world.bot().store.team_settings(&Team::new("T0DIPPER")).await.unwrap().mentions);
        world.finish().await;
    })
    .await;
}
