//! The audit log as people and operators meet it: who changed what, who may read it, and that nothing in it
//! can be altered unseen.

use std::time::Duration;

use dipper::store::{JobFilter, JobRow, JobState};
use dipper::words::names::Team;
use sqlx::{AssertSqlSafe, Connection, Executor};

use crate::world::{World, on_both};

/// A repository with a pull request, and ada and grace connected.
async fn furnished(world: &World) {
    let repo = world.repository("web/api");
    world.bitbucket.open_pull_request(&repo, "grace", "Limit the rate", ("limit-rate", "main")).unwrap();
    let _ = world.person("ada").connected().await;
}

/// What a row of the log says after its time, without its reference, which is never the same twice.
fn lines(told: &str) -> String {
    let line = |line: &str| {
        let (_, rest) = line.split_once(" UTC ").unwrap_or(("", line));
        let rest = rest.rsplit_once(" `").map_or(rest, |(rest, _)| rest);
        let (before, after) = rest.split_once(" at `").unwrap_or((rest, ""));
        let version = if after.is_empty() { "" } else { " at a commit" };
        let result = after.split_once('`').map_or(after, |(_, result)| result);
        format!("{before}{version}{result}").replace("connect cloud", "connect dc")
    };
    told.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn every_change_is_written_down_and_looking_is_not() {
    on_both(async |world| {
        furnished(&world).await;
        let ada = world.person("ada");
        for command in ["subscribe web/api", "pr show web/api#1", "pr approve web/api#1", "pr approve web/api#7"] {
            let _ = ada.types(&format!("/bb {command}")).await;
        }
        for command in ["pr merge web/api#1", "unsubscribe web/api", "disconnect"] {
            let _ = ada.types(&format!("/bb {command}")).await;
        }
        let _ = world.hears("#web");
        snapshot!(lines(&ada.types("/bb audit").await), @"
        @ada, ada on bitbucket, `disconnect`: done
        @ada, ada on bitbucket, `unsubscribe web/api`: done
        @ada, ada on bitbucket, `pr merge web/api#1` at a commit: done
        @ada, ada on bitbucket, `pr approve web/api#7`: refused: Bitbucket has nothing of that name that you may see.
        @ada, ada on bitbucket, `pr approve web/api#1` at a commit: done
        @ada, ada on bitbucket, `subscribe web/api`: done
        @ada, ada on bitbucket, `connect dc`: done
        ");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn one_sees_ones_own_and_an_admin_everybodys() {
    on_both(async |world| {
        let (ada, grace) = (world.person("ada").connected().await, world.person("grace").connected().await);
        let _owner = world.slack.person("grace").unwrap().owner();
        let (ada_id, grace_id) = (ada.slack.id.clone(), grace.slack.id.clone());
        assert_eq!(lines(&ada.types("/bb audit").await).lines().count(), 1);
        assert_eq!(lines(&grace.types("/bb audit").await).lines().count(), 2);
        assert!(grace.types(&format!("/bb audit --who <@{ada_id}|ada>")).await.contains("@ada, ada"));
        snapshot!(ada.types(&format!("/bb audit --who <@{grace_id}>")).await, @"
        What others did is not yours to see.
        Who may: Dipper admin.
        ");
        snapshot!(grace.types("/bb audit --repo web/api").await, @"Nothing of that kind was changed.");
        world.advance(Duration::from_hours(3)).await;
        snapshot!(grace.types("/bb audit --since 2h").await, @"Nothing of that kind was changed.");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_button_is_known_by_the_message_it_stands_under() {
    on_both(async |world| {
        furnished(&world).await;
        let ada = world.person("ada");
        let _ = ada.types("/bb subscribe web/api").await;
        let repo = world.repository("web/api");
        let _branch = repo.branch("more").with_commit("More", "grace");
        world.bitbucket.open_pull_request(&repo, "grace", "More", ("more", "main")).unwrap();
        world.settle().await;
        let card = world.messages("#web").remove(0);
        let _ = ada.clicks(&card, "Approve").await;
        let _ = world.hears("#web");
        let _ = ada.slack.types("#web", "/bb audit --repo web/api").await;
        world.settle().await;
        let link = ada.slack.told().iter().find_map(|message| message.link("message"));
        let wanted =
            format!("https://dipper.slack.com/archives/{}/p{}", card.channel, card.ts.replace('.', ""));
        assert_eq!(link, Some(wanted));
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_is_altered_behind_dippers_back_is_noticed() {
    on_both(async |world| {
        furnished(&world).await;
        let ada = world.person("ada");
        let _ = ada.types("/bb pr approve web/api#1").await;
        let (store, seal) = (&world.bot().store, &world.bot().seal);
        let team = Team::new("T0DIPPER");
        assert_eq!(store.verify_audit(seal, &team).await.unwrap(), Ok(2));
        let mut database = sqlx::AnyConnection::connect(world.database_url()).await.unwrap();
        let forged = AssertSqlSafe("UPDATE audit SET user_id = 'U0EVE' WHERE number = 2");
        database.execute(forged).await.unwrap();
        let flaw = store.verify_audit(seal, &team).await.unwrap().unwrap_err();
        assert_eq!(flaw.to_string(), "row 2 was altered");
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn what_has_outlived_its_time_goes_and_the_rest_still_holds() {
    on_both(async |world| {
        furnished(&world).await;
        world.advance(Duration::from_hours(24 * 399)).await;
        let grace = world.person("grace").connected().await;
        world.advance(Duration::from_hours(24 * 2)).await;
        let (store, seal) = (&world.bot().store, &world.bot().seal);
        assert_eq!(store.verify_audit(seal, &Team::new("T0DIPPER")).await.unwrap(), Ok(1));
        assert_eq!(lines(&grace.types("/bb audit --who me").await).lines().count(), 1);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_job_that_runs_twice_writes_it_once() {
    on_both(async |world| {
        furnished(&world).await;
        let ada = world.person("ada");
        let _ = ada.types("/bb pr approve web/api#1").await;
        let store = &world.bot().store;
        let done = JobFilter { state: Some(JobState::Done), ..JobFilter::default() };
        let slack =
            |jobs: Vec<JobRow>| jobs.into_iter().filter(|job| job.kind == "slack").map(|job| job.id).max();
        let command = slack(store.jobs(&done).await.unwrap()).unwrap();
        let mut tx = store.begin().await.unwrap();
        assert!(tx.replay(command).await.unwrap());
        tx.commit().await.unwrap();
        world.settle().await;
        assert!(ada.is_told().starts_with("You approved"));
        assert_eq!(store.audit_after(&Team::new("T0DIPPER"), 0).await.unwrap().len(), 2);
        world.finish().await;
    })
    .await;
}

#[tokio::test]
async fn a_secret_never_gets_there() {
    on_both(async |world| {
        let ada = world.person("ada").connected().await;
        let _ = ada.types("/bb pr approve web/api#9").await;
        let team = Team::new("T0DIPPER");
        let rows = world.bot().store.audit_after(&team, 0).await.unwrap();
        let text = format!("{rows:?}");
        for secret in world.slack.minted().into_iter().chain(world.bitbucket.minted()) {
            assert!(!text.contains(&secret), "{text}");
        }
        assert_eq!(rows.len(), 2);
        world.finish().await;
    })
    .await;
}
