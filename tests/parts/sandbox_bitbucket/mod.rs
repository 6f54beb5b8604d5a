//! The sandbox's Bitbucket, asked over HTTP as the bot asks it: what the two faces answer and send.

#[cfg(test)]
mod asks;
#[cfg(test)]
mod both;
#[cfg(test)]
mod building;
#[cfg(test)]
mod changing;
#[cfg(test)]
mod cloud;
#[cfg(test)]
mod code;
#[cfg(test)]
mod datacenter;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod handles;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod partial;
#[cfg(test)]
mod people;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod refs;
#[cfg(test)]
mod talk;

use std::time::Duration;

use dipper::sandbox::bitbucket::{Bitbucket, BitbucketSettings, Edition, Permission, RepoHandle};
use dipper::sandbox::clock::Clock;
use reqwest::Method;
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use serde_json::Value;

pub const BOTH: [Edition; 2] = [Edition::Cloud, Edition::DataCenter];
pub const SECRETS: [&str; 2] = ["cloud's secret", "data center's secret"];

/// A Bitbucket with a repository in which ada's branch waits for grace's review.
pub struct Stage {
    pub edition: Edition,
    pub bitbucket: Bitbucket,
    pub clock: Clock,
    pub repo: RepoHandle,
    pub http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub struct Got {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
    pub text: String,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The texts at a pointer within each of a page's values.
    pub fn each(&self, pointer: &str) -> Vec<&str> {
        let values = self.body["values"].as_array().expect("a page");
        values.iter().map(|value| value.pointer(pointer).and_then(Value::as_str).expect("a text")).collect()
    }
}

/// Whatever was asked and answered was as the vendors publish it.
impl Drop for Stage {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let troubles = crate::vendor::troubles(&self.bitbucket.requests());
            assert!(troubles.is_empty(), "{}", troubles.join("\n"));
        }
    }
}

impl Stage {
    pub async fn set(edition: Edition) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let clock = Clock::still(1_780_000_000_000);
        let settings = BitbucketSettings {
            cloud_webhook_secret: Some(SECRETS[0].to_owned()),
            dc_webhook_secret: Some(SECRETS[1].to_owned()),
        };
        let bitbucket = Bitbucket::start(clock.clone(), settings).await.expect("it starts");
        for name in ["ada", "grace", "edsger", "mallory"] {
            bitbucket.add_person(name, &format!("{name} Example"), &format!("{name}@example.test"));
        }
        let repo = bitbucket
            .add_repository(edition, "web/api")
            .allow("ada", Permission::Write)
            .allow("grace", Permission::Admin)
            .allow("edsger", Permission::Read)
            .default_reviewer("grace");
        let branch = repo.branch("limit-rate");
        let _ = branch.with_commit("Count the calls", "ada").with_commit("Limit the rate", "ada");
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy();
        let http = client.timeout(Duration::from_secs(10)).build().expect("a client");
        Self { edition, bitbucket, clock, repo, http }
    }

    /// And ada's pull request is open; nobody waits to be told.
    pub async fn with_pull_request(edition: Edition) -> Self {
        let stage = Self::set(edition).await;
        let opened =
            stage.bitbucket.open_pull_request(&stage.repo, "ada", "Limit the rate", ("limit-rate", "main"));
        assert_eq!(opened, Ok(1));
        stage.bitbucket.take_deliveries();
        stage
    }

    /// A path below the repository's own.
    pub fn at(&self, path: &str) -> String {
        match self.edition {
            Edition::Cloud => format!("/repositories/web/api{path}"),
            Edition::DataCenter => format!("/api/latest/projects/WEB/repos/api{path}"),
        }
    }

    /// A path below pull request 1.
    pub fn pr(&self, path: &str) -> String {
        match self.edition {
            Edition::Cloud => self.at(&format!("/pullrequests/1{path}")),
            Edition::DataCenter => self.at(&format!("/pull-requests/1{path}")),
        }
    }

    pub async fn get(&self, who: &str, path: &str) -> Got {
        self.call(who, Method::GET, path, Value::Null).await
    }

    pub async fn post(&self, who: &str, path: &str, body: Value) -> Got {
        self.call(who, Method::POST, path, body).await
    }

    /// Calls with a personal token; nobody's when `who` is empty, the service's for `service`.
    pub async fn call(&self, who: &str, method: Method, path: &str, body: Value) -> Got {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.bitbucket.api_url(self.edition))
        };
        let request = self.http.request(method.clone(), url);
        let request = match who {
            "" => request,
            "service" => request.bearer_auth(self.bitbucket.service_token(self.edition)),
            who => request.bearer_auth(self.bitbucket.personal_token(self.edition, who)),
        };
        let request = match body {
            // Cloud wants a length even of nothing, and the client gives none by itself.
            Value::Null if method == Method::POST => request.header("Content-Length", "0"),
            Value::Null => request,
            body => request.json(&body),
        };
        got(request.send().await.expect("an answer")).await
    }

    /// The approval of pull request 1, in the edition's own way.
    pub async fn approves(&self, who: &str) -> Got {
        match self.edition {
            Edition::Cloud => self.post(who, &self.pr("/approve"), Value::Null).await,
            Edition::DataCenter => {
                let body = serde_json::json!({"status": "APPROVED"});
                self.call(who, Method::PUT, &self.pr(&format!("/participants/{who}")), body).await
            }
        }
    }

    /// A merge of pull request 1, in the edition's own way.
    pub async fn merges(&self, who: &str) -> Got {
        match self.edition {
            Edition::Cloud => self.post(who, &self.pr("/merge"), Value::Null).await,
            Edition::DataCenter => {
                let now = self.bitbucket.pull_request(&self.repo, 1).expect("it is there").version;
                self.post(who, &self.pr(&format!("/merge?version={now}")), Value::Null).await
            }
        }
    }

    /// Keys of what waits to be delivered.
    pub fn told(&self) -> Vec<String> {
        self.bitbucket.take_deliveries().into_iter().map(|delivery| delivery.key).collect()
    }
}

pub async fn got(response: reqwest::Response) -> Got {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap_or_default();
    let body = serde_json::from_str(&text).unwrap_or_default();
    Got { status, headers, body, text }
}
