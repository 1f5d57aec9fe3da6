//! The async shell: thin.

pub mod auth;
pub mod datadir;
pub mod journal;
pub mod registry;
