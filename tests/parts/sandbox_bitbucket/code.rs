//! What commits hold and how they differ: files, folders, diffs.

use dipper::sandbox::bitbucket::{Content, Edition};

use super::{BOTH, Got, Stage};

/// A repository with files of every kind on its branch.
async fn stage(edition: Edition) -> Stage {
    let stage = Stage::set(edition).await;
    let lines = (1..=30).map(|n| format!("line {n}\n")).collect::<Vec<_>>().concat();
    let branch = stage.repo.branch("main").with_file("docs/guide.md", Content::Text(lines.clone()), "ada");
    let branch = branch.with_file("docs/old.md", Content::Text("old words\n".to_owned()), "ada");
    let _ = branch.with_file("gone.txt", Content::Text("bye\n".to_owned()), "ada");
    let changed = lines.replace("line 15\n", "another line\n");
    let _ = stage
        .repo
        .branch("rewrite")
        .with_file("docs/guide.md", Content::Text(changed), "grace")
        .with_file("logo.png", Content::Binary(vec![0, 159, 146, 150]), "grace")
        .with_file("big.bin", Content::Lfs(5_000_000_000), "grace")
        .with_renamed("docs/old.md", "docs/new.md", "grace")
        .without_file("gone.txt", "grace");
    let _ = stage.repo.branch("main").with_commit("Meanwhile", "ada");
    stage
}

impl Stage {
    async fn file(&self, path: &str, at: &str, query: &str) -> Got {
        let hash = self.tip(at);
        let cloud = format!("/src/{hash}/{path}?{query}");
        let data_center = format!("/browse/{path}?at={hash}&{query}");
        self.get("edsger", &self.at(&self.either(cloud, data_center))).await
    }
}

#[tokio::test]
async fn a_file_is_read_as_it_was() {
    for edition in BOTH {
        let stage = stage(edition).await;
        for (at, said) in [("main", "line 15"), ("rewrite", "another line")] {
            let file = stage.file("docs/guide.md", at, "").await;
            assert!(file.status == 200 && file.text.contains(said), "{}", file.text);
        }
        assert_eq!(stage.file("gone.txt", "rewrite", "").await.status, 404);
        assert_eq!(stage.file("docs/nothing.md", "main", "").await.status, 404);
        let raw = stage.at(&format!("/{}", stage.either("src/main/docs/guide.md", "raw/docs/guide.md")));
        assert!(stage.get("edsger", &raw).await.text.starts_with("line 1\n"));
        assert_eq!(stage.get("mallory", &raw).await.status, 404);
    }
}

#[tokio::test]
async fn a_folder_is_listed() {
    for edition in BOTH {
        let stage = stage(edition).await;
        let root = stage.file("", "main", "").await;
        let docs = stage.file("docs", "main", "").await;
        let read = |got: &Got| -> Vec<String> {
            let (values, name) = stage.either(("/values", "/path"), ("/children/values", "/path/toString"));
            let values = got.body.pointer(values).and_then(|all| all.as_array()).unwrap();
            values.iter().map(|one| one.pointer(name).unwrap().as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(read(&root), ["README.md", "docs", "gone.txt", "src"]);
        assert_eq!(read(&docs).len(), 2);
    }
}

#[tokio::test]
async fn what_is_no_text_is_said_to_be_none() {
    let stage = stage(Edition::Cloud).await;
    let meta = stage.file("logo.png", "rewrite", "format=meta").await;
    assert_eq!((&meta.body["attributes"][0], &meta.body["size"]), (&"binary".into(), &4.into()));
    assert_eq!(stage.file("logo.png", "rewrite", "").await.header("content-type"), "image/png");
    let big = stage.file("big.bin", "rewrite", "format=meta").await;
    assert_eq!((&big.body["attributes"][0], &big.body["size"]), (&"lfs".into(), &5_000_000_000_u64.into()));
    let elsewhere = stage.file("big.bin", "rewrite", "").await;
    assert_eq!((elsewhere.status, elsewhere.header("location").is_empty()), (301, false));
    let folder = stage.file("docs", "main", "format=meta").await;
    assert_eq!((&folder.body["type"], &folder.body["path"]), (&"commit_directory".into(), &"docs".into()));
    let stage = self::stage(Edition::DataCenter).await;
    let binary = stage.file("logo.png", "rewrite", "").await;
    assert_eq!((&binary.body["binary"], &binary.body["lines"].is_null()), (&true.into(), &true));
    let pointer = stage.file("big.bin", "rewrite", "").await;
    assert!(pointer.text.contains("git-lfs") && pointer.text.contains("size 5000000000"));
    assert_eq!(stage.file("docs/guide.md", "main", "type=true").await.body["type"], "FILE");
    assert!(stage.file("docs/guide.md", "main", "size=true").await.body["size"].as_u64() > Some(200));
}

#[tokio::test]
async fn data_center_reads_line_by_line() {
    let stage = stage(Edition::DataCenter).await;
    let some = stage.file("docs/guide.md", "main", "start=9&limit=3").await;
    let lines: Vec<&str> =
        some.body["lines"].as_array().unwrap().iter().map(|line| line["text"].as_str().unwrap()).collect();
    assert_eq!(lines, ["line 10", "line 11", "line 12"]);
    assert_eq!((&some.body["isLastPage"], &some.body["nextPageStart"]), (&false.into(), &12.into()));
    let last = stage.file("docs/guide.md", "main", "start=28&limit=3").await;
    assert_eq!((&last.body["isLastPage"], &last.body["size"]), (&true.into(), &2.into()));
    let files = stage.get("ada", &stage.at("/files/docs?at=main")).await;
    assert_eq!(files.body["values"], serde_json::json!(["guide.md", "old.md"]));
}

#[tokio::test]
async fn two_branches_are_compared_from_where_they_parted() {
    for edition in BOTH {
        let stage = stage(edition).await;
        let (from, to) = (stage.tip("rewrite"), stage.tip("main"));
        let cloud = format!("/diffstat/{from}..{to}?topic=true");
        let data_center = format!("/compare/changes?from={from}&to={to}");
        let stat = stage.get("edsger", &stage.at(&stage.either(cloud, data_center))).await;
        let kinds = stage.either(
            ["added", "renamed", "modified", "removed", "added"],
            ["ADD", "MOVE", "MODIFY", "DELETE", "ADD"],
        );
        let mut seen = stat.each(stage.either("/status", "/type"));
        seen.sort_unstable();
        let mut kinds = kinds.to_vec();
        kinds.sort_unstable();
        assert_eq!(seen, kinds, "{}", stat.text);
        let cloud = format!("/commits?include={from}&exclude={to}");
        let data_center = format!("/compare/commits?from={from}&to={to}");
        let commits = stage.get("edsger", &stage.at(&stage.either(cloud, data_center))).await;
        assert_eq!(commits.each("/message").len(), 5);
    }
}

#[tokio::test]
async fn a_comparison_without_topic_goes_both_ways_on_cloud() {
    let stage = stage(Edition::Cloud).await;
    let (from, to) = (stage.tip("rewrite"), stage.tip("main"));
    let direct = stage.get("ada", &stage.at(&format!("/diffstat/{from}..{to}?topic=false"))).await;
    assert_eq!(direct.each("/status").iter().filter(|kind| **kind == "removed").count(), 2);
    let base = stage.get("ada", &stage.at(&format!("/merge-base/{from}..{to}"))).await;
    assert_eq!(base.body["message"], "Write gone.txt");
    let one = stage.get("ada", &stage.at(&format!("/diffstat/{from}"))).await;
    assert_eq!(one.each("/old/path"), ["gone.txt"]);
    let path = stage.get("ada", &stage.at("/commits/rewrite?path=docs")).await;
    assert_eq!(path.each("/message").len(), 4);
}

#[tokio::test]
async fn a_diff_is_written_as_git_writes_it() {
    let stage = stage(Edition::Cloud).await;
    let (from, to) = (stage.tip("rewrite"), stage.tip("main"));
    let whole = stage.get("ada", &stage.at(&format!("/diff/{from}..{to}"))).await;
    assert_eq!(whole.header("content-type"), "text/plain; charset=utf-8");
    assert!(whole.text.contains("Binary files /dev/null and b/logo.png differ"), "{}", whole.text);
    assert!(whole.text.contains("rename from docs/old.md\nrename to docs/new.md\n"));
    assert!(whole.text.contains("deleted file mode 100644"));
    let one = stage.get("ada", &stage.at(&format!("/diff/{from}..{to}?path=docs/guide.md&context=1"))).await;
    let hunk = one.text.split_once("+++ b/docs/guide.md\n").unwrap().1;
    assert_eq!(hunk, "@@ -14,3 +14,3 @@\n line 14\n-line 15\n+another line\n line 16\n");
}

#[tokio::test]
async fn data_center_shows_a_diff_in_segments() {
    let stage = stage(Edition::DataCenter).await;
    let path = "/compare/diff/docs/guide.md?from=rewrite&to=main&contextLines=1";
    let diff = stage.get("ada", &stage.at(path)).await;
    let hunk = &diff.body["diffs"][0]["hunks"][0];
    let kinds: Vec<&str> =
        hunk["segments"].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["CONTEXT", "REMOVED", "ADDED", "CONTEXT"]);
    assert_eq!((&hunk["sourceLine"], &hunk["sourceSpan"]), (&14.into(), &3.into()));
    assert_eq!(hunk["segments"][2]["lines"][0]["line"], "another line");
    let whole = stage.get("ada", &stage.at("/compare/diff?from=rewrite&to=main")).await;
    assert_eq!(whole.body["diffs"].as_array().unwrap().len(), 5);
    let hash = stage.tip("rewrite");
    let one = stage.get("ada", &stage.at(&format!("/commits/{hash}/diff/gone.txt"))).await;
    assert!(one.body["diffs"][0]["destination"].is_null());
    let base = stage.get("ada", &stage.at(&format!("/commits/{hash}/merge-base?otherCommitId=main"))).await;
    assert_eq!(base.body["message"], "Write gone.txt");
}

#[tokio::test]
async fn a_pull_requests_changes_are_shown_and_stay_in_its_merge() {
    for edition in BOTH {
        let stage = stage(edition).await;
        let number =
            stage.bitbucket.open_pull_request(&stage.repo, "grace", "Rewrite", ("rewrite", "main")).unwrap();
        assert_eq!(number, 1);
        let diff = match edition {
            Edition::Cloud => {
                let moved = stage.get("ada", &stage.pr("/diff")).await;
                assert_eq!(moved.status, 302);
                stage.get("ada", moved.header("location")).await
            }
            Edition::DataCenter => stage.get("ada", &format!("{}.diff", stage.pr(""))).await,
        };
        assert!(diff.text.contains("-line 15\n+another line\n"), "{}", diff.text);
        stage.bitbucket.merge(&stage.repo, 1, "ada").unwrap();
        assert!(stage.file("docs/guide.md", "main", "").await.text.contains("another line"));
        assert_eq!(stage.file("gone.txt", "main", "").await.status, 404);
        assert_eq!(stage.file("src/meanwhile.rs", "main", "").await.status, 200, "the other side stays");
        let merge = stage.tip("main");
        let (cloud, data_center) =
            (format!("/commit/{merge}/pullrequests"), format!("/commits/{merge}/pull-requests"));
        let merged_by = stage.get("ada", &stage.at(&stage.either(cloud, data_center))).await;
        assert_eq!(merged_by.each("/title"), ["Rewrite"]);
    }
}

#[tokio::test]
async fn a_conflict_names_its_files_on_cloud() {
    let stage = stage(Edition::Cloud).await;
    stage.bitbucket.open_pull_request(&stage.repo, "grace", "Rewrite", ("rewrite", "main")).unwrap();
    let moved = stage.get("ada", &stage.pr("/conflicts")).await;
    assert_eq!(moved.status, 302);
    let none = stage.get("ada", moved.header("location")).await;
    assert_eq!(none.body["size"], 0);
    stage.repo.conflicted(1, true).unwrap();
    let some = stage.get("ada", moved.header("location")).await;
    assert!(some.each("/path").contains(&"docs/guide.md"));
}

#[tokio::test]
async fn a_long_list_of_commits_may_be_posted_to_cloud() {
    let stage = stage(Edition::Cloud).await;
    let token = stage.bitbucket.personal_token(Edition::Cloud, "ada");
    let url = format!("{}{}", stage.bitbucket.cloud_api_url(), stage.at("/commits?pagelen=2"));
    let request = stage.http.post(url).bearer_auth(token);
    let got =
        super::got(request.form(&[("include", "rewrite"), ("exclude", "main")]).send().await.unwrap()).await;
    assert_eq!(got.each("/message"), ["Remove gone.txt", "Rename docs/old.md to docs/new.md"]);
}
