//! May the place of a technical source on a target be known? Only inside its legal area (WORKFLOW.md 4.5, invariant I12).
//!
//! ```text
//!        legal area        │ line
//!   o──────────o─────(  o──┼─)          sealed as soon as errors may have carried it beyond
//!                    ·  ·  │  ·  ·      neither kept nor shown, told or counted: where it is, nobody learns
//!      o────(  o  )        │            read again where no error reaches the line any more
//! ```
//!
//! A place that is sealed leaves nothing behind but the moment from which it was.

use super::fix::ReportedFix;
use super::gate::{self, GateLimits, Quarantine};
use super::track::Track;
use super::view::BorderView;
use crate::domain::borders::Near;
use crate::domain::ids::{State, StateSet};
use crate::domain::measure::{Metres, Timestamp};

/// A place is inside the legal area when so many accuracies do not reach out of it: a receiver's radius holds two of three
/// places, and many claim too small a one.
const CERTAIN: i64 = 3;
/// Read again after it was sealed, when the line is so much farther: one that stands at the line does not flicker.
const FARTHER: Metres = Metres::from_centimetres(5_000);

/// What may be done with a fix of a technical source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// It is inside the legal area: like every fix.
    Open,
    /// It is not, or may not be. Named are states without a permission that it may be in.
    Sealed(StateSet),
    /// It is no place at all.
    Unusable(Quarantine),
}

impl Track {
    /// Since when the source is sealed, and for want of whose permission.
    #[must_use]
    pub fn sealed(&self) -> Option<(Timestamp, StateSet)> {
        self.sealed.as_deref().copied()
    }

    /// Whether a fix may be read, when places in the states of `legal` may.
    #[must_use]
    pub fn reading(
        &self,
        reported: &ReportedFix,
        legal: &[State],
        view: &(impl BorderView + ?Sized),
        limits: &GateLimits,
    ) -> Reading {
        let usable = match gate::usable(reported, limits) {
            Ok(usable) => usable,
            Err(quarantine) => return Reading::Unusable(quarantine),
        };
        let survey = view.survey(usable.position, usable.accuracy, Near::UNKNOWN);
        let certain = usable.accuracy.as_centimetres().saturating_mul(CERTAIN);
        let farther = match self.sealed {
            Some(_) => FARTHER.as_centimetres(),
            None => 0,
        };
        let radius = Metres::from_centimetres(certain.saturating_add(farther));
        let near = if survey.depth <= radius {
            view.reach(usable.position, radius)
        } else {
            Vec::new()
        };
        let mut beyond = StateSet::NONE;
        for state in survey.location.states.iter().chain(near) {
            if !legal.contains(&state) && beyond.len() < StateSet::MAX {
                beyond = beyond.with(state);
            }
        }
        let inside = !survey.location.states.is_empty() && beyond.is_empty();
        if inside {
            Reading::Open
        } else {
            Reading::Sealed(beyond)
        }
    }
}
