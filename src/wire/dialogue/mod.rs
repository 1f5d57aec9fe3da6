//! What two rooms say to each other of an operation: as it is signed, stored and shown.

pub mod event;
pub mod letter;
pub mod picture;
pub mod said;
pub mod state;
pub mod terms;

pub use event::{
    EnvelopeWire, EyesTakenWire, LeadDisputedWire, LeadMovedWire, RecallAnswerWire, RecallWire,
    SaidEventWire,
};
pub use picture::{DialoguePicture, DisputePicture, HeardPicture, RecallPicture, RecalledUnit};
pub use said::SaidWire;
pub use state::{HandoverWire, LeadWire};
pub use terms::TermsWire;
