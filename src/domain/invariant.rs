//! What must hold of two rooms whatever happens (WORKFLOW section 7), each under its number, as plain as it can be said.
//!
//! [`of_world`] looks at one room as it stands and is cheap: a service can ask it after every commit. [`of_rooms`] and
//! [`of_records`] need what no room has alone: the worlds of both, or the merged log. Nothing here decides anything.

use super::alarms::Priority;
use super::event::{Event, HandoverEvent, LifeEvent, OperationEvent, OperationEventKind, What};
use super::ids::{MessageId, OperationId, RoomId, UnitId};
use super::law::finding::Verdict;
use super::operations::Operation;
use super::operations::handover::{Body, Code, Dialogue, Epoch, Heard, Lead, RecallKind, Said};
use super::registry::UnitKind;
use super::world::World;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

macro_rules! invariants {
    ($($(#[$doc:meta])* $name:ident = $sentence:literal,)*) => {
        /// The invariants, by their numbers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Invariant {
            $($(#[$doc])* $name,)*
        }

        impl Invariant {
            /// All of them.
            pub const ALL: [Self; 13] = [$(Self::$name,)*];

            /// Its number.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }

            /// What it says, in one sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

invariants! {
    /// Judged by [`of_records`].
    I1 = "In the merged log an epoch has one holder of the lead.",
    /// Judged by [`of_world`] of the lead that stands, by [`of_records`] of every one.
    I2 = "An epoch grows by one, and by an assumption (MAS) of the one before it.",
    /// Judged by [`of_world`].
    I3 = "What is accepted (ACP) is named by the hash of terms that were said.",
    /// Judged by [`of_world`] of the lead that stands, by [`of_records`] of every one.
    I4 = "The lead moves by an assumption that answers an offer (HOP) of that epoch, never by time.",
    /// Not judged here: `tests/property/borders.rs` holds the atlas against plain geometry.
    I5 = "In which state a fix lies is what independent geometry says.",
    /// Not judged here: `law/properties.rs` holds every clock of consent against its earliest crossing.
    I6 = "The hours for the host's consent end no later than counted from the earliest crossing.",
    /// Judged by [`of_world`].
    I7 = "After an order to stop has come, no unit there is told anything but stop.",
    /// Judged by [`of_world`].
    I8 = "A unit that crossed is in a notice that is drafted or farther.",
    /// Not judged here: no room knows what it has lost. The simulations hold their ledgers against what was acknowledged.
    I9 = "What was acknowledged is in the ledger, once.",
    /// Judged by [`refolds`].
    I10 = "The same events fold into the same world.",
    /// Judged by [`of_world`].
    I11 = "An alarm of the first priority is never put aside.",
    /// Judged by [`of_world`] of the units that are known, by [`of_foreign_trackers`] of a ledger.
    I12 = "No place of a technical source is in a partner's ledger.",
    /// Judged by [`of_rooms`].
    I13 = "At every moment at most one room shows itself as leading.",
}

/// An invariant that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Which.
    pub invariant: Invariant,
    /// Where, and what was found.
    pub found: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let invariant = self.invariant;
        write!(f, "{}: {} ", invariant.as_str(), invariant.sentence())?;
        f.write_str(&self.found)
    }
}

const fn broken(invariant: Invariant, found: String) -> Broken {
    Broken { invariant, found }
}

/// What does not hold in one room as it stands: of I2, I3, I4, I7, I8, I11 and I12.
#[must_use]
pub fn of_world(world: &World) -> Vec<Broken> {
    let mut found = Vec::new();
    for operation in world.operations().values() {
        of_lead(world, operation, &mut found);
        for (partner, dialogue) in &operation.handovers {
            of_acceptances(operation, (partner, dialogue), &mut found);
        }
        if operation.card.room == *world.room() && operation.is_open() {
            of_orders_to_stop(world, operation, &mut found);
            of_crossings(world, operation, &mut found);
        }
    }
    for alarm in world.alarms().standing() {
        if alarm.kind.priority() == Priority::P1 && alarm.shelved.is_some() {
            found.push(broken(
                Invariant::I11,
                format!("{} is put aside.", alarm.id),
            ));
        }
    }
    for unit in world.units().values() {
        if unit.card.kind == UnitKind::Tracker && unit.card.room != *world.room() {
            let card = &unit.card;
            let told = format!("{} of {} is known in {}.", card.id, card.room, world.room());
            found.push(broken(Invariant::I12, told));
        }
    }
    found
}

/// I2 and I4 of the lead that stands, in a room that was told of its assumption: its own, or the one that opened the
/// operation.
fn of_lead(world: &World, operation: &Operation, found: &mut Vec<Broken>) {
    let (id, Lead { room, epoch, .. }) = (&operation.card.id, &operation.lead);
    let knows = operation.card.room == *world.room() || room == world.room();
    if *epoch == Epoch::FIRST || !knows {
        return;
    }
    let said = |heard: &Heard| heard.unfit.is_none();
    let assumption = operation.handovers.values().find_map(|dialogue| {
        let assumes = |heard: &&Heard| assumes(&heard.said, room) && said(heard);
        let latest = dialogue.said.iter().rev().find(assumes)?;
        Some((dialogue, &latest.said))
    });
    let Some((dialogue, assumption)) = assumption else {
        let told = format!(
            "{id} in {}: {room} leads ({epoch}) and never assumed it.",
            world.room()
        );
        return found.push(broken(Invariant::I4, told));
    };
    if assumption.epoch.next() != *epoch {
        let told = format!(
            "{id} in {}: {epoch} was made by {} of {}.",
            world.room(),
            assumption.id,
            assumption.epoch
        );
        found.push(broken(Invariant::I2, told));
    }
    let offer = assumption
        .reply_to
        .as_ref()
        .and_then(|id| dialogue.find(id));
    if !offer.is_some_and(|offer| offers(&offer.said, assumption)) {
        let told = format!(
            "{id} in {}: {} answers no offer.",
            world.room(),
            assumption.id
        );
        found.push(broken(Invariant::I4, told));
    }
}

fn assumes(said: &Said, room: &RoomId) -> bool {
    matches!(said.body, Body::Assumes) && said.from == *room
}

/// Whether a message is the offer that an assumption answers.
fn offers(said: &Said, assumption: &Said) -> bool {
    let other_side = said.from == assumption.to && said.to == assumption.from;
    matches!(said.body, Body::Offers) && other_side && said.epoch == assumption.epoch
}

/// I3, of every acceptance that no machine refused.
fn of_acceptances(
    operation: &Operation,
    (partner, dialogue): (&RoomId, &Dialogue),
    found: &mut Vec<Broken>,
) {
    for heard in dialogue.said.iter().filter(|heard| heard.unfit.is_none()) {
        let Body::Accepts { digest } = &heard.said.body else {
            continue;
        };
        let accepted = heard
            .said
            .reply_to
            .as_ref()
            .and_then(|id| dialogue.find(id));
        let named = accepted.is_some_and(|terms| {
            matches!(terms.said.body.code(), Code::Pro | Code::Rvr | Code::Cdn)
                && terms.digest == *digest
        });
        if !named {
            let told = format!(
                "{} with {partner}: {} accepts what nobody proposed.",
                operation.card.id, heard.said.id
            );
            found.push(broken(Invariant::I3, told));
        }
    }
}

/// I7, in the room of the units: while the host has granted nothing anew.
fn of_orders_to_stop(world: &World, operation: &Operation, found: &mut Vec<Broken>) {
    let ceases = operation.recalls.iter();
    for cease in ceases.filter(|recall| recall.kind == RecallKind::Cease) {
        let Some(host) = world.rooms().get(&cease.room).map(|card| card.state) else {
            continue;
        };
        let stands = |until: Option<_>| until.is_none();
        let last = operation.card.declared.refusals_of(host).last();
        if !last.is_none_or(|(_, until)| stands(until)) {
            continue;
        }
        for (unit, abroad) in &operation.abroad {
            let goes_on = abroad
                .verdict
                .is_some_and(|verdict| verdict != Verdict::Stop);
            if abroad.territory.contains(host) && goes_on {
                let told = format!("{}: {unit} goes on in {host}.", operation.card.id);
                found.push(broken(Invariant::I7, told));
            }
        }
    }
}

/// I8, in the room of the units. A joint patrol owes no notice of a crossing, and a technical source is no unit that
/// crosses; of a unit that was first heard abroad no crossing is known.
fn of_crossings(world: &World, operation: &Operation, found: &mut Vec<Broken>) {
    if operation.card.patrol.is_some() {
        return;
    }
    for (unit, abroad) in &operation.abroad {
        let card = world.units().get(unit).map(|unit| &unit.card);
        let counts = card.is_some_and(|card| card.kind != UnitKind::Tracker);
        let Some(crossing) = abroad.crossing_id().filter(|_| counts) else {
            continue;
        };
        let mut notices = operation.notices.values();
        if !notices.any(|notice| notice.entry(crossing).is_some()) {
            let told = format!(
                "{}: {crossing} of {unit} is in no notice.",
                operation.card.id
            );
            found.push(broken(Invariant::I8, told));
        }
    }
}

/// What does not hold between rooms at one moment: I13. A room that was set back to an earlier state cannot know that it does
/// not lead before it has met the other one again.
#[must_use]
pub fn of_rooms<'a>(worlds: impl Iterator<Item = &'a World>) -> Vec<Broken> {
    let mut leading: BTreeMap<&OperationId, Vec<&RoomId>> = BTreeMap::new();
    for world in worlds {
        for operation in world.operations().values() {
            // A room whose lead is in dispute shows that, and not the lead.
            if operation.lead.room == *world.room() && operation.disputes.is_empty() {
                leading
                    .entry(&operation.card.id)
                    .or_default()
                    .push(world.room());
            }
        }
    }
    let several = leading.into_iter().filter(|(_, rooms)| rooms.len() > 1);
    let told = |(id, rooms): (&OperationId, Vec<&RoomId>)| {
        let rooms: Vec<&str> = rooms.iter().map(|room| room.as_str()).collect();
        broken(
            Invariant::I13,
            format!("{id}: {} lead.", rooms.join(" and ")),
        )
    };
    several.map(told).collect()
}

/// What does not hold in the merged log of rooms, given as all events of one ledger after all of another: I1, I2 and I4.
#[must_use]
pub fn of_records<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<Broken> {
    let mut holders: BTreeMap<(&OperationId, Epoch), BTreeSet<&RoomId>> = BTreeMap::new();
    let mut moved = Vec::new();
    let mut said: BTreeMap<&MessageId, &Said> = BTreeMap::new();
    for event in events {
        let What::Operation(OperationEvent {
            operation: Some(id),
            kind,
        }) = &event.what
        else {
            continue;
        };
        match kind {
            OperationEventKind::Life(LifeEvent::Opened(card)) => {
                let first = holders.entry((id, Epoch::FIRST)).or_default();
                first.insert(&card.room);
            }
            OperationEventKind::Handover(HandoverEvent::LeadMoved { lead, message, .. }) => {
                let of_epoch = holders.entry((id, lead.epoch)).or_default();
                of_epoch.insert(&lead.room);
                moved.push((id, lead, message));
            }
            OperationEventKind::Handover(HandoverEvent::Said { said: one, .. }) => {
                said.insert(&one.id, one);
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for ((id, epoch), rooms) in holders {
        if rooms.len() > 1 {
            let rooms: Vec<&str> = rooms.iter().map(|room| room.as_str()).collect();
            let told = format!("{id}: {epoch} has {}.", rooms.join(" and "));
            found.push(broken(Invariant::I1, told));
        }
    }
    for (id, lead, message) in moved {
        let assumption = said.get(message).filter(|said| assumes(said, &lead.room));
        let grows = assumption.is_some_and(|said| said.epoch.next() == lead.epoch);
        if !grows {
            let told = format!("{id}: {} was made by {message}.", lead.epoch);
            found.push(broken(Invariant::I2, told));
        }
        let offer = assumption.and_then(|assumption| {
            let offer = said.get(assumption.reply_to.as_ref()?)?;
            offers(offer, assumption).then_some(offer)
        });
        if offer.is_none() {
            let told = format!("{id}: {message} answers no offer, and moved the lead.");
            found.push(broken(Invariant::I4, told));
        }
    }
    found
}

/// I10: a world against the events that made it.
#[must_use]
pub fn refolds<'a>(world: &World, events: impl Iterator<Item = &'a Event>) -> Option<Broken> {
    let mut folded = World::new(world.room().clone());
    for event in events {
        folded.apply(event);
    }
    let told = || broken(Invariant::I10, format!("In {} they do not.", world.room()));
    (folded != *world).then(told)
}

/// I12 of a ledger: what it holds of technical sources that are another room's.
#[must_use]
pub fn of_foreign_trackers<'a>(
    trackers: &BTreeSet<UnitId>,
    events: impl Iterator<Item = &'a Event>,
) -> Vec<Broken> {
    let of_tracker = |event: &&Event| event.unit().is_some_and(|unit| trackers.contains(unit));
    let told = |event: &Event| {
        let unit = event.unit().map_or("a source", UnitId::as_str);
        broken(Invariant::I12, format!("{} of {unit}.", event.kind()))
    };
    events.filter(of_tracker).map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_invariant_has_its_number_and_a_sentence_of_its_own() {
        for (index, invariant) in Invariant::ALL.into_iter().enumerate() {
            assert_eq!(invariant.as_str(), format!("I{}", index + 1));
            assert!(invariant.sentence().ends_with('.'));
        }
        let sentences: BTreeSet<&str> = Invariant::ALL.iter().map(|it| it.sentence()).collect();
        assert_eq!(sentences.len(), 13);
        let told = broken(Invariant::I13, "OP: a and b lead.".to_owned()).to_string();
        assert!(told.starts_with("I13: At every moment"), "{told}");
    }

    #[test]
    fn an_empty_room_breaks_nothing() {
        let world = World::new(RoomId::parse("budapest").unwrap());
        assert_eq!(of_world(&world), []);
        assert_eq!(of_rooms([&world].into_iter()), []);
        assert_eq!(of_records([].iter()), []);
        assert_eq!(refolds(&world, [].iter()), None);
    }
}
