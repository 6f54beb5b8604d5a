//! `access revoke`: take away what somebody was given on a repository itself.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::{About, settle, who_field};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::store::GrantState;
use crate::words::access::Level;
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::RepoRef;
use crate::words::whom::Whom;

/// Take away what somebody was given in a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Revoke {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Who is no longer to have it: @ada or a Bitbucket name
    #[serde(default)]
    who: Option<Whom>,
    /// What they keep, where it is taken back.
    #[arg(skip)]
    #[serde(default)]
    to: Option<Level>,
}

impl Runs for Revoke {
    const NAME: &'static str = "access.revoke";
    const EXAMPLE: &'static str = "access revoke web/api @edsger";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        (self.repo.is_none() || self.who.is_none()).then(|| Form {
            title: "Take a right away".to_owned(),
            submit: "Take it away".to_owned(),
            intro: Vec::new(),
            fields: vec![repo_field(self.repo.as_ref()), who_field(self.who.as_ref())],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(who)) = (&self.repo, &self.who) else {
            return Err(missing("Whose right, and in which repository? Nothing was taken away."));
        };
        let instead = |who: Whom| Action::of(Self::NAME, &Self { who: Some(who), ..self.clone() });
        let about = About::of(cx, (repo, who), instead).await?;
        let (repo, person) = (&about.repo, &about.person);
        let has = about.bitbucket.right_of(repo, &person.id).await?;
        let standing = about.standing(cx).await?;
        let Some(had) = has.filter(|has| Some(*has) != self.to) else {
            if let Some(grant) = standing {
                settle(cx, grant.id, GrantState::Ended).await?;
            }
            let line = Line::new().bold(&person.name).text(" was given nothing on ").bold(repo.short());
            return Ok(Message::line(line.text(" itself; nothing was changed.")));
        };
        about.bitbucket.set_right(repo, &person.id, self.to).await?;
        if about.bitbucket.right_of(repo, &person.id).await? != self.to {
            return Err(Failure::told("Bitbucket took it, but shows it still. Look before you ask again."));
        }
        if let Some(grant) = standing {
            settle(cx, grant.id, GrantState::Ended).await?;
        }
        let line = Line::new().bold(&person.name).text(" no longer has ").code(had.word()).text(" on ");
        let message = Message::line(line.bold(repo.short()).text("."));
        let kept = self.to.map(|level| Line::new().text("They still have ").code(level.word()).text("."));
        let others = Line::new().text("What a group or the project gives them stays.");
        let again = about.action("access.grant").with("level", had.word());
        Ok(message.and(kept.unwrap_or(others)).button(Button::new("Give it again", again)))
    }
}
