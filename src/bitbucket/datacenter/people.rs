//! People on Bitbucket Data Center.

use url::form_urlencoded;

use crate::bitbucket::transport::by_start;
use crate::bitbucket::{Error, Result};
use crate::words::pull_request::Person;

use super::DataCenter;
use super::wire::User;

const WHO: &str = "say who you are";
const MOST_ALIKE: usize = 100;

/// Who is asking.
pub(super) async fn me(dc: &DataCenter) -> Result<Person> {
    let login = login(dc).await?;
    let request = dc.api.get(WHO, "/api/latest/users/{userSlug}", &[&login])?;
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
    Err(Error::Unreadable("it does not say whose token this is.".to_owned()))
}

/// A login such as `ada@example.com` has another slug (`ada_example.com`).
async fn by_login(dc: &DataCenter, login: &str) -> Result<Person> {
    let request = dc.api.get(WHO, "/api/latest/users", &[])?.query("filter", login);
    let alike: Vec<User> = by_start(&dc.api, request, MOST_ALIKE).await?;
    let same = |user: &User| user.name.as_ref().is_some_and(|name| name.eq_ignore_ascii_case(login));
    let found = alike.into_iter().find(same);
    found.map(User::person).ok_or(Error::NotFound)
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
