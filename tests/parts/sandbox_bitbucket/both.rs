//! What reads the same on both editions.

use dipper::sandbox::bitbucket::{BuildState, Edition, Permission, Refusal, State, Strategy};
use reqwest::Method;
use serde_json::{Value, json};

use super::{BOTH, Stage};

#[tokio::test]
async fn a_pull_request_is_approved_and_merged() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        assert_eq!(stage.approves("grace").await.status, 200);
        assert_eq!(stage.approves("grace").await.status, 200, "twice is once");
        let pr = stage.bitbucket.pull_request(&stage.repo, 1).unwrap();
        assert_eq!((pr.approvals, pr.reviewers), (vec!["grace".to_owned()], vec!["grace".to_owned()]));
        let merged = stage.merges("ada").await;
        assert_eq!((merged.status, merged.body["state"].as_str()), (200, Some("MERGED")));
        let pr = stage.bitbucket.pull_request(&stage.repo, 1).unwrap();
        let merge = pr.merge_commit.unwrap();
        assert_eq!((pr.state, merge.parents.len()), (State::Merged, 2));
        assert_eq!(pr.closed_by.as_deref(), Some("ada"));
        let keys = match edition {
            Edition::Cloud => ["pullrequest:approved", "pullrequest:fulfilled", "repo:push"],
            Edition::DataCenter => ["pr:reviewer:approved", "pr:merged", "repo:refs_changed"],
        };
        assert_eq!(stage.told(), keys);
        assert_eq!(stage.bitbucket.unexpected(), [""; 0]);
    }
}

#[tokio::test]
async fn merging_too_early_is_refused_with_a_reason() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let repo = stage.repo.clone().requires_approvals(1);
        let refused = stage.merges("ada").await;
        assert_eq!(refused.status, if edition == Edition::Cloud { 400 } else { 409 });
        assert!(refused.text.contains("1 more approval"), "{}", refused.text);
        repo.conflicted(1, true).unwrap();
        assert_eq!(stage.merges("ada").await.status, 409);
        repo.conflicted(1, false).unwrap();
        stage.bitbucket.approve(&repo, 1, "grace").unwrap();
        assert_eq!(stage.merges("ada").await.status, 200);
        let again = stage.merges("ada").await;
        assert_eq!(again.status, if edition == Edition::Cloud { 400 } else { 409 });
    }
}

#[tokio::test]
async fn who_may_not_see_sees_nothing_and_who_may_not_write_is_told_so() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        assert_eq!(stage.get("mallory", &stage.at("")).await.status, 404);
        assert_eq!(stage.get("mallory", &stage.pr("")).await.status, 404);
        let merge = stage.merges("edsger").await;
        assert_eq!(merge.status, if edition == Edition::Cloud { 403 } else { 401 });
        assert_eq!(stage.get("edsger", &stage.pr("")).await.status, 200);
        assert_eq!(stage.get("service", &stage.pr("")).await.status, 200);
        assert!(matches!(stage.approves("service").await.status, 401 | 403));
        assert_eq!(stage.get("", &stage.pr("")).await.status, 401);
        let anonymous = stage.bitbucket.requests().pop().unwrap();
        assert_eq!((anonymous.status, anonymous.as_whom), (401, None));
        let repo = stage.repo.clone().allow("mallory", Permission::Read);
        assert_eq!(stage.get("mallory", &stage.pr("")).await.status, 200);
        let _ = repo.forbid("mallory");
        assert_eq!(stage.get("mallory", &stage.pr("")).await.status, 404);
    }
}

#[tokio::test]
async fn pull_requests_are_opened_listed_commented_and_declined() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        let (list, body) = opening(&stage, "Limit the rate");
        let opened = stage.post("ada", &list, body).await;
        assert_eq!((opened.status, opened.body["id"].as_u64()), (201, Some(1)), "{}", opened.text);
        let listed = stage.get("edsger", &list).await;
        assert_eq!(listed.each("/title"), ["Limit the rate"]);
        let text = match edition {
            Edition::Cloud => json!({"content": {"raw": "Why *this*?"}}),
            Edition::DataCenter => json!({"text": "Why *this*?"}),
        };
        let said = stage.post("edsger", &stage.pr("/comments"), text).await;
        assert_eq!(said.status, 201, "{}", said.text);
        let declined = stage.post("ada", &stage.pr("/decline"), Value::Null).await;
        assert_eq!(declined.body["state"], "DECLINED", "{}", declined.text);
        assert_eq!(stage.get("edsger", &list).await.each("/title"), [""; 0]);
        let declined = stage.get("edsger", &format!("{list}?state=DECLINED")).await;
        assert_eq!(declined.each("/title"), ["Limit the rate"]);
        let pr = stage.bitbucket.pull_request(&stage.repo, 1).unwrap();
        assert_eq!((pr.comments[0].text.as_str(), pr.comments[0].author.as_str()), ("Why *this*?", "edsger"));
        assert_eq!(stage.told().len(), 3);
        assert_eq!(stage.bitbucket.unexpected(), [""; 0]);
    }
}

#[tokio::test]
async fn the_author_cannot_be_asked_to_review() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        let (list, mut body) = opening(&stage, "Limit the rate");
        let ada = stage.bitbucket.people().into_iter().find(|one| one.nickname == "ada").unwrap();
        body["reviewers"] = match edition {
            Edition::Cloud => json!([{"uuid": ada.uuid}]),
            Edition::DataCenter => json!([{"user": {"name": "ada"}}]),
        };
        let refused = stage.post("ada", &list, body).await;
        assert_eq!(refused.status, if edition == Edition::Cloud { 400 } else { 409 });
        assert!(refused.text.contains("author"), "{}", refused.text);
    }
}

fn opening(stage: &Stage, title: &str) -> (String, Value) {
    match stage.edition {
        Edition::Cloud => {
            let body = json!({"title": title, "source": {"branch": {"name": "limit-rate"}}});
            (stage.at("/pullrequests"), body)
        }
        Edition::DataCenter => {
            let end = |branch: &str| json!({"id": branch, "repository": {"slug": "api", "project": {"key": "WEB"}}});
            let body = json!({"title": title, "fromRef": end("refs/heads/limit-rate"), "toRef": end("refs/heads/main")});
            (stage.at("/pull-requests"), body)
        }
    }
}

#[tokio::test]
async fn a_list_is_read_page_by_page() {
    for edition in BOTH {
        let stage = Stage::set(edition).await;
        for n in 0..7 {
            stage.repo.branch(&format!("branch-{n}"));
        }
        let (first, name) = match edition {
            Edition::Cloud => (stage.at("/refs/branches?pagelen=4"), "/name"),
            Edition::DataCenter => (stage.at("/branches?limit=4"), "/displayId"),
        };
        let mut names: Vec<String> = Vec::new();
        let mut next = Some(first.clone());
        let mut pages = 0;
        while let Some(path) = next {
            let page = stage.get("edsger", &path).await;
            names.extend(page.each(name).into_iter().map(str::to_owned));
            next = match edition {
                Edition::Cloud => page.body["next"].as_str().map(str::to_owned),
                Edition::DataCenter => {
                    page.body["nextPageStart"].as_u64().map(|start| format!("{first}&start={start}"))
                }
            };
            pages += 1;
        }
        assert_eq!((names.len(), pages), (9, 3));
    }
}

#[tokio::test]
async fn hooks_are_kept_for_administrators() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let (path, body) = match edition {
            Edition::Cloud => {
                let events = ["pullrequest:approved"];
                (
                    stage.at("/hooks"),
                    json!({"description": "d", "url": "http://127.0.0.1:9/x", "active": true,
                    "secret": "s", "events": events}),
                )
            }
            Edition::DataCenter => (
                stage.at("/webhooks"),
                json!({"name": "d", "url": "http://127.0.0.1:9/x",
                "events": ["pr:reviewer:approved"], "active": true, "configuration": {"secret": "s"}}),
            ),
        };
        assert!(matches!(stage.post("ada", &path, body.clone()).await.status, 401 | 403));
        let made = stage.post("grace", &path, body.clone()).await;
        assert!(matches!(made.status, 200 | 201), "{}", made.text);
        assert_eq!(stage.get("grace", &path).await.body["size"], 1);
        stage.bitbucket.approve(&stage.repo, 1, "grace").unwrap();
        let waiting = stage.bitbucket.take_deliveries();
        let urls: Vec<Option<&str>> = waiting.iter().map(|one| one.url.as_deref()).collect();
        assert_eq!(urls, [None, Some("http://127.0.0.1:9/x")]);
        let mut unknown = body;
        unknown["events"] = json!(["pr:to_ref_updated"]);
        assert_eq!(stage.post("grace", &path, unknown).await.status, 400);
        let id = match edition {
            Edition::Cloud => made.body["uuid"].as_str().unwrap().replace('{', "%7B").replace('}', "%7D"),
            Edition::DataCenter => made.body["id"].to_string(),
        };
        let one = format!("{path}/{id}");
        assert_eq!(stage.call("grace", Method::DELETE, &one, Value::Null).await.status, 204);
        assert_eq!(stage.call("grace", Method::DELETE, &one, Value::Null).await.status, 404);
    }
}

#[tokio::test]
async fn people_act_in_bitbucket_itself() {
    for edition in BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let (bitbucket, repo) = (&stage.bitbucket, &stage.repo);
        let before = bitbucket.pull_request(repo, 1).unwrap();
        bitbucket.request_changes(repo, 1, "grace").unwrap();
        bitbucket.comment(repo, 1, "grace", "Not like this").unwrap();
        bitbucket.push(repo, "limit-rate", "ada", &["Do it properly"]).unwrap();
        bitbucket.add_build(repo, "limit-rate", "test", BuildState::Failed).unwrap();
        bitbucket.retitle(repo, 1, "ada", "Limit every rate").unwrap();
        bitbucket.approve(repo, 1, "grace").unwrap();
        bitbucket.unapprove(repo, 1, "grace").unwrap();
        assert_eq!(bitbucket.approve(repo, 9, "grace"), Err(Refusal::NoSuchPullRequest(9)));
        bitbucket.merge_by(repo, 1, "ada", Strategy::Squash).unwrap();
        let after = bitbucket.pull_request(repo, 1).unwrap();
        assert_ne!(before.source_hash, after.source_hash);
        assert_eq!((after.approvals.len(), after.title.as_str()), (0, "Limit every rate"));
        assert_eq!(after.merge_commit.unwrap().parents.len(), 1);
        let keys = stage.told().join(" ");
        let expected = match edition {
            Edition::Cloud => {
                "pullrequest:changes_request_created pullrequest:comment_created repo:push \
                 pullrequest:updated repo:commit_status_created pullrequest:updated \
                 pullrequest:approved pullrequest:unapproved pullrequest:fulfilled repo:push"
            }
            Edition::DataCenter => {
                "pr:reviewer:needs_work pr:comment:added repo:refs_changed pr:from_ref_updated \
                 pr:modified pr:reviewer:approved pr:reviewer:unapproved pr:merged repo:refs_changed"
            }
        };
        assert_eq!(keys, expected);
    }
}

#[tokio::test]
async fn a_seed_is_the_same_twice_and_different_on_each_edition() {
    let mut seen = Vec::new();
    for _ in 0..2 {
        let stage = Stage::set(Edition::Cloud).await;
        let changes = stage.bitbucket.subscribe();
        dipper::sandbox::seed::seed(&stage.bitbucket, 7).unwrap();
        assert!(changes.has_changed().unwrap());
        assert_eq!(stage.told(), [""; 0]);
        let mut lines = Vec::new();
        for repo in stage.bitbucket.repositories() {
            for number in 1..=3 {
                if let Ok(pr) = stage.bitbucket.pull_request(&repo, number) {
                    lines.push(format!("{}#{number} {} {}", repo.name(), pr.title, pr.source_hash));
                }
            }
        }
        seen.push(lines);
    }
    assert_eq!(seen[0], seen[1]);
    assert!(seen[0].len() >= 6 && seen[0].iter().any(|line| line.starts_with("BANK/ledger#2")));
}
