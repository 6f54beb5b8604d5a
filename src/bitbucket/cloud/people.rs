//! People on Bitbucket Cloud.

use crate::bitbucket::Result;
use crate::words::pull_request::Person;

use super::Cloud;
use super::wire::Account;

/// Who is asking.
pub(super) async fn me(cloud: &Cloud) -> Result<Person> {
    let request = cloud.api.get("say who you are", "/user", &[])?;
    let account: Account = cloud.api.read(&request).await?;
    Ok(account.person())
}
