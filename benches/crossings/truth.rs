//! What really happened: the changes of states of a true way, and the stays between them.

use crate::border::View;
use limes::domain::ids::StateSet;
use limes::domain::measure::{Metres, Position};

/// A true change of states.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change {
    pub(crate) at_s: f64,
    pub(crate) point: Position,
    pub(crate) to: StateSet,
}

/// A true stay: from one change to the next.
#[derive(Debug, Clone)]
pub(crate) struct Stay {
    pub(crate) states: StateSet,
    pub(crate) from_s: f64,
    pub(crate) to_s: f64,
    /// How long it was deeper than asked.
    pub(crate) deep_s: f64,
    /// The distance to the line at each of its whole seconds, metres.
    pub(crate) depths_m: Vec<f64>,
}

impl Stay {
    /// The distance to the line at a whole second of it, metres.
    pub(crate) fn depth_m(&self, at_s: f64) -> Option<f64> {
        let second = at_s - self.from_s.ceil();
        (second >= 0.0).then(|| self.depths_m.get(second as usize).copied())?
    }
}

/// The truth of one session.
#[derive(Debug, Clone)]
pub(crate) struct Truth {
    pub(crate) first: StateSet,
    pub(crate) changes: Vec<Change>,
    /// All but the first and the last: these begin and end within the session.
    pub(crate) stays: Vec<Stay>,
}

impl Truth {
    /// Of a way, one place a second; stays are deep from `deep_m` on.
    pub(crate) fn of(places: &[Position], view: &View, deep_m: f64) -> Self {
        let first = view.locate(places[0], Metres::ZERO).states;
        let mut changes: Vec<Change> = Vec::new();
        for (second, pair) in places.windows(2).enumerate() {
            if pair[0] == pair[1] {
                continue;
            }
            changes.extend(
                view.meetings(pair[0], pair[1])
                    .iter()
                    .map(|meeting| Change {
                        at_s: second as f64 + meeting.fraction,
                        point: meeting.point,
                        to: meeting.to,
                    }),
            );
        }
        let stays = changes
            .windows(2)
            .map(|pair| {
                let (from_s, to_s) = (pair[0].at_s, pair[1].at_s);
                let seconds = from_s.ceil() as usize..=to_s.floor() as usize;
                let depths_m: Vec<f64> = places
                    .get(seconds)
                    .unwrap_or_default()
                    .iter()
                    .map(|place| view.depth(*place).as_f64())
                    .collect();
                Stay {
                    states: pair[0].to,
                    from_s,
                    to_s,
                    deep_s: depths_m.iter().filter(|depth| **depth > deep_m).count() as f64,
                    depths_m,
                }
            })
            .collect();
        Self {
            first,
            changes,
            stays,
        }
    }
}
