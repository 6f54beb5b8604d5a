//! Repositories as people name them to subscribe: one, or all of a form.

use std::fmt;
use std::str::FromStr;

use crate::bot::{Context, Failure};
use crate::commands::rules::readable;
use crate::words::names::{Instance, RepoName, RepoRef};
use crate::words::wish::{RepoPattern, Wanted};
use crate::words::{Advice, serde_as_text};

/// How many repositories are looked through at most.
const MOST: usize = 500;

/// One repository, or all of a form.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::commands) enum Repos {
    One(RepoRef),
    Form(Wanted),
}

impl fmt::Display for Repos {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(repo) => write!(out, "{repo}"),
            Self::Form(Wanted { instance, form, except }) => {
                if let Some(instance) = instance {
                    write!(out, "{instance}:")?;
                }
                out.write_str(form)?;
                except.iter().try_for_each(|form| write!(out, ",-{form}"))
            }
        }
    }
}

impl FromStr for Repos {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let form = !text.contains("://") && text.contains(['*', '?', ',']);
        if form { text.parse().map(Self::Form) } else { text.parse().map(Self::One) }
    }
}
serde_as_text!(Repos);

impl From<&RepoPattern> for Repos {
    fn from(repos: &RepoPattern) -> Self {
        match repos.one() {
            Some(repo) => Self::One(repo.into()),
            None => Self::Form(Wanted {
                instance: Some(repos.instance.clone()),
                form: repos.form.clone(),
                except: repos.except.clone(),
            }),
        }
    }
}

impl Repos {
    pub(in crate::commands) fn one(&self) -> Option<&RepoRef> {
        match self {
            Self::One(repo) => Some(repo),
            Self::Form(_) => None,
        }
    }

    /// Which are meant, without asking whether they can be read.
    pub(in crate::commands) async fn meant(&self, cx: &Context<'_>) -> Result<RepoPattern, Failure> {
        match self {
            Self::One(repo) => Ok(cx.repo(repo).await?.into()),
            Self::Form(wanted) => {
                let instance = match &wanted.instance {
                    Some(instance) => cx.bot.site(instance)?.name().clone(),
                    None => usual(cx).await?,
                };
                let (form, except) = (wanted.form.clone(), wanted.except.clone());
                Ok(RepoPattern { instance, form, except })
            }
        }
    }

    /// Which are meant, as Bitbucket spells them, and which can be read where there may be many: at least one
    /// of them has to be.
    pub(in crate::commands) async fn readable(&self, cx: &Context<'_>) -> Result<Found, Failure> {
        let repos = match self {
            Self::One(repo) => return Ok(Found { repos: readable(cx, repo).await?.into(), readable: None }),
            Self::Form(_) => self.meant(cx).await?,
        };
        let owner = repos.form.split('/').next().unwrap_or_default();
        if owner.contains(['*', '?']) {
            return Err(Failure::told("Name the workspace or project, like `web/*`."));
        }
        let all = cx.bitbucket(&repos.instance).await?.repositories(owner, "", MOST).await?;
        let meant = all.into_iter().map(|repository| repository.name).filter(|name| repos.covers(name));
        let meant: Vec<RepoName> = meant.collect();
        if meant.is_empty() {
            return Err(Failure::told("I find no such repository with your account. Check the name."));
        }
        Ok(Found { repos, readable: Some(meant) })
    }
}

/// Repositories that were found.
pub(in crate::commands) struct Found {
    /// Which are meant.
    pub(in crate::commands) repos: RepoPattern,
    /// Those of them that whoever asks can read, where there may be several.
    pub(in crate::commands) readable: Option<Vec<RepoName>>,
}

/// The Bitbucket that is meant where nobody names one.
async fn usual(cx: &Context<'_>) -> Result<Instance, Failure> {
    let mut all = cx.bot.connectable();
    if let (Some(only), None) = (all.next(), all.next()) {
        return Ok(only.name().clone());
    }
    let decided = cx.bot.store.team_settings(&cx.caller.user.team).await?.instance;
    decided.ok_or_else(|| {
        let names: Vec<String> = cx.bot.sites.keys().map(|name| format!("`{name}:web/*`")).collect();
        Failure::told(format!("On which Bitbucket? Write it like {}.", names.join(" or ")))
    })
}
