//! Repositories as such: shown, made, changed, forked, archived and deleted.

pub mod archive;
pub mod create;
pub mod delete;
pub mod fork;
pub mod list;
pub mod main_branch;
pub mod show;
pub mod update;

use crate::bot::{Context, Failure};
use crate::words::commit::Repository;
use crate::words::message::{Action, Button, Line, Message};
use crate::words::names::{Instance, Place, RepoName, RepoRef};

/// What a repository is to be called that is not there yet. `instead` is the command with another name.
async fn new_name(
    cx: &Context<'_>,
    wanted: &RepoRef,
    instead: impl Fn(RepoName) -> Action,
) -> Result<RepoName, Failure> {
    let Some(owner) = wanted.owner.clone() else {
        return Err(Failure::told(format!(
            "Say where it is to be, too: `web/{}` for one in the workspace or project `web`.",
            wanted.slug
        )));
    };
    let on = |instance: &Instance| RepoName {
        instance: instance.clone(),
        owner: owner.clone(),
        slug: wanted.slug.clone(),
    };
    match &wanted.place {
        Place::Instance(instance) => cx.bot.site(instance).map(|site| on(site.name())),
        Place::CloudUrl(base) | Place::DataCenterUrl(base) => {
            let site = cx.bot.sites.values().find(|site| site.owns_url(base));
            let site = site.map(|site| on(site.name()));
            site.ok_or_else(|| Failure::told(format!("No Bitbucket connected here is at `{base}`.")))
        }
        Place::Anywhere => {
            let places = cx.places().await?;
            let usual = cx.bot.store.team_settings(&cx.caller.user.team).await?.instance;
            match (places.as_slice(), usual.filter(|usual| places.contains(usual))) {
                ([only], _) => Ok(on(only)),
                (_, Some(usual)) => Ok(on(&usual)),
                (several, None) => {
                    let message = Message::line("On which Bitbucket?");
                    let message = several.iter().fold(message, |message, instance| {
                        message.button(Button::new(instance.as_str(), instead(on(instance))))
                    });
                    Err(Failure::Told(Box::new(message)))
                }
            }
        }
    }
}

/// What there is to do with a repository next.
fn with_steps(message: Message, repo: &Repository) -> Message {
    let about = |name: &str| Action::named(name).with("repo", repo.name.to_string());
    message
        .button(Button::new("Pull requests", about("pr.list")))
        .button(Button::new("Branches", about("branch.list")))
        .button(Button::new("Who may do what", about("access.list")))
}

/// `web/api`, which leads there.
fn linked(line: Line, repo: &Repository) -> Line {
    line.link(repo.name.short(), &repo.url)
}
