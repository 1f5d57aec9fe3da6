//! The append-only record of every room.
