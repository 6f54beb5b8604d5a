//! `tag`: list, set and delete tags.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::missing;
use super::nearest::Wanted;
use super::pointers::{self, Kind, Listing};
use crate::bot::{Context, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::words::commit::NewTag;
use crate::words::message::{Action, Button, Field, FieldKind, Form};
use crate::words::names::RepoRef;

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
        (self.ask && self.repo.is_none()).then(|| self.listing().form(Kind::Tag))
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        self.listing().run(cx, Kind::Tag).await
    }
}

impl List {
    fn listing(&self) -> Listing<'_> {
        let (repo, name) = (self.repo.as_ref(), self.name.as_deref());
        Listing { repo, name, shown: &self.shown, this: Action::of(Self::NAME, self) }
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
        let place = Wanted { bitbucket: bitbucket.as_ref(), repo: &repo, name: &at };
        let set = async { bitbucket.create_tag(&repo, &new).await.map(drop) };
        let instead = |at: &str| {
            let (repo, at) = (Some(repo.clone().into()), Some(at.to_owned()));
            Action::of(Self::NAME, &Self { repo, at, ..self.clone() })
        };
        pointers::make(cx, Kind::Tag, (name, place), (set, instead)).await
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
        let again = Button::new("Set it again", Action::named(Create::NAME));
        pointers::delete(cx, Kind::Tag, (repo, name), (" is what it marked.", again)).await
    }
}
