//! What the sandbox hands out to sign in with, and how it takes it back.

use super::repo_handle::RepoHandle;
use super::service::lock;
use super::world::{Credential, Edition, Permission};
use super::{Bitbucket, SERVICE};

impl Bitbucket {
    /// The id and secret of the edition's OAuth client.
    pub fn oauth_client(&self, edition: Edition) -> (String, String) {
        self.shared.act(|world| {
            let client = world.client(edition);
            (client.id.clone(), client.secret.clone())
        })
    }

    /// Lets the client send people back to addresses that start so.
    pub fn register_callback(&self, edition: Edition, url: &str) {
        self.shared.act(|world| world.client(edition).callbacks.push(url.to_owned()));
    }

    /// A token that reads everything and changes nothing.
    pub fn service_token(&self, edition: Edition) -> String {
        let scopes: &[&str] = match edition {
            Edition::Cloud => &["repository", "pullrequest"],
            Edition::DataCenter => &["REPO_READ"],
        };
        self.shared.act(|world| world.standing_token(edition, SERVICE, scopes, Credential::Service))
    }

    /// A person's own token: Cloud's API token (Basic, with the e-mail), Data Center's HTTP access token.
    pub fn personal_token(&self, edition: Edition, nickname: &str) -> String {
        let scopes = match edition {
            Edition::Cloud => OF_API_TOKENS,
            Edition::DataCenter => all(edition),
        };
        self.personal_token_for(edition, nickname, scopes)
    }

    /// The same, which may be used for no more than this.
    pub fn personal_token_for(&self, edition: Edition, nickname: &str, scopes: &[&str]) -> String {
        self.shared.act(|world| world.standing_token(edition, nickname, scopes, Credential::Personal))
    }

    /// From now on Cloud's OAuth consumer asks people for this, and no more.
    pub fn tick(&self, scopes: &[&str]) {
        self.shared.act(|world| {
            world.client(Edition::Cloud).ticked = scopes.iter().map(|&scope| scope.to_owned()).collect();
        });
    }

    /// A repository's own access token, which is nobody's.
    pub fn repository_token(&self, repo: &RepoHandle, permission: Permission) -> String {
        self.access_token(repo, permission, |_| false)
    }

    /// The access token of the workspace or project that a repository is in.
    pub fn space_token(&self, repo: &RepoHandle, permission: Permission) -> String {
        let space = repo.name().split('/').next().unwrap_or_default().to_owned();
        self.access_token(repo, permission, move |other| *other == space)
    }

    fn access_token(
        &self,
        repo: &RepoHandle,
        permission: Permission,
        includes: impl Fn(&String) -> bool,
    ) -> String {
        let robot = format!("token-of-{}", repo.name().replace('/', "-").to_lowercase());
        self.shared.act(|world| {
            world.robot(&robot);
            for other in &mut world.repositories {
                if other.id == repo.id || (other.edition == repo.edition() && includes(&other.space)) {
                    other.permissions.insert(robot.clone(), permission);
                }
            }
            world.standing_token(repo.edition(), &robot, all(repo.edition()), Credential::Access)
        })
    }

    /// A person's access tokens end now, on both editions; their refresh tokens still work.
    pub fn expire_tokens(&self, nickname: &str) {
        self.shared.act(|world| world.expire_tokens(nickname));
    }

    /// A person takes back everything they agreed to, on both editions.
    pub fn revoke(&self, nickname: &str) {
        self.shared.act(|world| world.revoke(nickname));
    }

    /// Every token, code and secret handed out so far.
    pub fn minted(&self) -> Vec<String> {
        lock(&self.shared.world).access.minted.clone()
    }
}

/// Every scope of Cloud's API tokens that the bot ever needs.
const OF_API_TOKENS: &[&str] = &[
    "read:user:bitbucket",
    "read:workspace:bitbucket",
    "read:repository:bitbucket",
    "write:repository:bitbucket",
    "read:pullrequest:bitbucket",
    "write:pullrequest:bitbucket",
    "read:webhook:bitbucket",
    "write:webhook:bitbucket",
    "delete:webhook:bitbucket",
    "admin:repository:bitbucket",
    "read:project:bitbucket",
    "admin:project:bitbucket",
    "delete:repository:bitbucket",
    "read:permission:bitbucket",
    "read:pipeline:bitbucket",
    "write:pipeline:bitbucket",
    "write:permission:bitbucket",
    "delete:permission:bitbucket",
];

/// All that the bot ever needs.
fn all(edition: Edition) -> &'static [&'static str] {
    match edition {
        Edition::Cloud => &["account", "repository:write", "pullrequest:write", "webhook"],
        Edition::DataCenter => &["REPO_ADMIN"],
    }
}
