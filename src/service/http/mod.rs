//! The desk's door: sessions, orders, pictures and past events over HTTP, the live socket, and the map itself.
//!
//! A request is taken in this order: who asks (401), from which page (403), with which role (403), what it says (400,
//! 413, 415), and then the desk, the hub's picture or the journal. Nothing is read from the desk, and what a person
//! looks at is recorded before it is shown.

mod answer;
mod body;
mod docs;
mod door;
mod limits;
mod looks;
mod middleware;
mod openapi;
mod query;
mod routes;
mod table;

pub use limits::{Front, HttpLimits};

use crate::domain::borders::{Atlas, CrossingPoints};
use crate::domain::ids::{RoomId, Seq};
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::registry::RoomCard;
use crate::service::auth::Auth;
use crate::service::clock::Clock;
use crate::service::desk::DeskHandle;
use crate::service::journal::{JournalError, Readers};
use crate::service::live::{Feeds, Hub};
use crate::service::registry::Registry;
use crate::service::signing::Signing;
use crate::service::telemetry::Metrics;
use crate::wire::channels::ReachedWire;
use crate::wire::live::ModeWire;
use crate::wire::problem::{Problem, ProblemKind};
use axum::Router;
use looks::Looks;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// How many strips are drawn at one time: it is work for a processor, of which the desk wants its own.
const STRIPS_AT_ONCE: usize = 1;
/// How long an answer waits for the picture to show what was just recorded.
const PICTURE_WAIT: Duration = Duration::from_secs(5);

/// What this room is given.
pub struct HttpParts {
    /// The way to the desk.
    pub desk: DeskHandle,
    /// The rooms' pictures.
    pub hub: Arc<Hub>,
    /// The journal, to read.
    pub readers: Readers,
    /// Who is logged in.
    pub auth: Arc<Auth>,
    /// Rooms, units and accounts.
    pub registry: Arc<Registry>,
    /// Rooms of partners, in other services.
    pub partners: Arc<[RoomCard]>,
    /// The borders.
    pub atlas: Arc<Atlas>,
    /// The named places where roads cross them.
    pub crossing_points: Arc<CrossingPoints>,
    /// The law.
    pub rulebook: Arc<Rulebook>,
    /// What pairs of states agreed on.
    pub profiles: Arc<Profiles>,
    /// Signs in the name of rooms.
    pub signing: Arc<Signing>,
    /// The service's time.
    pub clock: Clock,
    /// Real or exercise.
    pub mode: ModeWire,
    /// Whom notices reach beside the rooms.
    pub reached: Vec<ReachedWire>,
    /// How the service is reached.
    pub front: Front,
    /// How much is taken.
    pub limits: HttpLimits,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Becomes true when the service is ending: viewers are told goodbye.
    pub ending: watch::Receiver<bool>,
}

/// What the routes share. Cheap to clone.
#[derive(Clone)]
pub struct HttpState(Arc<House>);

/// [`HttpState`]'s inside.
struct House {
    parts: HttpParts,
    // Log-in runs on real time, whatever the service's clock shows.
    wall: Clock,
    looks: Looks,
    feeds: Arc<Feeds>,
    strips: Semaphore,
}

impl std::ops::Deref for HttpState {
    type Target = HttpParts;

    fn deref(&self) -> &HttpParts {
        &self.0.parts
    }
}

impl HttpParts {
    /// The rooms of this service, and those of partners.
    #[must_use]
    pub fn known_rooms(&self) -> Vec<RoomCard> {
        let registered = self.registry.picture();
        let own = registered.rooms().cloned();
        own.chain(self.partners.iter().cloned()).collect()
    }
}

impl HttpState {
    /// The state of a router.
    #[must_use]
    pub fn new(parts: HttpParts) -> Self {
        let feeds = Feeds::new(crate::service::live::FeedParts {
            hub: Arc::clone(&parts.hub),
            readers: parts.readers.clone(),
            clock: parts.clock.clone(),
            mode: parts.mode.clone(),
            reached: parts.reached.clone(),
            border_set: Arc::clone(parts.atlas.border_set()),
            recording: parts.desk.recording(),
            ending: parts.ending.clone(),
            limits: parts.limits.viewers.clone(),
            metrics: parts.metrics.live.clone(),
        });
        Self(Arc::new(House {
            parts,
            wall: Clock::real(),
            looks: Looks::default(),
            feeds: Arc::new(feeds),
            strips: Semaphore::new(STRIPS_AT_ONCE),
        }))
    }

    fn wall(&self) -> &Clock {
        &self.0.wall
    }

    fn looks(&self) -> &Looks {
        &self.0.looks
    }

    fn feeds(&self) -> &Arc<Feeds> {
        &self.0.feeds
    }

    fn strips(&self) -> &Semaphore {
        &self.0.strips
    }

    /// Waits until a room's picture shows all that is recorded now, so that nobody misses what was just answered.
    ///
    /// # Errors
    /// "Busy" when it does not within [`PICTURE_WAIT`]: an older picture would look like the one of now.
    async fn caught_up(&self, room: &RoomId) -> Result<(), Problem> {
        let ledger = room.clone();
        let head = self
            .readers
            .read(move |journal| -> Result<Seq, JournalError> { Ok(journal.head(&ledger)?.seq) });
        let waiting = async {
            let head = head.await?;
            let Some((feed, mut seq)) = self.hub.subscribe(room, |picture| picture.seq) else {
                return Ok(());
            };
            while seq < head.0 {
                feed.next().await;
                seq = feed.head();
            }
            Ok::<(), JournalError>(())
        };
        let done = tokio::time::timeout(PICTURE_WAIT, waiting).await;
        if let Ok(Ok(())) = done {
            return Ok(());
        }
        tracing::warn!(room.id = %room, ?done, "the picture is late");
        Err(late())
    }
}

/// What is answered in place of a picture that is older than what is recorded.
fn late() -> Problem {
    let sentence = "the picture is late: look again in a second";
    Problem::new(ProblemKind::Busy, sentence).retry_after_s(1)
}

/// The service's router: this room's addresses, those of the rooms `beside` it, and what holds for all of them.
pub fn router(state: &HttpState, beside: Router) -> Router {
    let own = table::Table::with_all().into_router(state);
    let all = own.with_state(state.clone()).merge(beside);
    middleware::around(all, state)
}
