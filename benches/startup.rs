//! How long a service takes from its start until it answers, after so many fixes.
//!
//! `cargo bench --bench startup -- [FIXES] [FIXES_A_COMMIT]`: one million fixes of 200 units, 1,000 a commit, when not
//! given. The journal is written by the journal's own code; the service is the real process.

#[path = "support/gauge.rs"]
mod gauge;

use limes::domain::borders::{Certainty, Frontier, Location, Nearest};
use limes::domain::event::{Event, RegisterEvent, What};
use limes::domain::ids::{RoomId, SourceId, State, StateSet, UnitId};
use limes::domain::measure::{Metres, Position, Timestamp};
use limes::domain::registry::{Marks, RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::fix::{Fix, Measured};
use limes::service::desk::{KeepEvery, recover, snapshots};
use limes::service::journal::{
    Journal as _, JournalRead as _, NewHead, NewRecord, RetentionClass, SqliteJournal, SubjectKey,
    positions,
};
use limes::wire::event::EVENT_SCHEMA;
use limes::wire::positions::decode;
use limes::wire::stored::StoredEvent;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::ops::{ControlFlow, Range};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

const UNITS: usize = 200;
const BEGINNING_MS: i64 = 1_805_196_797_000;

/// Cars at 1 Hz, every fourth along the frontier, the others deep inside.
struct Fleet {
    cards: Vec<UnitCard>,
    source: SourceId,
    hungary: State,
    frontier: Frontier,
}

impl Fleet {
    fn new(room: &RoomId) -> Outcome<Self> {
        let hungary = State::parse("HU")?;
        let card = |index: usize| -> Outcome<UnitCard> {
            Ok(UnitCard {
                id: UnitId::parse(&format!("HU-{index}"))?,
                room: room.clone(),
                state: hungary,
                kind: UnitKind::Vehicle,
                callsign: format!("Tisza {index}").into(),
                marks: Some(Marks::MarkedCar),
            })
        };
        Ok(Self {
            cards: (0..UNITS).map(card).collect::<Outcome<_>>()?,
            source: SourceId::parse("phone")?,
            hungary,
            frontier: Frontier::between(hungary, State::parse("RO")?),
        })
    }

    fn fix(&self, index: usize) -> Outcome<Fix> {
        let (unit, second) = (index % UNITS, (index / UNITS) as i64);
        let wobble = ((index * 7_919) % 601) as f64;
        let way = (second % 20_000) as f64;
        let degrees = |start: f64, step: f64| ((start + way * step) * 1e7 + wobble).round() / 1e7;
        let far = if unit.is_multiple_of(4) {
            900.0
        } else {
            30_000.0
        };
        let distance = Metres::new(far + way * 0.01 + wobble / 10.0);
        let accuracy_m = 4.0 + (wobble / 60.0).round() / 10.0;
        Ok(Fix {
            unit: self.cards[unit].id.clone(),
            source: self.source.clone(),
            fixed_at: Timestamp::from_millis(BEGINNING_MS + second * 1_000),
            received_at: Timestamp::from_millis(BEGINNING_MS + second * 1_000 + 180),
            position: Position::new(degrees(46.2, 2.1e-5), degrees(20.5, 1.3e-5))?,
            measured: Measured {
                accuracy_m: Some(accuracy_m),
                speed_mps: Some((2_500.0 + wobble).round() / 100.0),
                course_deg: Some((7_800.0 + wobble).round() / 100.0),
                altitude_m: None,
                battery_pct: Some(81.0),
            },
            location: Location {
                states: StateSet::one(self.hungary),
                certainty: Certainty::Inside,
                nearest: Some(Nearest {
                    frontier: self.frontier,
                    distance,
                }),
            },
            accuracy: Metres::new(accuracy_m),
            depth: distance,
        })
    }
}

/// Room and units as the register brings them into a ledger.
fn register(room: &RoomId, fleet: &Fleet) -> Outcome<Vec<NewRecord>> {
    let at = Timestamp::from_millis(BEGINNING_MS);
    let card = RoomCard {
        room: room.clone(),
        state: fleet.hungary,
    };
    let added = fleet.cards.iter().cloned().map(RegisterEvent::UnitAdded);
    std::iter::once(RegisterEvent::RoomAdded(card))
        .chain(added)
        .map(|change| {
            let what = What::Register(change);
            let event = Event { at, what };
            let head = NewHead {
                ledger: room.clone(),
                at,
                kind: event.kind().to_owned(),
                schema: EVENT_SCHEMA,
                retention: RetentionClass::Service,
                unit: event.unit().cloned(),
                operation: None,
            };
            let stored = StoredEvent::of(&event, None).ok_or("a register event has no form")?;
            Ok(NewRecord::of_one(head, SubjectKey::Room, stored.to_bytes()))
        })
        .collect()
}

/// Appends the fixes of this range, so many a commit, and the register before the first.
fn write(folder: &Path, range: Range<usize>, a_commit: usize) -> Outcome<()> {
    let room = RoomId::parse("budapest")?;
    let fleet = Fleet::new(&room)?;
    let mut journal = SqliteJournal::open(folder)?;
    if range.start == 0 {
        journal.append(
            Timestamp::from_millis(BEGINNING_MS),
            register(&room, &fleet)?,
        )?;
    }
    for first in range.clone().step_by(a_commit) {
        let last = (first + a_commit).min(range.end);
        let batch: Vec<Fix> = (first..last)
            .map(|index| fleet.fix(index))
            .collect::<Outcome<_>>()?;
        let now = batch[0].received_at;
        let record = positions::record(&room, now, &batch, |_| None)?;
        journal.append(now, record.into_iter().collect())?;
    }
    Ok(())
}

/// Keeps a snapshot as the service does: how long it took to make, and to keep, and its size.
fn keep(folder: &Path) -> Outcome<(Duration, Duration, usize)> {
    let mut journal = SqliteJournal::open(folder)?;
    let start = Instant::now();
    let made = snapshots(&journal, || {})?;
    let making = start.elapsed();
    let start = Instant::now();
    for snapshot in &made {
        journal.put_snapshot(snapshot)?;
    }
    let bytes = made.iter().map(|snapshot| snapshot.bytes.len()).sum();
    Ok((making, start.elapsed(), bytes))
}

fn read_only(folder: &Path) -> Outcome<(Duration, Duration)> {
    let journal = SqliteJournal::open(folder)?;
    let start = Instant::now();
    journal.fold(&BTreeMap::new(), &mut |_| ControlFlow::Continue(()))?;
    let reading = start.elapsed();
    let start = Instant::now();
    journal.fold(&BTreeMap::new(), &mut |record| {
        for payload in record.payloads.iter().flatten() {
            std::hint::black_box(decode(payload).map_or(0, |fixes| fixes.len()));
        }
        ControlFlow::Continue(())
    })?;
    Ok((reading, start.elapsed()))
}

fn fold(folder: &Path) -> Outcome<Duration> {
    let journal = SqliteJournal::open(folder)?;
    let start = Instant::now();
    std::hint::black_box(recover(&journal, &mut |_| {})?);
    Ok(start.elapsed())
}

/// From the start of the process until it says where it listens.
fn serve(folder: &Path) -> Outcome<Duration> {
    let start = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_limes"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let said = child.stdout.take().ok_or("no output of the service")?;
    let mut line = String::new();
    BufReader::new(said).read_line(&mut line)?;
    let took = start.elapsed();
    let resident = gauge::status_kib(&child.id().to_string(), "VmRSS") / 1_024;
    println!("{resident} MiB resident once it answers");
    child.kill()?;
    child.wait()?;
    if line.starts_with("Listening on ") {
        Ok(took)
    } else {
        Err(format!("the service did not start: {line}").into())
    }
}

fn main() -> Outcome<()> {
    let mut numbers = std::env::args().filter_map(|word| word.parse::<usize>().ok());
    let fixes = numbers.next().unwrap_or(1_000_000);
    let a_commit = numbers.next().unwrap_or(1_000);
    let since = (KeepEvery::default().fixes as usize).min(fixes / 2);
    let folder = tempfile::tempdir()?;
    println!(
        "{fixes} fixes of {UNITS} units, {a_commit} a commit; load {}",
        gauge::load()
    );
    let told = |step: &str, took: Duration| println!("{step}: {:.2} s", took.as_secs_f64());
    let start = Instant::now();
    write(folder.path(), 0..fixes - since, a_commit)?;
    told("written, all but the last", start.elapsed());
    let (reading, decoding) = read_only(folder.path())?;
    told("read and opened", reading);
    told("read, opened and decoded", decoding);
    told("folded from the beginning", fold(folder.path())?);
    let (making, keeping, bytes) = keep(folder.path())?;
    told("a snapshot made, beside the desk", making);
    println!(
        "kept by the desk in {:.0} ms: {bytes} bytes",
        keeping.as_secs_f64() * 1e3
    );
    write(folder.path(), fixes - since..fixes, a_commit)?;
    println!("{since} fixes after the snapshot");
    told("folded from the snapshot", fold(folder.path())?);
    told("`limes serve` answers after", serve(folder.path())?);
    told("once more", serve(folder.path())?);
    Ok(())
}
