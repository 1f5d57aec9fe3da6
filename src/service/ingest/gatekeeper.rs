//! Who may speak: asked of the registry, which this room does not know.

use crate::domain::ids::{DeviceId, RoomId, SourceId, UnitId};
use crate::service::desk::FixSender;
use crate::wire::problem::{Problem, ProblemKind};
use axum::http::{HeaderMap, header};
use std::time::Duration;
use tokio::sync::watch;

/// How long an expired token may still speak on an open socket: a bell rings for a revoked one, none for the hour.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// Whom a token lets speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticated {
    /// For whom, and to which room.
    pub sender: FixSender,
    /// The token's id, which is no secret: the default `source` of its fixes, and the name of its rates.
    pub token: SourceId,
}

/// Why a token is not accepted, in one sentence that names what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{sentence}")]
pub struct AuthRefusal {
    /// The sentence.
    pub sentence: String,
}

/// Knows the tokens. Asked for every request and, on a socket, whenever the bell rings: it must answer from memory.
pub trait Gatekeeper: Send + Sync + 'static {
    /// Whom a token lets speak.
    ///
    /// # Errors
    /// [`AuthRefusal`] when it is unknown, expired or revoked.
    fn authenticate(&self, token: &str) -> Result<Authenticated, AuthRefusal>;

    /// Whether a token that was accepted still holds.
    ///
    /// # Errors
    /// [`AuthRefusal`] when it has expired or was revoked.
    fn stands(&self, who: &Authenticated) -> Result<(), AuthRefusal>;

    /// The unit of this room that a device is registered for; none for a device of another room's unit.
    fn unit_of(&self, room: &RoomId, device: &DeviceId) -> Option<UnitId>;

    /// Rings (changes) whenever a token may have lost its right.
    fn bell(&self) -> watch::Receiver<u64>;
}

/// The sender of a request, by its `Authorization: Bearer` header.
pub(super) fn sender_of(
    gate: &dyn Gatekeeper,
    headers: &HeaderMap,
) -> Result<Authenticated, Problem> {
    let (scheme, token) =
        authorization(headers, "send one header `Authorization: Bearer <token>`")?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        let sentence = "the Authorization header is not `Bearer <token>`";
        return Err(Problem::new(ProblemKind::Unauthenticated, sentence));
    }
    bearer_of(gate, token)
}

/// The sender of a token.
pub(super) fn bearer_of(gate: &dyn Gatekeeper, token: &str) -> Result<Authenticated, Problem> {
    gate.authenticate(token)
        .map_err(|refusal| Problem::new(ProblemKind::Unauthenticated, refusal.sentence))
}

/// The scheme and the credentials of the one `Authorization` header; `wanted` is what to say when there is none.
pub(super) fn authorization<'h>(
    headers: &'h HeaderMap,
    wanted: &'static str,
) -> Result<(&'h str, &'h str), Problem> {
    let refused = || Problem::new(ProblemKind::Unauthenticated, wanted);
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(refused());
    };
    value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .map(|(scheme, credentials)| (scheme, credentials.trim()))
        .filter(|(_, credentials)| !credentials.is_empty())
        .ok_or_else(refused)
}

/// Ends when the token loses its right, with the reason.
pub(super) async fn revoked(gate: &dyn Gatekeeper, who: &Authenticated) -> AuthRefusal {
    let mut bell = gate.bell();
    loop {
        // Marked as heard before looking: a ring in between is heard the next time round.
        bell.mark_unchanged();
        if let Err(refusal) = gate.stands(who) {
            return refusal;
        }
        if let Ok(Err(_)) = tokio::time::timeout(LOOK_AGAIN, bell.changed()).await {
            // The bell is gone with the registry; the hour still counts.
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
