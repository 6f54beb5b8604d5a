//! What people mean by what they write: `#12`, a bare slug, `web/api`, an address. One hit wins; several
//! are offered as buttons, the channel's own repository first.

use super::trail::Meant;
use super::{Context, Failure, connect_button};
use crate::bitbucket::{self, Bitbucket, Site};
use crate::words::message::{Action, Button, Message};
use crate::words::names::{Instance, Place, PrName, PrRef, RepoName, RepoRef};

/// How many repositories are looked at for a bare slug, or for what may have been meant.
const MOST: usize = 50;
/// How many are offered as buttons.
const OFFERED: usize = 10;

/// What is looked for on each Bitbucket in turn.
pub(super) enum Sought<'a> {
    /// This one.
    Exactly(&'a str, &'a str),
    /// Any of this slug.
    Called(&'a str),
    /// Any whose name holds half of this slug: a slip spoils one half only.
    Like(&'a str),
}

impl Context<'_> {
    /// The repository a person means: among the Bitbuckets they can see, one hit wins.
    pub async fn repo(&self, repo: &RepoRef) -> Result<RepoName, Failure> {
        let written = repo.to_string();
        self.resolve(Meant { repo: repo.clone(), number: None, written }).await
    }

    /// The repository a person means, or the channel's own where they name none.
    pub async fn repo_here(&self, repo: Option<&RepoRef>) -> Result<RepoName, Failure> {
        let Some(repo) = repo else {
            let asks = format!(
                "Which repository? Name it, like `web/api`, or give this channel its own: `{}`.",
                self.bot.slash("use web/api")
            );
            let repo = self.own().await?.ok_or_else(|| Failure::told(asks))?;
            return self.resolve(Meant { repo: repo.into(), number: None, written: String::new() }).await;
        };
        self.repo(repo).await
    }

    /// The pull request a person means; `#12` is one of the channel's own repository.
    pub async fn pr(&self, pr: &PrRef) -> Result<PrName, Failure> {
        let written = pr.to_string();
        let repo = match &pr.repo {
            Some(repo) => repo.clone(),
            None => self.own().await?.map(RepoRef::from).ok_or_else(|| self.which(pr.number))?,
        };
        let repo = self.resolve(Meant { repo, number: Some(pr.number), written }).await?;
        Ok(PrName { repo, number: pr.number })
    }

    /// The channel's own repository.
    async fn own(&self) -> Result<Option<RepoName>, Failure> {
        Ok(self.bot.store.channel_repo(&self.caller.channel).await?)
    }

    fn which(&self, number: u64) -> Failure {
        let own = self.bot.slash("use web/api");
        Failure::told(format!(
            "Which repository? Write it like `web/api#{number}`, or give this channel its own: `{own}`."
        ))
    }

    async fn resolve(&self, meant: Meant) -> Result<RepoName, Failure> {
        self.trail.means(meant.clone());
        let wanted = &meant.repo;
        let on = |instance: &Instance, owner: &str| RepoName {
            instance: instance.clone(),
            owner: owner.to_owned(),
            slug: wanted.slug.clone(),
        };
        let repo = match (&wanted.place, wanted.owner.as_deref()) {
            (Place::CloudUrl(base) | Place::DataCenterUrl(base), owner) => {
                let site = self.bot.sites.values().find(|site| site.owns_url(base));
                let site = site
                    .ok_or_else(|| Failure::told(format!("No Bitbucket connected here is at `{base}`.")))?;
                on(site.name(), owner.unwrap_or_default())
            }
            (Place::Instance(instance), Some(owner)) => {
                self.bot.site(instance)?;
                on(instance, owner)
            }
            (Place::Instance(instance), None) => {
                self.bot.site(instance)?;
                self.find(&meant, std::slice::from_ref(instance)).await?
            }
            (Place::Anywhere, owner) => match (self.places().await?.as_slice(), owner) {
                ([only], Some(owner)) => on(only, owner),
                (places, _) => self.find(&meant, places).await?,
            },
        };
        self.trail.about(&repo);
        Ok(repo)
    }

    /// The Bitbuckets to look on: the only one there is, or those they have connected.
    pub async fn places(&self) -> Result<Vec<Instance>, Failure> {
        let able: Vec<Instance> = self.bot.connectable().map(|site| site.name().clone()).collect();
        if able.len() == 1 {
            return Ok(able);
        }
        let links = self.bot.accounts.of(&self.caller.user).await?.into_iter().map(|link| link.instance);
        let linked: Vec<Instance> = links.filter(|name| self.bot.sites.contains_key(name)).collect();
        match (able.first(), linked.is_empty()) {
            (_, false) => Ok(linked),
            (Some(first), true) => Err(Failure::SignIn(first.clone())),
            (None, true) => {
                Err(Failure::told("No Bitbucket is connected to Dipper yet; tell whoever runs it."))
            }
        }
    }

    async fn find(&self, meant: &Meant, places: &[Instance]) -> Result<RepoName, Failure> {
        let slug = meant.repo.slug.as_str();
        let sought = match meant.repo.owner.as_deref() {
            Some(owner) => Sought::Exactly(owner, slug),
            None => Sought::Called(slug),
        };
        let mut found = self.seek(places, &sought).await?;
        let usual = self.bot.store.team_settings(&self.caller.user.team).await?.instance;
        if let [one] =
            found.iter().filter(|one| usual.as_ref() == Some(&one.instance)).collect::<Vec<_>>()[..]
        {
            found = vec![one.clone()];
        }
        match found.as_slice() {
            [] => Err(self.unseen(meant, places)),
            [one] => {
                if let Some(owner) = &meant.repo.owner {
                    let asked = RepoName { owner: owner.clone(), slug: slug.to_owned(), ..one.clone() };
                    self.trail.calls(&asked, one);
                }
                Ok(one.clone())
            }
            _ => Err(self.several(meant, found).await?),
        }
    }

    /// Asks each Bitbucket in turn; one that does not answer must not hide what another holds.
    pub(super) async fn seek(
        &self,
        places: &[Instance],
        sought: &Sought<'_>,
    ) -> Result<Vec<RepoName>, Failure> {
        let mut found: Vec<RepoName> = Vec::new();
        let mut trouble = None;
        for instance in places {
            let answer = match self.bitbucket(instance).await {
                Ok(bitbucket) => sought.on(bitbucket.as_ref(), instance).await.map_err(Failure::from),
                Err(failure) => Err(failure),
            };
            match answer {
                Ok(names) => found.extend(names),
                Err(failure) => trouble = trouble.or(Some(failure)),
            }
        }
        match trouble {
            Some(failure) if found.is_empty() => Err(failure),
            _ => Ok(found),
        }
    }

    /// No account of theirs shows it; perhaps one they have not connected would.
    fn unseen(&self, meant: &Meant, places: &[Instance]) -> Failure {
        self.trail.lose();
        let advice = Message::line(format!(
            "I can't find `{}` with your accounts. Check the name, or ask for access to it.",
            meant.repo
        ));
        let missing = self.bot.connectable().map(Site::name).filter(|name| !places.contains(name));
        let message = missing.fold(advice, |message, instance| message.button(connect_button(instance)));
        Failure::Told(Box::new(message))
    }

    async fn several(&self, meant: &Meant, mut found: Vec<RepoName>) -> Result<Failure, Failure> {
        let own = self.own().await?;
        found.sort_by_key(|one| (own.as_ref() != Some(one), one.to_string()));
        let message = Message::line(format!("Several are called `{}`. Which one?", meant.repo));
        let message = self.offer(message, meant, &found);
        Ok(Failure::Told(Box::new(if found.len() > OFFERED {
            message.and(format!("There are {} more; write the name in full.", found.len() - OFFERED))
        } else {
            message
        })))
    }

    /// Adds the command again for each of these; only their names where there is nothing to press.
    pub(super) fn offer(&self, message: Message, meant: &Meant, names: &[RepoName]) -> Message {
        let same = |one: &RepoName| {
            names.iter().filter(|other| other.short().eq_ignore_ascii_case(&one.short())).count() > 1
        };
        names.iter().take(OFFERED).enumerate().fold(message, |message, (at, name)| {
            let label = if same(name) { name.to_string() } else { name.short() };
            match self.again_with(meant, name) {
                Some(action) if at == 0 => message.button(Button::new(label, action).main()),
                Some(action) => message.button(Button::new(label, action)),
                None => message.and(format!("• `{label}`")),
            }
        })
    }

    /// What is asked, with this repository in the place of what was written.
    pub(super) fn again_with(&self, meant: &Meant, name: &RepoName) -> Option<Action> {
        let mut action = self.trail.asked()?.clone();
        let full = match meant.number {
            Some(number) => PrName { repo: name.clone(), number }.to_string(),
            None => name.to_string(),
        };
        let written = action.fields.values_mut().find(|value| value.as_str() == Some(meant.written.as_str()));
        match written {
            Some(value) => *value = full.into(),
            None if meant.written.is_empty() => return Some(action.with("repo", full)),
            None => return None,
        }
        Some(action)
    }
}

impl Sought<'_> {
    async fn on(&self, bitbucket: &dyn Bitbucket, instance: &Instance) -> bitbucket::Result<Vec<RepoName>> {
        match self {
            Self::Exactly(owner, slug) => {
                let (owner, slug) = ((*owner).to_owned(), (*slug).to_owned());
                let name = RepoName { instance: instance.clone(), owner, slug };
                match bitbucket.repository(&name).await {
                    Ok(found) => Ok(vec![found.name]),
                    Err(bitbucket::Error::NotFound(_) | bitbucket::Error::Forbidden(_)) => Ok(Vec::new()),
                    Err(error) => Err(error),
                }
            }
            Self::Called(slug) => {
                let mut found = holding(bitbucket, slug).await?;
                found.retain(|name| name.slug.eq_ignore_ascii_case(slug));
                Ok(found)
            }
            Self::Like(slug) => {
                let middle = slug.len().div_ceil(2);
                let mut found = holding(bitbucket, slug.get(..middle).unwrap_or(slug)).await?;
                found.extend(holding(bitbucket, slug.get(slug.len() - middle..).unwrap_or(slug)).await?);
                Ok(found)
            }
        }
    }
}

async fn holding(bitbucket: &dyn Bitbucket, typed: &str) -> bitbucket::Result<Vec<RepoName>> {
    Ok(bitbucket.find_repositories(typed, MOST).await?.into_iter().map(|found| found.name).collect())
}
