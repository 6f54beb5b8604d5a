//! The disk is full: nothing is taken in that cannot be kept, everybody is told, and when there is room again it goes on.

use std::process::Stdio;

use dipper::sandbox::bitbucket::{Edition, Permission};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use super::{SOON, Surroundings, until};

async fn is_ready(around: &Surroundings) -> u16 {
    let answer = reqwest::get(format!("{}/health/ready", around.base)).await;
    answer.map_or(0, |answer| answer.status().as_u16())
}

/// No file may grow beyond two MiB, as if the disk were full then.
async fn serve_on_a_small_disk(around: &Surroundings) -> tokio::process::Child {
    let script = "trap '' XFSZ; ulimit -S -f 4096; exec \"$0\" serve";
    let mut command = Command::new("sh");
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_dipper")])
        .env_clear()
        .envs(around.settings.iter().cloned());
    command.current_dir(around.folder.path()).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(output.next_line().await.unwrap().unwrap().starts_with("listening on "));
    child
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_outlived() {
    let around = Surroundings::new().await;
    let (ada, _) = (around.person("ada"), around.person("grace"));
    around.slack.add_channel("web", false, &[&ada]);
    let repo = around.bitbucket.add_repository(Edition::Cloud, "web/api").allow_everyone(Permission::Write);
    let _branch = repo.branch("change").with_commit("A change", "grace");
    assert_eq!(around.run(&["migrate"]).await.status.code(), Some(0));
    let mut child = serve_on_a_small_disk(&around).await;
    until("it is ready", SOON, async || is_ready(&around).await == 200).await;

    // Until not even a little more goes in.
    for size in [100_000, 4_000, 1] {
        let typed = format!("/bb pr comment web/api#1 {}", "x".repeat(size));
        until("the disk is full", SOON, async || {
            let ack = ada.types("#web", &typed).await;
            assert_eq!(ack.status, 200, "{ack:?}");
            ack.body.contains("Dipper is busy; this was not done.")
        })
        .await;
    }
    around.bitbucket.open_pull_request(&repo, "grace", "A change", ("change", "main")).unwrap();
    assert_eq!(around.bitbucket.deliver().await[0].status, 503);
    until("it is not ready", SOON, async || is_ready(&around).await == 503).await;
    let live = reqwest::get(format!("{}/health/live", around.base)).await.unwrap();
    assert_eq!(live.status(), 200);

    let pid = child.id().unwrap().to_string();
    let more = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status().await.unwrap();
    assert!(more.success());
    until("it is ready again", SOON, async || is_ready(&around).await == 200).await;
    let _told = ada.told();
    assert_eq!(ada.types("#web", "/bb whoami").await.status, 200);
    until("it answers", SOON, async || {
        ada.told()
            .iter()
            .any(|it| format!("{}{:?}", it.text, it.blocks).contains("no Bitbucket account connected"))
    })
    .await;
    child.start_kill().unwrap();
    let _ = child.wait().await;
    around.serve().await.stops().await;
}
