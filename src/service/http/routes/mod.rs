//! The addresses, by noun.

pub(super) mod alarms;
pub(super) mod events;
pub(super) mod frontiers;
pub(super) mod house;
pub(super) mod live;
pub(super) mod map;
pub(super) mod notices;
pub(super) mod operations;
pub(super) mod reports;
pub(super) mod rules;
pub(super) mod sessions;
pub(super) mod strips;
pub(super) mod trackers;
pub(super) mod tracks;
pub(super) mod units;
