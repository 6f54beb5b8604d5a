//! Signing in on both editions: agreeing, refusing, rotating, expiring.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::browser::{Browser, Page};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

use super::receiver::Receiver;
use super::{BOTH, Got, Stage, got};

const VERIFIER: &str = "a-verifier-that-is-long-enough-to-be-believed-0123456789";

/// A stage and the place where people come back to.
struct Signing {
    stage: Stage,
    callback: String,
    _receiver: Receiver,
}

impl Signing {
    async fn set(edition: Edition) -> Self {
        let stage = Stage::with_pull_request(edition).await;
        let (receiver, base) = Receiver::listen().await;
        stage.bitbucket.register_callback(edition, &base);
        let callback = format!("{base}/back?from=bitbucket");
        Self { stage, callback, _receiver: receiver }
    }

    fn authorize_url(&self, more: &[(&str, &str)]) -> String {
        let (client, _) = self.stage.bitbucket.oauth_client(self.stage.edition);
        let base = self.stage.bitbucket.url(self.stage.edition);
        let path = match self.stage.edition {
            Edition::Cloud => "/site/oauth2/authorize",
            Edition::DataCenter => "/rest/oauth2/latest/authorize",
        };
        let mut url = Url::parse(&format!("{base}{path}")).unwrap();
        url.query_pairs_mut()
            .append_pair("client_id", &client)
            .append_pair("response_type", "code")
            .append_pair("state", "a \"state\"")
            .append_pair("redirect_uri", &self.callback)
            .extend_pairs(more);
        url.to_string()
    }

    async fn press(&self, more: &[(&str, &str)], label: &str) -> Page {
        let mut browser = Browser::new().unwrap();
        let page = browser.open(&self.authorize_url(more)).await.unwrap();
        assert!(page.text().starts_with("Sign in to Bitbucket"), "{}", page.text());
        browser.press(&page, label).await.unwrap()
    }

    /// The code with which ada comes back.
    async fn code(&self) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let more =
            [("scope", "REPO_WRITE"), ("code_challenge", &challenge), ("code_challenge_method", "S256")];
        let page = self.press(&more, "Sign in as ada").await;
        assert_eq!(page.hops[0].status, 303);
        assert_eq!(came_back_with(&page, "state").as_deref(), Some("a \"state\""));
        assert_eq!(came_back_with(&page, "from").as_deref(), Some("bitbucket"));
        came_back_with(&page, "code").expect("a code")
    }

    async fn exchange(&self, pairs: &[(&str, &str)]) -> Got {
        let (client, secret) = self.stage.bitbucket.oauth_client(self.stage.edition);
        let base = self.stage.bitbucket.url(self.stage.edition);
        let mut form = pairs.to_vec();
        let request = match self.stage.edition {
            Edition::Cloud => {
                let url = format!("{base}/site/oauth2/access_token");
                self.stage.http.post(url).basic_auth(client, Some(secret))
            }
            Edition::DataCenter => {
                form.extend([("client_id", client.as_str()), ("client_secret", secret.as_str())]);
                self.stage.http.post(format!("{base}/rest/oauth2/latest/token"))
            }
        };
        got(request.form(&form).send().await.unwrap()).await
    }

    async fn for_code(&self, code: &str, verifier: &str) -> Got {
        let grant = ("grant_type", "authorization_code");
        let back = ("redirect_uri", self.callback.as_str());
        self.exchange(&[grant, ("code", code), back, ("code_verifier", verifier)]).await
    }

    async fn for_refresh(&self, token: &str) -> Got {
        self.exchange(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    async fn status_with(&self, token: &Value) -> u16 {
        let url = format!("{}{}", self.stage.bitbucket.api_url(self.stage.edition), self.stage.pr(""));
        let request = self.stage.http.get(url).bearer_auth(token.as_str().unwrap());
        request.send().await.unwrap().status().as_u16()
    }
}

fn came_back_with(page: &Page, name: &str) -> Option<String> {
    let url = Url::parse(&page.url).unwrap();
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[tokio::test]
async fn a_person_agrees_and_the_bot_acts_for_them() {
    for edition in BOTH {
        let signing = Signing::set(edition).await;
        let code = signing.code().await;
        let tokens = signing.for_code(&code, VERIFIER).await;
        assert_eq!(tokens.status, 200, "{}", tokens.text);
        let lifetime = if edition == Edition::Cloud { 7200 } else { 3600 };
        assert_eq!(tokens.body["expires_in"], lifetime);
        assert_eq!(signing.status_with(&tokens.body["access_token"]).await, 200);
        let call = signing.stage.bitbucket.requests().pop().unwrap();
        assert_eq!((call.as_whom.as_deref(), call.edition), (Some("ada"), edition));
        assert_eq!(signing.for_code(&code, VERIFIER).await.status, 400, "a code is used once");
        let minted = signing.stage.bitbucket.minted();
        for secret in [&tokens.body["access_token"], &tokens.body["refresh_token"], &Value::from(code)] {
            assert!(minted.contains(&secret.as_str().unwrap().to_owned()));
        }
        assert_eq!(signing.stage.bitbucket.unexpected(), [""; 0]);
    }
}

#[tokio::test]
async fn refresh_tokens_rotate_and_access_tokens_end() {
    for edition in BOTH {
        let signing = Signing::set(edition).await;
        let first = signing.for_code(&signing.code().await, VERIFIER).await;
        signing.stage.clock.advance(Duration::from_secs(7201));
        assert_eq!(signing.status_with(&first.body["access_token"]).await, 401);
        let refresh = first.body["refresh_token"].as_str().unwrap();
        let second = signing.for_refresh(refresh).await;
        assert_eq!(signing.status_with(&second.body["access_token"]).await, 200);
        assert_eq!(signing.for_refresh(refresh).await.status, 400, "the old one is dead");
        signing.stage.bitbucket.expire_tokens("ada");
        assert_eq!(signing.status_with(&second.body["access_token"]).await, 401);
        let refresh = second.body["refresh_token"].as_str().unwrap();
        let third = signing.for_refresh(refresh).await;
        assert_eq!(signing.status_with(&third.body["access_token"]).await, 200);
        signing.stage.bitbucket.revoke("ada");
        assert_eq!(signing.status_with(&third.body["access_token"]).await, 401);
        let refresh = third.body["refresh_token"].as_str().unwrap();
        assert_eq!(signing.for_refresh(refresh).await.status, 400);
    }
}

#[tokio::test]
async fn a_person_may_refuse() {
    for edition in BOTH {
        let signing = Signing::set(edition).await;
        let page = signing.press(&[], "Deny").await;
        assert_eq!(came_back_with(&page, "error").as_deref(), Some("access_denied"));
        assert_eq!(came_back_with(&page, "code"), None);
    }
}

#[tokio::test]
async fn a_way_back_that_nobody_registered_is_not_taken() {
    for edition in BOTH {
        let mut signing = Signing::set(edition).await;
        signing.callback = "http://evil.example/".to_owned();
        let page = Browser::new().unwrap().open(&signing.authorize_url(&[])).await.unwrap();
        assert_eq!((page.status, page.buttons().len()), (400, 0));
        assert_eq!(signing.stage.bitbucket.unexpected().len(), 1);
    }
}

#[tokio::test]
async fn data_centers_code_lives_ten_seconds_and_wants_its_verifier() {
    let signing = Signing::set(Edition::DataCenter).await;
    let late = signing.code().await;
    signing.stage.clock.advance(Duration::from_secs(10));
    assert_eq!(signing.for_code(&late, VERIFIER).await.status, 400);
    let stolen = signing.code().await;
    let refused = signing.for_code(&stolen, "another-verifier").await;
    assert_eq!((refused.status, refused.body["error"].as_str()), (400, Some("invalid_grant")));
    let url = signing.authorize_url(&[("code_challenge", VERIFIER), ("code_challenge_method", "plain")]);
    let page = Browser::new().unwrap().open(&url).await.unwrap();
    assert_eq!(came_back_with(&page, "error").as_deref(), Some("invalid_request"));
}

#[tokio::test]
async fn data_centers_scopes_cap_what_their_owner_may_do() {
    let signing = Signing::set(Edition::DataCenter).await;
    let page = signing.press(&[("scope", "REPO_READ")], "Sign in as ada").await;
    let code = came_back_with(&page, "code").unwrap();
    let tokens = signing.for_code(&code, "").await;
    assert_eq!(tokens.body["scope"], "REPO_READ");
    let token = tokens.body["access_token"].as_str().unwrap();
    let stage = &signing.stage;
    let url = format!("{}{}", stage.bitbucket.api_url(stage.edition), stage.pr("/merge?version=0"));
    let merge = stage.http.post(url).bearer_auth(token).send().await.unwrap();
    assert_eq!(merge.status().as_u16(), 401);
    let page = signing.press(&[], "Sign in as ada").await;
    let public = signing.for_code(&came_back_with(&page, "code").unwrap(), "").await;
    assert_eq!(signing.status_with(&public.body["access_token"]).await, 404);
    let _ = stage.repo.clone().public();
    assert_eq!(signing.status_with(&public.body["access_token"]).await, 200);
}
