//! `dipper jobs` beside a running bot: a buried job is found, shown, tried again, dropped.

use dipper::sandbox::bitbucket::{Edition, Permission};
use dipper::sandbox::wire::Fault;
use dipper::words::names::Topic;

use super::{Process, SOON, Surroundings, printed, sentence, until};
use crate::database::Database;

/// A bot with this many cards that Slack refused for good.
async fn with_buried(around: &Surroundings, many: usize) -> (Process, String) {
    let (ada, _) = (around.person("ada"), around.person("grace"));
    let channel = around.channel_told_of("web", "web/api", &[Topic::Opened], &ada).await;
    let process = around.serve().await;
    let refused = Fault::Refuse { status: 200, retry_after: None, body: r#"{"ok":false,"error":"no_text"}"# };
    around.slack.faults.next("chat.postMessage", &refused, many);
    let repo = around.bitbucket.add_repository(Edition::Cloud, "web/api").allow_everyone(Permission::Write);
    for at in 0..many {
        let branch = format!("b{at}");
        let _branch = repo.branch(&branch).with_commit("A change", "grace");
        around.bitbucket.open_pull_request(&repo, "grace", "A change", (&branch, "main")).unwrap();
    }
    around.bitbucket.deliver().await;
    until("they are buried", SOON, async || buried(around).await.len() == many).await;
    (process, channel)
}

/// The buried jobs' ids, as they are listed.
async fn buried(around: &Surroundings) -> Vec<String> {
    let list = printed(&around.run(&["jobs", "list", "--state", "buried"]).await);
    let lines = list.lines().filter(|line| line.contains("  buried  card  attempt 1  "));
    lines.filter_map(|line| line.split("  ").next().map(str::to_owned)).collect()
}

/// What the operator did, as the audit log has it.
async fn deeds(around: &Surroundings) -> Vec<String> {
    let table = printed(&around.run(&["audit", "export"]).await);
    let rows = table.lines().skip(1).map(|row| {
        let cells: Vec<&str> = row.trim_end().split(',').collect();
        assert_eq!((cells[0], cells[cells.len() - 2]), ("T0DIPPER", "done"), "{row}");
        format!("{} {} {}", cells[7], cells[cells.len() - 1], cells[3])
    });
    rows.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buried_job_is_shown_and_tried_again() {
    let database = Database::fresh().await;
    let around = Surroundings::on(database.url()).await;
    let (process, channel) = with_buried(&around, 1).await;
    let id = buried(&around).await.remove(0);
    let shown = printed(&around.run(&["jobs", "show", &id]).await);
    assert!(shown.contains("Slack refused `chat.postMessage`: no_text"), "{shown}");
    assert!(shown.contains("cloud:web/api#1"), "{shown}");
    assert_eq!(printed(&around.run(&["jobs", "replay", &id]).await), format!("job {id} waits again\n"));
    assert_eq!(deeds(&around).await, [format!("jobs.replay {id} operator")]);
    until("the card is posted", SOON, async || around.said_in(&channel).len() == 1).await;
    until("the job is done", SOON, async || {
        printed(&around.run(&["jobs", "show", &id]).await).contains("  done  card")
    })
    .await;
    process.stops().await;
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_buried_job_is_dropped_for_good() {
    let database = Database::fresh().await;
    let around = Surroundings::on(database.url()).await;
    let (process, channel) = with_buried(&around, 2).await;
    let ids = buried(&around).await;
    assert_eq!(printed(&around.run(&["jobs", "drop", &ids[0]]).await), format!("job {} is gone\n", ids[0]));
    assert_eq!(buried(&around).await, ids[1..]);
    assert_eq!(deeds(&around).await, [format!("jobs.drop {} operator", ids[0])]);
    for command in ["show", "replay", "drop"] {
        let refused = around.run(&["jobs", command, &ids[0]]).await;
        assert_eq!(refused.status.code(), Some(1), "{command}");
        assert!(sentence(&refused).contains(&ids[0]));
    }
    assert!(around.said_in(&channel).is_empty());
    process.stops().await;
    database.drop().await;
}
