//! What a workspace may decide: which topics, whether something is on or off, and where something is.

use std::fmt;
use std::str::FromStr;

use super::names::Topic;
use super::{Advice, serde_as_text};

/// Several topics, as people list them: `opened, merged`, groups among them: `pr, builds`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Topics(pub Vec<Topic>);

impl FromStr for Topics {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let words: Vec<&str> = text.split([',', ' ']).filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            return Err(Advice::new("Name at least one topic, like `opened`, or `none`."));
        }
        let named = words.into_iter().map(Topic::named).collect::<Result<Vec<_>, _>>()?;
        let mut topics = named.concat();
        topics.sort_unstable();
        topics.dedup();
        Ok(Self(topics))
    }
}

impl fmt::Display for Topics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [] => out.write_str("none"),
            all if all.len() == Topic::ALL.len() => out.write_str("all"),
            some => out.write_str(&some.iter().map(|topic| topic.word()).collect::<Vec<_>>().join(", ")),
        }
    }
}
serde_as_text!(Topics);

/// Several commands, as people list them: `pr merge, access grant`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deeds(pub Vec<String>);

impl FromStr for Deeds {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        let name = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(".").to_lowercase();
        let mut names: Vec<String> = text.split(',').map(name).filter(|name| !name.is_empty()).collect();
        names.sort_unstable();
        names.dedup();
        match names.as_slice() {
            [] => Err(Advice::new("Name at least one command, like `pr merge`, or `none`.")),
            [one] if one == "none" => Ok(Self::default()),
            _ => Ok(Self(names)),
        }
    }
}

impl fmt::Display for Deeds {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return out.write_str("none");
        }
        out.write_str(&self.0.iter().map(|name| name.replace('.', " ")).collect::<Vec<_>>().join(", "))
    }
}
serde_as_text!(Deeds);

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch(pub bool);

impl FromStr for Switch {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        match text.trim().to_ascii_lowercase().as_str() {
            "on" => Ok(Self(true)),
            "off" => Ok(Self(false)),
            _ => Err(Advice::new("It is `on` or `off`.")),
        }
    }
}

impl fmt::Display for Switch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(if self.0 { "on" } else { "off" })
    }
}
serde_as_text!(Switch);

/// Where something is on the web, or `none`: `https://example.atlassian.net`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site(pub Option<String>);

impl FromStr for Site {
    type Err = Advice;

    fn from_str(text: &str) -> Result<Self, Advice> {
        // As Slack passes a link on: `<https://…>`, or `<https://…|its text>`.
        let text = text.trim().trim_matches(['<', '>']).split('|').next().unwrap_or_default();
        if matches!(text.to_ascii_lowercase().as_str(), "none" | "off") {
            return Ok(Self(None));
        }
        let url = url::Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty()
        });
        let url = url.ok_or_else(|| {
            Advice::new("It is an address like `https://example.atlassian.net`, or `none`.")
        })?;
        let path = url.path().trim_end_matches('/');
        Ok(Self(Some(format!("{}{path}", url.origin().ascii_serialization()))))
    }
}

impl fmt::Display for Site {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0.as_deref().unwrap_or("none"))
    }
}
serde_as_text!(Site);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_reads_back() {
        let topics: Topics = "merged opened,opened".parse().unwrap();
        assert_eq!(topics.to_string(), "opened, merged");
        assert_eq!(topics.to_string().parse::<Topics>().unwrap(), topics);
        for word in ["all", "none"] {
            assert_eq!(word.parse::<Topics>().unwrap().to_string(), word);
        }
        let deeds: Deeds = "PR  merge, access grant".parse().unwrap();
        assert_eq!(deeds.to_string(), "access grant, pr merge");
        assert_eq!(deeds.to_string().parse::<Deeds>().unwrap(), deeds);
        assert_eq!("none".parse::<Deeds>().unwrap().to_string(), "none");
        assert!("sung".parse::<Topics>().is_err() && " ,".parse::<Topics>().is_err());
        for word in ["on", "off"] {
            assert_eq!(word.parse::<Switch>().unwrap().to_string(), word);
        }
        assert!("maybe".parse::<Switch>().is_err());
        for (typed, read) in [
            ("https://x.test/jira/", "https://x.test/jira"),
            ("<https://x.test|x.test>", "https://x.test"),
            ("None", "none"),
        ] {
            assert_eq!(typed.parse::<Site>().unwrap().to_string(), read);
        }
        for typed in ["x.test", "javascript:alert(1)", "https://me@x.test", ""] {
            assert!(typed.parse::<Site>().is_err(), "{typed}");
        }
    }
}
