//! Whom in Slack a card waits for, where they have not connected: told by their e-mail addresses, in the
//! background and once in a while. It makes out whom to mention, and gives nobody any right.

use super::{Job, Turn};
use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Bot, Failure, draw_card};
use crate::slack::{self, Member, SlackBot};
use crate::store::MATCH_LIFE;
use crate::views::card::awaited;
use crate::words::names::{PersonId, RepoName, SlackUser, Team};
use crate::words::pull_request::PullRequest;
use crate::words::work::{DrawCard, FindPeople, NewJob, Urgency};

const DAY: i64 = 24 * 60 * 60 * 1000;
/// So long it is believed that nobody here has it.
const MISS: i64 = DAY;
/// How often it is tried while something is in the way.
const PATIENCE: i64 = 4;
/// How many addresses are asked for in one go.
const IN_ONE_GO: usize = 450;
/// In how many people's names it is asked at most.
const MOST_ASKERS: usize = 3;

/// Who was found: somebody on Bitbucket, and who that is in Slack.
type Found = Vec<(PersonId, SlackUser)>;

/// The job that looks for those a card waits for and nobody has looked for lately; none when there are none.
pub async fn job(bot: &Bot, card: &DrawCard, pr: &PullRequest) -> Result<Option<NewJob>, Failure> {
    let (team, repo) = (&card.channel.team, &pr.name.repo);
    if sought(bot, team, pr).await?.is_empty() {
        return Ok(None);
    }
    let work = FindPeople { card: card.clone() };
    let once = format!("find:{team}:{}:{}", card.channel.id, card.pr);
    let order = format!("find:{team}:{}:{}", repo.instance, repo.owner);
    Ok(Some(NewJob::of(&work).once(once).in_order(order).urgency(Urgency::Whenever)))
}

/// Those a pull request waits for of whom it is to be asked who they are in this workspace.
async fn sought(bot: &Bot, team: &Team, pr: &PullRequest) -> Result<Vec<PersonId>, Failure> {
    let settings = bot.store.team_settings(team).await?;
    let mut sought = Vec::new();
    if !(pr.is_open() && settings.mentions && settings.matching) {
        return Ok(sought);
    }
    for person in awaited(pr) {
        if !bot.store.is_settled(team, &pr.name.repo.instance, &person.id).await? {
            sought.push(person.id.clone());
        }
    }
    Ok(sought)
}

impl Job for FindPeople {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let (bot, team) = (turn.bot, &self.card.channel.team);
        let Some(pr) = bot.store.pull_request(&self.card.pr).await? else {
            return Ok(());
        };
        let sought = sought(bot, team, &pr).await?;
        let search = Search { bot, team, repo: &pr.name.repo, sought: &sought };
        let found = match search.find().await {
            Ok(found) => found,
            Err(Failure::Later { why, after }) if turn.claim.attempt < PATIENCE => {
                return Err(Failure::Later { why, after });
            }
            Err(Failure::Removed(team)) => return Err(Failure::Removed(team)),
            Err(failure) => {
                tracing::warn!(?failure, "people could not be looked for; nobody is, for a day");
                Vec::new()
            }
        };
        let now = bot.clock.millis();
        let place = (team, &pr.name.repo.instance);
        let mut tx = turn.begin().await?;
        for person in sought.iter().filter(|person| !found.iter().any(|(id, _)| id == *person)) {
            tx.keep_match(place, person, None, now + MISS).await?;
        }
        for (person, user) in &found {
            tx.keep_match(place, person, Some(user), now + MATCH_LIFE).await?;
        }
        tx.enqueue(draw_card(&self.card, Urgency::Whenever)).await?;
        tx.commit().await?;
        bot.nudge.notify_waiters();
        Ok(())
    }
}

/// Who is looked for, where.
struct Search<'a> {
    bot: &'a Bot,
    team: &'a Team,
    repo: &'a RepoName,
    sought: &'a [PersonId],
}

impl Search<'_> {
    /// In one name after the other, until one of them may ask; where none may, nobody tries for a day.
    async fn find(&self) -> Result<Found, Failure> {
        if self.sought.is_empty() || self.bot.store.paused_until(&self.scope()).await?.is_some() {
            return Ok(Vec::new());
        }
        let slack = self.bot.slack(self.team).await?;
        for hands in self.askers().await? {
            match self.ask(&*hands, &slack).await {
                Ok(found) => return Ok(found),
                Err(Amiss::Refused(why)) => tracing::info!(why, "Bitbucket does not tell who that is"),
                Err(Amiss::Failed(failure)) => return Err(failure),
            }
        }
        self.rest().await?;
        Ok(Vec::new())
    }

    fn scope(&self) -> String {
        format!("find:{}:{}:{}", self.team, self.repo.instance, self.repo.owner)
    }

    /// There is nothing more to be learnt there today.
    async fn rest(&self) -> Result<(), crate::store::Error> {
        self.bot.store.pause(&self.scope(), self.bot.clock.millis() + DAY).await
    }

    /// The bot's own hands where it has some, and those of the people who had the repository followed here.
    async fn askers(&self) -> Result<Vec<Box<dyn Bitbucket>>, Failure> {
        let site = self.bot.site(&self.repo.instance)?.in_background();
        let mut askers: Vec<_> = site.as_service_in(&self.repo.owner).into_iter().collect();
        let mut asked: Vec<SlackUser> = Vec::new();
        for subscription in self.bot.store.subscriptions_to(self.repo).await? {
            let user = &subscription.asked_by;
            if user.team != *self.team || asked.contains(user) || askers.len() >= MOST_ASKERS {
                continue;
            }
            asked.push(user.clone());
            if let Ok(tokens) = self.bot.accounts.tokens(user, &site).await
                && !self.bot.has_left(user).await?
            {
                askers.push(site.as_person(tokens));
            }
        }
        Ok(askers)
    }

    /// Each person's address, and who has it in Slack; where Bitbucket tells none, the other way about.
    async fn ask(&self, hands: &dyn Bitbucket, slack: &SlackBot) -> Result<Found, Amiss> {
        let mut found = Vec::new();
        for person in self.sought {
            let email = match hands.email_of(person).await {
                Err(bitbucket::Error::NotOffered(_)) => return self.the_other_way(hands, slack).await,
                Err(bitbucket::Error::NotFound(_)) => None,
                told => told?,
            };
            if let Some(email) = email
                && let Some(member) = slack.member_by_email(self.team, &email).await?
            {
                found.push((person.clone(), member.user));
            }
        }
        Ok(found)
    }

    /// Asks which accounts have the addresses of Slack's members: once a day, for all that will be shown.
    async fn the_other_way(&self, hands: &dyn Bitbucket, slack: &SlackBot) -> Result<Found, Amiss> {
        let members = slack.members(self.team).await?;
        let mut found = Vec::new();
        for some in members.chunks(IN_ONE_GO) {
            let emails: Vec<String> = some.iter().map(|member| member.email.clone()).collect();
            for (email, person) in hands.people_by_email(&self.repo.owner, &emails).await? {
                let has_it = |member: &&Member| member.email.eq_ignore_ascii_case(&email);
                found.extend(some.iter().find(has_it).map(|member| (person.id, member.user.clone())));
            }
        }
        self.rest().await?;
        Ok(found)
    }
}

/// Why somebody's hands found nobody.
enum Amiss {
    /// They may not ask; another's perhaps may.
    Refused(String),
    /// Nobody's would.
    Failed(Failure),
}

impl From<bitbucket::Error> for Amiss {
    fn from(error: bitbucket::Error) -> Self {
        use bitbucket::Error as E;
        match error {
            E::Slow { .. } | E::Down(_) | E::Unreadable(_) | E::InDoubt(_) => Self::Failed(error.into()),
            refused => Self::Refused(refused.to_string()),
        }
    }
}

impl From<slack::Error> for Amiss {
    fn from(error: slack::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<crate::store::Error> for Amiss {
    fn from(error: crate::store::Error) -> Self {
        Self::Failed(error.into())
    }
}
