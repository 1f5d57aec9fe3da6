//! Who leads, whom must we tell, and what may happen next?
//!
//! [`card`] is what a person declared; [`operation`] is what it has become, folded from events. The decisions are one
//! file each: [`orders`] (a person at a desk), [`crossings`] (a unit went abroad, or is about to), [`deadlines`] (time
//! passed), [`sharing`] (what a partner room sees). They read and answer events; only [`Operation::apply`] changes.

pub mod card;
pub mod crossings;
pub mod deadlines;
pub mod notice;
pub mod operation;
pub mod orders;
pub mod sharing;

pub use card::{Eyes, OperationCard, OperationChange, Sighting, SightingSource};
pub use notice::{Notice, NoticeFields, NoticeStatus};
pub use operation::Operation;
