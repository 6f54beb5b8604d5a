//! `pr merge`: merge a pull request, as you; the button's form shows how it can be merged, and what still
//! stands in the way.

use clap::Args;
use futures_util::future;
use serde::{Deserialize, Serialize};

use super::about::{self, About, linked};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::views::card;
use crate::words::merge::{self, Mergeability, Strategies, Strategy};
use crate::words::message::{Action, Button, Choice, Field, FieldKind, Form, Line, Message};
use crate::words::names::PrRef;
use crate::words::pull_request::State;

/// Merge a pull request
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Merge {
    /// The pull request, like web/api#42; a form asks when left out
    #[serde(default)]
    pr: Option<PrRef>,
    /// How, as its repository offers it, like squash
    #[arg(long)]
    #[serde(default)]
    strategy: Option<String>,
    /// The message of the commit
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    message: Option<String>,
    /// Delete the source branch once it is merged
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    close_source: bool,
    /// A button wants its form, although nothing is missing.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    ask: bool,
    /// What its form was filled with: a box that is not ticked there means that the branch stays.
    #[arg(skip)]
    #[serde(default)]
    closes: Option<bool>,
}

impl Runs for Merge {
    const NAME: &'static str = "pr.merge";
    const EXAMPLE: &'static str = "pr merge web/api#42 --strategy squash";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;
    const FILLS: bool = true;

    fn form(&self) -> Option<Form> {
        if self.pr.is_some() && !self.ask {
            return None;
        }
        let does = Action::of(Self::NAME, &Self { pr: self.pr.clone(), ask: true, ..Self::default() });
        let mut form = about::refilled(about::form("Merge a pull request", "Merge", self.pr.as_ref(), does));
        form.fields.extend(self.fields(self.close_source));
        Some(form)
    }

    async fn fill(&self, cx: &Context<'_>, mut form: Form) -> Result<Form, Failure> {
        if self.pr.is_none() {
            return Ok(form);
        }
        let subject = About::of(cx, self.pr.as_ref()).await?;
        let pr = subject.open(cx).await?;
        let strategies = subject.bitbucket.merge_strategies(&pr.name);
        let (strategies, mergeable) =
            future::try_join(strategies, subject.bitbucket.mergeability(&pr.name)).await?;
        form.intro = vec![linked(Line::new(), &pr), card::branches(&pr)];
        form.intro.extend(in_the_way(&mergeable));
        form.fields.retain(|field| field.name == "pr");
        form.fields.extend(self.ways(&strategies));
        let ticked = if self.closes.is_some() { self.close_source } else { strategies.closes_source };
        form.fields.extend(self.fields(ticked));
        form.does = form.does.with("closes", strategies.closes_source);
        Ok(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let subject = About::of(cx, self.pr.as_ref()).await?;
        let before = if cx.again { Some(subject.look().await?) } else { None };
        let pr = match before {
            // An earlier attempt got through before it could say so.
            Some(pr) if pr.state == State::Merged => pr,
            _ => {
                let how = self.how(&subject).await?;
                subject.or_why(cx, subject.bitbucket.merge(&subject.name, &how).await).await?
            }
        };
        cx.keep_true(&pr).await?;
        let line = linked(Line::new().text("Merged "), &pr);
        Ok(Message::line(line.text(" into ").code(&pr.target).text(".")))
    }
}

impl Merge {
    /// What its form asks whatever the repository offers.
    fn fields(&self, closes: bool) -> [Field; 2] {
        let message = Field::new("message", "Commit message", FieldKind::LongText);
        [
            message.filled(self.message.clone()).hint("Bitbucket writes its own when left empty").optional(),
            Field::new("close_source", "Delete the source branch", FieldKind::Flag).ticked(closes),
        ]
    }

    /// The strategies to choose from, the usual one chosen.
    fn ways(&self, strategies: &Strategies) -> Option<Field> {
        let choice = |one: &Strategy| Choice { text: titled(&one.name), value: one.id.clone() };
        let choices: Vec<Choice> = strategies.offered.iter().map(choice).collect();
        let wanted = self.strategy.as_ref().and_then(|wanted| found(strategies, wanted));
        let chosen = wanted.map(|one| one.id.clone()).or_else(|| strategies.usual.clone());
        let field = Field::new("strategy", "Strategy", FieldKind::Choice(choices));
        (!strategies.offered.is_empty()).then(|| field.filled(chosen))
    }

    /// How it is to be merged, once it is sure that it can be merged so here.
    async fn how(&self, subject: &About) -> Result<merge::Merge, Failure> {
        let strategy = match &self.strategy {
            None => None,
            Some(wanted) => {
                let strategies = subject.bitbucket.merge_strategies(&subject.name).await?;
                let one = found(&strategies, wanted).map(|one| one.id.clone());
                Some(one.ok_or_else(|| self.did_you_mean(subject, wanted, &strategies))?)
            }
        };
        let message = self.message.clone().filter(|text| !text.trim().is_empty());
        let close_source = (self.close_source || self.closes.is_some()).then_some(self.close_source);
        Ok(merge::Merge { strategy, message, close_source })
    }

    /// The strategies there are, each as the button that merges by it.
    fn did_you_mean(&self, subject: &About, wanted: &str, strategies: &Strategies) -> Failure {
        let line = Line::new().bold(subject.name.repo.short()).text(" offers no strategy ").code(wanted);
        let message = Message::line(line.text(". Merge by one of these instead?"));
        let by = |one: &Strategy| {
            let command = Self { strategy: Some(one.id.clone()), ..self.clone() };
            Button::new(titled(&one.name), Action::of(Self::NAME, &command))
        };
        Failure::Told(Box::new(strategies.offered.iter().map(by).fold(message, Message::button)))
    }
}

/// The strategy that somebody means, by what Bitbucket or what people call it.
fn found<'a>(strategies: &'a Strategies, wanted: &str) -> Option<&'a Strategy> {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(wanted);
    strategies.offered.iter().find(|one| plain(&one.id) == wanted || plain(&one.name) == wanted)
}

fn titled(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What stands in the way, or at least speaks against it.
fn in_the_way(mergeable: &Mergeability) -> Vec<Line> {
    if mergeable.reasons.is_empty() {
        return Vec::new();
    }
    let head = match mergeable.can {
        Some(false) => "Bitbucket will not merge it yet:",
        _ => "Before you merge:",
    };
    let reasons = mergeable.reasons.iter().map(|reason| Line::new().text(format!("• {reason}")));
    std::iter::once(Line::from(head)).chain(reasons).collect()
}
