//! Whom a text mentions, as each edition writes that: Cloud by an account's id in braces, Data Center by the
//! name people log in with.

use crate::words::names::PersonId;

use super::site::Edition;

/// Somebody a text mentions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mentioned {
    /// By what they are known by everywhere.
    Person(PersonId),
    /// By the id of their account, of which Bitbucket has to be asked whose it is.
    Account(PersonId),
}

/// So many are looked at in one text.
const MOST: usize = 20;

/// Those a text mentions, each once; what stands in code mentions nobody.
pub(super) fn in_text(edition: Edition, text: &str) -> Vec<Mentioned> {
    let mut found: Vec<Mentioned> = Vec::new();
    for prose in prose(text) {
        let mut rest = prose;
        while let Some(at) = rest.find('@') {
            let begins = rest[..at].chars().next_back().is_none_or(|before| !is_of_name(before));
            rest = &rest[at + 1..];
            let id = match edition {
                Edition::Cloud => account(rest),
                Edition::DataCenter => login(rest),
            };
            if let Some(id) = id.filter(|id| begins && !found.contains(id)) {
                found.push(id);
            }
        }
    }
    found.truncate(MOST);
    found
}

/// The stretches between fences and backticks.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let outside = text.split("```").step_by(2);
    outside.flat_map(|part| part.split('`').step_by(2))
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// `{557058:…}`, or a uuid, which is written in braces of its own wherever else it stands.
fn account(rest: &str) -> Option<Mentioned> {
    let inner = rest.strip_prefix('{')?.split('}').next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-');
    if inner.is_empty() || inner.len() > 128 || !inner.chars().all(plain) {
        return None;
    }
    let uuid = inner.len() == 36 && inner.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    Some(if uuid {
        Mentioned::Person(PersonId::new(format!("{{{inner}}}")))
    } else {
        Mentioned::Account(PersonId::new(inner))
    })
}

/// `ada.lovelace`, or `"ada lovelace"` where it holds a space.
fn login(rest: &str) -> Option<Mentioned> {
    let name = if let Some(quoted) = rest.strip_prefix('"') {
        quoted.split(['"', '\n']).next()?
    } else {
        let end = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
        rest[..end].trim_end_matches(['.', '-'])
    };
    (!name.is_empty()).then(|| Mentioned::Person(PersonId::new(name.to_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(edition: Edition, text: &str) -> Vec<String> {
        let id = |one| match one {
            Mentioned::Person(id) | Mentioned::Account(id) => id.0,
        };
        in_text(edition, text).into_iter().map(id).collect()
    }

    #[test]
    fn each_edition_has_its_own_way() {
        let uuid = "0a1b2c3d-0000-4000-8000-00000000abcd";
        let text = format!("@{{557058:ab-c}}, @{{{uuid}}} and again @{{557058:ab-c}}; not @ada, x@{{5}}");
        assert_eq!(ids(Edition::Cloud, &text), ["557058:ab-c".to_owned(), format!("{{{uuid}}}")]);
        let text = "@Ada.L, (@grace). @\"two words\" mail@example.test @ada.l @ @";
        assert_eq!(ids(Edition::DataCenter, text), ["ada.l", "grace", "two words"]);
    }

    #[test]
    fn code_mentions_nobody() {
        assert_eq!(ids(Edition::DataCenter, "`@override` ```\n@test\n``` but @ada"), ["ada"]);
        assert_eq!(ids(Edition::Cloud, "@{} @{<b>} @{a b"), [""; 0]);
    }
}
