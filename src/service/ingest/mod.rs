//! Positions in: over HTTP and WebSocket, also as phones' apps send them, with the units' own acts.
//!
//! A request is taken in this order: who speaks (401), whether there is room for it (503), its rate (wait, then 429),
//! what its headers say (415), its bytes (413, 408), its form (400), its rate in fixes, and then the desk, which answers
//! once the batch is durable. Nothing of a refused batch is taken, and a well-formed batch is never refused for what it
//! says: that is the gate's business. Full on HTTP is 503 with `Retry-After`; full on a socket means that it is not read.

mod acts;
mod body;
mod fixes;
mod footprints;
mod gatekeeper;
mod limits;
mod metrics;
mod osmand;
mod own;
mod owntracks;
mod phone;
mod rate;
mod stream;

#[cfg(test)]
pub(crate) mod tests;

pub use gatekeeper::{AuthRefusal, Authenticated, Gatekeeper};
pub use limits::{IngestLimits, RateLimit};
pub use metrics::IngestMetrics;

use crate::service::desk::DeskHandle;
use crate::wire::problem::{Problem, ProblemKind};
use axum::Router;
use axum::routing::{get, post};
use rate::{Holding, Rates, Share};
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit, watch};

/// What this room is given.
pub struct IngestParts {
    /// The way to the desk.
    pub desk: DeskHandle,
    /// Who may speak.
    pub gate: Arc<dyn Gatekeeper>,
    /// How much is taken.
    pub limits: IngestLimits,
    /// Where it is counted.
    pub metrics: IngestMetrics,
    /// Becomes true when the service is ending: sockets take no more, answer what they took, and say goodbye.
    pub ending: watch::Receiver<bool>,
}

/// What the routes share. Cheap to clone.
#[derive(Clone)]
pub struct IngestState(Arc<Ingest>);

struct Ingest {
    desk: DeskHandle,
    gate: Arc<dyn Gatekeeper>,
    limits: IngestLimits,
    metrics: IngestMetrics,
    ending: watch::Receiver<bool>,
    rates: Arc<Rates>,
    // Free bytes for bodies being received.
    receiving: Arc<Semaphore>,
    // Free places for large bodies being read.
    reading: Arc<Semaphore>,
    // Free places for requests being answered.
    requests: Semaphore,
    // Free places for open sockets.
    sockets: Arc<Semaphore>,
}

impl IngestState {
    /// The state of a router.
    #[must_use]
    pub fn new(parts: IngestParts) -> Self {
        let limits = parts.limits;
        Self(Arc::new(Ingest {
            desk: parts.desk,
            gate: parts.gate,
            metrics: parts.metrics,
            ending: parts.ending,
            rates: Arc::new(Rates::new(&limits)),
            receiving: body::receiving(&limits),
            reading: Arc::new(Semaphore::new(limits.reading_at_once)),
            requests: Semaphore::new(limits.requests_at_once),
            sockets: Arc::new(Semaphore::new(limits.sockets)),
            limits,
        }))
    }
}

impl Ingest {
    /// A place among the requests being answered: of all, and of this token's.
    fn turn(&self, who: &Authenticated) -> Result<(SemaphorePermit<'_>, Share), Problem> {
        let later = |kind, sentence| Problem::new(kind, sentence).retry_after_s(1);
        let share = self.rates.hold(&who.token, Holding::Requests, 1);
        let share = share.ok_or_else(|| {
            let sentence =
                "too many requests of this token at once: wait for the answers, or try again in a second";
            later(ProblemKind::TooManyRequests, sentence)
        })?;
        let place = self.requests.try_acquire().map_err(|_| {
            let sentence = "too many requests at once: try again in a second";
            later(ProblemKind::Busy, sentence)
        })?;
        Ok((place, share))
    }
}

/// The addresses of this room.
pub fn router(state: IngestState) -> Router {
    Router::new()
        .route("/api/v1/fixes", post(fixes::post).fallback(post_only))
        .route(
            "/api/v1/fixes/stream",
            get(stream::upgrade).fallback(get_only),
        )
        .route(
            "/api/v1/units/{id}/acts",
            post(acts::post).fallback(post_only),
        )
        .route(
            "/api/v1/units/{id}/footprint",
            post(footprints::post).fallback(post_only),
        )
        .route(
            "/api/v1/osmand",
            get(osmand::with_header)
                .post(osmand::with_header)
                .fallback(get_or_post),
        )
        .route(
            "/api/v1/osmand/{token}",
            get(osmand::with_token)
                .post(osmand::with_token)
                .fallback(get_or_post),
        )
        .route(
            "/api/v1/owntracks",
            post(owntracks::post).fallback(post_only),
        )
        .with_state(state)
}

async fn post_only() -> Problem {
    Problem::new(ProblemKind::MethodNotAllowed, "use POST here").allow("POST")
}

async fn get_or_post() -> Problem {
    Problem::new(ProblemKind::MethodNotAllowed, "use GET or POST here").allow("GET, POST")
}

async fn get_only() -> Problem {
    Problem::new(
        ProblemKind::MethodNotAllowed,
        "use GET with an upgrade to WebSocket here",
    )
    .allow("GET")
}
