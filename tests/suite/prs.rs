//! Pull requests: acting on them, and talking about them.

mod acts;
mod talk;
mod unusual;
