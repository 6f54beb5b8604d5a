//! Asking until there is an answer, or no sense in asking on: which token, at whose charge, when again.

use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, IF_NONE_MATCH, RANGE,
};
use reqwest::{Method, RequestBuilder};
use tokio::time::Instant;
use url::Url;

use crate::bitbucket::credential::{Credential, CredentialKind, Needs};
use crate::bitbucket::{Error, Lacking, TokenSource};
use crate::seal::Secret;

use super::allowance::Allowance;
use super::api::Api;
use super::http::{Answer, Call};
use super::refusal::{Failed, Refusal};
use super::request::Request;

const MOST_TRIES: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(5);
const MOST_REDIRECTS: usize = 3;

type Result<T> = std::result::Result<T, Failed>;

/// One question on its way: in whose name it is asked, and who pays.
struct Asking<'a> {
    api: &'a Api,
    request: &'a Request,
    credential: Credential,
    charge: Option<(&'a Allowance, String)>,
}

impl Api {
    /// Asks until there is an answer, or no sense in asking on.
    pub(in crate::bitbucket) async fn send(&self, request: &Request) -> Result<Answer> {
        let credential: Credential = self.tokens.credential();
        request.needs.met_by(&credential)?;
        if request.needs == Needs::OwnToken && credential.kind == CredentialKind::OAuth {
            return Err(Failed::Other(Error::LacksScope(Box::new(Lacking {
                instance: self.base.0.clone(),
                scopes: request.scopes.iter().map(|&scope| scope.to_owned()).collect(),
                own_token: true,
                sure: true,
                only_own: true,
                said: "only a token of one's own may do this.".into(),
            }))));
        }
        credential.may(request.method != Method::GET)?;
        let charge = self.shared.charge(&credential);
        let asking = Asking { api: self, request, credential, charge };
        asking.until_answered(&*self.tokens).await
    }
}

/// Asks for the end alone.
fn ranged(asked: RequestBuilder, its_end: Option<usize>) -> RequestBuilder {
    match its_end {
        Some(bytes) => asked.header(RANGE, format!("bytes=-{bytes}")),
        None => asked,
    }
}

impl Asking<'_> {
    async fn until_answered(&self, tokens: &dyn TokenSource) -> Result<Answer> {
        let mut token = tokens.token().await?;
        if let Some((allowance, payer)) = &self.charge {
            allowance.after_pause(payer).await?;
        }
        let mut renewed = false;
        let mut tries = 0;
        loop {
            let failed = match self.paid_once(&token).await {
                Ok(answer) => return Ok(answer),
                Err(Failed::Answered(refusal)) if refusal.asks_who() => {
                    if renewed {
                        return Err(self.still_unknown(refusal));
                    }
                    token = tokens.renew(&token).await?;
                    renewed = true;
                    continue;
                }
                Err(failed) => self.sorted(failed),
            };
            if tries > 0 && self.request.method == Method::DELETE && failed.status() == Some(404) {
                // An earlier try got through, although its answer did not.
                return Ok(Answer { status: 204, headers: HeaderMap::new(), body: Vec::new() });
            }
            tries += 1;
            match self.wait_before(tries, &failed) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(self.given_up(failed).await),
            }
        }
    }

    async fn paid_once(&self, token: &Secret) -> Result<Answer> {
        self.api.take_call()?;
        if let Some((allowance, payer)) = &self.charge {
            allowance.pay(payer, self.api.background).await?;
        }
        self.once(token).await
    }

    /// One try, and the redirects on the way.
    async fn once(&self, token: &Secret) -> Result<Answer> {
        let mut url = self.request.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.exchange(&url, token).await?;
            let onward = answer.header("location").filter(|_| (300..400).contains(&answer.status));
            match onward {
                Some(onward) if self.request.its_end.is_some() => {
                    let stored = self.api.stored_at(&url, onward)?;
                    return self.elsewhere(&stored).await;
                }
                Some(onward) if self.request.method == Method::GET => url = self.api.own_url(&url, onward)?,
                _ if answer.is_success() => return Ok(answer),
                _ => {
                    let mut refusal = Refusal::read(self.request.operation, &answer);
                    refusal.repeatable = self.request.repeatable;
                    return Err(Failed::Answered(refusal));
                }
            }
        }
        let words = format!("it sends us round in circles when asked to {}.", self.request.operation);
        Err(Failed::Other(Error::Unreadable(words.into())))
    }

    fn call(&self) -> Call<'_> {
        Call {
            operation: self.request.operation,
            path: self.request.template,
            ends: self.ends(),
            largest: self.request.largest,
        }
    }

    /// Reads what is stored on another host, which never sees a token.
    async fn elsewhere(&self, url: &Url) -> Result<Answer> {
        let Self { api, request, .. } = self;
        let asked = ranged(api.http.request(Method::GET, url.clone()), request.its_end);
        let answer = api.http.exchange(asked, &self.call()).await;
        let answer = answer.map_err(|silence| Failed::Unanswered { silence, repeatable: true })?;
        if answer.is_success() {
            return Ok(answer);
        }
        Err(Failed::Answered(Refusal::read(request.operation, &answer)))
    }

    async fn exchange(&self, url: &Url, token: &Secret) -> Result<Answer> {
        let Self { api, request, .. } = self;
        let mut asked = api.http.request(request.method.clone(), url.clone());
        asked = ranged(authorized(asked, token), request.its_end).header("X-Atlassian-Token", "no-check");
        asked = match &request.body {
            Some(body) => match request.written_as {
                Some(form) => asked.header(CONTENT_TYPE, form).json(body),
                None => asked.json(body),
            },
            None if request.method == Method::GET => asked,
            // Bitbucket Cloud answers 411 where nothing says that there is no body.
            None => asked.header(CONTENT_LENGTH, HeaderValue::from_static("0")),
        };
        let owner = self.credential.owner.as_deref().filter(|_| request.method == Method::GET);
        let kept = owner.and_then(|owner| api.shared.cache.find(owner, url.as_str()));
        if let Some(kept) = &kept {
            asked = asked.header(IF_NONE_MATCH, &kept.etag);
        }
        let answer = api.http.exchange(asked, &self.call()).await;
        let mut answer =
            answer.map_err(|silence| Failed::Unanswered { silence, repeatable: request.repeatable })?;
        api.shared.learn_time(&answer, &api.clock);
        match (kept, owner, answer.header("etag")) {
            (Some(kept), ..) if answer.status == 304 => (answer.status, answer.body) = (200, kept.body),
            (_, Some(owner), Some(etag)) if answer.status == 200 => {
                api.shared.cache.keep(owner, url.as_str(), etag, &answer.body);
            }
            _ => {}
        }
        Ok(answer)
    }

    /// When one try has to be over. After what must not be done twice, some time is left to look.
    fn ends(&self) -> Instant {
        let now = Instant::now();
        let left = self.api.ends().saturating_duration_since(now);
        let most = if self.request.repeatable { left } else { left * 2 / 3 };
        now + most.min(self.request.patience)
    }

    fn wait_before(&self, tries: u32, failed: &Failed) -> Option<Duration> {
        let safe = self.request.repeatable || failed.surely_undone();
        if !safe || tries >= MOST_TRIES || !failed.is_passing() {
            return None;
        }
        let pause = FIRST_WAIT * 2_u32.pow(tries - 1);
        let wait = failed.wait().unwrap_or(pause) + self.api.clock.jitter(pause);
        (wait <= LONGEST_WAIT && Instant::now() + wait < self.api.ends()).then_some(wait)
    }

    /// A server that refuses for being asked too much refuses everybody who pays from that purse.
    async fn given_up(&self, failed: Failed) -> Failed {
        if let (Some((allowance, payer)), Some(429)) = (&self.charge, failed.status()) {
            allowance.refused(payer, failed.wait()).await;
        }
        failed
    }

    /// A right that the person may well have, but did not hand on, is another thing than one they lack.
    fn sorted(&self, failed: Failed) -> Failed {
        let Failed::Answered(refusal) = &failed else { return failed };
        let own_token = self.credential.kind == CredentialKind::PersonalToken;
        let allowed = |scope: &&str| self.credential.granted.iter().any(|granted| granted == scope);
        let too_little = match self.request.scopes {
            [] => false,
            scopes => refusal.speaks_of_rights() && !scopes.iter().any(allowed),
        };
        let says = refusal.lacking.as_ref().map(|scopes| scopes.0.clone());
        if !(says.is_some() || too_little) || self.credential.kind == CredentialKind::AccessToken {
            return failed;
        }
        let least = self.request.scopes.first().map(|scope| (*scope).to_owned());
        Failed::Other(Error::LacksScope(Box::new(Lacking {
            instance: self.api.base.0.clone(),
            sure: says.is_some() || !own_token,
            scopes: says.unwrap_or_else(|| least.into_iter().collect()),
            own_token,
            only_own: false,
            said: refusal.reason(),
        })))
    }

    fn still_unknown(&self, refusal: Refusal) -> Failed {
        if refusal.speaks_of_rights() {
            self.sorted(Failed::Answered(refusal))
        } else {
            Failed::Other(Error::SignIn(self.api.base.0.clone()))
        }
    }
}

/// A pair `name:secret` goes by HTTP Basic; a token, which holds no colon, as a bearer.
fn authorized(request: RequestBuilder, token: &Secret) -> RequestBuilder {
    match token.reveal().split_once(':') {
        Some((name, secret)) => request.basic_auth(name, Some(secret)),
        None => match HeaderValue::from_str(&format!("Bearer {}", token.reveal())) {
            Ok(mut value) => {
                value.set_sensitive(true);
                request.header(AUTHORIZATION, value)
            }
            // A token with a line break in it is none; without one Bitbucket asks who we are.
            Err(_) => request,
        },
    }
}
