//! Pipelines: run, followed as they go, stopped, run again; their logs; what was deployed where.

use std::time::Duration;

use dipper::sandbox::bitbucket::{Edition, Permission, RepoHandle, RunState};
use dipper::sandbox::wire::Fault;
use dipper::store::JobFilter;

use crate::connecting::tokens::by_own_token;
use crate::world::{Person, World};

/// A repository with a branch, and ada who may write in it.
async fn stage(world: &World) -> (RepoHandle, Person<'_>) {
    let repo = world.repository("web/api").allow("ada", Permission::Write);
    let _branch = repo.branch("develop").with_commit("Begin", "ada");
    (repo, by_own_token(world, "ada").await)
}

/// The bot looks again.
async fn a_while(world: &World) {
    world.advance(Duration::from_secs(11)).await;
}

#[tokio::test]
async fn a_run_is_followed_until_it_fails_with_the_error_found() {
    let mut world = World::on(Edition::Cloud).await;
    let (repo, ada) = stage(&world).await;
    snapshot!(ada.types("/bb pipeline run web/api --branch main --var TARGET=eu-1").await, @"
    Started #1 of `main` in web/api; I tell you how it goes.
    [Stop]

    #1 of `main` in web/api waits
    • Build waits
    • Test waits
    started by ada
    [Stop]
    ");
    a_while(&world).await;
    repo.steps(1, "Build", RunState::InProgress, (0, ""));
    a_while(&world).await;
    snapshot!(ada.is_told(), @"
    (edited) #1 of `main` in web/api runs
    • Build runs
    • Test waits
    started by ada
    [Stop]
    ");
    drop(ada);
    world.restart().await;
    let ada = world.person("ada");
    repo.steps(1, "Build", RunState::Successful, (65, "all good\n"));
    repo.steps(1, "Test", RunState::Failed, (12, "+ cargo test\n\u{1b}[31merror[E0308]\u{1b}[0m: mismatched types\n --> src/x.rs:1\n\nBuild teardown\n"));
    a_while(&world).await;
    let told = ada.told();
    snapshot!(world.read(&told), @"
    (edited) #1 of `main` in web/api failed · 1 min 17 s
    • Build passed · 1 min 5 s
    • Test failed · 12 s
    ```+ cargo test
    error[E0308]: mismatched types
     --> src/x.rs:1
    Build teardown```
    started by ada
    [Run again] [Log]
    ");
    let _log = ada.clicks(&told[0], "Log").await;
    world.finish().await;
}

#[tokio::test]
async fn what_failed_shows_its_log_and_is_run_again() {
    let world = World::on(Edition::Cloud).await;
    let (repo, ada) = stage(&world).await;
    let _started = ada.types("/bb pipeline run web/api --branch main").await;
    repo.steps(1, "Build", RunState::Successful, (65, "all good\n"));
    repo.steps(
        1,
        "Test",
        RunState::Failed,
        (12, "+ cargo test\nerror[E0308]: mismatched types\n --> src/x.rs:1\nBuild teardown\n"),
    );
    a_while(&world).await;
    let told = ada.told();
    snapshot!(ada.clicks(&told[0], "Log").await, @"
    Test of #1 of `main` in web/api failed. Its last lines:
    ```+ cargo test
    error[E0308]: mismatched types
     --> src/x.rs:1
    Build teardown```
    The whole log
    [Run again]
    ");
    snapshot!(ada.clicks(&told[0], "Run again").await, @"
    Started #2 of `main` in web/api; I tell you how it goes.
    [Stop]

    #2 of `main` in web/api waits
    • Build waits
    • Test waits
    started by ada
    [Stop]
    ");
    assert_eq!(repo.runs().len(), 2);
    for step in ["Build", "Test"] {
        repo.steps(2, step, RunState::Successful, (30, "fine\n"));
    }
    a_while(&world).await;
    snapshot!(ada.is_told(), @"
    (edited) #2 of `main` in web/api passed · 1 min
    • Build passed · 30 s
    • Test passed · 30 s
    started by ada
    [Run again]
    ");
    world.finish().await;
}

/// The queue holds the run, and not its secret.
async fn nothing_is_kept_open(world: &World) {
    let all = world.bot().store.jobs(&JobFilter::default()).await.unwrap();
    let payloads: Vec<String> = all.into_iter().map(|job| job.payload).collect();
    assert!(payloads.iter().any(|one| one.contains("pipeline.run")), "{payloads:?}");
    assert!(!payloads.iter().any(|one| one.contains("hunter2")), "{payloads:?}");
}

#[tokio::test]
async fn a_form_takes_secret_variables_and_nobody_sees_them() {
    let world = World::on(Edition::Cloud).await;
    let (repo, ada) = stage(&world).await;
    let _form = ada.slack.types("#web", "/bb pipeline run web/api").await;
    world.settle().await;
    snapshot!(ada.sees_form(), @"
    Run a pipeline
    Repository: web/api
    Branch (optional): ____
    (The main branch when left empty)
    Custom pipeline (optional): ____
    (As bitbucket-pipelines.yml calls it; the branch's own when left empty)
    Variables (optional): ____
    (KEY=value, one on a line)
    Secret variables (optional): ____
    (KEY=value, set apart by commas; nobody sees them, and they are kept nowhere open)
    [Run it]
    ");
    let _branch = ada.slack.picks("Branch", "dev", "develop").await;
    let _custom = ada.slack.fills("Custom pipeline", "release").await;
    let _variables = ada.slack.fills("Variables", "TARGET=eu-1").await;
    let _wrong = ada.slack.fills("Secret variables", "hunter2").await;
    let ack = ada.slack.submits().await;
    assert!(ack.body.contains("Write a variable like") && !ack.body.contains("hunter2"), "{}", ack.body);
    let _secret = ada.slack.fills("Secret variables", "DEPLOY_KEY=hunter2-hunter2").await;
    assert_eq!(ada.slack.submits().await.status, 200);
    nothing_is_kept_open(&world).await;
    world.settle().await;
    snapshot!(ada.sees_form(), @"
    Run a pipeline
    It is being started; I tell you how it goes.
    ");
    let told = ada.is_told();
    snapshot!(told, @"
    Started #1, `release` on `develop` in web/api; I tell you how it goes.
    [Stop]

    #1, `release` on `develop` in web/api waits
    • Build waits
    • Test waits
    started by ada
    [Stop]
    ");
    let (branch, _, variables) = repo.runs().remove(0);
    assert_eq!(
        (branch.as_str(), variables),
        ("develop", vec!["TARGET=eu-1".to_owned(), "DEPLOY_KEY=hunter2-hunter2 (secured)".to_owned()])
    );
    let _admin = ada.slack.clone().admin();
    let audit = ada.types("/bb audit").await;
    assert!(audit.contains("pipeline run") && !audit.contains("hunter2"), "{audit}");
    for step in ["Build", "Test"] {
        repo.steps(1, step, RunState::Successful, (30, "fine\n"));
    }
    a_while(&world).await;
    let _over = ada.is_told();
    world.finish().await;
}

#[tokio::test]
async fn runs_are_listed_stopped_and_their_logs_read() {
    let world = World::on(Edition::Cloud).await;
    let (repo, ada) = stage(&world).await;
    snapshot!(ada.types("/bb pipeline list web/api").await, @"
    Nothing has run in web/api.
    [Run a pipeline]
    ");
    let _first = ada.types("/bb pipeline run web/api --branch main").await;
    let _second = ada.types("/bb pipeline run web/api --branch develop").await;
    repo.steps(1, "Build", RunState::Successful, (65, "all good\n"));
    repo.steps(1, "Test", RunState::Successful, (5, "ok\n"));
    snapshot!(ada.types("/bb pipeline list web/api").await, @"
    The last runs in web/api:
    #2 `develop` waits · by ada [Stop]
    #1 `main` passed · 1 min 10 s · by ada [Run again]
    [Run a pipeline]
    ");
    snapshot!(ada.types("/bb pipeline log web/api #1").await, @"
    Test of #1 of `main` in web/api passed. Its last lines:
    ```ok```
    The whole log
    [Run again]
    ");
    snapshot!(ada.types("/bb pipeline log web/api #1 --step build").await, @"
    Build of #1 of `main` in web/api passed. Its last lines:
    ```all good```
    The whole log
    [Run again]
    ");
    snapshot!(ada.types("/bb pipeline log web/api #1 --step deploy").await, @"#1 of `main` in web/api has no step of that name, only Build, Test.");
    snapshot!(ada.types("/bb pipeline log web/api #2").await, @"#2 of `develop` in web/api has not begun: there is no log yet.");
    snapshot!(ada.types("/bb pipeline stop web/api #2").await, @"
    Stopped #2 of `develop` in web/api.
    [Run again]
    ");
    snapshot!(ada.types("/bb pipeline stop web/api #2").await, @"#2 of `develop` in web/api was stopped already.");
    snapshot!(ada.types("/bb pipeline stop web/api #9").await, @"
    Among the last 100 runs, none is #9.
    [Show the last]
    ");
    snapshot!(ada.types("/bb pipeline rerun web/api #0x").await, @"
    A run has a number, like `#12`.
    Usage: `/bb pipeline rerun [repo] [number]`
    For example: `/bb pipeline rerun web/api #12`
    ");
    a_while(&world).await;
    let _over = ada.is_told();
    world.finish().await;
}

#[tokio::test]
async fn a_shared_run_is_told_in_the_channel() {
    let world = World::on(Edition::Cloud).await;
    let (repo, ada) = stage(&world).await;
    snapshot!(ada.types("/bb pipeline run web/api --branch main --share").await, @"
    Started #1 of `main` in web/api; it is told here how it goes.
    [Stop]
    ");
    for step in ["Build", "Test"] {
        repo.steps(1, step, RunState::Successful, (30, "fine\n"));
    }
    a_while(&world).await;
    snapshot!(world.hears("#web"), @"
    #1 of `main` in web/api passed · 1 min
    • Build passed · 30 s
    • Test passed · 30 s
    started by ada
    [Run again]
    ");
    world.finish().await;
}

/// The commit that stands first, wherever it stands, as a word.
fn hashless(read: &str) -> String {
    let hash = read.split('`').nth(1).unwrap_or_default();
    read.replace(hash, "(hash)")
}

#[tokio::test]
async fn what_was_deployed_where_is_shown() {
    let world = World::on(Edition::Cloud).await;
    let (repo, ada) = stage(&world).await;
    snapshot!(ada.types("/bb deployments web/api").await, @"Nothing was deployed from web/api.");
    let repo = repo.deployed("production", 1, "ada", false);
    world.move_clocks(Duration::from_hours(1));
    let _repo = repo.deployed("staging", 2, "grace", true).deployed("production", 2, "grace", false);
    let shown = ada.types("/bb deployments web/api").await;
    snapshot!(hashless(&shown), @"
    What stands where, from web/api:
    • staging: #2 at `(hash)` · failed · by grace · 2026-11-21 09:00 UTC
    • production: #2 at `(hash)` · successful · by grace · 2026-11-21 09:00 UTC
    Before that:
    • production: #1 at `(hash)` · successful · by ada · 2026-11-21 08:00 UTC
    ");
    world.finish().await;
}

#[tokio::test]
async fn what_is_deployed_is_told_once_to_those_who_asked() {
    let mut world = World::on(Edition::Cloud).await;
    let (repo, ada) = stage(&world).await;
    let repo = repo.deployed("production", 1, "grace", false);
    let said = ada.types("/bb subscribe web/api deployment").await;
    assert!(!said.contains("never"), "{said}");
    world.advance(Duration::from_mins(6)).await;
    assert_eq!(world.hears("#web"), "");
    let repo = repo.deployed("staging", 2, "grace", true).deployed("production", 2, "grace", false);
    world.advance(Duration::from_mins(6)).await;
    snapshot!(hashless(&world.hears("#web")), @"
    grace tried and failed to deploy #2 of web/api to staging at `(hash)`.

    grace deployed #2 of web/api to production at `(hash)`.
    ");
    let told = ada.types("/bb why --last").await;
    assert!(told.contains("`deployment` by grace") && told.contains("found by looking"), "{told}");
    drop(ada);
    world.restart().await;
    for _ in 0..4 {
        world.advance(Duration::from_mins(6)).await;
    }
    assert_eq!(world.hears("#web"), "");
    let ada = world.person("ada");
    world.bitbucket.faults(Edition::Cloud).next(
        "/2.0/repositories/web/api/deployments",
        &World::failing(),
        9,
    );
    let _repo = repo.deployed("production", 3, "ada", false);
    world.advance(Duration::from_mins(6)).await;
    world.bitbucket.faults(Edition::Cloud).call_off();
    world.advance(Duration::from_mins(6)).await;
    snapshot!(hashless(&world.hears("#web")), @"ada deployed #3 of web/api to production at `(hash)`.");
    assert_eq!(ada.is_told(), "");
    world.finish().await;
}

#[tokio::test]
async fn data_center_deploys_nothing_and_subscribing_says_so() {
    let world = World::on(Edition::DataCenter).await;
    let (_repo, ada) = stage(&world).await;
    let said = ada.types("/bb subscribe web/api deployment").await;
    assert!(said.contains("Data Center deploys nothing itself"), "{said}");
    world.finish().await;
}

#[tokio::test]
async fn a_run_that_nobody_knows_of_is_not_started_again() {
    let world = World::on(Edition::Cloud).await;
    let (repo, ada) = stage(&world).await;
    let cut = Fault::ActThenDrop;
    world.bitbucket.faults(Edition::Cloud).next("POST /2.0/repositories/web/api/pipelines", &cut, 1);
    snapshot!(ada.types("/bb pipeline run web/api --branch main").await, @"
    Started #1 of `main` in web/api; I tell you how it goes.
    [Stop]

    #1 of `main` in web/api waits
    • Build waits
    • Test waits
    started by ada
    [Stop]
    ");
    assert_eq!(repo.runs().len(), 1);
    world.bitbucket.faults(Edition::Cloud).next("POST /2.0/repositories/web/api/pipelines", &Fault::Drop, 1);
    snapshot!(ada.types("/bb pipeline run web/api --branch develop").await, @"
    I was cut off before I knew whether `develop` was started in web/api, and see no run of it.
    Look once more before you start it again.
    [Show the last] [Start it]
    ");
    assert_eq!(repo.runs().len(), 1);
    for step in ["Build", "Test"] {
        repo.steps(1, step, RunState::Successful, (30, "fine\n"));
    }
    a_while(&world).await;
    let _rest = world.person("ada").is_told();
    world.finish().await;
}

/// What is said where somebody meets one trouble after the other.
async fn in_trouble(edition: Edition) -> String {
    let world = World::on(edition).await;
    let _repo = world.repository("web/api").allow("ada", Permission::Write).allow("edsger", Permission::Read);
    let run = "/bb pipeline run web/api --branch main";
    let mut read = vec![("not connected", world.person("grace").types(run).await)];
    let edsger = by_own_token(&world, "edsger").await;
    read.push(("no permission", edsger.types(run).await));
    let ada = by_own_token(&world, "ada").await;
    read.push(("no such branch", ada.types("/bb pipeline run web/api --branch nothing").await));
    read.push(("no such repository", ada.types("/bb pipeline run web/nothing --branch main").await));
    if edition == Edition::Cloud {
        world.bitbucket.faults(edition).next("POST ", &world.refusing(), 1);
        read.push(("refused", ada.types(run).await));
        world.bitbucket.faults(edition).call_off();
        world.bitbucket.faults(edition).next("/", &World::failing(), 99);
        read.push(("down", ada.types(run).await));
        world.bitbucket.faults(edition).call_off();
    }
    for typed in ["pipeline list web/api", "pipeline stop web/api #1", "deployments web/api"] {
        read.push((typed, ada.types(&format!("/bb {typed}")).await));
    }
    world.finish().await;
    let read: Vec<String> = read.iter().map(|(what, read)| format!("({what})\n{read}")).collect();
    read.join("\n\n")
}

#[tokio::test]
async fn what_goes_wrong_on_cloud_is_said() {
    snapshot!(in_trouble(Edition::Cloud).await, @"
    (not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (no permission)
    Bitbucket does not allow it: You do not have the permission to do this in this repository.

    (no such branch)
    Branch nothing does not exist.

    (no such repository)
    Bitbucket has nothing of that name that you may see.

    (refused)
    Not while the moon is full.

    (down)
    Bitbucket is in trouble or cannot be reached: it answered 503 when asked to say who you are.
    I tried a few times; it may not have been done. Look before you ask again.

    (pipeline list web/api)
    Nothing has run in web/api.
    [Run a pipeline]

    (pipeline stop web/api #1)
    Among the last 100 runs, none is #1.
    [Show the last]

    (deployments web/api)
    Nothing was deployed from web/api.
    ");
}

#[tokio::test]
async fn data_center_has_no_pipelines_and_says_so() {
    snapshot!(in_trouble(Edition::DataCenter).await, @"
    (not connected)
    First connect your account on bitbucket, so that I can do this as you.
    I'll carry on with what you asked as soon as you have.
    [Connect bitbucket]

    (no permission)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (no such branch)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (no such repository)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (pipeline list web/api)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (pipeline stop web/api #1)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.

    (deployments web/api)
    Data Center has no pipelines of its own: it builds elsewhere, and `pr checks` and `commit` show what was built.
    ");
}
