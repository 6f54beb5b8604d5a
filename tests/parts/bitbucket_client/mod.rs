//! The Bitbucket client against recordings of real Bitbuckets and a server that misbehaves on demand.

#[cfg(test)]
mod allowance;
#[cfg(test)]
mod cloud;
#[cfg(test)]
mod code;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod datacenter;
#[cfg(test)]
mod deliveries;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod oauth;
#[cfg(test)]
mod pairs;
#[cfg(test)]
mod people;
mod pipelines;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod recordings;
#[cfg(test)]
mod refs;
#[cfg(test)]
mod reviews;
#[cfg(test)]
mod rights;
#[cfg(test)]
mod server;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod talk;
#[cfg(test)]
mod transport;
mod upkeep;
