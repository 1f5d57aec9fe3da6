//! What is asked of the place of a fix, in one question: its states, how sure they are, the nearest land frontier, and
//! how deep it lies in the territory of these very states.
//!
//! ```text
//!     ┌───────────────┬─────────────       The nearest line where the states change, from a place in A, is one where
//!     │ A             │ B                  A ends: the circle that touches it has no other inside, so all of it is A.
//!     │        ╭───╮  │                    So depth needs no states to be asked for. And a circle of accuracy that is
//!     │       ( ●   )─┤ depth              smaller lies in A as well: nothing more to ask.
//!     │        ╰───╯  │
//! ```

use super::atlas::Atlas;
use super::distance::{Hit, Kind, Limits, Nearby, ORDER_M};
use super::ellipsoid::Here;
use super::partition::{Region, Standing};
use super::{Certainty, Location, Near, Nearest, Survey};
use crate::domain::measure::{Metres, Position};

/// [`Location::nearest`] names no frontier further away, metres.
const NEAREST_WITHIN_M: f64 = 200_000.0;

impl Atlas {
    /// The states of a position, how sure that is with this accuracy, and the nearest land frontier within 200 km.
    ///
    /// Certainty is `Disputed` in a disputed, undelimited or overlapping area; else `Frontier` when the circle of
    /// `accuracy` touches a place with another set of states (the open sea is none); else `Inside` or `Outside`.
    #[must_use]
    pub fn locate_with_accuracy(&self, position: Position, accuracy: Metres) -> Location {
        self.survey(position, accuracy, Near::UNKNOWN).location
    }

    /// Everything that is asked of the place of a fix, at once: [`Self::locate_with_accuracy`], and the depth in the
    /// states it lies in ([`Self::depth_in`]). Whatever `near` says, the answer is the same.
    #[must_use]
    pub fn survey(&self, position: Position, accuracy: Metres, near: Near) -> Survey {
        let here = Here::of(position);
        let region = self.region(position);
        let near = Limits {
            land_m: near.frontier.as_f64(),
            end_m: near.depth.as_f64(),
        };
        let Nearby { land, end } = self.chords.survey(&here, NEAREST_WITHIN_M, near, |arc| {
            let divide = self.divides[arc];
            Kind {
                land: divide.land(),
                ends: divide.ends(region.states),
                changes: divide.changes_states(),
            }
        });
        let nearest = land.and_then(|hit| {
            Some(Nearest {
                frontier: self.divides[hit.arc].land()?,
                distance: hit.distance,
            })
        });
        Survey {
            location: Location {
                states: region.states,
                certainty: self.certainty(&here, region, accuracy, end.as_ref()),
                nearest,
            },
            // Without any line there is no end to the depth.
            depth: end.map_or(Metres::MOST, |hit| hit.distance),
        }
    }

    /// How sure a region is for a circle, given the nearest line where its states end.
    fn certainty(
        &self,
        here: &Here,
        region: Region,
        accuracy: Metres,
        end: Option<&Hit>,
    ) -> Certainty {
        let radius_m = accuracy.as_f64();
        let touches_other = || {
            let Some(end) = end else {
                return false;
            };
            if end.squared > (radius_m + ORDER_M) * (radius_m + ORDER_M) {
                return false;
            }
            let other = |arc: usize| self.divides[arc].borders_on_other(region.states);
            if end.squared <= radius_m * radius_m && other(end.arc) {
                return true;
            }
            // The nearest is the outer limit, or lies at the very edge of the circle.
            let mut touched = false;
            self.chords.within(here, radius_m, |arc| {
                touched |= other(arc);
                touched
            });
            touched
        };
        if region.standing == Standing::Disputed {
            Certainty::Disputed
        } else if touches_other() {
            Certainty::Frontier
        } else if region.states.is_empty() {
            Certainty::Outside
        } else {
            Certainty::Inside
        }
    }
}
