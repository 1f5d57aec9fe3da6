//! The report on an operation: from when it is owed, what persons state in it, and who signed it.
//!
//! Its facts are read from the record (see `domain::report`), so nobody writes them and nobody can change them. What no
//! sensor tells (force used, persons injured) a person states by name; nothing stated is ever taken out. A report that was
//! signed is kept word for word; what is stated or signed later is an addendum.

use super::operation::Operation;
use super::orders::{Ask, Ordered, refuse};
use crate::domain::event::{Event, OperationEvent, OperationEventKind, ReportEvent, What};
use crate::domain::measure::Timestamp;
use crate::domain::registry::Person;
use std::sync::Arc;

/// What a statement is about: what an authority asks for after an operation and no record tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Topic {
    /// Weapons used.
    WeaponsUsed,
    /// Force used.
    ForceUsed,
    /// Persons injured.
    Injuries,
    /// Damage, accidents.
    Damage,
    /// Objects secured.
    Objects,
    /// Why it ended.
    WhyEnded,
    /// That it was reviewed whether the personal data are still needed, and why they are.
    Review,
    /// Anything else.
    Remark,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::WeaponsUsed,
        Self::ForceUsed,
        Self::Injuries,
        Self::Damage,
        Self::Objects,
        Self::WhyEnded,
        Self::Review,
        Self::Remark,
    ];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WeaponsUsed => "weapons_used",
            Self::ForceUsed => "force_used",
            Self::Injuries => "injuries",
            Self::Damage => "damage",
            Self::Objects => "objects",
            Self::WhyEnded => "why_ended",
            Self::Review => "review",
            Self::Remark => "remark",
        }
    }

    /// The topic of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == word)
    }
}

/// What a person states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// About what.
    pub topic: Topic,
    /// What, in the person's words.
    pub text: Arc<str>,
    /// In which language, as a tag of BCP 47; `None` when it was not said.
    pub language: Option<Arc<str>>,
}

/// A report as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedReport {
    /// The document, word for word.
    pub document: Arc<str>,
    /// The SHA-256 of its facts, as 64 hexadecimal digits: two reports of the same facts have the same.
    pub facts: Arc<str>,
    /// By what the signature is checked: the public key of the room, 64 hexadecimal digits (Ed25519).
    pub key: Arc<str>,
    /// The signature over the document's bytes, 128 hexadecimal digits.
    pub signature: Arc<str>,
}

/// How far the report of an operation has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reporting {
    /// Since when it is owed: when the last unit was home.
    pub owed_since: Option<Timestamp>,
    /// What was stated.
    pub statements: u64,
    /// The digests of the facts that were signed, oldest first: the report, then addenda.
    pub signed: Vec<Arc<str>>,
}

impl Reporting {
    /// Whether it is owed and nobody signed it.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        self.owed_since.is_some() && self.signed.is_empty()
    }

    pub(super) fn apply(&mut self, event: &ReportEvent, at: Timestamp) {
        match event {
            ReportEvent::Owed => {
                self.owed_since.get_or_insert(at);
            }
            ReportEvent::Stated { .. } => self.statements += 1,
            ReportEvent::Signed { signed, .. } => self.signed.push(Arc::clone(&signed.facts)),
        }
    }
}

fn told(operation: &Operation, at: Timestamp, event: ReportEvent) -> Event {
    Event {
        at,
        what: What::Operation(OperationEvent {
            operation: Some(operation.card.id.clone()),
            kind: OperationEventKind::Report(event),
        }),
    }
}

/// That the report is owed from now on: the last unit that was abroad is home (Art. 40(3)(g), Art. 41(5)(g)). Where nobody
/// was followed none is owed by these articles.
pub(super) fn owed(operation: &Operation, now: Timestamp) -> Option<Event> {
    becomes_owed(operation).then(|| told(operation, now, ReportEvent::Owed))
}

/// Whether that is to be said.
pub(super) fn becomes_owed(operation: &Operation) -> bool {
    operation.card.declared.basis.form().follows_somebody()
        && operation.report.owed_since.is_none()
        && !operation.crossed.is_empty()
        && operation.abroad.is_empty()
}

/// A person states something: while the operation is open, and after it was closed.
///
/// # Errors
/// A [`super::orders::Ordered`] refusal when the operation is another room's, or a review comes before it was closed.
pub fn state(ask: Ask<'_>, operation: &Operation, statement: &Statement) -> Ordered {
    ours(ask.by, operation)?;
    if statement.topic == Topic::Review && operation.is_open() {
        let sentence = format!(
            "Operation {} is still open: what is kept of it is reviewed after it was closed.",
            operation.card.id
        );
        return Err(refuse("operation_open", sentence));
    }
    let event = ReportEvent::Stated {
        statement: statement.clone(),
        by: ask.by.clone(),
    };
    Ok(vec![told(operation, ask.now, event)])
}

/// A person signs the report of a closed operation. What was signed before stays; the same facts are not signed twice.
///
/// # Errors
/// A refusal when the operation is another room's or still open, or when these very facts were signed.
pub fn sign(ask: Ask<'_>, operation: &Operation, signed: &SignedReport) -> Ordered {
    ours(ask.by, operation)?;
    if operation.is_open() {
        let sentence = format!(
            "Operation {} is still open: close it, then sign the report.",
            operation.card.id
        );
        return Err(refuse("operation_open", sentence));
    }
    if operation.report.signed.contains(&signed.facts) {
        let sentence = "These very facts were signed already.".to_owned();
        return Err(refuse("report_signed", sentence));
    }
    let event = ReportEvent::Signed {
        signed: Box::new(signed.clone()),
        by: ask.by.clone(),
    };
    Ok(vec![told(operation, ask.now, event)])
}

fn ours(by: &Person, operation: &Operation) -> Result<(), crate::domain::event::Refusal> {
    if operation.card.room == by.room {
        return Ok(());
    }
    let sentence = format!(
        "Operation {} is room {}'s, and so is its report.",
        operation.card.id, operation.card.room
    );
    Err(refuse("not_our_operation", sentence))
}
