//! What is written of a track is read back to the bit.

use super::*;
use crate::domain::event::What;
use crate::domain::tracks::tests::plane::Plane;
use crate::domain::tracks::tests::properties::wandering;
use crate::domain::tracks::tests::sim::Field;

fn remembered(seed: u64) -> Option<UnitMemory> {
    let mut field = Field::new(Plane::two());
    for fix in wandering(seed, 150) {
        field.post(&fix);
    }
    let admitted = field.events.iter().filter_map(|event| match &event.what {
        What::Fix(fix) => Some(fix.clone()),
        _ => None,
    });
    Some(UnitMemory {
        unit: field.track.unit().clone(),
        tail: admitted.collect(),
        track: field.track.memory()?,
    })
}

#[test]
fn what_is_written_is_read_back() {
    let units: Vec<UnitMemory> = (0..60).filter_map(remembered).collect();
    let long = units.iter().filter(|unit| unit.track.samples.len() > 100);
    assert!(long.count() > 10);
    assert_eq!(decode(&encode(&units).unwrap()).unwrap(), units);
}

#[test]
fn a_stay_under_way_is_read_back() {
    let units = (0..200).filter_map(remembered);
    let with_stay = units.filter_map(|mut unit| {
        // The detector at the newest fix has one more often than the one before the window.
        let stay = unit.track.samples.windows(2).find_map(|pair| {
            let [before, entered] = pair else { return None };
            let mut stay = Stay::new(*before, *before, *entered);
            stay.take(entered);
            (before.states != entered.states).then_some(stay)
        })?;
        unit.track.origin.stay = Some(Box::new(stay));
        Some(unit)
    });
    let units: Vec<UnitMemory> = with_stay.collect();
    assert!(units.len() > 10);
    assert_eq!(decode(&encode(&units).unwrap()).unwrap(), units);
}

#[test]
fn a_day_of_samples_is_more_than_one_block_and_read_back() {
    let mut unit = remembered(1).unwrap();
    let first = unit.track.samples[0];
    let after = |index: usize| Sample {
        fixed_at: first.fixed_at.plus(Span::from_secs(index as i64)),
        taken_by: first.fixed_at.plus(Span::from_secs(index as i64)),
        joined: index.is_multiple_of(1_000),
        ..first
    };
    unit.track.samples = (0..positions::FIXES_MAX + 5_000).map(after).collect();
    let units = [unit];
    assert_eq!(decode(&encode(&units).unwrap()).unwrap(), units);
}

#[test]
fn bytes_of_something_else_are_refused() {
    let bytes = encode(&[remembered(1).unwrap()]).unwrap();
    assert!(decode(&bytes[..bytes.len() - 1]).is_err());
    assert!(decode(b"no snapshot").is_err());
    assert!(decode(&[]).is_err());
}
