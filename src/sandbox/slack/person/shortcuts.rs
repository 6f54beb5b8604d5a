//! Taking one of the app's shortcuts, from a message's menu or from the one that is offered everywhere.

use super::super::message::Message;
use super::super::payload;
use super::super::send::Ack;
use super::Person;

impl Person {
    /// Takes a shortcut that is offered everywhere.
    pub async fn takes(&self, callback_id: &str) -> Ack {
        let payload = payload::global_shortcut(&mut self.slack.world(), &self.id, callback_id);
        self.interacts(&payload).await
    }

    /// Takes a shortcut from the menu of a message.
    pub async fn takes_on(&self, message: &Message, callback_id: &str) -> Ack {
        if message.ephemeral_to.is_some() {
            return self.mishap("a message that only one person sees has no shortcuts");
        }
        let now = self.slack.current(message);
        let payload = payload::message_shortcut(&mut self.slack.world(), &self.id, callback_id, &now);
        self.interacts(&payload).await
    }
}
