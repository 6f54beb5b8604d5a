//! Whose commits or pull requests are meant: somebody in Slack, or a name on Bitbucket.

use crate::bitbucket::Bitbucket;
use crate::bot::{Context, Failure};
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{Instance, PersonId, RepoName, SlackUser};
use crate::words::pull_request::Person;
use crate::words::who::Who;

/// How many people of one name are looked at, and how many are offered.
const ALIKE: usize = 50;
const OFFERED: usize = 5;

/// Where people are looked for.
pub struct Around<'a> {
    /// Who asks.
    pub cx: &'a Context<'a>,
    /// Their own account.
    pub bitbucket: &'a dyn Bitbucket,
    /// The repository it is about.
    pub repo: &'a RepoName,
}

impl Around<'_> {
    /// The person, if one is named. `instead` is the command with another name in that place.
    pub async fn person(
        &self,
        named: Option<&str>,
        instead: impl Fn(String) -> Action,
    ) -> Result<Option<PersonId>, Failure> {
        let Some(named) = named else { return Ok(None) };
        if let Some(who) = in_slack(named) {
            return linked(self.cx, &who, &self.repo.instance).await.map(|person| Some(person.id));
        }
        let name = bare(named);
        let people = self.bitbucket.people_named(&self.repo.owner, name, ALIKE).await?;
        let same = |said: &str| said.eq_ignore_ascii_case(name);
        let called = |person: &&Person| same(&person.name) || person.nickname.as_deref().is_some_and(same);
        match people.iter().filter(called).collect::<Vec<_>>().as_slice() {
            [one] => Ok(Some(one.id.clone())),
            _ => Err(self.unclear(name, &people, instead)),
        }
    }

    fn unclear(&self, name: &str, people: &[Person], instead: impl Fn(String) -> Action) -> Failure {
        let line =
            Line::new().text("Nobody around ").bold(&self.repo.owner).text(" is called just ").code(name);
        if people.is_empty() {
            return Failure::Told(Box::new(Message::line(line.text("."))));
        }
        let message = Message::line(line.text(". Did you mean:"));
        let offer = |message: Message, person: &Person| {
            let name = person.nickname.clone().unwrap_or_else(|| person.name.clone());
            message.button(Button::new(&person.name, instead(name)))
        };
        Failure::Told(Box::new(people.iter().take(OFFERED).fold(message, offer)))
    }
}

/// Whoever this is in Slack, as they connected there.
pub async fn linked(cx: &Context<'_>, who: &Who, instance: &Instance) -> Result<Person, Failure> {
    let user = who.asked_by(&cx.caller.user);
    match cx.bot.store.link(&user, instance).await? {
        Some(link) => Ok(link.person),
        None if user == cx.caller.user => Err(Failure::SignIn(instance.clone())),
        None => Err(not_connected(user, instance)),
    }
}

fn not_connected(user: SlackUser, instance: &Instance) -> Failure {
    let line = Line::new()
        .text("I don't know who ")
        .person(user)
        .text(" is on ")
        .bold(instance.as_str())
        .text(": they have not connected an account. Write their name there instead.");
    Failure::Told(Box::new(Message::line(line)))
}

/// Adds whom it is about to the head of a list.
pub fn said(line: Line, cx: &Context<'_>, word: &str, named: Option<&str>) -> Line {
    match named.map(|named| (bare(named), in_slack(named))) {
        Some((_, Some(who))) => line.text(word).person(who.asked_by(&cx.caller.user)),
        Some((name, None)) => line.text(word).text(name),
        None => line,
    }
}

/// A name without the sign that people put before names.
pub fn bare(named: &str) -> &str {
    let named = named.trim();
    named.strip_prefix('@').unwrap_or(named)
}

/// Somebody who is meant by their Slack account.
pub fn in_slack(named: &str) -> Option<Who> {
    let named = named.trim();
    let meant = named.eq_ignore_ascii_case("me") || named.starts_with("<@");
    named.parse().ok().filter(|_| meant)
}
