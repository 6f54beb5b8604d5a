//! People on Bitbucket Data Center.

use futures_util::{StreamExt, TryStreamExt, stream};
use url::form_urlencoded;

use crate::bitbucket::transport::listed;
use crate::bitbucket::{Error, Result};
use crate::words::names::PersonId;
use crate::words::pull_request::Person;

use super::wire::User;
use super::{DataCenter, page};

const WHO: &str = "say who you are";
const ONE: &str = "/api/latest/users/{userSlug}";
const ALL: &str = "/api/latest/users";
const MOST_ALIKE: usize = 100;
const AT_ONCE: usize = 4;

/// Who is asking.
pub(super) async fn me(dc: &DataCenter) -> Result<Person> {
    let login = login(dc).await?;
    let request = dc.api.get(WHO, ONE, &[&login])?;
    match dc.api.read::<User>(&request).await {
        Ok(user) => Ok(user.person()),
        Err(failed) if failed.status() == Some(404) => by_login(dc, &login).await,
        Err(failed) => Err(failed.into()),
    }
}

/// Data Center tells it only in a header of its answers. Strangers are shown the first page too, so a token
/// that ran out may go unnoticed there; the second is for people it knows.
async fn login(dc: &DataCenter) -> Result<String> {
    for path in ["/api/latest/application-properties", "/api/latest/profile/recent/repos"] {
        let answer = dc.api.send(&dc.api.get(WHO, path, &[])?).await?;
        let login = answer.header("x-ausername").map(unescaped);
        if let Some(login) = login.filter(|login| !login.is_empty() && login != "anonymous") {
            return Ok(login);
        }
    }
    Err(Error::Unreadable("it does not say whose token this is.".into()))
}

/// A login such as `ada@example.com` has another slug (`ada_example.com`).
async fn by_login(dc: &DataCenter, login: &str) -> Result<Person> {
    let alike = alike(dc, WHO, login, MOST_ALIKE).await?;
    let same = |user: &User| user.name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(login));
    let found = alike.into_iter().find(same);
    found.map(User::person).ok_or_else(|| Error::NotFound(format!("Nobody is called `{login}`.").into()))
}

async fn alike(dc: &DataCenter, what_for: &'static str, typed: &str, limit: usize) -> Result<Vec<User>> {
    let request = dc.api.get(what_for, ALL, &[])?;
    let request = request.query("filter", typed.trim()).query("limit", &page(limit));
    Ok(listed(&dc.api, request, limit).await?)
}

/// Somebody by their slug.
pub(super) async fn one(dc: &DataCenter, id: &PersonId) -> Result<Person> {
    Ok(user(dc, id).await?.person())
}

/// The same, with the login that other calls want.
pub(super) async fn user(dc: &DataCenter, id: &PersonId) -> Result<User> {
    let request = dc.api.get("say who that is", ONE, &[id.as_str()])?;
    Ok(dc.api.read(&request).await?)
}

/// Somebody's address, which whoever administers their account has entered.
pub(super) async fn email_of(dc: &DataCenter, id: &PersonId) -> Result<Option<String>> {
    Ok(user(dc, id).await?.email())
}

/// People whose name, login or address holds what was typed, wherever they work.
pub(super) async fn named(dc: &DataCenter, _owner: &str, typed: &str, limit: usize) -> Result<Vec<Person>> {
    let found = alike(dc, "look for people", typed, limit).await?;
    Ok(found.into_iter().map(User::person).collect())
}

/// People with one of these addresses, each looked for by itself.
pub(super) async fn by_email(
    dc: &DataCenter,
    _owner: &str,
    emails: &[String],
) -> Result<Vec<(String, Person)>> {
    let searches = emails.iter().cloned().map(|email| async move {
        let alike = alike(dc, "look for people", &email, MOST_ALIKE).await?;
        let found = alike.into_iter().find(|user| user.has_email(&email));
        Ok::<_, Error>(found.map(|user| (email, user.person())))
    });
    let found: Vec<Option<_>> = stream::iter(searches).buffered(AT_ONCE).try_collect().await?;
    Ok(found.into_iter().flatten().collect())
}

/// Who may read a project.
pub(super) async fn members(dc: &DataCenter, owner: &str, limit: usize) -> Result<Vec<Person>> {
    let request = dc.api.get("list the members", ALL, &[])?;
    let request = request
        .query("permission.1", "PROJECT_READ")
        .query("permission.1.projectKey", owner)
        .query("limit", &page(limit));
    let found: Vec<User> = listed(&dc.api, request, limit).await?;
    Ok(found.into_iter().map(User::person).collect())
}

fn unescaped(header: &str) -> String {
    let kept = header.replace('+', "%2B");
    form_urlencoded::parse(kept.as_bytes()).next().map_or_else(String::new, |(name, _)| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_comes_out_of_the_header_whole() {
        assert_eq!(unescaped("ada%40example.com"), "ada@example.com");
        assert_eq!(unescaped("ada+test@example.com"), "ada+test@example.com");
    }
}
