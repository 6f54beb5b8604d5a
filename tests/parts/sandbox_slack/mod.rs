//! Trips every limit and every refusal of the sandbox's Slack, so that a silent witness is noticed.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod api;
#[cfg(test)]
mod installing;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod people;
#[cfg(test)]
mod sockets;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod views;
