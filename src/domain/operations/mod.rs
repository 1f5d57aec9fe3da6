//! Who leads, whom must we tell, and what may happen next?

pub mod card;
pub mod notice;

pub use card::{Eyes, OperationCard, OperationChange, Sighting, SightingSource};
pub use notice::NoticeFields;
