//! The pure core: what is true of positions, states, law and operations. No clock, no IO, no async, no JSON, no order
//! that differs between runs.

pub mod alarms;
pub mod borders;
pub mod event;
pub mod exercise;
pub mod ids;
pub mod input;
pub mod invariant;
pub mod law;
pub mod measure;
pub mod operations;
pub mod registry;
pub mod registry_change;
pub mod report;
pub mod retention;
pub mod rights;
pub mod tracks;
pub mod world;
