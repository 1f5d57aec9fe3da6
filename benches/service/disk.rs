//! What the disk alone does: bytes appended to one file and synced; and how times are told.

use anyhow::anyhow;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How often the disk is asked while something else is measured: seldom enough not to be a load of its own.
const ASKED_EVERY: Duration = Duration::from_millis(10);

/// What disk and machine do while something else is measured, seen by a thread of its own.
pub(crate) struct Beside {
    over: Arc<AtomicBool>,
    asking: JoinHandle<anyhow::Result<Seen>>,
}

/// Times, sorted.
pub(crate) struct Seen {
    /// How long each append and sync took.
    pub(crate) synced: Vec<Duration>,
    /// How much later than it should the thread woke up each time: what no service could do anything about.
    pub(crate) woke_late: Vec<Duration>,
}

impl Beside {
    /// Begins to append and sync so many bytes now and then.
    pub(crate) fn begin(folder: &Path, bytes: usize) -> anyhow::Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let (until, path) = (Arc::clone(&over), folder.join("beside"));
        let asking = std::thread::Builder::new().spawn(move || ask(&path, bytes, &until))?;
        Ok(Self { over, asking })
    }

    /// What it saw.
    pub(crate) fn end(self) -> anyhow::Result<Seen> {
        self.over.store(true, Ordering::Release);
        let asked = self.asking.join();
        asked.map_err(|_| anyhow!("the disk's own measurement ended by a fault"))?
    }
}

fn ask(path: &Path, bytes: usize, over: &AtomicBool) -> anyhow::Result<Seen> {
    let mut file = File::create(path)?;
    let block = vec![0x5a; bytes];
    let (mut synced, mut woke_late) = (Vec::new(), Vec::new());
    while !over.load(Ordering::Acquire) {
        let start = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        synced.push(start.elapsed());
        let asleep = Instant::now();
        std::thread::sleep(ASKED_EVERY);
        woke_late.push(asleep.elapsed().saturating_sub(ASKED_EVERY));
    }
    std::fs::remove_file(path)?;
    synced.sort_unstable();
    woke_late.sort_unstable();
    Ok(Seen { synced, woke_late })
}

/// Appends and syncs blocks of so many bytes, one after the other, until the time is over or so many are there. How
/// long each took, sorted.
pub(crate) fn appends(
    folder: &Path,
    bytes: usize,
    most: usize,
    span: Duration,
) -> anyhow::Result<Vec<Duration>> {
    let path = folder.join("bare");
    let mut file = File::create(&path)?;
    let block = vec![0x5a; bytes];
    let mut took = Vec::new();
    let began = Instant::now();
    while took.len() < most && (took.is_empty() || began.elapsed() < span) {
        let start = Instant::now();
        file.write_all(&block)?;
        file.sync_data()?;
        took.push(start.elapsed());
    }
    took.sort_unstable();
    std::fs::remove_file(&path)?;
    Ok(took)
}

/// The value below which the given share of sorted times lies.
pub(crate) fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let last = sorted.len().saturating_sub(1);
    let index = (last as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

/// Milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
