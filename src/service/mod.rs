//! The async shell: thin.

pub mod desk;
pub mod ingest;
pub mod journal;
mod problem;
