//! The async shell: thin.

pub mod auth;
pub mod datadir;
pub mod desk;
pub mod borderdata;
pub mod journal;
pub mod registry;
