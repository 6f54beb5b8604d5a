//! `subscribe`, `unsubscribe`, `subscriptions`: what a channel is told.

use clap::Args;
use serde::{Deserialize, Serialize};

use super::Runs;
use super::hook::offer::after_subscribing;
use super::place::come_in;
use super::repos::Repos;
use super::rules::{Changes, Rule};
use crate::bitbucket::Source;
use crate::bot::{Context, DONE, Failure, Outcome};
use crate::store::Subscription;
use crate::words::filter::{Filter, Misread};
use crate::words::message::{Action, Choice, Field, FieldKind, Form, Line, Message, Span};
use crate::words::names::{Channel, RepoRef, Topic};
use crate::words::preference::Topics;
use crate::words::wish::{RepoPattern, Size, Wish};

pub use feed::{end_button, stop_button, take_over_button};
use feed::{may_end, seen_to_read, take_over};

mod feed;
mod preview;

/// Tell this channel what happens in a repository, or in many
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Subscribe {
    /// The repository, like web/api; or many: web/*,-web/legacy
    #[serde(default)]
    repo: Option<Repos>,
    /// Just these topics or groups (pr, reviews, comments, commits, branches, builds, all, none); what the
    /// workspace has decided when left out
    #[serde(default)]
    topics: Vec<Topics>,
    /// Only what this holds for: "into:main AND NOT author:ada"
    #[arg(long = "where", value_name = "FILTER")]
    #[serde(default)]
    filter: Option<String>,
    /// How much is shown: compact, normal or full
    #[arg(long)]
    #[serde(default)]
    size: Option<Size>,
    /// Put what belongs to one branch into one thread
    #[arg(long)]
    #[serde(default)]
    thread: bool,
    /// Show lines in threads in the channel too
    #[arg(long)]
    #[serde(default)]
    broadcast: bool,
    /// Whether it goes on with what is told already, by the caller's eyes
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    takes_over: bool,
}

/// Stop telling this channel about a repository
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Unsubscribe {
    /// The repository, like web/api, as `subscriptions` shows it
    repo: Repos,
    /// The channel that is meant where it is not this one
    #[arg(skip)]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
}

/// Show what this channel is told
#[derive(Debug, Clone, PartialEq, Args, Serialize, Deserialize)]
pub struct Subscriptions {}

impl Runs for Subscribe {
    const NAME: &'static str = "subscribe";
    const EXAMPLE: &'static str = "subscribe web/api opened merged --where into:main";
    const RULE: Rule = Rule::Reader;
    const CHANGES: Changes = Changes::Dipper;
    const FILLS: bool = true;

    fn form(&self) -> Option<Form> {
        if self.repo.is_some() {
            return None;
        }
        let groups = [
            ("pr", "Pull requests"),
            ("reviews", "Reviews"),
            ("comments", "Comments"),
            ("commits", "Pushes"),
            ("branches", "Branches and tags"),
            ("builds", "Builds"),
        ];
        let groups = groups.map(|(value, text)| Choice { text: text.to_owned(), value: value.to_owned() });
        let sizes = [Size::Compact, Size::Normal, Size::Full].map(|size| Choice::plain(size.to_string()));
        Some(Form {
            title: "Tell this channel".to_owned(),
            submit: "Subscribe".to_owned(),
            intro: Vec::new(),
            fields: vec![
                Field::new("repo", "Repository", FieldKind::Lookup("repository".to_owned())).refills(),
                Field::new("topics", "What to tell", FieldKind::Many(groups.to_vec()))
                    .hint("What the workspace has decided when none is ticked")
                    .optional()
                    .refills(),
                Field::new("filter", "Only where", FieldKind::Text)
                    .filled(self.filter.clone())
                    .hint("Like into:main AND NOT author:ada; Enter counts what it would have matched")
                    .optional()
                    .refills(),
                Field::new("size", "How much", FieldKind::Choice(sizes.to_vec()))
                    .filled(self.size)
                    .optional(),
                Field::new("thread", "One thread for each branch", FieldKind::Flag).ticked(self.thread),
                Field::new("broadcast", "Show thread lines in the channel", FieldKind::Flag)
                    .ticked(self.broadcast),
            ],
            does: Action::named(Self::NAME),
        })
    }

    fn repo(&self) -> Option<&RepoRef> {
        self.repo.as_ref().and_then(Repos::one)
    }

    async fn fill(&self, cx: &Context<'_>, mut form: Form) -> Result<Form, Failure> {
        let Some(wanted) = &self.repo else { return Ok(form) };
        let wish = self.wish(cx).await?;
        let found = wanted.readable(cx).await?;
        form.intro = vec![match preview::looked_back(cx, &found, &wish).await? {
            Some(tally) => preview::in_words(tally),
            None => Line::new().text("No delivery of it was seen yet, so there is nothing to count."),
        }];
        Ok(form)
    }

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let Some(wanted) = &self.repo else {
            return Err(Failure::told("Which repository? Write it like `web/api`, or many like `web/*`."));
        };
        if self.takes_over {
            return take_over(cx, wanted).await;
        }
        let wish = self.wish(cx).await?;
        let found = wanted.readable(cx).await?;
        let repos = &found.repos;
        let tally = preview::looked_back(cx, &found, &wish).await?;
        let warning = come_in(cx).await?;
        let before = cx.bot.store.subscriptions_in(&cx.caller.channel).await?;
        let before = before.into_iter().find(|one| one.repos == *repos);
        seen_to_read(cx, repos).await?;
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        tx.subscribe(&cx.caller.channel, repos, &wish, &cx.caller.user).await?;
        tx.free_feed(&cx.caller.channel, repos).await?;
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        let line = Line::new().text("This channel is now told of ").bold(repos.short());
        let line = line.text(format!(": {}.", spoken(&wish)));
        let message = Message::line(line).button(stop_button(repos));
        // What nobody named is nothing that anybody waits for.
        let never = if self.topics.is_empty() { None } else { never(cx, repos, &wish)? };
        let many = found.readable.as_ref().map(|all| still_to_come(all.len()));
        let (hook, offer) = after_subscribing(cx, repos).await?.unzip();
        let lines = [warning, conditions(&wish), many, never, tally.map(preview::in_words), hook];
        let message = lines.into_iter().flatten().fold(message, Message::and);
        let message = offer.flatten().into_iter().fold(message, Message::button);
        Ok(match before.filter(|before| before.wish != wish) {
            Some(before) => {
                message.and(Line::new().text(format!("Before, it was: {}.", spoken(&before.wish))))
            }
            None => message,
        })
    }
}

impl Subscribe {
    async fn wish(&self, cx: &Context<'_>) -> Result<Wish, Failure> {
        let usual = self.topics.is_empty();
        let mut topics: Vec<Topic> = if usual {
            cx.bot.store.team_settings(&cx.caller.channel.team).await?.topics
        } else {
            self.topics.iter().flat_map(|topics| topics.0.clone()).collect()
        };
        topics.sort_unstable();
        topics.dedup();
        let filter = self.filter.as_deref().map(str::parse::<Filter>).transpose().map_err(misread)?;
        Ok(Wish {
            main_only: usual && topics.contains(&Topic::Push),
            topics,
            filter,
            size: self.size.unwrap_or_default(),
            thread: self.thread,
            broadcast: self.broadcast,
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what a failed read hands over")]
pub(super) fn misread(misread: Misread) -> Failure {
    let head = Line::new().text("I can't read that condition: I ").text(misread.to_string()).text(".");
    Failure::Told(Box::new(Message::line(head).and(Line::new().span(Span::Block(misread.pointed())))))
}

fn still_to_come(found: usize) -> Line {
    let now = if found == 1 { "1 repository".to_owned() } else { format!("{found} repositories") };
    Line::new().text(format!("That is {now} now, and new ones as they come, as far as you can read them."))
}

/// What is asked besides topics.
fn conditions(wish: &Wish) -> Option<Line> {
    let mut line = Line::new();
    if let Some(filter) = &wish.filter {
        line = line.text("Only where ").code(filter.to_string()).text(".");
    }
    let how = [
        (wish.size != Size::Normal).then(|| format!("size {}", wish.size)),
        wish.thread.then(|| "one thread for each branch".to_owned()),
        wish.broadcast.then(|| "thread lines shown in the channel".to_owned()),
    ];
    let how: Vec<String> = how.into_iter().flatten().collect();
    if !how.is_empty() {
        let space = if line.0.is_empty() { "" } else { " " };
        line = line.text(format!("{space}With {}.", how.join(", ")));
    }
    (!line.0.is_empty()).then_some(line)
}

/// What will never come from that Bitbucket.
fn never(cx: &Context<'_>, repos: &RepoPattern, wish: &Wish) -> Result<Option<Line>, Failure> {
    let site = cx.bot.site(&repos.instance)?;
    let never = wish.topics.iter().filter_map(|topic| match site.source_of(*topic) {
        Source::Never(why) => Some((topic.word(), why)),
        Source::Hook(_) | Source::Derived(..) | Source::Asked(_) | Source::Here(_) => None,
    });
    let never: Vec<(&str, &str)> = never.collect();
    Ok(match never.as_slice() {
        [] => None,
        [(word, why)] => {
            Some(Line::new().text("There is never news of ").code(*word).text(format!(": {why}.")))
        }
        several => {
            let words: Vec<&str> = several.iter().map(|(word, _)| *word).collect();
            Some(Line::new().text(format!("There is never news from there of: {}.", words.join(", "))))
        }
    })
}

/// Its topics, as one reads them in a row.
pub(super) fn spoken(wish: &Wish) -> String {
    if wish.topics.is_empty() || wish.topics.len() == Topic::ALL.len() {
        return Topics(wish.topics.clone()).to_string();
    }
    let word = |topic: &Topic| match topic {
        Topic::Push if wish.main_only => "push (main branch only)".to_owned(),
        topic => topic.to_string(),
    };
    wish.topics.iter().map(word).collect::<Vec<_>>().join(", ")
}

impl Runs for Unsubscribe {
    const NAME: &'static str = "unsubscribe";
    const EXAMPLE: &'static str = "unsubscribe web/api";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Dipper;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let repos = self.repo.meant(cx).await?;
        let channel = self.channel.as_ref().unwrap_or(&cx.caller.channel);
        let told = cx.bot.store.subscriptions_in(channel).await?;
        let spelt = |one: &&Subscription| one.repos.to_string().eq_ignore_ascii_case(&repos.to_string());
        let Some(told) = told.iter().find(spelt) else {
            let line = Line::new().text("This channel was not told of ").bold(repos.short()).text(".");
            return Ok(Message::line(line));
        };
        may_end(cx, channel, told)?;
        let deed = cx.deed(DONE).await?;
        let mut tx = cx.bot.store.begin().await?;
        tx.unsubscribe(channel, &told.repos).await?;
        tx.free_feed(channel, &told.repos).await?;
        tx.write_down(&cx.bot.seal, &deed).await?;
        tx.commit().await?;
        let line = match &self.channel {
            Some(other) => Line::new().span(Span::Channel(other.clone())),
            None => Line::new().text("This channel"),
        };
        Ok(Message::line(line.text(" is no longer told of ").bold(told.repos.short()).text(".")))
    }
}

impl Runs for Subscriptions {
    const NAME: &'static str = "subscriptions";
    const EXAMPLE: &'static str = "subscriptions";
    const RULE: Rule = Rule::Anyone;
    const CHANGES: Changes = Changes::Nothing;

    async fn run(self, cx: &Context<'_>) -> Outcome {
        let all = cx.bot.store.subscriptions_in(&cx.caller.channel).await?;
        if all.is_empty() {
            let how = cx.bot.slash("subscribe web/api");
            return Ok(Message::line(format!("This channel is told nothing yet; `{how}` changes that.")));
        }
        let held = cx.bot.store.held().await?;
        // Whoever asks here may have let the bot in by now.
        let mute = held.is_shut(&cx.caller.channel) && come_in(cx).await.is_err();
        let first = Message::line("This channel is told of:");
        let first = if mute {
            first.and("Nothing comes now: I can't speak here. Type `/invite @Dipper`.")
        } else {
            first
        };
        Ok(all.iter().fold(first, |message, one| {
            let line = Line::new()
                .text("• ")
                .bold(one.repos.short())
                .text(format!(" ({}): {}, asked for by ", one.repos.instance, spoken(&one.wish)))
                .person(one.asked_by.clone());
            let mut line = line;
            if let Some(conditions) = conditions(&one.wish) {
                line = line.text(". ");
                line.0.extend(conditions.0);
            }
            if held.waits(&one.channel, &one.repos) {
                let line = line.text(". Nobody's account sees it: anyone who can read it may take it over.");
                return message.and(line).button(take_over_button(&one.repos));
            }
            message.and(line)
        }))
    }
}
