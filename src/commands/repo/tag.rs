//! `tag`: list, set and delete tags.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::nearest::Wanted;
use super::pointers::{self, PER_PAGE, Pointer};
use super::{here, missing};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::words::commit::NewTag;
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::RepoRef;

/// How many of the same beginning are looked through for one.
const ALIKE: usize = 100;

/// List tags, the latest first
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct List {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Only those whose name holds this
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    name: Option<String>,
    /// Whether its form is asked for.
    #[arg(skip)]
    #[serde(default)]
    ask: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for List {
    const NAME: &'static str = "tag.list";
    const EXAMPLE: &'static str = "tag list web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        let name =
            Field::new("name", "Whose name holds", FieldKind::Text).filled(self.name.clone()).optional();
        let form = pointers::form(("List tags", "List"), None, [name], Action::of(Self::NAME, self));
        (self.ask && self.repo.is_none()).then_some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let from = self.shown.from(PER_PAGE);
        let upto = from.saturating_add(PER_PAGE);
        let typed = self.name.as_deref().unwrap_or_default();
        let found = bitbucket.tags(&repo, typed, upto + 1).await?;
        let page: Vec<Pointer> =
            found.iter().take(upto).skip(from).map(|one| (one.name.clone(), one.head.clone())).collect();
        let head = match (page.is_empty(), typed) {
            (true, "") => Line::new().text("No tags in ").bold(repo.short()),
            (true, typed) => Line::new().text("No tag in ").bold(repo.short()).text(" holds ").code(typed),
            (false, _) => Line::new().text("Tags of ").bold(repo.short()).text(", the latest first"),
        };
        let message = pointers::rows(bitbucket.as_ref(), &repo, Message::line(head), &page).await?;
        let this = Action::of(Self::NAME, &Self { repo: Some(repo.into()), ..self.clone() });
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, found.len() > upto)))
    }
}

/// Set a tag
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Create {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// What it is to be called
    #[serde(default)]
    name: Option<String>,
    /// At this branch, tag or commit; at the main branch when left out
    #[arg(long, value_name = "REF")]
    #[serde(default)]
    at: Option<String>,
    /// What is said with it; without it the tag is a bare name
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    message: Option<String>,
}

impl Runs for Create {
    const NAME: &'static str = "tag.create";
    const EXAMPLE: &'static str = "tag create web/api v1.2 --at main";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let fields = [
            Field::new("name", "Name", FieldKind::Text).filled(self.name.clone()),
            Field::new("at", "Where", FieldKind::Lookup("branch".to_owned()))
                .filled(self.at.clone())
                .hint("The main branch when left empty")
                .optional(),
            Field::new("message", "Message", FieldKind::LongText).filled(self.message.clone()).optional(),
        ];
        let does = Action::of(Self::NAME, self);
        let form = pointers::form(("Set a tag", "Set it"), self.repo.as_ref(), fields, does);
        (self.repo.is_none() || self.name.is_none()).then_some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(name)) = (&self.repo, &self.name) else {
            return Err(missing("A tag needs a repository and a name."));
        };
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let at = pointers::place(bitbucket.as_ref(), &repo, self.at.as_ref()).await?;
        let new = NewTag { name: name.clone(), at: at.clone(), message: self.message.clone() };
        let before = bitbucket.tags(&repo, name, ALIKE).await?.into_iter().find(|one| one.name == *name);
        if before.is_some() && !cx.again {
            return Err(pointers::taken("tag", name, &repo));
        }
        let set = match before {
            Some(set) => Ok(set),
            None => bitbucket.create_tag(&repo, &new).await,
        };
        if let Err(error) = set {
            let wanted = Wanted { bitbucket: bitbucket.as_ref(), repo: &repo, name: &at };
            let instead = |at: &str| {
                let (repo, at) = (Some(repo.clone().into()), Some(at.to_owned()));
                Action::of(Self::NAME, &Self { repo, at, ..self.clone() })
            };
            return Err(pointers::not_made(error, wanted, instead).await);
        }
        let line = pointers::said(Line::new().text("Set the tag ").code(name).text(" at "), &at);
        let line = line.text(" in ").bold(repo.short()).text(".");
        Ok(Message::line(line))
    }
}

/// Delete a tag, after asking
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Delete {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// The tag
    #[serde(default)]
    name: Option<String>,
    /// Whether they were asked.
    #[arg(skip)]
    #[serde(default)]
    sure: bool,
}

impl Runs for Delete {
    const NAME: &'static str = "tag.delete";
    const EXAMPLE: &'static str = "tag delete web/api v1.2";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let name = Field::new("name", "Tag", FieldKind::Text)
            .filled(self.name.clone())
            .hint("It goes for everybody");
        let does = Action::of(Self::NAME, &Self { sure: true, ..self.clone() });
        let form = pointers::form(("Delete a tag", "Delete it"), self.repo.as_ref(), [name], does);
        (!self.sure).then_some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(name), true) = (&self.repo, &self.name, self.sure) else {
            return Err(missing("Which tag? Nothing was deleted."));
        };
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let found = bitbucket.tags(&repo, name, ALIKE).await?.into_iter().find(|one| one.name == *name);
        let head = match found {
            Some(tag) => tag.head,
            None if cx.again => {
                return Ok(Message::line(Line::new().text("The tag ").code(name).text(" is gone.")));
            }
            None => return Err(pointers::none("tag", name, &repo)),
        };
        bitbucket.delete_tag(&repo, name).await.map_err(|error| pointers::refused(error, &repo))?;
        let line = Line::new().text("Deleted the tag ").code(name).text(" of ").bold(repo.short()).text("; ");
        let line = pointers::said(line, &head).text(" is what it marked.");
        let back = Action::named(Create::NAME)
            .with("repo", repo.to_string())
            .with("name", name.as_str())
            .with("at", head);
        Ok(Message::line(line).button(Button::new("Set it again", back)))
    }
}
