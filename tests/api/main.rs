//! A real service on a port of its own, spoken to as people, units and maps speak to it.

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
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod alarms;
mod answers;
mod changes;
mod channels;
mod connections;
mod erasure;
mod events;
mod failing;
mod handover;
mod house;
mod link;
mod live;
mod mail;
mod operations;
mod page;
mod phones;
mod profiles;
mod reports;
mod rules;
mod sessions;
mod sharing;
mod strips;
mod trackers;
mod tracks;
mod units;
