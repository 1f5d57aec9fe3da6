//! The rooms of one service: one of them decides an input, and what the others must be told is decided by them, until
//! nothing is left to say.

use super::{Answer, Decision, Grounds, World};
use crate::domain::alarms::Owner;
use crate::domain::event::{Event, What};
use crate::domain::ids::{RoomId, UnitId};
use crate::domain::input::{Cause, Input, Message, MessageBody};
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::measure::Timestamp;
use crate::domain::tracks::Untold;
use crate::domain::tracks::fix::ReportedFix;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// An event that a room has just folded in, on its way into the room's ledger.
pub struct Taken<'a> {
    /// Whose ledger.
    pub room: &'a RoomId,
    /// The event.
    pub event: Event,
    /// The room that shared it, if it is not the room's own.
    pub shared_by: Option<&'a RoomId>,
    /// The room's world after it.
    pub world: &'a World,
}

/// Decides one input of `room` by itself, as [`Batch`] does.
pub fn decide(
    worlds: &mut BTreeMap<RoomId, World>,
    room: &RoomId,
    input: &Input,
    grounds: Grounds<'_>,
    take: &mut dyn FnMut(Taken<'_>),
) -> Answer {
    let mut batch = Batch::default();
    let answer = batch.decide(worlds, room, input, grounds, take);
    batch.end(worlds, input.at, grounds, take);
    answer
}

/// Inputs that are recorded in one commit.
///
/// Each is decided and folded as it comes. Only what *late* fixes change of a unit's crossings is told once for all of
/// them: a backlog is one piece of news, and not one with every fix that sharpens it. It is told before the unit is
/// heard live again, before anything else happens in its room, and at the end, by [`Self::end`]. So nothing is untold
/// when a commit is recorded.
#[derive(Debug, Default)]
pub struct Batch {
    /// Written anew for every fix: most bring about nothing that asks for memory.
    decision: Decision,
    /// What was said to rooms that are not here.
    outbound: Vec<Message>,
    untold: BTreeMap<RoomId, BTreeMap<UnitId, Untold>>,
}

impl Batch {
    /// Decides one input of `room`, folds what follows, and passes on what other rooms must be told; `take` is given
    /// every event, in the order in which they follow from each other. The answer is that of `room`; of a room that is
    /// not here, [`Answer::Silence`].
    pub fn decide(
        &mut self,
        worlds: &mut BTreeMap<RoomId, World>,
        room: &RoomId,
        input: &Input,
        grounds: Grounds<'_>,
        take: &mut dyn FnMut(Taken<'_>),
    ) -> Answer {
        let at = input.at;
        if let Cause::Fix(fix) = &input.cause {
            return self.fix(worlds, room, (fix, at), grounds, take);
        }
        self.tell_late(worlds, room, at, grounds, take);
        if let Some(world) = worlds.get(room) {
            self.decision = world.decide(input, grounds);
            self.fold(worlds, room, at, grounds, take);
        }
        if matches!(input.cause, Cause::Tick)
            && let Some(world) = worlds.get_mut(room)
        {
            let watched = world.watched();
            tell_alarms(world, room, watched, (at, grounds.profiles), take);
        }
        std::mem::take(&mut self.decision.answer)
    }

    /// Tells what is untold, and puts what rooms in other services are told into frames: the batch is complete.
    pub fn end(
        &mut self,
        worlds: &mut BTreeMap<RoomId, World>,
        at: Timestamp,
        grounds: Grounds<'_>,
        take: &mut dyn FnMut(Taken<'_>),
    ) {
        while let Some(room) = self.untold.keys().next().cloned() {
            self.tell_late(worlds, &room, at, grounds, take);
        }
        let mut told: BTreeMap<(RoomId, RoomId), Vec<MessageBody>> = BTreeMap::new();
        for message in std::mem::take(&mut self.outbound) {
            let of_pair = told.entry((message.from, message.to)).or_default();
            of_pair.push(message.body);
        }
        for ((from, to), bodies) in told {
            if let Some(world) = worlds.get(&from) {
                self.decision.events = world.told(&to, bodies, at, grounds);
                self.fold(worlds, &from, at, grounds, take);
            }
        }
    }

    /// What was said to rooms that are not here, in the order in which it was said; it is not kept here then, and
    /// [`Self::end`] tells nothing of it.
    pub fn take_outbound(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.outbound)
    }

    fn fix(
        &mut self,
        worlds: &mut BTreeMap<RoomId, World>,
        room: &RoomId,
        (fix, at): (&ReportedFix, Timestamp),
        grounds: Grounds<'_>,
        take: &mut dyn FnMut(Taken<'_>),
    ) -> Answer {
        let mut untold = self.taken_up(room, &fix.unit);
        if !untold.is_empty() && is_live(worlds, room, fix) {
            let late = std::mem::take(&mut untold);
            self.late(worlds, room, (&fix.unit, &late, at), grounds, take);
        }
        if let Some(world) = worlds.get(room) {
            let decision = &mut self.decision;
            world.decide_fix(fix, at, grounds, Some(&mut untold), decision);
            self.fold(worlds, room, at, grounds, take);
        }
        if !untold.is_empty() {
            let of_room = self.untold.entry(room.clone()).or_default();
            of_room.insert(fix.unit.clone(), untold);
        }
        std::mem::take(&mut self.decision.answer)
    }

    /// What is untold of a unit; it is not kept here then.
    fn taken_up(&mut self, room: &RoomId, unit: &UnitId) -> Untold {
        let of_room = self.untold.get_mut(room);
        of_room
            .and_then(|of_room| of_room.remove(unit))
            .unwrap_or_default()
    }

    /// Tells what is untold of the units of one room.
    fn tell_late(
        &mut self,
        worlds: &mut BTreeMap<RoomId, World>,
        room: &RoomId,
        at: Timestamp,
        grounds: Grounds<'_>,
        take: &mut dyn FnMut(Taken<'_>),
    ) {
        for (unit, untold) in self.untold.remove(room).unwrap_or_default() {
            self.late(worlds, room, (&unit, &untold, at), grounds, take);
        }
    }

    fn late(
        &mut self,
        worlds: &mut BTreeMap<RoomId, World>,
        room: &RoomId,
        (unit, untold, at): (&UnitId, &Untold, Timestamp),
        grounds: Grounds<'_>,
        take: &mut dyn FnMut(Taken<'_>),
    ) {
        if let Some(world) = worlds.get(room) {
            world.decide_late(unit, untold, at, grounds, &mut self.decision);
            self.fold(worlds, room, at, grounds, take);
        }
    }

    /// Folds in what `room` decided, and what the other rooms decide on what they are told of it. Of the decision only
    /// the answer is left.
    fn fold(
        &mut self,
        worlds: &mut BTreeMap<RoomId, World>,
        room: &RoomId,
        at: Timestamp,
        grounds: Grounds<'_>,
        take: &mut dyn FnMut(Taken<'_>),
    ) {
        let mut messages = VecDeque::new();
        if let Some(world) = worlds.get_mut(room) {
            fold(
                world,
                room,
                &mut self.decision,
                &mut messages,
                (at, grounds.profiles),
                &mut *take,
            );
        }
        while let Some(message) = messages.pop_front() {
            let to = message.to.clone();
            let Some(world) = worlds.get_mut(&to) else {
                self.outbound.push(message);
                continue;
            };
            let cause = Cause::Message(message);
            let mut decision = world.decide(&Input { at, cause }, grounds);
            fold(
                world,
                &to,
                &mut decision,
                &mut messages,
                (at, grounds.profiles),
                &mut *take,
            );
        }
    }
}

/// Whether a fix would be the newest of its unit.
fn is_live(worlds: &BTreeMap<RoomId, World>, room: &RoomId, fix: &ReportedFix) -> bool {
    let world = worlds.get(room);
    let unit = world.and_then(|world| world.units().get(&fix.unit));
    unit.is_some_and(|unit| unit.track.would_be_newest(fix))
}

fn fold(
    world: &mut World,
    room: &RoomId,
    decision: &mut Decision,
    messages: &mut VecDeque<Message>,
    (at, profiles): (Timestamp, &Profiles),
    take: &mut dyn FnMut(Taken<'_>),
) {
    // Most decisions are of one fix that changes nothing.
    let quiet = decision
        .events
        .iter()
        .all(|event| matches!(event.what, What::Fix(_)));
    let concerned = (!quiet).then(|| world.concerned(&decision.events));
    for event in decision.events.drain(..) {
        world.apply(&event);
        messages.extend(world.share(&event));
        take(Taken {
            room,
            event,
            shared_by: decision.shared_by.as_ref(),
            world,
        });
    }
    messages.extend(decision.messages.drain(..));
    decision.shared_by = None;
    if let Some(concerned) = concerned {
        tell_alarms(world, room, concerned, (at, profiles), take);
    }
}

/// What is to be said of the alarms of these owners, as everything stands now.
fn tell_alarms(
    world: &mut World,
    room: &RoomId,
    owners: BTreeSet<Owner>,
    (at, profiles): (Timestamp, &Profiles),
    take: &mut dyn FnMut(Taken<'_>),
) {
    for owner in owners {
        for event in world.decide_alarms(&owner, profiles, at) {
            world.apply(&event);
            take(Taken {
                room,
                event,
                shared_by: None,
                world,
            });
        }
    }
}
