//! Cloud's partial answers, and answers that are known already.

use dipper::sandbox::bitbucket::Edition;
use serde_json::json;

use super::Stage;

#[tokio::test]
async fn an_answer_holds_only_what_was_asked() {
    let stage = Stage::with_pull_request(Edition::Cloud).await;
    let one = stage.get("ada", &stage.pr("?fields=title,author.nickname")).await;
    assert_eq!(one.body, json!({"title": "Limit the rate", "author": {"nickname": "ada"}}));
    let less = stage.get("ada", &stage.pr("?fields=-links,-rendered")).await;
    assert!(less.body.get("links").is_none() && less.body.get("title").is_some());
    let commits = stage.get("ada", &stage.at("/commits/limit-rate?pagelen=1&fields=values.message")).await;
    assert_eq!(
        commits.body,
        json!({"values": [{"message": "Limit the rate"}]}),
        "the next page is not asked for"
    );
    let commits =
        stage.get("ada", &stage.at("/commits/limit-rate?pagelen=1&fields=next,values.message")).await;
    assert!(commits.body["next"].as_str().unwrap().contains("fields="));
    assert_eq!(stage.bitbucket.unexpected(), [""; 0]);
    let spoilt = stage.get("ada", &stage.at("/pullrequests?fields=+values.reviewers")).await;
    assert_eq!((spoilt.status, stage.bitbucket.unexpected().len()), (400, 1));
}

#[tokio::test]
async fn what_is_known_is_not_sent_again() {
    let stage = Stage::with_pull_request(Edition::Cloud).await;
    let first = stage.get("ada", &stage.pr("")).await;
    let tag = first.header("etag").to_owned();
    let ask = || {
        let token = stage.bitbucket.personal_token(Edition::Cloud, "ada");
        let url = format!("{}{}", stage.bitbucket.cloud_api_url(), stage.pr(""));
        stage.http.get(url).bearer_auth(token).header("If-None-Match", &tag)
    };
    let known = super::got(ask().send().await.unwrap()).await;
    assert_eq!((known.status, known.text.as_str(), known.header("etag")), (304, "", tag.as_str()));
    stage.bitbucket.comment(&stage.repo, 1, "grace", "Fine").unwrap();
    assert_eq!(ask().send().await.unwrap().status().as_u16(), 200);
}
