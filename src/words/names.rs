//! What things are called: instances, repositories, pull requests, people, channels, topics.
//!
//! A *reference* (`RepoRef`, `PrRef`) is what a person may write; a *name* (`RepoName`, `PrName`) is
//! fully known. Every name prints as a reference that means it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use super::topic::Topic;
use super::{Advice, serde_as_text, text_newtype};

text_newtype! {
    /// A connected Bitbucket, by the name the operator gave it: `cloud`, `dc` …
    Instance
}
text_newtype! {
    /// A Slack workspace (`T…`), or the enterprise (`E…`) where a payload names no workspace.
    Team
}
text_newtype! {
    /// A person's stable identity on a Bitbucket instance: a uuid on Cloud, a user slug on Data Center.
    PersonId
}

/// A Slack person, in the workspace they act from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SlackUser {
    /// The workspace.
    pub team: Team,
    /// `U…` or `W…`.
    pub id: String,
}

/// A Slack conversation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Channel {
    /// The workspace.
    pub team: Team,
    /// `C…`, `G…` or `D…`.
    pub id: String,
}

impl Channel {
    /// Whether this is a conversation between the bot and one person.
    pub fn is_direct(&self) -> bool {
        self.id.starts_with('D')
    }
}

/// A repository, fully known: `cloud:web/api`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepoName {
    /// The Bitbucket it lives on.
    pub instance: Instance,
    /// The workspace (Cloud) or project key (Data Center).
    pub owner: String,
    /// Its slug.
    pub slug: String,
}

impl RepoName {
    /// `web/api`: how people call it where the instance is plain.
    pub fn short(&self) -> String {
        format!("{}/{}", self.owner, self.slug)
    }
}

impl fmt::Display for RepoName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}/{}", self.instance, self.owner, self.slug)
    }
}

impl FromStr for RepoName {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        match RepoRef::from_str(text)? {
            RepoRef { place: Place::Instance(instance), owner: Some(owner), slug } => {
                Ok(Self { instance, owner, slug })
            }
            _ => Err(Advice(format!(
                "`{text}` does not name the Bitbucket it is on; write it like `cloud:web/api`."
            ))),
        }
    }
}
serde_as_text!(RepoName);

/// A pull request, fully known: `cloud:web/api#42`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PrName {
    /// The repository it asks to change.
    pub repo: RepoName,
    /// Its number there.
    pub number: u64,
}

impl PrName {
    /// `web/api#42`.
    pub fn short(&self) -> String {
        format!("{}#{}", self.repo.short(), self.number)
    }
}

impl fmt::Display for PrName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}#{}", self.repo, self.number)
    }
}

impl FromStr for PrName {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let (repo, number) = text.rsplit_once('#').ok_or_else(|| not_a_pull_request(text))?;
        Ok(Self { repo: repo.parse()?, number: number_of(number).ok_or_else(|| not_a_pull_request(text))? })
    }
}
serde_as_text!(PrName);

/// Where a reference says the repository is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// Not said: any instance the person can see.
    Anywhere,
    /// By the instance's name.
    Instance(Instance),
    /// By a web address of Bitbucket Cloud's form (`https://host/owner/slug`); holds `https://host`.
    CloudUrl(String),
    /// By a web address of Data Center's form; holds what stands before `/projects/`.
    DataCenterUrl(String),
}

/// A repository as a person may write it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RepoRef {
    /// Where it is said to be.
    pub place: Place,
    /// Workspace or project, where given.
    pub owner: Option<String>,
    /// The slug.
    pub slug: String,
}

impl RepoRef {
    /// As people write it where it is clear on which Bitbucket it is.
    pub fn plain(&self) -> String {
        match (&self.place, &self.owner) {
            (Place::Instance(_), Some(owner)) => format!("{owner}/{}", self.slug),
            _ => self.to_string(),
        }
    }
}

impl From<RepoName> for RepoRef {
    fn from(name: RepoName) -> Self {
        Self { place: Place::Instance(name.instance), owner: Some(name.owner), slug: name.slug }
    }
}

impl fmt::Display for RepoRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let owner = self.owner.as_deref().unwrap_or_default();
        match &self.place {
            Place::CloudUrl(base) => return write!(out, "{base}/{owner}/{}", self.slug),
            Place::DataCenterUrl(base) => return write!(out, "{base}/projects/{owner}/repos/{}", self.slug),
            Place::Instance(instance) => write!(out, "{instance}:")?,
            Place::Anywhere => {}
        }
        if self.owner.is_some() {
            write!(out, "{owner}/")?;
        }
        out.write_str(&self.slug)
    }
}

impl FromStr for RepoRef {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let text = unlinked(text.trim());
        if is_address(text) {
            return from_url(text).map(|(repo, _)| repo).ok_or_else(|| not_a_repository(text));
        }
        let (place, rest) = match text.split_once(':') {
            Some((instance, rest)) if is_word(instance) => (Place::Instance(Instance::new(instance)), rest),
            Some(_) => return Err(not_a_repository(text)),
            None => (Place::Anywhere, text),
        };
        let (owner, slug) = match rest.split_once('/') {
            Some((owner, slug)) => (Some(owner), slug),
            None => (None, rest),
        };
        let owner_reads = owner.is_none_or(|owner| is_word(owner.strip_prefix('~').unwrap_or(owner)));
        if owner_reads && is_word(slug) {
            Ok(Self { place, owner: owner.map(str::to_owned), slug: slug.to_owned() })
        } else {
            Err(not_a_repository(text))
        }
    }
}
serde_as_text!(RepoRef);

/// A pull request as a person may write it: `web/api#42`, its address, or `#42` where the channel has
/// a default repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PrRef {
    /// The repository, unless left to the channel.
    pub repo: Option<RepoRef>,
    /// The number.
    pub number: u64,
}

impl From<PrName> for PrRef {
    fn from(name: PrName) -> Self {
        Self { repo: Some(name.repo.into()), number: name.number }
    }
}

impl fmt::Display for PrRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repo {
            Some(repo @ RepoRef { place: Place::CloudUrl(_) | Place::DataCenterUrl(_), .. }) => {
                write!(out, "{repo}/pull-requests/{}", self.number)
            }
            Some(repo) => write!(out, "{repo}#{}", self.number),
            None => write!(out, "#{}", self.number),
        }
    }
}

impl FromStr for PrRef {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let text = unlinked(text.trim());
        if is_address(text) {
            return match from_url(text) {
                Some((repo, Some(number))) => Ok(Self { repo: Some(repo), number }),
                _ => Err(not_a_pull_request(text)),
            };
        }
        let (repo, number) = text.rsplit_once('#').unwrap_or(("", text));
        let number = number_of(number).ok_or_else(|| not_a_pull_request(text))?;
        let repo = match repo {
            "" => None,
            repo => Some(repo.parse().map_err(|_| not_a_pull_request(text))?),
        };
        Ok(Self { repo, number })
    }
}
serde_as_text!(PrRef);

fn not_a_repository(text: &str) -> Advice {
    Advice(format!("`{}` is not a repository; write it like `web/api`.", shown(text)))
}

fn not_a_pull_request(text: &str) -> Advice {
    Advice(format!("`{}` is not a pull request; write it like `web/api#42`.", shown(text)))
}

/// What was typed, short enough to be shown back and without the marks that would end the quotation.
pub fn shown(text: &str) -> String {
    let mut shown: String = text.chars().filter(|c| *c != '`' && !c.is_control()).take(60).collect();
    if text.chars().count() > 60 {
        shown.push('…');
    }
    shown
}

/// Slack wraps addresses people type: `<https://…|label>`.
fn unlinked(text: &str) -> &str {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(text);
    inner.split('|').next().unwrap_or(inner)
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 128
        && text != "."
        && text != ".."
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

fn number_of(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number| (1..=i64::MAX.unsigned_abs()).contains(number))
}

/// Whether it is an address of the web, written out or copied without its beginning: `bitbucket.org/web/api`.
fn is_address(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    let copied = host.contains('.') && !host.contains(':') && text.split('/').nth(2).is_some_and(is_word);
    text.starts_with("http://") || text.starts_with("https://") || copied
}

/// Reads the address of a repository or pull request, of either edition.
fn from_url(text: &str) -> Option<(RepoRef, Option<u64>)> {
    let written = text.contains("://").then(|| text.to_owned());
    let url = url::Url::parse(&written.unwrap_or_else(|| format!("https://{text}"))).ok()?;
    let origin = url.origin().ascii_serialization();
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let kind = |part: &&str| matches!(*part, "projects" | "users");
    if let Some(at) = parts.iter().position(kind).filter(|at| parts.get(at + 2) == Some(&"repos")) {
        let owner = if parts[at] == "users" {
            format!("~{}", parts.get(at + 1)?)
        } else {
            (*parts.get(at + 1)?).to_owned()
        };
        let base =
            std::iter::once(origin.as_str()).chain(parts[..at].iter().copied()).collect::<Vec<_>>().join("/");
        let repo = place(Place::DataCenterUrl(base), owner, parts.get(at + 3)?)?;
        return Some((repo, pull_request_in(&parts[at + 4..])));
    }
    let repo = place(Place::CloudUrl(origin), (*parts.first()?).to_owned(), parts.get(1)?)?;
    Some((repo, pull_request_in(&parts[2..])))
}

fn place(place: Place, owner: String, slug: &str) -> Option<RepoRef> {
    let reads = is_word(owner.strip_prefix('~').unwrap_or(&owner)) && is_word(slug);
    reads.then(|| RepoRef { place, owner: Some(owner), slug: slug.to_owned() })
}

fn pull_request_in(rest: &[&str]) -> Option<u64> {
    match rest {
        ["pull-requests", number, ..] => number_of(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn people_write_pull_requests_in_many_ways() {
        for (typed, printed) in [
            ("web/api#42", "web/api#42"),
            ("#42", "#42"),
            ("42", "#42"),
            ("api#1", "api#1"),
            ("dc:~ada/toys#7", "dc:~ada/toys#7"),
            (
                "https://bitbucket.org/web/api/pull-requests/42",
                "https://bitbucket.org/web/api/pull-requests/42",
            ),
            (
                "<https://bitbucket.org/web/api/pull-requests/42/diff|here>",
                "https://bitbucket.org/web/api/pull-requests/42",
            ),
            (
                "https://git.example.com/bitbucket/projects/PAY/repos/core/pull-requests/3/overview",
                "https://git.example.com/bitbucket/projects/PAY/repos/core/pull-requests/3",
            ),
            ("bitbucket.org/web/api/pull-requests/42", "https://bitbucket.org/web/api/pull-requests/42"),
            (
                "https://git.example.com/users/ada/repos/toys/pull-requests/3",
                "https://git.example.com/projects/~ada/repos/toys/pull-requests/3",
            ),
        ] {
            assert_eq!(typed.parse::<PrRef>().unwrap().to_string(), printed);
        }
    }

    #[test]
    fn what_is_none_is_answered_with_advice() {
        for typed in ["nonsense", "web/api#", "web/api#0", "a b#1", "web/../x#1", "#99999999999999999999"] {
            let advice = typed.parse::<PrRef>().unwrap_err().to_string();
            assert_eq!(advice, format!("`{typed}` is not a pull request; write it like `web/api#42`."));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_reference_panics(text in "\\PC{0,80}") {
            let _ = text.parse::<PrRef>();
            let _ = text.parse::<RepoRef>();
            let _ = text.parse::<PrName>();
        }

        #[test]
        fn what_is_printed_reads_back(text in "(https://[a-z]{1,5}(/x)?/(projects|users)/[A-Z]{1,4}/repos/[a-z]{1,4}(/pull-requests/[1-9])?|([a-z]{1,3}:)?(~?[a-z]{1,4}/)?[a-z.]{1,5}#?[0-9]{0,3})") {
            if let Ok(read) = text.parse::<PrRef>() {
                prop_assert_eq!(read.to_string().parse::<PrRef>().unwrap(), read);
            }
            if let Ok(read) = text.parse::<RepoRef>() {
                prop_assert_eq!(read.to_string().parse::<RepoRef>().unwrap(), read);
            }
        }
    }
}
