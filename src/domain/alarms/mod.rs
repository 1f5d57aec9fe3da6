//! What needs a person, and has a person taken it? One alarm for one fact, raised, acknowledged by name, perhaps shelved,
//! and cleared when the fact no longer holds.
//!
//! [`causes`] reads operations, [`mod@unit`] units and [`house`] the service, and say which facts stand, and when another will; [`board`] compares
//! that with what was raised and writes the difference as events; [`figures`] counts how much is asked of the people
//! (ISA-18.2, EEMUA 191). The list of kinds is [`AlarmKind`]. An alarm is the room's own: partners never see it.

pub mod board;
pub mod causes;
pub mod figures;
pub mod house;
mod kind;
pub mod unit;

pub use board::{Alarm, Board, Owner, Remembered, Shelf, Subject};
pub use kind::{AlarmKind, Priority};

#[cfg(test)]
mod tests;
