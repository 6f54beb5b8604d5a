//! `access revoke`: take away what somebody was given on a repository itself, or on its project.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::{About, group, settle, source_field, tell, who_field};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::store::GrantState;
use crate::words::access::{Level, Source};
use crate::words::message::{Action, Button, Form, Line, Message};
use crate::words::names::RepoRef;
use crate::words::whom::Whom;

/// Take away what somebody was given in a repository or its project
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Revoke {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Who is no longer to have it: @ada, a Bitbucket name, or group:developers
    #[serde(default)]
    who: Option<Whom>,
    /// Where they have it: in this repository, or in the whole project that it is in
    #[arg(long = "in", value_name = "repository/project")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    /// What they keep, where it is taken back.
    #[arg(skip)]
    #[serde(default)]
    to: Option<Level>,
    /// What is taken back, and nothing else.
    #[arg(skip)]
    #[serde(default)]
    of: Option<Level>,
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
            fields: vec![
                repo_field(self.repo.as_ref()),
                source_field(self.source),
                who_field(self.who.as_ref()),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(who)) = (&self.repo, &self.who) else {
            return Err(missing("Whose right, and in which repository? Nothing was taken away."));
        };
        if let Some(group) = group::named(who) {
            let repo = cx.repo(repo).await?;
            return group::set(cx, (&repo, self.source), group, None).await;
        }
        let instead = |who: Whom| Action::of(Self::NAME, &Self { who: Some(who), ..self.clone() });
        let about = About::of(cx, (repo, self.source, who), instead).await?;
        let (ground, person) = (&about.ground, &about.person);
        let has = about.has().await?;
        let standing = about.standing(cx).await?;
        let Some(had) = has.filter(|has| Some(*has) != self.to) else {
            if let Some(grant) = standing {
                settle(cx, grant.id, GrantState::Ended).await?;
            }
            let line = ground.said(Line::new().bold(&person.name).text(" was given nothing on "));
            return Ok(Message::line(line.text(" itself; nothing was changed.")));
        };
        if self.of.is_some_and(|of| of != had) {
            return Ok(others_did(&about, had));
        }
        about.bitbucket.set_right(ground, &person.id, self.to).await?;
        if about.has().await? != self.to {
            return Err(Failure::told("Bitbucket took it, but shows it still. Look before you ask again."));
        }
        if let Some(grant) = standing {
            settle(cx, grant.id, GrantState::Ended).await?;
        }
        tell(cx, (&about.repo, ground), &person.name, (self.to, None)).await?;
        let line = Line::new().bold(&person.name).text(" no longer has ").code(had.word()).text(" on ");
        let message = Message::line(ground.said(line).text("."));
        let kept = self.to.map(|level| Line::new().text("They still have ").code(level.word()).text("."));
        let others = Line::new().text(match ground.source() {
            Source::Repository => "What a group or the project gives them stays.",
            Source::Project => "What a group gives them, or a repository itself, stays.",
        });
        let again = about.action("access.grant").with("level", had.word());
        Ok(message.and(kept.unwrap_or(others)).button(Button::new("Give it again", again)))
    }
}

/// What was given is another by now: whoever asks sees that before anything is taken away.
fn others_did(about: &About, has: Level) -> Message {
    let line = Line::new().text("Others have changed it since: ").bold(&about.person.name).text(" has ");
    let line = about.ground.said(line.code(has.word()).text(" on ")).text(" now. Nothing was changed.");
    Message::line(line).button(Button::new("Revoke it all the same", about.action(Revoke::NAME)))
}
