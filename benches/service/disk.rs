//! What the disk alone does: bytes appended to one file and synced; and how times are told.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

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
