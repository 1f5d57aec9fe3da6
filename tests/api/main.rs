//! A real service on a port of its own, spoken to as people, units and maps speak to it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod events;
mod house;
mod live;
mod operations;
mod page;
mod sessions;
mod sharing;
mod tracks;
