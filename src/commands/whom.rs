//! Who is meant on Bitbucket by what a person wrote or chose, asked with their own account.

use crate::bitbucket::{self, Bitbucket};
use crate::bot::{Context, Failure};
use crate::slack::forms;
use crate::store::MATCH_LIFE;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{PersonId, RepoName, SlackUser};
use crate::words::pull_request::Person;
use crate::words::who::Who;
use crate::words::whom::Whom;

/// How many people are looked through.
const MOST: usize = 50;
/// How many are offered when it is not clear who is meant.
const OFFERED: usize = 5;

/// Where people are looked for.
pub(super) struct Around<'a> {
    /// Who asks.
    pub(super) cx: &'a Context<'a>,
    /// Their own account.
    pub(super) bitbucket: &'a dyn Bitbucket,
    /// The repository it is about.
    pub(super) repo: &'a RepoName,
}

impl Around<'_> {
    /// All of them, each once. `instead` is the command with another in the place of one.
    pub(super) async fn all(
        &self,
        wanted: &[Whom],
        instead: impl Fn(usize, Whom) -> Action,
    ) -> Result<Vec<Person>, Failure> {
        let mut found: Vec<Person> = Vec::new();
        for (at, whom) in wanted.iter().enumerate() {
            let person = self.one(whom, |whom| instead(at, whom)).await?;
            if !found.iter().any(|known| known.id == person.id) {
                found.push(person);
            }
        }
        Ok(found)
    }

    /// The one who is meant. `instead` is the command with another in their place.
    pub(super) async fn one(&self, whom: &Whom, instead: impl Fn(Whom) -> Action) -> Result<Person, Failure> {
        match whom {
            Whom::Slack(who) => self.in_slack(who).await,
            Whom::Named(name) => self.named(name, instead).await,
        }
    }

    /// By the account they connected, else by their address, where the workspace allows that.
    pub(super) async fn in_slack(&self, who: &Who) -> Result<Person, Failure> {
        let user = who.asked_by(&self.cx.caller.user);
        let instance = &self.repo.instance;
        if let Some(link) = self.cx.bot.store.link(&user, instance).await? {
            return Ok(link.person);
        }
        if user == self.cx.caller.user {
            return Err(Failure::SignIn(instance.clone()));
        }
        if self.cx.bot.store.team_settings(&user.team).await?.matching {
            if let Some(person) = self.matched(&user).await? {
                return Ok(person);
            }
            if let Some(person) = self.by_address(&user).await? {
                return Ok(person);
            }
        }
        Err(unknown(self.cx, user, self.repo))
    }

    /// As their address said lately, whoever asked for it.
    async fn matched(&self, user: &SlackUser) -> Result<Option<Person>, Failure> {
        let Some(id) = self.cx.bot.store.matched(user, &self.repo.instance).await? else {
            return Ok(None);
        };
        match self.bitbucket.person(&id).await {
            Err(bitbucket::Error::NotFound(_) | bitbucket::Error::Refused(_)) => Ok(None),
            answer => Ok(Some(answer?)),
        }
    }

    /// As their address says, if the asker may look people up by it; what is learnt is kept.
    async fn by_address(&self, user: &SlackUser) -> Result<Option<Person>, Failure> {
        let (bot, instance) = (self.cx.bot, &self.repo.instance);
        let member = bot.slack(&user.team).await?.member_info(user).await;
        let Some(member) = member.ok().flatten() else {
            return Ok(None);
        };
        let found = match self.bitbucket.people_by_email(&self.repo.owner, &[member.email]).await {
            Ok(found) => found,
            Err(error @ (bitbucket::Error::Slow { .. } | bitbucket::Error::Down(_))) => {
                return Err(error.into());
            }
            // Most people may not look others up by their address.
            Err(_) => Vec::new(),
        };
        let mut found = found.into_iter().map(|(_, person)| person);
        let Some(person) = found.next().filter(|_| found.next().is_none()) else {
            return Ok(None);
        };
        let mut tx = bot.store.begin().await?;
        tx.keep_match((&user.team, instance), &person.id, Some(user), bot.clock.millis() + MATCH_LIFE)
            .await?;
        tx.commit().await?;
        Ok(Some(person))
    }

    async fn named(&self, name: &str, instead: impl Fn(Whom) -> Action) -> Result<Person, Failure> {
        if let Some(id) = id_in(name) {
            match self.bitbucket.person(&id).await {
                Err(bitbucket::Error::NotFound(_) | bitbucket::Error::Refused(_)) => {}
                answer => return Ok(answer?),
            }
        }
        let typed = forms::shortened(name).unwrap_or(name);
        let typed = typed.split(" (").next().unwrap_or(typed);
        let people = self.bitbucket.people_named(&self.repo.owner, typed, MOST).await?;
        let chosen = |person: &&Person| {
            forms::shortened(name).is_some()
                && [plain(person), exact(person)].iter().any(|value| forms::carried(value) == name)
        };
        if let Some(person) = people.iter().find(chosen) {
            return Ok(person.clone());
        }
        let same = |said: &str| said.eq_ignore_ascii_case(name);
        let by = |fits: &dyn Fn(&Person) -> bool| -> Vec<Person> {
            people.iter().filter(|person| fits(person)).cloned().collect()
        };
        let called = by(&|person| person.nickname.as_deref().is_some_and(same) || same(person.id.as_str()));
        let called = if called.is_empty() { by(&|person| same(&person.name)) } else { called };
        match called.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(nobody(name, &people, self.repo, instead)),
            several => Err(which(name, several, instead)),
        }
    }
}

/// Adds whom it is about to the head of a list.
pub(super) fn said(line: Line, cx: &Context<'_>, word: &str, whom: Option<&Whom>) -> Line {
    match whom {
        Some(Whom::Slack(who)) => line.text(word).person(who.asked_by(&cx.caller.user)),
        Some(Whom::Named(name)) => {
            let name =
                id_in(name).and_then(|_| name.rsplit_once(" (")).map_or(name.as_str(), |(name, _)| name);
            line.text(word).text(name)
        }
        None => line,
    }
}

/// What a look-up's choice says and means. One whose nickname another has too is named in full.
pub(super) fn choices(people: &[Person]) -> impl Iterator<Item = (String, String)> {
    people.iter().map(|person| {
        let shared =
            people.iter().filter(|other| plain(other).eq_ignore_ascii_case(&plain(person))).count() > 1;
        (called(person), if shared { exact(person) } else { plain(person) })
    })
}

/// Somebody, so that nobody else can be meant.
pub(super) fn exact(person: &Person) -> String {
    format!("{} ({})", person.name, person.id)
}

/// What people call them, where that reads as a name.
pub(super) fn plain(person: &Person) -> String {
    let nickname = person.nickname.clone().unwrap_or_default();
    let reads = nickname.parse() == Ok(Whom::Named(nickname.clone())) && id_in(&nickname).is_none();
    if reads { nickname } else { exact(person) }
}

/// Their name, and the short one where it is another.
fn called(person: &Person) -> String {
    match &person.nickname {
        Some(nickname) if *nickname != person.name => format!("{} ({nickname})", person.name),
        _ => person.name.clone(),
    }
}

/// The id that [`exact`] puts at the end.
fn id_in(name: &str) -> Option<PersonId> {
    let (_, id) = name.strip_suffix(')')?.rsplit_once(" (")?;
    let reads = !id.is_empty() && forms::shortened(name).is_none() && !id.contains(char::is_whitespace);
    reads.then(|| PersonId::new(id))
}

fn unknown(cx: &Context<'_>, user: SlackUser, repo: &RepoName) -> Failure {
    let line = Line::new()
        .text("I don't know who ")
        .person(user)
        .text(" is on ")
        .bold(repo.instance.as_str())
        .text(". Ask them to type ")
        .code(cx.bot.slash("connect"))
        .text(", or write their Bitbucket name.");
    Failure::Told(Box::new(Message::line(line)))
}

fn nobody(name: &str, alike: &[Person], repo: &RepoName, instead: impl Fn(Whom) -> Action) -> Failure {
    let line = Line::new().text("Nobody around ").bold(repo.owner.as_str()).text(" is called ").code(name);
    if alike.is_empty() {
        let line = line.text(". Mention them, or write their Bitbucket name.");
        return Failure::Told(Box::new(Message::line(line)));
    }
    offering(line.text(". Did you mean "), alike, instead)
}

fn which(name: &str, several: &[Person], instead: impl Fn(Whom) -> Action) -> Failure {
    offering(Line::new().text("Several people are called ").code(name).text(": "), several, instead)
}

/// Says them in words, for a form, and as buttons.
fn offering(line: Line, people: &[Person], instead: impl Fn(Whom) -> Action) -> Failure {
    let offered = people.iter().take(OFFERED);
    let names: Vec<String> = offered.clone().map(called).collect();
    let line = line.text(names.join(" or ")).text("?");
    let message = offered.fold(Message::line(line), |message, person| {
        message.button(Button::new(called(person), instead(Whom::Named(exact(person)))))
    });
    Failure::Told(Box::new(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, nickname: &str, id: &str) -> Person {
        Person { id: PersonId::new(id), name: name.to_owned(), nickname: Some(nickname.to_owned()) }
    }

    #[test]
    fn a_choice_means_one_person() {
        let people =
            [person("Ada", "ada", "{1}"), person("Sam Hill", "sam", "{2}"), person("Sam Li", "Sam", "{3}")];
        let values: Vec<String> = choices(&people).map(|(_, value)| value).collect();
        assert_eq!(values, ["ada", "Sam Hill ({2})", "Sam Li ({3})"]);
        assert_eq!(id_in("Sam Li ({3})"), Some(PersonId::new("{3}")));
        assert_eq!(id_in("Sam Li"), None);
    }

    #[test]
    fn a_nickname_that_reads_as_something_else_is_not_used() {
        for nickname in ["me", "", "<@U1>", "x (y)"] {
            assert_eq!(plain(&person("Eve", nickname, "{9}")), "Eve ({9})", "{nickname}");
        }
    }
}
