//! What two services say to each other: frames of what rooms are told, what carries them ([`talk`]), and what becomes of the
//! link.

mod envelope;
pub mod event;
pub mod frame;
pub mod talk;

pub use envelope::CarriedWire;
pub use event::{
    BETWEEN_SERVICES, LinkClockWire, LinkConfirmedWire, LinkCutWire, LinkHeadWire, LinkMissingWire,
    LinkPicture, LinkRefusedWire, LinkSentWire, LinkTakenWire,
};
