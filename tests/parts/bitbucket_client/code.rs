//! Commits, comparisons, differences and files, on both editions.

use dipper::bitbucket::Edition;
use dipper::words::code::{Change, Lines, Range};
use dipper::words::commit::CommitFilter;
use serde_json::json;

use crate::bitbucket_client::server::{HASH, Server, dc, in_cloud, in_dc, ok, page, repo, says, sorted};

const OTHER: &str = "fedcba9876543210fedcba9876543210fedcba98";

fn range(base: &str, head: &str) -> Range {
    Range { base: base.to_owned(), head: head.to_owned() }
}

#[tokio::test]
async fn cloud_names_what_brings_something_first() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let spec = format!("{OTHER}..{HASH}");
    let stat = json!({"status": "renamed", "lines_added": 2, "lines_removed": 1, "old": {"path": "a"}, "new": {"path": "b"}});
    server
        .on(&in_cloud("GET", "/commits"), page(json!([{"hash": OTHER}])))
        .on(&in_cloud("GET", &format!("/diffstat/{spec}")), page(json!([stat])))
        .on(&in_cloud("GET", &format!("/diff/{spec}")), says(200, "--- a\n+++ b\n"));
    let changes = cloud.changes(&repo(), &range(HASH, "feature/x"), 5).await.unwrap();
    assert_eq!((changes.files[0].path.as_str(), changes.files[0].change), ("b", Change::Renamed));
    assert_eq!((changes.files[0].from.as_deref(), changes.files[0].added), (Some("a"), Some(2)));
    let diff = cloud.diff(&repo(), &range(HASH, OTHER), Some("src/a b")).await.unwrap();
    assert_eq!(diff.text, "--- a\n+++ b\n");
    assert_eq!(
        server.asked(&in_cloud("GET", "/commits"))[0].query,
        "include=feature%2Fx&pagelen=1&fields=values.hash"
    );
    let asked = &server.asked(&in_cloud("GET", &format!("/diff/{spec}")))[0].query;
    assert_eq!(asked, "topic=true&path=src%2Fa+b");
}

#[tokio::test]
async fn data_center_goes_from_what_brings_something() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let changes = json!([
        {"path": {"components": ["src", "b"]}, "srcPath": {"components": ["src", "a"]}, "type": "MOVE"},
        {"path": {"toString": "x"}, "type": "ADD"},
        {"path": "c", "type": "NEW_WORD"},
    ]);
    server
        .on(&in_dc("GET", "/compare/changes"), page(changes))
        .on(&in_dc("GET", "/compare/commits"), page(json!([{"id": OTHER, "message": "Go"}, {"id": HASH}])))
        .on(
            &in_dc("GET", "/compare/diff/src/b"),
            ok(&json!({"diffs": [{"source": "a", "destination": "b"}]})),
        );
    let range = range("main", "feature/x");
    let compared = site.compare(&repo(), &range, 1).await.unwrap();
    assert_eq!((compared.commits.len(), compared.more), (1, true));
    assert_eq!(compared.changes.files[0].from.as_deref(), Some("src/a"));
    let all = site.changes(&repo(), &range, 9).await.unwrap().files;
    let kinds: Vec<Change> = all.iter().map(|file| file.change).collect();
    assert_eq!(kinds, [Change::Renamed, Change::Modified]);
    assert_eq!(site.diff(&repo(), &range, Some("src/b")).await.unwrap().text, "--- a/a\n+++ b/b\n");
    assert_eq!(server.asked(&in_dc("GET", "/compare/diff/src/b"))[0].query, "from=feature%2Fx&to=main");
}

#[tokio::test]
async fn a_comparison_on_cloud_leaves_out_what_is_there_already() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let commits = json!([{"hash": "1", "message": "b"}, {"hash": "2"}, {"hash": "3"}]);
    server
        .on(&in_cloud("GET", "/commits"), page(commits))
        .on(&in_cloud("GET", &format!("/diffstat/{OTHER}..{HASH}")), page(json!([])));
    let compared = cloud.compare(&repo(), &range(HASH, OTHER), 2).await.unwrap();
    assert_eq!((compared.commits.len(), compared.more), (2, true));
    let query = &server.asked(&in_cloud("GET", "/commits"))[0].query;
    assert!(query.starts_with(&format!("include={OTHER}&exclude={HASH}&pagelen=3&fields=next")), "{query}");
}

#[tokio::test]
async fn commits_of_an_author_are_picked_out_on_both() {
    let filter = CommitFilter {
        of: Some("main".to_owned()),
        path: Some("src".to_owned()),
        author: Some("GRACE".to_owned()),
        ..CommitFilter::default()
    };
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let raw = |raw: &str| json!({"hash": raw, "author": {"raw": raw}});
    server
        .on(&in_cloud("GET", "/commits"), page(json!([raw("Ada <a@x>"), raw("G <grace@x>"), raw("Grace")])));
    let found = cloud.commits(&repo(), &filter, 1).await.unwrap();
    assert_eq!(found.iter().map(|commit| commit.author.as_str()).collect::<Vec<_>>(), ["G"]);
    assert!(
        server.asked(&in_cloud("GET", "/commits"))[0].query.starts_with("include=main&path=src&pagelen=100")
    );

    let (server, site) = Server::of(Edition::DataCenter).await;
    let by = |name: &str| json!({"id": name, "author": {"name": name, "emailAddress": "x@x"}});
    server.on(&in_dc("GET", "/commits"), page(json!([by("Ada"), by("grace")])));
    assert_eq!(site.commits(&repo(), &filter, 9).await.unwrap().len(), 1);
    assert_eq!(
        server.asked(&in_dc("GET", "/commits"))[0].query,
        "limit=100&until=refs%2Fheads%2Fmain&path=src"
    );
}

#[tokio::test]
async fn a_name_that_is_no_branch_may_be_a_tag() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let commits = in_dc("GET", "/commits");
    server.on(&commits, says(404, "{}")).on(&commits, page(json!([{"id": HASH, "message": "Go"}])));
    let found = site.commits(&repo(), &CommitFilter::of(Some("v1")), 5).await.unwrap();
    assert_eq!(found[0].hash, HASH);
    let asked: Vec<String> = server.asked(&commits).into_iter().map(|asked| asked.query).collect();
    assert_eq!(asked, ["limit=5&until=refs%2Fheads%2Fv1", "limit=5&until=v1"]);
}

#[tokio::test]
async fn a_commit_comes_with_its_builds() {
    let build = |at: &str| json!([{"key": "k", "name": "Unit", "state": "INPROGRESS", "url": "https://ci", "updated_on": at}]);
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server
        .on(&in_cloud("GET", &format!("/commit/{HASH}")), ok(&json!({"hash": HASH, "message": "Go\n\nnow"})))
        .on(&in_cloud("GET", &format!("/commit/{HASH}/statuses")), page(build("2026-01-01T00:00:00Z")));
    let on_cloud = cloud.commit(&repo(), HASH).await.unwrap();
    let (server, site) = Server::of(Edition::DataCenter).await;
    server
        .on(&in_dc("GET", &format!("/commits/{HASH}")), ok(&json!({"id": HASH, "message": "Go\n\nnow"})))
        .on(&dc("GET", &format!("/build-status/latest/commits/{HASH}")), page(json!([{"key": "k", "name": "Unit", "state": "INPROGRESS", "url": "https://ci", "dateAdded": 1_767_225_600_000_i64}])));
    let on_data_center = site.commit(&repo(), HASH).await.unwrap();
    assert_eq!(on_cloud.builds, on_data_center.builds);
    assert_eq!(on_cloud.commit.subject(), on_data_center.commit.subject());
}

#[tokio::test]
async fn lines_of_a_file_read_the_same_on_both() {
    let wanted = Lines { first: 2, last: 3 };
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let file = in_cloud("GET", &format!("/src/{HASH}/src/a.rs"));
    let meta = json!({"type": "commit_file", "size": 9, "attributes": []});
    server.on(&file, ok(&meta)).on(&file, says(200, "one\ntwo\nthree\nfour\n"));
    let on_cloud = cloud.file(&repo(), "src/a.rs", Some(HASH), wanted).await.unwrap();
    let (server, site) = Server::of(Edition::DataCenter).await;
    let lines =
        json!({"lines": [{"text": "two"}, {"text": "three"}], "isLastPage": false, "nextPageStart": 3});
    server.on(&in_dc("GET", "/browse/src/a.rs"), ok(&lines));
    let on_data_center = site.file(&repo(), "src/a.rs", Some(HASH), wanted).await.unwrap();
    assert_eq!(on_cloud.lines, ["two", "three"]);
    assert_eq!((&on_cloud.lines, on_cloud.first, on_cloud.more), (&on_data_center.lines, 2, true));
    assert!(on_data_center.more);
    let asked = &server.asked(&in_dc("GET", "/browse/src/a.rs"))[0].query;
    assert_eq!(*asked, format!("at={HASH}&start=1&limit=2"));
}

#[tokio::test]
async fn what_is_no_text_is_said_in_words_on_cloud() {
    let lines = Lines { first: 1, last: 9 };
    for (meta, words) in [
        (json!({"type": "commit_directory"}), "refused: `x` is a folder; name a file in it."),
        (json!({"attributes": ["binary"]}), "refused: `x` is not a text; open it in the browser."),
        (
            json!({"attributes": ["lfs"]}),
            "refused: `x` lies in the large file storage (LFS); open it in the browser.",
        ),
        (
            json!({"attributes": ["subrepository"]}),
            "refused: `x` is another repository (a submodule); look for the file there.",
        ),
        (json!({"size": 2_000_000}), "refused: `x` is longer than 1 MiB; open it in the browser."),
    ] {
        let (server, cloud) = Server::of(Edition::Cloud).await;
        server.on(&in_cloud("GET", &format!("/src/{HASH}/x")), ok(&meta));
        assert_eq!(sorted(cloud.file(&repo(), "x", Some(HASH), lines).await), words);
    }
    let (_server, cloud) = Server::of(Edition::Cloud).await;
    let missing = sorted(cloud.file(&repo(), "x", Some(HASH), lines).await);
    assert_eq!(missing, format!("refused: There is no `x` at `{HASH}`, or you may not see it."));
}

#[tokio::test]
async fn what_is_no_text_is_said_in_words_on_data_center() {
    let lines = Lines { first: 1, last: 9 };
    for (browsed, words) in [
        (json!({"children": {"values": []}}), "refused: `x` is a folder; name a file in it."),
        (json!({"binary": true}), "refused: `x` is not a text; open it in the browser."),
        (
            json!({"lines": [{"text": "version https://git-lfs.github.com/spec/v1"}]}),
            "refused: `x` lies in the large file storage (LFS); open it in the browser.",
        ),
        (
            json!({"submodule": {"url": "x"}}),
            "refused: `x` is another repository (a submodule); look for the file there.",
        ),
    ] {
        let (server, site) = Server::of(Edition::DataCenter).await;
        server.on(&in_dc("GET", "/browse/x"), ok(&browsed));
        assert_eq!(sorted(site.file(&repo(), "x", Some("main"), lines).await), words);
    }
    let (server, site) = Server::of(Edition::DataCenter).await;
    let pointer =
        json!({"lines": [{"text": "version https://git-lfs.github.com/spec/v1"}], "isLastPage": false});
    server.on(&in_dc("GET", "/browse/x"), ok(&json!({"lines": [], "isLastPage": true})));
    server.on(&in_dc("GET", "/browse/x"), ok(&pointer));
    let beyond = sorted(site.file(&repo(), "x", Some("main"), Lines { first: 14, last: 16 }).await);
    assert_eq!(beyond, "refused: `x` lies in the large file storage (LFS); open it in the browser.");
    let (server, site) = Server::of(Edition::DataCenter).await;
    let missing = sorted(site.file(&repo(), "x", Some("main"), lines).await);
    assert_eq!(missing, "refused: There is no `x` at `main`, or you may not see it.");
    server.on(&in_dc("GET", "/browse/x"), says(200, &" ".repeat(2_000_000)));
    let huge = sorted(site.file(&repo(), "x", Some("main"), lines).await);
    assert_eq!(huge, "refused: `x` is longer than 1 MiB; open it in the browser.");
}

#[tokio::test]
async fn a_path_that_climbs_is_refused_before_anybody_asks() {
    for edition in [Edition::Cloud, Edition::DataCenter] {
        let (_server, site) = Server::of(edition).await;
        let lines = Lines { first: 1, last: 9 };
        let words = sorted(site.file(&repo(), "../secrets", Some(HASH), lines).await);
        assert_eq!(words, "refused: `../secrets` is not a name.");
    }
}

#[tokio::test]
async fn a_long_difference_is_read_elsewhere() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server.on(&in_cloud("GET", &format!("/diff/{OTHER}..{HASH}")), says(200, &"+".repeat(2_000_000)));
    let words = sorted(cloud.diff(&repo(), &range(HASH, OTHER), None).await);
    assert_eq!(words, "refused: The difference is longer than 1 MiB; read it in the browser.");
}
