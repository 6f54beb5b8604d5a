//! The keys are exchanged while the bot runs: the new one second, then first, then everything is sealed anew,
//! and the old one may go.

use dipper::seal::new_key;
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::world::{World, on_both};

const KEYS: &str = "DIPPER_KEYS";

#[tokio::test]
async fn keys_are_exchanged_without_anybody_noticing() {
    on_both(async |mut world| {
        let (old, new) = (world.setting(KEYS), new_key());
        let _ = world.person("ada").connected().await;
        let parked = world.person("grace").types(&format!("/bb commits {}:web/api", world.instance())).await;
        assert!(parked.starts_with("First connect your account"));
        world.restart_with(KEYS, &format!("{old},{new}")).await;
        world.restart_with(KEYS, &format!("{new},{old}")).await;
        let (code, said) = world.operator(&["keys", "rotate"]).await;
        assert_eq!(code, Some(0), "{said}");
        for what in
            ["access tokens: 1 sealed anew", "keys of the audit log: 1 sealed anew", "parked commands: 1 "]
        {
            assert!(said.contains(what), "{said}");
        }
        assert!(
            said.ends_with("lie under the first key now, and the others may go from DIPPER_KEYS\n"),
            "{said}"
        );
        let _owner = world.slack.person("ada").unwrap().owner();
        let told = world.person("ada").types("/bb audit").await;
        assert!(told.contains("the operator `keys rotate "), "{told}");
        works_with_the_new_key_alone(&mut world, &new).await;
        world.finish().await;
    })
    .await;
}

async fn works_with_the_new_key_alone(world: &mut World, new: &str) {
    world.restart_with(KEYS, new).await;
    let ada = world.person("ada");
    assert!(ada.types("/bb commits web/api").await.starts_with("Latest commits in web/api"));
    let grace = world.person("grace").connecting().await;
    assert!(grace.is_told().contains("Latest commits in web/api"));
    assert!(world.person("grace").types("/bb audit").await.contains("connect"));
    let (code, again) = world.operator(&["keys", "rotate"]).await;
    assert_eq!(code, Some(0));
    assert!(again.starts_with("0 sealed anew; all "), "{again}");
}

#[tokio::test]
async fn what_no_key_opens_is_told_and_left() {
    on_both(async |mut world| {
        let old = world.setting(KEYS);
        let _ = world.person("ada").connected().await;
        world.restart_with(KEYS, &new_key()).await;
        let (code, said) = world.operator(&["keys", "rotate"]).await;
        assert_eq!(code, Some(1));
        assert!(said.contains("open with none of DIPPER_KEYS"), "{said}");
        world.restart_with(KEYS, &old).await;
        assert!(world.person("ada").types("/bb whoami").await.contains("you are ada"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_swapped_or_stolen_opens_nothing() {
    on_both(async |world| {
        let (ada, grace) = (world.person("ada").connected().await, world.person("grace").connected().await);
        let mut database = sqlx::AnyConnection::connect(world.database_url()).await.unwrap();
        let stolen = format!(
            "UPDATE links SET access_sealed = (SELECT access_sealed FROM links WHERE user_id = '{}') \
             WHERE user_id = '{}'",
            ada.slack.id, grace.slack.id
        );
        database.execute(AssertSqlSafe(stolen)).await.unwrap();
        assert!(grace.types("/bb commits web/api").await.starts_with("First connect your account"));
        assert!(ada.types("/bb commits web/api").await.starts_with("Latest commits"));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_is_exported_as_a_table() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let _ = ada.types("/bb digest add web/api weekdays 9:30").await;
        let (code, table) = world.operator(&["audit", "export"]).await;
        assert_eq!(code, Some(0), "{table}");
        let lines: Vec<&str> = table.split_terminator("\r\n").collect();
        assert!(
            lines[0].starts_with("workspace,number,at,slack user,bitbucket account,channel,message,command")
        );
        assert!(
            lines[1].starts_with("T0DIPPER,1,2026-11-21T08:00:00.000Z,U00000002,ada on "),
            "{}",
            lines[1]
        );
        assert!(lines[2].contains("weekdays"), "{}", lines[2]);
        assert_eq!(lines.len(), 3);
        let _ = ada.types("/bb digest remove 1").await;
        world.finish().await;
    })
    .await;
}
