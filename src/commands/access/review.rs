//! `access review`: go through the rights people have in a repository, and keep or revoke each.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::super::repo::here;
use super::list::{MOST, revoke};
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::{Changes, Rule, Runs};
use crate::store::KeptRight;
use crate::words::access::{Ground, Holder, Level, Right, Source};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{RepoName, RepoRef};
use crate::words::pull_request::Person;

/// How many stand on a page: two blocks each.
const PER_PAGE: usize = 10;
/// What was kept is asked about again after so long.
const LOOKED_AT: i64 = 90 * 24 * 60 * 60 * 1000;

/// Go through the rights people have in a repository, and keep or revoke each
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Review {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Whose right is kept, by the id it is known by.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    keep: Option<String>,
    /// What right that is.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Review {
    const NAME: &'static str = "access.review";
    const EXAMPLE: &'static str = "access review web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn changes(&self) -> Changes {
        if self.keep.is_some() { Changes::Dipper } else { Changes::Nothing }
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::named("access.list")).await?;
        // Only who may see them may say of them that they are kept.
        let all = cx.bitbucket(&repo.instance).await?.rights(&repo, MOST).await?;
        let given = all.iter().filter(|right| right.source == Source::Repository);
        let mut people: Vec<(&Person, &Right)> = given
            .filter_map(|right| match &right.holder {
                Holder::Person(person) => Some((person, right)),
                Holder::Group(_) => None,
            })
            .collect();
        if let (Some(keep), Some(level)) = (&self.keep, self.level) {
            self.kept(cx, &repo, (keep, level), &people).await?;
        }
        let kept = cx.bot.store.kept_rights(&repo).await?;
        let now = cx.bot.clock.millis();
        let seen = |(person, right): &(&Person, &Right)| {
            let kept = kept.get(&person.id).filter(|kept| kept.level == right.level);
            kept.filter(|kept| now - kept.at < LOOKED_AT)
        };
        people.sort_by_key(|one| {
            (seen(one).is_some(), std::cmp::Reverse(one.1.level), one.0.name.to_lowercase())
        });
        let left = people.iter().filter(|one| seen(one).is_none()).count();
        let head = head(&repo, left, people.len());
        let rows = people.iter().skip(self.shown.from(PER_PAGE)).take(PER_PAGE);
        let message = rows.fold(Message::line(head), |message, one| self.row(message, &repo, one, seen(one)));
        let this = Action::of(
            Self::NAME,
            &Self { repo: Some(repo.clone().into()), keep: None, level: None, ..self.clone() },
        );
        let more = people.len() > self.shown.from(PER_PAGE) + PER_PAGE;
        let message = self.shown.pages(&this, message, more);
        let message = if self.keep.is_some() { message.in_place() } else { message };
        Ok(self.shown.deliver(cx, message))
    }
}

impl Review {
    /// Writes down who looked at it, if it is what they saw.
    async fn kept(
        &self,
        cx: &Context<'_>,
        repo: &RepoName,
        (keep, level): (&str, Level),
        people: &[(&Person, &Right)],
    ) -> Result<(), Failure> {
        let whose = people.iter().find(|(person, right)| person.id.as_str() == keep && right.level == level);
        let Some((person, _)) = whose else {
            return Err(Failure::told("That right has changed since. Look again before you keep it."));
        };
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        tx.keep_right(repo, (&person.id, level), &cx.caller.user).await?;
        tx.write_down(&cx.bot.seal, &deed).await?;
        Ok(tx.commit().await?)
    }

    fn row(
        &self,
        message: Message,
        repo: &RepoName,
        (person, right): &(&Person, &Right),
        seen: Option<&KeptRight>,
    ) -> Message {
        let line = Line::new().bold(&person.name).text(" ").code(right.level.word());
        let revoke = revoke((repo, &Ground::Repository(repo.clone())), right);
        if let Some(kept) = seen {
            let line = line.text(" · kept by ").person(kept.by.clone()).text(" on ").moment(kept.at);
            return message.row(line, Some(revoke));
        }
        let keep = Action::named(Self::NAME)
            .with("repo", repo.to_string())
            .with("keep", person.id.as_str())
            .with("level", right.level.word())
            .with("page", self.shown.page());
        let keep = Button::new("Keep", keep).main();
        message.choice(line, [keep, revoke])
    }
}

fn head(repo: &RepoName, left: usize, all: usize) -> Line {
    match (left, all) {
        (_, 0) => Line::new().text("Nobody was given a right on ").bold(repo.short()).text(" itself."),
        (0, _) => {
            Line::new().text("All rights on ").bold(repo.short()).text(" were looked at in the last 90 days:")
        }
        (1, _) => Line::new().text("One right on ").bold(repo.short()).text(" is to be looked at:"),
        (left, _) => {
            Line::new().text(format!("{left} rights on ")).bold(repo.short()).text(" are to be looked at:")
        }
    }
}
