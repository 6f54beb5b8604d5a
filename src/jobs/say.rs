//! Something said in a channel that is about no card: by itself, or under what it belongs to.

use super::post::Saying;
use super::{Job, Turn};
use crate::bot::Failure;
use crate::store::PostState;
use crate::words::work::Say;

impl Job for Say {
    async fn run(self, turn: &Turn<'_>) -> Result<(), Failure> {
        let alone =
            Saying { channel: &self.channel, thread: None, key: &self.identity, message: &self.message };
        let Some(root) = &self.root else {
            return alone.once(turn, "").await.map(|_| ());
        };
        let first = Saying { key: root, ..alone };
        match turn.bot.store.post(&self.channel, root).await? {
            // Nobody began it, or an earlier attempt of this very job did.
            None => first.once(turn, "").await.map(|_| ()),
            Some(post) if post.identity == first.identity(turn) => first.once(turn, "").await.map(|_| ()),
            Some(post) => {
                let thread = post.ts.as_deref().filter(|_| post.state == PostState::Posted);
                let under =
                    Saying { channel: &self.channel, thread, key: &self.identity, message: &self.message };
                under.say(turn, "", self.broadcast).await.map(|_| ())
            }
        }
    }
}
