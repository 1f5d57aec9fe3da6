//! The rooms of one service: one of them decides an input, and what the others must be told is decided by them, until
//! nothing is left to say.

use super::{Answer, Grounds, World};
use crate::domain::event::Event;
use crate::domain::ids::RoomId;
use crate::domain::input::{Cause, Input, Message};
use std::collections::{BTreeMap, VecDeque};

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

/// Decides one input of `room`, folds what follows, and passes on what other rooms must be told; `take` is given every
/// event, in the order in which they follow from each other. The answer is that of `room`; of a room that is not here,
/// [`Answer::Silence`].
pub fn decide(
    worlds: &mut BTreeMap<RoomId, World>,
    room: &RoomId,
    input: &Input,
    grounds: Grounds<'_>,
    take: &mut dyn FnMut(Taken<'_>),
) -> Answer {
    let at = input.at;
    let mut messages = VecDeque::new();
    let answer = one(worlds, room, input, grounds, &mut messages, take);
    while let Some(message) = messages.pop_front() {
        let to = message.to.clone();
        let cause = Cause::Message(message);
        one(
            worlds,
            &to,
            &Input { at, cause },
            grounds,
            &mut messages,
            take,
        );
    }
    answer
}

fn one(
    worlds: &mut BTreeMap<RoomId, World>,
    room: &RoomId,
    input: &Input,
    grounds: Grounds<'_>,
    messages: &mut VecDeque<Message>,
    take: &mut dyn FnMut(Taken<'_>),
) -> Answer {
    let Some(world) = worlds.get_mut(room) else {
        return Answer::Silence;
    };
    let decision = world.decide(input, grounds);
    for event in decision.events {
        world.apply(&event);
        messages.extend(world.share(&event));
        take(Taken {
            room,
            event,
            shared_by: decision.shared_by.as_ref(),
            world,
        });
    }
    messages.extend(decision.messages);
    decision.answer
}
