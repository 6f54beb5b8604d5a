//! What tests and the demo do in Bitbucket's own pages, by its handles.

use dipper::sandbox::bitbucket::{Edition, Permission, Refusal, State};

use super::{BOTH, Stage};

#[tokio::test]
async fn people_talk_and_tick_off() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let pr = stage.repo.pull_request(1);
        let first = pr.comment_on("grace", "Why?", ("src/limit_the_rate.rs", 2)).unwrap();
        let reply = pr.reply("ada", first, "Becuse").unwrap();
        pr.reword("ada", reply, "Because").unwrap();
        assert_eq!(pr.reword("grace", reply, "No"), Err(Refusal::NotYours(reply)));
        pr.resolve("grace", first).unwrap();
        pr.unresolve("grace", first).unwrap();
        let task = pr.task("grace", "Write it down").unwrap();
        pr.resolve("ada", task).unwrap();
        pr.delete_comment("ada", reply).unwrap();
        let said: Vec<String> = pr.state().unwrap().comments.into_iter().map(|one| one.text).collect();
        assert_eq!(said, ["Why?", "Write it down"]);
        let keys = stage.told().join(" ");
        let expected = stage.either(
            "pullrequest:comment_created pullrequest:comment_created pullrequest:comment_resolved \
             pullrequest:comment_reopened pullrequest:comment_deleted",
            "pr:comment:added pr:comment:added pr:comment:edited pr:comment:edited pr:comment:edited \
             pr:comment:added pr:comment:edited pr:comment:deleted",
        );
        assert_eq!(keys, expected);
    }
}

#[tokio::test]
async fn people_change_their_minds() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let pr = stage.repo.pull_request(1);
        pr.describe("ada", "Ten a minute").unwrap();
        pr.draft("ada", true).unwrap();
        pr.draft("ada", false).unwrap();
        stage.repo.branch("release").tip().unwrap();
        pr.retarget("ada", "release").unwrap();
        pr.decline("ada").unwrap();
        assert_eq!(pr.retitle("ada", "x"), Err(Refusal::NotOpen(1, State::Declined)));
        pr.reopen("ada").unwrap();
        assert_eq!(pr.reopen("ada"), Err(Refusal::NotDeclined(1, State::Open)));
        assert!(pr.state().unwrap().is_open());
        assert_eq!((pr.number(), pr.repo().name()), (1, stage.repo.name()));
        let keys = stage.told();
        assert_eq!(keys.len(), 5, "nobody is told that it was opened again: {keys:?}");
    }
}

#[tokio::test]
async fn a_forced_push_is_another_history() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let before = stage.tip("limit-rate");
        let after = stage.bitbucket.force_push(&stage.repo, "limit-rate", "ada", "Limit it well").unwrap();
        assert_ne!(before, after);
        let told = stage.bitbucket.take_deliveries();
        let push: serde_json::Value = serde_json::from_slice(&told[0].body).unwrap();
        let change = &push[stage.either("push", "changes")];
        match edition {
            Edition::Cloud => assert_eq!(change["changes"][0]["forced"], true),
            Edition::DataCenter => assert_eq!(change[0]["fromHash"], before),
        }
        assert_eq!(stage.bitbucket.pull_request(&stage.repo, 1).unwrap().source_hash, after);
    }
}

#[tokio::test]
async fn calls_are_kept_with_their_answers() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let got = stage.get("ada", &stage.pr("")).await;
        stage.get("ada", &stage.at("/nonsense")).await;
        let calls = stage.bitbucket.requests();
        assert_eq!(calls[0].answer, got.text);
        assert_eq!((calls[0].complaint.is_some(), calls[1].complaint.is_some()), (false, true));
    }
}

#[tokio::test]
async fn a_robot_may_do_what_its_repository_lets_it() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let other = stage.bitbucket.add_repository(edition, "web/other");
        let own = stage.bitbucket.repository_token(&stage.repo, Permission::Write);
        let everywhere = stage.bitbucket.space_token(&other, Permission::Read);
        let ask = |token: &str, path: &str| {
            let url = format!("{}{path}", stage.bitbucket.api_url(edition));
            let request = stage.http.get(url).bearer_auth(token);
            async { request.send().await.unwrap().status().as_u16() }
        };
        let elsewhere = stage.either("/repositories/web/other", "/api/latest/projects/WEB/repos/other");
        assert_eq!(ask(&own, &stage.pr("")).await, 200);
        assert_eq!(ask(&own, elsewhere).await, 404);
        assert_eq!((ask(&everywhere, &stage.pr("")).await, ask(&everywhere, elsewhere).await), (200, 200));
    }
}
