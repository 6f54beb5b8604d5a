//! The demo that one plays oneself: both Bitbuckets in one world, three people, and a page to be them on.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use super::Broken;
use super::grammar;
use super::ground::{self, Clocks, Ground};
use super::stage::EDITIONS;
use crate::sandbox::bitbucket::Bitbucket;
use crate::sandbox::browser::Browser;
use crate::sandbox::page::{Connected, Page, PageSettings, Role};
use crate::sandbox::seed;
use crate::sandbox::slack::world::messages::Draft;
use crate::sandbox::slack::{Ack, Message, Person, Slack, World};
use crate::sandbox::transcript;
use crate::words::names::{SlackUser, Team};

/// Where people talk, and what they have said.
const CHANNELS: [(&str, &[(&str, &str)]); 3] = [
    (
        "general",
        &[
            ("grace", "Morning! Two pull requests could use a second pair of eyes today."),
            ("mira", "Just joined *#web* and *#payments*. What does Dipper do there?"),
            ("grace", "It tells us of our pull requests. Type `/bb help` to see what else it can do."),
        ],
    ),
    ("web", &[("grace", "The health checks woke me up again. A fix is on its way.")]),
    ("payments", &[("ada", "Month end is close: who looks at the ledger?")]),
];

/// What the demo's consumer on Cloud may ask of people: all that Dipper has a use for.
const TICKED: [&str; 7] = [
    "account",
    "repository:write",
    "repository:admin",
    "repository:delete",
    "pullrequest:write",
    "pipeline:write",
    "webhook",
];

/// What each channel is told of.
const TOLD_OF: [(&str, &str); 2] = [("#web", seed::API), ("#payments", seed::LEDGER)];

/// A channel takes one message in this time; nobody wants to wait for it at the start.
const PACE: Duration = Duration::from_millis(1_100);

/// So long it has to be quiet before somebody is told something in private.
const BURST: Duration = Duration::from_secs(4);

/// How a demo is wished for.
#[derive(Clone, Copy, Debug)]
pub struct Wishes {
    /// Where the page listens.
    pub listen: SocketAddr,
    /// What the world grows from; the same number, the same world.
    pub seed: u64,
    /// What time it is at first, in epoch milliseconds, when it is not the machine's.
    pub begins: Option<i64>,
}

/// A demo that runs.
pub struct Live {
    /// Its page.
    pub page: Page,
    ground: Ground,
}

impl Live {
    /// Starts everything, up to the first cards in the channels.
    pub async fn start(wishes: Wishes) -> Result<Self, Broken> {
        let clocks = wishes.begins.map_or_else(Clocks::system, Clocks::beginning_at);
        let furnish = |slack: &Slack, bitbucket: &Bitbucket| furnish(slack, bitbucket, wishes.seed);
        let ground = Ground::lay(clocks, "Harbor", &EDITIONS, furnish).await?;
        let read_until = bring_to_life(&ground).await?;
        let settings = PageSettings {
            listen: wishes.listen,
            seed: wishes.seed,
            cast: seed::CAST.map(|(name, title)| Role { name: name.into(), title: title.into() }).into(),
            grammar: grammar::of_the_bot(),
            read_until,
            connected: connected(&ground),
        };
        let page = Page::start(ground.slack.clone(), ground.bitbucket.clone(), settings).await;
        match page {
            Ok(page) => Ok(Self { page, ground }),
            Err(error) => {
                ground.clear().await;
                let why = format!(
                    "{} cannot be listened on: {error}. Choose another with --listen 127.0.0.1:0",
                    wishes.listen
                );
                Err(Broken { hop: "opening the page", why })
            }
        }
    }

    /// What only this Slack knows, for a test.
    pub fn slack(&self) -> &Slack {
        &self.ground.slack
    }

    /// Ends it and throws its database away.
    pub async fn stop(self) {
        drop(self.page);
        self.ground.clear().await;
    }
}

fn furnish(slack: &Slack, bitbucket: &Bitbucket, seed: u64) -> Result<(), Broken> {
    let broken = |why: String| Broken { hop: "setting the stage", why };
    seed::seed(bitbucket, seed).map_err(|refusal| broken(refusal.to_string()))?;
    bitbucket.tick(&TICKED);
    bitbucket.auto_run();
    let cast: Vec<Person> = seed::CAST
        .iter()
        .map(|(name, _)| slack.add_person(name, &format!("{name}@example.test"), "Europe/Berlin"))
        .collect();
    for (name, said) in CHANNELS {
        let channel = slack.add_channel(name, false, &cast.iter().collect::<Vec<_>>());
        for (who, text) in said {
            let user = slack.person(who).map(|person| person.id).unwrap_or_default();
            let draft =
                Draft { channel: channel.clone(), user, text: (*text).to_owned(), ..Draft::default() };
            slack.with_world(|world| world.post(draft));
        }
    }
    for person in cast {
        slack.with_world(|world| world.open_direct([world.bot.user.clone(), person.id].into()));
    }
    Ok(())
}

/// Two people connect, the channels subscribe, and the first pull requests are told of. The timestamp
/// before which everything is read.
async fn bring_to_life(ground: &Ground) -> Result<String, Broken> {
    for edition in EDITIONS {
        for name in ["ada", "grace"] {
            connect(ground, &ground.person(name)?, ground::instance(edition)).await?;
        }
        ground.advance(PACE);
    }
    let grace = ground.person("grace")?;
    for (channel, repo) in TOLD_OF {
        let hop = "a channel subscribes";
        accepted(hop, &grace.types(channel, &format!("/bb subscribe {repo}")).await)?;
        ground.until(hop, || grace.told().pop()).await?;
    }
    // What was whispered on the way is gone, as it is when a real Slack is opened anew.
    ground.slack.with_world(|world| world.messages.retain(|message| message.ephemeral_to.is_none()));
    let read_until = ground.slack.with_world(World::fresh_ts);
    for (channel, repo) in TOLD_OF {
        let opened = seed::open_fresh(&ground.bitbucket, repo);
        opened.map_err(|refusal| Broken { hop: "a pull request is opened", why: refusal.to_string() })?;
        // What it changes is looked up once the card is out.
        let counted = |block: &serde_json::Value| block.to_string().contains(" file");
        let card = |message: &Message| message.bot_id.is_some() && message.all_blocks().iter().any(counted);
        ground
            .until("a webhook becomes a card", || ground.slack.heard(channel).into_iter().find(card))
            .await?;
    }
    asked_in_private(ground).await?;
    Ok(read_until)
}

/// Each of the two is asked for a review in private, once the burst is over.
async fn asked_in_private(ground: &Ground) -> Result<(), Broken> {
    let names = ground.slack.names();
    let asked = |message: &&Message| transcript::message(message, &names).contains("asks for your review");
    let all = || ground.slack.with_world(|world| world.messages.iter().filter(asked).count());
    ground.advance(BURST);
    ground.until("a reviewer is asked in private", || (all() >= TOLD_OF.len()).then_some(())).await
}

/// Connects an account as anybody would, through the pages.
async fn connect(ground: &Ground, person: &Person, instance: &str) -> Result<(), Broken> {
    let hop = "an account is connected in the browser";
    let broken = |why: String| Broken { hop, why };
    accepted(hop, &person.types("@dipper", &format!("/bb connect {instance}")).await)?;
    let label = format!("Connect your account on {instance}");
    let link = ground.until(hop, || person.told().iter().find_map(|told| told.link(&label))).await?;
    let mut browser = Browser::new().map_err(|error| broken(error.to_string()))?;
    let mut page = browser.open(&link).await.map_err(|error| broken(error.to_string()))?;
    for button in ["Go on to Bitbucket", &format!("Sign in as {}", person.name), "Connect them"] {
        page = browser.press(&page, button).await.map_err(|error| broken(error.to_string()))?;
    }
    ground.until("the person is told in private that they are connected", || person.told().pop()).await?;
    Ok(())
}

fn accepted(hop: &'static str, ack: &Ack) -> Result<(), Broken> {
    if ack.is_ok() {
        Ok(())
    } else {
        Err(Broken { hop, why: format!("the bot answered {} {}", ack.status, ack.body) })
    }
}

/// Asks the bot itself where somebody is connected.
fn connected(ground: &Ground) -> Connected {
    let accounts = ground.bot.bot.accounts.clone();
    Arc::new(move |id| {
        let (accounts, user) = (accounts.clone(), SlackUser { team: Team::new(super::TEAM), id });
        Box::pin(async move {
            let links = accounts.of(&user).await.unwrap_or_default();
            links.into_iter().map(|link| link.instance.as_str().to_owned()).collect()
        })
    })
}
