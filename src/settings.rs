//! Settings, read once: from the environment, from files it names (`NAME_FILE`), and from `dipper.toml`,
//! the environment winning.

mod file;
mod outgoing;
mod sites;
mod table;

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use url::Url;

use crate::bitbucket::{Outgoing, SiteSettings};
use crate::clock::millis_of;
use crate::seal::Secret;
use crate::words::how_long::HowLong;
use crate::words::names::Team;
use crate::words::who::Who;
use crate::words::work::Tidy;

use file::File;
use sites::More;
pub use table::{Described, TABLE};

/// One sentence on what does not read, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

/// Everything the operator decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `sqlite://…` or `postgres://…`.
    pub database_url: String,
    /// Where HTTP listens.
    pub listen: SocketAddr,
    /// Where `/metrics` and health details are; the main address when that is loopback, else nowhere.
    pub ops_listen: Option<SocketAddr>,
    /// How Slack, Bitbucket and browsers reach it.
    pub public_url: Option<Url>,
    /// The keys; the first seals, all open.
    pub keys: Option<Secret>,
    /// By which way calls go out, and who is trusted.
    pub outgoing: Outgoing,
    /// Who administers Dipper, by Slack user id; the workspace's owners and admins when none.
    pub admins: Vec<String>,
    /// What is logged.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
    /// How long things are kept.
    pub keep: Tidy,
    /// How long it has to be quiet before a burst is told in private, in milliseconds.
    pub fold: i64,
    /// Slack.
    pub slack: SlackSettings,
    /// The connected Bitbuckets.
    pub bitbucket: Vec<SiteSettings>,
}

/// How Slack is reached, and how it proves itself.
#[derive(Debug, Clone)]
pub struct SlackSettings {
    /// Required for HTTP.
    pub signing_secret: Option<Secret>,
    /// Its presence is Socket Mode.
    pub app_token: Option<Secret>,
    /// One workspace.
    pub bot_token: Option<Secret>,
    /// Many workspaces: the app's id and secret.
    pub client: Option<(String, Secret)>,
    /// The workspaces and enterprises that may install it.
    pub allowed_teams: Vec<Team>,
    /// Base of the Web API.
    pub api_url: Url,
}

/// How the log reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Where values come from.
struct Source<'a> {
    environment: &'a dyn Fn(&str) -> Option<String>,
    file: &'a File,
}

impl Settings {
    /// Reads the process's own environment, and the file if one is given or `dipper.toml` is here.
    pub fn read(config: Option<&Path>) -> Result<Self, Error> {
        let text = match config {
            Some(path) => Some(
                fs::read_to_string(path)
                    .map_err(|error| Error(format!("{} can't be read: {error}", path.display())))?,
            ),
            None => fs::read_to_string("dipper.toml").ok(),
        };
        #[expect(clippy::disallowed_methods, reason = "this file owns the environment")]
        Self::from(&|name| std::env::var(name).ok(), text.as_deref().unwrap_or_default())
    }

    /// Reads from an environment and a file's text.
    pub fn from(environment: &dyn Fn(&str) -> Option<String>, file: &str) -> Result<Self, Error> {
        let (file, more) = File::read(file)?;
        let source = Source { environment, file: &file };
        let set = |name: &str| environment(name).is_some_and(|value| !value.is_empty());
        Self::of(&source, more).map_err(|error| file.shown(error, set))
    }

    fn of(source: &Source<'_>, more: Vec<More>) -> Result<Self, Error> {
        let listen: SocketAddr =
            source.parsed("DIPPER_LISTEN", "127.0.0.1:8080", "an address like 127.0.0.1:8080")?;
        let ops_listen = source.parsed_maybe("DIPPER_OPS_LISTEN", "an address like 127.0.0.1:9090")?;
        let bitbucket = source.sites(more)?;
        Ok(Self {
            database_url: source
                .text("DIPPER_DATABASE_URL")?
                .unwrap_or_else(|| "sqlite://dipper.db".to_owned()),
            ops_listen: ops_listen.or_else(|| listen.ip().is_loopback().then_some(listen)),
            listen,
            public_url: source.url("DIPPER_PUBLIC_URL")?,
            keys: source.secret("DIPPER_KEYS")?,
            outgoing: source.outgoing()?,
            admins: source.admins()?,
            log: source.text("DIPPER_LOG")?.unwrap_or_else(|| "info".to_owned()),
            log_format: source.log_format()?,
            fold: source.fold()?,
            keep: Tidy {
                keep_deliveries: source.duration("DIPPER_KEEP_DELIVERIES", "14d")?,
                keep_jobs: source.duration("DIPPER_KEEP_JOBS", "7d")?,
                keep_audit: source.duration("DIPPER_KEEP_AUDIT", "400d")?,
            },
            slack: SlackSettings {
                signing_secret: source.secret("SLACK_SIGNING_SECRET")?,
                app_token: source.secret("SLACK_APP_TOKEN")?,
                bot_token: source.secret("SLACK_BOT_TOKEN")?,
                client: source.client("SLACK")?,
                allowed_teams: teams(source.text("SLACK_ALLOWED_TEAMS")?.as_deref()),
                api_url: source.parsed(
                    "SLACK_API_URL",
                    "https://slack.com/api",
                    "an address like https://slack.com/api",
                )?,
            },
            bitbucket,
        })
    }
}

impl Source<'_> {
    /// A value: the environment's, else the content of the file it names, else the settings file's. What is
    /// empty is not set, wherever it stands: an empty secret would be one that everybody knows.
    fn text(&self, name: &str) -> Result<Option<String>, Error> {
        let some = |value: &String| !value.is_empty();
        if let Some(value) = (self.environment)(name).filter(some) {
            return Ok(Some(value));
        }
        let by_file = format!("{name}_FILE");
        if let Some(path) = (self.environment)(&by_file).or_else(|| self.file.values.get(&by_file).cloned()) {
            let text = fs::read_to_string(&path)
                .map_err(|error| Error(format!("{by_file} names {path}, which can't be read: {error}")))?;
            return Ok(Some(text.trim_end().to_owned()).filter(some));
        }
        Ok(self.file.values.get(name).cloned().filter(some))
    }

    fn secret(&self, name: &str) -> Result<Option<Secret>, Error> {
        Ok(self.text(name)?.map(Secret::new))
    }

    fn parsed_maybe<T: std::str::FromStr>(&self, name: &str, wanted: &str) -> Result<Option<T>, Error> {
        let Some(text) = self.text(name)? else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| Error(format!("{name} is `{text}`, which is not {wanted}")))
    }

    fn parsed<T: std::str::FromStr>(&self, name: &str, default: &str, wanted: &str) -> Result<T, Error> {
        let text = self.text(name)?.unwrap_or_else(|| default.to_owned());
        text.parse().map_err(|_| Error(format!("{name} is `{text}`, which is not {wanted}")))
    }

    fn url(&self, name: &str) -> Result<Option<Url>, Error> {
        let url: Option<Url> = self.parsed_maybe(name, "an address like https://dipper.example.com")?;
        match url {
            Some(url) if !matches!(url.scheme(), "http" | "https") => {
                Err(Error(format!("{name} has to begin with https:// or http://")))
            }
            url => Ok(url),
        }
    }

    /// In milliseconds.
    fn duration(&self, name: &str, default: &str) -> Result<i64, Error> {
        let text = self.text(name)?.unwrap_or_else(|| default.to_owned());
        let read: Result<HowLong, _> = text.parse();
        read.map(|length| millis_of(length.0))
            .map_err(|_| Error(format!("{name} is `{text}`, which is not a duration like 14d or 12h")))
    }

    /// Whole seconds, and no more than a burst may last.
    fn fold(&self) -> Result<i64, Error> {
        let seconds: i64 = self.parsed("DIPPER_FOLD_SECONDS", "3", "a number of seconds up to 15")?;
        if (0..=15).contains(&seconds) {
            return Ok(seconds * 1000);
        }
        Err(Error(format!("DIPPER_FOLD_SECONDS is `{seconds}`, which is not a number of seconds up to 15")))
    }

    fn admins(&self) -> Result<Vec<String>, Error> {
        let list = self.text("DIPPER_ADMINS")?.unwrap_or_default();
        let ids: Vec<String> =
            list.split(',').map(str::trim).filter(|id| !id.is_empty()).map(str::to_owned).collect();
        match ids.iter().find(|id| !matches!(id.parse(), Ok(Who::Person(_)))) {
            Some(odd) => {
                Err(Error(format!("DIPPER_ADMINS holds `{odd}`, which is not a Slack user id like U012ABC")))
            }
            None => Ok(ids),
        }
    }

    fn log_format(&self) -> Result<LogFormat, Error> {
        match self.text("DIPPER_LOG_FORMAT")?.as_deref() {
            None | Some("text") => Ok(LogFormat::Text),
            Some("json") => Ok(LogFormat::Json),
            Some(other) => Err(Error(format!("DIPPER_LOG_FORMAT is `{other}`; it is `text` or `json`"))),
        }
    }

    fn client(&self, prefix: &str) -> Result<Option<(String, Secret)>, Error> {
        let id = self.text(&format!("{prefix}_CLIENT_ID"))?;
        let secret = self.secret(&format!("{prefix}_CLIENT_SECRET"))?;
        match (id, secret) {
            (Some(id), Some(secret)) => Ok(Some((id, secret))),
            (None, None) => Ok(None),
            _ => Err(Error(format!(
                "{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET belong together; one of them is missing"
            ))),
        }
    }
}

fn teams(list: Option<&str>) -> Vec<Team> {
    let list = list.unwrap_or_default().split(',').map(str::trim);
    list.filter(|team| !team.is_empty()).map(Team::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none(_: &str) -> Option<String> {
        None
    }

    #[test]
    fn defaults_hold_where_nothing_is_said() {
        let settings = Settings::from(&none, "").unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.ops_listen, Some(settings.listen));
        assert_eq!(settings.keep.keep_deliveries, 14 * 24 * 60 * 60 * 1000);
        assert_eq!(settings.bitbucket.len(), 1);
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let environment = |name: &str| (name == "DIPPER_LISTEN").then(|| "0.0.0.0:1".to_owned());
        let settings =
            Settings::from(&environment, "dipper_listen = \"127.0.0.1:2\"\ndipper_log = \"debug\"").unwrap();
        assert_eq!((settings.listen.to_string().as_str(), settings.log.as_str()), ("0.0.0.0:1", "debug"));
        assert_eq!(settings.ops_listen, None);
    }

    #[test]
    fn what_is_empty_is_not_set() {
        let empty = |name: &str| (name == "SLACK_SIGNING_SECRET_FILE").then(|| "/dev/null".to_owned());
        assert!(Settings::from(&empty, "").unwrap().slack.signing_secret.is_none());
        let settings = Settings::from(&none, "slack_signing_secret = \"\"\ndipper_keys = \"\"").unwrap();
        assert!(settings.slack.signing_secret.is_none() && settings.keys.is_none());
    }

    #[test]
    fn mistakes_are_named() {
        for (file, says) in [
            (
                "dipper_lisen = \"x\"",
                "dipper.toml sets `dipper_lisen`, which nothing reads; did you mean `dipper_listen`?",
            ),
            (
                "dipper_listen = \"here\"",
                "DIPPER_LISTEN is `here`, which is not an address like 127.0.0.1:8080",
            ),
            (
                "dipper_keep_jobs = \"soon\"",
                "DIPPER_KEEP_JOBS is `soon`, which is not a duration like 14d or 12h",
            ),
            (
                "[[bitbucket]]\nname = \"x\"\nedition = \"cloud\"\n[[bitbucket]]\nname = \"x\"\nedition = \"cloud\"",
                "two Bitbuckets are called `x`; give one of them another name",
            ),
            (
                "[[bitbucket]]\nname = \"cloud\"\nedition = \"data-center\"\nurl = \"https://git.example.com\"",
                "two Bitbuckets are called `cloud`; give one of them another name",
            ),
            ("[[bitbucket]]\nname = \"x\"\nedition = \"data-center\"", "[[bitbucket]] `x` needs a `url`"),
        ] {
            let said = Settings::from(&none, file).unwrap_err().to_string();
            assert_eq!(said.lines().next(), Some(says));
            assert!(said.contains("\n  --> dipper.toml:"), "{said}");
        }
    }

    #[test]
    fn every_variable_in_the_table_is_read() {
        let asked = std::cell::RefCell::new(Vec::new());
        let environment = |name: &str| {
            asked.borrow_mut().push(name.to_owned());
            (name == "BITBUCKET_DC_URL").then(|| "https://git.example.com".to_owned())
        };
        Settings::from(&environment, "").unwrap();
        for setting in TABLE {
            assert!(asked.borrow().iter().any(|name| name == setting.variable), "{}", setting.variable);
        }
    }
}
