//! What a restart must know of a ledger without folding its whole past: the snapshot's form, schema 6.
//!
//! Written by `postcard`, numbers of variable length. Times are milliseconds, distances centimetres, degrees and weights
//! the floating-point numbers themselves. Fixes, and the many samples of a window, are blocks of [`positions`].

#[cfg(test)]
mod tests;

use super::parts::WireError;
use super::positions::{self, PositionsError};
use crate::domain::borders::{Certainty, Location};
use crate::domain::event::WeighedFix;
use crate::domain::ids::{SourceId, StateSet, UnitId};
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use crate::domain::tracks::fix::{Fix, Measured};
use crate::domain::tracks::memory::{
    Clocks, Detector, Heard, Place, Sample, Stay, TrackMemory, Trend, Weighed,
};
use serde::{Deserialize, Serialize};

/// The schema of snapshots. A snapshot of another one is passed over, and the whole past folded.
pub const SCHEMA: u16 = 6;

/// What is remembered of one unit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct UnitMemory {
    pub(crate) unit: UnitId,
    pub(crate) track: TrackMemory,
    /// The newest fixes by device time, oldest first: the tail of the map.
    pub(crate) tail: Vec<Fix>,
}

/// Why a snapshot can not be used.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// Not of this form.
    #[error("it has another form: {0}")]
    Form(#[from] postcard::Error),
    /// A value is not what it claims to be.
    #[error("a value is wrong: {0}")]
    Value(#[from] WireError),
    /// Fixes that can not be read.
    #[error("its fixes cannot be read: {0}")]
    Fixes(#[from] PositionsError),
    /// A fix that it speaks of is not in it.
    #[error("a fix that it speaks of is missing")]
    NoFix,
}

/// Writes what is remembered of the units of a ledger.
///
/// # Errors
/// When there are more fixes in a tail than one block of positions holds.
pub(crate) fn encode(units: &[UnitMemory]) -> Result<Vec<u8>, MemoryError> {
    let units = units
        .iter()
        .map(UnitV6::of)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(postcard::to_stdvec(&units)?)
}

/// Reads what [`encode`] wrote.
///
/// # Errors
/// [`MemoryError`] for anything else.
pub(crate) fn decode(bytes: &[u8]) -> Result<Vec<UnitMemory>, MemoryError> {
    let units: Vec<UnitV6> = postcard::from_bytes(bytes)?;
    units.into_iter().map(UnitMemory::try_from).collect()
}

#[derive(Serialize, Deserialize)]
struct UnitV6 {
    unit: String,
    admitted: u64,
    latest: Vec<u8>,
    tail: Vec<u8>,
    /// The samples as fixes, in blocks: the digest of the device is the name of the source.
    samples: Vec<Vec<u8>>,
    /// Which of them left-out fixes join with the next one.
    joined: Vec<u32>,
    closed_until: Option<i64>,
    origin: DetectorV6,
    places: Vec<PlaceV6>,
    interval: Option<i64>,
    clocks: ClocksV6,
}

#[derive(Serialize, Deserialize)]
struct SampleV6 {
    fixed_at: i64,
    /// How long before `fixed_at` it was certainly taken; 0 but for a clock that is ahead.
    ahead: i64,
    lat: f64,
    lon: f64,
    depth: i64,
    accuracy: i64,
    states: String,
    source: u32,
    disputed: bool,
    joined: bool,
}

#[derive(Serialize, Deserialize)]
struct DetectorV6 {
    shift: u32,
    states: Option<String>,
    settled: bool,
    stay: Option<StayV6>,
    last_certain: Option<SampleV6>,
    last_inside: Option<SampleV6>,
    newest: Option<SampleV6>,
    apart: Vec<SampleV6>,
    jumped: Option<SampleV6>,
    /// Time and place of the last two fixes.
    last: Option<(i64, f64, f64)>,
    earlier: Option<(i64, f64, f64)>,
    believed: Option<(i64, i64)>,
    first: Option<WeighedV6>,
    chances_s: f64,
    record: f64,
}

#[derive(Serialize, Deserialize)]
struct StayV6 {
    to: String,
    disputed: bool,
    before: SampleV6,
    just_before: SampleV6,
    entered: SampleV6,
    certain: Option<SampleV6>,
    /// Of each: time, distance beyond the line, accuracy.
    told: Vec<(i64, i64, i64)>,
    suspected: bool,
    weighed: WeighedV6,
}

#[derive(Serialize, Deserialize)]
struct WeighedV6 {
    since: i64,
    newest: i64,
    fixes: u32,
    heaviest: f64,
    standing: f64,
}

#[derive(Serialize, Deserialize)]
struct PlaceV6 {
    at: i64,
    lat: f64,
    lon: f64,
    depth: i64,
    accuracy: i64,
}

#[derive(Serialize, Deserialize)]
struct ClocksV6 {
    received_at: Option<i64>,
    /// Of each minute and device: minutes since 1970, the digest of the device, the least lag in seconds.
    heard: Vec<(i32, u32, i32)>,
}

fn states(text: &str) -> Result<StateSet, MemoryError> {
    Ok(StateSet::parse(text).map_err(WireError::from)?)
}

fn position(lat: f64, lon: f64) -> Result<Position, MemoryError> {
    Ok(Position::new(lat, lon).map_err(WireError::from)?)
}

const fn time(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

const fn metres(centimetres: i64) -> Metres {
    Metres::from_centimetres(centimetres)
}

fn all<T, U: TryFrom<T, Error = MemoryError>>(
    items: impl IntoIterator<Item = T>,
) -> Result<Vec<U>, MemoryError> {
    items.into_iter().map(U::try_from).collect()
}

fn one<T, U: TryFrom<T, Error = MemoryError>>(item: Option<T>) -> Result<Option<U>, MemoryError> {
    item.map(U::try_from).transpose()
}

impl UnitV6 {
    fn of(memory: &UnitMemory) -> Result<Self, MemoryError> {
        let track = &memory.track;
        let samples = track.samples.iter().map(|sample| as_fix(sample, memory));
        let samples = samples.collect::<Result<Vec<Fix>, MemoryError>>()?;
        let joined = track.samples.iter().enumerate();
        let joined = joined.filter(|(_, sample)| sample.joined);
        Ok(Self {
            unit: memory.unit.to_string(),
            admitted: track.admitted,
            latest: positions::encode(std::slice::from_ref(&track.latest))?,
            tail: positions::encode(&memory.tail)?,
            samples: samples
                .chunks(positions::FIXES_MAX)
                .map(positions::encode)
                .collect::<Result<_, _>>()?,
            joined: joined.map(|(index, _)| index as u32).collect(),
            closed_until: track.closed_until.map(Timestamp::as_millis),
            origin: DetectorV6::from(&track.origin),
            places: track.places.iter().map(PlaceV6::from).collect(),
            interval: track.interval.map(Span::as_millis),
            clocks: ClocksV6 {
                received_at: track.clocks.received_at().map(Timestamp::as_millis),
                heard: track
                    .clocks
                    .heard()
                    .map(|heard| (heard.minute, heard.source, heard.least_s))
                    .collect(),
            },
        })
    }
}

impl TryFrom<UnitV6> for UnitMemory {
    type Error = MemoryError;

    fn try_from(unit: UnitV6) -> Result<Self, MemoryError> {
        let latest = positions::decode(&unit.latest)?.pop();
        let mut samples = Vec::new();
        for block in &unit.samples {
            for fix in &positions::decode(block)? {
                samples.push(as_sample(fix)?);
            }
        }
        for index in unit.joined {
            let sample = samples.get_mut(index as usize);
            sample.ok_or(MemoryError::NoFix)?.joined = true;
        }
        Ok(Self {
            unit: UnitId::parse(&unit.unit).map_err(WireError::from)?,
            track: TrackMemory {
                admitted: unit.admitted,
                latest: latest.ok_or(MemoryError::NoFix)?,
                samples,
                closed_until: unit.closed_until.map(time),
                origin: unit.origin.try_into()?,
                places: all(unit.places)?,
                interval: unit.interval.map(Span::from_millis),
                clocks: unit.clocks.into(),
            },
            tail: positions::decode(&unit.tail)?,
        })
    }
}

impl From<ClocksV6> for Clocks {
    fn from(clocks: ClocksV6) -> Self {
        let heard = clocks.heard.into_iter();
        let heard = heard.map(|(minute, source, least_s)| Heard {
            minute,
            source,
            least_s,
        });
        Self::remembered(heard, clocks.received_at.map(time))
    }
}

/// A sample as a fix of the unit.
fn as_fix(sample: &Sample, memory: &UnitMemory) -> Result<Fix, MemoryError> {
    let source = SourceId::parse(&sample.source.to_string()).map_err(WireError::from)?;
    let certainty = if sample.disputed {
        Certainty::Disputed
    } else {
        Certainty::Inside
    };
    Ok(Fix {
        unit: memory.unit.clone(),
        source,
        fixed_at: sample.fixed_at,
        received_at: sample.taken_by,
        position: sample.position,
        measured: Measured::default(),
        location: Location {
            states: sample.states,
            certainty,
            nearest: None,
        },
        accuracy: sample.accuracy,
        depth: sample.depth,
    })
}

/// The sample that [`as_fix`] made a fix of.
fn as_sample(fix: &Fix) -> Result<Sample, MemoryError> {
    Ok(Sample {
        fixed_at: fix.fixed_at,
        taken_by: fix.received_at,
        position: fix.position,
        depth: fix.depth,
        accuracy: fix.accuracy,
        states: fix.location.states,
        source: fix
            .source
            .as_str()
            .parse()
            .map_err(|_| MemoryError::NoFix)?,
        disputed: fix.location.certainty == Certainty::Disputed,
        joined: false,
    })
}

impl From<&Sample> for SampleV6 {
    fn from(sample: &Sample) -> Self {
        Self {
            fixed_at: sample.fixed_at.as_millis(),
            ahead: sample.fixed_at.since(sample.taken_by).as_millis(),
            lat: sample.position.lat(),
            lon: sample.position.lon(),
            depth: sample.depth.as_centimetres(),
            accuracy: sample.accuracy.as_centimetres(),
            states: sample.states.to_string(),
            source: sample.source,
            disputed: sample.disputed,
            joined: sample.joined,
        }
    }
}

impl TryFrom<SampleV6> for Sample {
    type Error = MemoryError;

    fn try_from(sample: SampleV6) -> Result<Self, MemoryError> {
        Ok(Self {
            fixed_at: time(sample.fixed_at),
            taken_by: time(sample.fixed_at.saturating_sub(sample.ahead)),
            position: position(sample.lat, sample.lon)?,
            depth: metres(sample.depth),
            accuracy: metres(sample.accuracy),
            states: states(&sample.states)?,
            source: sample.source,
            disputed: sample.disputed,
            joined: sample.joined,
        })
    }
}

impl From<&Detector> for DetectorV6 {
    fn from(detector: &Detector) -> Self {
        let at = |(at, place): (Timestamp, Position)| (at.as_millis(), place.lat(), place.lon());
        let believed = |(at, m): (Timestamp, Metres)| (at.as_millis(), m.as_centimetres());
        Self {
            shift: detector.shift,
            states: detector.states.map(|states| states.to_string()),
            settled: detector.settled,
            stay: detector.stay.as_deref().map(StayV6::from),
            last_certain: detector.last_certain.as_ref().map(SampleV6::from),
            last_inside: detector.last_inside.as_ref().map(SampleV6::from),
            newest: detector.newest.as_ref().map(SampleV6::from),
            apart: detector.apart.iter().map(SampleV6::from).collect(),
            jumped: detector.jumped.as_deref().map(SampleV6::from),
            last: detector.trend.last.map(at),
            earlier: detector.trend.earlier.map(at),
            believed: detector.believed.map(believed),
            first: detector.first.map(WeighedV6::from),
            chances_s: detector.chances_s,
            record: detector.record,
        }
    }
}

impl TryFrom<DetectorV6> for Detector {
    type Error = MemoryError;

    fn try_from(detector: DetectorV6) -> Result<Self, MemoryError> {
        let at = |(at, lat, lon)| Ok::<_, MemoryError>((time(at), position(lat, lon)?));
        let apart = detector.apart.into_iter().map(Sample::try_from);
        Ok(Self {
            shift: detector.shift,
            states: detector.states.as_deref().map(states).transpose()?,
            settled: detector.settled,
            stay: one(detector.stay)?.map(Box::new),
            last_certain: one(detector.last_certain)?,
            last_inside: one(detector.last_inside)?,
            newest: one(detector.newest)?,
            apart: apart.collect::<Result<_, _>>()?,
            jumped: one(detector.jumped)?.map(Box::new),
            trend: Trend {
                last: detector.last.map(at).transpose()?,
                earlier: detector.earlier.map(at).transpose()?,
            },
            believed: detector.believed.map(|(at, m)| (time(at), metres(m))),
            first: detector.first.map(Weighed::from),
            chances_s: detector.chances_s,
            record: detector.record,
        })
    }
}

impl From<Weighed> for WeighedV6 {
    fn from(weighed: Weighed) -> Self {
        Self {
            since: weighed.since.as_millis(),
            newest: weighed.newest.as_millis(),
            fixes: weighed.fixes,
            heaviest: weighed.heaviest,
            standing: weighed.standing,
        }
    }
}

impl From<WeighedV6> for Weighed {
    fn from(weighed: WeighedV6) -> Self {
        Self {
            since: time(weighed.since),
            newest: time(weighed.newest),
            fixes: weighed.fixes,
            heaviest: weighed.heaviest,
            standing: weighed.standing,
        }
    }
}

impl From<&Stay> for StayV6 {
    fn from(stay: &Stay) -> Self {
        let told = |fix: &WeighedFix| {
            let beyond = fix.beyond.as_centimetres();
            (
                fix.fixed_at.as_millis(),
                beyond,
                fix.accuracy.as_centimetres(),
            )
        };
        Self {
            to: stay.to.to_string(),
            disputed: stay.disputed,
            before: (&stay.before).into(),
            just_before: (&stay.just_before).into(),
            entered: (&stay.entered).into(),
            certain: stay.certain.as_ref().map(SampleV6::from),
            told: stay.told.iter().map(told).collect(),
            suspected: stay.suspected,
            weighed: stay.weighed.into(),
        }
    }
}

impl TryFrom<StayV6> for Stay {
    type Error = MemoryError;

    fn try_from(stay: StayV6) -> Result<Self, MemoryError> {
        let told = |(fixed_at, beyond, accuracy)| WeighedFix {
            fixed_at: time(fixed_at),
            beyond: metres(beyond),
            accuracy: metres(accuracy),
        };
        Ok(Self {
            to: states(&stay.to)?,
            disputed: stay.disputed,
            before: stay.before.try_into()?,
            just_before: stay.just_before.try_into()?,
            entered: stay.entered.try_into()?,
            certain: one(stay.certain)?,
            told: stay.told.into_iter().map(told).collect(),
            suspected: stay.suspected,
            weighed: stay.weighed.into(),
        })
    }
}

impl From<&Place> for PlaceV6 {
    fn from(place: &Place) -> Self {
        Self {
            at: place.at.as_millis(),
            lat: place.position.lat(),
            lon: place.position.lon(),
            depth: place.depth.as_centimetres(),
            accuracy: place.accuracy.as_centimetres(),
        }
    }
}

impl TryFrom<PlaceV6> for Place {
    type Error = MemoryError;

    fn try_from(place: PlaceV6) -> Result<Self, MemoryError> {
        Ok(Self {
            at: time(place.at),
            position: position(place.lat, place.lon)?,
            depth: metres(place.depth),
            accuracy: metres(place.accuracy),
        })
    }
}
