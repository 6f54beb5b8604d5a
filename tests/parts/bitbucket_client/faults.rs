//! Every kind of trouble with every kind of call: what is asked again, what never, and what is said.

use std::sync::Arc;
use std::time::Duration;

use dipper::bitbucket::{Bitbucket, Edition, Error, Result};
use dipper::words::comment::NewComment;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::bitbucket_client::server::{
    HASH, NOW, Reply, Server, Tokens, cloud_pr, dc, dc_pr, in_cloud, in_dc, ok, page, pr, repo, says, sorted,
};

/// A class of calls, by one of them.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Class {
    /// Reads one thing.
    Read,
    /// Reads a list.
    List,
    /// Does what is done as well twice.
    Repeatable,
    /// Deletes.
    Delete,
    /// Does what must not be done twice.
    Once,
}

const CLASSES: [Class; 5] = [Class::Read, Class::List, Class::Repeatable, Class::Delete, Class::Once];
const BOTH: [Edition; 2] = [Edition::Cloud, Edition::DataCenter];

impl Class {
    fn line(self, edition: Edition) -> String {
        match (edition, self) {
            (Edition::Cloud, Self::Read) => in_cloud("GET", "/pullrequests/7"),
            (Edition::Cloud, Self::List) => in_cloud("GET", "/refs/branches"),
            (Edition::Cloud, Self::Repeatable) => in_cloud("POST", "/pullrequests/7/approve"),
            (Edition::Cloud, Self::Delete) => in_cloud("DELETE", "/refs/branches/x"),
            (Edition::Cloud, Self::Once) => in_cloud("POST", "/pullrequests/7/comments"),
            (Edition::DataCenter, Self::Read) => in_dc("GET", "/pull-requests/7"),
            (Edition::DataCenter, Self::List) => in_dc("GET", "/branches"),
            (Edition::DataCenter, Self::Repeatable) => in_dc("PUT", "/pull-requests/7/participants/ada"),
            (Edition::DataCenter, Self::Delete) => dc("DELETE", "/git/latest/projects/web/repos/api/tags/x"),
            (Edition::DataCenter, Self::Once) => in_dc("POST", "/pull-requests/7/comments"),
        }
    }

    fn success(self, edition: Edition) -> Reply {
        match (self, edition) {
            (Self::Read, Edition::Cloud) => ok(&cloud_pr("OPEN")),
            (Self::Read, Edition::DataCenter) => ok(&dc_pr("OPEN", 1)),
            (Self::List, _) => page(json!([])),
            (Self::Repeatable, _) => ok(&json!({})),
            (Self::Delete, _) => says(204, ""),
            (Self::Once, _) => says(201, &comment(edition).to_string()),
        }
    }

    async fn play(self, edition: Edition, site: &dyn Bitbucket) -> Result<()> {
        let new = NewComment { text: "Hello".to_owned(), ..NewComment::default() };
        match self {
            Self::Read => site.pull_request(&pr()).await.map(|_| ()),
            Self::List => site.branches(&repo(), "", 5).await.map(|_| ()),
            Self::Repeatable => site.approve(&pr()).await,
            Self::Delete if edition == Edition::Cloud => site.delete_branch(&repo(), "x").await,
            Self::Delete => site.delete_tag(&repo(), "x").await,
            Self::Once => site.add_comment(&pr(), &new).await.map(|_| ()),
        }
    }
}

fn comment(edition: Edition) -> Value {
    match edition {
        Edition::Cloud => {
            json!({"id": 5, "content": {"raw": "Hello"}, "user": {"uuid": "{ada}"}, "created_on": "2023-11-14T22:13:20Z"})
        }
        Edition::DataCenter => {
            json!({"id": 5, "text": "Hello", "author": {"slug": "ada"}, "createdDate": NOW})
        }
    }
}

fn is_in_doubt(told: &str) -> bool {
    told.starts_with("in doubt: ") && told.ends_with("when asked to post the comment.")
}

/// Plays every class on both editions against these troubles, and then success.
async fn with(troubles: &[Reply], classes: &[Class], check: impl Fn(Class, Result<()>, usize)) {
    let each = |edition: Edition, class: Class| async move {
        let (server, site) = Server::of(edition).await;
        let line = class.line(edition);
        for trouble in troubles {
            server.on(&line, trouble.clone());
        }
        server.on(&line, class.success(edition));
        let answer = class.play(edition, &*site).await;
        (class, answer, server.times(&line))
    };
    let all = BOTH.into_iter().flat_map(|edition| classes.iter().map(move |class| (edition, *class)));
    let played = join_all(all.map(|(edition, class)| each(edition, class))).await;
    for (class, answer, times) in played {
        check(class, answer, times);
    }
}

#[tokio::test]
async fn a_429_is_waited_out_even_by_what_must_not_be_done_twice() {
    for slow in [says(429, "").with("Retry-After", "1"), says(429, "slow")] {
        with(&[slow], &CLASSES, |class, answer, times| {
            assert_eq!((answer, times), (Ok(()), 2), "{class:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_wait_until_a_moment_is_counted_by_the_servers_clock() {
    let skewed = says(429, "")
        .with("Date", "Tue, 01 Jan 2030 00:00:00 GMT")
        .with("Retry-After", "Tue, 01 Jan 2030 00:00:01 GMT");
    with(&[skewed], &[Class::Read], |_, answer, times| assert_eq!((answer, times), (Ok(()), 2))).await;
}

#[tokio::test]
async fn trouble_twice_is_got_over_by_all_but_what_must_not_be_done_twice() {
    for status in [500, 503, 555] {
        with(&[says(status, ""), says(status, "")], &CLASSES, |class, answer, times| match class {
            Class::Once => {
                assert!(is_in_doubt(&sorted(answer)));
                assert_eq!(times, 1);
            }
            _ => assert_eq!((answer, times), (Ok(()), 3), "{class:?}"),
        })
        .await;
    }
}

#[tokio::test]
async fn an_answer_cut_short_is_asked_for_again_unless_it_may_have_been_done() {
    let cut = says(200, "{\"id\": 1234567890}").cut_short();
    with(&[cut], &CLASSES, |class, answer, times| match class {
        Class::Once => {
            assert!(times == 1 && is_in_doubt(&sorted(answer)));
        }
        _ => assert_eq!((answer, times), (Ok(()), 2), "{class:?}"),
    })
    .await;
}

#[tokio::test]
async fn what_was_done_before_the_time_was_up_is_done_once() {
    for edition in BOTH {
        let server = Server::start().await;
        let list = match edition {
            Edition::Cloud => in_cloud("GET", "/pullrequests/7/comments"),
            Edition::DataCenter => in_dc("GET", "/pull-requests/7/activities"),
        };
        let found = match edition {
            Edition::Cloud => json!([comment(edition)]),
            Edition::DataCenter => json!([{"action": "COMMENTED", "comment": comment(edition)}]),
        };
        let line = Class::Once.line(edition);
        server.people().on(&list, page(found)).on(&line, says(201, "{}").lost());
        let hurried = server.site(edition).within(Duration::from_millis(1_500));
        let site = hurried.as_person(Arc::new(Tokens::default()));
        assert_eq!(Class::Once.play(edition, &*site).await, Ok(()), "{edition:?}");
        assert_eq!(server.times(&line), 1);
    }
}

#[tokio::test]
async fn a_page_for_people_is_told_by_its_title_and_its_reference() {
    let html = says(403, "<html><title>Blocked by the proxy</title></html>").with("X-Request-Id", "abc-1");
    with(&[html], &CLASSES, |class, answer, times| {
        let error = answer.unwrap_err();
        let said = error.said().unwrap();
        assert!(matches!(error, Error::Forbidden(_)), "{class:?}");
        assert_eq!((said.words.as_str(), said.status), ("Blocked by the proxy", Some(403)));
        assert_eq!((said.reference.as_deref(), times), (Some("abc-1"), 1));
    })
    .await;
}

#[tokio::test]
async fn a_page_for_people_where_data_should_be_is_no_success() {
    let html = says(200, "<html><title>Log in</title></html>");
    with(&[html], &[Class::Read, Class::List, Class::Once], |class, answer, times| {
        let told = sorted(answer);
        let sort = if class == Class::Once { "in doubt: " } else { "unreadable: " };
        assert!(told.starts_with(sort) && !told.contains("html"), "{told}");
        assert_eq!(times, 1);
    })
    .await;
}

#[tokio::test]
async fn a_plain_not_found_is_one() {
    with(&[says(404, "Not Found")], &CLASSES, |class, answer, times| {
        let told = sorted(answer);
        // What is named in a deed is the person's to read; what is read is simply not there.
        assert!(told == "not found: Not Found" || told == "refused: Not Found", "{class:?}: {told}");
        assert_eq!(times, 1);
    })
    .await;
}

#[tokio::test]
async fn what_an_earlier_try_deleted_is_deleted() {
    with(&[says(502, ""), says(404, "Not Found")], &[Class::Delete], |_, answer, times| {
        assert_eq!((answer, times), (Ok(()), 2));
    })
    .await;
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_for_every_class() {
    with(&[says(401, "expired")], &CLASSES, |class, answer, times| {
        assert_eq!((answer, times), (Ok(()), 2), "{class:?}");
    })
    .await;
    let refused = [says(401, "revoked"), says(401, "revoked")];
    with(&refused, &CLASSES, |_, answer, _| assert_eq!(sorted(answer), "sign in")).await;
}

#[tokio::test]
async fn words_and_people_and_states_nobody_expects_break_nothing() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let mut odd = cloud_pr("QUEUED");
    (odd["author"], odd["brand_new"]) = (Value::Null, json!({"x": [1]}));
    odd["participants"] = json!([{"user": null, "state": "pondering"}, 7, null]);
    server.on(&Class::Read.line(Edition::Cloud), ok(&odd));
    let read = cloud.pull_request(&pr()).await.unwrap();
    assert_eq!((read.author.name.as_str(), read.is_open()), ("someone", true));

    let (server, site) = Server::of(Edition::DataCenter).await;
    let mut odd = dc_pr("PONDERED", 1);
    odd["author"] = json!({"user": null});
    (odd["createdDate"], odd["reviewers"]) =
        (json!("2026-05-24T14:11:04.000Z"), json!([{"user": null, "status": "NEW"}]));
    server.on(&Class::Read.line(Edition::DataCenter), ok(&odd));
    let read = site.pull_request(&pr()).await.unwrap();
    assert_eq!((read.author.name.as_str(), read.created_at), ("someone", 1_779_631_864_000));
    assert!(sorted(site.commit(&repo(), HASH).await).starts_with("not found"));
}

#[tokio::test]
async fn a_dead_host_is_tried_again_even_by_what_must_not_be_done_twice() {
    for edition in BOTH {
        let server = Server::start().await;
        let site = server.site(edition).within(Duration::from_secs(4));
        drop(server);
        let site = site.as_person(Arc::new(Tokens::default()));
        let told = sorted(Class::Once.play(edition, &*site).await);
        assert!(told.starts_with("down: no connection"), "{told}");
    }
}
