//! A notice written out in words: by whom it is asked for, what it is made from, and what is kept of it.
//!
//! The words of languages are none of the core's: a [`Scribe`] writes them, and what it wrote stands in the event. So a later
//! change of its words changes nothing of what was sent.

use super::notice::{Notice, NoticeFields};
use super::operation::Operation;
use super::orders::Ask;
use crate::domain::ids::RoomId;
use crate::domain::law::finding::Duty;
use crate::domain::law::rulebook::Rulebook;
use std::sync::Arc;

/// What is to be written out.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// What it says.
    pub fields: &'a NoticeFields,
    /// What is owed by it.
    pub duty: Duty,
    /// From which room.
    pub from: &'a RoomId,
    /// To which room, or to which state when that has no room here.
    pub to: &'a RoomId,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
    /// Where the time zones and the authorities of the states stand.
    pub rulebook: &'a Rulebook,
}

/// A notice in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The language's tag, such as `hu`.
    pub language: Arc<str>,
    /// The text, of several lines.
    pub text: Arc<str>,
}

/// Writes a notice out in the languages of both states, the sender's first; once where both speak one language. The same
/// letter gives the same texts.
pub type Scribe = fn(&Letter<'_>) -> Vec<Written>;

/// What a notice of this operation says, in the words of both states.
pub(super) fn written(
    ask: Ask<'_>,
    operation: &Operation,
    notice: &Notice,
    fields: &NoticeFields,
) -> Vec<Written> {
    (ask.lookup.scribe)(&Letter {
        fields,
        duty: notice.duty,
        from: &operation.card.room,
        to: &notice.to,
        exercise: operation.card.exercise,
        rulebook: ask.lookup.rulebook.of(operation.rules.as_ref()),
    })
}
