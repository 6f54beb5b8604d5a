//! Somebody of a play's world: what they type, press, fill in and sign in to, and what they read then.

use dipper::sandbox::browser::{Browser, Page};
use dipper::sandbox::slack::{Ack, Message, Person as SlackPerson};
use dipper::sandbox::transcript;

use super::World;

/// Somebody who acts.
pub struct Person<'a> {
    pub world: &'a World,
    pub name: String,
    pub slack: SlackPerson,
}

impl<'a> Person<'a> {
    /// Somebody of this world, on both sides.
    pub fn of(world: &'a World, name: &str) -> Self {
        let slack = world.slack.person(name).expect("a person of this world");
        Self { world, name: name.to_owned(), slack }
    }

    /// Types a command in #web and lets the bot do it; what they were told.
    pub async fn types(&self, text: &str) -> String {
        self.types_in("#web", text).await
    }

    /// Types a command somewhere and lets the bot do it; what they were told.
    pub async fn types_in(&self, channel: &str, text: &str) -> String {
        let ack = self.slack.types(channel, text).await;
        assert_eq!(ack.status, 200, "{text} was answered {}: {}", ack.status, ack.body);
        self.world.settle().await;
        self.is_told()
    }

    /// Presses a button and lets the bot do it; what they were told.
    pub async fn clicks(&self, message: &Message, label: &str) -> String {
        self.presses(message, label).await;
        self.world.settle().await;
        self.is_told()
    }

    /// Presses a button, and no more.
    pub async fn presses(&self, message: &Message, label: &str) -> Ack {
        let ack = self.slack.clicks(message, label).await;
        assert_eq!(ack.status, 200, "[{label}] was answered {}: {}", ack.status, ack.body);
        ack
    }

    /// What only they have been told since they last looked, as they read it.
    pub fn is_told(&self) -> String {
        self.world.read(&self.told())
    }

    /// The messages themselves, without what the play sets aside.
    pub fn told(&self) -> Vec<Message> {
        let mut told = self.slack.told();
        told.retain(|message| !self.world.is_aside(message));
        told
    }

    /// Connects their account, and has read the welcome.
    pub async fn connected(self) -> Self {
        let connected = self.connecting().await;
        let _welcome = connected.is_told();
        connected
    }

    /// The form on their screen, as they read it.
    pub fn sees_form(&self) -> String {
        self.slack
            .form()
            .map(|form| self.world.same_on_both(&transcript::form(&form, &self.world.slack.names())))
            .unwrap_or_default()
    }

    /// Connects their account, the whole way through the browser.
    pub async fn connecting(self) -> Self {
        let (mut browser, page) = self.opens_the_link("connect").await;
        let page = browser.press(&page, "Go on to Bitbucket").await.unwrap();
        let page = self.signs_in(&mut browser, &page).await;
        let page = browser.press(&page, "Connect them").await.unwrap();
        assert!(page.text().contains("Connected"), "{}", page.text());
        self.world.settle().await;
        self
    }

    /// Asks for a link and opens it in a browser of their own.
    pub async fn opens_the_link(&self, command: &str) -> (Browser, Page) {
        let ack = self.slack.types("#web", &format!("/bb {command} {}", self.world.instance())).await;
        assert_eq!(ack.status, 200);
        self.world.settle().await;
        let told = self.slack.told();
        let label = format!("Connect your account on {}", self.world.instance());
        let link = told.iter().find_map(|message| message.link(&label));
        let mut browser = Browser::new().unwrap();
        let page = browser.open(&link.expect("a link to connect")).await.unwrap();
        (browser, page)
    }

    /// Goes the whole way by the link they were given; what the first page said.
    pub async fn follows_the_link(&self) -> String {
        let label = format!("Connect your account on {}", self.world.instance());
        let link = self.slack.told().iter().find_map(|message| message.link(&label)).unwrap();
        let mut browser = Browser::new().unwrap();
        let first = browser.open(&link).await.unwrap();
        let page = browser.press(&first, "Go on to Bitbucket").await.unwrap();
        let page = self.signs_in(&mut browser, &page).await;
        browser.press(&page, "Connect them").await.unwrap();
        self.world.settle().await;
        first.text()
    }

    /// Signs in on Bitbucket's page as themselves.
    pub async fn signs_in(&self, browser: &mut Browser, page: &Page) -> Page {
        let label =
            page.buttons().into_iter().find(|label| label.contains(&self.name)).expect("a button to sign in");
        browser.press(page, &label).await.unwrap()
    }
}
