//! What late fixes changed of a unit's crossings and nobody was told yet.

use super::fold::Review;
use crate::domain::measure::{Span, Timestamp};

/// The late fixes of a unit that were admitted and whose crossings are told together, as
/// [`Track::decide_late`](super::Track::decide_late) does.
///
/// A look at each of them says from when until when it changed what the fixes say; told is the difference over all of
/// that. It is part of no track: when a batch is recorded nothing is untold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Untold {
    /// From which moment on, and until when, the fixes may say something else.
    span: Option<(Timestamp, Timestamp)>,
    /// When the late fixes were taken, and moments of gaps that must be looked at again; sorted.
    moments: Vec<Timestamp>,
}

impl Untold {
    /// Whether everything was told.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.span.is_none()
    }

    pub(super) const fn span(&self) -> Option<(Timestamp, Timestamp)> {
        self.span
    }

    pub(super) fn moments(&self) -> &[Timestamp] {
        &self.moments
    }

    /// Takes in a late fix, and how far it reaches.
    pub(super) fn note(&mut self, fixed_at: Timestamp, review: &Review) {
        self.look_at(review.from, review.until);
        self.look_around(fixed_at);
    }

    /// Takes in that crossings known from one moment to another, both included, may have another time: a clock was found
    /// to be wrong. `gaps` as in [`super::book::About`].
    pub(super) fn note_clock(&mut self, (from, until): (Timestamp, Timestamp), gaps: &[Timestamp]) {
        self.look_at(from, until.plus(Span::from_millis(1)));
        for gap in gaps {
            self.look_around(*gap);
        }
    }

    fn look_at(&mut self, from: Timestamp, until: Timestamp) {
        self.span = Some(match self.span {
            Some(known) => (from.min(known.0), until.max(known.1)),
            None => (from, until),
        });
    }

    fn look_around(&mut self, moment: Timestamp) {
        let place = self.moments.partition_point(|known| *known < moment);
        self.moments.insert(place, moment);
    }
}
