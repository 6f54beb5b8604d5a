//! Tokens at rest: sealed with XChaCha20-Poly1305, bound to the row they lie in, never printed.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

const VERSION: u8 = 1;
const KEY_ID: usize = 4;
const NONCE: usize = 24;

/// Something that must never be printed, logged or stored as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret<T: Zeroize = String>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes it in.
    pub fn new(secret: T) -> Self {
        Self(secret)
    }

    /// Gives it out, to be used and not kept.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(secret: &str) -> Self {
        Self(secret.to_owned())
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("(secret)")
    }
}

/// Why something sealed did not open, or a key did not read. Says nothing of what was in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A key that is not one.
    #[error("a key must be 32 bytes in base64; `dipper keys new` prints one")]
    NotAKey,
    /// No keys at all.
    #[error("no key was given; `dipper keys new` prints one for DIPPER_KEYS")]
    NoKeys,
    /// Sealed with a key that is not among ours any more.
    #[error("it was sealed with a key that is not in DIPPER_KEYS; add that key again")]
    UnknownKey,
    /// Altered, cut short, or moved from another row.
    #[error("it does not open: it was altered, or belongs to another row")]
    Broken,
}

/// The keys: the first seals, all of them open.
#[derive(Clone)]
pub struct Seal {
    keys: Vec<([u8; KEY_ID], XChaCha20Poly1305)>,
}

impl fmt::Debug for Seal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Seal({} keys)", self.keys.len())
    }
}

impl Seal {
    /// Reads keys as the settings hold them: base64, comma-separated.
    pub fn from_keys(list: &Secret) -> Result<Self, Error> {
        let keys = list.reveal().split(',').map(str::trim).filter(|key| !key.is_empty());
        let keys = keys.map(one_key).collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() { Err(Error::NoKeys) } else { Ok(Self { keys }) }
    }

    /// Seals bytes for one place, say `links:42:access`.
    pub fn seal_bytes(&self, place: &str, bytes: &[u8]) -> Vec<u8> {
        let Some((id, cipher)) = self.keys.first() else {
            return Vec::new();
        };
        let nonce = random_nonce();
        let body = cipher
            .encrypt(&nonce, Payload { msg: bytes, aad: place.as_bytes() })
            .expect("sealing fails only beyond 256 GiB");
        [&[VERSION], id.as_slice(), nonce.as_slice(), &body].concat()
    }

    /// Opens what was sealed for that place.
    pub fn open_bytes(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let (version, rest) = sealed.split_first().ok_or(Error::Broken)?;
        if *version != VERSION || rest.len() < KEY_ID + NONCE {
            return Err(Error::Broken);
        }
        let (id, rest) = rest.split_at(KEY_ID);
        let (nonce, body) = rest.split_at(NONCE);
        let nonce = <[u8; NONCE]>::try_from(nonce).map_err(|_| Error::Broken)?;
        let (_, cipher) = self.keys.iter().find(|(known, _)| known == id).ok_or(Error::UnknownKey)?;
        let payload = Payload { msg: body, aad: place.as_bytes() };
        cipher.decrypt(&XNonce::from(nonce), payload).map_err(|_| Error::Broken)
    }

    /// What was sealed for that place with another key, sealed anew with the first; none where the first did.
    pub fn renewed_bytes(&self, place: &str, sealed: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let first = self.keys.first().map(|(id, _)| id.as_slice());
        if sealed.first() == Some(&VERSION) && sealed.get(1..=KEY_ID) == first {
            return Ok(None);
        }
        let open = Zeroizing::new(self.open_bytes(place, sealed)?);
        Ok(Some(self.seal_bytes(place, &open)))
    }

    /// The same for a sealed text.
    pub fn renewed(&self, place: &str, sealed: &str) -> Result<Option<String>, Error> {
        let sealed = STANDARD.decode(sealed).map_err(|_| Error::Broken)?;
        Ok(self.renewed_bytes(place, &sealed)?.map(|anew| STANDARD.encode(anew)))
    }

    /// Seals a text; the result is text too.
    pub fn seal(&self, place: &str, secret: &Secret) -> String {
        STANDARD.encode(self.seal_bytes(place, secret.reveal().as_bytes()))
    }

    /// Opens a sealed text.
    pub fn open(&self, place: &str, sealed: &str) -> Result<Secret, Error> {
        let bytes = STANDARD.decode(sealed).map_err(|_| Error::Broken)?;
        let text = String::from_utf8(self.open_bytes(place, &bytes)?).map_err(|_| Error::Broken)?;
        Ok(Secret::new(text))
    }
}

/// By what a random name is known again without being kept: a ticket, a state, a cookie.
pub fn fingerprint(name: &str) -> String {
    hex::encode(Sha256::digest(name.as_bytes()))
}

/// A fresh key, as the settings want it.
pub fn new_key() -> String {
    let mut bytes = [0_u8; 32];
    fill(&mut bytes);
    STANDARD.encode(bytes)
}

fn one_key(text: &str) -> Result<([u8; KEY_ID], XChaCha20Poly1305), Error> {
    let bytes = Zeroizing::new(STANDARD.decode(text).map_err(|_| Error::NotAKey)?);
    let cipher = XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| Error::NotAKey)?;
    let mut id = [0_u8; KEY_ID];
    id.copy_from_slice(&Sha256::digest(&*bytes)[..KEY_ID]);
    Ok((id, cipher))
}

fn random_nonce() -> XNonce {
    let mut bytes = [0_u8; NONCE];
    fill(&mut bytes);
    XNonce::from(bytes)
}

#[expect(clippy::disallowed_methods, reason = "keys and nonces are drawn here")]
fn fill(buffer: &mut [u8]) {
    // A system without randomness cannot keep a secret: there is nothing sensible to go on with.
    getrandom::fill(buffer).expect("the system gives random bytes");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seal(keys: &[&str]) -> Seal {
        Seal::from_keys(&Secret::new(keys.join(","))).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_in_its_own_place_only() {
        let seal = seal(&[&new_key()]);
        let sealed = seal.seal("links:1", &"hush".into());
        assert_eq!(seal.open("links:1", &sealed).unwrap().reveal(), "hush");
        assert_eq!(seal.open("links:2", &sealed).unwrap_err(), Error::Broken);
    }

    #[test]
    fn a_second_key_opens_and_a_lost_one_is_named() {
        let (old, new) = (new_key(), new_key());
        let sealed = seal(&[&old]).seal("x", &"hush".into());
        assert!(seal(&[&new, &old]).open("x", &sealed).is_ok());
        assert_eq!(seal(&[&new]).open("x", &sealed).unwrap_err(), Error::UnknownKey);
    }

    #[test]
    fn keys_that_are_none_are_refused_in_words() {
        assert_eq!(Seal::from_keys(&" , ".into()).unwrap_err(), Error::NoKeys);
        assert_eq!(Seal::from_keys(&"c2hvcnQ=".into()).unwrap_err(), Error::NotAKey);
        assert_eq!(format!("{:?}", Secret::from("hush")), "(secret)");
    }

    #[test]
    fn what_the_first_key_sealed_is_left_and_the_rest_is_sealed_anew() {
        let (old, new) = (new_key(), new_key());
        let both = seal(&[&new, &old]);
        let sealed = seal(&[&old]).seal("x", &"hush".into());
        let anew = both.renewed("x", &sealed).unwrap().unwrap();
        assert_eq!(seal(&[&new]).open("x", &anew).unwrap().reveal(), "hush");
        assert_eq!(both.renewed("x", &anew).unwrap(), None);
        assert_eq!(both.renewed("y", &sealed).unwrap_err(), Error::Broken);
        assert_eq!(seal(&[&new]).renewed("x", &sealed).unwrap_err(), Error::UnknownKey);
    }

    proptest! {
        #[test]
        fn an_altered_byte_never_opens(at in 0_usize..60, flip in 1_u8..) {
            let seal = seal(&[&new_key()]);
            let mut sealed = seal.seal_bytes("x", b"a token of some length");
            let at = at % sealed.len();
            sealed[at] ^= flip;
            prop_assert!(seal.open_bytes("x", &sealed).is_err());
        }
    }
}
