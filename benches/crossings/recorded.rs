//! Recorded tracks through the real engine: what was driven or flown, and no truth but that.

use crate::border::View;
use crate::picture::Picture;
use crate::session::{Outcome, engine, field_rule, fixed, seconds};
use limes::domain::ids::StateSet;
use limes::domain::measure::{Metres, Position, Timestamp};
use limes::domain::registry::UnitKind;
use limes::wire::track_files::{TrackFormat, read};
use std::path::Path;

/// A recorded fix is taken to arrive after this.
const ARRIVES_MS: i64 = 300;

/// A picture of each track file of a folder, by its name.
pub(crate) fn pictures(folder: &Path, view: &View) -> anyhow::Result<Vec<(String, Picture)>> {
    let mut pictures = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    for path in files.iter().filter(|path| path.is_file()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let bytes = std::fs::read(path)?;
        let Some(form) = TrackFormat::of(&name, &bytes) else {
            continue;
        };
        let recorded = match read(&bytes, form) {
            Ok(recorded) => recorded,
            Err(error) => {
                eprintln!("{name} is no track: {error}");
                continue;
            }
        };
        let places = recorded
            .iter()
            .map(|fix| Ok((fix.fixed_at, Position::new(fix.lat, fix.lon)?)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let fixes = places.iter().map(|(at, place)| {
            let now = Timestamp::from_millis(at.as_millis() + ARRIVES_MS);
            (fixed(*at, *place, None), now)
        });
        let sides: Vec<(f64, Position, StateSet)> = places
            .iter()
            .map(|(at, place)| {
                let states = view.locate(*place, Metres::ZERO).states;
                (seconds(*at), *place, states)
            })
            .collect();
        let Some((_, _, first)) = sides.first().copied() else {
            continue;
        };
        let outcome = Outcome {
            flip: field_rule(&sides, 1),
            ..engine(fixes, view, UnitKind::Helicopter)
        };
        let places: Vec<_> = sides.iter().map(|side| (side.0, side.1)).collect();
        let picture = Picture::new(format!("Recorded: {name}"), &places, first, &outcome, view);
        pictures.push((name.into_owned(), picture));
    }
    Ok(pictures)
}
