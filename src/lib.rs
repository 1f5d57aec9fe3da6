//! Limes: two control rooms, one frontier, one operation.

pub mod cli;
pub mod domain;
pub mod service;
pub mod wire;
