//! The one loop that decides: takes inputs from one bounded queue, decides, folds, records, and only then shows.

pub mod handle;

pub use handle::{DeskError, DeskHandle, FixReceipt, FixSender, OrderAnswer, Quarantined};
