//! `repo update`: say otherwise what a repository is for and who may see it.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::linked;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Choice, Field, FieldKind, Form, Line, Message};
use crate::words::names::RepoRef;
use crate::words::repository::RepositoryChange;
use crate::words::{Advice, serde_as_text};

/// Change what a repository is for and who may see it
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Update {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    description: Option<String>,
    /// Who may see it: private or public
    #[arg(long, value_name = "WHO")]
    #[serde(default)]
    visibility: Option<Visibility>,
    /// What the form was filled with: what was emptied there is meant to be empty.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    filled: bool,
}

/// Who may see a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Visibility {
    /// Those with a right to it.
    Private,
    /// Everybody.
    Public,
}

impl std::str::FromStr for Visibility {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        match text.trim().to_lowercase().as_str() {
            "private" => Ok(Self::Private),
            "public" => Ok(Self::Public),
            _ => Err(Advice::new("A repository is `private` or `public`.")),
        }
    }
}

impl std::fmt::Display for Visibility {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(if *self == Self::Public { "public" } else { "private" })
    }
}
serde_as_text!(Visibility);

impl Runs for Update {
    const NAME: &'static str = "repo.update";
    const EXAMPLE: &'static str = "repo update web/api --description \"Answers the web\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;
    const FILLS: bool = true;

    fn form(&self) -> Option<Form> {
        if self.filled || (self.repo.is_some() && (self.description.is_some() || self.visibility.is_some())) {
            return None;
        }
        let choices = [Visibility::Private, Visibility::Public].map(|one| Choice::plain(one.to_string()));
        Some(Form {
            title: "Change a repository".to_owned(),
            submit: "Save".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("description", "What it is for", FieldKind::LongText)
                    .filled(self.description.clone())
                    .optional(),
                Field::new("visibility", "Who may see it", FieldKind::Choice(choices.to_vec()))
                    .filled(self.visibility)
                    .optional(),
            ],
            does: Action::of(Self::NAME, &Self { filled: true, ..self.clone() }),
        })
    }

    async fn fill(&self, cx: &Context<'_>, mut form: Form) -> Result<Form, Failure> {
        let Some(repo) = &self.repo else { return Ok(form) };
        let name = cx.repo(repo).await?;
        let now = cx.bitbucket(&name.instance).await?.repository(&name).await?;
        for field in &mut form.fields {
            let value = match field.name.as_str() {
                "description" => now.description.clone(),
                "visibility" => Some(if now.public { "public" } else { "private" }.to_owned()),
                _ => continue,
            };
            field.value = field.value.take().or(value);
        }
        Ok(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let Some(repo) = &self.repo else {
            return Err(missing("Which repository? Nothing was changed."));
        };
        let name = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&name.instance).await?;
        let now = bitbucket.repository(&name).await?;
        let said = now.description.clone().unwrap_or_default();
        let emptied = (self.filled && self.description.is_none()).then(String::new);
        let description = self.description.clone().or(emptied).filter(|new| new.trim() != said.trim());
        let public =
            self.visibility.map(|one| one == Visibility::Public).filter(|public| *public != now.public);
        let change = RepositoryChange { description, public, ..RepositoryChange::default() };
        if change == RepositoryChange::default() {
            let line = linked(Line::new(), &now);
            let line = if cx.again {
                line.text(" was changed.")
            } else {
                line.text(" is like that already; nothing was changed.")
            };
            return Ok(Message::line(line));
        }
        let changed = bitbucket.update_repository(&name, &change).await?;
        let message = Message::line(linked(Line::new().text("Changed "), &changed).text("."));
        let described = change.description.map(|said| match said.trim() {
            "" => "It says no longer what it is for.".to_owned(),
            _ => "It says now what it is for.".to_owned(),
        });
        let seen = change
            .public
            .map(|public| if public { "Everybody may see it now." } else { "It is private now." }.to_owned());
        Ok(described.into_iter().chain(seen).fold(message, Message::and))
    }
}
