//! The same wish in the words of either edition, over bare HTTP.

use dipper::sandbox::bitbucket::Edition;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Got, Stage};

/// A path of another REST module, which only Data Center has.
pub fn module(module: &str, path: &str) -> String {
    format!("/{module}/latest/projects/WEB/repos/api{path}")
}

impl Stage {
    /// The one of the two that this edition means.
    pub fn either<T>(&self, cloud: T, data_center: T) -> T {
        match self.edition {
            Edition::Cloud => cloud,
            Edition::DataCenter => data_center,
        }
    }

    pub async fn put(&self, who: &str, path: &str, body: Value) -> Got {
        self.call(who, Method::PUT, path, body).await
    }

    pub async fn delete(&self, who: &str, path: &str) -> Got {
        self.call(who, Method::DELETE, path, Value::Null).await
    }

    /// The whole hash that a branch points at.
    pub fn tip(&self, branch: &str) -> String {
        self.repo.branch(branch).tip().expect("it is there")
    }

    pub async fn makes_branch(&self, who: &str, name: &str, at: &str) -> Got {
        match self.edition {
            Edition::Cloud => {
                let body = json!({"name": name, "target": {"hash": at}});
                self.post(who, &self.at("/refs/branches"), body).await
            }
            Edition::DataCenter => {
                let body = json!({"name": name, "startPoint": at});
                self.post(who, &module("branch-utils", "/branches"), body).await
            }
        }
    }

    pub async fn drops_branch(&self, who: &str, name: &str) -> Got {
        match self.edition {
            Edition::Cloud => {
                self.delete(who, &self.at(&format!("/refs/branches/{}", name.replace('/', "%2F")))).await
            }
            Edition::DataCenter => {
                let body = json!({"name": format!("refs/heads/{name}"), "dryRun": false});
                self.call(who, Method::DELETE, &module("branch-utils", "/branches"), body).await
            }
        }
    }

    pub async fn tags(&self, who: &str, name: &str, message: &str) -> Got {
        let at = self.tip("main");
        let body = match self.edition {
            Edition::Cloud => json!({"name": name, "target": {"hash": at}, "message": message}),
            Edition::DataCenter => json!({"name": name, "startPoint": at, "message": message}),
        };
        self.post(who, &self.at(self.either("/refs/tags", "/tags")), body).await
    }

    pub async fn drops_tag(&self, who: &str, name: &str) -> Got {
        let cloud = self.at(&format!("/refs/tags/{}", name.replace('/', "%2F")));
        let data_center = module("git", &format!("/tags/{name}"));
        self.delete(who, &self.either(cloud, data_center)).await
    }

    /// Says something on pull request 1: perhaps on a line, perhaps in reply.
    pub async fn says(&self, who: &str, text: &str, line: Option<u64>, parent: Option<&Value>) -> Got {
        let mut body = self.either(json!({"content": {"raw": text}}), json!({"text": text}));
        if let Some(line) = line {
            let cloud = json!({"path": "src/limit_the_rate.rs", "to": line});
            let data_center = json!({"path": "src/limit_the_rate.rs", "line": line, "lineType": "ADDED",
                "fileType": "TO", "diffType": "EFFECTIVE"});
            body[self.either("inline", "anchor")] = self.either(cloud, data_center);
        }
        if let Some(parent) = parent {
            body["parent"] = json!({"id": parent});
        }
        self.post(who, &self.pr("/comments"), body).await
    }

    /// The same comment with other words.
    pub async fn rewords(&self, who: &str, id: &Value, version: u64, text: &str) -> Got {
        let data_center = json!({"text": text, "version": version});
        let body = self.either(json!({"content": {"raw": text}}), data_center);
        self.put(who, &self.pr(&format!("/comments/{id}")), body).await
    }

    /// Settles a thread, or opens it again.
    pub async fn settles(&self, who: &str, id: &Value, version: u64, settled: bool) -> Got {
        let path = self.pr(&format!("/comments/{id}"));
        match (self.edition, settled) {
            (Edition::Cloud, true) => self.post(who, &format!("{path}/resolve"), Value::Null).await,
            (Edition::Cloud, false) => self.delete(who, &format!("{path}/resolve")).await,
            (Edition::DataCenter, _) => {
                self.put(who, &path, json!({"threadResolved": settled, "version": version})).await
            }
        }
    }

    /// Leaves a task on pull request 1.
    pub async fn leaves_task(&self, who: &str, text: &str) -> Got {
        let (path, body) = self.either(
            ("/tasks", json!({"content": {"raw": text}})),
            ("/comments", json!({"text": text, "severity": "BLOCKER"})),
        );
        self.post(who, &self.pr(path), body).await
    }

    /// Changes pull request 1; Data Center wants to know which version is meant, and all reviewers.
    pub async fn changes(&self, who: &str, mut cloud: Value, mut data_center: Value) -> Got {
        let now = self.bitbucket.pull_request(&self.repo, 1).expect("it is there");
        if data_center.get("version").is_none() {
            data_center["version"] = now.version.into();
        }
        if data_center.get("reviewers").is_none() {
            data_center["reviewers"] =
                now.reviewers.iter().map(|one| json!({"user": {"name": one}})).collect();
        }
        self.put(who, &self.pr(""), self.either(cloud.take(), data_center.take())).await
    }

    /// Somebody's id on Cloud.
    pub fn uuid(&self, nickname: &str) -> String {
        let people = self.bitbucket.people();
        people.into_iter().find(|one| one.nickname == nickname).expect("they exist").uuid
    }
}
