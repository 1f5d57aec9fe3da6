//! What the service counts, for Prometheus. No label names a unit, an operation or a person.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use std::time::Duration;

/// What is not counted but there, at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// Requests that wait for the desk.
    pub queue: usize,
    /// Whether what happens is recorded.
    pub recording: bool,
    /// Who watches the live picture.
    pub viewers: usize,
    /// Notices that are owed for too long and not sent.
    pub owed_unsent: usize,
    /// Notices that were sent and wait too long for a person to read them.
    pub sent_unseen: usize,
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// The desk's.
    pub desk: DeskMetrics,
    /// The live picture's.
    pub live: LiveMetrics,
    /// The router's.
    pub http: HttpMetrics,
    /// The outbox's.
    pub outbox: OutboxMetrics,
    /// That of the links to other services.
    pub link: LinkMetrics,
    queue: Gauge,
    recording: Gauge,
    viewers: Gauge,
    overdue: Family<Notice, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Notice {
    state: &'static str,
}

/// What the desk counts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DeskMetrics {
    commit: Histogram,
    commit_beside_snapshot: Histogram,
    records: Counter,
    broken: Family<Broken, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Broken {
    invariant: &'static str,
}

impl Default for DeskMetrics {
    fn default() -> Self {
        Self {
            commit: Histogram::new(exponential_buckets(0.000_25, 2.0, 16)),
            commit_beside_snapshot: Histogram::new(exponential_buckets(0.000_25, 2.0, 16)),
            records: Counter::default(),
            broken: Family::default(),
        }
    }
}

impl DeskMetrics {
    /// A commit became durable. `beside_snapshot`: whether a snapshot was being made or kept meanwhile.
    pub fn committed(&self, took: Duration, records: usize, beside_snapshot: bool) {
        self.commit.observe(took.as_secs_f64());
        if beside_snapshot {
            self.commit_beside_snapshot.observe(took.as_secs_f64());
        }
        self.records.inc_by(records as u64);
    }

    /// So often an invariant does not hold now.
    pub fn broken(&self, invariant: &'static str, count: i64) {
        self.broken.get_or_create(&Broken { invariant }).set(count);
    }
}

/// What the live picture counts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LiveMetrics {
    shown: Histogram,
    conflated: Counter,
    behind: Counter,
    snapshots: Counter,
    resumed: Counter,
    too_slow: Counter,
}

impl Default for LiveMetrics {
    fn default() -> Self {
        Self {
            shown: Histogram::new(exponential_buckets(0.000_25, 2.0, 16)),
            conflated: Counter::default(),
            behind: Counter::default(),
            snapshots: Counter::default(),
            resumed: Counter::default(),
            too_slow: Counter::default(),
        }
    }
}

impl LiveMetrics {
    /// What the desk took is durable and in every viewer's mailbox.
    pub fn shown(&self, took: Duration) {
        self.shown.observe(took.as_secs_f64());
    }

    /// A slow viewer was given several bulletins in one.
    pub fn conflated(&self) {
        self.conflated.inc();
    }

    /// A viewer was so slow that it read on from the journal.
    pub fn behind(&self) {
        self.behind.inc();
    }

    /// A viewer was given the whole picture.
    pub fn snapshot(&self) {
        self.snapshots.inc();
    }

    /// A viewer took up its feed again.
    pub fn resumed(&self) {
        self.resumed.inc();
    }

    /// A viewer was given up because it took nothing any more.
    pub fn too_slow(&self) {
        self.too_slow.inc();
    }
}

/// What the router counts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct HttpMetrics {
    answers: Family<Status, Counter>,
    took: Histogram,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Status {
    status: u16,
}

impl Default for HttpMetrics {
    fn default() -> Self {
        Self {
            answers: Family::default(),
            took: Histogram::new(exponential_buckets(0.000_5, 2.0, 16)),
        }
    }
}

impl HttpMetrics {
    /// A request was answered.
    pub fn answered(&self, status: u16, took: Duration) {
        self.answers.get_or_create(&Status { status }).inc();
        self.took.observe(took.as_secs_f64());
    }
}

/// What the outbox counts. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct OutboxMetrics {
    attempts: Family<AttemptLabels, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AttemptLabels {
    channel: &'static str,
    delivered: &'static str,
}

impl OutboxMetrics {
    /// An attempt was made by a channel.
    pub fn attempted(&self, channel: &'static str, delivered: bool) {
        let delivered = if delivered { "yes" } else { "no" };
        let labels = AttemptLabels { channel, delivered };
        self.attempts.get_or_create(&labels).inc();
    }
}

/// What links to other services count. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct LinkMetrics {
    whole: Family<LinkLabels, Gauge>,
    frames: Family<FrameLabels, Counter>,
    refused: Family<RefusedLabels, Counter>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LinkLabels {
    room: String,
    partner: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct FrameLabels {
    room: String,
    partner: String,
    way: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusedLabels {
    why: &'static str,
}

impl LinkMetrics {
    /// Whether the two rooms hear each other.
    pub fn whole(&self, room: &str, partner: &str, whole: bool) {
        let labels = LinkLabels {
            room: room.to_owned(),
            partner: partner.to_owned(),
        };
        self.whole.get_or_create(&labels).set(i64::from(whole));
    }

    /// A frame was `sent` to a partner, or `taken` from it.
    pub fn frame(&self, room: &str, partner: &str, way: &'static str) {
        let labels = FrameLabels {
            room: room.to_owned(),
            partner: partner.to_owned(),
            way,
        };
        self.frames.get_or_create(&labels).inc();
    }

    /// Somebody, or something that came, was refused.
    pub fn refused(&self, why: &'static str) {
        self.refused.get_or_create(&RefusedLabels { why }).inc();
    }

    fn register(&self, registry: &mut Registry) {
        let says = "1 while a room and its partner in another service hear each other, 0 while not";
        registry.register("whole", says, self.whole.clone());
        let says = "Frames said to partners, and taken from them";
        registry.register("frames", says, self.frames.clone());
        let says = "Connections and frames of other services that were refused";
        registry.register("refused", says, self.refused.clone());
    }
}

impl Metrics {
    /// Counters at zero. `registry` may hold what other rooms of the service count already.
    #[must_use]
    pub fn new(mut registry: Registry) -> Self {
        let metrics = Self {
            registry: Registry::default(),
            desk: DeskMetrics::default(),
            live: LiveMetrics::default(),
            http: HttpMetrics::default(),
            outbox: OutboxMetrics::default(),
            link: LinkMetrics::default(),
            queue: Gauge::default(),
            recording: Gauge::default(),
            viewers: Gauge::default(),
            overdue: Family::default(),
        };
        metrics.register_desk(registry.sub_registry_with_prefix("desk"));
        metrics.register_live(registry.sub_registry_with_prefix("live"));
        metrics
            .link
            .register(registry.sub_registry_with_prefix("link"));
        let http = registry.sub_registry_with_prefix("http");
        http.register(
            "answers",
            "Requests answered, by status",
            metrics.http.answers.clone(),
        );
        let took = metrics.http.took.clone();
        http.register_with_unit("answer", "Time to answer a request", Unit::Seconds, took);
        registry.register(
            "notice_attempts",
            "Attempts to deliver a notice by mail or webhook",
            metrics.outbox.attempts.clone(),
        );
        let overdue = metrics.overdue.clone();
        registry.register(
            "notices_overdue",
            "Notices that wait too long for a person",
            overdue,
        );
        Self {
            registry,
            ..metrics
        }
    }

    fn register_desk(&self, registry: &mut Registry) {
        let commit = self.desk.commit.clone();
        registry.register_with_unit(
            "commit",
            "Time to make a commit durable",
            Unit::Seconds,
            commit,
        );
        registry.register_with_unit(
            "commit_beside_snapshot",
            "Time to make a commit durable while a snapshot was being made or kept",
            Unit::Seconds,
            self.desk.commit_beside_snapshot.clone(),
        );
        registry.register("records", "Records appended", self.desk.records.clone());
        registry.register(
            "invariants_broken",
            "How often what must hold of the rooms does not hold now, by its number; always 0 in a sound service",
            self.desk.broken.clone(),
        );
        registry.register(
            "queue",
            "Requests that wait for the desk",
            self.queue.clone(),
        );
        let says = "1 while what happens is recorded, 0 while it is not";
        registry.register("recording", says, self.recording.clone());
    }

    fn register_live(&self, registry: &mut Registry) {
        registry.register(
            "viewers",
            "Who watches the live picture",
            self.viewers.clone(),
        );
        let live = &self.live;
        registry.register_with_unit(
            "shown",
            "Time from the desk's taking the first request of a commit until its bulletin waits for every viewer",
            Unit::Seconds,
            live.shown.clone(),
        );
        registry.register(
            "conflated",
            "Bulletins joined for slow viewers",
            live.conflated.clone(),
        );
        registry.register(
            "behind",
            "Viewers sent back to the journal",
            live.behind.clone(),
        );
        registry.register("snapshots", "Whole pictures sent", live.snapshots.clone());
        registry.register("resumed", "Feeds taken up again", live.resumed.clone());
        registry.register("too_slow", "Viewers given up", live.too_slow.clone());
    }

    /// Takes the levels of this moment.
    pub fn levels(&self, levels: Levels) {
        let Levels {
            queue,
            recording,
            viewers,
            owed_unsent,
            sent_unseen,
        } = levels;
        self.queue.set(queue as i64);
        self.recording.set(i64::from(recording));
        self.viewers.set(viewers as i64);
        let overdue = |state| self.overdue.get_or_create(&Notice { state });
        overdue("owed_unsent").set(owed_unsent as i64);
        overdue("sent_unseen").set(sent_unseen as i64);
    }

    /// The text that Prometheus reads.
    ///
    /// # Panics
    /// Never: writing to a text cannot fail.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a text takes whatever is written");
        text
    }
}
