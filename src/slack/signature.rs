//! Whether a request really comes from Slack: the v0 signature over the raw body, in constant time.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::seal::Secret;

/// How far the sender's time may be from ours, either way.
const TOLERANCE_SECONDS: i64 = 300;

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A header of the signature is absent.
    #[error("the signature is missing")]
    Missing,
    /// Signed too long ago, or too far in the future.
    #[error("the signature is too old, or a clock is wrong")]
    Stale,
    /// Not what the signing secret makes of this body.
    #[error("the signature is wrong")]
    Wrong,
}

/// Checks the two headers against the raw body; `now` is in epoch milliseconds.
pub fn verify(
    signing_secret: &Secret,
    timestamp: Option<&str>,
    signature: Option<&str>,
    body: &[u8],
    now: i64,
) -> Result<(), Refusal> {
    let timestamp = timestamp.filter(|text| !text.is_empty()).ok_or(Refusal::Missing)?;
    let signature = signature.filter(|text| !text.is_empty()).ok_or(Refusal::Missing)?;
    let claimed = claimed_signature(signature).ok_or(Refusal::Wrong)?;
    let signed_at = seconds(timestamp).ok_or(Refusal::Wrong)?;
    if now.div_euclid(1000).abs_diff(signed_at) > TOLERANCE_SECONDS.unsigned_abs() {
        return Err(Refusal::Stale);
    }
    let mut mac =
        Hmac::<Sha256>::new_from_slice(signing_secret.reveal().as_bytes()).map_err(|_| Refusal::Wrong)?;
    for part in [b"v0:", timestamp.as_bytes(), b":", body] {
        mac.update(part);
    }
    mac.verify_slice(&claimed).map_err(|_| Refusal::Wrong)
}

/// Digits only: no sign, no space, no fraction, and few enough for a number of seconds.
fn seconds(text: &str) -> Option<i64> {
    let plain = (1..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn claimed_signature(text: &str) -> Option<[u8; 32]> {
    let mut claimed = [0_u8; 32];
    hex::decode_to_slice(text.strip_prefix("v0=")?, &mut claimed).ok()?;
    Some(claimed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: i64 = 1_531_420_618_000;

    fn signed(secret: &str, at: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("v0:{at}:").as_bytes());
        mac.update(body);
        format!("v0={}", hex::encode(mac.finalize().into_bytes()))
    }

    fn check(at: &str, signature: &str, body: &[u8], now: i64) -> Result<(), Refusal> {
        verify(&"secret".into(), Some(at), Some(signature), body, now)
    }

    #[test]
    fn a_known_signature_is_believed() {
        let known = "v0=24dbc2dd9572fc59fe0715079a092b03c783f0a860c8e97512507abef87b95f1";
        assert_eq!(check("1531420618", known, b"text=hello", NOW), Ok(()));
    }

    #[test]
    fn five_minutes_either_way_and_not_a_second_more() {
        let good = signed("secret", "1531420618", b"x");
        for (shift, told) in [
            (300_000, Ok(())),
            (300_999, Ok(())),
            (301_000, Err(Refusal::Stale)),
            (-300_000, Ok(())),
            (-300_001, Err(Refusal::Stale)),
        ] {
            assert_eq!(check("1531420618", &good, b"x", NOW + shift), told, "{shift}");
        }
    }

    #[test]
    fn what_is_absent_or_crooked_is_refused() {
        let good = signed("secret", "1531420618", b"x");
        let secret = "secret".into();
        let missing = Err(Refusal::Missing);
        assert_eq!(verify(&secret, None, Some(&good), b"x", NOW), missing);
        assert_eq!(verify(&secret, Some("1531420618"), None, b"x", NOW), missing);
        assert_eq!(verify(&secret, Some(""), Some(&good), b"x", NOW), missing);
        for at in ["+1531420618", " 1531420618", "1531420618.0", "0x5b47", "99999999999999999999"] {
            let own = signed("secret", at, b"x");
            assert_eq!(check(at, &own, b"x", NOW), Err(Refusal::Wrong), "{at}");
        }
        for signature in ["v1=00", "v0=", "v0=zz", good.trim_start_matches("v0="), &good[..60]] {
            assert_eq!(check("1531420618", signature, b"x", NOW), Err(Refusal::Wrong), "{signature}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn only_the_same_secret_and_body_are_believed(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            other in proptest::collection::vec(any::<u8>(), 0..200),
            secret in "[a-f0-9]{1,40}",
        ) {
            let signature = signed(&secret, "1531420618", &body);
            let secret = Secret::new(secret);
            prop_assert_eq!(verify(&secret, Some("1531420618"), Some(&signature), &body, NOW), Ok(()));
            if other != body {
                let told = verify(&secret, Some("1531420618"), Some(&signature), &other, NOW);
                prop_assert_eq!(told, Err(Refusal::Wrong));
            }
        }

        #[test]
        fn no_header_panics(at in "\\PC{0,30}|[0-9]{1,25}", signature in "\\PC{0,80}|v0=[0-9a-fA-F]{0,70}", now: i64) {
            prop_assert!(verify(&"s".into(), Some(&at), Some(&signature), b"x", now).is_err());
        }
    }
}
