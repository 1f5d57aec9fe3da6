//! The async shell: thin.

pub mod journal;
