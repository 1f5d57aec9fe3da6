//! Seeded worlds that go wrong: units that wander over a frontier, lose, repeat, reorder and lie about time; a disk that
//! fills, fails and tears; a process that dies. After every commit and every start the invariants are held; a failure
//! prints its seed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod checks;
mod dialogue;
mod exercise;
mod hours;
mod house;
mod wander;
