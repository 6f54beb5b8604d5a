//! All subscriptions in memory, found by the repository they mean: a delivery asks the database only whether
//! they have changed.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::Subscription;
use crate::words::names::{Instance, RepoName};
use crate::words::wish::RepoPattern;

/// A copy is read again after so many milliseconds in any case: an older version that runs beside does not say
/// what it changes.
const AT_MOST: i64 = 10 * 60 * 1000;

/// Who hears of what.
#[derive(Debug, Default)]
pub struct Listeners {
    /// Those that mean one repository, by `cloud:web/api` in lower case.
    exact: HashMap<String, Vec<Arc<Subscription>>>,
    /// Those that mean several of one owner, by `cloud:web` in lower case: all that mean the same together.
    wide: HashMap<String, Vec<Same>>,
}

/// Subscriptions to the same repositories.
#[derive(Debug)]
struct Same {
    repos: RepoPattern,
    all: Vec<Arc<Subscription>>,
}

impl Listeners {
    /// Of these subscriptions.
    pub fn of(all: Vec<Subscription>) -> Self {
        let mut listeners = Self::default();
        let mut places: HashMap<RepoPattern, (String, usize)> = HashMap::new();
        for subscription in all {
            let repos = subscription.repos.clone();
            let subscription = Arc::new(subscription);
            if !repos.is_wide() && repos.except.is_empty() {
                let name = format!("{}:{}", repos.instance, repos.form.to_lowercase());
                listeners.exact.entry(name).or_default().push(subscription);
            } else if let Some((owner, at)) = places.get(&repos) {
                if let Some(same) = listeners.wide.get_mut(owner).and_then(|forms| forms.get_mut(*at)) {
                    same.all.push(subscription);
                }
            } else {
                let owner = owner_of(&repos);
                let forms = listeners.wide.entry(owner.clone()).or_default();
                places.insert(repos.clone(), (owner, forms.len()));
                forms.push(Same { repos, all: vec![subscription] });
            }
        }
        listeners
    }

    /// Those that mean a repository.
    pub fn to<'a>(&'a self, repo: &RepoName) -> impl Iterator<Item = &'a Arc<Subscription>> + use<'a> {
        let (instance, name) = (&repo.instance, repo.short().to_lowercase());
        let exact = self.exact.get(&format!("{instance}:{name}")).into_iter().flatten();
        let owner = format!("{instance}:{}", repo.owner.to_lowercase());
        let forms = [self.wide.get(&owner), self.wide.get(&anywhere(repo.instance.as_str()))];
        let wide = forms.into_iter().flatten().flatten();
        exact.chain(wide.filter(move |same| same.repos.means(&name)).flat_map(|same| &same.all))
    }

    /// Those that mean something of an owner's.
    pub fn within<'a>(
        &'a self,
        instance: &Instance,
        owner: &str,
    ) -> impl Iterator<Item = &'a Arc<Subscription>> + use<'a> {
        let owner = format!("{instance}:{}", owner.to_lowercase());
        let begins = format!("{owner}/");
        let exact = self.exact.iter().filter(move |(name, _)| name.starts_with(&begins));
        let wide = [self.wide.get(&owner), self.wide.get(&anywhere(instance.as_str()))];
        let wide = wide.into_iter().flatten().flatten().flat_map(|same| &same.all);
        exact.flat_map(|(_, all)| all).chain(wide)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        let exact: usize = self.exact.values().map(Vec::len).sum();
        exact + self.wide.values().flatten().map(|same| same.all.len()).sum::<usize>()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Where a form is looked for: with the owner it names, or with all of a Bitbucket where that is a form too.
fn owner_of(repos: &RepoPattern) -> String {
    let owner = repos.form.split('/').next().unwrap_or_default();
    if owner.contains(['*', '?']) {
        anywhere(repos.instance.as_str())
    } else {
        format!("{}:{}", repos.instance, owner.to_lowercase())
    }
}

fn anywhere(instance: &str) -> String {
    format!("{instance}:*")
}

/// The copy that a process holds.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    held: RwLock<Option<Held>>,
    /// Held by the one who reads them anew.
    pub(super) reading: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Held {
    version: i64,
    read_at: i64,
    listeners: Arc<Listeners>,
}

impl Shelf {
    /// The copy, if it is of this version and not too old.
    pub(super) fn at(&self, version: i64, now: i64) -> Option<Arc<Listeners>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let held = held.as_ref().filter(|held| held.version == version && now - held.read_at < AT_MOST);
        held.map(|held| Arc::clone(&held.listeners))
    }

    pub(super) fn keep(&self, version: i64, read_at: i64, listeners: &Arc<Listeners>) {
        let held = Held { version, read_at, listeners: Arc::clone(listeners) };
        *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::names::{Channel, SlackUser, Team};
    use crate::words::wish::Wish;

    #[test]
    fn each_is_found_by_what_it_means() {
        let forms =
            ["dc:WEB/api", "dc:WEB/*", "dc:WEB/*,-WEB/api", "dc:*/api", "cloud:web/api", "dc:web/a?i"];
        let all = forms.iter().enumerate().map(|(at, form)| Subscription {
            channel: Channel { team: Team::new("T1"), id: format!("C{at}") },
            repos: form.parse().unwrap(),
            wish: Wish::default(),
            asked_by: SlackUser { team: Team::new("T1"), id: "U1".to_owned() },
            created_at: 0,
        });
        let listeners = Listeners::of(all.collect());
        let heard = |name: &str| {
            let all = listeners.to(&name.parse().unwrap());
            let mut found: Vec<String> = all.map(|one| one.repos.to_string()).collect();
            found.sort_unstable();
            found
        };
        assert_eq!(listeners.len(), forms.len());
        assert_eq!(heard("dc:web/API"), ["dc:*/api", "dc:WEB/*", "dc:WEB/api", "dc:web/a?i"]);
        assert_eq!(heard("dc:WEB/site"), ["dc:WEB/*", "dc:WEB/*,-WEB/api"]);
        assert_eq!(heard("cloud:web/api"), ["cloud:web/api"]);
        assert_eq!(heard("dc:ops/tools"), [""; 0]);
        assert_eq!(listeners.within(&Instance::new("dc"), "web").count(), 5);
        assert_eq!(listeners.within(&Instance::new("cloud"), "we").count(), 0);
    }
}
