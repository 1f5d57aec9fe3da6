//! What one fix costs in process: decided, folded and shared through the world of a room, on one core, without journal
//! or network; what a backlog costs; and what a tracked unit takes of memory.
//!
//! `cargo bench --bench world -- [ROUNDS] [NAME]`: so many seconds of 1,000 units at 1 Hz per measurement, 300 when not
//! given; of `inside`, `near`, `across`, `mixed`, `backlog` and `memory` that one alone, which callgrind can then count.
//! Times are the thread's processor time: other work on the machine counts less than in wall time.

#![allow(
    clippy::unwrap_used,
    clippy::assigning_clones,
    clippy::decimal_bitwise_operands,
    clippy::format_push_string,
    clippy::from_iter_instead_of_collect,
    clippy::items_after_statements,
    clippy::needless_range_loop,
    clippy::similar_names,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    clippy::unused_self,
    reason = "a check fails loudly, and reads best in a straight line"
)]

#[path = "support/fleet.rs"]
mod fleet;
#[path = "support/gauge.rs"]
mod gauge;
#[path = "support/thread_time.rs"]
mod thread_time;

use fleet::{Mix, Way};
use limes::domain::borders::{Atlas, CrossingPoints};
use limes::domain::ids::{RoomId, SourceId, State, UnitId};
use limes::domain::input::{Cause, Input, Register};
use limes::domain::law::profile::agreed::Profiles;
use limes::domain::law::rulebook::Rulebook;
use limes::domain::measure::{Span, Timestamp};
use limes::domain::operations::channels::Channels;
use limes::domain::registry::{RoomCard, UnitCard, UnitKind};
use limes::domain::tracks::fix::{Measured, ReportedFix};
use limes::domain::tracks::{GateLimits, Watch};
use limes::domain::world::rooms::{Batch, Taken};
use limes::domain::world::{Answer, Grounds, World};
use limes::service::{borderdata, ruledata};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use thread_time::thread_time;

const UNITS: usize = 1_000;
const MANY_UNITS: usize = 100_000;
const ROUNDS: u32 = 300;
const REPEATS: usize = 5;
/// A fleet: of twenty units one is near a frontier, one goes to and fro over it, the others are inside.
const MIXED: Mix = Mix { near: 1, across: 1 };
/// What can be measured alone.
const NAMES: [&str; 6] = ["inside", "near", "across", "mixed", "backlog", "memory"];
const START_MS: i64 = 1_805_196_797_000;

/// A room with its units, and what its decisions rest on.
struct Room {
    id: RoomId,
    worlds: BTreeMap<RoomId, World>,
    batch: Batch,
    atlas: Arc<Atlas>,
    rulebook: Arc<Rulebook>,
    gate: GateLimits,
    units: Vec<UnitId>,
    source: SourceId,
}

/// What a stretch of fixes brought about.
#[derive(Debug, Default)]
struct Told {
    accepted: u64,
    events: u64,
}

impl Room {
    fn new(atlas: &Arc<Atlas>, rulebook: &Arc<Rulebook>, units: usize) -> anyhow::Result<Self> {
        let (room, state) = (RoomId::parse("budapest")?, State::parse("HU")?);
        let mut this = Self {
            id: room.clone(),
            worlds: BTreeMap::from([(room.clone(), World::new(room.clone()))]),
            batch: Batch::default(),
            atlas: Arc::clone(atlas),
            rulebook: Arc::clone(rulebook),
            gate: GateLimits::default(),
            units: Vec::with_capacity(units),
            source: SourceId::parse("phone")?,
        };
        let mut told = Told::default();
        let now = Timestamp::from_millis(START_MS);
        let card = RoomCard {
            room: room.clone(),
            state,
        };
        this.put(Cause::Register(Register::RoomAdded(card)), now, &mut told);
        for index in 0..units {
            let id = UnitId::parse(&format!("HU-{index}"))?;
            let card = UnitCard {
                id: id.clone(),
                room: room.clone(),
                state,
                kind: UnitKind::Vehicle,
                callsign: format!("Car {index}").into(),
                marks: None,
            };
            this.units.push(id);
            this.put(Cause::Register(Register::UnitAdded(card)), now, &mut told);
        }
        Ok(this)
    }

    /// What the desk does with one input, between its queue and its journal.
    fn put(&mut self, cause: Cause, now: Timestamp, told: &mut Told) {
        let grounds = grounds(&self.atlas, &self.rulebook, &self.gate);
        let input = Input { at: now, cause };
        let mut take = |taken: Taken<'_>| {
            told.events += 1;
            std::hint::black_box(&taken.event);
        };
        let worlds = &mut self.worlds;
        let answer = self
            .batch
            .decide(worlds, &self.id, &input, grounds, &mut take);
        told.accepted += u64::from(answer == Answer::Accepted);
    }

    /// What the desk does at the end of a commit.
    fn end(&mut self, now: Timestamp, told: &mut Told) {
        let grounds = grounds(&self.atlas, &self.rulebook, &self.gate);
        let mut take = |_: Taken<'_>| told.events += 1;
        self.batch.end(&mut self.worlds, now, grounds, &mut take);
    }

    fn second(&mut self, fixes: Vec<ReportedFix>, second: u32, told: &mut Told) {
        let now = time(second).plus(Span::from_millis(180));
        for fix in fixes {
            self.put(Cause::Fix(fix), now, told);
        }
    }

    fn fixes(&self, ways: &[Way], second: u32) -> Vec<ReportedFix> {
        let of = |(unit, way)| self.fix(unit, way, second);
        self.units.iter().zip(ways).map(of).collect()
    }

    fn fix(&self, unit: &UnitId, way: &Way, second: u32) -> ReportedFix {
        let spot = way.at(second);
        ReportedFix {
            unit: unit.clone(),
            source: self.source.clone(),
            fixed_at: time(second),
            lat: spot.lat,
            lon: spot.lon,
            measured: Measured {
                accuracy_m: Some(spot.accuracy_m),
                speed_mps: Some(spot.speed_mps),
                course_deg: Some(spot.course_deg),
                altitude_m: None,
                battery_pct: None,
            },
        }
    }
}

fn grounds<'a>(atlas: &'a Atlas, rulebook: &'a Rulebook, gate: &'a GateLimits) -> Grounds<'a> {
    Grounds {
        borders: atlas,
        crossing_points: CrossingPoints::none(),
        rulebook,
        profiles: Profiles::none(),
        scribe: limes::wire::letter::write,
        post: &limes::wire::dialogue::letter::Unsigned,
        channels: Channels::none(),
        gate,
        listening_since: Watch::ALWAYS,
    }
}

fn time(second: u32) -> Timestamp {
    Timestamp::from_millis(START_MS + i64::from(second) * 1_000)
}

fn speed(name: &str, mix: Mix, room: &mut Room, rounds: u32) -> anyhow::Result<()> {
    let ways = fleet::fleet(&room.atlas, mix, UNITS, 20_260_103);
    let mut per_fix = Vec::with_capacity(REPEATS);
    let mut told = Told::default();
    for repeat in 0..REPEATS as u32 {
        let mut spent = Duration::ZERO;
        for second in repeat * rounds..(repeat + 1) * rounds {
            let fixes = room.fixes(&ways, second);
            let before = thread_time();
            room.second(fixes, second, &mut told);
            spent += thread_time().saturating_sub(before);
        }
        per_fix.push(spent.as_nanos() as f64 / (f64::from(rounds) * UNITS as f64));
    }
    per_fix.sort_by(f64::total_cmp);
    let posted = REPEATS as u64 * u64::from(rounds) * UNITS as u64;
    let median = per_fix[REPEATS / 2];
    println!(
        "decide+apply {name:<7} {median:>6.0} ns a fix (from {:.0} to {:.0}), {:>9.0} fixes/s on one core; \
         {} of {posted} fixes admitted, {} other events; load {}",
        per_fix[0],
        per_fix[REPEATS - 1],
        1e9 / median,
        told.accepted,
        told.events - told.accepted,
        gauge::load(),
    );
    Ok(())
}

/// So many seconds of units that go to and fro over a frontier, which come newest first when the units are heard again.
fn backlog(
    atlas: &Arc<Atlas>,
    rulebook: &Arc<Rulebook>,
    (stored, units): (u32, usize),
) -> anyhow::Result<()> {
    const LIVE: u32 = 600;
    let across = Mix {
        near: 0,
        across: 20,
    };
    let ways = fleet::fleet(atlas, across, units, 20_260_105);
    for (name, size) in [
        ("one by one", 1),
        ("100 a commit", 100),
        ("1,000 a commit", 1_000),
    ] {
        let mut room = Room::new(atlas, rulebook, ways.len())?;
        let mut told = Told::default();
        for second in (0..LIVE).chain(LIVE + stored..2 * LIVE + stored) {
            let fixes = room.fixes(&ways, second);
            room.second(fixes, second, &mut told);
        }
        let now = time(2 * LIVE + stored);
        told = Told::default();
        let mut spent = Duration::ZERO;
        for index in 0..ways.len() {
            let late: Vec<u32> = (LIVE..LIVE + stored).rev().collect();
            for commit in late.chunks(size) {
                let fix = |second: &u32| room.fix(&room.units[index], &ways[index], *second);
                let fixes: Vec<ReportedFix> = commit.iter().map(fix).collect();
                let before = thread_time();
                for fix in fixes {
                    room.put(Cause::Fix(fix), now, &mut told);
                }
                room.end(now, &mut told);
                spent += thread_time().saturating_sub(before);
            }
        }
        println!(
            "backlog of {stored}, newest first, {name}: {:.0} ns a fix; {} of {} admitted, {} other events; load {}",
            spent.as_nanos() as f64 / (f64::from(stored) * ways.len() as f64),
            told.accepted,
            stored as usize * ways.len(),
            told.events - told.accepted,
            gauge::load(),
        );
    }
    Ok(())
}

fn memory(atlas: &Arc<Atlas>, rulebook: &Arc<Rulebook>, rounds: u32) -> anyhow::Result<()> {
    let resident = || gauge::status_kib("self", "VmRSS");
    let ways = fleet::fleet(atlas, MIXED, MANY_UNITS, 20_260_104);
    let before = resident();
    let mut room = Room::new(atlas, rulebook, MANY_UNITS)?;
    let mib = |now: u64| now.saturating_sub(before) as f64 / 1_024.0;
    println!(
        "memory: {MANY_UNITS} units registered {:.0} MiB",
        mib(resident())
    );
    let mut told = Told::default();
    for (second, count) in (0..rounds).zip(1..) {
        // Each unit by itself, so that the fixes in hand do not count.
        for index in 0..MANY_UNITS {
            let fix = room.fix(&room.units[index], &ways[index], second);
            room.second(vec![fix], second, &mut told);
        }
        if [1, 10, 60, 600].contains(&count) || count == rounds {
            println!(
                "memory: {MANY_UNITS} units after {count} fixes each {:.0} MiB, {:.0} bytes a unit",
                mib(resident()),
                mib(resident()) * 1_048_576.0 / MANY_UNITS as f64
            );
        }
    }
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let rounds = std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(ROUNDS);
    let named = std::env::args()
        .skip(1)
        .find(|word| NAMES.contains(&&**word));
    let is_asked = |name: &str| named.as_ref().is_none_or(|named| named == name);
    let atlas = borderdata::atlas(None)?;
    let rulebook = ruledata::rulebook(None)?;
    let mixes = [
        ("inside", Mix { near: 0, across: 0 }),
        (
            "near",
            Mix {
                near: 20,
                across: 0,
            },
        ),
        (
            "across",
            Mix {
                near: 0,
                across: 20,
            },
        ),
        ("mixed", MIXED),
    ];
    for (name, mix) in mixes.into_iter().filter(|(name, _)| is_asked(name)) {
        let mut room = Room::new(&atlas, &rulebook, UNITS)?;
        speed(name, mix, &mut room, rounds)?;
    }
    // What a fix costs must not grow with the backlog it comes in.
    let backlogs = [(2_400, 20), (24_000, 2)];
    for (stored, units) in backlogs.into_iter().filter(|_| is_asked("backlog")) {
        backlog(&atlas, &rulebook, (stored, units))?;
    }
    if is_asked("memory") {
        memory(&atlas, &rulebook, rounds.min(60))?;
    }
    Ok(())
}
