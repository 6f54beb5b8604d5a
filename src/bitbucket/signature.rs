//! Whether a webhook delivery really comes from Bitbucket: HMAC-SHA256 over the raw body, compared in constant time.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::seal::Secret;

/// Why a delivery is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// We hold no secret to check it with.
    #[error("this door has no secret configured")]
    NoSecret,
    /// It carries no signature.
    #[error("the signature is missing")]
    Missing,
    /// The signature is not one of ours.
    #[error("the signature is wrong")]
    Wrong,
}

/// Checks `sha256=<hex>` against each of the secrets, all of them, however soon one fits.
pub fn verify(secrets: &[Secret], signature: Option<&str>, body: &[u8]) -> Result<(), Unverified> {
    let secrets: Vec<&Secret> = secrets.iter().filter(|secret| !secret.reveal().is_empty()).collect();
    if secrets.is_empty() {
        return Err(Unverified::NoSecret);
    }
    let signature = signature.ok_or(Unverified::Missing)?;
    let digest = signature.strip_prefix("sha256=").ok_or(Unverified::Wrong)?;
    let digest = hex::decode(digest).map_err(|_| Unverified::Wrong)?;
    let fits = secrets.into_iter().fold(false, |fits, secret| fits | fits_one(secret, &digest, body));
    if fits { Ok(()) } else { Err(Unverified::Wrong) }
}

fn fits_one(secret: &Secret, digest: &[u8], body: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes())
        .is_ok_and(|mac| mac.chain_update(body).verify_slice(digest).is_ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn signed(secret: &str, body: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        format!("sha256={}", hex::encode(mac.chain_update(body).finalize().into_bytes()))
    }

    #[test]
    fn either_secret_fits_while_they_are_exchanged() {
        let secrets = ["old".into(), "new".into()];
        for secret in ["old", "new"] {
            assert_eq!(verify(&secrets, Some(&signed(secret, b"{}")), b"{}"), Ok(()));
        }
        assert_eq!(verify(&secrets, Some(&signed("other", b"{}")), b"{}"), Err(Unverified::Wrong));
        assert_eq!(verify(&secrets, Some(&signed("new", b"{}")), b"{ }"), Err(Unverified::Wrong));
        assert_eq!(verify(&secrets, None, b"{}"), Err(Unverified::Missing));
    }

    #[test]
    fn without_a_secret_nothing_is_believed() {
        let signature = signed("", b"{}");
        assert_eq!(verify(&[], Some(&signature), b"{}"), Err(Unverified::NoSecret));
        assert_eq!(verify(&["".into()], Some(&signature), b"{}"), Err(Unverified::NoSecret));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn no_invented_header_is_believed(header in "(sha256=|sha1=|SHA256=)?([0-9a-fA-F]{0,70}|\\PC{0,70})") {
            prop_assert_eq!(verify(&["hush".into()], Some(&header), b"body"), Err(Unverified::Wrong));
        }

        #[test]
        fn one_altered_character_is_enough(at in 7_usize..71, with in "[0-9a-f]", body in "\\PC{0,40}") {
            let good = signed("hush", body.as_bytes());
            let mut bad = good.clone();
            bad.replace_range(at..=at, &with);
            prop_assert_eq!(verify(&["hush".into()], Some(&bad), body.as_bytes()).is_ok(), good == bad);
        }
    }
}
