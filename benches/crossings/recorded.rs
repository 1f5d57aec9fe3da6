//! Recorded tracks through the real engine: what was flown, and no truth but that.

use crate::border::View;
use crate::picture::Picture;
use crate::session::{Outcome, engine, field_rule, fixed, seconds};
use limes::domain::ids::StateSet;
use limes::domain::measure::{Metres, Position, Timestamp};
use limes::domain::registry::UnitKind;
use std::path::Path;

/// A recorded fix is taken to arrive after this.
const ARRIVES_MS: i64 = 300;

/// A picture of each recorded track (`fixed_at,lat,lon` as CSV) of a folder, by name.
pub(crate) fn pictures(folder: &Path, view: &View) -> anyhow::Result<Vec<(String, Picture)>> {
    let mut pictures = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    for path in files
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "csv"))
    {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let places = places(path)?;
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

fn places(path: &Path) -> anyhow::Result<Vec<(Timestamp, Position)>> {
    csv::Reader::from_path(path)?
        .deserialize::<(String, f64, f64)>()
        .map(|row| {
            let (at, lat, lon) = row?;
            Ok((Timestamp::parse(&at)?, Position::new(lat, lon)?))
        })
        .collect()
}
