//! What is sent and not delivered yet: read from what stands, so that it is the same after a restart.

use super::World;
use crate::domain::event::{NoticeEvent, OperationEvent, OperationEventKind, What};
use crate::domain::ids::{NoticeId, OperationId, RoomId};
use crate::domain::law::finding::Duty;
use crate::domain::measure::Timestamp;
use crate::domain::operations::channels::ChannelKind;
use crate::domain::operations::letter::Written;
use crate::domain::operations::{Notice, NoticeFields, Operation};
use crate::domain::registry::Person;
use std::sync::Arc;

/// A notice on its way by one channel: the attempt that is to be made next, and all that is to be said.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// From which room.
    pub from: RoomId,
    /// Of which operation.
    pub operation: OperationId,
    /// Its name.
    pub name: Arc<str>,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
    /// Which notice.
    pub notice: NoticeId,
    /// What is owed by it.
    pub duty: Duty,
    /// To which room, or to which state when that has no room here.
    pub to: RoomId,
    /// By which channel.
    pub channel: ChannelKind,
    /// The how manyth attempt is to be made, from 1.
    pub number: u32,
    /// Not before.
    pub due: Timestamp,
    /// Who sent it first.
    pub sent_by: Person,
    /// When.
    pub sent_at: Timestamp,
    /// What it says.
    pub fields: NoticeFields,
    /// The same in the languages of both states.
    pub texts: Vec<Written>,
}

impl World {
    /// The attempts that are to be made by channels, of this room's own operations; also of those closed since, for the order
    /// to send stands. In the order of their operations, notices and channels.
    pub fn outgoing(&self) -> impl Iterator<Item = Outgoing> {
        let own = self.operations.values();
        let own = own.filter(|operation| operation.card.room == self.room);
        own.flat_map(|operation| {
            let notices = operation.notices.iter();
            notices.flat_map(move |(id, notice)| of_notice(operation, id, notice))
        })
    }
}

fn of_notice<'o>(
    operation: &'o Operation,
    id: &'o NoticeId,
    notice: &'o Notice,
) -> impl Iterator<Item = Outgoing> {
    let waiting = notice.carriage.iter().filter_map(|(channel, _)| {
        let (number, due) = notice.carriage.waiting(channel)?;
        Some((channel, number, due))
    });
    waiting.filter_map(move |(channel, number, due)| {
        let (sent_by, sent_at, fields, texts) = as_sent(operation, id)?;
        Some(Outgoing {
            from: operation.card.room.clone(),
            operation: operation.card.id.clone(),
            name: Arc::clone(&operation.card.name),
            exercise: operation.card.exercise,
            notice: id.clone(),
            duty: notice.duty,
            to: notice.to.clone(),
            channel,
            number,
            due,
            sent_by: sent_by.clone(),
            sent_at,
            fields: fields.clone(),
            texts: texts.to_vec(),
        })
    })
}

/// A notice as it was sent, word for word.
fn as_sent<'o>(
    operation: &'o Operation,
    id: &NoticeId,
) -> Option<(&'o Person, Timestamp, &'o NoticeFields, &'o [Written])> {
    operation
        .history
        .iter()
        .rev()
        .find_map(|event| match &event.what {
            What::Operation(OperationEvent {
                kind:
                    OperationEventKind::Notice {
                        notice,
                        kind:
                            NoticeEvent::Sent {
                                by, fields, texts, ..
                            },
                    },
                ..
            }) if notice == id => Some((by, event.at, &**fields, texts.as_slice())),
            _ => None,
        })
}
