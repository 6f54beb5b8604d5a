//! People on Bitbucket Cloud.

use std::future::{Future, ready};

use reqwest::Method;

use crate::bitbucket::transport::{Pages, listed};
use crate::bitbucket::{Error, Result};
use crate::words::names::PersonId;
use crate::words::pull_request::Person;

use super::wire::{Account, Entry};
use super::{Cloud, LARGEST_PAGE, page, quoted};

const MEMBERS: &str = "/workspaces/{workspace}/members";
/// Cloud looks no more addresses up at once.
const MOST_ADDRESSES: usize = 90;
/// How many members are looked through for a name.
const LOOK_THROUGH: usize = 2_000;

/// Who is asking.
pub(super) async fn me(cloud: &Cloud) -> Result<Person> {
    let request = cloud.api.get("say who you are", "/user", &[])?.by_a_person();
    let account: Account = cloud.api.read(&request).await?;
    Ok(account.person())
}

/// Somebody by their uuid or account id; Cloud knows no other name for machines.
pub(super) async fn one(cloud: &Cloud, id: &PersonId) -> Result<Person> {
    let ask = (Method::GET, "say who that is");
    let request = cloud.api.request(ask, "/users/{selected_user}", &[id.as_str()])?;
    let account: Account = cloud.api.read(&request).await?;
    Ok(account.person())
}

/// Cloud shows addresses to nobody; it can only be asked whose one is.
pub(super) fn email_of(_: &Cloud, id: &PersonId) -> impl Future<Output = Result<Option<String>>> + use<> {
    ready(Err(Error::NotOffered(format!("Bitbucket Cloud tells nobody the address of `{id}`."))))
}

/// Members whose name holds what was typed. Cloud filters by address only, so we look through them.
pub(super) async fn named(cloud: &Cloud, owner: &str, typed: &str, limit: usize) -> Result<Vec<Person>> {
    let request = cloud.api.get("look for people", MEMBERS, &[owner])?;
    let request = request.query("pagelen", &LARGEST_PAGE.to_string());
    let mut members = Pages::<Entry>::new(&cloud.api, request, LOOK_THROUGH);
    let typed = typed.trim().to_lowercase();
    let mut found = Vec::new();
    while found.len() < limit {
        let Some(member) = members.next().await? else { break };
        let person = member.user.0.map(Account::person);
        found.extend(person.filter(|person| holds(person, &typed)));
    }
    Ok(found)
}

fn holds(person: &Person, typed: &str) -> bool {
    let names = [Some(&person.name), person.nickname.as_ref()];
    names.into_iter().flatten().any(|name| name.to_lowercase().contains(typed))
}

/// Members with one of these addresses. Only who administers the workspace may ask.
pub(super) async fn by_email(cloud: &Cloud, owner: &str, emails: &[String]) -> Result<Vec<(String, Person)>> {
    let mut found = Vec::new();
    for some in emails.chunks(MOST_ADDRESSES) {
        let list: Vec<String> = some.iter().map(|email| quoted(email)).collect();
        let request = cloud.api.get("look for people", MEMBERS, &[owner])?;
        let request = request
            .query("q", &format!("user.email IN ({})", list.join(",")))
            .query("fields", "+values.user.email")
            .query("pagelen", &LARGEST_PAGE.to_string());
        let members: Vec<Entry> = listed(&cloud.api, request, MOST_ADDRESSES).await?;
        let accounts = members.into_iter().filter_map(|member| member.user.0);
        found.extend(accounts.filter_map(|account| Some((account.email.0.clone()?, account.person()))));
    }
    Ok(found)
}

/// The members of a workspace.
pub(super) async fn members(cloud: &Cloud, owner: &str, limit: usize) -> Result<Vec<Person>> {
    let request = cloud.api.get("list the members", MEMBERS, &[owner])?;
    let request = request.query("pagelen", &page(limit, LARGEST_PAGE));
    let members: Vec<Entry> = listed(&cloud.api, request, limit).await?;
    Ok(members.into_iter().filter_map(|member| member.user.0).map(Account::person).collect())
}
