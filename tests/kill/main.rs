//! The real service, killed without warning under load, again and again; told to end, as it should be; and on a disk
//! that takes nothing.
//!
//! `LIMES_BIN` names the binary (default: the one of this build), `LIMES_KILLS` how often it is killed (default: 50 times
//! when the binary is named, else 5), `LIMES_SEED` repeats a run.

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
mod ending;
mod killed;
mod operator;
mod refused;
mod senders;
mod service;
mod viewer;
