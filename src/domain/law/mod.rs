//! What does the law say of these facts? Rules are data; every figure carries its origin, instrument and confidence;
//! what is not known stays unknown and never counts as met.
//!
//! [`rulebook`] holds the rows, [`facts`] what is asked, [`assess`] the way from one to the other: each condition of
//! [`conditions`] becomes a [`finding::Finding`], and anything but "met" stops. [`granted`] says which row and which documents
//! of a host an operation goes by. [`strict`] says what an absent or unknown
//! field of a row means; [`clocks`] when to warn, and why a clock that is over means stop; [`detention`] what is asked when
//! a person is held abroad, and [`release`] until when; [`profile`] what two states agreed of the figures that are not law.

pub mod assess;
pub mod basis;
pub mod clocks;
pub mod conditions;
pub mod detention;
pub mod facts;
pub mod finding;
pub mod granted;
pub mod profile;
pub mod release;
pub mod rulebook;
pub mod strict;

#[cfg(test)]
mod drone_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod pursuit_tests;
#[cfg(test)]
mod tests;
