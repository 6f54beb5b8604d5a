//! `commits`: what was committed lately.

use chrono_tz::Tz;
use clap::Args;
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};

use super::nearest::Wanted;
use super::{here, repo_field};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure, Outcome};
use crate::commands::shown::Shown;
use crate::commands::whom::{self, Around};
use crate::commands::{Changes, Rule, Runs};
use crate::views::code;
use crate::words::commit::{Commit, CommitFilter};
use crate::words::day::Day;
use crate::words::message::{Action, Field, FieldKind, Form, Line};
use crate::words::names::{RepoName, RepoRef};
use crate::words::whom::Whom;

/// How many stand on a page.
const PER_PAGE: usize = 10;
/// How many are looked through for those of one author or time.
const LOOK_THROUGH: usize = 2_000;
/// Clocks differ: so many that are too old are passed over before the search ends.
const TOO_OLD: usize = 30;

/// List the latest commits
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Commits {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Of this branch, tag or commit; of the main branch when left out
    #[arg(long)]
    #[serde(default)]
    branch: Option<String>,
    /// Only by this person: a name, a mention, or me
    #[arg(long, value_name = "WHO")]
    #[serde(default)]
    author: Option<Whom>,
    /// Only what changed this file or folder
    #[arg(long)]
    #[serde(default)]
    path: Option<String>,
    /// Only from this day on: 2026-11-01, or 3d for three days ago
    #[arg(long, value_name = "DAY")]
    #[serde(default)]
    since: Option<Day>,
    /// Only up to this day
    #[arg(long, value_name = "DAY")]
    #[serde(default)]
    until: Option<Day>,
    /// How many in all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    #[serde(default)]
    limit: Option<u16>,
    /// The newest commit when the first page was read: a push does not shift the pages.
    #[arg(skip)]
    #[serde(default)]
    newest: Option<String>,
    /// Whether its form is asked for.
    #[arg(skip)]
    #[serde(default)]
    ask: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for Commits {
    const NAME: &'static str = "commits";
    const EXAMPLE: &'static str = "commits web/api --branch main --since 3d";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() || !self.ask {
            return None;
        }
        let text = |name, label, value: Option<String>| {
            Field::new(name, label, FieldKind::Text).filled(value).optional()
        };
        Some(Form {
            title: "Latest commits".to_owned(),
            submit: "Show".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(None),
                Field::new("branch", "Branch", FieldKind::Lookup("branch".to_owned()))
                    .filled(self.branch.clone())
                    .hint("The main branch when left empty")
                    .optional(),
                text("author", "Author", self.author.as_ref().map(ToString::to_string)),
                text("path", "File or folder", self.path.clone()),
                text("since", "Since", self.since.map(|day| day.to_string()))
                    .hint("Like 2026-11-01, or 3d for three days ago"),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repo = here(cx, self.repo.as_ref(), Action::of(Self::NAME, &self)).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let most = usize::from(self.limit.unwrap_or(u16::MAX));
        let from = self.shown.from(PER_PAGE).min(most);
        let upto = from.saturating_add(PER_PAGE).min(most);
        let commits = match self.read(cx, (bitbucket.as_ref(), &repo), upto + 1).await? {
            Ok(commits) => commits,
            Err(error) => return Err(self.explained(error, (bitbucket.as_ref(), &repo)).await),
        };
        let page: Vec<Commit> = commits.iter().take(upto).skip(from).cloned().collect();
        let message = code::commits(self.head(cx, &repo, page.is_empty()), &page);
        let newest = self.newest.clone().or_else(|| commits.first().map(|commit| commit.hash.clone()));
        let this = Action::of(Self::NAME, &Self { newest, repo: Some(repo.into()), ..self.clone() });
        let more = commits.len() > upto && upto < most;
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

impl Commits {
    /// The newest that fit, so many at most.
    async fn read(
        &self,
        cx: &Context<'_>,
        (bitbucket, repo): (&dyn Bitbucket, &RepoName),
        most: usize,
    ) -> Result<bitbucket::Result<Vec<Commit>>, Failure> {
        let filter = CommitFilter {
            of: self.newest.clone().or_else(|| self.branch.clone()),
            without: None,
            path: self.path.clone(),
            author: self.by(cx, (bitbucket, repo)).await?,
        };
        if self.since.is_none() && self.until.is_none() {
            return Ok(bitbucket.commits(repo, &filter, most).await);
        }
        let (now, zone) = (cx.bot.clock.millis(), zone_of(cx).await);
        let since = self.since.map_or(i64::MIN, |day| day.begins(now, zone));
        let until = self.until.map_or(i64::MAX, |day| day.ends(now, zone));
        let mut each = bitbucket.each_commit(repo, &filter, LOOK_THROUGH);
        let (mut found, mut too_old) = (Vec::new(), 0);
        while found.len() < most && too_old < TOO_OLD {
            match each.try_next().await {
                Ok(Some(commit)) if commit.at < since => too_old += 1,
                Ok(Some(commit)) if commit.at < until => found.push(commit),
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => return Ok(Err(error)),
            }
        }
        Ok(Ok(found))
    }

    /// The author as commits name them.
    async fn by(
        &self,
        cx: &Context<'_>,
        (bitbucket, repo): (&dyn Bitbucket, &RepoName),
    ) -> Result<Option<String>, Failure> {
        Ok(match &self.author {
            None => None,
            Some(Whom::Slack(who)) => Some(Around { cx, bitbucket, repo }.in_slack(who).await?.name),
            Some(Whom::Named(name)) => Some(name.clone()),
        })
    }

    async fn explained(
        &self,
        error: bitbucket::Error,
        (bitbucket, repo): (&dyn Bitbucket, &RepoName),
    ) -> Failure {
        let Some(branch) = &self.branch else { return error.into() };
        let instead = |name: &str| {
            let branch = Some(name.to_owned());
            Action::of(Self::NAME, &Self { branch, repo: Some(repo.clone().into()), ..self.clone() })
        };
        Wanted { bitbucket, repo, name: branch }.or_nearest(error, instead).await
    }

    fn head(&self, cx: &Context<'_>, repo: &RepoName, empty: bool) -> Line {
        let verb = if empty { "No commits in " } else { "Latest commits in " };
        let mut line = Line::new().text(verb).bold(repo.short());
        if let Some(branch) = &self.branch {
            line = line.text(" on ").code(branch);
        }
        line = whom::said(line, cx, " by ", self.author.as_ref());
        if let Some(path) = &self.path {
            line = line.text(" that changed ").code(path);
        }
        for (word, day) in [(" since ", self.since), (" until ", self.until)] {
            line = match day {
                Some(Day::On(_)) => line.text(word).text(day.map(|day| day.to_string()).unwrap_or_default()),
                Some(Day::Ago(ago)) => line.text(word).text(format!("{ago} ago")),
                None => line,
            };
        }
        match self.shown.page() {
            0 => line,
            page => line.text(format!(", page {}", page + 1)),
        }
    }
}

/// The asker's time zone.
async fn zone_of(cx: &Context<'_>) -> Tz {
    let info = match cx.bot.slack(&cx.caller.user.team).await {
        Ok(slack) => slack.user_info(&cx.caller.user).await.ok(),
        Err(_) => None,
    };
    info.and_then(|info| info.tz).and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC)
}
