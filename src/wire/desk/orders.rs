//! What a person at a desk orders.

use super::{KeyError, at, text};
use crate::domain::ids::{OperationId, RoomId, State, TargetId, UnitId};
use crate::domain::input::Seen;
use crate::domain::law::basis::{Authorisation, Basis, Form, PatrolArea, PersonCategory, Purpose};
use crate::domain::law::facts::Declared;
use crate::domain::measure::{Metres, Position, Timestamp};
use crate::domain::operations::card::Target;
use crate::domain::operations::orders::OPERATION_ID_MAX;
use crate::domain::operations::{Closing, Outcome, SightingSource};
use crate::wire::airspace::AirspaceWire;
use crate::wire::fix::parse_time;
use crate::wire::operation::{AuthorisationWire, EvadedCheckWire, PatrolWire, TargetWire};
use crate::wire::parts::{position, word};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The words that a basis may be.
const BASES: &str = "`40(1)`, `40(2)`, `pursuit_flagrante`, `pursuit_escape`, `pursuit_evaded_check`, `joint_patrol`, \
    `imminent_danger`, `transit_road`, `train_or_ship`, `assistance`, `transfer_person` or `controlled_delivery`";
/// The longest name of an operation, in characters.
pub(super) const NAME_MAX: usize = 80;
/// The longest free text of an order, in characters.
pub(super) const TEXT_MAX: usize = 2_000;
/// The most states, rooms or units in one order.
pub(super) const LIST_MAX: usize = 500;
/// The heights above the ellipsoid that a document of a host may give.
const ALTITUDES_M: std::ops::RangeInclusive<f64> = -500.0..=20_000.0;
/// The most points of a patrol's or a drone's area.
const AREA_MAX: usize = 10_000;
/// How far the true place may be when a unit that sees the target does not say: a guess on the wide side.
const SEEN_WITHIN: Metres = Metres::from_centimetres(10_000);
/// The same for a report by voice.
const HEARD_WITHIN: Metres = Metres::from_centimetres(100_000);
/// The widest circle of a sighting, metres.
const ACCURACY_MAX_M: f64 = 100_000.0;

/// An operation to be opened.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct OpeningWire {
    /// Its id; without one it is made from the name, or drawn.
    #[serde(default)]
    pub id: Option<String>,
    /// Its name on strips and notices; without one it is the id.
    #[serde(default)]
    pub name: Option<String>,
    /// The provision it rests on: `40(1)`, `40(2)`, `pursuit_flagrante`, `pursuit_escape`, `pursuit_evaded_check`,
    /// `joint_patrol`; or the reason of another lawful crossing: `imminent_danger`, `transit_road`, `train_or_ship`,
    /// `assistance`, `transfer_person`, `controlled_delivery`.
    pub basis: String,
    /// Whose officers; the room's own state when left out.
    #[serde(default)]
    pub requesting_state: Option<String>,
    /// Where they may have to go.
    pub host_states: Vec<String>,
    /// The rooms to tell, where a host state has several; else they are found from `host_states`.
    #[serde(default)]
    pub host_rooms: Option<Vec<String>>,
    /// By its id in the rule data (`/api/v1/offences`); a pursuit of somebody who escaped or evaded a check may leave it
    /// out, and whatever follows nobody.
    #[serde(default)]
    pub offence: Option<String>,
    /// Who is followed: `suspect`, `contact`; `nobody` on a joint patrol and a crossing of another kind, which may leave it
    /// out.
    #[serde(default)]
    pub person_category: Option<String>,
    /// What it is for; `criminal_investigation` when left out.
    #[serde(default)]
    pub purpose: Option<String>,
    /// Whom it follows: a code and a description fit for the air, no name.
    #[serde(default)]
    pub target: Option<TargetWire>,
    /// The units assigned.
    #[serde(default)]
    pub units: Vec<String>,
    /// What the host granted.
    #[serde(default)]
    pub authorisation: Option<AuthorisationWire>,
    /// Of a joint patrol: where.
    #[serde(default)]
    pub patrol: Option<PatrolWire>,
    /// Whether the offence may lead to extradition, as a person judged; where a pair's list is those offences.
    #[serde(default)]
    pub extraditable: Option<bool>,
    /// Why the host could not be asked (Art. 40(2)) or told (Art. 41(1)) before the crossing.
    #[serde(default)]
    pub grounds: Option<String>,
    /// Of a pursuit after an evaded check: where that was, as `{"point":[lon,lat]}`.
    #[serde(default)]
    pub evaded_check: Option<EvadedCheckWire>,
    /// Whether it is part of an exercise; must fit the service, which is either real or an exercise.
    #[serde(default)]
    pub exercise: Option<bool>,
}

/// An [`OpeningWire`] as read: what the room adds is still missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// Its id, when one was asked for.
    pub id: Option<OperationId>,
    /// Its name, when one was given.
    pub name: Option<Arc<str>>,
    /// What it declares to the law.
    pub declared: Declared,
    /// The rooms asked for.
    pub host_rooms: Option<Vec<RoomId>>,
    /// Whom it follows.
    pub target: Option<Target>,
    /// The units assigned.
    pub units: Vec<UnitId>,
    /// Of a joint patrol: where.
    pub patrol: Option<PatrolArea>,
    /// Of a pursuit after an evaded check: where that was.
    pub evaded_at: Option<Position>,
    /// Whether it calls itself part of an exercise.
    pub exercise: Option<bool>,
}

impl OpeningWire {
    /// Reads it, for a room of this state.
    ///
    /// # Errors
    /// [`KeyError`] naming the key whose value is none.
    pub fn read(&self, own_state: State) -> Result<Opening, KeyError> {
        let id = self.id.as_deref().map(operation_id).transpose()?;
        let name = match self.name.as_deref().map(str::trim) {
            None | Some("") => None,
            Some(name) => Some(text("name", name, NAME_MAX)?),
        };
        let patrol = self.patrol.as_ref().map(patrol).transpose()?;
        Ok(Opening {
            id,
            name,
            declared: self.declared(own_state)?,
            host_rooms: match &self.host_rooms {
                Some(rooms) => Some(list("host_rooms", rooms, RoomId::parse)?),
                None => None,
            },
            target: self.target.as_ref().map(target).transpose()?,
            units: units(&self.units)?,
            patrol,
            evaded_at: match &self.evaded_check {
                None => None,
                Some(check) => Some(at("evaded_check", position(check.point))?),
            },
            exercise: self.exercise,
        })
    }

    fn declared(&self, own_state: State) -> Result<Declared, KeyError> {
        let basis = at("basis", word(&self.basis, Basis::parse, BASES))?;
        let purpose = match &self.purpose {
            None => Purpose::CriminalInvestigation,
            Some(purpose) => at("purpose", word(purpose, Purpose::parse, "a purpose"))?,
        };
        let followed = basis.form().follows_somebody();
        let rests_on_offence =
            basis.form() == Form::Surveillance || basis == Basis::PursuitCaughtInTheAct;
        let person_category = match &self.person_category {
            Some(category) => {
                let wanted = "`suspect`, `contact` or `nobody`";
                at(
                    "person_category",
                    word(category, PersonCategory::parse, wanted),
                )?
            }
            None if followed => {
                let sentence = "missing: say `suspect` or `contact`";
                return Err(KeyError::new("person_category", sentence));
            }
            None => PersonCategory::Nobody,
        };
        let offence = match self.offence.as_deref().map(str::trim) {
            Some(offence) if !offence.is_empty() => text("offence", offence, NAME_MAX)?,
            _ if rests_on_offence => {
                let sentence = "missing: give its id, see /api/v1/offences";
                return Err(KeyError::new("offence", sentence));
            }
            _ => "".into(),
        };
        let host_states = list("host_states", &self.host_states, |state| {
            State::parse(state)
        })?;
        if host_states.is_empty() {
            let sentence = "empty: name the state or states to be entered";
            return Err(KeyError::new("host_states", sentence));
        }
        Ok(Declared {
            basis,
            purpose,
            offence,
            person_category,
            requesting_state: match &self.requesting_state {
                None => own_state,
                Some(state) => at("requesting_state", State::parse(state))?,
            },
            host_states,
            authorisations: self
                .authorisation
                .as_ref()
                .map(authorisation)
                .transpose()?
                .into_iter()
                .collect(),
            refusals: Vec::new(),
            extraditable: self.extraditable,
            grounds: self.grounds.as_deref().map(grounds).transpose()?,
            evaded_check: Vec::new(),
        })
    }
}

pub(super) fn grounds(grounds: &str) -> Result<Arc<str>, KeyError> {
    text("grounds", grounds, TEXT_MAX)
}

/// Closes an operation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct ClosingWire {
    /// Why.
    pub reason: String,
    /// How it ended: `arrested`, `handed_over`, `lost`, `broken_off`, `completed`, `not_crossed`.
    #[serde(default)]
    pub outcome: Option<String>,
}

impl ClosingWire {
    /// Reads it.
    ///
    /// # Errors
    /// [`KeyError`] when the reason is empty or too long, or the outcome is none of the words.
    pub fn read(&self) -> Result<Closing, KeyError> {
        let reason = text("reason", &self.reason, TEXT_MAX)?;
        if reason.is_empty() {
            return Err(KeyError::new("reason", "empty: say why it is closed"));
        }
        let outcome = |word: &str| {
            Outcome::parse(word).ok_or_else(|| {
                let words = Outcome::ALL.map(Outcome::as_str).join(", ");
                KeyError::new("outcome", format!("`{word}` is none of: {words}"))
            })
        };
        Ok(Closing {
            reason,
            outcome: self.outcome.as_deref().map(outcome).transpose()?,
        })
    }
}

/// The target as a person or unit saw it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, ToSchema)]
pub struct SightingOrderWire {
    /// The target's id.
    pub target: String,
    /// When; now when left out.
    #[serde(default)]
    pub seen_at: Option<String>,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// How far the true place may be; 100 m for a unit and 1 km by voice when left out.
    #[serde(default)]
    pub accuracy_m: Option<f64>,
    /// `unit` or `voice`.
    pub source: String,
    /// Which unit sees it.
    #[serde(default)]
    pub unit: Option<String>,
    /// Over ground, degrees from true north.
    #[serde(default)]
    pub course_deg: Option<f64>,
    /// Over ground, metres a second.
    #[serde(default)]
    pub speed_mps: Option<f64>,
}

impl SightingOrderWire {
    /// Reads it; what was seen without a time was seen now.
    ///
    /// # Errors
    /// [`KeyError`] naming the key whose value is none.
    pub fn read(&self, now: Timestamp) -> Result<Seen, KeyError> {
        let parse = |word: &str| {
            SightingSource::parse(word).filter(|source| *source != SightingSource::Followed)
        };
        let source = at("source", word(&self.source, parse, "`unit` or `voice`"))?;
        let position = at("lat", Position::new(self.lat, self.lon))?;
        let accuracy = match self.accuracy_m {
            None if source == SightingSource::Voice => HEARD_WITHIN,
            None => SEEN_WITHIN,
            Some(metres) if metres > 0.0 && metres <= ACCURACY_MAX_M => Metres::new(metres),
            Some(_) => {
                let sentence = "must be above 0 and at most 100000 metres";
                return Err(KeyError::new("accuracy_m", sentence));
            }
        };
        let range = |key, value: Option<f64>, most: f64| match value {
            Some(value) if !(0.0..=most).contains(&value) => {
                Err(KeyError::new(key, format!("must be from 0 to {most}")))
            }
            value => Ok(value),
        };
        Ok(Seen {
            target: at("target", TargetId::parse(&self.target))?,
            seen_at: match &self.seen_at {
                None => now,
                Some(time) => moment("seen_at", time)?,
            },
            position,
            accuracy,
            source,
            unit: match &self.unit {
                None => None,
                Some(unit) => Some(at("unit", UnitId::parse(unit))?),
            },
            course_deg: range("course_deg", self.course_deg, 360.0)?,
            speed_mps: range("speed_mps", self.speed_mps, 1_000.0)?,
        })
    }
}

/// A time by the rule for the times of fixes: nothing outside the years from 1970 to 9999 gets into the house.
pub(super) fn moment(key: &'static str, text: &str) -> Result<Timestamp, KeyError> {
    parse_time(text).map_err(|fault| {
        let sentence = format!("`{text}` {}", fault.sentence());
        KeyError::new(key, sentence)
    })
}

/// An operation's id that leaves room for the numbers of its notices.
fn operation_id(id: &str) -> Result<OperationId, KeyError> {
    let id = at("id", OperationId::parse(id))?;
    if id.as_str().len() > OPERATION_ID_MAX {
        let sentence = format!("longer than {OPERATION_ID_MAX} characters: take a shorter one");
        return Err(KeyError::new("id", sentence));
    }
    Ok(id)
}

fn list<T, E: Into<crate::wire::parts::WireError>>(
    key: &'static str,
    values: &[String],
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<Vec<T>, KeyError>
where
    T: PartialEq,
{
    if values.len() > LIST_MAX {
        return Err(KeyError::new(
            key,
            format!("more than {LIST_MAX}: send fewer"),
        ));
    }
    let mut read: Vec<T> = Vec::with_capacity(values.len());
    for value in values {
        let value = at(key, parse(value))?;
        if !read.contains(&value) {
            read.push(value);
        }
    }
    Ok(read)
}

pub(super) fn units(units: &[String]) -> Result<Vec<UnitId>, KeyError> {
    list("units", units, UnitId::parse)
}

fn target(target: &TargetWire) -> Result<Target, KeyError> {
    text("target", &target.description, TEXT_MAX)?;
    at("target", target.try_into())
}

pub(super) fn authorisation(document: &AuthorisationWire) -> Result<Authorisation, KeyError> {
    let key = "authorisation";
    let number = text(key, &document.number, NAME_MAX)?;
    text(key, &document.conditions, TEXT_MAX)?;
    if number.is_empty() {
        return Err(KeyError::new(key, "the document has no number: give it"));
    }
    for end in [&document.from, &document.to] {
        moment(key, end)?;
    }
    if let Some(drone) = &document.drone {
        in_bounds(key, drone)?;
    }
    at(key, document.try_into())
}

/// An area is a ring of at least three points, and a height is one that a drone can reach.
fn in_bounds(key: &'static str, drone: &AirspaceWire) -> Result<(), KeyError> {
    if let Some(area) = &drone.area
        && !(3..=AREA_MAX).contains(&area.len())
    {
        let sentence = format!("the area of a drone has 3 to {AREA_MAX} points");
        return Err(KeyError::new(key, sentence));
    }
    if drone
        .altitude_max_m
        .is_some_and(|most| !ALTITUDES_M.contains(&most))
    {
        let (least, most) = (ALTITUDES_M.start(), ALTITUDES_M.end());
        let sentence = format!("`altitude_max_m` of a drone is from {least} to {most} metres");
        return Err(KeyError::new(key, sentence));
    }
    Ok(())
}

fn patrol(patrol: &PatrolWire) -> Result<PatrolArea, KeyError> {
    let points = patrol.area.as_ref().map_or(0, Vec::len);
    if patrol.area.is_some() && !(3..=AREA_MAX).contains(&points) {
        let sentence = format!("an area has 3 to {AREA_MAX} points");
        return Err(KeyError::new("patrol", sentence));
    }
    at("patrol", patrol.try_into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_order_brings_in_a_time_from_before_1970() {
        let early = "0000-01-01T00:00:00+00:01";
        let sighting: SightingOrderWire = serde_json::from_value(serde_json::json!({
            "target": "T-1", "lat": 46.2, "lon": 20.7, "source": "voice", "seen_at": early,
        }))
        .unwrap();
        let error = sighting.read(Timestamp::EPOCH).unwrap_err();
        assert_eq!(error.key, "seen_at");
    }
}
