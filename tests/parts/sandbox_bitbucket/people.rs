//! Who is who, and what tokens of nobody are refused.

use dipper::sandbox::bitbucket::{Edition, Permission};
use serde_json::Value;

use super::{Got, Stage, got};

impl Stage {
    async fn with_token(&self, token: &str, path: &str) -> Got {
        let url = format!("{}{path}", self.bitbucket.api_url(self.edition));
        got(self.http.get(url).bearer_auth(token).send().await.unwrap()).await
    }
}

fn escaped(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn cloud_shows_who_belongs_to_a_workspace() {
    let stage = Stage::set(Edition::Cloud).await;
    let all = stage.get("edsger", "/workspaces/web/members").await;
    assert_eq!(all.each("/user/nickname"), ["ada", "grace", "edsger"]);
    assert!(!all.text.contains("example.test"), "addresses are nobody's business");
    let one = stage.get("edsger", &format!("/workspaces/web/members/{}", escaped(&stage.uuid("ada")))).await;
    assert_eq!(one.body["user"]["nickname"], "ada");
    assert_eq!(stage.get("mallory", "/workspaces/web/members").await.status, 404);
    let none =
        stage.get("edsger", &format!("/workspaces/web/members/{}", escaped(&stage.uuid("mallory")))).await;
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn cloud_finds_people_by_address_for_administrators() {
    let stage = Stage::set(Edition::Cloud).await;
    let query = escaped(r#"user.email IN ("grace@example.test","nobody@example.test")"#);
    let path = format!("/workspaces/web/members?q={query}&fields=%2Bvalues.user.email");
    let found = stage.get("grace", &path).await;
    assert_eq!(found.each("/user/email"), ["grace@example.test"]);
    assert_eq!(stage.get("ada", &path).await.status, 403);
    let robot = stage.bitbucket.space_token(&stage.repo, Permission::Read);
    assert_eq!(stage.with_token(&robot, &path).await.each("/user/nickname"), ["grace"]);
    let unasked = stage.get("grace", &format!("/workspaces/web/members?q={query}")).await;
    assert!(!unasked.text.contains("grace@example.test"));
    let many: Vec<String> = (0..91).map(|n| format!("\"{n}@example.test\"")).collect();
    let query = escaped(&format!("user.email IN ({})", many.join(",")));
    assert_eq!(stage.get("grace", &format!("/workspaces/web/members?q={query}")).await.status, 400);
}

#[tokio::test]
async fn data_center_finds_people_by_name_address_and_right() {
    let stage = Stage::set(Edition::DataCenter).await;
    let users = "/api/latest/users";
    assert_eq!(
        stage.get("ada", &format!("{users}?filter=edsger@")).await.each("/emailAddress"),
        ["edsger@example.test"]
    );
    let members = format!("{users}?permission.1=PROJECT_READ&permission.1.projectKey=WEB");
    assert_eq!(stage.get("ada", &members).await.each("/name"), ["ada", "grace", "edsger"]);
    let writers = format!("{users}?permission.1=PROJECT_WRITE&permission.1.projectKey=WEB");
    assert_eq!(stage.get("ada", &writers).await.each("/name"), ["ada", "grace"]);
    assert_eq!(stage.get("ada", &format!("{users}?permission.1=PROJECT_READ")).await.status, 400);
    let rights = "/api/latest/projects/WEB/permissions/users";
    assert_eq!(stage.get("ada", rights).await.status, 401, "for administrators alone");
    let repo = stage.repo.clone().allow_by_project("grace", Permission::Admin);
    let _repo = repo.allow_by_project("edsger", Permission::Read);
    let rights = stage.get("grace", rights).await;
    assert_eq!(rights.each("/permission"), ["PROJECT_READ", "PROJECT_ADMIN"]);
    assert_eq!(stage.get("ada", "/api/latest/projects/WEB").await.body["key"], "WEB");
    assert_eq!(stage.get("mallory", "/api/latest/projects/WEB").await.status, 404);
}

#[tokio::test]
async fn a_token_that_is_nobodys_is_refused_where_somebody_is_needed() {
    for edition in super::BOTH {
        let stage = Stage::with_pull_request(edition).await;
        let robot = stage.bitbucket.repository_token(&stage.repo, Permission::Admin);
        let personal = match edition {
            Edition::Cloud => ["/user", "/user/workspaces"],
            Edition::DataCenter => ["/api/latest/users", "/api/latest/dashboard/pull-requests"],
        };
        for path in personal {
            assert_eq!(stage.with_token(&robot, path).await.status, 401, "{path}");
        }
        assert_eq!(stage.with_token(&robot, &stage.pr("")).await.status, 200);
        let version = stage.bitbucket.pull_request(&stage.repo, 1).unwrap().version;
        let merge = stage.pr(&stage.either("/merge".to_owned(), format!("/merge?version={version}")));
        let url = format!("{}{merge}", stage.bitbucket.api_url(edition));
        let merge = stage.http.post(url).bearer_auth(robot).header("Content-Length", "0");
        assert_eq!(merge.send().await.unwrap().status().as_u16(), stage.either(200, 401));
    }
}

#[tokio::test]
async fn cloud_tells_a_robot_of_its_allowance() {
    let stage = Stage::set(Edition::Cloud).await;
    let robot = stage.bitbucket.repository_token(&stage.repo, Permission::Read);
    let shown = stage.with_token(&robot, &stage.at("")).await;
    assert_eq!((shown.header("x-ratelimit-limit"), shown.header("x-ratelimit-nearlimit")), ("1000", "false"));
    let person = stage.get("ada", &stage.at("")).await;
    assert_eq!((person.header("x-ratelimit-limit"), &person.body["slug"]), ("", &Value::from("api")));
}
