//! An exercise as written by hand: TOML, strict. A key that is not known, a time that is none, a name that is not in
//! the file are refused with their line or key.

use super::crossing_points::PointOfFile;
use crate::domain::borders::{ListedPoint, PointOrigin};
use crate::domain::exercise::scenario::{AuthorisationPlan, Flaw};
use crate::domain::exercise::{
    Course, Gap, OperationPlan, Scenario, ScriptLine, ScriptedDeed, SightingPlan, TargetPlan,
    Truth, UnitPlan, Way,
};
use crate::domain::measure::{Metres, Position, Span};
use crate::domain::operations::Closing;
use crate::domain::operations::card::Target;
use crate::domain::registry::{RoomCard, UnitCard};
use crate::domain::registry_change::AccountCard;
use std::collections::BTreeMap;
use std::sync::Arc;

mod form;
mod saying;

use form::{
    Account, Drawn, File, Leg, Line, Operation, OrderWord, Room, Sighting, TargetOfFile,
    TruthOfFile, Unit,
};

/// The version of the format that this program reads.
pub const FORMAT: u32 = 1;

/// Why a text is no scenario.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ScenarioError {
    /// It is no TOML of this form; the text names line and key.
    #[error("{0}")]
    Form(#[from] toml::de::Error),
    /// It was written for another version.
    #[error("format = {found}: this program reads format {FORMAT}")]
    Format {
        /// What it says.
        found: u32,
    },
    /// It is not marked as an exercise.
    #[error("meta.exercise: must be true; a scenario is never a real operation")]
    NotMarked,
    /// Something in it does not fit.
    #[error(transparent)]
    Flaw(#[from] Flaw),
}

/// Reads a scenario.
///
/// # Errors
/// [`ScenarioError`] names the line or the key.
pub fn parse(text: &str) -> Result<Scenario, ScenarioError> {
    let file: File = toml::from_str(text)?;
    if file.format != FORMAT {
        return Err(ScenarioError::Format { found: file.format });
    }
    if !file.meta.exercise {
        return Err(ScenarioError::NotMarked);
    }
    let scenario = file.into_scenario()?;
    match scenario.flaw() {
        Some(flaw) => Err(flaw.into()),
        None => Ok(scenario),
    }
}

/// What courses a file draws, to be named by units.
type Courses = BTreeMap<String, Arc<Course>>;

impl File {
    fn into_scenario(self) -> Result<Scenario, Flaw> {
        let mut courses = Courses::new();
        for (name, drawn) in self.courses {
            let course = drawn.course(&name)?;
            courses.insert(name, Arc::new(course));
        }
        let units = self.units.into_iter().enumerate();
        let script = self.script.into_iter().enumerate();
        let truths = self.truth.into_iter().enumerate();
        let crossing_points = crossing_points(self.crossing_points)?;
        Ok(Scenario {
            name: self.meta.name.into(),
            description: self.meta.description.into(),
            course_note: self.meta.course.into(),
            licence: self.meta.licence.into(),
            seed: u64::from(self.meta.seed),
            length: self.lap.length.0,
            sign_off: self.lap.sign_off.0,
            marks: self
                .marks
                .into_iter()
                .map(|(name, at)| (name.into(), at.0))
                .collect(),
            rooms: self.rooms.into_iter().map(Into::into).collect(),
            accounts: self.accounts.into_iter().map(Into::into).collect(),
            units: units
                .map(|(index, unit)| unit.plan(index, &courses))
                .collect::<Result<_, _>>()?,
            target: self.target.plan(&courses)?,
            operation: self.operation.into(),
            sightings: self.sightings.into_iter().map(Into::into).collect(),
            script: script
                .map(|(index, line)| line.into_line(index, &crossing_points))
                .collect::<Result<_, _>>()?,
            crossing_points,
            truths: truths
                .map(|(index, truth)| truth.into_truth(index))
                .collect::<Result<_, _>>()?,
        })
    }
}

fn crossing_points(points: Vec<PointOfFile>) -> Result<Vec<ListedPoint>, Flaw> {
    let listed = |(index, point): (usize, PointOfFile)| {
        let place = format!("crossing_points[{}]", index + 1);
        let listed = point.listed(PointOrigin::Exercise);
        listed.map_err(|says| Flaw::at(place, says))
    };
    points.into_iter().enumerate().map(listed).collect()
}

impl From<Room> for RoomCard {
    fn from(room: Room) -> Self {
        Self {
            room: room.id.0,
            state: room.state.0,
        }
    }
}

impl From<Account> for AccountCard {
    fn from(account: Account) -> Self {
        Self {
            account: account.name.0,
            room: account.room.0,
            role: account.role.0,
        }
    }
}

impl Drawn {
    fn course(&self, name: &str) -> Result<Course, Flaw> {
        let mut points = Vec::with_capacity(self.points.len());
        for (index, [lat, lon]) in self.points.iter().enumerate() {
            let place = || format!("courses.{name}.points[{}]", index + 1);
            points.push(position(*lat, *lon, place)?);
        }
        Course::through(&points, self.km_0_at_point)
            .map_err(|error| Flaw::at(format!("courses.{name}"), error.to_string()))
    }
}

fn position(lat: f64, lon: f64, place: impl Fn() -> String) -> Result<Position, Flaw> {
    Position::new(lat, lon).map_err(|error| Flaw::at(place(), error.to_string()))
}

/// The way of somebody: `legs` along the course named, or from place to place.
fn way(
    course: Option<&String>,
    legs: &[Leg],
    courses: &Courses,
    place: &dyn Fn(&str) -> String,
) -> Result<Way, Flaw> {
    let flaw =
        |error: crate::domain::exercise::way::WayError| Flaw::at(place("legs"), error.to_string());
    let way = match course {
        Some(name) => {
            let course = courses.get(name).ok_or_else(|| {
                Flaw::at(
                    place("course"),
                    format!("there is no course `{name}` in this file"),
                )
            })?;
            let along = along(legs, place)?;
            Way::along(Arc::clone(course), &along).map_err(flaw)?
        }
        None => Way::free(&free(legs, place)?).map_err(flaw)?,
    };
    let heights: Vec<(Span, f64)> = legs
        .iter()
        .filter_map(|leg| Some((leg.at.0, leg.altitude_m?)))
        .collect();
    if heights.is_empty() {
        return Ok(way);
    }
    way.at_heights(&heights).map_err(flaw)
}

fn along(legs: &[Leg], place: &dyn Fn(&str) -> String) -> Result<Vec<(Span, f64)>, Flaw> {
    let leg = |(index, leg): (usize, &Leg)| match leg.km {
        Some(km) if leg.lat.is_none() && leg.lon.is_none() && km.is_finite() => {
            Ok((leg.at.0, km * 1_000.0))
        }
        _ => Err(Flaw::at(
            place(&format!("legs[{}]", index + 1)),
            "must have `km` and neither `lat` nor `lon`: it follows a course",
        )),
    };
    legs.iter().enumerate().map(leg).collect()
}

fn free(legs: &[Leg], place: &dyn Fn(&str) -> String) -> Result<Vec<(Span, Position)>, Flaw> {
    let leg = |(index, leg): (usize, &Leg)| {
        let here = || place(&format!("legs[{}]", index + 1));
        match (leg.lat, leg.lon, leg.km) {
            (Some(lat), Some(lon), None) => Ok((leg.at.0, position(lat, lon, here)?)),
            _ => Err(Flaw::at(
                here(),
                "must have `lat` and `lon` and no `km`: it follows no course",
            )),
        }
    };
    legs.iter().enumerate().map(leg).collect()
}

impl Unit {
    fn plan(self, index: usize, courses: &Courses) -> Result<UnitPlan, Flaw> {
        let place = |key: &str| format!("units[{}].{key}", index + 1);
        let way = way(self.course.as_ref(), &self.legs, courses, &place)?;
        Ok(UnitPlan {
            card: UnitCard {
                id: self.id.0,
                room: self.room.0,
                state: self.state.0,
                kind: self.kind.0,
                callsign: self.callsign.into(),
                marks: self.marks.map(|marks| marks.0),
            },
            every: seconds(self.every_s),
            accuracy_m: self.accuracy_m,
            correlation: seconds(self.correlation_s),
            gaps: self
                .gaps
                .iter()
                .map(|gap| Gap {
                    from: gap.from.0,
                    to: gap.to.0,
                })
                .collect(),
            way,
        })
    }
}

fn seconds(seconds: f64) -> Span {
    Span::from_millis((seconds * 1_000.0).round() as i64)
}

impl TargetOfFile {
    fn plan(self, courses: &Courses) -> Result<TargetPlan, Flaw> {
        let place = |key: &str| format!("target.{key}");
        Ok(TargetPlan {
            way: way(self.course.as_ref(), &self.legs, courses, &place)?,
            target: Target {
                id: self.id.0,
                description: self.description.into(),
            },
        })
    }
}

impl From<Operation> for OperationPlan {
    fn from(operation: Operation) -> Self {
        let authorisation = operation.authorisation.map(|document| AuthorisationPlan {
            number: document.number.into(),
            from: document.from.0,
            to: document.to.0,
            conditions: document.conditions.into(),
        });
        Self {
            room: operation.room.0,
            basis: operation.basis.0,
            purpose: operation.purpose.0,
            offence: operation.offence.into(),
            person_category: operation.person_category.0,
            requesting_state: operation.requesting_state.0,
            host_states: operation.host_states.into_iter().map(|s| s.0).collect(),
            host_rooms: operation.host_rooms.into_iter().map(|r| r.0).collect(),
            units: operation.units.into_iter().map(|u| u.0).collect(),
            authorisation,
        }
    }
}

impl From<Sighting> for SightingPlan {
    fn from(seen: Sighting) -> Self {
        Self {
            unit: seen.unit.0,
            by: seen.by.0,
            from: seen.from.0,
            to: seen.to.0,
            every: seconds(seen.every_s),
            accuracy_m: seen.accuracy_m,
        }
    }
}

/// A key of a line of the script, and what is wrong with it.
type WrongKey = (&'static str, String);

impl Line {
    fn into_line(self, index: usize, points: &[ListedPoint]) -> Result<ScriptLine, Flaw> {
        let at = self.at.0;
        let deed = self.deed(points).map_err(|(key, sentence)| {
            Flaw::at(format!("script[{}].{key}", index + 1), sentence)
        })?;
        Ok(ScriptLine { at, deed })
    }

    fn deed(mut self, points: &[ListedPoint]) -> Result<ScriptedDeed, WrongKey> {
        let says = self.order == Some(OrderWord::Say);
        if !says && let Some(key) = self.key_of_say() {
            return Err((key, "goes with `order = \"say\"` alone".to_owned()));
        }
        let (by, order) = match (&self.unit, self.act.take(), self.by.take(), self.order) {
            (Some(unit), Some(act), None, None) => {
                let (unit, act) = (unit.0.clone(), act.0);
                return Ok(ScriptedDeed::Act { unit, act });
            }
            (unit, None, Some(by), Some(order)) if says || unit.is_none() => (by.0, order),
            _ => {
                let sentence = "write `unit` and `act`, or `by` and `order`".to_owned();
                return Err(("order", sentence));
            }
        };
        let duty = self.duty.take().map(|duty| duty.0);
        let duty = duty.ok_or_else(|| missing("duty", "say of which duty the notice is"));
        Ok(match order {
            OrderWord::Open => ScriptedDeed::Open { by },
            OrderWord::Authorise => ScriptedDeed::Authorise { by },
            OrderWord::SendNotice => ScriptedDeed::SendNotice {
                by,
                duty: duty?,
                grounds: self.grounds.map(Into::into),
            },
            OrderWord::AcknowledgeNotice => ScriptedDeed::AcknowledgeNotice { by, duty: duty? },
            OrderWord::Say => {
                let saying = self.saying(points)?;
                ScriptedDeed::Say { by, saying }
            }
            OrderWord::Close => ScriptedDeed::Close {
                by,
                closing: Closing {
                    reason: self
                        .reason
                        .ok_or_else(|| missing("reason", "say why it is closed"))?
                        .into(),
                    outcome: self.outcome.map(|outcome| outcome.0),
                },
            },
        })
    }
}

fn missing(key: &'static str, what: &str) -> WrongKey {
    (key, format!("is missing: {what}"))
}

impl TruthOfFile {
    fn into_truth(self, index: usize) -> Result<Truth, Flaw> {
        let place = || format!("truth[{}]", index + 1);
        Ok(Truth {
            unit: self.unit.0,
            from: self.from.0,
            to: self.to.0,
            at: self.at.0,
            point: position(self.lat, self.lon, place)?,
            within: Metres::new(self.within_m),
            within_time: seconds(self.within_s),
        })
    }
}

#[cfg(test)]
mod tests;
