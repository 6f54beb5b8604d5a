//! How a person lets the bot act for them: the authorize page, and the tokens that come of it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use url::Url;

use crate::clock::random_name;
use crate::seal::Secret;
use crate::words::names::Instance;

use super::lenient::{Maybe, read};
use super::site::{Edition, SiteSettings};
use super::transport::{Call, Http, Refusal};
use super::{Error, Result};

const PATIENCE: Duration = Duration::from_secs(10);
const LARGEST_ANSWER: usize = 64 * 1024;

/// The Data Center scopes there are to ask for, each including those before it. The first reads, approves and
/// merges: less is asked for by nobody, and more only by whom it lacked.
const DATA_CENTER_SCOPES: [&str; 3] = ["REPO_WRITE", "REPO_ADMIN", "PROJECT_ADMIN"];

/// A registered OAuth client of one Bitbucket.
#[derive(Debug)]
pub struct OAuth {
    http: Http,
    instance: Instance,
    edition: Edition,
    authorize: Url,
    token: Url,
    client: (String, Secret),
}

/// What Bitbucket hands out.
#[derive(Debug)]
pub struct Tokens {
    /// What calls are made with.
    pub access: Secret,
    /// What gets the next ones; each works once.
    pub refresh: Option<Secret>,
    /// How long `access` lasts, where it said so.
    pub expires_in: Option<Duration>,
    /// What it allows.
    pub scopes: Vec<String>,
}

/// A fresh PKCE verifier, to be kept until the code comes back.
pub fn new_verifier() -> Secret {
    Secret::new(random_name(32))
}

/// What the authorize page is told of a verifier (S256).
pub fn challenge_of(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.reveal().as_bytes()))
}

impl OAuth {
    pub(super) fn new(settings: &SiteSettings, http: &Http) -> Option<Self> {
        let (authorize, token) = match settings.edition {
            Edition::Cloud => (
                below(&settings.url, &["site", "oauth2", "authorize"]),
                below(&settings.url, &["site", "oauth2", "access_token"]),
            ),
            Edition::DataCenter => (
                below(&settings.url, &["rest", "oauth2", "latest", "authorize"]),
                below(&settings.api_url, &["oauth2", "latest", "token"]),
            ),
        };
        Some(Self {
            http: http.clone(),
            instance: settings.name.clone(),
            edition: settings.edition,
            authorize,
            token,
            client: settings.client.clone()?,
        })
    }

    /// The origin of the page on which people agree.
    pub fn origin(&self) -> String {
        self.authorize.origin().ascii_serialization()
    }

    /// The page a person is sent to, to allow the least, or these scopes as well. Cloud takes no challenge, for
    /// its consumers know no PKCE, and no scopes: there they are the consumer's own.
    pub fn authorize_url(&self, state: &str, redirect_uri: &str, challenge: &str, wider: &[String]) -> Url {
        let mut url = self.authorize.clone();
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("client_id", &self.client.0)
                .append_pair("response_type", "code")
                .append_pair("state", state)
                .append_pair("redirect_uri", redirect_uri);
            if self.edition == Edition::DataCenter {
                query
                    .append_pair("scope", widest(wider))
                    .append_pair("code_challenge", challenge)
                    .append_pair("code_challenge_method", "S256");
            }
        }
        url
    }

    /// Turns the code that came back into tokens.
    pub async fn exchange(&self, code: &str, redirect_uri: &str, verifier: &Secret) -> Result<Tokens> {
        let mut form =
            vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect_uri)];
        if self.edition == Edition::DataCenter {
            form.push(("code_verifier", verifier.reveal()));
        }
        self.ask("sign in", form).await.map_err(|error| match error {
            Error::SignIn(_) => Error::Refused("That sign-in is used up or too old; begin again.".into()),
            other => other,
        })
    }

    /// Gets the next tokens; [`Error::SignIn`] when the person has to connect again.
    pub async fn refresh(&self, token: &Secret) -> Result<Tokens> {
        let form = vec![("grant_type", "refresh_token"), ("refresh_token", token.reveal().as_str())];
        self.ask("renew the sign-in", form).await
    }

    /// Neither edition lets a client end what a person agreed to; the person can, on a page of theirs.
    pub fn revoke(&self) -> Result<()> {
        let page = match self.edition {
            Edition::Cloud => "“App authorizations” in their personal settings",
            Edition::DataCenter => "“Authorized applications” in their account",
        };
        Err(Error::NotOffered(format!(
            "`{}` lets nobody but its owner take an authorization back: on the page {page}.",
            self.instance
        )))
    }

    async fn ask(&self, operation: &'static str, mut form: Vec<(&str, &str)>) -> Result<Tokens> {
        let (id, secret) = &self.client;
        let mut request = self.http.request(Method::POST, self.token.clone());
        match self.edition {
            Edition::Cloud => request = request.basic_auth(id, Some(secret.reveal())),
            Edition::DataCenter => {
                form.extend([("client_id", id.as_str()), ("client_secret", secret.reveal())]);
            }
        }
        let ends = tokio::time::Instant::now() + PATIENCE;
        let call = Call { operation, path: self.token.path(), ends, largest: LARGEST_ANSWER };
        // A refresh token works once, yet asking again with it is the only way on when the answer is lost.
        let answer = self.http.exchange(request.form(&form), &call).await;
        let answer = answer.map_err(|silence| Error::Down(silence.words.into()))?;
        if !answer.is_success() {
            return Err(self.refused(&Refusal::read(operation, &answer)));
        }
        let grant: Grant = read(&answer.body).unwrap_or_default();
        grant
            .into_tokens()
            .ok_or_else(|| Error::Unreadable("its answer to the sign-in holds no token.".into()))
    }

    fn refused(&self, refusal: &Refusal) -> Error {
        match refusal.code.as_deref() {
            Some("invalid_grant") => Error::SignIn(self.instance.clone()),
            Some("invalid_client" | "unauthorized_client") => self.client_refused(),
            _ if matches!(refusal.status, 401 | 403) => self.client_refused(),
            _ => Error::from(refusal.clone()),
        }
    }

    fn client_refused(&self) -> Error {
        let words = format!(
            "the OAuth client id or secret for `{}` is refused; its operator has to mend it.",
            self.instance
        );
        Error::Forbidden(words.into())
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Grant {
    access_token: Maybe<String>,
    refresh_token: Maybe<String>,
    expires_in: Maybe<u64>,
    scope: Maybe<String>,
    scopes: Maybe<String>,
}

impl Grant {
    fn into_tokens(self) -> Option<Tokens> {
        let scopes = self.scope.0.or(self.scopes.0).unwrap_or_default();
        let scopes = scopes.split([' ', ',']).filter(|scope| !scope.is_empty());
        Some(Tokens {
            access: self.access_token.0.filter(|token| !token.is_empty()).map(Secret::new)?,
            refresh: self.refresh_token.0.filter(|token| !token.is_empty()).map(Secret::new),
            expires_in: self.expires_in.map(Duration::from_secs),
            scopes: scopes.map(str::to_owned).collect(),
        })
    }
}

/// The Data Center scope that includes them all; what is none that we would ask for is not asked for.
fn widest(wanted: &[String]) -> &'static str {
    let among = |scope: &&&str| wanted.iter().any(|wanted| wanted == **scope);
    DATA_CENTER_SCOPES.iter().rev().find(among).copied().unwrap_or(DATA_CENTER_SCOPES[0])
}

fn below(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_challenge_is_the_one_of_the_standard() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into();
        assert_eq!(challenge_of(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(new_verifier().reveal().len(), 64);
    }

    #[test]
    fn the_least_is_asked_for_unless_more_is_known_to_be_lacking() {
        let widest =
            |wanted: &[&str]| widest(&wanted.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        assert_eq!(widest(&[]), "REPO_WRITE");
        assert_eq!(widest(&["REPO_ADMIN"]), "REPO_ADMIN");
        assert_eq!(widest(&["PROJECT_ADMIN", "REPO_ADMIN"]), "PROJECT_ADMIN");
        assert_eq!(widest(&["SYSTEM_ADMIN", "nonsense"]), "REPO_WRITE");
    }

    #[test]
    fn both_spellings_of_scopes_are_read() {
        for (body, scopes) in [
            (
                r#"{"access_token":"x","scopes":"account pullrequest:write"}"#,
                vec!["account", "pullrequest:write"],
            ),
            (r#"{"access_token":"x","scope":"REPO_WRITE","expires_in":3600}"#, vec!["REPO_WRITE"]),
            (r#"{"access_token":"x","expires_in":"soon"}"#, vec![]),
        ] {
            let grant: Grant = read(body.as_bytes()).unwrap();
            assert_eq!(grant.into_tokens().unwrap().scopes, scopes);
        }
    }
}
