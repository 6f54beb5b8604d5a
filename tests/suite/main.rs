//! The suite: plays through the real doors, against the sandbox, on the engine the environment names.

#![expect(clippy::unwrap_used, reason = "a play that cannot go on has failed")]

/// What a person reads, compared word for word. A play runs once on each edition, and must read the same.
macro_rules! snapshot {
    ($read:expr, @$text:literal) => {
        let read = $read;
        insta::allow_duplicates! {
            insta::assert_snapshot!(read, @$text)
        }
    };
}

mod access;
mod administered;
mod audit;
mod chance;
mod checking;
mod clock;
mod code;
mod connecting;
mod database;
mod deliveries;
mod demo_page;
mod direct;
mod doctor;
mod doors;
mod drawn;
mod feeds;
mod home;
mod hooks;
mod installing;
mod keys;
mod log;
mod matching;
mod mentions;
mod missed;
mod outgoing;
mod pipelines;
mod previews;
mod process;
mod prs;
mod references;
mod replicas;
mod rules;
mod settings;
mod shortcuts;
mod slice;
mod socket;
mod storm;
mod told;
mod traps;
mod troubles;
mod typing;
mod upkeep;
mod watching;
mod weather;
mod who_hears;
mod why;
mod world;
