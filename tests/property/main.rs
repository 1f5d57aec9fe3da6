//! Properties on real data: the same answer as plain geometry, whatever the input.

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

mod allocations;
#[path = "../support/bodies.rs"]
mod bodies;
mod borders;
mod corners;
#[path = "../../benches/support/geo_states.rs"]
mod geo_states;
mod readers;
mod tracks;
