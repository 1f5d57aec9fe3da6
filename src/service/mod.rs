//! The async shell: thin.

pub mod borderdata;
pub mod journal;
