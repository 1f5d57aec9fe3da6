//! The async shell: thin.

pub mod auth;
pub mod borderdata;
pub mod clock;
pub mod datadir;
pub mod desk;
pub mod journal;
pub mod live;
pub mod registry;
pub mod ruledata;
