//! `pr reviewers`: who is asked to review a pull request, and what they said; ask others, or no longer ask.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::whom::{self, Around};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::PrRef;
use crate::words::pull_request::{Person, PullRequest, Review, Verdict};
use crate::words::whom::Whom;

/// Show who is asked to review a pull request; ask others, or no longer ask
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Reviewers {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    /// Who is to review it: @ada, me or a Bitbucket name; may be repeated
    #[arg(long, value_name = "WHO")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    add: Vec<Whom>,
    /// Who is no longer asked; may be repeated
    #[arg(long, value_name = "WHO")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    remove: Vec<Whom>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
    /// Whether a form is to ask whom.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    asks: bool,
}

impl Runs for Reviewers {
    const NAME: &'static str = "pr.reviewers";
    const EXAMPLE: &'static str = "pr reviewers web/api#42 --add ada";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn changes(&self) -> Changes {
        if self.add.is_empty() && self.remove.is_empty() { Changes::Nothing } else { Changes::Bitbucket }
    }

    fn form(&self) -> Option<Form> {
        let does = Action::of(Self::NAME, self);
        if self.asks && self.add.is_empty() {
            let mut form = about::form("Ask for a review", "Ask", self.pr.as_ref(), does);
            form.fields.push(Field::new("add", "Reviewers", FieldKind::LookupMany("person".to_owned())));
            return Some(form);
        }
        self.pr.is_none().then(|| about::form("Reviewers", "Show", None, does))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let about = About::seen(cx, self.pr.as_ref()).await?;
        let around = Around { cx, bitbucket: about.bitbucket.as_ref(), repo: &about.name.repo };
        let added = around.all(&self.add, |at, whom| self.instead(true, at, whom)).await?;
        let removed = around.all(&self.remove, |at, whom| self.instead(false, at, whom)).await?;
        let acted = change(&about, &added, &removed).await?;
        let pr = about.refresh(cx).await?;
        Ok(self.shown.deliver(cx, listed(&pr, acted)))
    }
}

impl Reviewers {
    /// The same with another in the place of one.
    fn instead(&self, add: bool, at: usize, whom: Whom) -> Action {
        let mut other = self.clone();
        if add {
            other.add[at] = whom;
        } else {
            other.remove[at] = whom;
        }
        Action::of(Self::NAME, &other)
    }
}

/// Asks and no longer asks them, one after the other: what was done before one was refused is said.
async fn change(about: &About, added: &[Person], removed: &[Person]) -> Result<Vec<Line>, Failure> {
    let mut acted = Vec::new();
    let changes =
        added.iter().map(|person| (person, true)).chain(removed.iter().map(|person| (person, false)));
    for (person, asked) in changes {
        let (bitbucket, name) = (&about.bitbucket, &about.name);
        let answer = if asked {
            bitbucket.add_reviewer(name, &person.id).await
        } else {
            bitbucket.remove_reviewer(name, &person.id).await
        };
        let said = if asked { " is asked to review it." } else { " is no longer asked." };
        let line = Line::new().bold(&person.name).text(said);
        match answer.map_err(Failure::from) {
            Ok(()) => acted.push(line),
            Err(Failure::Told(mut why)) => {
                why.lines.extend(acted);
                return Err(Failure::Told(why));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(acted)
}

fn listed(pr: &PullRequest, acted: Vec<Line>) -> Message {
    let this = Action::named(Reviewers::NAME).with("pr", pr.name.to_string());
    let shown: Vec<&Review> =
        pr.reviews.iter().filter(|review| review.asked || review.verdict != Verdict::Waiting).collect();
    let head = if shown.is_empty() {
        linked(Line::new().text("Nobody is asked to review "), pr).text(".")
    } else {
        linked(Line::new().text("Reviewers of "), pr).text(":")
    };
    let message = acted.into_iter().fold(Message::default(), Message::and).and(head);
    let message = shown.into_iter().fold(message, |message, review| {
        let remove = this.clone().with("remove", vec![whom::exact(&review.person)]);
        let button = (review.asked && pr.is_open()).then(|| Button::new("Remove", remove));
        message.row(row(review), button)
    });
    if pr.is_open() { message.button(Button::new("Ask somebody", this.with("asks", true))) } else { message }
}

fn row(review: &Review) -> Line {
    let said = match review.verdict {
        Verdict::Approved => " approved",
        Verdict::NeedsWork => " wants changes",
        Verdict::Waiting => " has not said anything yet",
    };
    let line = Line::new().bold(&review.person.name).text(said);
    if review.asked { line } else { line.text(", without being asked") }
}
