//! Who may call: clients, codes and tokens, and who a token speaks for.

use super::{Edition, World, digest};

/// What a consumer is given that is to do all that the bot ever does.
const TICKED: [&str; 4] = ["account", "repository:write", "pullrequest:write", "webhook"];

#[derive(Clone, Debug, Default)]
pub(in super::super) struct Access {
    pub(in super::super) clients: Vec<Client>,
    codes: Vec<Code>,
    tokens: Vec<Token>,
    /// Every secret ever handed out, so that a test can look for leaks.
    pub(in super::super) minted: Vec<String>,
}

/// An application that may ask people to sign in.
#[derive(Clone, Debug)]
pub(in super::super) struct Client {
    pub(in super::super) edition: Edition,
    pub(in super::super) id: String,
    pub(in super::super) secret: String,
    pub(in super::super) callbacks: Vec<String>,
    /// What Cloud's consumer has ticked on its page.
    pub(in super::super) ticked: Vec<String>,
}

#[derive(Clone, Debug)]
struct Code {
    secret: String,
    wish: CodeWish,
    expires: i64,
}

/// What a person agreed to on the authorize page.
#[derive(Clone, Debug)]
pub(in super::super) struct CodeWish {
    pub(in super::super) edition: Edition,
    pub(in super::super) client: String,
    pub(in super::super) person: String,
    pub(in super::super) redirect_uri: String,
    pub(in super::super) scopes: Vec<String>,
    /// The S256 challenge, where one was sent.
    pub(in super::super) challenge: Option<String>,
}

/// What kind of token it is, and so what it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Credential {
    /// Given to an application by a person.
    OAuth,
    /// A person's own: Cloud's API token, Data Center's HTTP access token.
    Personal,
    /// A repository's, workspace's or project's own: it is nobody's.
    Access,
    /// The operator's, which sees every repository.
    Service,
}

#[derive(Clone, Debug)]
struct Token {
    edition: Edition,
    secret: String,
    owner: String,
    scopes: Vec<String>,
    client: Option<String>,
    expires: Option<i64>,
    refresh: Option<String>,
    kind: Credential,
    dead: bool,
}

/// A fresh pair of tokens.
#[derive(Clone, Debug)]
pub(in super::super) struct Issued {
    pub(in super::super) access: String,
    pub(in super::super) refresh: String,
    pub(in super::super) scopes: Vec<String>,
}

/// Whom a call speaks for.
#[derive(Clone, Debug)]
pub(in super::super) struct Caller {
    pub(in super::super) nickname: String,
    pub(in super::super) scopes: Vec<String>,
    pub(in super::super) kind: Credential,
}

impl Caller {
    /// A service token sees every repository, whatever its owner may do there.
    pub(in super::super) fn reads_all(&self) -> bool {
        self.kind == Credential::Service
    }
}

/// What is wrong with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum TokenTrouble {
    Unknown,
    Expired,
}

impl World {
    /// A secret that has not been handed out before.
    pub(in super::super) fn mint(&mut self, kind: &str) -> String {
        let count = self.count();
        let secret = format!("{kind}-{}", &digest(&format!("{kind} {count}"))[..40]);
        self.access.minted.push(secret.clone());
        secret
    }

    /// The edition's client, made at first asking.
    pub(in super::super) fn client(&mut self, edition: Edition) -> &mut Client {
        let at = self.access.clients.iter().position(|one| one.edition == edition);
        let at = at.unwrap_or_else(|| {
            let (name, secret) = (format!("{edition:?}").to_lowercase(), self.mint("client-secret"));
            self.access.clients.push(Client {
                edition,
                id: format!("client-{name}"),
                secret,
                callbacks: Vec::new(),
                ticked: TICKED.map(str::to_owned).to_vec(),
            });
            self.access.clients.len() - 1
        });
        &mut self.access.clients[at]
    }

    pub(in super::super) fn issue_code(&mut self, wish: CodeWish, lifetime: i64) -> String {
        let secret = self.mint("code");
        let expires = self.now() + lifetime;
        self.access.codes.push(Code { secret: secret.clone(), wish, expires });
        secret
    }

    /// Uses a code up: whatever comes of it, it cannot be used again.
    pub(in super::super) fn take_code(&mut self, edition: Edition, secret: &str) -> Option<CodeWish> {
        let now = self.now();
        let at = self
            .access
            .codes
            .iter()
            .position(|code| code.secret == secret && code.wish.edition == edition)?;
        let code = self.access.codes.remove(at);
        (code.expires > now).then_some(code.wish)
    }

    /// Hands out a pair of tokens that lives for `lifetime` milliseconds.
    pub(in super::super) fn issue_tokens(&mut self, wish: &CodeWish, lifetime: i64) -> Issued {
        let issued = Issued {
            access: self.mint("access"),
            refresh: self.mint("refresh"),
            scopes: wish.scopes.clone(),
        };
        let expires = Some(self.now() + lifetime);
        self.access.tokens.push(Token {
            edition: wish.edition,
            secret: issued.access.clone(),
            owner: wish.person.clone(),
            scopes: wish.scopes.clone(),
            client: Some(wish.client.clone()),
            expires,
            refresh: Some(issued.refresh.clone()),
            kind: Credential::OAuth,
            dead: false,
        });
        issued
    }

    /// Uses a refresh token up and hands out the next pair.
    pub(in super::super) fn refresh(
        &mut self,
        edition: Edition,
        client: &str,
        secret: &str,
        lifetime: i64,
    ) -> Option<Issued> {
        let old = self.access.tokens.iter_mut().find(|token| {
            !token.dead
                && token.edition == edition
                && token.client.as_deref() == Some(client)
                && token.refresh.as_deref() == Some(secret)
        })?;
        old.refresh = None;
        let wish = CodeWish {
            edition,
            client: client.to_owned(),
            person: old.owner.clone(),
            redirect_uri: String::new(),
            scopes: old.scopes.clone(),
            challenge: None,
        };
        Some(self.issue_tokens(&wish, lifetime))
    }

    /// A token that does not expire and belongs to no application.
    pub(in super::super) fn standing_token(
        &mut self,
        edition: Edition,
        owner: &str,
        scopes: &[&str],
        kind: Credential,
    ) -> String {
        let secret = self.mint(&format!("{kind:?}").to_lowercase());
        self.access.tokens.push(Token {
            edition,
            secret: secret.clone(),
            owner: owner.to_owned(),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            client: None,
            expires: None,
            refresh: None,
            kind,
            dead: false,
        });
        secret
    }

    /// Whom a token speaks for.
    pub(in super::super) fn caller(&self, edition: Edition, secret: &str) -> Result<Caller, TokenTrouble> {
        let token = self
            .access
            .tokens
            .iter()
            .find(|token| token.edition == edition && token.secret == secret && !token.dead)
            .ok_or(TokenTrouble::Unknown)?;
        if token.expires.is_some_and(|at| at <= self.now()) {
            return Err(TokenTrouble::Expired);
        }
        Ok(Caller { nickname: token.owner.clone(), scopes: token.scopes.clone(), kind: token.kind })
    }

    /// A person's access tokens end now; refresh tokens still work.
    pub(in super::super) fn expire_tokens(&mut self, owner: &str) {
        let now = self.now();
        for token in self.access.tokens.iter_mut().filter(|token| token.owner == owner) {
            token.expires = Some(now);
        }
    }

    /// Nothing a person ever agreed to counts any more.
    pub(in super::super) fn revoke(&mut self, owner: &str) {
        for token in self.access.tokens.iter_mut().filter(|token| token.owner == owner) {
            token.dead = true;
        }
        self.access.codes.retain(|code| code.wish.person != owner);
    }
}
