//! Branches, tags, commits, files, differences, builds.

use std::collections::BTreeSet;

use dipper::sandbox::bitbucket::{Content, Edition};
use dipper::words::build::{BuildState, NewBuild};
use dipper::words::code::{Lines, Range};
use dipper::words::commit::{CommitFilter, NewTag};
use futures_util::StreamExt;

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    let text = (1..=30).map(|n| format!("line {n}\n")).collect::<Vec<_>>().concat();
    let _ = stage.handle.branch("main").with_file("docs/guide.md", Content::Text(text), "ada");
    refs(&stage).await;
    commits(&stage).await;
    differences(&stage).await;
    builds(&stage).await;
    stage.ends()
}

async fn refs(stage: &Stage) {
    let repo = stage.repo();
    let made = does!(stage, ada, create_branch(&repo, "feature/x", "main")).unwrap();
    assert_eq!(made.name, "feature/x");
    let found = does!(stage, ada, branches(&repo, "feature", 10)).unwrap();
    assert_eq!(found, [made]);
    does!(stage, ada, delete_branch(&repo, "feature/x")).unwrap();
    let tag = NewTag { name: "v1/rc".to_owned(), at: "main".to_owned(), message: Some("First".to_owned()) };
    assert_eq!(does!(stage, ada, create_tag(&repo, &tag)).unwrap().name, "v1/rc");
    assert_eq!(does!(stage, ada, tags(&repo, "v1", 10)).unwrap().len(), 1);
    does!(stage, ada, delete_tag(&repo, "v1/rc")).unwrap();
    assert_eq!(stage.ada.tags(&repo, "", 10).await.unwrap(), []);
}

async fn commits(stage: &Stage) {
    let repo = stage.repo();
    let mut branch = stage.handle.branch("long");
    for n in 0..40 {
        branch = branch.with_commit(&format!("Step {n}"), if n % 2 == 0 { "ada" } else { "grace" });
    }
    let filter = CommitFilter { without: Some("main".to_owned()), ..CommitFilter::of(Some("long")) };
    assert_eq!(does!(stage, ada, commits(&repo, &filter, 5)).unwrap()[0].message, "Step 39");
    stage.note("each_commit");
    assert_eq!(stage.ada.each_commit(&repo, &filter, 100).count().await, 40, "page after page");
    let by = CommitFilter { author: Some("grace".to_owned()), ..filter.clone() };
    assert_eq!(stage.ada.commits(&repo, &by, 3).await.unwrap()[0].message, "Step 39");
    let of_path = CommitFilter { path: Some("docs".to_owned()), ..CommitFilter::of(None) };
    assert_eq!(stage.ada.commits(&repo, &of_path, 3).await.unwrap().len(), 1);
    let one = does!(stage, ada, commit(&repo, "long")).unwrap();
    assert_eq!((one.commit.message.as_str(), one.builds.len()), ("Step 39", 0));
    let number = stage.sandbox.open_pull_request(&stage.handle, "ada", "Long", ("long", "main")).unwrap();
    let with = does!(stage, ada, pull_requests_with(&repo, &one.commit.hash, 3)).unwrap();
    assert_eq!((with.len(), with[0].name.number, with[0].title.as_str()), (1, number, "Long"));
}

async fn differences(stage: &Stage) {
    let repo = stage.repo();
    let numbered = (1..=30).map(|n| if n == 15 { "another\n".to_owned() } else { format!("line {n}\n") });
    let text = numbered.collect::<Vec<_>>().concat();
    let _ = stage.handle.branch("rewrite").with_file("docs/guide.md", Content::Text(text), "ada");
    let range = Range { base: "main".to_owned(), head: "rewrite".to_owned() };
    let both = does!(stage, ada, compare(&repo, &range, 10)).unwrap();
    assert_eq!((both.commits.len(), both.changes.files.len()), (1, 1));
    assert_eq!(does!(stage, ada, changes(&repo, &range, 10)).unwrap().files[0].path, "docs/guide.md");
    for path in [None, Some("docs/guide.md")] {
        let diff = does!(stage, ada, diff(&repo, &range, path)).unwrap();
        assert!(diff.text.contains("-line 15\n+another"), "{}", diff.text);
    }
    let tip = stage.handle.branch("rewrite").tip().unwrap();
    let diff = does!(stage, ada, commit_diff(&repo, &tip)).unwrap();
    assert!(diff.text.contains("-line 15\n+another"), "{}", diff.text);
    let lines = Lines { first: 14, last: 16 };
    let file = does!(stage, ada, file(&repo, "docs/guide.md", Some("rewrite"), lines)).unwrap();
    assert_eq!(file.lines, ["line 14", "another", "line 16"]);
    let _ = stage.handle.branch("rewrite").with_file("logo.png", Content::Binary(vec![0, 159, 146]), "ada");
    let _ = stage.handle.branch("rewrite").with_file("big.bin", Content::Lfs(5_000_000_000), "ada");
    for path in ["logo.png", "big.bin", "docs", "nothing.md"] {
        let first = Lines { first: 1, last: 3 };
        assert!(stage.ada.file(&repo, path, Some("rewrite"), first).await.is_err(), "{path}");
    }
}

async fn builds(stage: &Stage) {
    let (repo, hash) = (stage.repo(), stage.handle.branch("long").tip().unwrap());
    let build = NewBuild {
        key: "test".to_owned(),
        name: "Tests".to_owned(),
        state: BuildState::Running,
        description: "12 tests".to_owned(),
        url: "https://builds.example.test/1".to_owned(),
        branch: Some("long".to_owned()),
    };
    does!(stage, ada, report_build(&repo, &hash, &build)).unwrap();
    let failed = NewBuild { state: BuildState::Failed, ..build };
    stage.ada.report_build(&repo, &hash, &failed).await.unwrap();
    let said = does!(stage, ada, builds(&repo, &hash, 10)).unwrap();
    assert_eq!((said.len(), said[0].state), (1, BuildState::Failed));
}
