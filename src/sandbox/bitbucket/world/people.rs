//! The people of the sandbox: one person, known by different names on each edition.

use super::{Refusal, World, digest, uuid};

/// The account that the operators' service tokens belong to.
pub(in super::super) const SERVICE: &str = "dipper-service";

/// Somebody with an account on both editions.
#[derive(Clone, Debug)]
pub struct Person {
    /// Cloud's nickname, Data Center's login name, and how the sandbox speaks of them.
    pub nickname: String,
    pub display_name: String,
    pub email: String,
    /// Cloud's id, in braces.
    pub uuid: String,
    /// Cloud's Atlassian account id.
    pub account_id: String,
    /// Data Center's numeric id.
    pub id: u32,
    /// Data Center's slug.
    pub slug: String,
    pub(in super::super) service: bool,
}

impl Person {
    fn new(nickname: &str, display_name: &str, email: &str, id: u32) -> Self {
        let account = digest(&format!("account {nickname}"));
        Self {
            nickname: nickname.to_owned(),
            display_name: display_name.to_owned(),
            email: email.to_owned(),
            uuid: format!("{{{}}}", uuid(&format!("person {nickname}"))),
            account_id: format!("557058:{}", &account[..24]),
            id,
            slug: slugged(nickname),
            service: false,
        }
    }
}

/// Data Center's slug of a login name.
fn slugged(name: &str) -> String {
    name.chars()
        .map(|c| match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9' | '.' | '-' | '_') => c,
            _ => '_',
        })
        .collect()
}

impl World {
    pub(super) fn add_service_account(&mut self) {
        let mut account = Person::new(SERVICE, "Dipper (service)", "dipper@example.test", 100);
        account.service = true;
        self.people.push(account);
    }

    /// The account behind an access token, made at first asking.
    pub(in super::super) fn robot(&mut self, nickname: &str) {
        let known = self.people.len();
        self.add_person(nickname, nickname, "");
        if let Some(robot) = self.people.get_mut(known) {
            robot.service = true;
        }
    }

    /// Adds a person, or leaves the one of that nickname as they are.
    pub(in super::super) fn add_person(&mut self, nickname: &str, display_name: &str, email: &str) -> Person {
        if let Some(known) = self.people.iter().find(|person| person.nickname == nickname) {
            return known.clone();
        }
        let id = u32::try_from(self.people.len()).unwrap_or(u32::MAX).saturating_add(100);
        let person = Person::new(nickname, display_name, email, id);
        self.people.push(person.clone());
        person
    }

    pub(in super::super) fn person(&self, nickname: &str) -> Result<&Person, Refusal> {
        self.people
            .iter()
            .find(|person| person.nickname == nickname)
            .ok_or_else(|| Refusal::NoSuchPerson(nickname.to_owned()))
    }

    /// By Cloud's uuid or account id.
    pub(in super::super) fn person_by_cloud_id(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.uuid == id || person.account_id == id)
    }

    /// By Data Center's slug.
    pub(in super::super) fn person_by_slug(&self, slug: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.slug.eq_ignore_ascii_case(slug))
    }

    /// Those who can sign in: everybody but the service account.
    pub(in super::super) fn humans(&self) -> impl Iterator<Item = &Person> {
        self.people.iter().filter(|person| !person.service)
    }
}
