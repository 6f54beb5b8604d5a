//! Who may do what, on both editions.

use std::sync::Arc;

use dipper::bitbucket::{Credential, CredentialKind, Edition, Error, Result, TokenSource};
use dipper::seal::Secret;
use dipper::words::access::{Ground, Holder, Level, ProjectName, Right, Source};
use dipper::words::names::PersonId;
use serde_json::json;

use crate::bitbucket_client::server::{Server, dc, in_cloud, in_dc, ok, page, repo, says};

/// Somebody's own token, or what they allowed us.
struct Of(CredentialKind);

#[async_trait::async_trait]
impl TokenSource for Of {
    async fn token(&self) -> Result<Secret> {
        Ok("token".into())
    }

    async fn renew(&self, _refused: &Secret) -> Result<Secret> {
        Ok("token".into())
    }

    fn credential(&self) -> Credential {
        Credential { kind: self.0, ..Credential::default() }
    }
}

/// The repository, as what a right is given on.
fn on_repo() -> Ground {
    Ground::Repository(repo())
}

/// The project that it is in.
fn on_project(key: &str) -> Ground {
    let repo = repo();
    Ground::Project(ProjectName { instance: repo.instance, owner: repo.owner, key: key.to_owned() })
}

/// `ada admin`, `group devs write, by its project`
fn read(rights: &[Right]) -> Vec<String> {
    let each = rights.iter().map(|right| {
        let holder = match &right.holder {
            Holder::Person(person) => person.name.clone(),
            Holder::Group(name) => format!("group {name}"),
        };
        let source = if right.source == Source::Project { ", by its project" } else { "" };
        format!("{holder} {}{source}", right.level)
    });
    each.collect()
}

#[tokio::test]
async fn rights_are_read_with_where_they_come_from() {
    let (server, cloud) = Server::of(Edition::Cloud).await;
    let user =
        |name: &str, may: &str| json!({"permission": may, "user": {"uuid": name, "display_name": name}});
    let group = |name: &str, may: &str| json!({"permission": may, "group": {"name": name}});
    let of_project = "GET /2.0/workspaces/web/projects/WEB/permissions-config";
    server
        .on(
            &in_cloud("GET", "/permissions-config/users"),
            page(json!([user("ada", "admin"), user("x", "none"), {}])),
        )
        .on(
            &in_cloud("GET", "/permissions-config/groups"),
            page(json!([group("devs", "read"), {"group": null}])),
        )
        .on(&in_cloud("GET", ""), ok(&json!({"project": {"key": "WEB"}})))
        .on(&format!("{of_project}/users"), page(json!([user("grace", "create-repo")])))
        .on(&format!("{of_project}/groups"), says(403, "{}"));
    let found = read(&cloud.rights(&repo(), 50).await.unwrap());
    assert_eq!(found, ["ada admin", "group devs read", "grace create, by its project"]);

    let (server, site) = Server::of(Edition::DataCenter).await;
    let refused = json!({"errors": [{
        "message": "You are not permitted to access this resource",
        "exceptionName": "com.atlassian.bitbucket.AuthorisationException",
    }]});
    let user = |name: &str, may: &str| json!({"permission": may, "user": {"name": name, "slug": name, "displayName": name}});
    server
        .on(&in_dc("GET", "/permissions/users"), page(json!([user("ada", "REPO_ADMIN")])))
        .on(
            &in_dc("GET", "/permissions/groups"),
            page(json!([group("devs", "REPO_WRITE"), group("x", "ODD")])),
        )
        .on(&dc("GET", "/api/latest/projects/web/permissions/users"), says(401, &refused.to_string()));
    assert_eq!(read(&site.rights(&repo(), 50).await.unwrap()), ["ada admin", "group devs write"]);
}

#[tokio::test]
async fn on_cloud_only_a_token_of_ones_own_changes_a_right() {
    let (server, _) = Server::of(Edition::Cloud).await;
    let site = server.site(Edition::Cloud);
    let key = in_cloud("PUT", "/permissions-config/users/%7Bada%7D");
    server.on(&key, ok(&json!({"permission": "write"})));
    let ada = PersonId::new("{ada}");
    let allowed = site.as_person(Arc::new(Of(CredentialKind::OAuth)));
    let refused = allowed.set_right(&on_repo(), &ada, Some(Level::Write)).await.unwrap_err();
    let Error::LacksScope(lacking) = refused else { panic!("{refused:?}") };
    assert!(lacking.only_own && lacking.own_token && lacking.sure);
    assert_eq!(server.times(&key), 0);
    let nobody = site.as_person(Arc::new(Of(CredentialKind::AccessToken)));
    assert!(matches!(nobody.set_right(&on_repo(), &ada, None).await, Err(Error::Forbidden(_))));
    let own = site.as_person(Arc::new(Of(CredentialKind::PersonalToken)));
    own.set_right(&on_repo(), &ada, Some(Level::Write)).await.unwrap();
    assert_eq!(server.sent(&key), json!({"permission": "write"}));
}

#[tokio::test]
async fn data_center_keeps_rights_by_login() {
    let (server, site) = Server::of(Edition::DataCenter).await;
    let user = json!({"name": "ada@example.com", "slug": "ada_example.com", "displayName": "Ada"});
    let alike = json!({"name": "ada@example.com.au", "slug": "x", "displayName": "Another"});
    let all = json!([{"permission": "REPO_READ", "user": alike}, {"permission": "REPO_WRITE", "user": user}]);
    server
        .on(&dc("GET", "/api/latest/users/ada_example.com"), ok(&user))
        .on(&in_dc("GET", "/permissions/users"), page(all))
        .on(&in_dc("PUT", "/permissions/users"), says(204, ""))
        .on(&in_dc("DELETE", "/permissions/users"), says(204, ""));
    let ada = PersonId::new("ada_example.com");
    assert_eq!(site.right_of(&on_repo(), &ada).await.unwrap(), Some(Level::Write));
    site.set_right(&on_repo(), &ada, Some(Level::Admin)).await.unwrap();
    let asked = &server.asked(&in_dc("PUT", "/permissions/users"))[0];
    assert_eq!(asked.query, "permission=REPO_ADMIN&name=ada%40example.com");
    site.set_right(&on_repo(), &ada, None).await.unwrap();
    assert_eq!(server.asked(&in_dc("DELETE", "/permissions/users"))[0].query, "name=ada%40example.com");
}

#[tokio::test]
async fn rights_in_projects_are_kept_beside_those_in_repositories() {
    let (server, _) = Server::of(Edition::Cloud).await;
    let own = server.site(Edition::Cloud).as_person(Arc::new(Of(CredentialKind::PersonalToken)));
    let of_project = |method: &str, rest: &str| {
        format!("{method} /2.0/workspaces/web/projects/WEB/permissions-config/{rest}")
    };
    let adas = of_project("PUT", "users/%7Bada%7D");
    let devs = of_project("PUT", "groups/our-devs");
    server
        .on(&in_cloud("GET", ""), ok(&json!({"project": {"key": "WEB"}})))
        .on(&of_project("GET", "users/%7Bada%7D"), ok(&json!({"permission": "create-repo"})))
        .on(&adas, ok(&json!({"permission": "create-repo"})))
        .on(&devs, ok(&json!({"permission": "read"})))
        .on(&of_project("DELETE", "groups/our-devs"), says(204, ""));
    assert_eq!(Ground::Project(own.project_of(&repo()).await.unwrap()), on_project("WEB"));
    let (ada, ground) = (PersonId::new("{ada}"), on_project("WEB"));
    assert_eq!(own.right_of(&ground, &ada).await.unwrap(), Some(Level::Create));
    own.set_right(&ground, &ada, Some(Level::Create)).await.unwrap();
    assert_eq!(server.sent(&adas), json!({"permission": "create-repo"}));
    own.set_group_right(&ground, "Our Devs", Some(Level::Read)).await.unwrap();
    own.set_group_right(&ground, "Our Devs", None).await.unwrap();
    let allowed = server.site(Edition::Cloud).as_person(Arc::new(Of(CredentialKind::OAuth)));
    let refused = allowed.right_of(&ground, &ada).await.unwrap_err();
    let Error::LacksScope(lacking) = refused else { panic!("{refused:?}") };
    assert!(
        lacking.only_own && lacking.scopes.contains(&"admin:project:bitbucket".to_owned()),
        "{lacking:?}"
    );

    let (server, site) = Server::of(Edition::DataCenter).await;
    let user = json!({"name": "ada", "slug": "ada", "displayName": "Ada"});
    let people = "/api/latest/projects/WEB/permissions/users";
    server
        .on(&dc("GET", "/api/latest/users/ada"), ok(&user))
        .on(&dc("GET", people), page(json!([{"permission": "PROJECT_WRITE", "user": user}])))
        .on(&dc("PUT", people), says(204, ""));
    let (ada, ground) = (PersonId::new("ada"), Ground::Project(site.project_of(&repo()).await.unwrap()));
    let Ground::Project(project) = &ground else { panic!("{ground:?}") };
    assert_eq!(project.to_string(), format!("{}:WEB/WEB", repo().instance));
    assert_eq!(site.right_of(&ground, &ada).await.unwrap(), Some(Level::Write));
    site.set_right(&ground, &ada, Some(Level::Admin)).await.unwrap();
    site.set_right(&ground, &ada, Some(Level::Create)).await.unwrap();
    let asked = server.asked(&dc("PUT", people));
    assert_eq!(asked[0].query, "permission=PROJECT_ADMIN&name=ada");
    assert_eq!(asked[1].query, "permission=REPO_CREATE&name=ada");
}
