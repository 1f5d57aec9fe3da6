//! The async shell: thin.

pub mod app;
pub mod auth;
pub mod borderdata;
pub mod clock;
pub mod config;
pub mod datadir;
pub mod desk;
pub mod erasure;
pub mod exercise;
pub mod http;
pub mod ingest;
pub mod journal;
pub mod link;
pub mod live;
pub mod outbox;
mod problem;
pub mod profiles;
pub mod registry;
pub mod reports;
pub mod reviews;
pub mod ruledata;
pub mod signing;
pub mod telemetry;
