//! The commands, from the outside: what they print, and how they end.

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

mod borders;
mod demo;
mod erasure;
mod howto;
mod usage;

#[path = "../support/rooms.rs"]
mod rooms;
