//! Who may what: the one table, and the one place where it is enforced. What touches Bitbucket is done with
//! the person's own account, and Bitbucket decides; this is about what is Dipper's own.

use crate::bitbucket;
use crate::bot::{Context, Failure};
use crate::slack::Standing;
use crate::words::message::{Line, Message};
use crate::words::names::{RepoName, RepoRef};

/// Who may give a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Any full member of the workspace, where they are.
    Anyone,
    /// Whoever it belongs to, guests too.
    Owner,
    /// Whoever can read the repository with their own account.
    Reader,
    /// Whoever administers Dipper.
    Admin,
}

/// What a command changes, and so where the audit log hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changes {
    /// Nothing: it only looks.
    Nothing,
    /// Bitbucket: the job that runs it writes it down.
    Bitbucket,
    /// Dipper itself: it is written down in the same unit of work.
    Dipper,
}

/// Every rule, who is meant by it, and what holds besides, as the README prints it.
pub const RULES: &[(Rule, &str, &str)] = &[
    (
        Rule::Anyone,
        "anyone in the channel",
        "every full member of the workspace; on Bitbucket it is done with their own account, and Bitbucket decides",
    ),
    (Rule::Owner, "whoever it belongs to", "guests too: what somebody connected they can always take back"),
    (Rule::Reader, "one who can read the repository", "Bitbucket is asked first, with their own account"),
    (
        Rule::Admin,
        "Dipper admin",
        "whoever `DIPPER_ADMINS` names; where it is not set, the workspace's owners and admins",
    ),
];

impl Rule {
    /// Who is meant by it.
    pub fn who(self) -> &'static str {
        RULES.iter().find(|(rule, ..)| *rule == self).map_or("", |(_, who, _)| who)
    }

    /// The line of a refusal that names the rule.
    fn line(self) -> Line {
        Line::new().text("Who may: ").bold(self.who()).text(".")
    }
}

/// Lets a command run, or says by which rule it may not.
pub(super) async fn check(cx: &Context<'_>, rule: Rule, repo: Option<&RepoRef>) -> Result<(), Failure> {
    match cx.bot.standing(&cx.caller.user).await? {
        Standing::Member => {}
        Standing::Guest if rule == Rule::Owner => {}
        Standing::Guest => return Err(refused("Guests of this workspace can't use Dipper.", Rule::Anyone)),
        Standing::Stranger => {
            return Err(refused("Dipper only answers people of this workspace.", Rule::Anyone));
        }
        Standing::Gone => return Err(refused("This Slack account was closed.", Rule::Anyone)),
    }
    match (rule, repo) {
        (Rule::Reader, Some(repo)) => readable(cx, repo).await.map(drop),
        (Rule::Admin, _) if cx.bot.is_admin(&cx.caller.user).await? => Ok(()),
        // A reader who names nothing yet, or many at once: the command reads them itself.
        (Rule::Anyone | Rule::Owner, _) | (Rule::Reader, None) => Ok(()),
        (Rule::Admin, _) => Err(refused("That is not yours to do.", rule)),
    }
}

/// A refusal that says which rule it follows.
pub(super) fn refused(sentence: &str, rule: Rule) -> Failure {
    Failure::Told(Box::new(Message::line(sentence).and(rule.line())))
}

/// The repository a person means, read with their own account: nobody gets from Dipper what that account
/// cannot read. It is spelt as Bitbucket spells it, and asked for once.
pub(super) async fn readable(cx: &Context<'_>, wanted: &RepoRef) -> Result<RepoName, Failure> {
    if let Some(repo) = cx.trail.spelt(wanted) {
        return Ok(repo);
    }
    let repo = cx.repo(wanted).await?;
    match cx.bitbucket(&repo.instance).await?.repository(&repo).await {
        Ok(found) => {
            cx.trail.spell(wanted, &found.name);
            Ok(found.name)
        }
        Err(error @ (bitbucket::Error::NotFound(_) | bitbucket::Error::Forbidden(_))) => {
            Err(refused(&error.to_string(), Rule::Reader))
        }
        Err(error) => Err(error.into()),
    }
}
