//! The async shell: thin.

pub mod desk;
pub mod journal;
