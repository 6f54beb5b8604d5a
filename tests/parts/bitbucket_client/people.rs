//! People, on both editions.

use dipper::bitbucket::Edition;
use dipper::words::names::PersonId;
use serde_json::json;

use crate::bitbucket_client::server::{Server, dc, ok, page};

const MEMBERS: &str = "GET /2.0/workspaces/web/members";

#[tokio::test]
async fn members_of_a_workspace_are_found_by_name() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let member = |name: &str, nickname: &str| json!({"user": {"uuid": name, "display_name": name, "nickname": nickname}});
    server.on(
        MEMBERS,
        page(
            json!([member("Ada", "x"), {"user": null}, member("Grace", "ghopper"), member("Bob", "Hopper")]),
        ),
    );
    let names = |people: Vec<dipper::words::pull_request::Person>| {
        people.into_iter().map(|p| p.name).collect::<Vec<_>>()
    };
    assert_eq!(names(cloud.people_named("web", "hopper", 9).await.unwrap()), ["Grace", "Bob"]);
    assert_eq!(names(cloud.people_named("web", "HOPPER", 1).await.unwrap()), ["Grace"]);
    assert_eq!(names(cloud.members("web", 9).await.unwrap()), ["Ada", "Grace", "Bob"]);
}

#[tokio::test]
async fn people_are_found_by_their_address_ninety_at_a_time() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let found = json!([{"user": {"uuid": "{ada}", "display_name": "Ada", "email": "ada@example.com"}}, {"user": {"uuid": "{b}"}}]);
    server.on(MEMBERS, page(found)).on(MEMBERS, page(json!([])));
    let emails: Vec<String> = (0..91).map(|n| format!("p{n}@example.com")).collect();
    let people = cloud.people_by_email("web", &emails).await.unwrap();
    assert_eq!(
        (people.len(), people[0].0.as_str(), people[0].1.name.as_str()),
        (1, "ada@example.com", "Ada")
    );
    let asked = server.asked(MEMBERS);
    assert_eq!(asked.len(), 2);
    assert!(
        asked[1]
            .query
            .starts_with("q=user.email+IN+%28%22p90%40example.com%22%29&fields=%2Bvalues.user.email")
    );
}

#[tokio::test]
async fn data_center_tells_addresses_itself() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let users = dc("GET", "/api/latest/users");
    let alike = json!([
        {"name": "ada2", "slug": "ada2", "emailAddress": "xada@example.com"},
        {"name": "ada", "slug": "ada", "displayName": "Ada", "emailAddress": "Ada@Example.com"},
    ]);
    server.on(&users, page(alike));
    let people = site.people_by_email("WEB", &["ada@example.com".to_owned()]).await.unwrap();
    assert_eq!((people.len(), people[0].1.name.as_str()), (1, "Ada"));
    assert_eq!(site.people_named("WEB", "ada", 5).await.unwrap().len(), 2);
    assert_eq!(site.members("WEB", 5).await.unwrap().len(), 2);
    let asked: Vec<String> = server.asked(&users).into_iter().map(|asked| asked.query).collect();
    assert_eq!(
        asked,
        [
            "filter=ada%40example.com&limit=100",
            "filter=ada&limit=5",
            "permission.1=PROJECT_READ&permission.1.projectKey=WEB&limit=5"
        ]
    );
}

#[tokio::test]
async fn somebody_is_shown_by_their_id() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    server.on(
        "GET /2.0/users/%7Bbob%7D",
        ok(&json!({"type": "app_user", "uuid": "{bob}", "display_name": "Bob"})),
    );
    assert_eq!(cloud.person(&PersonId::new("{bob}")).await.unwrap().name, "Bob");
    let (_server, site) = Server::of(Edition::DataCenter).await;
    assert_eq!(site.person(&PersonId::new("bob")).await.unwrap().nickname.as_deref(), Some("Bob"));
}
