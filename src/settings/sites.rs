//! The connected Bitbuckets: `cloud` and `dc` from plain settings, more of them from `[[bitbucket]]` tables. A
//! table named like one of those two says what plain settings cannot: tokens for each workspace.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use super::{Error, Source};
use crate::bitbucket::{Edition, SiteSettings};
use crate::seal::Secret;
use crate::words::names::Instance;

/// `[[bitbucket]]` in `dipper.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct More {
    name: String,
    edition: Edition,
    url: Option<Url>,
    api_url: Option<Url>,
    client_id: Option<String>,
    client_secret: Option<String>,
    token: Option<String>,
    #[serde(default)]
    tokens: BTreeMap<String, String>,
    webhook_secret: Option<String>,
}

impl Source<'_> {
    /// All of them, each under a name of its own.
    pub(super) fn sites(&self, more: Vec<More>) -> Result<Vec<SiteSettings>, Error> {
        let mut sites = vec![self.cloud()?];
        sites.extend(self.data_center()?);
        let plain = sites.len();
        for one in more {
            let same =
                |site: &&mut SiteSettings| site.name.as_str() == one.name && site.edition == one.edition;
            match sites.iter_mut().take(plain).find(same) {
                Some(site) => one.completes(site)?,
                None => sites.push(one.site()?),
            }
        }
        let mut names: Vec<&str> = sites.iter().map(|site| site.name.as_str()).collect();
        names.sort_unstable();
        let mut pairs = names.iter().zip(names.iter().skip(1));
        match pairs.find(|(one, next)| one == next) {
            Some((twice, _)) => {
                Err(Error(format!("two Bitbuckets are called `{twice}`; give one of them another name")))
            }
            None => Ok(sites),
        }
    }

    fn cloud(&self) -> Result<SiteSettings, Error> {
        let url = self.url("BITBUCKET_CLOUD_URL")?;
        let api_url = self.url("BITBUCKET_CLOUD_API_URL")?;
        Ok(SiteSettings {
            name: Instance::new("cloud"),
            edition: Edition::Cloud,
            url: url.map_or_else(|| fixed("https://bitbucket.org"), Ok)?,
            api_url: api_url.map_or_else(|| fixed("https://api.bitbucket.org/2.0"), Ok)?,
            client: self.client("BITBUCKET_CLOUD")?,
            service_token: self.secret("BITBUCKET_CLOUD_TOKEN")?,
            owner_tokens: BTreeMap::new(),
            webhook_secrets: secrets(self.text("BITBUCKET_CLOUD_WEBHOOK_SECRET")?),
        })
    }

    fn data_center(&self) -> Result<Option<SiteSettings>, Error> {
        let Some(url) = self.url("BITBUCKET_DC_URL")? else {
            return Ok(None);
        };
        let api_url = self.url("BITBUCKET_DC_API_URL")?.map_or_else(|| rest_of(&url), Ok)?;
        Ok(Some(SiteSettings {
            name: Instance::new("dc"),
            edition: Edition::DataCenter,
            url,
            api_url,
            client: self.client("BITBUCKET_DC")?,
            service_token: self.secret("BITBUCKET_DC_TOKEN")?,
            owner_tokens: BTreeMap::new(),
            webhook_secrets: secrets(self.text("BITBUCKET_DC_WEBHOOK_SECRET")?),
        }))
    }
}

impl More {
    fn missing(&self, what: &str) -> Error {
        Error(format!("[[bitbucket]] `{}` needs {what}", self.name))
    }

    fn client(&self) -> Result<Option<(String, Secret)>, Error> {
        match (self.client_id.clone(), self.client_secret.clone()) {
            (Some(id), Some(secret)) => Ok(Some((id, Secret::new(secret)))),
            (None, None) => Ok(None),
            _ => Err(self.missing("both `client_id` and `client_secret`, or neither")),
        }
    }

    fn owner_tokens(&self) -> Result<BTreeMap<String, Secret>, Error> {
        if self.edition == Edition::DataCenter && !self.tokens.is_empty() {
            return Err(Error(format!(
                "[[bitbucket]] `{}` has `tokens`, which only Bitbucket Cloud has for each workspace; write `token`",
                self.name
            )));
        }
        let secret =
            |(owner, token): (&String, &String)| (owner.to_lowercase(), Secret::from(token.as_str()));
        Ok(self.tokens.iter().map(secret).collect())
    }

    /// What plain settings left open.
    fn completes(self, site: &mut SiteSettings) -> Result<(), Error> {
        let (client, owner_tokens) = (self.client()?, self.owner_tokens()?);
        if self.url.is_some() || self.api_url.is_some() {
            let words = "is where its plain settings say; leave `url` and `api_url` out";
            return Err(Error(format!("[[bitbucket]] `{}` {words}", self.name)));
        }
        site.client = site.client.take().or(client);
        site.service_token = site.service_token.take().or(self.token.map(Secret::new));
        site.owner_tokens = owner_tokens;
        if site.webhook_secrets.is_empty() {
            site.webhook_secrets = secrets(self.webhook_secret);
        }
        Ok(())
    }

    fn site(self) -> Result<SiteSettings, Error> {
        let (url, api_url) = match self.edition {
            Edition::Cloud => {
                let url = self.url.clone().map_or_else(|| fixed("https://bitbucket.org"), Ok)?;
                let api = self.api_url.clone().map_or_else(|| fixed("https://api.bitbucket.org/2.0"), Ok)?;
                (url, api)
            }
            Edition::DataCenter => {
                let url = self.url.clone().ok_or_else(|| self.missing("a `url`"))?;
                let api = self.api_url.clone().map_or_else(|| rest_of(&url), Ok)?;
                (url, api)
            }
        };
        Ok(SiteSettings {
            url,
            api_url,
            client: self.client()?,
            owner_tokens: self.owner_tokens()?,
            name: Instance::new(self.name),
            edition: self.edition,
            service_token: self.token.map(Secret::new),
            webhook_secrets: secrets(self.webhook_secret),
        })
    }
}

fn fixed(url: &str) -> Result<Url, Error> {
    Url::parse(url).map_err(|error| Error(error.to_string()))
}

fn rest_of(url: &Url) -> Result<Url, Error> {
    fixed(&format!("{}/rest", url.as_str().trim_end_matches('/')))
}

fn secrets(list: Option<String>) -> Vec<Secret> {
    let list = list.unwrap_or_default();
    list.split(',').map(str::trim).filter(|secret| !secret.is_empty()).map(Secret::from).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Settings;

    #[test]
    fn a_workspace_may_have_a_token_of_its_own() {
        let environment = |name: &str| (name == "BITBUCKET_CLOUD_TOKEN").then(|| "usual".to_owned());
        let file = "[[bitbucket]]\nname = \"cloud\"\nedition = \"cloud\"\ntoken = \"other\"\n\
                    tokens = { Web = \"of-web\" }";
        let settings = Settings::from(&environment, file).unwrap();
        let cloud = &settings.bitbucket[0];
        assert_eq!(cloud.service_token.as_ref().unwrap().reveal(), "usual");
        assert_eq!(cloud.owner_tokens["web"].reveal(), "of-web");
        let file = "[[bitbucket]]\nname = \"x\"\nedition = \"data-center\"\nurl = \"https://git.example.com\"\n\
                    tokens = { WEB = \"t\" }";
        let error = Settings::from(&|_| None, file).unwrap_err().to_string();
        assert!(error.starts_with("[[bitbucket]] `x` has `tokens`, which only"), "{error}");
    }
}
