//! `pr list`: the pull requests of a repository.

use std::fmt;
use std::str::FromStr;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::repo::{here, repo_field};
use crate::commands::shown::Shown;
use crate::commands::whom::{self, Around};
use crate::commands::{Changes, Rule, Runs};
use crate::views::listing;
use crate::words::message::{Action, Choice, Field, FieldKind, Form, Line};
use crate::words::names::{RepoName, RepoRef};
use crate::words::pull_request::{PullRequest, PullRequestFilter, State};
use crate::words::whom::Whom;
use crate::words::{Advice, serde_as_text};

/// How many stand on a page.
const PER_PAGE: usize = 10;

/// Which pull requests, by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Those that wait to be merged.
    #[default]
    Open,
    /// Those that were merged.
    Merged,
    /// Those that were declined.
    Declined,
    /// All of them.
    All,
}

impl Standing {
    const WORDS: [(Self, &str); 4] =
        [(Self::Open, "open"), (Self::Merged, "merged"), (Self::Declined, "declined"), (Self::All, "all")];

    /// As it stands at the head of a list.
    fn heading(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Merged => "Merged",
            Self::Declined => "Declined",
            Self::All => "All",
        }
    }

    fn states(self) -> Vec<State> {
        match self {
            Self::Open => vec![State::Open],
            Self::Merged => vec![State::Merged],
            Self::Declined => vec![State::Declined, State::Superseded],
            Self::All => Vec::new(),
        }
    }
}

impl FromStr for Standing {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let known = Self::WORDS.into_iter().find(|(_, word)| word.eq_ignore_ascii_case(text.trim()));
        let shown: String = text.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect();
        known
            .map(|(standing, _)| standing)
            .ok_or_else(|| Advice(format!("`{shown}` is none of `open`, `merged`, `declined`, `all`.")))
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Self::WORDS.iter().find(|(standing, _)| standing == self).map_or("", |(_, word)| word);
        out.write_str(word)
    }
}
serde_as_text!(Standing);

/// List the pull requests of a repository, the newest first
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct List {
    /// The repository, like web/api; this channel's own when left out
    #[serde(default)]
    repo: Option<RepoRef>,
    /// Those that are open, merged, declined, or all
    #[arg(long, value_name = "STATE", default_value = "open")]
    #[serde(default)]
    state: Standing,
    /// Only by this person: a name, a mention, or me
    #[arg(long, value_name = "WHO")]
    #[serde(default)]
    author: Option<Whom>,
    /// Only those this person is asked to review
    #[arg(long, value_name = "WHO")]
    #[serde(default)]
    reviewer: Option<Whom>,
    /// Only those into this branch
    #[arg(long, value_name = "BRANCH")]
    #[serde(default)]
    into: Option<String>,
    /// How many in all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    #[serde(default)]
    limit: Option<u16>,
    /// Whether its form is asked for.
    #[arg(skip)]
    #[serde(default)]
    ask: bool,
    #[command(flatten)]
    #[serde(flatten)]
    shown: Shown,
}

impl Runs for List {
    const NAME: &'static str = "pr.list";
    const EXAMPLE: &'static str = "pr list web/api --author me";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() || !self.ask {
            return None;
        }
        let states = Standing::WORDS.into_iter().map(|(_, word)| Choice::plain(word)).collect();
        let who = |name, label, value: Option<Whom>| {
            let field = Field::new(name, label, FieldKind::Text).filled(value).optional();
            field.hint("A name on Bitbucket, or me")
        };
        Some(Form {
            title: "List pull requests".to_owned(),
            submit: "List".to_owned(),
            intro: Vec::new(),
            fields: vec![
                repo_field(None),
                Field::new("state", "Which", FieldKind::Choice(states)).filled(Some(self.state)),
                who("author", "Author", self.author.clone()),
                who("reviewer", "Reviewer", self.reviewer.clone()),
                Field::new("into", "Into", FieldKind::Lookup("branch".to_owned()))
                    .filled(self.into.clone())
                    .optional(),
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
        let filter = self.filter(cx, (bitbucket.as_ref(), &repo)).await?;
        let found = bitbucket.pull_requests(&repo, &filter, upto + 1).await?;
        let page: Vec<PullRequest> = found.iter().take(upto).skip(from).cloned().collect();
        let me = cx.bot.store.link(&cx.caller.user, &repo.instance).await?.map(|link| link.person.id);
        let message = listing::pull_requests(self.head(cx, &repo, page.is_empty()), &page, |_| me.as_ref());
        let this = Action::of(Self::NAME, &Self { repo: Some(repo.into()), ..self.clone() });
        let more = found.len() > upto && upto < most;
        Ok(self.shown.deliver(cx, self.shown.pages(&this, message, more)))
    }
}

impl List {
    async fn filter(
        &self,
        cx: &Context<'_>,
        (bitbucket, repo): (&dyn Bitbucket, &RepoName),
    ) -> Result<PullRequestFilter, Failure> {
        let author = |whom| Action::of(Self::NAME, &Self { author: Some(whom), ..self.clone() });
        let reviewer = |whom| Action::of(Self::NAME, &Self { reviewer: Some(whom), ..self.clone() });
        let around = Around { cx, bitbucket, repo };
        Ok(PullRequestFilter {
            states: self.state.states(),
            author: match &self.author {
                Some(whom) => Some(around.one(whom, author).await?.id),
                None => None,
            },
            reviewer: match &self.reviewer {
                Some(whom) => Some(around.one(whom, reviewer).await?.id),
                None => None,
            },
            target: self.into.clone(),
            ..PullRequestFilter::default()
        })
    }

    fn head(&self, cx: &Context<'_>, repo: &RepoName, empty: bool) -> Line {
        let which = match self.state {
            Standing::All => String::new(),
            standing => format!("{standing} "),
        };
        let line = Line::new().text(if empty {
            format!("No {which}pull requests in ")
        } else {
            format!("{} pull requests in ", self.state.heading())
        });
        let line = whom::said(line.bold(repo.short()), cx, " by ", self.author.as_ref());
        let mut line = whom::said(line, cx, " for review by ", self.reviewer.as_ref());
        if let Some(into) = &self.into {
            line = line.text(" into ").code(into);
        }
        match self.shown.page() {
            0 => line,
            page => line.text(format!(", page {}", page + 1)),
        }
    }
}
