//! `settings`: what Dipper admins decide for their whole workspace; shown, and changed by a form or by typing.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::access::request::asked;
use super::place::come_in_to;
use super::rules::{Changes, Rule};
use super::{Runs, list};
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::store::TeamSettings;
use crate::words::message::{Action, Button, Choice, Field, FieldKind, Form, Line, Message};
use crate::words::names::{Channel, Instance};
use crate::words::preference::{Deeds, Site, Switch, Topics};
use crate::words::request::Deciders;

/// Show or change what holds for the whole workspace
#[derive(Debug, Clone, PartialEq, Default, Args, Serialize, Deserialize)]
pub struct Settings {
    /// The Bitbucket that is meant where nobody names one
    #[arg(long, value_parser = super::connect::instance)]
    #[serde(default)]
    instance: Option<Instance>,
    /// What a new subscription tells where no topics are named: opened,merged
    #[arg(long)]
    #[serde(default)]
    topics: Option<Topics>,
    /// Whether people of Bitbucket are mentioned by their Slack names: on or off
    #[arg(long, value_name = "ON/OFF")]
    #[serde(default)]
    mentions: Option<Switch>,
    /// Whether those who have not connected are found by their e-mail addresses: on or off
    #[arg(long, value_name = "ON/OFF")]
    #[serde(default)]
    matching: Option<Switch>,
    /// Where your Jira is, so that cards link the issues they name: https://example.atlassian.net, or none
    #[arg(long, value_name = "ADDRESS")]
    #[serde(default)]
    jira: Option<Site>,
    /// Who decides what others ask for: here, #access, @ada, or none
    #[arg(long, value_name = "WHO")]
    #[serde(default)]
    approvers: Option<Deciders>,
    /// What is done only when a second person agrees: "access grant, pr merge", or none
    #[arg(long, value_name = "COMMANDS")]
    #[serde(default)]
    two_person: Option<Deeds>,
    /// The names to choose from, in the button that opens the form.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    among: Vec<Instance>,
    /// Filled in on the form: what is left empty there is meant to be empty.
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    filled: bool,
}

impl Runs for Settings {
    const NAME: &'static str = "settings";
    const EXAMPLE: &'static str = "settings --topics opened,merged";
    const RULE: Rule = Rule::Admin;
    const CHANGES: Changes = Changes::Dipper;

    fn form(&self) -> Option<Form> {
        if self.among.is_empty() || self.filled {
            return None;
        }
        let choice = |text: &Instance| Choice::plain(text.as_str());
        let switches = [Switch(true), Switch(false)].map(|switch| Choice::plain(switch.to_string()));
        Some(Form {
            title: "Workspace settings".to_owned(),
            submit: "Save".to_owned(),
            intro: Vec::new(),
            fields: vec![
                Field::new(
                    "instance",
                    "Bitbucket",
                    FieldKind::Choice(self.among.iter().map(choice).collect()),
                )
                .filled(self.instance.clone())
                .hint("The one that is meant where nobody names one")
                .optional(),
                Field::new("topics", "Topics", FieldKind::Text)
                    .filled(self.topics.clone())
                    .hint("What a new subscription tells where no topics are named"),
                Field::new("mentions", "Mention people", FieldKind::Choice(switches.to_vec()))
                    .filled(self.mentions)
                    .hint("Whether people of Bitbucket are mentioned by their Slack names"),
                Field::new("matching", "Find people by e-mail", FieldKind::Choice(switches.to_vec()))
                    .filled(self.matching)
                    .hint(
                        "Whether those are mentioned, too, who have not connected but have the same address",
                    ),
                Field::new("jira", "Jira", FieldKind::Text)
                    .filled(self.jira.clone())
                    .hint("Its address, so that cards link the issues they name; none where there is none"),
                Field::new("two_person", "Done only by two", FieldKind::Text)
                    .filled(self.two_person.clone())
                    .hint("Commands for which a second person has to agree, like access grant, pr merge; or none"),
            ],
            does: Action::of(Self::NAME, &Self { filled: true, ..Self::default() }),
        })
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let team = &cx.caller.user.team;
        let before = cx.bot.store.team_settings(team).await?;
        let mut after = self.applied_to(before.clone());
        if after.approvers != before.approvers {
            ask_there(cx, &mut after.approvers).await?;
        }
        known(&after.two_person)?;
        if let Some(instance) = &after.instance {
            cx.bot.site(instance)?;
        }
        if after == before {
            return Ok(shown(cx, &after, "What holds for this workspace:"));
        }
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        tx.set_team_settings(team, &after).await?;
        if !after.matching {
            tx.forget_matches(team).await?;
        }
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        Ok(shown(cx, &after, "From now on, for this workspace:"))
    }
}

impl Settings {
    /// What holds once this is decided.
    fn applied_to(self, before: TeamSettings) -> TeamSettings {
        TeamSettings {
            instance: if self.filled { self.instance } else { self.instance.or(before.instance) },
            topics: self.topics.map_or(before.topics, |topics| topics.0),
            mentions: self.mentions.map_or(before.mentions, |switch| switch.0),
            matching: self.matching.map_or(before.matching, |switch| switch.0),
            jira: self.jira.map_or(before.jira, |site| site.0),
            approvers: self.approvers.unwrap_or(before.approvers),
            two_person: self.two_person.unwrap_or(before.two_person),
        }
    }
}

/// The channel that is asked from now on: the bot comes in.
async fn ask_there(cx: &Context<'_>, approvers: &mut Deciders) -> Result<(), Failure> {
    let Some(id) = approvers.channel.as_mut() else { return Ok(()) };
    if id == Deciders::HERE {
        id.clone_from(&cx.caller.channel.id);
    }
    let channel = Channel { team: cx.caller.user.team.clone(), id: id.clone() };
    come_in_to(cx, &channel).await.map(drop)
}

/// Only what changes Bitbucket may be left to two.
fn known(two_person: &Deeds) -> Result<(), Failure> {
    let changes =
        |name: &String| list().iter().any(|entry| entry.name == name && entry.changes == Changes::Bitbucket);
    match two_person.0.iter().find(|name| !changes(name)) {
        None => Ok(()),
        Some(name) => Err(Failure::told(
            Line::new()
                .code(name.replace('.', " "))
                .text(" is no command that changes something on Bitbucket, like ")
                .code("pr merge")
                .text(" or ")
                .code("access grant")
                .text("."),
        )),
    }
}

/// Who decides what others ask for.
fn approvers(cx: &Context<'_>, approvers: &Deciders) -> Line {
    let line = Line::new().text("• Who decides what others ask for: ");
    if approvers.is_empty() {
        let how = cx.bot.slash("settings --approvers here");
        return line
            .text("whoever administers the repository (")
            .code(how)
            .text(" lets this channel decide)");
    }
    asked(line, approvers, &cx.caller.user.team)
}

fn shown(cx: &Context<'_>, settings: &TeamSettings, head: &str) -> Message {
    let instance = settings.instance.as_ref().map_or("none, so each time it is asked", Instance::as_str);
    let topics = Topics(settings.topics.clone());
    let jira = Site(settings.jira.clone());
    let now = Settings {
        instance: settings.instance.clone(),
        topics: Some(topics.clone()),
        mentions: Some(Switch(settings.mentions)),
        matching: Some(Switch(settings.matching)),
        jira: Some(jira.clone()),
        approvers: None,
        two_person: Some(settings.two_person.clone()),
        among: cx.bot.sites.keys().cloned().collect(),
        filled: false,
    };
    Message::line(head)
        .and(Line::new().text("• Bitbucket where nobody names one: ").bold(instance))
        .and(Line::new().text("• Topics of a new subscription: ").bold(topics.to_string()))
        .and(
            Line::new()
                .text("• People of Bitbucket are mentioned: ")
                .bold(Switch(settings.mentions).to_string()),
        )
        .and(
            Line::new()
                .text("• Those who have not connected are found by e-mail: ")
                .bold(Switch(settings.matching).to_string()),
        )
        .and(Line::new().text("• Jira: ").bold(jira.to_string()))
        .and(approvers(cx, &settings.approvers))
        .and(Line::new().text("• Done only by two: ").bold(settings.two_person.to_string()))
        .button(Button::new("Change", Action::of(Settings::NAME, &now)))
}
