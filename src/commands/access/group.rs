//! Rights of groups: given and taken away for all who are in them.

use crate::bot::{Context, Failure, Outcome};
use crate::words::access::{Holder, Level, Source};
use crate::words::message::{Action, Button, Line, Message, Tone};
use crate::words::names::RepoName;
use crate::words::whom::Whom;

use super::list::MOST;
use super::tell;

/// What is written before a group's name.
const GROUP: &str = "group:";

/// The group that is meant, if one is.
pub(super) fn named(who: &Whom) -> Option<&str> {
    match who {
        Whom::Named(name) => name.strip_prefix(GROUP).map(str::trim).filter(|name| !name.is_empty()),
        Whom::Slack(_) => None,
    }
}

/// A group as it is written.
pub(super) fn written(name: &str) -> String {
    format!("{GROUP}{}", name.trim())
}

/// Gives a group a right in the place of what it had, or takes it away; and looks whether that is so.
pub(super) async fn set(cx: &Context<'_>, repo: &RepoName, group: &str, level: Option<Level>) -> Outcome {
    let bitbucket = cx.bitbucket(&repo.instance).await?;
    let has = async || {
        let all = bitbucket.rights(repo, MOST).await?;
        let theirs = all.into_iter().find(|right| {
            let same =
                matches!(&right.holder, Holder::Group(name) if name.eq_ignore_ascii_case(group.trim()));
            same && right.source == Source::Repository
        });
        Ok::<_, Failure>(theirs.map(|right| right.level))
    };
    let before = has().await?;
    let called = |line: Line| line.text("The group ").bold(group.trim());
    if before == level {
        let line = match level {
            Some(level) => called(Line::new()).text(format!(" may already {} ", level.may())),
            None => called(Line::new()).text(" was given nothing on "),
        };
        return Ok(Message::line(line.bold(repo.short()).text("; nothing was changed.")));
    }
    bitbucket.set_group_right(repo, group, level).await?;
    if has().await? != level {
        return Err(Failure::told("Bitbucket took it, but does not show it. Look before you ask again."));
    }
    tell(cx, repo, &format!("the group {}", group.trim()), (level, None)).await?;
    let line = match level {
        Some(level) => {
            called(Line::new()).text(format!(" may {} ", level.may())).bold(repo.short()).text(" now.")
        }
        None => called(Line::new()).text(" no longer has a right on ").bold(repo.short()).text(" itself."),
    };
    let about = |name: &str| Action::named(name).with("repo", repo.to_string()).with("who", written(group));
    let back = match before {
        Some(before) => about("access.grant").with("level", before.word()),
        None => about("access.revoke"),
    };
    Ok(Message::line(line).tone(Tone::Good).button(Button::new("Undo", back)))
}
