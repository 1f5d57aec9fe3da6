//! The lead passes from one room to another: what they say to each other of it, and what each may say next.
//!
//! The model is air-traffic control's dialogue between two units (OLDI) joined with Art. 40 and 41 of the Convention:
//!
//! ```text
//!            NTF          PRO          ACP           HOP            MAS
//!   idle ─────────▶ notified ─▶ proposed ─▶ agreed ─────▶ transferring ─▶ passed
//!                        ▲     SBY│ ▲ │CDN    │ ▲             │            │ NTF by the other side
//!                        │  stand_by │ ▼      │ │RVR ACP      │ RJC, ABR   ▼
//!                        └── RJC ── countered └─┘ ◀───────────┘         notified, sides changed
//! ```
//!
//! [`code`] lists the codes, [`said`] what messages say, [`terms`] what is agreed on. [`state`] is how far two rooms are;
//! [`table`] says to where a message leads from there, for both rooms alike. [`speak`] asks whether a person may say
//! something now; [`hear`] is what follows when the other room said it. [`recall`]: units are told to turn. [`notify`]:
//! the notice that goes out by itself.
//!
//! What a room said holds for itself when the other room's machine has confirmed it (LAM); what answers a message
//! confirms it too. So two messages that cross meet the same two states in either room. The lead passes when the room
//! that leads takes in an assumption (MAS) that answers its own offer (HOP) of the epoch that runs: from then on it does
//! not lead, and the other room does once it knows. There is no moment with two.

pub mod code;
mod fold;
pub mod hear;
pub mod notify;
pub mod recall;
pub mod said;
pub mod speak;
pub mod state;
pub mod table;
pub mod terms;

pub use code::Code;
pub use said::{Body, Envelope, Epoch, Post, Said, Unreadable};
pub use state::{
    Agreement, Dialogue, Dispute, Handover, Heard, Lead, LeadTold, Offer, Phase, Proposal, Recall,
    RecallKind, StandBy, Unreceipted, Withdrawal,
};
pub use terms::{Expected, ExpectedAt, Overlap, Term, Terms};
