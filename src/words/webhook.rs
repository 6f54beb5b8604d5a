//! Webhooks: the addresses a Bitbucket tells what happened.

use std::fmt;
use std::str::FromStr;

use super::names::{Instance, Place, RepoName, RepoRef};
use super::{Advice, serde_as_text};

/// Where a webhook hangs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HookPlace {
    /// On one repository.
    Repository(RepoName),
    /// On a whole workspace (Cloud) or project (Data Center), by its key.
    Owner(String),
}

/// The same, and on which Bitbucket: fully known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct HookSite {
    /// Which Bitbucket.
    pub instance: Instance,
    /// Where there.
    pub place: HookPlace,
}

impl HookSite {
    /// The workspace or project.
    pub fn owner(&self) -> &str {
        match &self.place {
            HookPlace::Repository(repo) => &repo.owner,
            HookPlace::Owner(owner) => owner,
        }
    }

    /// The repository's slug, where it hangs on one.
    pub fn slug(&self) -> Option<&str> {
        match &self.place {
            HookPlace::Repository(repo) => Some(&repo.slug),
            HookPlace::Owner(_) => None,
        }
    }

    /// Whether what happens in this repository is its to tell.
    pub fn covers(&self, repo: &RepoName) -> bool {
        self.instance == repo.instance
            && self.owner().eq_ignore_ascii_case(&repo.owner)
            && self.slug().is_none_or(|slug| slug.eq_ignore_ascii_case(&repo.slug))
    }

    /// Whether all that another place tells is its to tell, too.
    pub fn holds(&self, other: &Self) -> bool {
        match &other.place {
            HookPlace::Repository(repo) => self.covers(repo),
            HookPlace::Owner(owner) => {
                self.slug().is_none()
                    && self.instance == other.instance
                    && self.owner().eq_ignore_ascii_case(owner)
            }
        }
    }

    /// As people read it where the Bitbucket is plain: `web/api`, `web/*`.
    pub fn short(&self) -> String {
        format!("{}/{}", self.owner(), self.slug().unwrap_or("*"))
    }
}

/// What a person may write for it: a repository, or `web/*` for all of a workspace or project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookRef {
    /// One repository.
    Repository(RepoRef),
    /// All of an owner's.
    Owner {
        /// On which Bitbucket, where it is said.
        instance: Option<Instance>,
        /// The workspace or project.
        owner: String,
    },
}

impl From<HookSite> for HookRef {
    fn from(site: HookSite) -> Self {
        match site.place {
            HookPlace::Repository(repo) => Self::Repository(repo.into()),
            HookPlace::Owner(owner) => Self::Owner { instance: Some(site.instance), owner },
        }
    }
}

impl fmt::Display for HookRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Repository(repo) => repo.fmt(out),
            Self::Owner { instance: Some(instance), owner } => write!(out, "{instance}:{owner}/*"),
            Self::Owner { instance: None, owner } => write!(out, "{owner}/*"),
        }
    }
}

impl FromStr for HookRef {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let Some(all_of) = text.trim().strip_suffix("/*") else {
            return text.parse().map(Self::Repository);
        };
        // An owner reads as the owner of some repository does.
        match format!("{all_of}/x").parse::<RepoRef>()? {
            RepoRef { place: Place::Instance(instance), owner: Some(owner), .. } => {
                Ok(Self::Owner { instance: Some(instance), owner })
            }
            RepoRef { place: Place::Anywhere, owner: Some(owner), .. } => {
                Ok(Self::Owner { instance: None, owner })
            }
            _ => Err(Advice(format!("`{all_of}` is no workspace or project; write it like `web/*`."))),
        }
    }
}
serde_as_text!(HookRef);

/// One webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// What Bitbucket calls it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The address it tells.
    pub url: String,
    /// Whether it is switched on.
    pub active: bool,
    /// What it tells, in Bitbucket's own keys.
    pub events: Vec<String>,
    /// That nothing comes through any more, where Bitbucket keeps count of it.
    pub failing: Option<Failing>,
}

/// The last deliveries of a webhook all failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// When the last one did, in epoch milliseconds.
    pub at: i64,
    /// How it was answered, as Bitbucket says it.
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_repository_or_all_of_an_owner() {
        for typed in ["web/api", "dc:WEB/api", "web/*", "dc:WEB/*", "https://bitbucket.org/web/api"] {
            assert_eq!(typed.parse::<HookRef>().unwrap().to_string(), typed);
        }
        for nonsense in ["*", "/*", "a b/*", "web/*/x", "https://bitbucket.org/*"] {
            assert!(nonsense.parse::<HookRef>().is_err(), "{nonsense}");
        }
    }

    #[test]
    fn it_tells_what_is_its_own() {
        let repo: RepoName = "dc:WEB/api".parse().unwrap();
        let on = |place| HookSite { instance: Instance::new("dc"), place };
        assert!(on(HookPlace::Owner("web".to_owned())).covers(&repo));
        assert!(on(HookPlace::Repository(repo.clone())).covers(&repo));
        assert!(!on(HookPlace::Repository("dc:WEB/other".parse().unwrap())).covers(&repo));
        assert!(!on(HookPlace::Owner("pay".to_owned())).covers(&repo));
        let elsewhere =
            HookSite { instance: Instance::new("cloud"), place: HookPlace::Owner("WEB".to_owned()) };
        assert!(!elsewhere.covers(&repo));
        let (one, all) = (on(HookPlace::Repository(repo)), on(HookPlace::Owner("web".to_owned())));
        assert!(all.holds(&one) && all.holds(&all) && one.holds(&one) && !one.holds(&all));
        assert!(!elsewhere.holds(&all));
    }
}
