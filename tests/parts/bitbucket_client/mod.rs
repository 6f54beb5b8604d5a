//! The Bitbucket client against recordings of real Bitbuckets and a server that misbehaves on demand.

#[cfg(test)]
mod cloud;
#[cfg(test)]
mod datacenter;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod server;
#[cfg(test)]
mod transport;
