//! What durable costs: fixes a second into the journal, beside what the disk alone takes for the same bytes, and how
//! fast a restart reads them again.
//!
//! `cargo bench --bench journal -- [COMMITS]`: commits of 1,000 fixes each, 300 when not given.

use limes::domain::borders::{Certainty, Frontier, Location, Nearest};
use limes::domain::ids::{RoomId, SourceId, State, StateSet, UnitId};
use limes::domain::measure::{Metres, Position, Timestamp};
use limes::domain::tracks::fix::{Fix, Measured};
use limes::service::journal::{Journal as _, JournalRead as _, SqliteJournal, positions};
use limes::wire::positions::decode;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

const FIXES: usize = 1_000;

/// A commit's fixes: units at 1 Hz on a road, as phones report them.
fn fixes(commit: usize, units: usize) -> Result<Vec<Fix>, Box<dyn std::error::Error>> {
    let hungary = State::parse("HU")?;
    let frontier = Frontier::between(hungary, State::parse("RO")?);
    let fix = |index: usize| -> Result<Fix, Box<dyn std::error::Error>> {
        let second = ((commit * FIXES + index) / units) as i64;
        let wobble = ((index * 7_919 + commit) % 601) as f64;
        let way = (second % 20_000) as f64;
        let degrees = |start: f64, step: f64| ((start + way * step) * 1e7 + wobble).round() / 1e7;
        Ok(Fix {
            unit: UnitId::parse(&format!("HU-{}", (commit * FIXES + index) % units))?,
            source: SourceId::parse("phone")?,
            fixed_at: Timestamp::from_millis(1_805_196_797_000 + second * 1_000),
            received_at: Timestamp::from_millis(1_805_196_797_180 + second * 1_000),
            position: Position::new(degrees(46.2, 2.1e-5), degrees(20.5, 1.3e-5))?,
            measured: Measured {
                accuracy_m: Some(4.0 + (wobble / 60.0).round() / 10.0),
                speed_mps: Some((2_500.0 + wobble).round() / 100.0),
                course_deg: Some((7_800.0 + wobble).round() / 100.0),
                altitude_m: None,
                battery_pct: Some(81.0),
            },
            location: Location {
                states: StateSet::one(hungary),
                certainty: Certainty::Inside,
                nearest: Some(Nearest {
                    frontier,
                    distance: Metres::new(9_000.0 - way * 0.3 + wobble / 10.0),
                }),
            },
            accuracy: Metres::new(4.0 + (wobble / 60.0).round() / 10.0),
            depth: Metres::new(9_000.0 - way * 0.3 + wobble / 10.0),
        })
    };
    (0..FIXES).map(fix).collect()
}

fn rate(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// The disk alone: so many bytes appended to one file and synced, commit after commit.
fn bare(folder: &std::path::Path, commits: usize, bytes: usize) -> std::io::Result<Vec<Duration>> {
    let mut file = File::create(folder.join("bare"))?;
    let block = vec![0x5a; bytes];
    let mut took = Vec::with_capacity(commits);
    for _ in 0..commits {
        let start = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        took.push(start.elapsed());
    }
    took.sort_unstable();
    Ok(took)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let commits = std::env::args()
        .find_map(|word| word.parse().ok())
        .unwrap_or(300);
    let room = RoomId::parse("budapest")?;
    for units in [1, 20, 200, 4_000] {
        let folder = tempfile::tempdir()?;
        let mut journal = SqliteJournal::open(folder.path())?;
        let mut appending = Duration::ZERO;
        let mut slowest = Duration::ZERO;
        let mut bytes = 0;
        for commit in 0..commits {
            let fixes = fixes(commit, units)?;
            let start = Instant::now();
            let now = Timestamp::from_millis(1_805_196_797_000 + commit as i64 * 100);
            let record = positions::record(&room, now, &fixes, |_| None)?;
            bytes += record
                .iter()
                .flat_map(|record| &record.parts)
                .map(|part| part.payload.len())
                .sum::<usize>();
            journal.append(now, record.into_iter().collect())?;
            appending += start.elapsed();
            slowest = slowest.max(start.elapsed());
        }
        let bare = bare(folder.path(), commits, bytes / commits)?;
        let disk: Duration = bare.iter().sum();
        drop(journal);

        let start = Instant::now();
        let journal = SqliteJournal::open(folder.path())?;
        let mut read = 0;
        journal.fold(&BTreeMap::new(), &mut |record| {
            for payload in record.payloads.iter().flatten() {
                read += decode(payload).map_or(0, |fixes| fixes.len());
            }
            ControlFlow::Continue(())
        })?;
        let folding = start.elapsed();
        println!(
            "{units:>5} units: {:>7.0} fixes/s durable ({:.2} ms a commit of {FIXES}, slowest {:.1} ms); \
             bare append+fdatasync of the same bytes {:>7.0} fixes/s (median {:.2} ms): ratio {:.2}; \
             {:.1} bytes a fix; fold {:>8.0} fixes/s ({read} in {:.2} s)",
            rate(commits * FIXES, appending),
            appending.as_secs_f64() * 1e3 / commits as f64,
            slowest.as_secs_f64() * 1e3,
            rate(commits * FIXES, disk),
            bare[commits / 2].as_secs_f64() * 1e3,
            disk.as_secs_f64() / appending.as_secs_f64(),
            bytes as f64 / (commits * FIXES) as f64,
            rate(read, folding),
            folding.as_secs_f64(),
        );
    }
    Ok(())
}
