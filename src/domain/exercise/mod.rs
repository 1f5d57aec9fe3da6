//! What is played in an exercise: rooms, units on their ways, a target, an operation, and who does what when.
//!
//! One [`Scenario`] feeds the demonstration, the golden tests and the simulation. It is pure: the same scenario, seed
//! and start give the same [`Step`]s, to the last bit of every fix. All times of a scenario are relative to the start
//! of the lap.
//!
//! [`way`] is where somebody is at a time; [`noise`] what a receiver makes of it; [`lap`] puts both, the script and the
//! sightings in one order in time. [`saying`] is what persons say to the other room: of that the script knows the intent, and
//! the run what exactly it is.

pub mod lap;
pub mod noise;
pub mod saying;
pub mod scenario;
pub mod way;

pub use lap::{Deed, Lap, Step};
pub use saying::{MessageDeed, Saying, TermsPlan};
pub use scenario::{
    Gap, OperationPlan, Scenario, ScriptLine, ScriptedDeed, SightingPlan, TargetPlan, Truth,
    UnitPlan,
};
pub use way::{Course, Place, Way};

#[cfg(test)]
mod tests;
