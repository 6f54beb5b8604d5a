//! One recording, served where its operation asks, and read by it.

use dipper::bitbucket::{Bitbucket, Edition};
use dipper::words::code::{Lines, Range};
use dipper::words::commit::CommitFilter;
use dipper::words::names::PersonId;
use dipper::words::pull_request::PullRequestFilter;
use dipper::words::webhook::HookPlace;
use serde_json::{Value, json};

use crate::bitbucket_client::pairs::Operation as O;
use crate::bitbucket_client::server::{HASH, Server, ok, pr, repo, says, sorted};

const MOST: usize = 500;

pub(crate) struct Reading {
    edition: Edition,
    operation: O,
    body: Value,
}

impl Reading {
    pub(crate) fn new(edition: Edition, operation: O, mut body: Value) -> Self {
        if body.is_object() {
            for (field, value) in [("next", Value::Null), ("isLastPage", json!(true))] {
                body[field] = value;
            }
        }
        Self { edition, operation, body }
    }

    /// Everything in it is read, and what its operation has to find is found.
    pub(crate) async fn check(&self, name: &str) {
        let server = Server::start().await;
        server.on(&self.line(), says(self.status(), &self.served().to_string()));
        self.surround(&server);
        let bitbucket: Box<dyn Bitbucket> = match self.edition {
            Edition::Cloud => server.cloud(),
            Edition::DataCenter => server.dc(),
        };
        let found = self.found(&*bitbucket).await;
        assert_eq!(found, self.expected(), "{name}");
    }

    /// What else its operation asks on the way.
    fn surround(&self, server: &Server) {
        let none = ok(&json!({"values": [], "isLastPage": true}));
        let repository = json!({"slug": "api", "id": 1, "project": {"key": "web"}});
        match self.operation {
            O::FileMeta => {
                server.on(&self.line(), says(200, "text"));
            }
            O::Workspaces => {
                for entry in self.body["values"].as_array().unwrap() {
                    let slug = entry["workspace"]["slug"].as_str().unwrap();
                    let found = json!({"values": [{"full_name": format!("{slug}/api")}]});
                    server.on(&format!("GET /2.0/repositories/{slug}"), ok(&found));
                }
            }
            O::Commit => {
                let of = format!("commit/{HASH}/statuses");
                server.on(&format!("GET /2.0/repositories/web/api/{of}"), none.clone());
                server.on(&format!("GET /bitbucket/rest/build-status/latest/commits/{HASH}"), none);
            }
            O::DefaultReviewers | O::MainBranch => {
                server.on("GET /bitbucket/rest/api/latest/projects/web/repos/api", ok(&repository));
            }
            _ => {}
        }
    }

    fn status(&self) -> u16 {
        if self.operation == O::Refusal { 400 } else { 200 }
    }

    /// What is shown alone is served as a list of one, where only lists are read.
    fn served(&self) -> Value {
        let wrapped = match self.operation {
            O::Branch | O::Tag | O::Build | O::Webhook => true,
            O::Comment => {
                let step = json!({"action": "COMMENTED", "commentAction": "ADDED", "comment": self.body});
                return json!({"values": [step], "isLastPage": true});
            }
            _ => false,
        };
        if wrapped { json!({"values": [self.body], "isLastPage": true}) } else { self.body.clone() }
    }

    fn line(&self) -> String {
        match self.edition {
            Edition::Cloud => format!("GET /2.0{}", self.cloud_path()),
            Edition::DataCenter => format!("GET /bitbucket/rest{}", self.dc_path()),
        }
    }

    fn cloud_path(&self) -> String {
        let repo = "/repositories/web/api";
        match self.operation {
            O::Person => "/users/ada".to_owned(),
            O::People => "/workspaces/web/members".to_owned(),
            O::Repositories => "/repositories/web".to_owned(),
            O::Workspaces => "/user/workspaces".to_owned(),
            O::DefaultReviewers => format!("{repo}/effective-default-reviewers"),
            O::Branch | O::Branches => format!("{repo}/refs/branches"),
            O::Tag | O::Tags => format!("{repo}/refs/tags"),
            O::Commit => format!("{repo}/commit/{HASH}"),
            O::Commits => format!("{repo}/commits"),
            O::Changes => format!("{repo}/diffstat/{HASH}..{HASH}"),
            O::FileMeta => format!("{repo}/src/{HASH}/x"),
            O::PullRequest => format!("{repo}/pullrequests/7"),
            O::PullRequests => format!("{repo}/pullrequests"),
            O::PullRequestCommits => format!("{repo}/pullrequests/7/commits"),
            O::Comments => format!("{repo}/pullrequests/7/comments"),
            O::Build | O::Builds => format!("{repo}/commit/{HASH}/statuses"),
            O::Webhook | O::Webhooks => format!("{repo}/hooks"),
            _ => repo.to_owned(),
        }
    }

    fn dc_path(&self) -> String {
        let repo = "/api/latest/projects/web/repos/api";
        match self.operation {
            O::Person => "/api/latest/users/ada".to_owned(),
            O::People => "/api/latest/users".to_owned(),
            O::Repositories => "/api/latest/repos".to_owned(),
            O::DefaultReviewers => "/default-reviewers/latest/projects/web/repos/api/reviewers".to_owned(),
            O::MainBranch => format!("{repo}/default-branch"),
            O::Branch | O::Branches => format!("{repo}/branches"),
            O::Tag | O::Tags => format!("{repo}/tags"),
            O::Commit => format!("{repo}/commits/{HASH}"),
            O::Commits => format!("{repo}/commits"),
            O::FileLines => format!("{repo}/browse/x"),
            O::PullRequest => format!("{repo}/pull-requests/7"),
            O::PullRequests => format!("{repo}/pull-requests"),
            O::PullRequestCommits => format!("{repo}/pull-requests/7/commits"),
            O::PullRequestChanges => format!("{repo}/pull-requests/7/changes"),
            O::Strategies => format!("{repo}/settings/pull-requests"),
            O::Mergeability => format!("{repo}/pull-requests/7/merge"),
            O::Activity | O::Comment => format!("{repo}/pull-requests/7/activities"),
            O::Build | O::Builds => format!("/build-status/latest/commits/{HASH}"),
            O::Webhook | O::Webhooks => format!("{repo}/webhooks"),
            O::Refusal => format!("{repo}/pull-requests/9"),
            _ => repo.to_owned(),
        }
    }

    /// What should come of it, in a word or a number.
    fn expected(&self) -> String {
        let entries = self.body["values"].as_array().map_or(0, Vec::len);
        match self.operation {
            O::Person
            | O::Repository
            | O::Commit
            | O::PullRequest
            | O::Branch
            | O::Tag
            | O::Build
            | O::Webhook => "1".to_owned(),
            O::Comment => thread(&self.body).to_string(),
            O::MainBranch => text(&self.body["displayId"]),
            O::Strategies => text(&self.body["mergeConfig"]["defaultStrategy"]["id"]),
            O::Mergeability => text(&self.body["canMerge"]),
            O::FileLines => self.body["lines"].as_array().unwrap().len().to_string(),
            O::FileMeta => "text".to_owned(),
            O::Refusal => "refused".to_owned(),
            O::DefaultReviewers if self.body.is_array() => {
                let conditions = self.body.as_array().unwrap().iter();
                conditions.map(|one| one["reviewers"].as_array().unwrap().len()).sum::<usize>().to_string()
            }
            _ => entries.to_string(),
        }
    }

    async fn found(&self, bitbucket: &dyn Bitbucket) -> String {
        match self.operation {
            O::MainBranch => bitbucket.repository(&repo()).await.unwrap().main_branch.unwrap(),
            O::Strategies => bitbucket.merge_strategies(&pr()).await.unwrap().usual.unwrap(),
            O::Mergeability => bitbucket.mergeability(&pr()).await.unwrap().can.unwrap().to_string(),
            O::FileMeta => {
                let lines = Lines { first: 1, last: MOST };
                bitbucket.file(&repo(), "x", Some(HASH), lines).await.unwrap().lines.join("|")
            }
            O::Workspaces => bitbucket.find_repositories("", MOST).await.unwrap().len().to_string(),
            O::Refusal => {
                let pr = "here:web/api#9".parse().unwrap();
                let said = sorted(bitbucket.pull_request(&pr).await);
                let words = said.strip_prefix("refused: ").expect("it is refused in words").to_owned();
                assert!(words.len() > 3, "{words}");
                "refused".to_owned()
            }
            _ => self.count(bitbucket).await.to_string(),
        }
    }

    async fn count(&self, bitbucket: &dyn Bitbucket) -> usize {
        let place = HookPlace::Repository(repo());
        match self.operation {
            O::Person => bitbucket.person(&PersonId::new("ada")).await.map(|_| 1).unwrap(),
            O::People => bitbucket.people_named("web", "", MOST).await.unwrap().len(),
            O::Repository => bitbucket.repository(&repo()).await.map(|_| 1).unwrap(),
            O::Repositories => bitbucket.repositories("web", "", MOST).await.unwrap().len(),
            O::DefaultReviewers => bitbucket.default_reviewers(&repo(), "a", "b").await.unwrap().len(),
            O::Branch | O::Branches => bitbucket.branches(&repo(), "", MOST).await.unwrap().len(),
            O::Tag | O::Tags => bitbucket.tags(&repo(), "", MOST).await.unwrap().len(),
            O::Build | O::Builds => bitbucket.builds(&repo(), HASH, MOST).await.unwrap().len(),
            O::Webhook | O::Webhooks => bitbucket.webhooks(&place, MOST).await.unwrap().len(),
            _ => self.count_code(bitbucket).await,
        }
    }

    async fn count_code(&self, bitbucket: &dyn Bitbucket) -> usize {
        let ends = Range { base: HASH.to_owned(), head: HASH.to_owned() };
        let lines = Lines { first: 1, last: MOST };
        let all = PullRequestFilter::default();
        match self.operation {
            O::Commit => bitbucket.commit(&repo(), HASH).await.map(|_| 1).unwrap(),
            O::Commits => {
                bitbucket.commits(&repo(), &CommitFilter::of(Some("main")), MOST).await.unwrap().len()
            }
            O::Changes => bitbucket.changes(&repo(), &ends, MOST).await.unwrap().files.len(),
            O::FileLines => bitbucket.file(&repo(), "x", Some("main"), lines).await.unwrap().lines.len(),
            O::PullRequest => bitbucket.pull_request(&pr()).await.map(|_| 1).unwrap(),
            O::PullRequests => bitbucket.pull_requests(&repo(), &all, MOST).await.unwrap().len(),
            O::PullRequestCommits => bitbucket.pull_request_commits(&pr(), MOST).await.unwrap().len(),
            O::PullRequestChanges => bitbucket.pull_request_changes(&pr(), MOST).await.unwrap().files.len(),
            O::Activity => bitbucket.activity(&pr(), MOST).await.unwrap().len(),
            O::Comment | O::Comments => bitbucket.comments(&pr(), MOST).await.unwrap().len(),
            other => panic!("nothing reads {other:?}"),
        }
    }
}

/// A comment and all that answer it.
fn thread(comment: &Value) -> usize {
    1 + comment["comments"].as_array().into_iter().flatten().map(thread).sum::<usize>()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
