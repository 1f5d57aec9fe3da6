//! The links to rooms of other services: carries what rooms tell each other from one service to the other.
//!
//! ```text
//!  desk ─ frames, as recorded ─▶ dial ══ TLS, WebSocket ══▶ accept ─ take_frame ─▶ desk of the partner
//!    ▲                            │ ▲                          │
//!    └──────── Confirmed ─────────┘ └─── taken, once durable ──┘
//!    ▲
//!    └─ Cut, Head, Clock ─ pair ◀─ when what was heard, on both connections
//! ```
//!
//! Each room dials each partner, and tells on the connection that it dialled; so a link of two rooms has two. What carries may
//! lose, repeat and end at any time: only the numbers of frames decide, and the desk keeps them. Nothing is answered before it
//! is recorded, and nothing is forgotten before it is answered.

mod accept;
mod beats;
mod dial;
mod line;
mod pair;
mod settings;
#[cfg(test)]
mod tests;
mod tls;
mod watch;

pub use settings::{Identity, LinkSettings, Partner};

use crate::domain::ids::RoomId;
use crate::service::clock::Clock;
use crate::service::desk::DeskHandle;
use crate::service::telemetry::LinkMetrics;
use accept::Door;
use anyhow::Context as _;
use pair::{Links, Pair, TELL_AGAIN};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tls::PartnerTls;
use tokio::net::TcpListener;
use tokio::sync::watch as channel;
use tokio::task::{Id, JoinSet};

/// What links work with.
pub struct LinkParts {
    /// Knows what is to be told, and takes what is told.
    pub desk: DeskHandle,
    /// Who the partners are.
    pub settings: LinkSettings,
    /// The time of the service.
    pub clock: Clock,
    /// What is counted.
    pub metrics: LinkMetrics,
    /// Rings when the service ends.
    pub ended: channel::Receiver<bool>,
}

/// Begins to speak with the partners; tells where they connect to.
///
/// # Errors
/// When a file of the configuration or the address cannot be used: one sentence that names it.
pub async fn start(
    parts: LinkParts,
    tasks: &mut JoinSet<()>,
) -> anyhow::Result<Option<SocketAddr>> {
    if parts.settings.partners.is_empty() {
        return Ok(None);
    }
    let tls = tls::read(&parts.settings)?;
    let listener = match parts.settings.listen {
        None => None,
        Some(listen) => Some(TcpListener::bind(listen).await.with_context(|| {
            format!("link.listen: {listen} cannot be listened on: is it in use?")
        })?),
    };
    let address = listener.as_ref().map(TcpListener::local_addr).transpose()?;
    let (pairs, links) = (Arc::new(Pairs::default()), parts.desk.links());
    let mut links_of_all = LinksOfAll {
        partners: parts.settings.partners.into_iter().map(Arc::new).collect(),
        tls: tls.partners.clone(),
        pairs: Arc::clone(&pairs),
        links: links.clone(),
        with: (parts.desk, parts.clock, parts.metrics.clone()),
        work: JoinSet::new(),
        whose: BTreeMap::new(),
    };
    links_of_all.begin_new();
    let door = Arc::new(Door {
        tls,
        pairs,
        links,
        metrics: parts.metrics,
    });
    let mut ended = parts.ended;
    tasks.spawn(async move {
        let taking = async {
            match listener {
                Some(listener) => accept::run(listener, door).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            // An error means that the service is gone: that is an end too.
            _ = ended.wait_for(|ended| *ended) => {}
            () = links_of_all.run() => {}
            () = taking => {}
        }
    });
    Ok(address)
}

/// The links that there are.
#[derive(Default)]
struct Pairs(Mutex<BTreeMap<(RoomId, RoomId), Arc<Pair>>>);

impl Pairs {
    /// That of a room of this service and one of another.
    fn find(&self, room: &RoomId, partner: &RoomId) -> Option<Arc<Pair>> {
        let pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.get(&(room.clone(), partner.clone())).cloned()
    }

    fn all(&self) -> Vec<Arc<Pair>> {
        let pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.values().cloned().collect()
    }

    fn add(&self, pair: &Arc<Pair>) {
        let key = (pair.room.clone(), pair.partner_room().clone());
        let mut pairs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        pairs.insert(key, Arc::clone(pair));
    }
}

/// Works on every link, also of rooms that are added while the service runs.
struct LinksOfAll {
    partners: Vec<Arc<Partner>>,
    tls: BTreeMap<RoomId, PartnerTls>,
    pairs: Arc<Pairs>,
    links: Links,
    with: (DeskHandle, Clock, LinkMetrics),
    work: JoinSet<()>,
    whose: BTreeMap<Id, Arc<Pair>>,
}

impl LinksOfAll {
    async fn run(mut self) {
        loop {
            tokio::select! {
                changed = self.links.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    self.begin_new();
                }
                Some(over) = self.work.join_next_with_id(), if !self.work.is_empty() => {
                    let (id, fault) = match over {
                        Ok((id, ())) => (id, None),
                        Err(fault) => (fault.id(), Some(fault)),
                    };
                    let pair = self.whose.remove(&id);
                    if let (Some(fault), Some(pair)) = (fault, pair) {
                        // A link that nobody works on would look as it looked last.
                        tracing::error!(%fault, "the work on a link ended by a fault");
                        tokio::time::sleep(TELL_AGAIN).await;
                        self.begin(pair);
                    }
                }
            }
        }
    }

    /// Begins to work on links that are new.
    fn begin_new(&mut self) {
        let rooms: Vec<RoomId> = self.links.borrow_and_update().keys().cloned().collect();
        for room in rooms {
            for partner in self.partners.clone() {
                let with = &partner.card.room;
                if *with == room || self.pairs.find(&room, with).is_some() {
                    continue;
                }
                let pair = Arc::new(Pair::new(room.clone(), partner, self.with.clone()));
                self.pairs.add(&pair);
                self.begin(pair);
            }
        }
    }

    fn begin(&mut self, pair: Arc<Pair>) {
        let Some(tls) = self.tls.get(pair.partner_room()).cloned() else {
            return;
        };
        let (links, of) = (self.links.clone(), Arc::clone(&pair));
        let task = self.work.spawn(async move {
            tokio::join!(pair.keep(), dial::run(&pair, &tls, &links));
        });
        self.whose.insert(task.id(), of);
    }
}
