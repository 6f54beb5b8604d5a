//! The demo plays through every hop, and names the one that is broken.

use std::io::{self, Write};
use std::time::Duration;

use dipper::cli::demo::{Stage, play};
use dipper::sandbox::bitbucket::Edition;
use dipper::sandbox::wire::Fault;

use super::{Surroundings, printed};

/// Writes the scene down, and breaks something as soon as it reads this.
struct Saboteur<'a> {
    stage: &'a Stage,
    cue: &'static str,
    breaks: Breaks,
    text: String,
    done: bool,
}

/// What is broken from then on.
#[derive(Clone, Copy)]
enum Breaks {
    /// This path of Slack's.
    Slack(&'static str),
    /// This path of Bitbucket's.
    Bitbucket(&'static str),
    /// Bitbucket's rights there: it refuses, and says so.
    Rights(&'static str),
}

impl Saboteur<'_> {
    fn act(&self) {
        let fault = |status| Fault::Refuse { status, retry_after: None, body: "{}" };
        let bitbucket = self.stage.bitbucket.faults(self.stage.edition);
        match self.breaks {
            Breaks::Slack(path) => self.stage.slack.faults.next(path, &fault(500), 100),
            Breaks::Bitbucket(path) => bitbucket.next(path, &fault(500), 100),
            Breaks::Rights(path) => bitbucket.next(path, &fault(403), 100),
        }
    }
}

impl Write for Saboteur<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.text.push_str(&String::from_utf8_lossy(bytes));
        if !self.done && self.text.contains(self.cue) {
            self.done = true;
            self.act();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The hop at which it stops when this is broken at that cue.
async fn stops_at(edition: Edition, cue: &'static str, breaks: Breaks) -> String {
    let mut stage = Stage::set(edition).await.unwrap();
    stage.patience = Duration::from_secs(4);
    let mut out = Saboteur { stage: &stage, cue, breaks, text: String::new(), done: false };
    let played = play(&stage, &mut out).await;
    let text = out.text;
    stage.strike().await;
    let broken = played.expect_err(&text);
    assert!(broken.to_string().contains(broken.hop), "{broken}");
    broken.hop.to_owned()
}

async fn both_stop_at(hop: &str, cue: &'static str, breaks: impl Fn(Edition) -> Breaks) {
    let (cloud, dc) = tokio::join!(
        Box::pin(stops_at(Edition::Cloud, cue, breaks(Edition::Cloud))),
        Box::pin(stops_at(Edition::DataCenter, cue, breaks(Edition::DataCenter))),
    );
    assert_eq!((cloud.as_str(), dc.as_str()), (hop, hop));
}

fn pull_requests(edition: Edition, rest: &str) -> String {
    match edition {
        Edition::Cloud => format!("pullrequests{rest}"),
        Edition::DataCenter => format!("pull-requests{rest}"),
    }
}

#[tokio::test]
async fn the_demo_plays_on_both_editions_and_ends_well() {
    let around = Surroundings::new().await;
    let mut command = around.command(&["demo", "--once"]);
    command.env_clear().env("DIPPER_DATABASE_URL", "nonsense").env("SLACK_API_URL", "nonsense");
    let played = tokio::time::timeout(Duration::from_mins(2), command.output()).await.unwrap().unwrap();
    let text = printed(&played);
    assert_eq!(played.status.code(), Some(0), "{text}\n{}", String::from_utf8_lossy(&played.stderr));
    for line in [
        "— cloud —",
        "— dc —",
        "You approved WEB/api#1",
        "Merged web/api#1",
        "1 open pull request that waits",
    ] {
        assert!(text.contains(line), "{line} in:\n{text}");
    }
}

#[tokio::test]
async fn a_demo_without_answers_stops_at_the_command() {
    both_stop_at("a slash command is answered", "—", |_| Breaks::Slack("POST /response/")).await;
}

#[tokio::test]
async fn a_demo_without_sign_in_stops_in_the_browser() {
    both_stop_at("an account is connected in the browser", "—", |_| Breaks::Bitbucket("/authorize")).await;
}

#[tokio::test]
async fn a_demo_without_tokens_stops_in_the_browser() {
    both_stop_at("an account is connected in the browser", "—", |edition| match edition {
        Edition::Cloud => Breaks::Bitbucket("/access_token"),
        Edition::DataCenter => Breaks::Bitbucket("/token"),
    })
    .await;
}

#[tokio::test]
async fn a_demo_without_private_messages_stops_at_the_welcome() {
    let hop = "the person is told in private that they are connected";
    both_stop_at(hop, "—", |_| Breaks::Slack("conversations.open")).await;
}

#[tokio::test]
async fn a_demo_without_commits_stops_there() {
    both_stop_at("commits are listed", "—", |_| Breaks::Bitbucket("/commits")).await;
    both_stop_at("commits are listed", "—", |_| Breaks::Rights("/commits")).await;
}

#[tokio::test]
async fn a_demo_that_may_not_join_stops_at_the_subscription() {
    both_stop_at("a channel subscribes", "—", |_| Breaks::Slack("conversations.join")).await;
}

#[tokio::test]
async fn a_demo_without_messages_stops_at_the_card() {
    both_stop_at("a webhook becomes a card", "(in Bitbucket", |_| Breaks::Slack("chat.postMessage")).await;
}

#[tokio::test]
async fn a_demo_without_approvals_stops_at_the_button() {
    both_stop_at("a button approves as the person who pressed it", "[Approve]", |edition| match edition {
        Edition::Cloud => Breaks::Bitbucket("/approve"),
        Edition::DataCenter => Breaks::Rights("/participants/"),
    })
    .await;
}

#[tokio::test]
async fn a_demo_without_edits_stops_at_the_card() {
    both_stop_at("the card is edited in place", "[Approve]", |_| Breaks::Slack("chat.update")).await;
}

#[tokio::test]
async fn a_demo_without_merges_stops_at_the_button() {
    both_stop_at("a button merges as the person who pressed it", "presses [Merge]", |_| {
        Breaks::Rights("/merge")
    })
    .await;
}

#[tokio::test]
async fn a_demo_without_forms_stops_there() {
    let merge = "a button merges as the person who pressed it";
    both_stop_at(merge, "—", |_| Breaks::Slack("views.open")).await;
    both_stop_at("a form opens", "Dipper, in the form", |_| Breaks::Slack("views.open")).await;
}

#[tokio::test]
async fn a_demo_without_branches_stops_at_the_lookup() {
    both_stop_at("a form looks up branches", "/bb pr open", |_| Breaks::Bitbucket("/branches")).await;
}

#[tokio::test]
async fn a_demo_that_may_not_open_stops_at_the_form() {
    both_stop_at("a filled-in form opens a pull request", "/bb pr open", |edition| match edition {
        Edition::Cloud => Breaks::Rights(leaked("POST /2.0/repositories/web/api/", edition)),
        Edition::DataCenter => {
            Breaks::Rights(leaked("POST /rest/api/latest/projects/web/repos/api/", edition))
        }
    })
    .await;
}

/// A path that lives as long as the test.
fn leaked(before: &str, edition: Edition) -> &'static str {
    format!("{before}{}", pull_requests(edition, "")).leak()
}

#[tokio::test]
async fn a_demo_that_sees_no_repository_stops_at_the_digest() {
    both_stop_at("a digest is set", "/bb digest", |edition| match edition {
        Edition::Cloud => Breaks::Rights("/repositories/"),
        Edition::DataCenter => Breaks::Rights("/projects/"),
    })
    .await;
}

#[tokio::test]
async fn a_demo_without_messages_stops_at_the_digest() {
    both_stop_at("a digest comes when its time comes", "(a minute later)", |_| {
        Breaks::Slack("chat.postMessage")
    })
    .await;
}
