//! A picture that nobody watches: it is kept whole, but written out only when somebody looks.

use super::unit::{arrived, lengthen_unseen, shorten};
use super::{Picture, show};
use crate::domain::tracks::fix::Fix;
use crate::wire::event::EventWire;
use crate::wire::live::PositionWire;

impl Picture {
    /// Folds the same while nobody watches: of the positions of a unit only the newest is written out, and only once
    /// somebody looks ([`Self::settle`]).
    pub fn fold_unseen(&mut self, seq: u64, events: &[EventWire], fixes: Vec<Fix>) {
        for event in events {
            self.event(event);
        }
        for fix in fixes {
            let Some(unit) = self.units.get_mut(fix.unit.as_str()) else {
                continue;
            };
            let at = fix.fixed_at.as_millis() as f64;
            lengthen_unseen(&mut unit.tail, [fix.position.lon(), fix.position.lat(), at]);
            if unit.clock_wrong.is_some() {
                arrived(unit, &fix.received_at.to_string());
            }
            match self.unseen.get_mut(&fix.unit) {
                Some(newest) if fix.fixed_at < newest.fixed_at => {}
                Some(newest) => *newest = fix,
                None => drop(self.unseen.insert(fix.unit.clone(), fix)),
            }
        }
        self.seq = seq;
    }

    /// Writes out the newest positions: to be done before anybody looks.
    pub fn settle(&mut self) {
        for (id, fix) in std::mem::take(&mut self.unseen) {
            if let Some(unit) = self.units.get_mut(id.as_str()) {
                shorten(&mut unit.tail);
                show(unit, PositionWire::from(&fix));
            }
        }
    }
}

#[cfg(test)]
mod tests;
