//! The async shell: thin.

pub mod journal;
pub mod ruledata;
