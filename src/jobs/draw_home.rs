//! A person's home tab, drawn from what their own accounts show at this moment.

use std::time::Duration;

use super::{Job, Turn};
use crate::bitbucket::Site;
use crate::bot::{Context, Failure, Trail};
use crate::commands::{change_notices, queue_on};
use crate::slack::{Standing, home};
use crate::store::Link;
use crate::views;
use crate::views::home::{Home, Place, Trouble};
use crate::words::message::Message;
use crate::words::names::{Channel, Instance, SlackUser};
use crate::words::work::{Caller, DrawHome};

/// How many pull requests are asked for.
const MOST: usize = 50;
/// How long all of one Bitbucket's may take: the others are not to wait for it.
const PATIENCE: Duration = Duration::from_secs(10);

impl Job for DrawHome {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let bot = turn.bot;
        let parts = match bot.standing(&self.user).await? {
            Standing::Member => views::home::parts(&seen(turn, &self.user).await?),
            Standing::Gone => return Ok(()),
            Standing::Guest | Standing::Stranger => {
                let sorry = Message::line("Dipper answers full members of this workspace only.");
                vec![("Dipper".to_owned(), sorry)]
            }
        };
        let slack = bot.slack(&self.user.team).await?;
        match slack.publish_home(&self.user, &home::view(&parts)).await {
            Err(error) if error.is_gone_person() => return Ok(()),
            published => published?,
        }
        let mut tx = turn.begin().await?;
        tx.home_drawn(&self.user).await?;
        Ok(tx.commit().await?)
    }
}

async fn seen(turn: &Turn<'_>, user: &SlackUser) -> Result<Home, Failure> {
    let bot = turn.bot;
    let links = bot.accounts.of(user).await?;
    let channel = Channel { team: user.team.clone(), id: user.id.clone() };
    let caller = Caller { user: user.clone(), channel, message: None };
    let (again, origin) = (turn.again(), turn.claim.origin);
    let cx = Context { bot, caller: &caller, again, origin, trail: Trail::default() };
    let connectable: Vec<&Instance> = bot.connectable().map(Site::name).collect();
    let mut places = Vec::new();
    for instance in bot.sites.keys() {
        let link = links.iter().find(|link| link.instance == *instance);
        match link {
            Some(link) => places.push(place(&cx, link).await?),
            None if connectable.contains(&instance) => places.push(empty(instance, None)),
            None => {}
        }
    }
    let wishes = bot.store.private_wishes(user).await?;
    let quiet = wishes.quiet.as_ref().map(|quiet| format!(" Quiet: `{quiet}`.")).unwrap_or_default();
    Ok(Home {
        places,
        direct: format!("Direct messages: {}.{quiet}", wishes.in_short()),
        change: change_notices(&wishes),
        mentions: bot.store.mentions(user).await?,
        help: bot.slash("help"),
        subscribe: bot.slash("subscribe web/api"),
        at: bot.clock.millis(),
    })
}

fn empty(instance: &Instance, name: Option<String>) -> Place {
    Place { instance: instance.clone(), name, queue: Vec::new(), mine: Vec::new(), trouble: None }
}

/// What waits on one Bitbucket. One that gives no answer is said to be missing, and keeps nothing else.
async fn place(cx: &Context<'_>, link: &Link) -> Result<Place, Failure> {
    let mut place = empty(&link.instance, Some(link.person.name.clone()));
    let asked = async {
        let (queue, _) = queue_on(cx, &link.instance).await?;
        let mine = cx.bitbucket(&link.instance).await?.my_pull_requests(MOST).await?;
        Ok::<_, Failure>((queue, mine))
    };
    match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok((queue, mine))) => (place.queue, place.mine) = (queue, mine),
        Ok(Err(Failure::SignIn(_))) => place.trouble = Some(Trouble::SignIn),
        Ok(Err(Failure::Removed(team))) => return Err(Failure::Removed(team)),
        Ok(Err(failure)) => {
            tracing::info!(?failure, instance = %link.instance, "a home tab goes without a Bitbucket");
            place.trouble = Some(Trouble::Silent);
        }
        Err(_) => place.trouble = Some(Trouble::Silent),
    }
    Ok(place)
}
