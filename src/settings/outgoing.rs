//! How calls go out: through a proxy, and trusting an authority of the operator's own.

use std::fs;

use reqwest::{Certificate, Proxy};
use url::Url;

use super::{Error, Source};
use crate::bitbucket::Outgoing;

impl Source<'_> {
    pub(super) fn outgoing(&self) -> Result<Outgoing, Error> {
        Ok(Outgoing { proxy: self.proxy()?, trust: self.trust()? })
    }

    /// What is wrong with it is said without repeating it: a name and a password may stand in it.
    fn proxy(&self) -> Result<Option<Proxy>, Error> {
        let wrong =
            || Error("DIPPER_PROXY does not read; write it like http://proxy.example.com:3128".to_owned());
        let Some(text) = self.text("DIPPER_PROXY")? else {
            return Ok(None);
        };
        let url: Url = text.parse().map_err(|_| wrong())?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong());
        }
        Proxy::all(url).map(Some).map_err(|_| wrong())
    }

    fn trust(&self) -> Result<Vec<Certificate>, Error> {
        let Some(path) = self.text("DIPPER_CA_FILE")? else {
            return Ok(Vec::new());
        };
        let pem = fs::read(&path)
            .map_err(|error| Error(format!("DIPPER_CA_FILE names {path}, which can't be read: {error}")))?;
        match Certificate::from_pem_bundle(&pem) {
            Ok(certificates) if !certificates.is_empty() => Ok(certificates),
            _ => Err(Error(format!("DIPPER_CA_FILE names {path}, which holds no certificate in PEM"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Settings;

    #[test]
    fn what_does_not_read_is_told_without_its_password() {
        for proxy in ["ada:hush@proxy", "socks5://ada:hush@proxy:1080", "http://"] {
            let environment = |name: &str| (name == "DIPPER_PROXY").then(|| proxy.to_owned());
            let error = Settings::from(&environment, "").unwrap_err().to_string();
            assert!(error.starts_with("DIPPER_PROXY does not read") && !error.contains("hush"), "{error}");
        }
        for (path, says) in
            [("/nowhere/ca.pem", "can't be read"), ("Cargo.toml", "holds no certificate in PEM")]
        {
            let environment = |name: &str| (name == "DIPPER_CA_FILE").then(|| path.to_owned());
            let error = Settings::from(&environment, "").unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
