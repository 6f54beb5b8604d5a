//! `repo delete`: delete a repository, after its name was typed once more.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use crate::bitbucket;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::RepoRef;

/// Delete a repository, after asking for its name once more
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Delete {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Its name, typed once more.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    typed: Option<String>,
}

impl Runs for Delete {
    const NAME: &'static str = "repo.delete";
    const EXAMPLE: &'static str = "repo delete web/old-service";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        (self.repo.is_none() || self.typed.is_none()).then(|| Form {
            title: "Delete a repository".to_owned(),
            submit: "Delete it for good".to_owned(),
            intro: vec![Line::from(
                "Its branches, pull requests and comments go with it, for everybody, and nobody can bring them back.",
            )],
            fields: vec![
                repo_field(self.repo.as_ref()),
                Field::new("typed", "Its name once more", FieldKind::Text)
                    .hint("As it is called, like web/old-service"),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(typed)) = (&self.repo, &self.typed) else {
            return Err(missing("Which repository? Nothing was deleted."));
        };
        let name = cx.repo(repo).await?;
        let bitbucket = cx.bitbucket(&name.instance).await?;
        let found = match bitbucket.repository(&name).await {
            // An earlier attempt got through before it could say so.
            Err(bitbucket::Error::NotFound(_)) if cx.again => return Ok(gone(&name.short())),
            found => found?.name,
        };
        let same = |name: &str| name.eq_ignore_ascii_case(typed.trim());
        if !same(&found.short()) && !same(&found.to_string()) {
            let line = Line::new().code(typed.trim()).text(" is not its name: it is called ");
            return Err(Failure::told(line.code(found.short()).text(". Nothing was deleted.")));
        }
        bitbucket.delete_repository(&found).await?;
        match bitbucket.repository(&found).await {
            Ok(_) => Err(Failure::told(
                "Bitbucket took it, but shows the repository still. It may take a while; look again.",
            )),
            Err(_) => Ok(gone(&found.short())),
        }
    }
}

fn gone(name: &str) -> Message {
    Message::line(Line::new().bold(name).text(" is deleted, with all that was in it."))
}
