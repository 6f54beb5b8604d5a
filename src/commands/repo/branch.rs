//! `branch`: list, make and delete branches.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::missing;
use super::nearest::Wanted;
use super::pointers::{self, Kind, Listing};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Field, FieldKind, Form};
use crate::words::names::RepoRef;

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
        (self.ask && self.repo.is_none()).then(|| self.listing().form(Kind::Branch))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        self.listing().run(cx, Kind::Branch).await
    }
}

impl List {
    fn listing(&self) -> Listing<'_> {
        let (repo, name) = (self.repo.as_ref(), self.name.as_deref());
        Listing { repo, name, shown: &self.shown, this: Action::of(Self::NAME, self) }
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
        let place = Wanted { bitbucket: bitbucket.as_ref(), repo: &repo, name: &at };
        let made = async { bitbucket.create_branch(&repo, name, &at).await.map(drop) };
        let instead = |at: &str| {
            let (repo, at) = (Some(repo.clone().into()), Some(at.to_owned()));
            Action::of(Self::NAME, &Self { repo, at, ..self.clone() })
        };
        let message = pointers::make(cx, Kind::Branch, (name, place), (made, instead)).await?;
        let open = Action::named("pr.open").with("repo", repo.to_string()).with("from", name.as_str());
        Ok(message.button(Button::new("Open a pull request", open)))
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
        let again = Button::new("Make it again", Action::named(Create::NAME));
        pointers::delete(cx, Kind::Branch, (repo, name), (" was its last commit.", again)).await
    }
}
