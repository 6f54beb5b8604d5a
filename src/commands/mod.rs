//! Floor 4: what a person can ask. One list; a command is a plain struct that can be typed, clicked,
//! filled in or taken from the queue, and that answers with a `Message`.

mod access;
mod audit;
mod calendar;
mod connect;
mod default_repo;
pub mod digest;
mod doctor;
mod errors;
mod grammar;
mod help;
mod hook;
mod lookup;
mod meant;
mod mentions;
mod notify;
mod number;
mod pipeline;
mod place;
mod pr;
mod protect;
mod remind;
mod repo;
mod repos;
mod requests;
mod rules;
mod second;
mod settings;
mod sheet;
pub mod shortcuts;
pub mod shown;
mod subscribe;
mod token;
mod typing;
mod upkeep;
mod whom;
mod why;

use std::collections::BTreeMap;

use clap::{ArgMatches, Args, FromArgMatches};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::bot::{Context, Failure, Outcome, or_instead};
use crate::words::Advice;
use crate::words::message::{Action, Form, Message};
use crate::words::names::RepoRef;

pub use connect::keep_link;
pub use errors::{busy, reference, words_for};
pub use grammar::typed;
pub use hook::mend;
pub use lookup::look_up;
pub use notify::change_notices;
pub use pr::queue::queue_on;
pub use pr::show::size_of;
pub use rules::{Changes, RULES, Rule};
pub use shortcuts::{SHORTCUTS, Shortcut};
pub use subscribe::{end_button, stop_button, take_over_button};

/// A command: its fields are its arguments, its doc comment is its help.
pub trait Runs: Args + Serialize + DeserializeOwned + Send {
    /// What buttons, forms and the queue call it; dots make the words people type.
    const NAME: &'static str;
    /// How one would type it, after the slash command's own name.
    const EXAMPLE: &'static str;

    /// Who may give it.
    const RULE: Rule;
    /// What it changes.
    const CHANGES: Changes;

    /// Whether there is more to know about its form than it can say by itself.
    const FILLS: bool = false;

    /// The form to fill in, when something it needs was not given. It is opened at once: nothing outside
    /// is asked for it.
    fn form(&self) -> Option<Form> {
        None
    }

    /// The form with what only asking tells: after it was opened, and whenever a field changes that
    /// refills it. The command is what the form holds by then.
    fn fill(&self, _cx: &Context<'_>, form: Form) -> impl Future<Output = Result<Form, Failure>> + Send {
        std::future::ready(Ok(form))
    }

    /// What it changes as it was given: one that lists and changes may only list.
    fn changes(&self) -> Changes {
        Self::CHANGES
    }

    /// Whether it takes no second person in any case: somebody asked for it, and another decides.
    fn takes_one(&self) -> bool {
        false
    }

    /// The repository that whoever gives it has to be able to read.
    fn repo(&self) -> Option<&RepoRef> {
        None
    }

    /// Does it, and says what came of it.
    fn run(self, cx: &Context<'_>) -> impl Future<Output = Outcome> + Send;
}

macro_rules! commands {
    ($($section:literal: $($variant:ident($type:ty)),+;)+) => {
        /// Every command there is.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command {
            $($(#[doc = concat!("Under: ", $section)] $variant($type),)+)+
        }

        impl Command {
            /// Reads a command from what a button, a form or the queue holds.
            pub fn read(action: &Action) -> Result<Self, Advice> {
                match action.name.as_str() {
                    $($(<$type as Runs>::NAME => action.read().map(Self::$variant),)+)+
                    name => Err(Advice(format!("`{name}` is not something Dipper does any more."))),
                }
            }

            /// The command as a button, a form or the queue would hold it.
            pub fn action(&self) -> Action {
                match self { $($(Self::$variant(command) => Action::of(<$type as Runs>::NAME, command),)+)+ }
            }

            /// The form to fill in, when something it needs was not given.
            pub fn form(&self) -> Option<Form> {
                match self { $($(Self::$variant(command) => command.form(),)+)+ }
            }

            /// The form with what only asking tells, if the one who asks may; none where nothing is asked.
            pub async fn fill(&self, cx: &Context<'_>, form: Form) -> Result<Option<Form>, Failure> {
                match self { $($(
                    Self::$variant(command) if <$type as Runs>::FILLS => {
                        rules::check(cx, <$type as Runs>::RULE, command.repo()).await?;
                        command.fill(cx, form).await.map(Some)
                    }
                )+)+
                    _ => Ok(None),
                }
            }

            /// What it changes.
            pub fn changes(&self) -> Changes {
                match self { $($(Self::$variant(command) => command.changes(),)+)+ }
            }

            /// Does it, if the one who asks may: by whichever door it came, it comes through here.
            pub async fn run(self, cx: &Context<'_>) -> Outcome {
                let outcome = self.attempt(cx).await;
                or_instead(cx, outcome, |action: Action| async move {
                    Box::pin(Self::read(&action)?.attempt(cx)).await
                })
                .await
            }

            async fn attempt(self, cx: &Context<'_>) -> Outcome {
                let (rule, repo, one) = match &self {
                    $($(Self::$variant(command) => {
                        (<$type as Runs>::RULE, command.repo(), command.takes_one())
                    })+)+
                };
                rules::check(cx, rule, repo).await?;
                if self.changes() == Changes::Bitbucket && !one {
                    second::needed(cx, &self.action()).await?;
                }
                match self { $($(Self::$variant(command) => command.run(cx).await,)+)+ }
            }

            fn from_matches(name: &str, matches: &ArgMatches) -> Result<Self, clap::Error> {
                match name {
                    $($(<$type as Runs>::NAME => <$type>::from_arg_matches(matches).map(Self::$variant),)+)+
                    _ => Err(clap::Error::new(clap::error::ErrorKind::InvalidSubcommand)),
                }
            }
        }

        /// The list as help, grammar and tables read it.
        const LIST: &[Entry] = &[$($(Entry {
            section: $section,
            name: <$type as Runs>::NAME,
            example: <$type as Runs>::EXAMPLE,
            rule: <$type as Runs>::RULE,
            changes: <$type as Runs>::CHANGES,
            arguments: <$type as Args>::augment_args,
        },)+)+];
    };
}

commands! {
    "Pull requests":
        PrOpen(pr::open::Open), PrList(pr::list::List), PrMine(pr::mine::Mine), PrQueue(pr::queue::Queue),
        PrShow(pr::show::Show), PrChecks(pr::checks::Checks), PrDiff(pr::diff::Diff),
        PrApprove(pr::approve::Approve), PrUnapprove(pr::unapprove::Unapprove),
        PrNeedsWork(pr::needs_work::NeedsWork), PrMerge(pr::merge::Merge), PrDecline(pr::decline::Decline),
        PrReopen(pr::reopen::Reopen), PrUpdate(pr::update::Update), PrComment(pr::comment::Comment),
        PrReply(pr::reply::Reply), PrTasks(pr::tasks::Tasks), PrReviewers(pr::reviewers::Reviewers),
        PrNudge(pr::nudge::Nudge);
    "Code":
        Commits(repo::commits::Commits), Commit(repo::commit::Commit), Compare(repo::compare::Compare),
        BranchList(repo::branch::List), BranchCreate(repo::branch::Create), BranchDelete(repo::branch::Delete), BranchDefault(upkeep::main_branch::Main),
        TagList(repo::tag::List), TagCreate(repo::tag::Create), TagDelete(repo::tag::Delete),
        File(repo::file::File);
    "Pipelines":
        PipelineList(pipeline::list::List), PipelineRun(pipeline::run::Run), PipelineStop(pipeline::stop::Stop),
        PipelineRerun(pipeline::rerun::Rerun), PipelineLog(pipeline::log::Log),
        Deployments(pipeline::deployments::Deployments);
    "Repositories":
        RepoList(upkeep::list::List), RepoShow(upkeep::show::Show), RepoCreate(upkeep::create::Create),
        RepoUpdate(upkeep::update::Update), RepoFork(upkeep::fork::Fork), RepoArchive(upkeep::archive::Archive),
        RepoDelete(upkeep::delete::Delete), ProtectList(protect::list::List), ProtectAdd(protect::add::Add),
        ProtectRemove(protect::remove::Remove);
    "Access":
        AccessList(access::list::List), AccessGrant(access::grant::Give), AccessRevoke(access::revoke::Revoke),
        AccessRequest(access::request::Ask), AccessReview(access::review::Review), Requests(requests::Requests);
    "This channel":
        Use(default_repo::Use), Subscribe(subscribe::Subscribe), Unsubscribe(subscribe::Unsubscribe), Subscriptions(subscribe::Subscriptions),
        Calendar(calendar::Working);
    "Digests":
        DigestAdd(digest::add::Add), DigestList(digest::list::List), DigestEdit(digest::edit::Edit),
        DigestRemove(digest::remove::Remove), DigestNow(digest::look::Now), DigestPreview(digest::look::Preview);
    "You":
        Connect(connect::Connect), Token(token::Token), Disconnect(connect::Disconnect), Whoami(connect::Whoami),
        Snooze(remind::Snooze), Remind(remind::Remind), Notify(notify::Notify), Mentions(mentions::Mentions), Help(help::Help);
    "Webhooks":
        HookAdd(hook::add::Add), HookList(hook::list::List), HookRemove(hook::remove::Remove),
        HookTest(hook::test::Test);
    "Dipper":
        Settings(settings::Settings), Audit(audit::Audit), Why(why::Why), Doctor(doctor::Doctor);
}

/// One command in the list.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The heading it stands under.
    pub section: &'static str,
    /// Its name, with dots.
    pub name: &'static str,
    /// How one would type it.
    pub example: &'static str,
    /// Who may give it.
    pub rule: Rule,
    /// What it changes.
    pub changes: Changes,
    arguments: fn(clap::Command) -> clap::Command,
}

impl Entry {
    /// The words people type: `pr approve`.
    pub fn words(&self) -> String {
        self.name.replace('.', " ")
    }

    /// Its grammar.
    pub fn grammar(&self) -> clap::Command {
        let leaf = self.name.rsplit('.').next().unwrap_or(self.name);
        (self.arguments)(clap::Command::new(leaf)).disable_help_flag(true).no_binary_name(true)
    }

    /// What it does, in one line.
    pub fn about(&self) -> String {
        self.grammar().get_about().map(ToString::to_string).unwrap_or_default()
    }

    /// How it is typed, in short: what it is given, and that there is more.
    pub fn brief(&self) -> String {
        let mut grammar = self.grammar();
        grammar.build();
        let shown = || grammar.get_arguments().filter(|argument| !argument.is_hide_set());
        let words: Vec<String> = shown().filter(|argument| argument.is_positional()).map(written).collect();
        let more = if shown().any(|argument| !argument.is_positional()) { " …" } else { "" };
        format!("{} {}{more}", self.words(), words.join(" ")).trim_end().replace("  ", " ")
    }

    /// How it is typed, with the names of its arguments: `pr approve <PR>`.
    pub fn usage(&self) -> String {
        let usage = self.grammar().override_usage_free();
        format!("{} {usage}", self.words()).trim_end().to_owned()
    }
}

/// Every command, in the order help shows them.
pub fn list() -> &'static [Entry] {
    LIST
}

trait Usage {
    fn override_usage_free(self) -> String;
}

impl Usage for clap::Command {
    /// The arguments as people read them, without clap's heading.
    fn override_usage_free(self) -> String {
        let mut command = self;
        command.build();
        command
            .get_arguments()
            .filter(|argument| !argument.is_hide_set())
            .map(written)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// An argument as people read it.
fn written(argument: &clap::Arg) -> String {
    let name = argument.get_value_names().and_then(<[_]>::first).map(|name| name.to_lowercase());
    let name = name.unwrap_or_default();
    let many = if argument.get_num_args().is_some_and(|range| range.max_values() > 1) { " …" } else { "" };
    let flag = argument.get_long().map(|long| format!("--{long}"));
    let text = match (flag, argument.get_action().takes_values()) {
        (Some(flag), true) => format!("{flag} {name}"),
        (Some(flag), false) => flag,
        (None, _) => format!("{name}{many}"),
    };
    if argument.is_required_set() { text } else { format!("[{text}]") }
}

/// Takes a form that holds a secret, of which nothing is kept open; what is wrong, by field.
pub async fn prove(cx: &Context<'_>, action: &Action) -> Result<Message, BTreeMap<String, String>> {
    if action.name == <pipeline::run::Run as Runs>::NAME {
        return pipeline::take_secrets(cx, action.clone()).await;
    }
    token::prove(cx, action).await
}

/// Checks a filled-in form before it is accepted: what does not read, by field.
pub fn check(action: &Action, fields: &[String]) -> BTreeMap<String, String> {
    let alone = |field: &String| {
        let value: &Value = action.fields.get(field)?;
        let single = Action::named(&action.name).with(field, value.clone());
        Command::read(&single).err().map(|advice| (field.clone(), advice.0))
    };
    fields.iter().filter_map(alone).collect()
}
