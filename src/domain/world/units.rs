//! The units of a room: found by id at once, walked in the order of their ids.

use super::Unit;
use crate::domain::ids::UnitId;
use std::collections::BTreeMap;
use std::ops::Index;

/// The units known to a room.
#[derive(Debug, Clone, Default)]
pub struct Units {
    /// In the order in which they came. A unit is large: each has a place of its own, for a vector grows by doubling.
    #[expect(clippy::vec_box, reason = "a vector of units would be half empty")]
    all: Vec<Box<Unit>>,
    /// Every fix asks for its unit: a table by the hash of the id, of places counted from 1, or 0. At most half full; a
    /// unit whose slot is taken is in the next free one.
    table: Vec<u32>,
    /// Where each is, by id.
    order: BTreeMap<UnitId, u32>,
}

/// FNV-1a over words of eight bytes. Ids are given by the register, so no sender can choose them to collide.
fn hash(id: &UnitId) -> usize {
    let words = id.as_str().as_bytes().chunks(8).map(|chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(word)
    });
    let hash = words.fold(0xcbf2_9ce4_8422_2325, |hash: u64, word| {
        let mixed = (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        mixed ^ (mixed >> 29)
    });
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

/// Two are equal when they hold the same units.
impl PartialEq for Units {
    fn eq(&self, other: &Self) -> bool {
        self.order.len() == other.order.len() && self.iter().eq(other.iter())
    }
}

impl Units {
    /// The unit of this id.
    #[must_use]
    pub fn get(&self, id: &UnitId) -> Option<&Unit> {
        Some(&self.all[self.place(id)?])
    }

    pub(super) fn get_mut(&mut self, id: &UnitId) -> Option<&mut Unit> {
        let place = self.place(id)?;
        Some(&mut self.all[place])
    }

    fn place(&self, id: &UnitId) -> Option<usize> {
        let slots = self.slots(id).map(|slot| self.table[slot]);
        let mut places = slots
            .take_while(|taken| *taken > 0)
            .map(|taken| taken as usize - 1);
        places.find(|place| self.all[*place].card.id == *id)
    }

    /// Where a unit of this id may be in the table, in the order of looking.
    fn slots(&self, id: &UnitId) -> impl Iterator<Item = usize> + use<> {
        let slots = self.table.len();
        let first = if slots == 0 { 0 } else { hash(id) };
        (0..slots).map(move |step| (first + step) & slots.wrapping_sub(1))
    }

    /// Notes in the table where a unit is.
    fn note(&mut self, place: usize) {
        let free = self
            .slots(&self.all[place].card.id)
            .find(|slot| self.table[*slot] == 0);
        if let Some(slot) = free {
            self.table[slot] = place as u32 + 1;
        }
    }

    /// Every unit with its id, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = (&UnitId, &Unit)> {
        let unit = |place: u32| &*self.all[place as usize];
        self.order.iter().map(move |(id, place)| (id, unit(*place)))
    }

    /// Every unit, in the order of the ids.
    pub fn values(&self) -> impl Iterator<Item = &Unit> {
        self.iter().map(|(_, unit)| unit)
    }

    /// Takes a unit in that is not known yet.
    pub(super) fn insert(&mut self, unit: Unit) {
        let place = self.all.len();
        self.order.insert(unit.card.id.clone(), place as u32);
        self.all.push(Box::new(unit));
        if self.all.len() * 2 > self.table.len() {
            self.table = vec![0; (self.all.len() * 4).next_power_of_two()];
            (0..=place).for_each(|place| self.note(place));
        } else {
            self.note(place);
        }
    }

    /// Keeps only some.
    pub(super) fn retain(&mut self, keeps: impl Fn(&Unit) -> bool) {
        if self.values().all(&keeps) {
            return;
        }
        let units = std::mem::take(self).all;
        for unit in units.into_iter().filter(|unit| keeps(unit)) {
            self.insert(*unit);
        }
    }
}

impl Index<&UnitId> for Units {
    type Output = Unit;

    /// The unit of this id.
    ///
    /// # Panics
    /// When there is none.
    fn index(&self, id: &UnitId) -> &Unit {
        self.get(id).expect("the unit is known")
    }
}

impl<'a> IntoIterator for &'a Units {
    type Item = (&'a UnitId, &'a Unit);
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::registry::{UnitCard, UnitKind};
    use crate::domain::tracks::Track;
    use crate::domain::tracks::tests::sim;
    use proptest::prelude::*;

    fn unit(number: u16) -> Unit {
        let card = UnitCard {
            id: UnitId::parse(&format!("HU-{number}")).unwrap(),
            ..sim::card(UnitKind::Vehicle)
        };
        Unit {
            track: Track::new(&card),
            card,
            retired: false,
        }
    }

    proptest! {
        #[test]
        fn they_are_found_and_walked_as_in_a_map(
            come in proptest::collection::vec(0_u16..400, 0..300), keeps in 1_u16..5
        ) {
            let (mut units, mut map) = (Units::default(), BTreeMap::new());
            for number in &come {
                let unit = unit(*number);
                if !map.contains_key(&unit.card.id) {
                    map.insert(unit.card.id.clone(), unit.clone());
                    units.insert(unit);
                }
            }
            prop_assert!(units.iter().eq(map.iter()));
            let stays = |unit: &Unit| !(unit.card.id.as_str().len() as u16).is_multiple_of(keeps);
            units.retain(stays);
            map.retain(|_, unit| stays(unit));
            prop_assert!(units.iter().eq(map.iter()));
            for number in 0..400 {
                let id = unit(number).card.id;
                prop_assert_eq!(units.get(&id), map.get(&id));
            }
        }
    }
}
