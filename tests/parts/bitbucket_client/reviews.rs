//! Pull requests found, changed, reviewed and ended, on both editions.

use dipper::bitbucket::Edition;
use dipper::words::merge::Merge;
use dipper::words::names::{PersonId, RepoName};
use dipper::words::pull_request::{NewPullRequest, PullRequestChange, PullRequestFilter, State};
use serde_json::{Value, json};

use crate::bitbucket_client::server::{
    Server, cloud_pr, dc, dc_pr, in_cloud, in_dc, ok, page, pr, repo, says, sorted,
};

const ONE: &str = "/pullrequests/7";
const DC_ONE: &str = "/pull-requests/7";

fn by(author: &str) -> PullRequestFilter {
    PullRequestFilter {
        states: vec![State::Open, State::Merged],
        author: Some(PersonId::new(author)),
        target: Some("main".to_owned()),
        text: Some("a \"b\"".to_owned()),
        ..PullRequestFilter::default()
    }
}

#[tokio::test]
async fn a_filter_goes_whole_into_clouds_query_language() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let list = in_cloud("GET", "/pullrequests");
    server.on(&list, page(json!([cloud_pr("OPEN")])));
    assert_eq!(cloud.pull_requests(&repo(), &by("{ada}"), 9).await.unwrap().len(), 1);
    cloud.pull_requests(&repo(), &PullRequestFilter::default(), 9).await.unwrap();
    let asked: Vec<String> = server.asked(&list).into_iter().map(|asked| asked.query).collect();
    assert_eq!(
        asked[0],
        "q=%28state+%3D+%22OPEN%22+OR+state+%3D+%22MERGED%22%29+AND+author.uuid+%3D+%22%7Bada%7D%22+AND+\
         destination.branch.name+%3D+%22main%22+AND+title+%7E+%22a+%5C%22b%5C%22%22&sort=-created_on&pagelen=9\
         &fields=%2Bvalues.reviewers%2C%2Bvalues.participants"
    );
    assert!(
        asked[1].starts_with("state=OPEN&state=MERGED&state=DECLINED&state=SUPERSEDED&sort="),
        "{}",
        asked[1]
    );
}

#[tokio::test]
async fn a_filter_goes_by_logins_on_data_center() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let list = in_dc("GET", "/pull-requests");
    server.on(&list, page(json!([dc_pr("OPEN", 1), dc_pr("DECLINED", 1)])));
    assert_eq!(site.pull_requests(&repo(), &by("bob"), 9).await.unwrap().len(), 1);
    let asked = &server.asked(&list)[0].query;
    assert_eq!(
        asked,
        "state=ALL&order=NEWEST&limit=100&at=refs%2Fheads%2Fmain&direction=INCOMING&filterText=a+%22b%22\
         &username.1=Bob&role.1=AUTHOR"
    );
}

#[tokio::test]
async fn mine_are_gathered_from_everywhere() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let mut newer = cloud_pr("OPEN");
    (newer["id"], newer["created_on"]) = (json!(8), json!("2026-03-01T00:00:00Z"));
    server
        .on(
            "GET /2.0/user/workspaces",
            page(json!([{"workspace": {"slug": "web"}}, {"workspace": {"slug": "ops"}}])),
        )
        .on("GET /2.0/workspaces/web/pullrequests/%7Bada%7D", page(json!([cloud_pr("OPEN")])))
        .on("GET /2.0/workspaces/ops/pullrequests/%7Bada%7D", page(json!([newer])));
    let numbers: Vec<u64> =
        cloud.my_pull_requests(9).await.unwrap().into_iter().map(|pr| pr.name.number).collect();
    assert_eq!(numbers, [8, 7]);
    let (server, site) = Server::of(Edition::DataCenter).await;
    let dashboard = dc("GET", "/api/latest/dashboard/pull-requests");
    server.on(&dashboard, page(json!([dc_pr("OPEN", 1)])));
    assert_eq!(site.my_pull_requests(9).await.unwrap()[0].name, pr());
    assert_eq!(server.asked(&dashboard)[0].query, "role=AUTHOR&order=NEWEST&state=OPEN&limit=9");
}

#[tokio::test]
async fn my_review_queue_on_cloud_looks_at_twenty_and_names_the_rest() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let followed: Vec<RepoName> = (0..22).map(|n| format!("here:web/r{n}").parse().unwrap()).collect();
    let waiting = |id: u64, created: &str, state: Value| {
        let mut pr = cloud_pr("OPEN");
        (pr["id"], pr["created_on"]) = (json!(id), json!(created));
        pr["participants"] = json!([{"user": {"uuid": "{ada}"}, "role": "REVIEWER", "state": state}]);
        pr
    };
    let line = |n: u64| format!("GET /2.0/repositories/web/r{n}/pullrequests");
    let two = json!([
        waiting(1, "2026-02-01T00:00:00Z", Value::Null),
        waiting(2, "2026-01-01T00:00:00Z", json!("approved"))
    ]);
    for n in 0..22 {
        let reply = match n {
            1 => page(two.clone()),
            2 => page(json!([waiting(3, "2026-01-15T00:00:00Z", Value::Null)])),
            3 => says(404, "Not Found"),
            _ => page(json!([])),
        };
        server.on(&line(n), reply);
    }
    let queue = cloud.review_queue(&followed, 9).await.unwrap();
    let numbers: Vec<u64> = queue.waiting.iter().map(|pr| pr.name.number).collect();
    assert_eq!(numbers, [3, 1]);
    let unseen: Vec<String> = queue.unseen.iter().map(RepoName::short).collect();
    assert_eq!(unseen, ["web/r20", "web/r21", "web/r3"]);
    assert_eq!(server.times(&line(20)), 0);
}

#[tokio::test]
async fn my_review_queue_on_data_center_is_one_question() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let dashboard = dc("GET", "/api/latest/dashboard/pull-requests");
    server.on(&dashboard, page(json!([dc_pr("OPEN", 1)])));
    let queue = site.review_queue(&[], 9).await.unwrap();
    assert_eq!((queue.waiting.len(), queue.unseen.len()), (1, 0));
    let asked = &server.asked(&dashboard)[0].query;
    assert_eq!(asked, "role=REVIEWER&participantStatus=UNAPPROVED&order=OLDEST&state=OPEN&limit=9");
}

#[tokio::test]
async fn a_draft_from_a_fork_asks_whom_it_names() {
    let new = |reviewer: &str| NewPullRequest {
        source_repo: Some("here:ada/api".parse().unwrap()),
        reviewers: vec![PersonId::new(reviewer)],
        draft: true,
        close_source: true,
        target: Some("main".to_owned()),
        ..NewPullRequest::new(repo(), "Limit the rate", "limit")
    };
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server
        .on(&in_cloud("GET", "/effective-default-reviewers"), page(json!([])))
        .on(&in_cloud("POST", "/pullrequests"), says(201, &cloud_pr("OPEN").to_string()));
    cloud.open_pull_request(&new("{bob}")).await.unwrap();
    let sent = server.sent(&in_cloud("POST", "/pullrequests"));
    assert_eq!(sent["source"], json!({"branch": {"name": "limit"}, "repository": {"full_name": "ada/api"}}));
    assert_eq!((&sent["draft"], &sent["close_source_branch"]), (&json!(true), &json!(true)));
    assert_eq!(sent["reviewers"], json!([{"uuid": "{bob}"}]));

    let (server, site) = Server::of(Edition::DataCenter).await;
    let fork = json!({"id": 9, "slug": "api", "project": {"key": "ada"}});
    let reviewers = dc("GET", "/default-reviewers/latest/projects/web/repos/api/reviewers");
    server
        .on(&in_dc("GET", ""), ok(&json!({"id": 4, "slug": "api", "project": {"key": "web"}})))
        .on(&dc("GET", "/api/latest/projects/ada/repos/api"), ok(&fork))
        .on(&reviewers, ok(&json!([])))
        .on(&in_dc("POST", "/pull-requests"), says(201, &dc_pr("OPEN", 0).to_string()));
    site.open_pull_request(&new("bob")).await.unwrap();
    let sent = server.sent(&in_dc("POST", "/pull-requests"));
    assert_eq!(sent["fromRef"]["repository"], json!({"slug": "api", "project": {"key": "ada"}}));
    assert_eq!((&sent["draft"], &sent["reviewers"]), (&json!(true), &json!([{"user": {"name": "Bob"}}])));
    assert!(server.asked(&reviewers)[0].query.starts_with("sourceRepoId=9&targetRepoId=4"));
}

#[tokio::test]
async fn changing_one_thing_keeps_the_others() {
    let change = PullRequestChange { title: Some("Better".to_owned()), ..PullRequestChange::default() };
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server.on(&in_cloud("GET", ONE), ok(&cloud_pr("OPEN"))).on(&in_cloud("PUT", ONE), ok(&cloud_pr("OPEN")));
    cloud.update_pull_request(&pr(), &change).await.unwrap();
    let sent = server.sent(&in_cloud("PUT", ONE));
    assert_eq!(
        sent,
        json!({"title": "Better", "description": "So it holds.", "reviewers": [{"uuid": "{bob}"}]})
    );

    let (server, site) = Server::of(Edition::DataCenter).await;
    server.on(&in_dc("GET", DC_ONE), ok(&dc_pr("OPEN", 3))).on(&in_dc("PUT", DC_ONE), ok(&dc_pr("OPEN", 4)));
    site.update_pull_request(&pr(), &change).await.unwrap();
    let sent = server.sent(&in_dc("PUT", DC_ONE));
    assert_eq!((&sent["version"], &sent["title"]), (&json!(3), &json!("Better")));
    assert_eq!(sent["reviewers"], json!([{"user": {"name": "bob"}}]));
}

#[tokio::test]
async fn reviewers_come_and_go() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server.on(&in_cloud("GET", ONE), ok(&cloud_pr("OPEN"))).on(&in_cloud("PUT", ONE), ok(&cloud_pr("OPEN")));
    cloud.add_reviewer(&pr(), &PersonId::new("{bob}")).await.unwrap();
    assert_eq!(server.times(&in_cloud("PUT", ONE)), 0);
    cloud.add_reviewer(&pr(), &PersonId::new("{eve}")).await.unwrap();
    assert_eq!(
        server.sent(&in_cloud("PUT", ONE))["reviewers"],
        json!([{"uuid": "{bob}"}, {"uuid": "{eve}"}])
    );
    cloud.remove_reviewer(&pr(), &PersonId::new("{bob}")).await.unwrap();
    assert_eq!(server.sent(&in_cloud("PUT", ONE))["reviewers"], json!([]));

    let (server, site) = Server::of(Edition::DataCenter).await;
    let all = in_dc("POST", "/pull-requests/7/participants");
    server.on(&all, ok(&json!({}))).on(&in_dc("DELETE", "/pull-requests/7/participants/bob"), says(204, ""));
    site.add_reviewer(&pr(), &PersonId::new("bob")).await.unwrap();
    assert_eq!(server.sent(&all), json!({"user": {"name": "Bob"}, "role": "REVIEWER"}));
    site.remove_reviewer(&pr(), &PersonId::new("bob")).await.unwrap();
}

#[tokio::test]
async fn verdicts_are_given_and_taken_back() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server
        .on(&in_cloud("DELETE", "/pullrequests/7/approve"), says(204, ""))
        .on(&in_cloud("POST", "/pullrequests/7/request-changes"), ok(&json!({})))
        .on(&in_cloud("DELETE", "/pullrequests/7/request-changes"), says(400, "{}"))
        .on(&in_cloud("GET", ONE), ok(&cloud_pr("OPEN")));
    cloud.unapprove(&pr()).await.unwrap();
    cloud.request_changes(&pr()).await.unwrap();
    // Nothing was asked for: it is as if it were withdrawn.
    cloud.withdraw_request(&pr()).await.unwrap();

    let (server, site) = Server::of(Edition::DataCenter).await;
    let mine = in_dc("PUT", "/pull-requests/7/participants/ada");
    server.on(&mine, ok(&json!({})));
    site.request_changes(&pr()).await.unwrap();
    assert_eq!(server.sent(&mine), json!({"status": "NEEDS_WORK"}));
    site.withdraw_request(&pr()).await.unwrap();
    site.unapprove(&pr()).await.unwrap();
    assert_eq!(server.sent(&mine), json!({"status": "UNAPPROVED"}));
}

#[tokio::test]
async fn the_offered_ways_to_merge_are_told_and_taken() {
    let how = |strategy: &str| Merge {
        strategy: Some(strategy.to_owned()),
        message: Some("Done".to_owned()),
        close_source: Some(true),
    };
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let mut offer = cloud_pr("OPEN");
    offer["destination"]["branch"] =
        json!({"merge_strategies": ["merge_commit", "squash"], "default_merge_strategy": "squash"});
    server
        .on(&in_cloud("GET", ONE), ok(&offer))
        .on(&in_cloud("POST", "/pullrequests/7/merge"), ok(&cloud_pr("MERGED")));
    let offered = cloud.merge_strategies(&pr()).await.unwrap();
    assert_eq!(
        (offered.offered[0].name.as_str(), offered.usual.as_deref()),
        ("merge commit", Some("squash"))
    );
    cloud.merge(&pr(), &how("squash")).await.unwrap();
    let sent = server.sent(&in_cloud("POST", "/pullrequests/7/merge"));
    assert_eq!(
        sent,
        json!({"type": "pullrequest_merge_parameters", "merge_strategy": "squash", "message": "Done", "close_source_branch": true})
    );

    let (server, site) = Server::of(Edition::DataCenter).await;
    let config = json!({"mergeConfig": {"defaultStrategy": {"id": "no-ff"}, "strategies": [{"id": "no-ff", "name": "Merge commit", "enabled": true}, {"id": "ff", "enabled": false}]}});
    let branches = dc("DELETE", "/branch-utils/latest/projects/web/repos/api/branches");
    server
        .on(&in_dc("GET", "/settings/pull-requests"), ok(&config))
        .on(&in_dc("GET", DC_ONE), ok(&dc_pr("OPEN", 3)))
        .on(&in_dc("GET", "/pull-requests/7/merge"), ok(&json!({"canMerge": true})))
        .on(&in_dc("POST", "/pull-requests/7/merge"), ok(&dc_pr("MERGED", 4)))
        .on(&branches, says(403, "no"));
    assert_eq!(site.merge_strategies(&pr()).await.unwrap().offered.len(), 1);
    site.merge(&pr(), &how("no-ff")).await.unwrap();
    let sent = server.sent(&in_dc("POST", "/pull-requests/7/merge"));
    assert_eq!(sent, json!({"version": 3, "strategyId": "no-ff", "message": "Done"}));
    assert_eq!(server.sent(&branches)["name"], "refs/heads/limit");
}

#[tokio::test]
async fn what_stands_in_the_way_is_said_in_sentences() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let mut blocked = cloud_pr("OPEN");
    (blocked["draft"], blocked["task_count"]) = (json!(true), json!(2));
    blocked["participants"][0]["state"] = json!("changes_requested");
    let builds =
        json!([{"key": "unit", "name": "Unit", "state": "FAILED"}, {"key": "e2e", "state": "INPROGRESS"}]);
    server
        .on(&in_cloud("GET", ONE), ok(&blocked))
        .on(&in_cloud("GET", "/pullrequests/7/statuses"), page(builds))
        .on(
            &in_cloud("GET", "/pullrequests/7/diffstat"),
            page(json!([{"status": "merge conflict", "old": {"path": "a"}}])),
        );
    let told = cloud.mergeability(&pr()).await.unwrap();
    assert_eq!(told.can, Some(false));
    assert_eq!(
        told.reasons.join(" "),
        "It has conflicts, which have to be resolved first. It is still a draft. 2 tasks are open. \
         Bob asks for changes. Failed: Unit. A build is still running."
    );
    let (server, site) = Server::of(Edition::DataCenter).await;
    let vetoed = json!({"canMerge": false, "vetoes": [{"summaryMessage": "Not enough approvals"}]});
    server.on(&in_dc("GET", "/pull-requests/7/merge"), ok(&vetoed));
    let told = site.mergeability(&pr()).await.unwrap();
    assert_eq!((told.can, told.reasons), (Some(false), vec!["Not enough approvals".to_owned()]));
}

#[tokio::test]
async fn declining_says_why() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let comments = in_cloud("POST", "/pullrequests/7/comments");
    server
        .on(&comments, says(201, &json!({"id": 1, "content": {"raw": "Too big."}}).to_string()))
        .on(&in_cloud("POST", "/pullrequests/7/decline"), ok(&cloud_pr("DECLINED")));
    assert_eq!(cloud.decline(&pr(), Some("Too big.")).await.unwrap().state, State::Declined);
    assert_eq!(server.sent(&comments), json!({"content": {"raw": "Too big."}}));
    let words = sorted(cloud.reopen(&pr()).await);
    assert_eq!(
        words,
        "not offered: Bitbucket Cloud cannot open a declined pull request again; open a new one from the \
         same branch."
    );

    let (server, site) = Server::of(Edition::DataCenter).await;
    server
        .on(&in_dc("GET", DC_ONE), ok(&dc_pr("OPEN", 3)))
        .on(&in_dc("POST", "/pull-requests/7/decline"), ok(&dc_pr("DECLINED", 4)))
        .on(&in_dc("POST", "/pull-requests/7/reopen"), ok(&dc_pr("OPEN", 5)));
    assert_eq!(site.decline(&pr(), Some("Too big.")).await.unwrap().state, State::Declined);
    let sent = server.sent(&in_dc("POST", "/pull-requests/7/decline"));
    assert_eq!(sent, json!({"version": 3, "comment": "Too big."}));
    assert_eq!(site.reopen(&pr()).await.unwrap().state, State::Open);
}

#[tokio::test]
async fn a_decline_left_unanswered_is_looked_after() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let decline = in_dc("POST", "/pull-requests/7/decline");
    server
        .on(&in_dc("GET", DC_ONE), ok(&dc_pr("OPEN", 3)))
        .on(&in_dc("GET", DC_ONE), ok(&dc_pr("DECLINED", 4)))
        .on(&decline, ok(&dc_pr("DECLINED", 4)).cut_short());
    assert_eq!(site.decline(&pr(), None).await.unwrap().state, State::Declined);
    assert_eq!(server.times(&decline), 1);
}
