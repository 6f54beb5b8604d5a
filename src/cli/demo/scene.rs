//! The one scene: connect, look, subscribe, be told, approve, merge, open with a form, and a digest.

use std::io::Write;
use std::time::{Duration, Instant};

use super::{Broken, Stage};
use crate::sandbox::browser::Browser;
use crate::sandbox::slack::{Ack, Form, Message, Person};
use crate::sandbox::transcript;

const CHANNEL: &str = "#web";
/// How often one looks whether something has happened.
const LOOK: Duration = Duration::from_millis(20);

/// So long it has to be quiet before somebody is told something in private.
const BURST: Duration = Duration::from_secs(4);

/// Somebody's part in the scene, and where it is written down.
struct Part<'a, W> {
    stage: &'a Stage,
    ada: Person,
    out: &'a mut W,
    hop: &'static str,
}

/// Plays it to the end, or to the hop that fails.
pub async fn play(stage: &Stage, out: &mut (impl Write + Send)) -> Result<(), Broken> {
    let ada = stage.person("ada")?;
    let mut part = Part { stage, ada, out, hop: "the beginning" };
    part.tell(&format!("— {} —", stage.instance()))?;
    part.connects().await?;
    part.looks_around().await?;
    let card = part.is_told_of_a_pull_request().await?;
    part.approves(&card).await?;
    part.merges(&card).await?;
    part.opens_one_with_a_form().await?;
    part.gets_a_digest().await
}

impl<W: Write + Send> Part<'_, W> {
    async fn connects(&mut self) -> Result<(), Broken> {
        self.hop = "a slash command is answered";
        let command = format!("/bb connect {}", self.stage.instance());
        let answer = self.types(&command, "").await?;
        let label = format!("Connect your account on {}", self.stage.instance());
        let link = answer.link(&label).ok_or_else(|| self.broken("the answer holds no link"))?;
        self.hop = "an account is connected in the browser";
        let mut browser = Browser::new().map_err(|error| self.broken(error))?;
        let mut page = browser.open(&link).await.map_err(|error| self.broken(error))?;
        for button in ["Go on to Bitbucket", "Sign in as ada", "Connect them"] {
            self.tell(&format!("  (browser) {} [{button}]", page.text()))?;
            page = browser.press(&page, button).await.map_err(|error| self.broken(error))?;
        }
        self.tell(&format!("  (browser) {}", page.text()))?;
        self.hop = "the person is told in private that they are connected";
        self.private().await.map(drop)
    }

    async fn looks_around(&mut self) -> Result<(), Broken> {
        self.hop = "commits are listed";
        self.types("/bb commits web/api --branch limit-rate", "Latest commits in").await?;
        self.hop = "a channel subscribes";
        self.types("/bb subscribe web/api opened approved merged", "is now told of").await.map(drop)
    }

    async fn is_told_of_a_pull_request(&mut self) -> Result<Message, Broken> {
        self.hop = "a webhook becomes a card";
        self.tell("(in Bitbucket, grace opens a pull request)")?;
        let branches = ("limit-rate", "main");
        let opened =
            self.stage.bitbucket.open_pull_request(self.stage.repo(), "grace", "Limit the rate", branches);
        opened.map_err(|error| self.broken(error))?;
        let card = self.heard(|message| message.thread_ts.is_none() && !message.edited).await?;
        self.hop = "a reviewer is asked in private";
        self.stage.advance(BURST);
        self.private().await?;
        Ok(card)
    }

    async fn approves(&mut self, card: &Message) -> Result<(), Broken> {
        self.hop = "a button approves as the person who pressed it";
        self.presses(card, "Approve").await?;
        self.private().await?;
        let approved =
            self.stage.bitbucket.pull_request(self.stage.repo(), 1).map_err(|error| self.broken(error))?;
        if approved.approvals != ["ada"] {
            return Err(self.broken("Bitbucket knows of no approval by ada"));
        }
        self.hop = "the card is edited in place";
        self.heard(|message| message.edited).await.map(drop)
    }

    async fn merges(&mut self, card: &Message) -> Result<(), Broken> {
        self.hop = "a button merges as the person who pressed it";
        self.presses(card, "Merge").await?;
        self.until("the form did not say how it can be merged", |part| {
            part.ada.form().filter(|form| part.reads(form).contains("Strategy: ")).map(drop)
        })
        .await?;
        let ack = self.ada.submits().await;
        self.accepted(&ack)?;
        self.answered_in_the_form("Merged").await?;
        self.ada.closes().await;
        let merged =
            self.stage.bitbucket.pull_request(self.stage.repo(), 1).map_err(|error| self.broken(error))?;
        if merged.is_open() {
            return Err(self.broken("Bitbucket says it is still open"));
        }
        Ok(())
    }

    async fn opens_one_with_a_form(&mut self) -> Result<(), Broken> {
        self.hop = "a form opens";
        self.sends("/bb pr open web/api").await?;
        self.until("no form opened", |part| part.ada.form().map(drop)).await?;
        self.hop = "a form looks up branches";
        let offered = self.ada.looks_up("Source branch", "typo").await;
        if offered != ["fix-typo"] {
            return Err(self.broken(format!("it offered {offered:?}")));
        }
        self.ada.picks("Source branch", "typo", "fix-typo").await;
        self.hop = "a form is filled from its branch";
        let names = self.stage.slack.names();
        let filled = |part: &mut Self| {
            let read = transcript::form(&part.ada.form()?, &names);
            read.contains("Title: Fix a typo").then_some(())
        };
        self.until("its title stayed empty", filled).await?;
        self.hop = "a filled-in form opens a pull request";
        let ack = self.ada.submits().await;
        self.accepted(&ack)?;
        let stage = self.stage;
        self.until("no second pull request appeared", |_| stage.bitbucket.pull_request(stage.repo(), 2).ok())
            .await?;
        self.answered_in_the_form("You opened").await
    }

    /// Waits for the form to turn into its answer, which says this.
    async fn answered_in_the_form(&mut self, says: &str) -> Result<(), Broken> {
        let read = self
            .until("the form did not turn into an answer", |part| {
                let done = part.ada.form().filter(|form| form.body["submit"].is_null());
                done.map(|form| part.reads(&form)).filter(|read| read.contains(says))
            })
            .await?;
        self.tell(&indented("Dipper, in the form", &read))
    }

    fn reads(&self, form: &Form) -> String {
        transcript::form(form, &self.stage.slack.names())
    }

    async fn gets_a_digest(&mut self) -> Result<(), Broken> {
        self.hop = "a digest is set";
        self.types("/bb digest add web/api \"* * * * *\" --zone UTC", "Digest of").await?;
        self.hop = "a digest comes when its time comes";
        self.tell("(a minute later)")?;
        self.stage.advance(Duration::from_mins(1));
        let names = self.stage.slack.names();
        self.heard(|message| transcript::message(message, &names).contains("open pull request that waits"))
            .await
            .map(drop)
    }

    /// Types a command and waits for its answer, which says this.
    async fn types(&mut self, text: &str, says: &str) -> Result<Message, Broken> {
        self.sends(text).await?;
        let answer = self.private().await?;
        let told = transcript::message(&answer, &self.stage.slack.names());
        if told.contains(says) { Ok(answer) } else { Err(self.broken(format!("the answer was: {told}"))) }
    }

    async fn sends(&mut self, text: &str) -> Result<(), Broken> {
        self.tell(&format!("ada in {CHANNEL}: {text}"))?;
        let ack = self.ada.types(CHANNEL, text).await;
        self.accepted(&ack)
    }

    async fn presses(&mut self, message: &Message, label: &str) -> Result<(), Broken> {
        self.tell(&format!("ada presses [{label}]"))?;
        let ack = self.ada.clicks(message, label).await;
        self.accepted(&ack)
    }

    fn accepted(&self, ack: &Ack) -> Result<(), Broken> {
        if ack.status == 200 {
            Ok(())
        } else {
            Err(self.broken(format!("the bot answered {} {}", ack.status, ack.body)))
        }
    }

    /// What only ada is told next.
    async fn private(&mut self) -> Result<Message, Broken> {
        let message = self.until("no answer came", |part| part.ada.told().into_iter().next_back()).await?;
        let text = transcript::message(&message, &self.stage.slack.names());
        self.tell(&indented("Dipper to ada", &text))?;
        Ok(message)
    }

    /// What the channel hears next that is like this.
    async fn heard(&mut self, like: impl Fn(&Message) -> bool) -> Result<Message, Broken> {
        let found = |part: &mut Self| {
            let heard = part.stage.slack.heard(CHANNEL);
            heard.into_iter().find(|message| like(message))
        };
        let message = self.until("the channel heard nothing of it", found).await?;
        let text = transcript::message(&message, &self.stage.slack.names());
        self.tell(&indented(&format!("Dipper in {CHANNEL}"), &text))?;
        Ok(message)
    }

    async fn until<T>(&mut self, why: &str, look: impl Fn(&mut Self) -> Option<T>) -> Result<T, Broken> {
        let begun = Instant::now();
        while begun.elapsed() < self.stage.patience {
            if let Some(found) = look(self) {
                return Ok(found);
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(self.broken(why))
    }

    fn tell(&mut self, line: &str) -> Result<(), Broken> {
        writeln!(self.out, "{line}").map_err(|error| Broken { hop: self.hop, why: error.to_string() })
    }

    #[expect(clippy::needless_pass_by_value, reason = "errors and sentences alike")]
    fn broken(&self, why: impl ToString) -> Broken {
        Broken { hop: self.hop, why: why.to_string() }
    }
}

fn indented(who: &str, text: &str) -> String {
    format!("{who}:\n    {}", text.replace('\n', "\n    "))
}
