//! `branch`: list, make and delete branches.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::nearest::Wanted;
use super::pointers::{self, PER_PAGE, Pointer};
use super::{here, missing};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::names::RepoRef;

/// How many of the same beginning are looked through for one.
const ALIKE: usize = 100;

/// List branches, the latest changed first
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
    const NAME: &'static str = "branch.list";
    const EXAMPLE: &'static str = "branch list web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        let name =
            Field::new("name", "Whose name holds", FieldKind::Text).filled(self.name.clone()).optional();
        let form = pointers::form(("List branches", "List"), None, [name], Action::of(Self::NAME, self));
        (self.ask && self.repo.is_none()).then_some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let from = self.shown.from(PER_PAGE);
        let upto = from.saturating_add(PER_PAGE);
        let typed = self.name.as_deref().unwrap_or_default();
        let found = bitbucket.branches(&repo, typed, upto + 1).await?;
        let page: Vec<Pointer> =
            found.iter().take(upto).skip(from).map(|one| (one.name.clone(), one.head.clone())).collect();
        let head = match (page.is_empty(), typed) {
            (true, "") => Line::new().text("No branches in ").bold(repo.short()),
            (true, typed) => Line::new().text("No branch in ").bold(repo.short()).text(" holds ").code(typed),
            (false, _) => {
                Line::new().text("Branches of ").bold(repo.short()).text(", the latest changed first")
            }
        };
        let message = pointers::rows(bitbucket.as_ref(), &repo, Message::line(head), &page).await?;
        let this = Action::of(Self::NAME, &Self { repo: Some(repo.into()), ..self.clone() });
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, found.len() > upto)))
    }
}

/// Make a branch
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
}

impl Runs for Create {
    const NAME: &'static str = "branch.create";
    const EXAMPLE: &'static str = "branch create web/api feature/limits --at main";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let name = Field::new("name", "Name", FieldKind::Text).filled(self.name.clone());
        let at = Field::new("at", "Where", FieldKind::Lookup("branch".to_owned()))
            .filled(self.at.clone())
            .hint("The main branch when left empty")
            .optional();
        let does = Action::of(Self::NAME, self);
        let form = pointers::form(("Make a branch", "Make it"), self.repo.as_ref(), [name, at], does);
        (self.repo.is_none() || self.name.is_none()).then_some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(name)) = (&self.repo, &self.name) else {
            return Err(missing("A branch needs a repository and a name."));
        };
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let at = pointers::place(bitbucket.as_ref(), &repo, self.at.as_ref()).await?;
        let before = bitbucket.branches(&repo, name, ALIKE).await?.into_iter().find(|one| one.name == *name);
        if before.is_some() && !cx.again {
            return Err(pointers::taken("branch", name, &repo));
        }
        let made = match before {
            Some(made) => Ok(made),
            None => bitbucket.create_branch(&repo, name, &at).await,
        };
        let made = match made {
            Ok(made) => made,
            Err(error) => {
                let wanted = Wanted { bitbucket: bitbucket.as_ref(), repo: &repo, name: &at };
                let instead = |at: &str| {
                    let (repo, at) = (Some(repo.clone().into()), Some(at.to_owned()));
                    Action::of(Self::NAME, &Self { repo, at, ..self.clone() })
                };
                return Err(pointers::not_made(error, wanted, instead).await);
            }
        };
        let line = pointers::said(Line::new().text("Made the branch ").code(&made.name).text(" at "), &at);
        let line = line.text(" in ").bold(repo.short()).text(".");
        let open = Action::named("pr.open").with("repo", repo.to_string()).with("from", made.name.as_str());
        Ok(Message::line(line).button(Button::new("Open a pull request", open)))
    }
}

/// Delete a branch, after asking
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Delete {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// The branch
    #[serde(default)]
    name: Option<String>,
    /// Whether they were asked.
    #[arg(skip)]
    #[serde(default)]
    sure: bool,
}

impl Runs for Delete {
    const NAME: &'static str = "branch.delete";
    const EXAMPLE: &'static str = "branch delete web/api limit-rate";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        let name = Field::new("name", "Branch", FieldKind::Lookup("branch".to_owned()))
            .filled(self.name.clone())
            .hint("It goes for everybody; its commits stay only where another branch or tag has them");
        let does = Action::of(Self::NAME, &Self { sure: true, ..self.clone() });
        let form = pointers::form(("Delete a branch", "Delete it"), self.repo.as_ref(), [name], does);
        (!self.sure).then_some(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(name), true) = (&self.repo, &self.name, self.sure) else {
            return Err(missing("Which branch? Nothing was deleted."));
        };
        let repo = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let found = bitbucket.branches(&repo, name, ALIKE).await?.into_iter().find(|one| one.name == *name);
        let head = match found {
            Some(branch) => branch.head,
            None if cx.again => {
                return Ok(Message::line(Line::new().text("The branch ").code(name).text(" is gone.")));
            }
            None => return Err(pointers::none("branch", name, &repo)),
        };
        bitbucket.delete_branch(&repo, name).await.map_err(|error| pointers::refused(error, &repo))?;
        let line =
            Line::new().text("Deleted the branch ").code(name).text(" of ").bold(repo.short()).text("; ");
        let line = pointers::said(line, &head).text(" was its last commit.");
        let back = Action::named(Create::NAME)
            .with("repo", repo.to_string())
            .with("name", name.as_str())
            .with("at", head);
        Ok(Message::line(line).button(Button::new("Make it again", back)))
    }
}
