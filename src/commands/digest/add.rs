//! `digest add`: what waits in some repositories, told here or in private at set times.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::shape::{Shape, spoken as conditions};
use super::{Which, next_of, spoken, zone, zone_of};
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::commands::place::come_in;
use crate::commands::repos::Repos;
use crate::commands::{Changes, Rule, Runs};
use crate::store::NewDigest;
use crate::words::message::{Action, Button, Field, FieldKind, Form, Line, Message};
use crate::words::times::Times;
use crate::words::wish::RepoPattern;

/// Tell here at set times what waits in repositories; with --mine, tell you what waits for you
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Add {
    /// The repository, or many like web/*, and when: weekdays 9:30, "mon,thu at 16:00", "every 2 hours 9-17"
    #[arg(value_name = "REPO-AND-WHEN")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    words: Vec<String>,
    /// Only for you, in private: what waits for your review, and your own
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    mine: bool,
    /// In which time zone, like Europe/Berlin; yours when left out
    #[arg(long, value_parser = zone)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[command(flatten)]
    #[serde(flatten)]
    shape: Shape,
    /// The same as filled in on the form.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repo: Option<Repos>,
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    when: Option<Times>,
}

impl Runs for Add {
    const NAME: &'static str = "digest.add";
    const EXAMPLE: &'static str = "digest add web/* weekdays 9:30 --ignore-drafts";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    fn form(&self) -> Option<Form> {
        let (repo, when) = self.said();
        if when.is_some() && (repo.is_some() || self.mine) || self.odd().is_some() {
            return None;
        }
        let fields = fields((repo.as_ref(), when.as_ref(), self.zone.as_ref()), &self.shape);
        let mine = Field::new("mine", "For me alone, in private", FieldKind::Flag).ticked(self.mine);
        Some(Form {
            title: "A digest".to_owned(),
            submit: "Add it".to_owned(),
            intro: Vec::new(),
            fields: [vec![mine], fields].concat(),
            does: Action::named(Self::NAME),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (repo, when) = self.said();
        if let Some(odd) = self.odd() {
            return Err(odd.parse::<Times>().map_or_else(Failure::from, |_| which_repository()));
        }
        let when = when.ok_or_else(|| Failure::told("When? Like `weekdays 9:30` or `mon,thu at 16:00`."))?;
        if repo.is_none() && !self.mine {
            return Err(which_repository());
        }
        let wish = self.shape.wish()?;
        let zone = match &self.zone {
            Some(name) => zone(name)?,
            None => zone_of(cx, &cx.caller.user).await?.name().to_owned(),
        };
        let next_at = next_of(&when, cx.bot.clock.millis(), &zone)?;
        let repos = match &repo {
            Some(repo) => Some(repo.readable(cx).await?.repos),
            None => None,
        };
        let (channel, warning) = if self.mine {
            let slack = cx.bot.slack(&cx.caller.user.team).await?;
            (slack.open_direct(&cx.caller.user).await?, None)
        } else {
            let warning = come_in(cx).await?;
            (cx.caller.channel.clone(), warning)
        };
        let digest = NewDigest {
            channel,
            repos,
            times: when.to_string(),
            zone,
            asked_by: cx.caller.user.clone(),
            next_at: Some(next_at),
            wish,
            personal: self.mine,
        };
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        let number = tx.add_digest(&digest).await?;
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        let which = Which { mine: self.mine, number };
        let message = Message::line(settled(&digest, next_at));
        let message = warning.into_iter().chain(shows(&digest)).fold(message, Message::and);
        let on = |label: &str, command: &str| {
            Button::new(label, Action::named(command).with("number", which.to_string()))
        };
        Ok(message.button(on("Preview", "digest.preview")).button(on("Remove", "digest.remove")))
    }
}

impl Add {
    /// The repository and the times, from wherever they were given.
    fn said(&self) -> (Option<Repos>, Option<Times>) {
        let all = self.words.join(" ");
        let typed = if let Ok(when) = all.parse::<Times>() {
            (None, Some(when))
        } else {
            let repo = self.words.first().and_then(|word| word.parse().ok());
            let rest = self.words.get(1..).unwrap_or_default().join(" ");
            (repo, rest.parse().ok())
        };
        (self.repo.clone().or(typed.0), self.when.clone().or(typed.1))
    }

    /// What was typed and is no time.
    fn odd(&self) -> Option<String> {
        let rest = self.words.get(1..).unwrap_or_default().join(" ");
        (!rest.is_empty() && self.said().1.is_none()).then_some(rest)
    }
}

fn which_repository() -> Failure {
    Failure::told("Of which repository? Write it like `web/api`, or many like `web/*`.")
}

/// The fields a digest is made of and changed by.
pub(super) fn fields(
    (repo, when, zone): (Option<&Repos>, Option<&Times>, Option<&String>),
    shape: &Shape,
) -> Vec<Field> {
    let first = vec![
        Field::new("repo", "Repositories", FieldKind::Text)
            .filled(repo)
            .hint("Like web/api, or web/*,-web/legacy; for you alone it may stay empty")
            .optional(),
        Field::new("when", "When", FieldKind::Text)
            .filled(when)
            .hint("Like weekdays 9:30, mon,thu at 16:00, every 2 hours 9-17, or a cron line"),
        Field::new("zone", "Time zone", FieldKind::Text)
            .filled(zone)
            .hint("Like Europe/Berlin; yours when left empty")
            .optional(),
    ];
    [first, shape.fields()].concat()
}

/// `Digest of web/*, told here weekdays at 9:30 (Europe/Berlin). Next: …`
pub(super) fn settled(digest: &NewDigest, next_at: i64) -> Line {
    let line = match (&digest.repos, digest.personal) {
        (None, _) => Line::new().text("Your digest of what concerns you, told you in private "),
        (Some(repos), true) => {
            Line::new().text("Your digest of ").bold(repos.short()).text(", told you in private ")
        }
        (Some(repos), false) => Line::new().text("Digest of ").bold(repos.short()).text(", told here "),
    };
    line.text(format!("{}. Next: ", spoken(&digest.times, &digest.zone))).moment(next_at).text(".")
}

/// What is left out, and what it does not know.
pub(super) fn shows(digest: &NewDigest) -> Vec<Line> {
    let left_out = conditions(&digest.wish).map(|line| Line::new().text("It shows: ").join(line).text("."));
    let wide = digest.repos.as_ref().is_some_and(RepoPattern::is_wide);
    let grows =
        wide.then(|| Line::from("New repositories come in by themselves, as far as you can read them."));
    left_out.into_iter().chain(grows).collect()
}
