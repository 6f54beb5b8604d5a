//! `dipper check`: whether everything would work, one line each, with the mend where it would not; beside a
//! running bot.

use std::time::Duration;

use super::Failed;
use super::keys::seal_of;
use crate::bitbucket::{self, Edition, Http, Site, SiteSettings};
use crate::clock::Clock;
use crate::seal::Seal;
use crate::settings::Settings;
use crate::slack::{Slack, SlackBot};
use crate::socket;
use crate::store::{self, Resealed, Store, vaults};
use crate::words::names::RepoName;
use crate::workspaces::Workspaces;

/// How long a Bitbucket may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What has been looked at so far.
#[derive(Default)]
struct Report {
    broken: usize,
}

impl Report {
    /// It works.
    fn works(what: &str, says: impl AsRef<str>) {
        println!("works   {what}: {}", says.as_ref());
    }

    /// It works, but somebody should know.
    fn note(what: &str, says: impl AsRef<str>) {
        println!("note    {what}: {}", says.as_ref());
    }

    /// It would not work.
    fn broken(&mut self, what: &str, says: impl AsRef<str>) {
        self.broken += 1;
        println!("broken  {what}: {}", says.as_ref());
    }
}

/// Looks at everything; an error when anything would not work.
pub async fn check(settings: &Settings) -> Result<(), Failed> {
    let mut report = Report::default();
    look_at_settings(settings, &mut report);
    let seal = match seal_of(settings) {
        Ok(seal) => Some(seal),
        Err(failed) => {
            report.broken("keys", failed.says);
            None
        }
    };
    let http = Http::going(&settings.outgoing).map_err(Failed::other)?;
    let slack = Slack::new(settings.slack.api_url.clone(), http.client().clone(), Clock::system());
    let mut workspaces = Vec::new();
    workspaces.extend(settings.slack.bot_token.as_ref().map(|token| slack.as_bot(token)));
    let mut followed = Vec::new();
    match database(settings).await {
        Ok(store) => {
            Report::works("database", "it takes what is written");
            followed = store.followed_anywhere().await.map_err(Failed::database)?;
            if let Some(seal) = &seal {
                look_at_secrets(&store, seal, &mut report).await.map_err(Failed::database)?;
                look_at_audit(&store, seal, &mut report).await.map_err(Failed::database)?;
                workspaces.extend(installed(&slack, &store, seal).await.map_err(Failed::database)?);
            }
        }
        Err(error) => report.broken("database", error.to_string()),
    }
    match (workspaces.is_empty(), &settings.slack.client) {
        (true, None) => {
            let mend =
                "SLACK_BOT_TOKEN is not set; it is shown under “OAuth & Permissions” of your Slack app";
            report.broken("Slack", mend);
        }
        (true, Some(_)) => Report::note("Slack", "no workspace has installed Dipper yet, at /slack/install"),
        (false, _) => {}
    }
    for workspace in &workspaces {
        look_at_slack(workspace, &mut report).await;
    }
    if let Some(token) = &settings.slack.app_token {
        look_at_socket(&slack.as_bot(token), &mut report).await;
    }
    for site in &settings.bitbucket {
        look_at_bitbucket(site, &http, &mut report).await;
        look_at_service(site, &http, &followed, &mut report).await;
    }
    match report.broken {
        0 => Ok(()),
        1 => Err(Failed::other("one thing would not work; mend it and check again")),
        many => Err(Failed::other(format!("{many} things would not work; mend them and check again"))),
    }
}

fn look_at_settings(settings: &Settings, report: &mut Report) {
    if settings.slack.signing_secret.is_none() && settings.slack.app_token.is_none() {
        let mend = "SLACK_SIGNING_SECRET is not set; it is shown under “Basic Information” of your Slack app";
        report.broken("settings", mend);
    }
    match &settings.public_url {
        None => Report::note(
            "settings",
            "without DIPPER_PUBLIC_URL accounts are connected by tokens of people's own, not in the browser",
        ),
        Some(url) if url.scheme() == "http" => {
            Report::note(
                "settings",
                "DIPPER_PUBLIC_URL begins with http://; Slack and Bitbucket want https://",
            );
        }
        Some(url) => Report::works("settings", format!("reached at {url}")),
    }
}

async fn database(settings: &Settings) -> Result<Store, store::Error> {
    let store = Store::open(&settings.database_url, Clock::system()).await?;
    store.prove_writable().await?;
    store.audited_teams().await?;
    Ok(store)
}

async fn look_at_secrets(store: &Store, seal: &Seal, report: &mut Report) -> Result<(), store::Error> {
    let mut sum = Resealed::default();
    for vault in vaults() {
        let found = store.survey(vault, seal).await?;
        (sum.anew, sum.fresh, sum.shut) =
            (sum.anew + found.anew, sum.fresh + found.fresh, sum.shut + found.shut);
    }
    if sum.shut > 0 {
        let mend = "open with none of DIPPER_KEYS; add the key they were sealed with";
        report.broken("keys", format!("{} stored secrets {mend}", sum.shut));
    } else if sum.anew > 0 {
        Report::note(
            "keys",
            format!("{} stored secrets lie under an older key; `dipper keys rotate`", sum.anew),
        );
    } else {
        Report::works("keys", "everything stored lies under the first");
    }
    Ok(())
}

async fn look_at_audit(store: &Store, seal: &Seal, report: &mut Report) -> Result<(), store::Error> {
    for team in store.audited_teams().await? {
        let what = format!("audit log of {team}");
        match store.verify_audit(seal, &team).await? {
            Ok(rows) => Report::works(&what, format!("{rows} rows, as they were written")),
            Err(flaw) => {
                let mend = "compare it with a backup, and find out who can write to the database";
                report.broken(&what, format!("{flaw}; {mend}"));
            }
        }
    }
    Ok(())
}

/// The workspaces that installed the bot; one whose token no key opens is told of with the other secrets.
async fn installed(slack: &Slack, store: &Store, seal: &Seal) -> Result<Vec<SlackBot>, store::Error> {
    let workspaces = Workspaces::new(slack.clone(), None, store.clone(), seal.clone());
    let installs = store.installs().await?;
    Ok(installs.iter().filter_map(|install| workspaces.installed(install).ok()).collect())
}

async fn look_at_slack(slack: &SlackBot, report: &mut Report) {
    let found = match slack.inspect().await {
        Ok(found) => found,
        Err(error) => {
            return report.broken("Slack", format!("{error}; look at SLACK_BOT_TOKEN and the network"));
        }
    };
    Report::works("Slack", format!("known in {} ({})", found.team_name, found.identity.team));
    match found.scopes_amiss() {
        Some(amiss) => report.broken("Slack scopes", amiss),
        None => Report::works("Slack scopes", "all that are needed"),
    }
    match found.clock_amiss() {
        Some((amiss, true)) => report.broken("clock", amiss),
        Some((amiss, false)) => Report::note("clock", amiss),
        None => Report::works("clock", "as Slack's"),
    }
}

/// An address is asked for and not used: Slack would send over a socket what a running bot should get.
async fn look_at_socket(app: &SlackBot, report: &mut Report) {
    match app.line_address().await {
        Ok(_) => Report::works("Slack socket", "Slack gives an address to open one at"),
        Err(error) => {
            let mend = socket::advice(&error).unwrap_or("look at the network, and check again in a minute");
            report.broken("Slack socket", format!("{error}; {mend}"));
        }
    }
}

async fn look_at_bitbucket(site: &SiteSettings, http: &Http, report: &mut Report) {
    let what = format!("Bitbucket {}", site.name);
    if site.client.is_none() && site.webhook_secrets.is_empty() {
        return Report::note(
            &what,
            "no OAuth client and no webhook secret: nothing is heard from it, and accounts there are connected by \
             tokens of people's own",
        );
    }
    let asked = match site.edition {
        Edition::Cloud => "hook_events",
        Edition::DataCenter => "api/latest/application-properties",
    };
    let url = format!("{}/{asked}", site.api_url.as_str().trim_end_matches('/'));
    match http.client().get(&url).timeout(PATIENCE).send().await {
        Err(_) => report
            .broken(&what, format!("{} does not answer; look at its address and the network", site.api_url)),
        // Who must sign in even for this is there all the same.
        Ok(answer) if !(answer.status().is_success() || matches!(answer.status().as_u16(), 401 | 403)) => {
            let says = format!("{} answers with status {}", site.api_url, answer.status().as_u16());
            report.broken(&what, format!("{says}; look at its address"));
        }
        Ok(_) => Report::works(&what, "it answers"),
    }
    if site.client.is_none() {
        Report::note(&what, "without an OAuth client accounts there are connected by tokens of people's own");
    }
    if site.webhook_secrets.is_empty() {
        Report::note(&what, "without a webhook secret nothing is heard from it");
    }
}

/// Whether the bot's own credentials there read what they are there to read.
async fn look_at_service(site: &SiteSettings, http: &Http, followed: &[RepoName], report: &mut Report) {
    let there: Vec<RepoName> = followed.iter().filter(|repo| repo.instance == site.name).cloned().collect();
    let hands = Site::new(site.clone(), http, Clock::system()).within(PATIENCE);
    for (whose, tried) in hands.try_service(&there).await {
        let what = format!("Bitbucket {} token{whose}", site.name);
        match tried {
            Ok(Some(repo)) => Report::works(&what, format!("it reads {}", repo.short())),
            Ok(None) => Report::note(&what, "nothing is followed yet that it could be tried on"),
            Err(error @ bitbucket::Error::NotFound(_)) => {
                report.broken(&what, format!("{error} Let it read the repositories that channels follow"));
            }
            Err(error) => report.broken(&what, error.to_string()),
        }
    }
}
