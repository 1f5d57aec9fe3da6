//! A desk over a disk that fails.

use super::handle::{
    DeskError, DeskHandle, FixReceipt, FixSender, QueuedFixes, Recording, Request,
};
use super::keeper::KeepEvery;
use super::recovery::{Recovered, recover};
use super::run::{Desk, Parts, Published};
use crate::domain::event::{Event, RegisterEvent, What};
use crate::domain::ids::{RoomId, Seq, SourceId, State, UnitId};
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use crate::domain::registry::{RoomCard, UnitCard, UnitKind};
use crate::domain::registry_change::Author;
use crate::domain::tracks::GateLimits;
use crate::domain::tracks::fix::{Fix, Measured, ReportedFix};
use crate::domain::world::World;
use crate::service::clock::Clock;
use crate::service::journal::simulated::{Fault, SimulatedDisk};
use crate::service::journal::{Journal, JournalRead as _, Snapshot};
use crate::service::registry::{Made, Registry};
use crate::service::telemetry::DeskMetrics;
use crate::service::{borderdata, ruledata};
use crate::wire::event::EventBody;
use std::collections::BTreeMap;
use std::sync::{Arc, mpsc};
use std::time::Duration;
use tokio::time::timeout;

/// Longer than any of this takes, so that a test that would hang fails.
const LONG: Duration = Duration::from_mins(1);

fn room() -> RoomId {
    RoomId::parse("budapest").unwrap()
}

fn unit() -> UnitId {
    UnitId::parse("HU-1").unwrap()
}

fn car() -> UnitCard {
    UnitCard {
        id: unit(),
        room: room(),
        state: State::parse("HU").unwrap(),
        kind: UnitKind::Vehicle,
        callsign: "Tisza 1".into(),
        marks: None,
    }
}

fn registry() -> Registry {
    let registry = Registry::in_memory().unwrap();
    let made = Made {
        by: Author::OsUser("test".into()),
        at: Timestamp::from_millis(0),
    };
    let hungary = State::parse("HU").unwrap();
    let card = RoomCard {
        room: room(),
        state: hungary,
    };
    registry
        .change(&made, |writer| {
            writer.add_room(card)?;
            writer.add_unit(car())
        })
        .unwrap();
    registry
}

/// A desk that does not run yet.
fn desk(
    disk: &SimulatedDisk,
    keep_every: KeepEvery,
    recovered: Recovered,
) -> (Desk, DeskHandle, mpsc::Receiver<Published>) {
    // More than any of these tests shows: nothing is taken before the end.
    let (published, shown) = mpsc::sync_channel(1_000);
    let (again, reader) = (disk.clone(), disk.clone());
    let parts = Parts {
        partners: Arc::default(),
        reopen: Box::new(move || Ok(Box::new(again.open()) as Box<dyn Journal>)),
        open_reader: Arc::new(move || Ok(Box::new(reader.clone()))),
        keep_every,
        registry: Arc::new(registry()),
        atlas: borderdata::atlas(None).unwrap(),
        crossing_points: Arc::default(),
        rulebook: ruledata::rulebook(None).unwrap(),
        profiles: Arc::default(),
        channels: Arc::default(),
        post: Arc::new(crate::wire::dialogue::letter::Unsigned),
        gate: GateLimits::default(),
        clock: Clock::real(),
        disk: Box::new(|| None),
        published,
        metrics: DeskMetrics::default(),
    };
    let (mut idle, handle) = Desk::new(parts, Box::new(disk.open()), recovered);
    idle.enrol().unwrap();
    (idle, handle, shown)
}

/// The `n`-th of the fixes that a car sends every two seconds.
fn fix(start: Timestamp, n: i64) -> ReportedFix {
    ReportedFix {
        unit: unit(),
        source: SourceId::parse("phone").unwrap(),
        fixed_at: start.plus(Span::from_millis(n * 2_000)),
        lat: 46.9,
        lon: 19.5 + n as f64 / 10_000.0,
        measured: Measured {
            accuracy_m: Some(5.0),
            ..Measured::default()
        },
    }
}

/// A desk that runs, its disk, and what it shows.
struct Bench {
    disk: SimulatedDisk,
    desk: DeskHandle,
    shown: mpsc::Receiver<Published>,
    /// What was taken from there already.
    seen: Vec<Published>,
    /// When the first fix was taken.
    start: Timestamp,
    thread: std::thread::JoinHandle<()>,
}

impl Bench {
    fn start() -> Self {
        Self::start_on(SimulatedDisk::new(), KeepEvery::default())
    }

    /// With a snapshot after every 20 fixes.
    fn with_snapshots() -> (Self, SimulatedDisk) {
        let often = KeepEvery {
            fixes: 20,
            records: 1_000,
        };
        let disk = SimulatedDisk::new();
        (Self::start_on(disk.clone(), often), disk)
    }

    /// On what the disk keeps, with snapshots made so often.
    fn start_on(disk: SimulatedDisk, keep_every: KeepEvery) -> Self {
        let recovered = recover(&disk, &mut |_| {}).unwrap();
        Self::start_from(disk, keep_every, recovered)
    }

    fn start_from(disk: SimulatedDisk, keep_every: KeepEvery, recovered: Recovered) -> Self {
        let start = Clock::real().now().plus(Span::from_millis(-3_600_000));
        let (room, handle, shown) = desk(&disk, keep_every, recovered);
        let runtime = tokio::runtime::Handle::current();
        Self {
            disk,
            desk: handle,
            shown,
            seen: Vec::new(),
            start,
            thread: std::thread::spawn(move || room.run(&runtime)),
        }
    }

    fn fix(&self, n: i64) -> ReportedFix {
        fix(self.start, n)
    }

    async fn queue(&self, n: i64) -> QueuedFixes {
        let sender = FixSender::Unit {
            room: room(),
            unit: unit(),
        };
        self.desk
            .queue_fixes(sender, vec![self.fix(n)])
            .await
            .unwrap()
    }

    /// Posts the `n`-th fix, again as long as nothing can be recorded, as a unit does.
    async fn post(&self, n: i64) -> FixReceipt {
        let sender = FixSender::Unit {
            room: room(),
            unit: unit(),
        };
        let posting = async {
            loop {
                match self.desk.fixes_now(sender.clone(), vec![self.fix(n)]).await {
                    Ok(receipt) => return receipt,
                    Err(DeskError::Failing | DeskError::Full) => {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    Err(DeskError::Closed) => panic!("the desk is gone"),
                }
            }
        };
        timeout(LONG, posting).await.unwrap()
    }

    async fn until(&self, wanted: impl Fn(&Recording) -> bool) -> Recording {
        let mut recording = self.desk.recording();
        let found = timeout(LONG, recording.wait_for(wanted)).await.unwrap();
        found.unwrap().clone()
    }

    /// Ends the desk.
    async fn end_of_desk(self) {
        timeout(LONG, self.desk.end()).await.unwrap();
        let joined = tokio::task::spawn_blocking(move || self.thread.join());
        timeout(LONG, joined).await.unwrap().unwrap().unwrap();
    }

    /// Ends the desk, and holds that what it showed, without a hole and without anything twice, is what the disk keeps:
    /// the numbers of the fixes.
    async fn end(self) -> Vec<i64> {
        let Self {
            disk,
            desk,
            shown,
            seen,
            thread,
            ..
        } = self;
        timeout(LONG, desk.end()).await.unwrap();
        let joined = tokio::task::spawn_blocking(move || thread.join());
        timeout(LONG, joined).await.unwrap().unwrap().unwrap();
        let mut told = Vec::new();
        let (mut seq, mut fixes) = (0, Vec::new());
        let mut all = seen;
        all.extend(shown);
        for next in all {
            assert_eq!(next.prev.0, seq, "a hole in what is shown");
            seq = next.seq.0;
            told.extend(next.events);
            fixes.extend(next.fixes);
        }
        let (mut events, mut kept) = (Vec::new(), Vec::new());
        let recovered = recover(&disk, &mut |next| match next {
            super::Shown::Event(_, event) => events.push(event),
            super::Shown::Fix(_, _, fix) => kept.push(fix.clone()),
        })
        .unwrap();
        assert_eq!(recovered.heads, BTreeMap::from([(room(), Seq(seq))]));
        assert_eq!(told, events, "what was shown and what is kept");
        assert_eq!(fixes, kept, "what was shown and what is kept");
        let number = |lon: f64| ((lon - 19.5) * 10_000.0).round() as i64;
        kept.iter().map(|fix| number(fix.position.lon())).collect()
    }
}

fn accepted() -> FixReceipt {
    FixReceipt {
        accepted: 1,
        ..FixReceipt::default()
    }
}

fn duplicate() -> FixReceipt {
    FixReceipt {
        duplicate: 1,
        ..FixReceipt::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_is_answered_or_shown_until_there_is_room_and_then_all_of_it() {
    let mut bench = Bench::start();
    assert_eq!(bench.post(1).await, accepted());
    bench.disk.plan(0, Fault::Full);
    bench.disk.plan(0, Fault::Full);
    let waiting = bench.queue(2).await;
    let failing = bench.until(|now| *now != Recording::Ok).await;
    let Recording::Failing { because } = failing else {
        panic!("{failing:?}");
    };
    assert!(because.contains("the disk is full"), "{because}");
    while let Ok(shown) = bench.shown.try_recv() {
        bench.seen.push(shown);
    }
    let shown = bench.seen.iter().flat_map(|shown| &shown.fixes);
    assert_eq!(shown.count(), 1, "shown before it is durable");
    let waiting = waiting
        .durable_now()
        .expect_err("answered before it is durable");
    let sender = FixSender::Unit {
        room: room(),
        unit: unit(),
    };
    let refused = bench.desk.fixes_now(sender, vec![bench.fix(3)]).await;
    assert_eq!(refused, Err(DeskError::Failing));
    assert_eq!(waiting.durable().await, Ok(accepted()));
    bench.until(|now| *now == Recording::Ok).await;
    assert_eq!(bench.post(2).await, duplicate());
    assert_eq!(bench.post(3).await, accepted());
    assert_eq!(bench.end().await, [1, 2, 3]);
}

/// A write that fails between two fixes: the sender is told, sends again, and everything is there once.
async fn a_failed_write(fault: Fault, then: FixReceipt) {
    let bench = Bench::start();
    assert_eq!(bench.post(1).await, accepted());
    bench.disk.plan(0, fault);
    let lost = bench.queue(2).await;
    assert_eq!(lost.durable().await, Err(DeskError::Failing));
    assert_eq!(bench.post(2).await, then);
    assert_eq!(bench.post(3).await, accepted());
    bench.until(|now| *now == Recording::Ok).await;
    assert_eq!(bench.end().await, [1, 2, 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_write_the_same_batch_is_taken_anew() {
    a_failed_write(Fault::Failed, accepted()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_write_that_was_not_kept_is_taken_anew() {
    a_failed_write(Fault::Torn { kept: false }, accepted()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_torn_write_that_was_kept_is_shown_and_taken_once() {
    a_failed_write(Fault::Torn { kept: true }, duplicate()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_failures_in_a_row_lose_and_double_nothing() {
    let faults = [
        Fault::Full,
        Fault::Torn { kept: true },
        Fault::Failed,
        Fault::Torn { kept: false },
    ];
    let bench = Bench::start();
    for n in 1..=24 {
        if n % 2 == 0 {
            bench.disk.plan(0, faults[n / 2 % faults.len()]);
        }
        let receipt = bench.post(n as i64).await;
        assert_eq!(receipt.accepted + receipt.duplicate, 1, "{n}: {receipt:?}");
    }
    assert_eq!(bench.end().await, (1..=24).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_the_queue_at_the_end_is_still_recorded_and_answered() {
    let bench = Bench::start();
    let mut waiting = Vec::new();
    for n in 1..=50 {
        waiting.push(bench.queue(n).await);
    }
    bench.desk.end().await;
    for queued in waiting {
        assert_eq!(
            timeout(LONG, queued.durable()).await.unwrap(),
            Ok(accepted())
        );
    }
    assert_eq!(bench.end().await, (1..=50).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_cannot_record_ends_all_the_same_and_says_that_nothing_was_taken() {
    let bench = Bench::start();
    assert_eq!(bench.post(1).await, accepted());
    for _ in 0..100 {
        bench.disk.plan(0, Fault::Full);
    }
    let waiting = bench.queue(2).await;
    bench.until(|now| *now != Recording::Ok).await;
    bench.desk.end().await;
    let answer = timeout(LONG, waiting.durable()).await.unwrap();
    assert_eq!(answer, Err(DeskError::Failing));
    assert_eq!(bench.end().await, [1]);
}

/// Waits for a snapshot of the room, and tells the record it rests on.
async fn snapshot_through(disk: &SimulatedDisk) -> u64 {
    let looking = async {
        loop {
            let found = disk.latest_snapshot(&room(), crate::wire::memory::SCHEMA);
            if let Some(snapshot) = found.unwrap() {
                return snapshot.through.0;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LONG, looking).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_from_a_snapshot_ends_in_the_same_world_as_one_from_the_beginning() {
    let (bench, disk) = Bench::with_snapshots();
    for n in 1..=30 {
        bench.post(n).await;
    }
    let through = snapshot_through(&disk).await;
    // Late, so that the fixes before the snapshot and those after it are interleaved in time.
    for n in (31..=60).rev() {
        bench.post(n).await;
    }
    bench.end_of_desk().await;
    let mut recovered = recover(&disk, &mut |_| {}).unwrap();
    assert!(
        recovered.fixes < 60,
        "{} fixes folded anew",
        recovered.fixes
    );
    assert!(through > 0 && recovered.heads[&room()].0 > through);
    disk.lose_snapshots();
    let mut fixes = Vec::new();
    let whole = recover(&disk, &mut |next| {
        if let super::Shown::Fix(_, _, fix) = next {
            fixes.push(fix.clone());
        }
    })
    .unwrap();
    assert_eq!(whole.fixes, 60);
    let world = recovered.worlds.get_mut(&room()).unwrap();
    for fix in &fixes {
        world.recall(fix);
    }
    assert_eq!(recovered.worlds, whole.worlds);
    assert_eq!(recovered.heads, whole.heads);
    assert_eq!(recovered.tails, whole.tails);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_from_a_snapshot_what_was_admitted_before_is_a_duplicate() {
    let (bench, disk) = Bench::with_snapshots();
    let (start, n) = (bench.start, 40);
    for n in (1..=n).filter(|n| n % 10 != 0) {
        bench.post(n).await;
    }
    snapshot_through(&disk).await;
    bench.end_of_desk().await;
    let mut again = Bench::start_on(disk, KeepEvery::default());
    again.start = start;
    for n in (1..=n).rev() {
        let expected = if n % 10 == 0 { accepted() } else { duplicate() };
        assert_eq!(again.post(n).await, expected, "fix {n}");
    }
    again.end_of_desk().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_that_cannot_be_read_is_passed_over() {
    let (bench, disk) = Bench::with_snapshots();
    for n in 1..=30 {
        bench.post(n).await;
    }
    let through = Seq(snapshot_through(&disk).await);
    bench.end_of_desk().await;
    let broken = Snapshot {
        ledger: room(),
        through,
        schema: crate::wire::memory::SCHEMA,
        bytes: b"no snapshot".to_vec(),
    };
    disk.open().put_snapshot(&broken).unwrap();
    let recovered = recover(&disk, &mut |_| {}).unwrap();
    assert_eq!(recovered.fixes, 30);
}

#[test]
fn between_two_commits_there_is_one_step_of_keeping_a_snapshot() {
    let disk = SimulatedDisk::new();
    let (mut idle, _handle, _shown) = desk(&disk, KeepEvery::default(), Recovered::default());
    let snapshot = Snapshot {
        ledger: room(),
        through: Seq(1),
        schema: crate::wire::memory::SCHEMA,
        bytes: Vec::new(),
    };
    idle.turn(Some(Request::Keep(vec![snapshot])));
    let start = Clock::real().now().plus(Span::from_millis(-3_600_000));
    for n in 1..=5 {
        let (answer, _) = tokio::sync::oneshot::channel();
        idle.turn(Some(Request::Fixes {
            sender: FixSender::Unit {
                room: room(),
                unit: unit(),
            },
            fixes: vec![fix(start, n)],
            answer,
        }));
    }
    // No more than a snapshot has, and a commit after each.
    let steps = disk.steps();
    assert_eq!(steps.len(), 3);
    assert!(
        steps.windows(2).all(|two| two[1] == two[0] + 1),
        "{steps:?}"
    );
}

/// What a start folds: the car was last heard so long ago.
fn last_heard(ago: Span) -> Recovered {
    let fixed_at = Clock::real()
        .now()
        .plus(Span::from_millis(-ago.as_millis()));
    let position = Position::new(46.9, 19.5).unwrap();
    let accuracy = Metres::new(5.0);
    let atlas = borderdata::atlas(None).unwrap();
    let fix = Fix {
        unit: unit(),
        source: SourceId::parse("phone").unwrap(),
        fixed_at,
        received_at: fixed_at,
        position,
        measured: Measured::default(),
        location: atlas.locate_with_accuracy(position, accuracy),
        accuracy,
        depth: Metres::new(90_000.0),
    };
    let mut world = World::new(room());
    for what in [
        What::Register(RegisterEvent::UnitAdded(car())),
        What::Fix(fix),
    ] {
        world.apply(&Event { at: fixed_at, what });
    }
    Recovered {
        worlds: BTreeMap::from([(room(), world)]),
        ..Recovered::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_outage_every_unit_is_given_the_time_to_speak() {
    let bench = Bench::start_from(
        SimulatedDisk::new(),
        KeepEvery::default(),
        last_heard(Span::from_secs(75)),
    );
    tokio::time::sleep(Duration::from_secs(1)).await;
    bench.desk.end().await;
    let mut told = bench.shown.try_iter().flat_map(|next| next.events);
    let accused = told.find(|event| matches!(event.body, EventBody::Silent(_)));
    assert_eq!(accused, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_posted_in_one_request_sharpens_a_crossing_once() {
    let mut bench = Bench::start();
    // Eastwards over the frontier near Salonta, and a tunnel there.
    let drive = (0..400).map(|n| ReportedFix {
        lon: 21.4 + n as f64 * 0.000_8,
        ..bench.fix(n)
    });
    let (heard, mut tunnel): (Vec<_>, Vec<_>) = drive
        .enumerate()
        .partition(|(n, _)| !(150..300).contains(n));
    tunnel.reverse();
    for batch in [heard, tunnel] {
        let fixes: Vec<ReportedFix> = batch.into_iter().map(|(_, fix)| fix).collect();
        let sender = FixSender::Unit {
            room: room(),
            unit: unit(),
        };
        let accepted = fixes.len() as u64;
        let receipt = bench.desk.fixes(sender, fixes).await.unwrap();
        assert_eq!(receipt.accepted, accepted);
    }
    // What was answered has been shown.
    while let Ok(shown) = bench.shown.try_recv() {
        bench.seen.push(shown);
    }
    let events = bench.seen.iter().flat_map(|shown| &shown.events);
    let (mut confirmed, mut revised) = (0, 0);
    for event in events {
        confirmed += u32::from(matches!(event.body, EventBody::CrossingConfirmed(_)));
        revised += u32::from(matches!(event.body, EventBody::CrossingRevised(_)));
    }
    assert_eq!((confirmed, revised), (1, 1));
    bench.end().await;
}
