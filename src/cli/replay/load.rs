//! From files to one recording, in the order in which its fixes arrive.

use crate::domain::ids::UnitId;
use crate::domain::measure::Timestamp;
use crate::wire::fix::PostedFix;
use crate::wire::track_files::{TrackFormat, read};
use anyhow::{Context, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The longest id.
const ID_CHARS: usize = 64;

/// All fixes of all files, in the order in which they arrive; never empty.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recording {
    pub(super) fixes: Vec<Recorded>,
}

/// One fix, whose it is, and when it arrives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Recorded {
    /// The latest device time of its file so far: a fix out of order arrives with the one before it.
    pub(super) arrives: Timestamp,
    pub(super) unit: UnitId,
    pub(super) fix: PostedFix,
}

impl Recording {
    /// When the first fix arrives.
    pub(super) fn begins(&self) -> Timestamp {
        self.fixes
            .first()
            .map_or(Timestamp::EPOCH, |fix| fix.arrives)
    }

    /// When the last fix arrives.
    pub(super) fn ends(&self) -> Timestamp {
        self.fixes
            .last()
            .map_or(Timestamp::EPOCH, |fix| fix.arrives)
    }
}

/// Reads all files; `unit` is the unit of all their fixes, when given.
pub(super) fn load(paths: &[PathBuf], unit: Option<&UnitId>) -> anyhow::Result<Recording> {
    let mut fixes = Vec::new();
    let mut named = BTreeSet::new();
    for path in paths {
        let read = read_file(path)?;
        named.extend(read.iter().filter_map(|fix| fix.unit.clone()));
        let default = unit.cloned().unwrap_or_else(|| of_file(path));
        append(&mut fixes, read, &default, unit.is_some());
    }
    if let (Some(unit), true) = (unit, named.len() > 1) {
        let count = named.len();
        bail!("the files name {count} units, they cannot all be {unit}: leave out --unit");
    }
    // Stable: fixes that arrive at the same moment keep the order of the files.
    fixes.sort_by_key(|fix| fix.arrives);
    Ok(Recording { fixes })
}

fn read_file(path: &Path) -> anyhow::Result<Vec<PostedFix>> {
    let name = path.display();
    let bytes = std::fs::read(path).with_context(|| format!("{name} cannot be read"))?;
    let format = TrackFormat::of(&path.to_string_lossy(), &bytes).with_context(|| {
        format!("{name} is no file of tracks that Limes knows: its name ends in .csv, .ndjson, .gpx, .geojson, .nmea, .igc or .fit")
    })?;
    read(&bytes, format).with_context(|| name.to_string())
}

fn append(fixes: &mut Vec<Recorded>, read: Vec<PostedFix>, unit: &UnitId, overrides: bool) {
    let mut arrives = Timestamp::from_millis(i64::MIN);
    fixes.extend(read.into_iter().map(|fix| {
        arrives = arrives.max(fix.fixed_at);
        let own = fix.unit.clone().filter(|_| !overrides);
        Recorded {
            arrives,
            unit: own.unwrap_or_else(|| unit.clone()),
            fix,
        }
    }));
}

/// The unit that a file's name stands for.
fn of_file(path: &Path) -> UnitId {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let id: String = stem
        .chars()
        .map(|c| if fits(c) { c } else { '-' })
        .take(ID_CHARS)
        .collect();
    UnitId::parse(&id)
        .or_else(|_| UnitId::parse("unit"))
        .unwrap_or_else(|_| unreachable!("`unit` is an id"))
}
