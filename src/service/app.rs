//! Assembly: builds the rooms of the service, joins their channels, waits for the end.
//!
//! The only place that knows them all. A test and `main` make the same three calls: [`start`], [`Running::address`],
//! [`Running::stop`].

mod gate;
mod listener;

use crate::domain::borders::{Atlas, CrossingPoints};
use crate::domain::ids::RoomId;
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::Timestamp;
use crate::domain::tracks::GateLimits;
use crate::domain::world::World;
use crate::service::auth::{Auth, SessionLimits, keep_sessions};
use crate::service::clock::Clock;
use crate::service::config::Tls;
use crate::service::datadir::DataDir;
use crate::service::desk::{
    Desk, DeskHandle, KeepEvery, Parts, Published, Recovered, Shown, Tail, disk_of, recover,
};
use crate::service::http::{self, Front, HttpLimits, HttpParts, HttpState};
use crate::service::ingest::{self, IngestLimits, IngestMetrics, IngestParts, IngestState};
use crate::service::journal::{Journal, Readers, SqliteJournal, SqliteReader};
use crate::service::link::{self, LinkParts, LinkSettings};
use crate::service::live::picture::Picture;
use crate::service::live::{Hub, follow};
use crate::service::outbox::{Outbox, OutboxParts, OutboxSettings};
use crate::service::profiles::{self, SignedProfiles};
use crate::service::registry::{Registry, keep_current};
use crate::service::ruledata;
use crate::service::signing::Signing;
use crate::service::telemetry::Metrics;
use crate::wire::channels::ReachedWire;
use crate::wire::live::{ModeWire, PositionWire};
use anyhow::Context as _;
use axum::Router;
use gate::RegistryGate;
use listener::listen;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Commits that wait for the hub at most: then the desk waits too, and with it the senders.
const PUBLISHED_MAX: usize = 64;
/// How long requests under way may take when the service ends.
const ENDING_MAX: Duration = Duration::from_secs(6);
/// How long answers and goodbyes on their way are waited for after that.
const GOODBYE_MAX: Duration = Duration::from_secs(3);

/// What a service is started with.
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Where it keeps its records.
    pub data: PathBuf,
    /// The borders.
    pub atlas: Arc<Atlas>,
    /// The named places where roads cross the borders.
    pub crossing_points: Arc<CrossingPoints>,
    /// The law.
    pub rulebook: Arc<Rulebook>,
    /// What pairs of states agreed on, signed.
    pub profiles: SignedProfiles,
    /// Real time, or an exercise's.
    pub clock: Clock,
    /// Real or exercise.
    pub mode: ModeWire,
    /// What the gate admits.
    pub gate: GateLimits,
    /// How often a snapshot of the record is made.
    pub keep_every: KeepEvery,
    /// With less than so many mebibytes left on the disk of the records, recording is at risk.
    pub least_free_mib: u64,
    /// How much is taken in.
    pub ingest: IngestLimits,
    /// How much a desk may ask for, and how many watch.
    pub http: HttpLimits,
    /// How long a log-in lasts.
    pub sessions: SessionLimits,
    /// Whether a proxy stands before it: the visitor's address and scheme are what the proxy says.
    pub behind_proxy: bool,
    /// TLS of its own.
    pub tls: Option<Tls>,
    /// How notices leave beside the other rooms.
    pub outbox: OutboxSettings,
    /// The links to rooms of other services.
    pub link: LinkSettings,
}

/// A service that runs.
pub struct Running {
    address: SocketAddr,
    link_address: Option<SocketAddr>,
    /// The way to the desk.
    pub desk: DeskHandle,
    /// What each room sees.
    pub hub: Arc<Hub>,
    /// Who may speak.
    pub registry: Arc<Registry>,
    /// The time.
    pub clock: Clock,
    ending: watch::Sender<bool>,
    desk_thread: JoinHandle<()>,
    tasks: JoinSet<()>,
    auth: Arc<Auth>,
}

/// Starts a service; it answers when this returns.
///
/// # Errors
/// When the data folder, the journal, the registry or the address cannot be used: one sentence that names what to do.
pub async fn start(settings: Settings) -> anyhow::Result<Running> {
    let data = DataDir::create(&settings.data)?;
    let exercise = settings.mode.name.as_deref();
    data.keep_apart(exercise.filter(|_| settings.mode.exercise))?;
    if let Some(hint) = data.permission_hint() {
        tracing::warn!("{hint}");
    }
    let registry = Arc::new(Registry::open(&data)?);
    settings.link.check_rooms(registry.picture().rooms())?;
    let folder = data.path().to_path_buf();
    let (journal, recovered, pictures) = {
        let folder = folder.clone();
        tokio::task::spawn_blocking(move || open_journal(&folder)).await??
    };
    let signing = Arc::new(Signing::new(&data).with_partners(settings.link.keys()));
    let rulebook = rules_of(&data, &settings.rulebook, &recovered)?;
    let profiles = profiles_of(&data, &settings.profiles, &recovered)?;
    if let Some(recorded_at) = recovered.recorded_at {
        settings.clock.not_before(recorded_at);
    }
    let hub = Arc::new(Hub::default());
    let (published, next) = sync_channel::<Published>(PUBLISHED_MAX);
    for (room, picture) in pictures {
        hub.begin(picture, room);
    }
    let mut counted = prometheus_client::registry::Registry::with_prefix("limes");
    let ingest_metrics = IngestMetrics::new(&mut counted);
    let metrics = Arc::new(Metrics::new(counted));
    let readers = readers_of(folder.clone());
    let parts = Parts {
        open_reader: Arc::new({
            let folder = folder.clone();
            move || Ok(Box::new(SqliteReader::open(&folder)?))
        }),
        disk: disk_of(folder.clone(), settings.least_free_mib),
        keep_every: settings.keep_every,
        reopen: Box::new(move || Ok(Box::new(SqliteJournal::open(&folder)?) as Box<dyn Journal>)),
        registry: Arc::clone(&registry),
        atlas: Arc::clone(&settings.atlas),
        crossing_points: Arc::clone(&settings.crossing_points),
        rulebook,
        profiles: Arc::clone(&profiles),
        channels: Arc::new(settings.outbox.channels()),
        partners: settings.link.cards().into(),
        post: Arc::clone(&signing) as _,
        gate: settings.gate,
        clock: settings.clock.clone(),
        published,
        metrics: metrics.desk.clone(),
    };
    // It ends with the desk, which holds the other end.
    vital("hub", {
        let (hub, shown) = (Arc::clone(&hub), metrics.live.clone());
        move || follow(&hub, &next, &shown)
    })?;
    let (mut desk, handle) = Desk::new(parts, Box::new(journal), recovered);
    desk.enrol().context("the register cannot be recorded")?;
    let mut tasks = JoinSet::new();
    let runtime = tokio::runtime::Handle::current();
    let desk_thread = vital("desk", move || desk.run(&runtime))?;

    let real = Clock::real();
    let sessions = settings.sessions;
    let auth = Arc::new(Auth::new(Arc::clone(&registry), sessions, real.now())?);
    tasks.spawn(keep_current(Arc::clone(&registry)));
    tasks.spawn(keep_sessions(Arc::clone(&auth), move || real.now()));
    let (ending, ended) = watch::channel(false);
    let carried = Carried {
        desk: &handle,
        signing: &signing,
        metrics: &metrics,
        ended: &ended,
    };
    let link_address = carried.begin(&settings, &mut tasks).await?;
    let inside = Inside {
        desk: handle.clone(),
        hub: Arc::clone(&hub),
        readers,
        auth: Arc::clone(&auth),
        registry: Arc::clone(&registry),
        profiles,
        signing,
        metrics,
        ingest_metrics,
        ended: ended.clone(),
    };
    let router = doors(&settings, inside);
    let address = listen(&settings, router, ended, &mut tasks).await?;
    Ok(Running {
        address,
        link_address,
        desk: handle,
        hub,
        registry,
        clock: settings.clock,
        ending,
        desk_thread,
        tasks,
        auth,
    })
}

/// A thread that the service cannot live without. When it ends by a fault the process ends too, and its next start folds
/// what is recorded: a feed must not go on beating over a picture that nobody keeps.
fn vital(
    name: &'static str,
    work: impl FnOnce() + Send + 'static,
) -> anyhow::Result<JoinHandle<()>> {
    let guarded = move || {
        if std::panic::catch_unwind(AssertUnwindSafe(work)).is_err() {
            tracing::error!(thread = name, "ended by a fault: start the service anew");
            std::process::exit(1);
        }
    };
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(guarded)
        .with_context(|| format!("no thread for the {name}"))
}

fn readers_of(folder: PathBuf) -> Readers {
    Readers::new(move || Ok(Box::new(SqliteReader::open(&folder)?)))
}

/// What carries words out of the service, beside the desk, works with.
struct Carried<'s> {
    desk: &'s DeskHandle,
    signing: &'s Arc<Signing>,
    metrics: &'s Metrics,
    ended: &'s watch::Receiver<bool>,
}

impl Carried<'_> {
    /// Mail and webhooks, and the links to other services; tells where these connect to.
    async fn begin(
        self,
        settings: &Settings,
        tasks: &mut JoinSet<()>,
    ) -> anyhow::Result<Option<SocketAddr>> {
        let outbox = Outbox::new(OutboxParts {
            desk: self.desk.clone(),
            settings: settings.outbox.clone(),
            signing: Arc::clone(self.signing),
            clock: settings.clock.clone(),
            metrics: self.metrics.outbox.clone(),
        })?;
        tasks.spawn(outbox.run());
        let links = LinkParts {
            desk: self.desk.clone(),
            settings: settings.link.clone(),
            clock: settings.clock.clone(),
            metrics: self.metrics.link.clone(),
            ended: self.ended.clone(),
        };
        link::start(links, tasks).await
    }
}

/// What the doors of the service lead to.
struct Inside {
    desk: DeskHandle,
    hub: Arc<Hub>,
    readers: Readers,
    auth: Arc<Auth>,
    registry: Arc<Registry>,
    profiles: Arc<Profiles>,
    signing: Arc<Signing>,
    metrics: Arc<Metrics>,
    ingest_metrics: IngestMetrics,
    ended: watch::Receiver<bool>,
}

/// The doors: that of the units, and that of the people.
fn doors(settings: &Settings, inside: Inside) -> Router {
    let ingest = IngestState::new(IngestParts {
        desk: inside.desk.clone(),
        gate: Arc::new(RegistryGate::new(
            Arc::clone(&inside.registry),
            Clock::real(),
        )),
        limits: settings.ingest.clone(),
        metrics: inside.ingest_metrics,
        ending: inside.ended.clone(),
    });
    let http = HttpState::new(HttpParts {
        desk: inside.desk,
        hub: inside.hub,
        readers: inside.readers,
        auth: inside.auth,
        registry: inside.registry,
        partners: settings.link.cards().into(),
        atlas: Arc::clone(&settings.atlas),
        crossing_points: Arc::clone(&settings.crossing_points),
        rulebook: Arc::clone(&settings.rulebook),
        profiles: inside.profiles,
        signing: inside.signing,
        clock: settings.clock.clone(),
        mode: settings.mode.clone(),
        reached: ReachedWire::of(&settings.outbox.channels(), settings.mode.exercise),
        front: Front {
            tls: settings.tls.is_some(),
            behind_proxy: settings.behind_proxy,
        },
        limits: settings.http.clone(),
        metrics: inside.metrics,
        ending: inside.ended,
    });
    http::router(&http, ingest::router(ingest))
}

impl Running {
    /// Where it answers.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where partners in other services connect to.
    #[must_use]
    pub const fn link_address(&self) -> Option<SocketAddr> {
        self.link_address
    }

    /// Ends the service: no new connections, what was taken is recorded and answered, then it is over. Each step has a
    /// deadline.
    ///
    /// # Errors
    /// When the desk ended by a panic.
    pub async fn stop(self) -> anyhow::Result<()> {
        let Self {
            desk,
            ending,
            desk_thread,
            mut tasks,
            auth,
            ..
        } = self;
        ending.send_replace(true);
        tokio::time::sleep(Duration::from_millis(50)).await;
        let settling = Arc::clone(&auth);
        let now = Clock::real().now();
        // A session that could not be written down is written by its next use.
        let _ = tokio::task::spawn_blocking(move || settling.settle(now)).await;
        desk.end().await;
        let joined = tokio::task::spawn_blocking(move || desk_thread.join());
        let over = tokio::time::timeout(ENDING_MAX, joined).await;
        // Everybody who is served watches for the end: when nobody does any more, all were answered and told. Who takes
        // nothing is not waited for.
        let _ = tokio::time::timeout(GOODBYE_MAX, ending.closed()).await;
        tasks.shutdown().await;
        match over {
            Ok(Ok(Ok(()))) => Ok(()),
            Ok(_) => anyhow::bail!("the desk ended by a fault: see the log"),
            Err(_) => anyhow::bail!("the desk did not end in time"),
        }
    }
}

/// The rules, kept in the data folder, with the earlier ones that the records name.
fn rules_of(
    data: &DataDir,
    rulebook: &Rulebook,
    recovered: &Recovered,
) -> anyhow::Result<Arc<Rulebook>> {
    let named = recovered.worlds.values().flat_map(World::rules_named);
    let rulebook = ruledata::kept::with_earlier(data, rulebook, &named.cloned().collect())?;
    ruledata::kept::keep(data, &rulebook)?;
    Ok(Arc::new(rulebook))
}

/// The profiles, kept in the data folder, with the earlier ones that the records name.
fn profiles_of(
    data: &DataDir,
    signed: &SignedProfiles,
    recovered: &Recovered,
) -> anyhow::Result<Arc<Profiles>> {
    let named = recovered.worlds.values().flat_map(World::profiles_named);
    let profiles = profiles::kept::with_earlier(data, signed, &named.cloned().collect())?;
    profiles::kept::keep(data, signed)?;
    Ok(Arc::new(profiles))
}

type Opened = (SqliteJournal, Recovered, BTreeMap<RoomId, Picture>);

/// Opens the journal and folds it: once for the worlds, and on the way for the pictures.
fn open_journal(folder: &std::path::Path) -> anyhow::Result<Opened> {
    let began = std::time::Instant::now();
    let journal = SqliteJournal::open(folder)?;
    let mut pictures = BTreeMap::new();
    let recovered = recover(&journal, &mut |shown| match shown {
        Shown::Event(room, event) => {
            let picture = pictures
                .entry(room.clone())
                .or_insert_with(|| Picture::new(room.as_str()));
            let seq = event.seq;
            picture.fold(seq, &[event], &[]);
        }
        Shown::Fix(..) => {}
    })?;
    for (room, tails) in &recovered.tails {
        if let Some(picture) = pictures.get_mut(room) {
            let fixes = tails.values().flat_map(Tail::fixes);
            let positions: Vec<PositionWire> = fixes.map(PositionWire::from).collect();
            picture.fold(picture.seq, &[], &positions);
        }
    }
    for (room, head) in &recovered.heads {
        if let Some(picture) = pictures.get_mut(room) {
            picture.seq = head.0;
        }
    }
    let (records, fixes) = (recovered.records, recovered.fixes);
    if records > 0 {
        let duration_ms = began.elapsed().as_millis() as u64;
        tracing::info!(records, fixes, duration_ms, "the journal was folded");
    }
    Ok((journal, recovered, pictures))
}

/// The real time, for what an exercise does not speed up.
#[must_use]
pub fn real_now() -> Timestamp {
    Clock::real().now()
}
