//! Comments, tasks and the story of a pull request, on both editions.

use dipper::bitbucket::Edition;
use dipper::words::comment::{Anchor, Deed, NewComment, NewTask, Side};
use serde_json::{Value, json};

use crate::bitbucket_client::server::{NOW, Reply, Server, in_cloud, in_dc, ok, page, pr, says, sorted};

const COMMENTS: &str = "/pullrequests/7/comments";
const DC_COMMENTS: &str = "/pull-requests/7/comments";
const STORY: &str = "/pull-requests/7/activities";

fn says_hello() -> NewComment {
    NewComment { text: "Hello".to_owned(), ..NewComment::default() }
}

fn cloud_comment(id: u64) -> Value {
    json!({"id": id, "content": {"raw": "Hello"}, "user": {"uuid": "{ada}", "display_name": "Ada"}, "created_on": "2023-11-14T22:13:20Z"})
}

fn dc_comment(id: u64) -> Value {
    json!({"id": id, "version": 2, "text": "Hello", "author": {"slug": "ada", "displayName": "Ada"}, "createdDate": NOW})
}

#[tokio::test]
async fn comments_and_their_replies_read_the_same() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let (mut reply, mut inline) = (cloud_comment(2), cloud_comment(3));
    reply["parent"] = json!({"id": 1});
    inline["inline"] = json!({"path": "a.rs", "to": 4, "from": null});
    inline["resolution"] = json!({"type": "comment_resolution"});
    server.on(&in_cloud("GET", COMMENTS), page(json!([cloud_comment(1), reply, inline])));
    let on_cloud = cloud.comments(&pr(), 9).await.unwrap();

    let (server, site) = Server::of(Edition::DataCenter).await;
    let mut first = dc_comment(1);
    first["comments"] = json!([dc_comment(2)]);
    let mut inline = dc_comment(3);
    inline["threadResolved"] = json!(true);
    let step = |comment: Value| json!({"action": "COMMENTED", "commentAction": "ADDED", "comment": comment});
    let mut placed = step(inline);
    placed["commentAnchor"] = json!({"path": "a.rs", "line": 4, "fileType": "TO"});
    let edited = json!({"action": "COMMENTED", "commentAction": "EDITED", "comment": dc_comment(1)});
    server.on(&in_dc("GET", STORY), page(json!([edited, {"action": "APPROVED"}, placed, step(first)])));
    let mut on_data_center = site.comments(&pr(), 9).await.unwrap();
    for comment in &mut on_data_center {
        comment.author = on_cloud[0].author.clone();
    }
    assert_eq!(on_cloud, on_data_center);
    assert_eq!(on_cloud[2].anchor, Some(Anchor::line("a.rs", 4)));
}

#[tokio::test]
async fn a_comment_on_a_line_is_put_where_each_edition_wants_it() {
    let old = Anchor { path: "a.rs".to_owned(), line: Some(2), side: Side::Old };
    let new = |anchor: Anchor| NewComment { anchor: Some(anchor), reply_to: None, ..says_hello() };
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server.on(&in_cloud("POST", COMMENTS), says(201, &cloud_comment(1).to_string()));
    cloud.add_comment(&pr(), &new(Anchor::line("a.rs", 4))).await.unwrap();
    assert_eq!(server.sent(&in_cloud("POST", COMMENTS))["inline"], json!({"path": "a.rs", "to": 4}));
    cloud.add_comment(&pr(), &new(old.clone())).await.unwrap();
    assert_eq!(server.sent(&in_cloud("POST", COMMENTS))["inline"], json!({"path": "a.rs", "from": 2}));

    let (server, site) = Server::of(Edition::DataCenter).await;
    let diff = json!({"diffs": [{"hunks": [{"segments": [
        {"type": "REMOVED", "lines": [{"source": 2, "destination": 4}]},
        {"type": "ADDED", "lines": [{"source": 3, "destination": 4}]},
    ]}]}]});
    server
        .on(&in_dc("GET", "/pull-requests/7/diff/a.rs"), ok(&diff))
        .on(&in_dc("POST", DC_COMMENTS), says(201, &dc_comment(1).to_string()));
    for (anchor, line_type, file_type) in [
        (Anchor::line("a.rs", 4), "ADDED", "TO"),
        (old, "REMOVED", "FROM"),
        (Anchor::line("a.rs", 9), "CONTEXT", "TO"),
    ] {
        site.add_comment(&pr(), &new(anchor)).await.unwrap();
        let sent = &server.sent(&in_dc("POST", DC_COMMENTS))["anchor"];
        assert_eq!((&sent["lineType"], &sent["fileType"]), (&json!(line_type), &json!(file_type)));
    }
}

#[tokio::test]
async fn a_comment_that_may_have_been_posted_is_posted_once() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let mut old = cloud_comment(1);
    old["created_on"] = json!("2023-11-14T20:13:20Z");
    server
        .on(&in_cloud("POST", COMMENTS), says(201, &cloud_comment(5).to_string()).cut_short())
        .on(&in_cloud("GET", COMMENTS), page(json!([old, cloud_comment(5)])))
        .on(&in_cloud("GET", COMMENTS), page(json!([old])));
    assert_eq!(cloud.add_comment(&pr(), &says_hello()).await.unwrap().id, 5);
    let words = sorted(cloud.add_comment(&pr(), &says_hello()).await);
    assert!(words.starts_with("in doubt: ") && words.ends_with("when asked to post the comment."), "{words}");
    assert_eq!(server.times(&in_cloud("POST", COMMENTS)), 2);

    let (server, site) = Server::of(Edition::DataCenter).await;
    let step = json!({"action": "COMMENTED", "commentAction": "ADDED", "comment": dc_comment(5)});
    server.on(&in_dc("POST", DC_COMMENTS), says(502, "")).on(&in_dc("GET", STORY), page(json!([step])));
    assert_eq!(site.add_comment(&pr(), &says_hello()).await.unwrap().id, 5);
    assert_eq!(server.times(&in_dc("POST", DC_COMMENTS)), 1);
}

#[tokio::test]
async fn a_comment_posted_by_the_servers_own_clock_is_found() {
    let server = Server::start().await;
    let there = |reply: Reply| reply.with("Date", "Tue, 01 Jan 2030 10:00:09 GMT");
    let mut ahead = cloud_comment(5);
    ahead["created_on"] = json!("2030-01-01T10:00:00Z");
    server
        .on("GET /2.0/user", there(ok(&json!({"uuid": "{ada}"}))))
        .on(&in_cloud("POST", COMMENTS), there(says(500, "")))
        .on(&in_cloud("GET", COMMENTS), there(page(json!([ahead]))));
    assert_eq!(server.cloud().add_comment(&pr(), &says_hello()).await.unwrap().id, 5);
}

#[tokio::test]
async fn comments_are_edited_settled_and_deleted() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let one = "/pullrequests/7/comments/5";
    server
        .on(&in_cloud("PUT", one), ok(&cloud_comment(5)))
        .on(&in_cloud("DELETE", one), says(204, ""))
        .on(&in_cloud("POST", &format!("{one}/resolve")), says(409, "settled"))
        .on(&in_cloud("DELETE", &format!("{one}/resolve")), says(403, "Not here."));
    cloud.edit_comment(&pr(), 5, "Bye").await.unwrap();
    assert_eq!(server.sent(&in_cloud("PUT", one)), json!({"content": {"raw": "Bye"}}));
    cloud.resolve_comment(&pr(), 5, true).await.unwrap();
    let words = sorted(cloud.resolve_comment(&pr(), 5, false).await);
    assert_eq!(
        words,
        "forbidden: Not here. Only a thread that begins on a line of the change can be settled."
    );
    cloud.delete_comment(&pr(), 5).await.unwrap();

    let (server, site) = Server::of(Edition::DataCenter).await;
    let one = "/pull-requests/7/comments/5";
    server
        .on(&in_dc("GET", one), ok(&dc_comment(5)))
        .on(&in_dc("PUT", one), ok(&dc_comment(5)))
        .on(&in_dc("DELETE", one), says(409, r#"{"errors":[{"message":"It has replies."}]}"#));
    site.edit_comment(&pr(), 5, "Bye").await.unwrap();
    assert_eq!(server.sent(&in_dc("PUT", one)), json!({"text": "Bye", "version": 2}));
    site.resolve_comment(&pr(), 5, true).await.unwrap();
    assert_eq!(server.sent(&in_dc("PUT", one)), json!({"threadResolved": true, "version": 2}));
    assert_eq!(sorted(site.delete_comment(&pr(), 5).await), "refused: It has replies.");
    assert_eq!(server.asked(&in_dc("DELETE", one))[0].query, "version=2");
}

#[tokio::test]
async fn an_edit_whose_answer_is_lost_is_seen_to_have_been_made() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let one = "/pull-requests/7/comments/5";
    let mut edited = dc_comment(5);
    edited["text"] = json!("Bye");
    server
        .on(&in_dc("GET", one), ok(&dc_comment(5)))
        .on(&in_dc("GET", one), ok(&edited))
        .on(&in_dc("PUT", one), says(500, ""));
    assert_eq!(site.edit_comment(&pr(), 5, "Bye").await.unwrap().text, "Bye");
    assert_eq!(server.times(&in_dc("PUT", one)), 1);
}

#[tokio::test]
async fn tasks_are_set_ticked_off_and_deleted_on_cloud() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let task = |state: &str| json!({"id": 3, "content": {"raw": "Test it"}, "state": state, "creator": {"uuid": "{ada}"}, "created_on": "2023-11-14T22:13:20Z"});
    let (all, one) = ("/pullrequests/7/tasks", "/pullrequests/7/tasks/3");
    server
        .on(&in_cloud("POST", all), says(500, ""))
        .on(&in_cloud("GET", all), page(json!([task("UNRESOLVED")])))
        .on(&in_cloud("PUT", one), ok(&task("RESOLVED")))
        .on(&in_cloud("DELETE", one), says(204, ""));
    let new = NewTask { text: "Test it".to_owned(), on_comment: Some(5) };
    assert_eq!(cloud.add_task(&pr(), &new).await.unwrap().id, 3);
    assert_eq!(
        server.sent(&in_cloud("POST", all)),
        json!({"content": {"raw": "Test it"}, "comment": {"id": 5}})
    );
    assert!(!cloud.tasks(&pr(), 9).await.unwrap()[0].done);
    assert!(cloud.settle_task(&pr(), 3, true).await.unwrap().done);
    assert_eq!(server.sent(&in_cloud("PUT", one)), json!({"state": "RESOLVED"}));
    cloud.edit_task(&pr(), 3, "Test more").await.unwrap();
    cloud.delete_task(&pr(), 3).await.unwrap();
}

#[tokio::test]
async fn tasks_are_comments_that_block_on_data_center() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let mut task = dc_comment(3);
    task["state"] = json!("RESOLVED");
    let one = "/pull-requests/7/comments/3";
    server
        .on(&in_dc("POST", DC_COMMENTS), says(201, &task.to_string()))
        .on(&in_dc("GET", "/pull-requests/7/blocker-comments"), page(json!([task])))
        .on(&in_dc("GET", one), ok(&task))
        .on(&in_dc("PUT", one), ok(&task))
        .on(&in_dc("DELETE", one), says(204, ""));
    let new = NewTask { text: "Test it".to_owned(), on_comment: Some(5) };
    site.add_task(&pr(), &new).await.unwrap();
    let sent = server.sent(&in_dc("POST", DC_COMMENTS));
    assert_eq!(sent, json!({"text": "Test it", "severity": "BLOCKER", "parent": {"id": 5}}));
    assert!(site.tasks(&pr(), 9).await.unwrap()[0].done);
    assert!(site.settle_task(&pr(), 3, true).await.unwrap().done);
    assert_eq!(server.sent(&in_dc("PUT", one)), json!({"state": "RESOLVED", "version": 2}));
    site.edit_task(&pr(), 3, "Test more").await.unwrap();
    site.delete_task(&pr(), 3).await.unwrap();
}

#[tokio::test]
async fn the_story_reads_the_same_on_both() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let story = json!([
        {"update": {"state": "MERGED", "date": "2026-01-03T00:00:00Z"}},
        {"comment": {"content": {"raw": "Nice"}, "user": {"display_name": "Ada"}}},
        {"approval": {"user": {"display_name": "Bob"}}},
        {"changes_request": {"user": null}},
        {"something_new": {}},
        {"update": {"state": "OPEN"}},
    ]);
    server.on(&in_cloud("GET", "/pullrequests/7/activity"), page(story));
    let told: Vec<Deed> = cloud.activity(&pr(), 9).await.unwrap().into_iter().map(|step| step.deed).collect();
    let nice = || Deed::Commented("Nice".to_owned());
    assert_eq!(told, [Deed::Merged, nice(), Deed::Approved, Deed::ChangesRequested, Deed::Opened]);

    let (server, site) = Server::of(Edition::DataCenter).await;
    let story = json!([
        {"action": "MERGED"}, {"action": "COMMENTED", "comment": {"text": "Nice"}}, {"action": "APPROVED"},
        {"action": "REVIEWED", "user": null}, {"action": "AUTO_MERGE_REQUESTED"}, {"action": "OPENED"},
    ]);
    server.on(&in_dc("GET", STORY), page(story));
    let told: Vec<Deed> = site.activity(&pr(), 9).await.unwrap().into_iter().map(|step| step.deed).collect();
    let other = Deed::Other("auto merge requested".to_owned());
    assert_eq!(told, [Deed::Merged, nice(), Deed::Approved, Deed::ChangesRequested, other, Deed::Opened]);
}
