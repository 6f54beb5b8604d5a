//! What sort of credential a call is made with, what it cannot do, and whose allowance it draws on.

use super::site::Edition;
use super::{Error, Result};

/// The sorts there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// What a person allowed us by OAuth.
    #[default]
    OAuth,
    /// A person's own token: Cloud's API token, which goes with an address, or Data Center's HTTP token.
    PersonalToken,
    /// An access token of a repository, project or workspace, which stands for nobody.
    AccessToken,
}

/// A credential, without its secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Credential {
    /// What sort it is.
    pub kind: CredentialKind,
    /// Whose it is, in a word that stays the same when the token is renewed. Without it nothing is kept of
    /// what it was shown.
    pub owner: Option<String>,
    /// What it was allowed when it was given to us; nothing where nobody said so.
    pub granted: Vec<String>,
    /// Whether nothing may be changed with it, whatever it is allowed.
    pub reads_only: bool,
}

impl Credential {
    /// The credential an operator gave us: `address:token`, or a token alone.
    pub(super) fn of_service(edition: Edition, goes_by_name: bool, owner: &str) -> Self {
        let kind = match edition {
            Edition::Cloud if !goes_by_name => CredentialKind::AccessToken,
            _ => CredentialKind::PersonalToken,
        };
        Self { kind, owner: Some(format!("service{owner}")), granted: Vec::new(), reads_only: true }
    }

    /// Refuses, before anything is asked, a change with a credential that is there to read.
    pub(super) fn may(&self, changes: bool) -> Result<()> {
        if self.reads_only && changes {
            return Err(Error::Forbidden(
                "the bot's own credential only reads; nothing is changed with it.".into(),
            ));
        }
        Ok(())
    }

    /// Who is charged for a call. One OAuth consumer of Cloud is charged for all who use it.
    pub(super) fn payer(&self, edition: Edition) -> Option<String> {
        match (edition, self.kind) {
            (Edition::Cloud, CredentialKind::OAuth) => Some("consumer".to_owned()),
            _ => self.owner.clone(),
        }
    }
}

/// What a call needs of the credential it is made with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Needs {
    /// Any will do.
    #[default]
    Any,
    /// One that stands for a person.
    Person,
    /// A token that a person made themselves.
    OwnToken,
}

impl Needs {
    /// Refuses, before anything is asked, what the credential could not do.
    pub(super) fn met_by(self, credential: &Credential) -> Result<()> {
        match (self, credential.kind) {
            (Self::Person | Self::OwnToken, CredentialKind::AccessToken) => Err(Error::Forbidden(
                "an access token stands for no person; use an API token (`address:token`), or connect an \
                 account."
                    .into(),
            )),
            _ => Ok(()),
        }
    }
}
