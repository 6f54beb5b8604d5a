//! A pull request's card in one channel: posted once, then edited in place from the newest snapshot.

use super::post::Saying;
use super::{Job, Turn, find_people, measure, say_story};
use crate::bot::Failure;
use crate::store::Post;
use crate::views;
use crate::views::card::Mentionable;
use crate::views::numbers::Numbers;
use crate::words::message::Message;
use crate::words::pull_request::PullRequest;
use crate::words::wish::Size;
use crate::words::work::DrawCard;

impl Job for DrawCard {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        self.draw(turn).await?;
        say_story::go_on(turn, &self.channel, &self.pr).await
    }
}

impl DrawCard {
    async fn draw(&self, turn: &Turn<'_>) -> Result<(), Failure> {
        let store = &turn.bot.store;
        let Some(pr) = store.pull_request(&self.pr).await? else {
            return Ok(());
        };
        if store.is_held_back(&self.channel, &self.pr.repo).await? {
            return self.leave_unsaid(turn).await;
        }
        self.look_closer(turn, &pr).await?;
        let message = self.drawn(turn, &pr).await?;
        let key = Post::card_key(&self.pr);
        let saying = Saying { channel: &self.channel, thread: None, key: &key, message: &message };
        if saying.keep(turn).await? { Ok(()) } else { self.leave_unsaid(turn).await }
    }

    /// What is not known yet is looked up behind the card.
    async fn look_closer(&self, turn: &Turn<'_>, pr: &PullRequest) -> Result<(), Failure> {
        let people = find_people::job(turn.bot, self, pr).await?;
        let jobs: Vec<_> = people.into_iter().chain(measure::first_look(turn.bot, pr).await?).collect();
        if jobs.is_empty() {
            return Ok(());
        }
        let mut tx = turn.begin().await?;
        for job in jobs {
            tx.enqueue(job).await?;
        }
        Ok(tx.commit().await?)
    }

    /// As it should look now.
    async fn drawn(&self, turn: &Turn<'_>, pr: &PullRequest) -> Result<Message, Failure> {
        let store = &turn.bot.store;
        let settings = store.team_settings(&self.channel.team).await?;
        let measure = store.measure(&pr.name).await?.unwrap_or_default();
        let checks = match &pr.head {
            Some(head) => store.builds_of(&pr.name.repo, head).await?,
            None => Vec::new(),
        };
        let jira = settings.jira.as_deref();
        let numbers = Numbers { pr, measure: &measure, checks: &checks, jira };
        let known = if settings.mentions { self.mentionable(turn, pr).await? } else { Mentionable::new() };
        let message = views::card::mentioning(pr, &known);
        let message = views::numbers::line(&numbers).into_iter().fold(message, Message::and);
        Ok(views::size::sized(message, pr, self.size(turn).await?))
    }

    /// The largest that any of the channel's subscriptions to this repository asks for.
    async fn size(&self, turn: &Turn<'_>) -> Result<Size, Failure> {
        let all = turn.bot.store.subscriptions_in(&self.channel).await?;
        let these = all.iter().filter(|one| one.repos.covers(&self.pr.repo));
        Ok(these.map(|one| one.wish.size).max().unwrap_or_default())
    }

    /// Those it waits for, as far as they are known in its workspace and want to be mentioned.
    async fn mentionable(&self, turn: &Turn<'_>, pr: &PullRequest) -> Result<Mentionable, Failure> {
        let (store, mut known) = (&turn.bot.store, Mentionable::new());
        for person in views::card::awaited(pr) {
            let user = store.mentionable(&self.channel.team, &pr.name.repo.instance, &person.id).await?;
            known.extend(user.map(|user| (person.id.clone(), user)));
        }
        Ok(known)
    }

    /// Where there is no card, there is no story.
    async fn leave_unsaid(&self, turn: &Turn<'_>) -> Result<(), Failure> {
        let mut tx = turn.begin().await?;
        tx.forget_unsaid(&self.channel, &self.pr).await?;
        Ok(tx.commit().await?)
    }
}
