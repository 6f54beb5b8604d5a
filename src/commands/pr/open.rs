//! `pr open`: open a pull request, as you; with a form for what was not given, filled from the branch.

mod fill;

use clap::Args;
use serde::{Deserialize, Serialize};

use super::about::linked;
use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure, Outcome};
use crate::commands::lookup::{self, Picked};
use crate::commands::sheet::Marks;
use crate::commands::whom::Around;
use crate::commands::{Changes, Rule, Runs};
use crate::views::card;
use crate::words::message::{Action, Field, FieldKind, Form, Line, Message};
use crate::words::names::{PersonId, RepoName};
use crate::words::pull_request::{NewPullRequest, PullRequest, PullRequestFilter};
use crate::words::whom::Whom;

/// Open a pull request
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Open {
    /// The repository, like web/api
    #[serde(default)]
    repo: Option<Picked>,
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
    /// Who is to review it besides the default reviewers: @ada, me or a Bitbucket name; may be repeated
    #[arg(long = "reviewer", value_name = "WHO")]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reviewers: Vec<Whom>,
    /// Open it as a draft
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    draft: bool,
    /// Delete its branch once it is merged
    #[arg(long)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    close_source: bool,
    /// What the form was filled with.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    marks: Marks,
}

impl Runs for Open {
    const NAME: &'static str = "pr.open";
    const EXAMPLE: &'static str = "pr open web/api --from limit-rate --title \"Limit the rate\"";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Bitbucket;
    const FILLS: bool = true;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() && self.from.is_some() && self.title.is_some() {
            return None;
        }
        Some(Form {
            title: "Open a pull request".to_owned(),
            submit: "Open".to_owned(),
            intro: Vec::new(),
            fields: self.fields(),
            does: Action::of(Self::NAME, self),
        })
    }

    async fn fill(&self, cx: &Context<'_>, form: Form) -> Result<Form, Failure> {
        fill::filled(self, cx, form).await
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let (Some(picked), Some(from), Some(title)) = (&self.repo, &self.from, &self.title) else {
            return Err(Failure::told("A pull request needs a repository, a source branch and a title."));
        };
        let repo = lookup::repository(cx, picked).await?;
        let bitbucket = cx.bitbucket(&repo.instance).await?;
        let source = lookup::branch(bitbucket.as_ref(), &repo, from).await?;
        let target = match &self.to {
            Some(to) => Some(lookup::branch(bitbucket.as_ref(), &repo, to).await?),
            None => None,
        };
        let new = NewPullRequest {
            description: self.description.clone().unwrap_or_default(),
            target,
            reviewers: self.asked(cx, bitbucket.as_ref(), &repo).await?,
            draft: self.draft,
            close_source: self.close_source,
            ..NewPullRequest::new(repo, title, source)
        };
        let pr = opened(cx, bitbucket.as_ref(), &new).await?;
        cx.keep_true(&pr).await?;
        Ok(said(&pr))
    }
}

impl Open {
    fn fields(&self) -> Vec<Field> {
        let lookup = |what: &str| FieldKind::Lookup(what.to_owned());
        let repo = Field::new("repo", "Repository", lookup("repository")).refills();
        let repo = match &self.repo {
            Some(picked) => repo.filled(Some(picked)).labelled(picked, picked.plain()),
            None => repo,
        };
        vec![
            repo,
            Field::new("from", "Source branch", lookup("branch"))
                .filled(self.from.clone())
                .hint("The branch that holds your change")
                .refills(),
            Field::new("to", "Target branch", lookup("branch"))
                .filled(self.to.clone())
                .hint("The main branch when left empty")
                .optional()
                .refills(),
            Field::new("title", "Title", FieldKind::Text).filled(self.title.clone()),
            Field::new("description", "Description", FieldKind::LongText)
                .filled(self.description.clone())
                .optional(),
            Field::new("reviewers", "Reviewers", FieldKind::LookupMany("person".to_owned()))
                .holding(self.reviewers.iter())
                .optional(),
            Field::new("draft", "Draft", FieldKind::Flag).ticked(self.draft),
            Field::new("close_source", "Delete the branch once merged", FieldKind::Flag)
                .ticked(self.close_source),
        ]
    }

    /// Who was named to review it.
    async fn asked(
        &self,
        cx: &Context<'_>,
        bitbucket: &dyn Bitbucket,
        repo: &RepoName,
    ) -> Result<Vec<PersonId>, Failure> {
        let instead = |at: usize, whom: Whom| {
            let mut open = self.clone();
            open.reviewers[at] = whom;
            Action::of(Self::NAME, &open)
        };
        let people = Around { cx, bitbucket, repo }.all(&self.reviewers, instead).await?;
        Ok(people.into_iter().map(|person| person.id).collect())
    }
}

/// It, opened: now, or by an earlier attempt that got through before it could say so.
async fn opened(
    cx: &Context<'_>,
    bitbucket: &dyn Bitbucket,
    new: &NewPullRequest,
) -> Result<PullRequest, Failure> {
    let Some(pr) = standing(bitbucket, &new.repo, (&new.source, new.target.as_deref())).await? else {
        return Ok(bitbucket.open_pull_request(new).await?);
    };
    let me = cx.bot.store.link(&cx.caller.user, &new.repo.instance).await?;
    let mine = me.is_some_and(|link| link.person.id == pr.author.id);
    if cx.again && mine && pr.title == new.title.trim() {
        return Ok(pr);
    }
    Err(Failure::Told(Box::new(Message::line(already(&pr)))))
}

/// The open pull request for this very change, if there is one already.
async fn standing(
    bitbucket: &dyn Bitbucket,
    repo: &RepoName,
    (source, target): (&str, Option<&str>),
) -> Result<Option<PullRequest>, Failure> {
    let filter = PullRequestFilter { source: Some(source.to_owned()), ..PullRequestFilter::open() };
    let open = bitbucket.pull_requests(repo, &filter, 100).await?;
    let here = |pr: &PullRequest| pr.source_repo.is_none() && !pr.fork_gone;
    let same =
        |pr: &PullRequest| here(pr) && pr.source == source && target.is_none_or(|target| target == pr.target);
    Ok(open.into_iter().find(same))
}

fn already(pr: &PullRequest) -> Line {
    linked(Line::new().text("There is one already for ").code(&pr.source).text(": "), pr).text(".")
}

fn said(pr: &PullRequest) -> Message {
    let what = if pr.draft { "You opened the draft " } else { "You opened " };
    let message = Message::line(linked(Line::new().text(what), pr).text(".")).and(card::branches(pr));
    let asked: Vec<&str> =
        pr.reviews.iter().filter(|review| review.asked).map(|review| review.person.name.as_str()).collect();
    if asked.is_empty() {
        message
    } else {
        message.fact(Line::new().text(format!("to review: {}", asked.join(", "))))
    }
}
