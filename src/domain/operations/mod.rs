//! Who leads, whom must we tell, and what may happen next?
//!
//! [`card`] is what a person declared; [`operation`] is what it has become, folded from events. The decisions are one
//! file each: [`orders`] (a person at a desk, with `answers`: what a host granted or refused), [`sending`] (a notice goes
//! out) and [`channels`] (by mail or webhook), [`crossings`] (a unit went abroad, or is about to, with `asked`,
//! [`clocks`] and [`drafts`]), `detentions` (a person is held), [`by_voice`] (a notice is given by telephone), [`answered`]
//! (what the host says back), [`letter`] (it is written out), [`trackers`] (who lets a technical source be read), [`limits`] (how far it went), [`deadlines`] (time
//! passed), [`sharing`] (what a partner room sees), [`transfer`] (whether personal data may go
//! to it at all), [`handover`] (the lead passes). They read and answer events; only [`Operation::apply`] changes.
//! [`whereabouts`] says where a unit is.

pub mod answered;
mod answers;
pub mod asked;
pub mod by_voice;
pub mod card;
pub mod channels;
pub mod clocks;
pub mod crossings;
pub mod deadlines;
mod detentions;
pub mod drafts;
mod flying;
pub mod handover;
pub mod letter;
pub mod limits;
pub mod notice;
pub mod operation;
pub mod orders;
pub mod reporting;
pub mod resting;
pub mod sending;
pub mod sharing;
pub mod trackers;
pub mod transfer;
pub mod whereabouts;

pub use asked::carrier;
pub use card::{
    Amendment, Closing, Detention, DetentionStep, DetentionStepKind, Eyes, Held, OperationCard,
    OperationChange, Outcome, RecognisedBy, Sighting, SightingSource,
};
pub use notice::{AnswerKind, Call, HostAnswer, Notice, NoticeFields, NoticeStatus};
pub use operation::Operation;
pub use reporting::{Reporting, SignedReport, Statement, Topic};
