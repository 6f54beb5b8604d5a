//! Rights of groups: given and taken away for all who are in them.

use crate::bot::{Context, Failure, Outcome};
use crate::words::access::{Holder, Level, Source};
use crate::words::message::{Button, Line, Message, Tone};
use crate::words::names::RepoName;
use crate::words::whom::Whom;

use super::list::MOST;
use super::{action, ground, tell};

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
pub(super) async fn set(
    cx: &Context<'_>,
    (repo, source): (&RepoName, Option<Source>),
    group: &str,
    level: Option<Level>,
) -> Outcome {
    let bitbucket = cx.bitbucket(&repo.instance).await?;
    let ground = ground(bitbucket.as_ref(), repo, source).await?;
    let has = async || {
        let all = bitbucket.rights(repo, MOST).await?;
        let theirs = all.into_iter().find(|right| {
            let same =
                matches!(&right.holder, Holder::Group(name) if name.eq_ignore_ascii_case(group.trim()));
            same && right.source == ground.source()
        });
        Ok::<_, Failure>(theirs.map(|right| right.level))
    };
    let before = has().await?;
    let called = |line: Line| line.text("The group ").bold(group.trim());
    if before == level {
        // Who may not see what a project gives sees nothing there: Bitbucket says whether they may.
        if level.is_none() && ground.source() == Source::Project {
            bitbucket.set_group_right(&ground, group, None).await?;
        }
        let line = match level {
            Some(level) => called(Line::new()).text(format!(" may already {} ", level.may())),
            None => called(Line::new()).text(" was given nothing on "),
        };
        return Ok(Message::line(ground.said(line).text("; nothing was changed.")));
    }
    bitbucket.set_group_right(&ground, group, level).await?;
    if has().await? != level {
        return Err(Failure::told("Bitbucket took it, but does not show it. Look before you ask again."));
    }
    tell(cx, (repo, &ground), &format!("the group {}", group.trim()), (level, None)).await?;
    let line = match level {
        Some(level) => ground.said(called(Line::new()).text(format!(" may {} ", level.may()))).text(" now."),
        None => ground.said(called(Line::new()).text(" no longer has a right on ")).text(" itself."),
    };
    let about = |name: &str| action(name, (repo, ground.source()), written(group));
    let back = match before {
        Some(before) => about("access.grant").with("level", before.word()),
        None => about("access.revoke"),
    };
    Ok(Message::line(line).tone(Tone::Good).button(Button::new("Undo", back)))
}
