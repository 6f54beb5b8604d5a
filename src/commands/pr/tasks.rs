//! `pr tasks`: what is to be done before a pull request is merged: listed, set, ticked off, taken back.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::{self, About, MOST, clipped, linked, since_asked};
use super::number::Number;
use super::spoken;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::words::comment::{NewTask, Task};
use crate::words::message::{Action, Button, Choice, Field, FieldKind, Form, Line, Message};
use crate::words::names::PrRef;
use crate::words::pull_request::PullRequest;

/// How many stand on a page.
const PER_PAGE: usize = 15;
/// How much of a task is shown.
const WORDS: usize = 300;

/// List a pull request's tasks; add, finish, reopen or remove one
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Tasks {
    /// The pull request, like web/api#42
    #[serde(default)]
    pr: Option<PrRef>,
    /// A task to add
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    add: Option<String>,
    /// The number of one that is done
    #[arg(long, value_name = "NUMBER")]
    #[serde(default)]
    done: Option<Number>,
    /// The number of one that is not done after all
    #[arg(long, value_name = "NUMBER")]
    #[serde(default)]
    reopen: Option<Number>,
    /// The number of one to remove
    #[arg(long, value_name = "NUMBER")]
    #[serde(default)]
    remove: Option<Number>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
    /// What a form is to ask for.
    #[arg(skip)]
    #[serde(default)]
    asks: Option<Asks>,
}

/// What a form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Asks {
    /// What is to be done.
    Add,
    /// Which one goes.
    Remove,
}

impl Runs for Tasks {
    const NAME: &'static str = "pr.tasks";
    const EXAMPLE: &'static str = "pr tasks web/api#42 --add \"Write a test\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;
    const FILLS: bool = true;

    fn changes(&self) -> Changes {
        let acts = [self.done, self.reopen, self.remove].iter().any(Option::is_some);
        if acts || self.add.is_some() { Changes::Bitbucket } else { Changes::Nothing }
    }

    fn form(&self) -> Option<Form> {
        let does = Action::of(Self::NAME, self);
        let form = |title: &str, submit: &str| {
            about::refilled(about::form(title, submit, self.pr.as_ref(), does.clone()))
        };
        let mut form = match self.asks {
            Some(Asks::Add) if self.add.is_none() => form("Add a task", "Add"),
            Some(Asks::Remove) if self.remove.is_none() => form("Remove a task", "Remove"),
            _ if self.pr.is_none() => form("Tasks", "Show"),
            _ => return None,
        };
        form.fields.extend(match self.asks {
            Some(Asks::Add) => Some(Field::new("add", "What is to be done", FieldKind::LongText)),
            Some(Asks::Remove) => Some(Field::new("remove", "Task", FieldKind::Choice(Vec::new()))),
            None => None,
        });
        Some(form)
    }

    async fn fill(&self, cx: &Context<'_>, mut form: Form) -> Result<Form, Failure> {
        if self.pr.is_none() || self.asks != Some(Asks::Remove) {
            return Ok(form);
        }
        let about = About::of(cx, self.pr.as_ref()).await?;
        let choice = |task: Task| Choice { text: clipped(&task.text, 75), value: task.id.to_string() };
        let choices: Vec<Choice> = all(&about).await?.into_iter().map(choice).collect();
        if let Some(field) = form.fields.iter_mut().find(|field| field.name == "remove") {
            field.kind = FieldKind::Choice(choices);
        }
        Ok(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let about = About::seen(cx, self.pr.as_ref()).await?;
        let acted = self.act(cx, &about).await?;
        let pr = about.refresh(cx).await?;
        let tasks = all(&about).await?;
        let mut this = Action::of(
            Self::NAME,
            &Self { pr: Some(pr.name.clone().into()), shown: self.shown.clone(), ..Self::default() },
        );
        // What is pressed in a list that everybody sees is answered to whoever pressed it.
        this.fields.remove("share");
        let message = acted.into_iter().fold(Message::default(), Message::and).and(head(&pr, &tasks));
        let page = tasks.iter().skip(self.shown.from(PER_PAGE)).take(PER_PAGE);
        let message = page.fold(message, |message, task| row(message, task, &this));
        let after = self.shown.from(PER_PAGE) + PER_PAGE < tasks.len();
        let message = self.shown.pages(&this, message, after);
        let message = if pr.is_open() { message.button(asking("Add a task", &this, "add")) } else { message };
        let message =
            if tasks.is_empty() { message } else { message.button(asking("Remove one…", &this, "remove")) };
        Ok(self.shown.deliver(cx, message))
    }
}

impl Tasks {
    /// Does what was asked besides listing them, and says so.
    async fn act(&self, cx: &Context<'_>, about: &About) -> Result<Option<Line>, Failure> {
        let (bitbucket, name) = (about.bitbucket.as_ref(), &about.name);
        let mut said = None;
        if let Some(text) = &self.add {
            let text = spoken::plain(cx, &name.repo.instance, text).await?;
            let task = added(cx, about, NewTask { text, on_comment: None }).await?;
            said = Some(Line::new().text("Added: ").text(clipped(&task.text, WORDS)));
        }
        for (number, done) in [(self.done, true), (self.reopen, false)] {
            let Some(number) = number else { continue };
            let task = one(about, number).await?;
            if task.done != done {
                bitbucket.settle_task(name, task.id, done).await?;
            }
            let word = if done { "Done: " } else { "To be done again: " };
            said = Some(Line::new().text(word).text(clipped(&task.text, WORDS)));
        }
        if let Some(number) = self.remove {
            said = Some(match one(about, number).await {
                Ok(task) => {
                    bitbucket.delete_task(name, task.id).await?;
                    Line::new().text("Removed: ").text(clipped(&task.text, WORDS))
                }
                // An earlier attempt got through before it could say so.
                Err(Failure::Told(_)) if cx.again => Line::new().text("Removed."),
                Err(failure) => return Err(failure),
            });
        }
        Ok(said)
    }
}

/// The task, set now or by an earlier attempt.
async fn added(cx: &Context<'_>, about: &About, new: NewTask) -> Result<Task, Failure> {
    if new.text.is_empty() {
        return Err(Failure::told("What is to be done?"));
    }
    if cx.again {
        let me = about.me(cx).await?;
        let same = |task: &Task| {
            task.text.trim() == new.text && Some(&task.author.id) == me.as_ref() && since_asked(cx, task.at)
        };
        if let Some(task) = all(about).await?.into_iter().rev().find(same) {
            return Ok(task);
        }
    }
    Ok(about.bitbucket.add_task(&about.name, &new).await?)
}

async fn one(about: &About, number: Number) -> Result<Task, Failure> {
    let found = all(about).await?.into_iter().find(|task| task.id == number.0);
    let line = || Line::new().text("There is no task ").code(number.to_string()).text(" on ");
    found.ok_or_else(|| about::told(line().bold(about.name.short()).text(".")))
}

/// What is open first, the oldest first.
async fn all(about: &About) -> Result<Vec<Task>, Failure> {
    let mut tasks = about.bitbucket.tasks(&about.name, MOST).await?;
    tasks.sort_by_key(|task| (task.done, task.at, task.id));
    Ok(tasks)
}

fn asking(label: &str, this: &Action, what: &str) -> Button {
    Button::new(label, this.clone().with("asks", what))
}

fn head(pr: &PullRequest, tasks: &[Task]) -> Line {
    let done = tasks.iter().filter(|task| task.done).count();
    match tasks.len() {
        0 => linked(Line::new().text("There are no tasks on "), pr).text("."),
        all => linked(Line::new().text(format!("{done} of {all} tasks done on ")), pr).text(":"),
    }
}

fn row(message: Message, task: &Task, this: &Action) -> Message {
    let (mark, label, field) =
        if task.done { ("☑ ", "Reopen", "reopen") } else { ("☐ ", "Done", "done") };
    let line = Line::new().text(mark).text(clipped(&task.text, WORDS)).text(" · ");
    let line = line.text(&task.author.name).text(" · ").code(task.id.to_string());
    message.row(line, Some(Button::new(label, this.clone().with(field, task.id.to_string()))))
}
