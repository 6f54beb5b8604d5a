//! Comments and tasks.

use std::collections::BTreeSet;

use dipper::sandbox::bitbucket::Edition;
use dipper::words::comment::{Anchor, NewComment, NewTask};

use super::{Stage, does};

pub async fn walk(edition: Edition) -> BTreeSet<&'static str> {
    let stage = Stage::set(edition).await;
    comments(&stage).await;
    tasks(&stage).await;
    stage.ends()
}

async fn comments(stage: &Stage) {
    let pr = stage.opened("talked-about");
    let said = |text: &str| NewComment { text: text.to_owned(), ..NewComment::default() };
    does!(stage, grace, add_comment(&pr, &said("Hello"))).unwrap();
    let anchor = Anchor::line("src/work_on_talked_about.rs", 2);
    let on_line = NewComment { anchor: Some(anchor.clone()), ..said("Why?") };
    let first = stage.grace.add_comment(&pr, &on_line).await.unwrap();
    assert_eq!(first.anchor, Some(anchor));
    let reply = NewComment { reply_to: Some(first.id), ..said("Becuse") };
    let reply = stage.ada.add_comment(&pr, &reply).await.unwrap();
    let mended = does!(stage, ada, edit_comment(&pr, reply.id, "Because")).unwrap();
    assert_eq!((mended.text.as_str(), mended.id), ("Because", reply.id));
    let seen = does!(stage, grace, comment(&pr, first.id)).unwrap();
    assert_eq!((seen.id, seen.text.as_str()), (first.id, "Why?"));
    does!(stage, ada, resolve_comment(&pr, first.id, true)).unwrap();
    stage.ada.resolve_comment(&pr, first.id, false).await.unwrap();
    assert_eq!(does!(stage, ada, comments(&pr, 10)).unwrap().len(), 3);
    does!(stage, ada, delete_comment(&pr, reply.id)).unwrap();
    assert_eq!(stage.ada.comments(&pr, 10).await.unwrap().iter().filter(|one| !one.deleted).count(), 2);
}

async fn tasks(stage: &Stage) {
    let pr = stage.opened("worked-on");
    let hello = NewComment { text: "Hello".to_owned(), ..NewComment::default() };
    let comment = stage.grace.add_comment(&pr, &hello).await.unwrap();
    let task = NewTask { text: "Say why".to_owned(), on_comment: Some(comment.id) };
    let left = does!(stage, grace, add_task(&pr, &task)).unwrap();
    let loose = NewTask { text: "Say how".to_owned(), on_comment: None };
    let loose = stage.grace.add_task(&pr, &loose).await.unwrap();
    assert_eq!(does!(stage, grace, edit_task(&pr, loose.id, "Say when")).unwrap().text, "Say when");
    assert!(does!(stage, grace, settle_task(&pr, left.id, true)).unwrap().done);
    let all = does!(stage, ada, tasks(&pr, 10)).unwrap();
    assert_eq!(all.iter().filter(|one| one.done).count(), 1);
    assert!(!stage.grace.settle_task(&pr, left.id, false).await.unwrap().done);
    does!(stage, grace, delete_task(&pr, loose.id)).unwrap();
    assert_eq!(stage.ada.tasks(&pr, 10).await.unwrap().len(), 1);
}
