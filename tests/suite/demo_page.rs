//! The demo's page as a browser speaks with it, without one: what is served, who may ask, what one sees
//! and does, and that a seed grows the same world twice.

mod acts;
mod doors;
mod menus;
mod people;
mod seeds;
mod side;
mod window;
