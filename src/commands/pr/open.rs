//! `pr open`: open a pull request, as you; with a form for what was not given.

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::{Changes, Rule, Runs};
use crate::views::card;
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::{RepoName, RepoRef};
use crate::words::pull_request::{NewPullRequest, PullRequest, PullRequestFilter};

/// Open a pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Open {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<RepoRef>,
    /// The branch that holds the change
    #[arg(long, value_name = "BRANCH")]
    #[serde(default)]
    from: Option<String>,
    /// The branch to change; the main one when left out
    #[arg(long, value_name = "BRANCH")]
    #[serde(default)]
    to: Option<String>,
    /// Its title
    #[arg(long)]
    #[serde(default)]
    title: Option<String>,
    /// Its description
    #[arg(long, value_name = "TEXT")]
    #[serde(default)]
    description: Option<String>,
}

impl Runs for Open {
    const NAME: &'static str = "pr.open";
    const EXAMPLE: &'static str = "pr open web/api --from limit-rate --title \"Limit the rate\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() && self.from.is_some() && self.title.is_some() {
            return None;
        }
        Some(Form {
            title: "Open a pull request".to_owned(),
            submit: "Open".to_owned(),
            intro: Vec::new(),
            fields: vec![
                Field::new("repo", "Repository", FieldKind::Lookup("repository".to_owned()))
                    .filled(self.repo.clone()),
                Field::new("from", "Source branch", FieldKind::Lookup("branch".to_owned()))
                    .filled(self.from.clone())
                    .hint("The branch that holds your change"),
                Field::new("to", "Target branch", FieldKind::Lookup("branch".to_owned()))
                    .filled(self.to.clone())
                    .hint("The main branch when left empty")
                    .optional(),
                Field::new("title", "Title", FieldKind::Text).filled(self.title.clone()),
                Field::new("description", "Description", FieldKind::LongText)
                    .filled(self.description.clone())
                    .optional(),
            ],
            does: Action::of(Self::NAME, self),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(repo), Some(source), Some(title)) = (self.repo, self.from, self.title) else {
            return Err(Failure::told("A pull request needs a repository, a source branch and a title."));
        };
        let repo = cx.repo(&repo).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let description = self.description.unwrap_or_default();
        let new = NewPullRequest { description, target: self.to, ..NewPullRequest::new(repo, title, source) };
        let pr = match standing(bitbucket.as_ref(), &new.repo, &new).await? {
            Some(pr) if cx.again && pr.title == new.title => pr,
            Some(pr) => return Err(already(&pr)),
            None => bitbucket.open_pull_request(&new).await?,
        };
        cx.keep_true(&pr).await?;
        let link = format!("{} {}", pr.name.short(), pr.title);
        Ok(Message::line(Line::new().text("You opened ").link(link, &pr.url).text("."))
            .and(card::branches(&pr)))
    }
}

/// The open pull request for this very change, if there is one already.
async fn standing(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    new: &NewPullRequest,
) -> Result<Option<PullRequest>, Failure> {
    let filter = PullRequestFilter { source: Some(new.source.clone()), ..PullRequestFilter::open() };
    let open = bitbucket.pull_requests(repo, &filter, 100).await?;
    let same = |pr: &PullRequest| {
        pr.source == new.source && new.target.as_ref().is_none_or(|target| *target == pr.target)
    };
    Ok(open.into_iter().find(same))
}

fn already(pr: &PullRequest) -> Failure {
    let line = Line::new().text("There is one already for ").code(&pr.source).text(": ");
    let line = line.link(format!("{} {}", pr.name.short(), pr.title), &pr.url).text(".");
    Failure::Told(Box::new(Message::line(line)))
}
