//! Seeded worlds that go wrong: units that wander over a frontier, lose, repeat, reorder and lie about time; a disk that
//! fills, fails and tears; a process that dies. After every commit and every start the invariants are held; a failure
//! prints its seed.

#![allow(
    clippy::unwrap_used,
    clippy::assigning_clones,
    clippy::decimal_bitwise_operands,
    clippy::format_push_string,
    clippy::from_iter_instead_of_collect,
    clippy::items_after_statements,
    clippy::needless_range_loop,
    clippy::similar_names,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "a check fails loudly, and reads best in a straight line"
)]

mod checks;
mod exercise;
mod house;
mod wander;
