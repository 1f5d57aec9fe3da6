//! A notice: what a host state is told, from coded facts, and how far it has come.

use crate::domain::ids::{CrossingId, OperationId, State, UnitId};
use crate::domain::law::basis::{Basis, PersonCategory};
use crate::domain::measure::{Position, Timestamp};
use crate::domain::registry::{Marks, UnitKind};
use std::sync::Arc;

/// What a notice says: coded facts only, so that it can be written in any language.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeFields {
    /// The operation.
    pub operation: OperationId,
    /// Its name.
    pub name: Arc<str>,
    /// The provision it rests on.
    pub basis: Basis,
    /// Whose officers.
    pub requesting_state: State,
    /// To which state.
    pub host_state: State,
    /// The offence, by its id in the rule data.
    pub offence: Arc<str>,
    /// Who is followed.
    pub person_category: PersonCategory,
    /// The authorisation's number, when there is one.
    pub authorisation: Option<Arc<str>>,
    /// Why it could not be asked for beforehand (40(2)).
    pub grounds: Option<Arc<str>>,
    /// Who crossed, or is about to.
    pub crossings: Vec<NoticeCrossing>,
    /// What is still missing before it can be sent, as stable words; empty when it is ready.
    pub missing: Vec<Arc<str>>,
}

/// One unit in a notice.
#[derive(Debug, Clone, PartialEq)]
pub struct NoticeCrossing {
    /// Which unit.
    pub unit: UnitId,
    /// Its call sign.
    pub callsign: Arc<str>,
    /// What it is.
    pub kind: UnitKind,
    /// How it can be recognised.
    pub marks: Option<Marks>,
    /// The crossing, once it happened.
    pub crossing: Option<CrossingId>,
    /// Where: on the frontier, or where it is expected to be.
    pub point: Position,
    /// Not before.
    pub earliest: Timestamp,
    /// Most likely.
    pub likely: Timestamp,
    /// Whether it is only expected.
    pub expected: bool,
}
