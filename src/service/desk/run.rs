//! The loop.

mod anew;
mod disk;
mod holding;
mod keeping;
mod late;
mod links;
mod listening;
mod outgoing;
mod register;
mod waiting;

pub use self::disk::{Disk, disk_of};
use self::keeping::Keeping;
use self::listening::Listening;
use self::waiting::{Waiting, order_answer};
use super::handle::{
    DeskError, DeskHandle, FixReceipt, FixSender, OrderAnswer, Quarantined, Recording, Request,
    RoomLinks,
};
use super::keeper::{KeepEvery, Keeper, OpenReader};
use super::recovery::Recovered;
use super::stage::{Staged, records, seq_at};
use crate::domain::borders::{Atlas, CrossingPoints};
use crate::domain::ids::{OperationId, RoomId, Seq, UnitId};
use crate::domain::input::{Cause, Input, Order, OrderKind};
use crate::domain::law::profile::agreed::Profiles;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::Timestamp;
use crate::domain::operations::channels::Channels;
use crate::domain::operations::handover::Post;
use crate::domain::registry::RoomCard;
use crate::domain::tracks::GateLimits;
use crate::domain::tracks::fix::{Fix, ReportedFix};
use crate::domain::world::outbox::Outgoing;
use crate::domain::world::rooms::{Batch, Taken};
use crate::domain::world::{Answer, Grounds, World};
use crate::service::clock::Clock;
use crate::service::journal::{Journal, JournalError};
use crate::service::registry::Registry;
use crate::service::telemetry::DeskMetrics;
use crate::wire::event::EventWire;
use crate::wire::letter;
use crate::wire::stored::StoredEvent;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// How many requests wait at most; full on HTTP is 503, full on a WebSocket is no more reading.
const QUEUE_MAX: usize = 1_024;
/// How many fixes one commit takes at most, about.
const BATCH_FIXES_MAX: usize = 20_000;
/// How many requests one commit takes at most.
const BATCH_REQUESTS_MAX: usize = 512;
/// How often time and the register are looked at.
const TICK: Duration = Duration::from_millis(200);
/// The least time from one commit to the next: under a stream of single requests they share a commit.
const COMMIT_INTERVAL: Duration = Duration::from_millis(1);
/// How long between two tries to record what could not be.
const RETRY: Duration = Duration::from_millis(500);

/// What one commit made true in one ledger; sent once it is durable.
#[derive(Debug, Clone)]
pub struct Published {
    /// The ledger.
    pub room: RoomId,
    /// The record before the first.
    pub prev: Seq,
    /// The last record.
    pub seq: Seq,
    /// Our time.
    pub at: Timestamp,
    /// The events, oldest first.
    pub events: Vec<EventWire>,
    /// The admitted fixes, oldest first.
    pub fixes: Vec<Fix>,
    /// When the desk took the first request of the commit.
    pub taken: Instant,
}

/// What the desk works with, beside its journal.
pub struct Parts {
    /// How it opens the journal anew after a failed write.
    pub reopen: Box<dyn Fn() -> Result<Box<dyn Journal>, JournalError> + Send>,
    /// How a reader of the journal is opened, and how often a snapshot is made with it.
    pub open_reader: Arc<OpenReader>,
    /// See `open_reader`.
    pub keep_every: KeepEvery,
    /// Who may speak.
    pub registry: Arc<Registry>,
    /// The borders.
    pub atlas: Arc<Atlas>,
    /// The named places where roads cross them.
    pub crossing_points: Arc<CrossingPoints>,
    /// The law.
    pub rulebook: Arc<Rulebook>,
    /// What pairs of states agreed on.
    pub profiles: Arc<Profiles>,
    /// By which channels notices leave beside the other room.
    pub channels: Arc<Channels>,
    /// The rooms of partners, in other services.
    pub partners: Arc<[RoomCard]>,
    /// Who signs what rooms say to each other.
    pub post: Arc<dyn Post + Send + Sync>,
    /// What the gate admits.
    pub gate: GateLimits,
    /// The time.
    pub clock: Clock,
    /// How much room is left on the disk of the records; `None` when that cannot be known.
    pub disk: Disk,
    /// What happens is sent here once it is durable; when nobody takes it the desk waits.
    pub published: SyncSender<Published>,
    /// What is counted.
    pub metrics: DeskMetrics,
}

/// The desk: owns every room's world.
pub struct Desk {
    parts: Parts,
    // None while it is being opened anew: the folder has one writer at a time.
    journal: Option<Box<dyn Journal>>,
    queue: mpsc::Receiver<Request>,
    recording: watch::Sender<Recording>,
    outgoing: watch::Sender<Arc<[Outgoing]>>,
    links: watch::Sender<Arc<BTreeMap<RoomId, RoomLinks>>>,
    ending: Arc<AtomicBool>,
    worlds: BTreeMap<RoomId, World>,
    heads: BTreeMap<RoomId, Seq>,
    staged: BTreeMap<RoomId, Staged>,
    batch: Batch,
    register_change: u64,
    last_tick: Timestamp,
    /// When the room on the disk was looked at last.
    disk_seen: Option<Timestamp>,
    /// Until when it was looked whether time made or ended an alarm; at the start, never.
    alarms_until: Timestamp,
    taken: Instant,
    keeper: Keeper,
    // Made beside the desk, kept step by step between the commits.
    keeping: Keeping,
    // Units remembered from a snapshot, whose earlier fixes only the journal knows.
    unread: BTreeMap<RoomId, BTreeMap<UnitId, Timestamp>>,
    // Why the journal could not be read while deciding: then nothing of the batch may stand.
    unreadable: Option<JournalError>,
    listening: Listening,
}

impl Desk {
    /// A desk over the worlds that the journal made.
    #[must_use]
    pub fn new(
        parts: Parts,
        journal: Box<dyn Journal>,
        recovered: Recovered,
    ) -> (Self, DeskHandle) {
        let (sender, queue) = mpsc::channel(QUEUE_MAX);
        let (recording, watched) = watch::channel(Recording::Ok);
        let (outgoing, awaited) = watch::channel(outgoing::of(&recovered.worlds));
        let (links, numbers) = watch::channel(Arc::default());
        let last_tick = parts.clock.now();
        let ending = Arc::new(AtomicBool::new(false));
        let keeper = Keeper::new(
            parts.keep_every,
            &recovered,
            Arc::clone(&parts.open_reader),
            sender.downgrade(),
        );
        let desk = Self {
            parts,
            keeper,
            keeping: Keeping::default(),
            unread: recovered.unread,
            unreadable: None,
            queue,
            recording,
            outgoing,
            links,
            ending: Arc::clone(&ending),
            journal: Some(journal),
            worlds: recovered.worlds,
            heads: recovered.heads,
            staged: BTreeMap::new(),
            batch: Batch::default(),
            register_change: 0,
            last_tick,
            disk_seen: None,
            alarms_until: Timestamp::EPOCH,
            taken: Instant::now(),
            listening: Listening::not_yet(last_tick),
        };
        let handle = DeskHandle {
            queue: sender,
            recording: watched,
            outgoing: awaited,
            links: numbers,
            ending,
        };
        (desk, handle)
    }

    /// The worlds, for the first picture of the live hub.
    #[must_use]
    pub const fn worlds(&self) -> &BTreeMap<RoomId, World> {
        &self.worlds
    }

    /// The last number of each ledger.
    #[must_use]
    pub const fn heads(&self) -> &BTreeMap<RoomId, Seq> {
        &self.heads
    }

    /// Runs until it is told to end, or every handle is gone, and the queue is empty.
    pub fn run(mut self, runtime: &tokio::runtime::Handle) {
        let mut committed = Instant::now();
        loop {
            let pause = if self.keeping.is_over() {
                TICK
            } else {
                COMMIT_INTERVAL
            };
            let first =
                runtime.block_on(async { tokio::time::timeout(pause, self.queue.recv()).await });
            let first = match first {
                Ok(Some(request)) => Some(request),
                Ok(None) => break,
                Err(_) => None,
            };
            // The thread is the desk's own: it may sleep.
            std::thread::sleep(COMMIT_INTERVAL.saturating_sub(committed.elapsed()));
            committed = self.turn(first);
        }
    }

    /// Decides and records what is there, then does one step of what else is to be done: when it was recorded.
    pub(super) fn turn(&mut self, first: Option<Request>) -> Instant {
        let waiting = self.take(first);
        self.commit(waiting);
        let committed = Instant::now();
        self.keep_on();
        committed
    }

    /// Decides what is there, up to one commit's worth.
    fn take(&mut self, first: Option<Request>) -> Vec<Waiting> {
        let mut waiting = Vec::new();
        let mut fixes = 0;
        let mut next = first;
        self.taken = Instant::now();
        self.listening.looks(&self.parts.clock);
        self.look_at_register();
        while let Some(request) = next {
            if let Request::Fixes { fixes: batch, .. } = &request {
                fixes += batch.len();
            }
            waiting.extend(self.answer(request));
            let full = fixes >= BATCH_FIXES_MAX || waiting.len() >= BATCH_REQUESTS_MAX;
            next = if full {
                None
            } else {
                self.queue.try_recv().ok()
            };
        }
        self.tell_late();
        self.tick();
        // What time brought about is told to rooms in other services as well.
        self.tell_late();
        waiting
    }

    fn answer(&mut self, request: Request) -> Option<Waiting> {
        let now = self.parts.clock.now();
        match request {
            Request::Fixes {
                sender,
                fixes,
                answer,
            } => {
                let receipt = self.fixes(&sender, fixes, now);
                Some(Waiting::Fixes(answer, receipt))
            }
            Request::Act { room, act, answer } => {
                let given = self.decide(&room, Cause::Act(act), now);
                Some(Waiting::Order(answer, order_answer(given)))
            }
            Request::Footprint {
                room,
                footprint,
                answer,
            } => {
                let given = self.decide(&room, Cause::Footprint(footprint), now);
                Some(Waiting::Order(answer, order_answer(given)))
            }
            Request::Order { order, answer } => {
                let given = self.order(*order, now);
                Some(Waiting::Order(answer, given))
            }
            Request::Alarm { order, answer } => {
                let room = order.by.room.clone();
                let given = self.decide(&room, Cause::AlarmOrder(order), now);
                Some(Waiting::Order(answer, order_answer(given)))
            }
            Request::Looked { room, look, answer } => {
                self.decide(&room, Cause::Looked(look), now);
                Some(Waiting::Looked(answer))
            }
            Request::Delivery {
                room,
                delivery,
                answer,
            } => {
                self.decide(&room, Cause::Delivery(delivery), now);
                Some(Waiting::Looked(answer))
            }
            Request::Link(request) => self.link(request, now),
            Request::Keep(snapshots) => {
                self.keeping.begin(snapshots);
                if self.keeping.is_over() {
                    self.keeper.ended();
                }
                None
            }
            Request::End => {
                self.queue.close();
                None
            }
        }
    }

    fn fixes(&mut self, sender: &FixSender, fixes: Vec<ReportedFix>, now: Timestamp) -> FixReceipt {
        let mut receipt = FixReceipt::default();
        self.read_up(sender.room(), &fixes);
        // The order within a batch says nothing, and in the order of time a track does the least work.
        let mut fixes: Vec<(usize, ReportedFix)> = fixes.into_iter().enumerate().collect();
        fixes.sort_by_key(|(_, fix)| fix.fixed_at);
        for (index, fix) in fixes {
            let cause = match sender {
                FixSender::Unit { unit, .. } if fix.unit != *unit => Cause::Foreign {
                    fix,
                    sender: unit.clone(),
                },
                FixSender::Unit { .. } | FixSender::Gateway { .. } => Cause::Fix(fix),
            };
            match self.decide(sender.room(), cause, now) {
                Answer::Accepted => receipt.accepted += 1,
                Answer::Duplicate => receipt.duplicate += 1,
                Answer::Quarantined { reason, detail } => receipt.quarantined.push(Quarantined {
                    index,
                    reason,
                    detail,
                }),
                Answer::Silence | Answer::Done { .. } | Answer::Refused(_) => {}
            }
        }
        receipt
            .quarantined
            .sort_by_key(|quarantined| quarantined.index);
        receipt
    }

    fn order(&mut self, order: Order, now: Timestamp) -> OrderAnswer {
        let room = order.by.room.clone();
        let operation = order.kind.operation().clone();
        let cause = match &order.kind {
            OrderKind::Open(card) if self.is_another_rooms(&card.id, &room) => {
                Cause::OpeningOfTakenId(order)
            }
            _ => Cause::Order(order),
        };
        let given = self.decide(&room, cause, now);
        let mut answer = order_answer(given);
        if let OrderAnswer::Done { version, .. } = &mut answer {
            let known = self
                .worlds
                .get(&room)
                .and_then(|world| world.operations().get(&operation));
            *version = known.map_or(0, |operation| operation.version);
        }
        answer
    }

    /// Whether a room of this service has an operation of this id that is not `room`'s: shared, the two would meet.
    fn is_another_rooms(&self, id: &OperationId, room: &RoomId) -> bool {
        self.worlds
            .values()
            .filter_map(|world| world.operations().get(id))
            .any(|operation| operation.card.room != *room)
    }

    fn decide(&mut self, room: &RoomId, cause: Cause, now: Timestamp) -> Answer {
        let grounds = grounds(&self.parts, &self.listening);
        let staged = &mut self.staged;
        let input = Input { at: now, cause };
        let mut take = |taken: Taken<'_>| stage(staged, taken);
        self.batch
            .decide(&mut self.worlds, room, &input, grounds, &mut take)
    }

    /// What late fixes change is told before anything is recorded.
    fn tell_late(&mut self) {
        let now = self.parts.clock.now();
        let grounds = grounds(&self.parts, &self.listening);
        let staged = &mut self.staged;
        let mut take = |taken: Taken<'_>| stage(staged, taken);
        self.batch.end(&mut self.worlds, now, grounds, &mut take);
    }

    fn tick(&mut self) {
        if let Some(by) = self.parts.clock.jump() {
            let now = self.parts.clock.now();
            for room in self.rooms() {
                self.decide(&room, Cause::ClockJumped(by), now);
            }
        }
        let now = self.parts.clock.now();
        if now.since(self.last_tick).as_millis() < 200 {
            return;
        }
        self.last_tick = now;
        self.look_at_disk(now);
        let last = std::mem::replace(&mut self.alarms_until, now);
        for room in self.rooms() {
            let (world, profiles) = (&self.worlds[&room], &*self.parts.profiles);
            let due = world
                .next_deadline(self.listening.since(), &self.parts.gate, profiles)
                .is_some_and(|deadline| deadline <= now);
            if due || world.alarms_change(profiles, (last, now)) {
                self.decide(&room, Cause::Tick, now);
            }
        }
    }

    fn rooms(&self) -> Vec<RoomId> {
        self.worlds.keys().cloned().collect()
    }

    /// Records what was decided, then answers and shows it. A full disk is waited for: nothing is answered meanwhile.
    /// After any other failed write only the journal knows what is kept: it is opened and folded anew.
    fn commit(&mut self, waiting: Vec<Waiting>) {
        let mut done = match self.unreadable.take() {
            Some(error) => Err(error),
            None => self.append(self.parts.clock.now()),
        };
        while let Err(JournalError::Full) = &done {
            self.fail(&done);
            if self.is_ending() {
                break;
            }
            std::thread::sleep(RETRY);
            done = self.append(self.parts.clock.now());
        }
        if let Ok(()) = done {
            self.recording.send_if_modified(|recording| {
                let was = std::mem::replace(recording, Recording::Ok);
                was != Recording::Ok
            });
            for answer in waiting {
                answer.send(Ok(()));
            }
        } else {
            self.fail(&done);
            for answer in waiting {
                answer.send(Err(DeskError::Failing));
            }
            self.start_anew();
        }
    }

    /// Whether somebody wants the service to end: then nothing is waited for any longer.
    fn is_ending(&self) -> bool {
        self.ending.load(Ordering::Acquire) || self.queue.is_closed()
    }

    fn fail(&self, done: &Result<(), JournalError>) {
        let Err(error) = done else { return };
        tracing::error!(%error, "the journal cannot be written; nothing is acknowledged");
        let because: Arc<str> = error.to_string().into();
        self.recording.send_if_modified(|recording| {
            let now = Recording::Failing { because };
            let changed = *recording != now;
            *recording = now;
            changed
        });
    }

    fn append(&mut self, now: Timestamp) -> Result<(), JournalError> {
        if self.staged.is_empty() {
            return Ok(());
        }
        let records = records(&self.staged, &self.worlds, now);
        let (count, began) = (records.len(), Instant::now());
        let fixes: usize = self.staged.values().map(|staged| staged.fixes.len()).sum();
        self.journal
            .as_mut()
            .ok_or(JournalError::Stopped)?
            .append(now, records)?;
        let took = began.elapsed();
        let beside_snapshot = self.keeper.is_under_way();
        self.parts.metrics.committed(took, count, beside_snapshot);
        self.keeper.recorded(count as u64, fixes as u64);
        let staged = std::mem::take(&mut self.staged);
        if staged.values().any(outgoing::may_change) {
            self.tell_outgoing();
        }
        self.tell_links();
        if staged.values().any(holding::may_change) {
            self.look_at_invariants();
        }
        for (room, staged) in staged {
            self.publish(room, staged, now);
        }
        Ok(())
    }

    fn publish(&mut self, room: RoomId, staged: Staged, now: Timestamp) {
        let prev = self.heads.get(&room).copied().unwrap_or(Seq::ZERO);
        let first = prev.next();
        let events: Vec<EventWire> = staged
            .events
            .iter()
            .enumerate()
            .filter_map(|(index, staged)| {
                let stored = StoredEvent::of(&staged.event, staged.shared_by.as_ref())?;
                Some(stored.into_wire(seq_at(first, index), staged.event.at, now))
            })
            .filter(|event| !event.body.is_between_services())
            .collect();
        let numbers = staged.events.len() + usize::from(!staged.fixes.is_empty());
        let seq = Seq(prev.0 + numbers as u64);
        self.heads.insert(room.clone(), seq);
        // The hub lives as long as the service; when it is gone nobody looks.
        let _ = self.parts.published.send(Published {
            room,
            prev,
            seq,
            at: now,
            events,
            fixes: staged.fixes,
            taken: self.taken,
        });
    }
}

fn grounds<'a>(parts: &'a Parts, listening: &Listening) -> Grounds<'a> {
    Grounds {
        borders: &*parts.atlas,
        crossing_points: &parts.crossing_points,
        rulebook: &parts.rulebook,
        profiles: &parts.profiles,
        scribe: letter::write,
        post: &*parts.post,
        channels: &parts.channels,
        gate: &parts.gate,
        listening_since: listening.since(),
    }
}

fn stage(staged: &mut BTreeMap<RoomId, Staged>, taken: Taken<'_>) {
    let ledger = match staged.get_mut(taken.room) {
        Some(ledger) => ledger,
        None => staged.entry(taken.room.clone()).or_default(),
    };
    ledger.push(taken.event, taken.shared_by, taken.world);
}
