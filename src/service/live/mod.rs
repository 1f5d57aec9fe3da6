//! Pictures out: the hub folds what was recorded, viewers receive it.
//!
//! ```text
//!  desk ─▶ Published ─▶ hub: gather, fold into the room's picture, encode once ─▶ each viewer's mailbox (one pending bulletin)
//!                                                                          ─▶ socket ─▶ browser: reduce
//! ```
//!
//! The hub never asks the desk: what it shows is what was recorded, folded once more.

mod feeds;
#[cfg(test)]
mod fixture;
mod gather;
pub mod history;
mod hub;
mod mailbox;
pub mod picture;
mod tails;
mod viewer;

pub use feeds::{FeedParts, Feeds, ViewerLimits, ViewerPlace};
pub use hub::{Hub, Subscription, follow};
pub use mailbox::{Mail, Post};
pub use viewer::{Standing, Viewer};
