//! Who led when, and what the rooms said to each other to settle that.

use super::{Led, Noted};
use crate::domain::event::HandoverEvent;
use crate::domain::ids::{MessageId, RoomId, Seq};
use crate::domain::measure::Timestamp;
use crate::domain::operations::handover::{Body, Code, Epoch, RecallKind, Said};
use crate::domain::registry::Person;
use std::sync::Arc;

/// A message between two rooms, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageRow {
    /// Which.
    pub message: MessageId,
    /// Its code.
    pub code: Code,
    /// From which room.
    pub from: RoomId,
    /// To which.
    pub to: RoomId,
    /// When it was sent, or came, and which person said it; `None` when a machine did.
    pub said: Noted<Option<Person>>,
    /// The words that go with it.
    pub words: Option<Arc<str>>,
    /// When the other room's machine confirmed it: of what this room said.
    pub received: Option<Noted<()>>,
    /// Which person of the other side has read it.
    pub read: Option<Noted<Person>>,
    /// Why a machine refused it.
    pub refused: Option<Noted<Arc<str>>>,
    /// Of an order to turn: which units said that they will.
    pub turned: Vec<Noted<crate::domain::ids::UnitId>>,
}

/// The dialogue of an operation on its way into a report.
#[derive(Debug, Default)]
pub(super) struct Talks {
    moves: Vec<(RoomId, Epoch, Option<Person>, Noted<()>)>,
    rows: Vec<MessageRow>,
}

impl Talks {
    pub(super) fn take(&mut self, event: &HandoverEvent, at: Timestamp, record: Seq) {
        match event {
            HandoverEvent::Said { sent, said, .. } => self.hear(*sent, said, at, record),
            HandoverEvent::LeadMoved { lead, by, .. } => {
                // Two rooms tell it, and one of them perhaps late.
                if self.moves.iter().all(|(_, epoch, ..)| *epoch < lead.epoch) {
                    let noted = noted((), at, record);
                    self.moves
                        .push((lead.room.clone(), lead.epoch, by.clone(), noted));
                }
            }
            HandoverEvent::RecallRead { message, by, .. } => {
                let row = self.row(message);
                if let Some(row) = row.filter(|row| row.read.is_none()) {
                    row.read = Some(noted(by.clone(), at, record));
                }
            }
            HandoverEvent::UnitTurns { message, unit, .. } => {
                if let Some(row) = self.row(message) {
                    row.turned.push(noted(unit.clone(), at, record));
                }
            }
            // An order to turn is told by its message where that was heard, and alone where it was not.
            HandoverEvent::Recalled(recall) => {
                if self.row(&recall.message).is_some() {
                    return;
                }
                self.rows.push(MessageRow {
                    message: recall.message.clone(),
                    code: match recall.kind {
                        RecallKind::Cease => Code::Cease,
                        RecallKind::Release => Code::Rel,
                    },
                    from: recall.room.clone(),
                    to: recall.by.room.clone(),
                    said: noted(Some(recall.by.clone()), at, record),
                    words: Some(Arc::clone(&recall.words)),
                    received: None,
                    read: None,
                    refused: None,
                    turned: Vec::new(),
                });
            }
            HandoverEvent::EyesTaken(_)
            | HandoverEvent::LeadDisputed { .. }
            | HandoverEvent::LeadSettled { .. } => {}
        }
    }

    fn hear(&mut self, sent: bool, said: &Said, at: Timestamp, record: Seq) {
        let earlier = said.reply_to.as_ref();
        if let Some(row) = earlier.and_then(|id| self.row(id)) {
            match &said.body {
                Body::Unfit { sentence, .. } => {
                    row.refused = Some(noted(Arc::clone(sentence), at, record));
                }
                Body::HasRead => {
                    let by = said.by.clone().map(|by| noted(by, at, record));
                    row.read = row.read.take().or(by);
                }
                _ => {}
            }
            if !sent && row.refused.is_none() && row.received.is_none() {
                row.received = Some(noted((), at, record));
            }
        }
        let code = said.body.code();
        // Notices and requests are a table of their own.
        if code.is_of_machine() || matches!(code, Code::Ack | Code::Xng | Code::Rqa) {
            return;
        }
        self.rows.push(MessageRow {
            message: said.id.clone(),
            code,
            from: said.from.clone(),
            to: said.to.clone(),
            said: noted(said.by.clone(), at, record),
            words: words(&said.body),
            received: None,
            read: None,
            refused: None,
            turned: Vec::new(),
        });
    }

    fn row(&mut self, message: &MessageId) -> Option<&mut MessageRow> {
        self.rows.iter_mut().rfind(|row| row.message == *message)
    }

    /// Who led from when until when, and the messages, oldest first.
    pub(super) fn into_rows(
        self,
        (first, opened): (&RoomId, &Noted<Person>),
        until: Option<Timestamp>,
    ) -> (Vec<Led>, Vec<MessageRow>) {
        let mut led = vec![Led {
            room: first.clone(),
            epoch: Epoch::FIRST,
            by: None,
            from: opened.at,
            until,
            record: opened.record,
        }];
        for (room, epoch, by, moved) in self.moves {
            if let Some(before) = led.last_mut() {
                before.until = Some(moved.at);
            }
            led.push(Led {
                room,
                epoch,
                by,
                from: moved.at,
                until,
                record: moved.record,
            });
        }
        (led, self.rows)
    }
}

/// The free words of a message.
fn words(body: &Body) -> Option<Arc<str>> {
    let (Body::Refuses { words, .. }
    | Body::Withdraws { words, .. }
    | Body::Ceases { words }
    | Body::AsksForMore { words, .. }
    | Body::Text { words, .. }) = body
    else {
        return None;
    };
    (!words.is_empty()).then(|| Arc::clone(words))
}

const fn noted<T>(value: T, at: Timestamp, record: Seq) -> Noted<T> {
    Noted { value, at, record }
}
