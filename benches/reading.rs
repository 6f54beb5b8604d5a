//! How much memory it takes to read long lists from Bitbucket to their end, page by page.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use dipper::bitbucket::Edition::{Cloud, DataCenter};
use dipper::bitbucket::{self, Bitbucket, Each, Http, Site, SiteSettings, TokenSource};
use dipper::clock::Clock;
use dipper::sandbox::bitbucket::{Bitbucket as Sandbox, BitbucketSettings, Edition, Permission};
use dipper::sandbox::clock::Clock as SandboxClock;
use dipper::seal::Secret;
use dipper::words::commit::CommitFilter;
use dipper::words::names::{Instance, RepoName};
use dipper::words::pull_request::PullRequestFilter;
use futures_util::TryStreamExt;

/// Why a run ended early.
type Outcome<T> = Result<T, Box<dyn Error>>;

/// The argument that makes this process the Bitbucket that is read.
const SERVES: &str = "serve-a-sandbox";
const COMMITS: usize = 10_000;
const PULL_REQUESTS: usize = 5_000;
/// More than there are.
const MOST: usize = 20_000;

#[tokio::main]
async fn main() -> Outcome<()> {
    if rustls::crypto::ring::default_provider().install_default().is_err() {
        return Err("another TLS provider is in place".into());
    }
    match std::env::args().nth(1).as_deref() {
        Some(SERVES) => serve().await,
        _ => measure().await,
    }
}

/// A sandbox with long lists in both editions; it says where they are, then serves until it is ended.
async fn serve() -> Outcome<()> {
    let sandbox = Sandbox::start(SandboxClock::system(), BitbucketSettings::default()).await?;
    sandbox.add_person("ada", "Ada", "ada@example.test");
    for edition in [Edition::Cloud, Edition::DataCenter] {
        let repo = sandbox.add_repository(edition, "web/api").allow("ada", Permission::Admin);
        for n in 0..PULL_REQUESTS {
            let branch = format!("change-{n}");
            let _branch = repo.branch(&branch).with_commit("Do it", "ada");
            let title = format!("Do it, part {n}");
            sandbox
                .open_pull_request(&repo, "ada", &title, (&branch, "main"))
                .map_err(|no| format!("{no:?}"))?;
        }
        let mut main = repo.branch("main");
        for n in 0..COMMITS {
            main = main.with_commit(&format!("Change number {n}"), "ada");
        }
        let token = sandbox.repository_token(&repo, Permission::Read);
        println!("{} {} {} {token}", sandbox.url(edition), sandbox.api_url(edition), repo.name());
    }
    std::future::pending().await
}

/// A Bitbucket to read: its edition, the repository, and the hands.
type Read = (Edition, RepoName, Box<dyn Bitbucket>);

/// The one credential of a run.
struct Token(Secret);

#[async_trait]
impl TokenSource for Token {
    async fn token(&self) -> bitbucket::Result<Secret> {
        Ok(self.0.clone())
    }

    async fn renew(&self, _refused: &Secret) -> bitbucket::Result<Secret> {
        Err(bitbucket::Error::SignIn(Instance::new("bench")))
    }
}

async fn measure() -> Outcome<()> {
    let mut bitbucket = Command::new(std::env::current_exe()?).arg(SERVES).stdout(Stdio::piped()).spawn()?;
    let sites = sites(&mut bitbucket)?;
    println!("| read to its end | entries | took | resident before | at most while reading |");
    println!("|---|--:|--:|--:|--:|");
    let (of_main, open) = (CommitFilter::of(Some("main")), PullRequestFilter::open());
    for (edition, repo, site) in &sites {
        let commits = site.each_commit(repo, &of_main, MOST);
        read(&format!("{edition:?}: commits"), commits).await?;
        let pull_requests = site.each_pull_request(repo, &open, MOST);
        read(&format!("{edition:?}: open pull requests"), pull_requests).await?;
    }
    bitbucket.kill()?;
    bitbucket.wait()?;
    Ok(())
}

/// Both editions of the sandbox that says where it is.
fn sites(bitbucket: &mut Child) -> Outcome<Vec<Read>> {
    let lines = BufReader::new(bitbucket.stdout.take().ok_or("nothing is said")?).lines();
    let mut sites = Vec::new();
    for (edition, line) in [Edition::Cloud, Edition::DataCenter].into_iter().zip(lines) {
        let line = line?;
        let [url, api_url, name, token] = line.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("this says not where it is: {line}").into());
        };
        let settings = SiteSettings {
            owner_tokens: std::collections::BTreeMap::new(),
            name: Instance::new("bench"),
            edition: if edition == Edition::Cloud { Cloud } else { DataCenter },
            url: url.parse()?,
            api_url: api_url.parse()?,
            client: None,
            service_token: None,
            webhook_secrets: Vec::new(),
        };
        let site = Site::new(settings, &Http::new()?, Clock::system());
        let repo = format!("bench:{name}").parse().map_err(|advice| format!("{advice:?}"))?;
        sites.push((edition, repo, site.as_person(Arc::new(Token(token.into())))));
    }
    Ok(sites)
}

/// Reads a list to its end, and says what that took.
async fn read<T>(what: &str, mut list: Each<'_, T>) -> Outcome<()> {
    let (before, begun) = (resident()?, Instant::now());
    let (mut entries, mut most) = (0, before);
    while list.try_next().await?.is_some() {
        entries += 1;
        if entries % 100 == 0 {
            most = most.max(resident()?);
        }
    }
    let took = begun.elapsed().as_secs_f64();
    println!("| {what} | {entries} | {took:.1} s | {} MB | {} MB |", before / 1024, most / 1024);
    Ok(())
}

/// How many kilobytes of this process are in memory.
fn resident() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("the kernel does not say how much memory is used")?.parse()?)
}
