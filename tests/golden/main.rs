//! Scenarios through the core, in process and in simulated time: what each room's ledger takes, as a person reads it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod abroad;
mod alarms;
mod assigned;
mod camera;
mod chance;
mod chase;
mod detention;
mod devices;
mod drone;
mod fold;
mod host_answer;
mod injects;
mod letter;
mod nagylak_27;
mod other_crossing;
mod patrol;
mod profile;
mod pursuit;
mod report;
#[path = "../support/rooms.rs"]
mod rooms;
mod strip;
mod told;
mod tracker;
mod transfer;
mod wandering;
mod worked_example;
