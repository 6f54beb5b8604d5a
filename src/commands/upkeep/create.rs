//! `repo create`: make a repository, private unless it is said otherwise.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::missing;
use super::{linked, new_name};
use crate::bot::{Context, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message, Tone};
use crate::words::names::RepoRef;
use crate::words::protection::Guard;
use crate::words::repository::NewRepository;

/// Make a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Create {
    /// Where it is to be and what it is to be called, like web/new-service
    #[serde(default)]
    repo: Option<RepoRef>,
    /// What it is for
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    description: Option<String>,
    /// The key of the project it goes into, where its workspace has several
    #[arg(long, value_name = "KEY")]
    #[serde(default)]
    project: Option<String>,
    /// Let everybody see it
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    public: bool,
}

impl Runs for Create {
    const NAME: &'static str = "repo.create";
    const EXAMPLE: &'static str = "repo create web/new-service --description \"Counts things\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        self.repo.is_none().then(|| Form {
            title: "Make a repository".to_owned(),
            submit: "Make it".to_owned(),
            intro: Vec::new(),
            fields: vec![
                Field::new("repo", "Where, and what it is called", FieldKind::Text)
                    .hint("Like web/new-service: the workspace or project, and the name"),
                Field::new("description", "What it is for", FieldKind::LongText)
                    .filled(self.description.clone())
                    .optional(),
                Field::new("project", "Project", FieldKind::Text)
                    .filled(self.project.clone())
                    .hint("Its key, where the workspace has several")
                    .optional(),
                Field::new("public", "Everybody may see it", FieldKind::Flag).ticked(self.public),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let Some(repo) = &self.repo else {
            return Err(missing("What is it to be called? Nothing was made."));
        };
        let instead = |name: crate::words::names::RepoName| {
            Action::of(Self::NAME, &Self { repo: Some(name.into()), ..self.clone() })
        };
        let name = new_name(cx, repo, instead).await?;
        let bitbucket = cx.bitbucket(&name.instance).await?;
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let new = NewRepository {
            name: name.clone(),
            project: given(&self.project),
            description: given(&self.description),
            public: self.public,
        };
        // What an earlier attempt made is found again.
        let there = if cx.again { bitbucket.repository(&name).await.ok() } else { None };
        let made = match there {
            Some(made) => made,
            None => bitbucket.create_repository(&new).await?,
        };
        cx.trail.about(&made.name);
        let seen = if self.public { "Everybody may see it." } else { "It is private." };
        let line = linked(Line::new().text("Made "), &made).text(". ").text(seen);
        let main = made.main_branch.as_deref().unwrap_or("main");
        let repo = made.name.to_string();
        let guards = [Guard::NoDirectPush, Guard::NoRewrite, Guard::NoDelete].map(|guard| guard.to_string());
        let protect = Action::named("protect.add").with("repo", repo.as_str()).with("branches", main);
        let protect = protect.with("guards", guards.to_vec());
        Ok(Message::line(line)
            .tone(Tone::Good)
            .button(Button::new(format!("Protect {main}"), protect))
            .button(Button::new("Give a right", Action::named("access.grant").with("repo", repo.as_str())))
            .button(Button::new("Tell this channel of it", Action::named("subscribe").with("repo", repo))))
    }
}
