//! What a unit says of itself: one JSON object, with its own token. Its acts, and what its camera sees.

use super::Ingest;
use super::body::{self, Received};
use super::fixes::slow_down;
use super::gatekeeper::{Authenticated, sender_of};
use super::rate::{Counted, Share};
use crate::domain::event::Refusal;
use crate::domain::ids::{RoomId, UnitId};
use crate::service::desk::FixSender;
use crate::wire::fix::Format;
use crate::wire::problem::{Problem, ProblemKind};
use axum::body::BodyDataStream;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::HeaderMap;
use tokio::sync::SemaphorePermit;

/// What was posted, and by which unit. It keeps the sender's turn until it is answered.
pub(super) struct Posted<'a> {
    /// The token's own unit.
    pub(super) unit: UnitId,
    /// Its room.
    pub(super) room: RoomId,
    /// The body as sent.
    pub(super) body: Received,
    _turn: (SemaphorePermit<'a>, Share),
}

/// Takes in the body of a request to an address of the token's own unit. `json_only` is what to say of anything but plain
/// JSON.
pub(super) async fn posted<'a>(
    ingest: &'a Ingest,
    unit: Result<Path<String>, PathRejection>,
    headers: &HeaderMap,
    stream: &mut BodyDataStream,
    json_only: &'static str,
) -> Result<Posted<'a>, Problem> {
    let who = sender_of(&*ingest.gate, headers)?;
    let turn = ingest.turn(&who)?;
    slow_down(ingest, &who, Counted::Request).await?;
    // A segment that is not UTF-8 is no unit; the empty one is refused as such.
    let unit = unit.map_or_else(|_| String::new(), |Path(unit)| unit);
    let unit = own_unit(&who, &unit)?;
    let shape = body::Shape::of(headers)?;
    if shape.gzip || shape.format != Format::Json {
        return Err(body::unsupported(json_only));
    }
    let body = body::receive(ingest, &who, headers, stream, ingest.limits.act_bytes).await?;
    Ok(Posted {
        unit,
        room: who.sender.room().clone(),
        body,
        _turn: turn,
    })
}

/// The unit of the address, when it is the token's own.
fn own_unit(who: &Authenticated, unit: &str) -> Result<UnitId, Problem> {
    let unit = UnitId::parse(unit).map_err(|_| {
        let sentence = "the unit in the address is not 1 to 64 of A-Z a-z 0-9 . _ -";
        Problem::new(ProblemKind::Malformed, sentence).at_key("unit")
    })?;
    let forbidden = |sentence| Err(Problem::new(ProblemKind::Forbidden, sentence));
    match &who.sender {
        FixSender::Unit { unit: own, .. } if *own == unit => Ok(unit),
        FixSender::Unit { .. } => {
            forbidden("this token is another unit's: a unit speaks for itself only")
        }
        FixSender::Gateway { .. } => {
            forbidden("a gateway cannot act for a unit: use the unit's own token")
        }
    }
}

/// That the desk refused it.
pub(super) fn refused(refusal: &Refusal) -> Problem {
    let citation = refusal.citation.as_ref().map(Into::into);
    let problem = Problem::new(ProblemKind::Refused, refusal.sentence.to_string());
    problem.refused_by(&*refusal.guard, citation)
}
