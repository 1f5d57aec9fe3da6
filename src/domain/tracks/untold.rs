//! What late fixes changed of a unit's crossings and nobody was told yet.

use super::fold::Review;
use crate::domain::measure::Timestamp;

/// The late fixes of a unit that were admitted and whose crossings are told together, as
/// [`Track::decide_late`](super::Track::decide_late) does.
///
/// A look at each of them says from when until when it changed what the fixes say; told is the difference over all of
/// that. It is part of no track: when a batch is recorded nothing is untold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Untold {
    /// From which moment on, and until when, the fixes may say something else.
    span: Option<(Timestamp, Timestamp)>,
    /// When the late fixes were taken, sorted.
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
        self.span = Some(match self.span {
            Some((from, until)) => (from.min(review.from), until.max(review.until)),
            None => (review.from, review.until),
        });
        let place = self.moments.partition_point(|moment| *moment < fixed_at);
        self.moments.insert(place, fixed_at);
    }
}
