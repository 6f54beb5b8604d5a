//! Whose home tab has to be drawn anew: of those who ever opened it, and of nobody more than once a minute.

use super::{Bot, Failure};
use crate::store::Home;
use crate::words::names::SlackUser;
use crate::words::pull_request::PullRequest;
use crate::words::work::{DrawHome, NewJob, Urgency};

/// Nobody's home tab is drawn more often than this, in milliseconds.
const BETWEEN: i64 = 60 * 1000;

impl Bot {
    /// Somebody looks at their home tab.
    pub async fn home_opened(&self, user: &SlackUser) -> Result<NewJob, Failure> {
        let home = self.store.home(user).await?;
        Ok(self.drawing(&home.unwrap_or_else(|| Home { user: user.clone(), drawn_at: 0 })))
    }

    /// Something of theirs has changed; none where they never look.
    pub async fn home_changed(&self, user: &SlackUser) -> Result<Option<NewJob>, Failure> {
        Ok(self.store.home(user).await?.map(|home| self.drawing(&home)))
    }

    /// The home tabs of those whom a pull request concerns: who wrote it, and who was asked or has spoken.
    pub async fn homes_about(&self, pr: &PullRequest) -> Result<Vec<NewJob>, Failure> {
        let mut jobs = Vec::new();
        for person in std::iter::once(&pr.author).chain(pr.reviews.iter().map(|review| &review.person)) {
            let homes = self.store.homes_of(&pr.name.repo.instance, &person.id).await?;
            jobs.extend(homes.iter().map(|home| self.drawing(home)));
        }
        Ok(jobs)
    }

    fn drawing(&self, home: &Home) -> NewJob {
        let key = format!("home:{}:{}", home.user.team, home.user.id);
        let at = self.clock.millis().max(home.drawn_at + BETWEEN);
        NewJob::of(&DrawHome { user: home.user.clone() }).once(key).at(at).urgency(Urgency::Soon)
    }
}
