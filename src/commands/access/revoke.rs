//! `access revoke`: take away what somebody was given on a repository itself.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::{missing, repo_field};
use super::{About, group, settle, tell, who_field};
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
    /// Who is no longer to have it: @ada, a Bitbucket name, or group:developers
    #[serde(default)]
    who: Option<Whom>,
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
            fields: vec![repo_field(self.repo.as_ref()), who_field(self.who.as_ref())],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(who)) = (&self.repo, &self.who) else {
            return Err(missing("Whose right, and in which repository? Nothing was taken away."));
        };
        if let Some(group) = group::named(who) {
            let repo = cx.repo(repo).await?;
            return group::set(cx, &repo, group, None).await;
        }
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
        if self.of.is_some_and(|of| of != had) {
            return Ok(others_did(&about, had));
        }
        about.bitbucket.set_right(repo, &person.id, self.to).await?;
        if about.bitbucket.right_of(repo, &person.id).await? != self.to {
            return Err(Failure::told("Bitbucket took it, but shows it still. Look before you ask again."));
        }
        if let Some(grant) = standing {
            settle(cx, grant.id, GrantState::Ended).await?;
        }
        tell(cx, repo, &person.name, (self.to, None)).await?;
        let line = Line::new().bold(&person.name).text(" no longer has ").code(had.word()).text(" on ");
        let message = Message::line(line.bold(repo.short()).text("."));
        let kept = self.to.map(|level| Line::new().text("They still have ").code(level.word()).text("."));
        let others = Line::new().text("What a group or the project gives them stays.");
        let again = about.action("access.grant").with("level", had.word());
        Ok(message.and(kept.unwrap_or(others)).button(Button::new("Give it again", again)))
    }
}

/// What was given is another by now: whoever asks sees that before anything is taken away.
fn others_did(about: &About, has: Level) -> Message {
    let line = Line::new().text("Others have changed it since: ").bold(&about.person.name).text(" has ");
    let line = line.code(has.word()).text(" on ").bold(about.repo.short()).text(" now. Nothing was changed.");
    Message::line(line).button(Button::new("Revoke it all the same", about.action(Revoke::NAME)))
}
