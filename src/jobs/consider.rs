//! Whether a pull request conflicts or is ready to merge, asked of Bitbucket as its author, who is told of it.

use super::look::{answered, eyes_of};
use super::whispers::Whispers;
use super::{Job, Turn};
use crate::bot::Failure;
use crate::notices::personal::standing;
use crate::words::pull_request::PullRequest;
use crate::words::work::Consider;

impl Job for Consider {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let store = &turn.bot.store;
        let Some(pr) = store.pull_request(&self.pr).await?.filter(PullRequest::is_open) else {
            return Ok(());
        };
        let repo = &pr.name.repo;
        for (user, _) in store.those_who_are(&repo.instance, &pr.author.id, Some(&pr.name)).await? {
            let Some(eyes) = eyes_of(turn, repo, &user).await? else { continue };
            let Some(found) = answered(turn, eyes.mergeability(&pr.name).await)? else { continue };
            if let Some(told) = standing(&pr, &found) {
                let whispers = Whispers::of(turn, told).await?;
                let mut tx = turn.begin().await?;
                whispers.keep(turn.bot, &mut tx).await?;
                tx.commit().await?;
            }
            return Ok(());
        }
        Ok(())
    }
}
