//! Operations, notices and sightings as they are stored and shown.

use super::airspace::AirspaceWire;
use super::parts::{PersonWire, Place, Point, WireError, metres, point, position, timestamp, word};
use crate::domain::ids::{CrossingId, NoticeId, OperationId, RoomId, State, TargetId, UnitId};
use crate::domain::law::basis::{
    Authorisation, Basis, EvadedCheck, PatrolArea, PersonCategory, Purpose,
};
use crate::domain::law::facts::Declared;
use crate::domain::measure::Metres;
use crate::domain::operations::card::{Amendment, Target};
use crate::domain::operations::notice::NoticeCrossing;
use crate::domain::operations::{NoticeFields, OperationCard, Sighting, SightingSource};
use crate::domain::registry::{Marks, UnitKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// What a host state granted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct AuthorisationWire {
    /// The document's number.
    pub number: String,
    /// From when, inclusive.
    pub from: String,
    /// Until when, exclusive.
    pub to: String,
    /// Conditions, in the words of the document.
    #[serde(default)]
    pub conditions: String,
    /// The host state that granted it; may be left out while the operation names one only.
    #[serde(default)]
    pub state: Option<String>,
    /// Where it lets a drone fly; left out when it says nothing of drones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub drone: Option<AirspaceWire>,
}

impl From<&Authorisation> for AuthorisationWire {
    fn from(authorisation: &Authorisation) -> Self {
        Self {
            number: authorisation.number.to_string(),
            from: authorisation.from.to_string(),
            to: authorisation.to.to_string(),
            conditions: authorisation.conditions.to_string(),
            state: authorisation.state.map(|state| state.to_string()),
            drone: authorisation.drone.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<&AuthorisationWire> for Authorisation {
    type Error = WireError;

    fn try_from(authorisation: &AuthorisationWire) -> Result<Self, WireError> {
        Ok(Self {
            number: authorisation.number.as_str().into(),
            from: timestamp(&authorisation.from)?,
            to: timestamp(&authorisation.to)?,
            conditions: authorisation.conditions.as_str().into(),
            state: authorisation
                .state
                .as_deref()
                .map(State::parse)
                .transpose()?,
            drone: authorisation
                .drone
                .as_ref()
                .map(TryInto::try_into)
                .transpose()?,
        })
    }
}

/// Whom an operation follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TargetWire {
    /// Its code.
    pub id: String,
    /// A description fit for the air.
    #[serde(default)]
    pub description: String,
}

/// Where a joint patrol was agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct PatrolWire {
    /// The host state.
    pub state: String,
    /// A ring of points, or the whole state.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Vec<f64>>>)]
    pub area: Option<Vec<Point>>,
}

/// Where somebody evaded a check, and how far that is from the frontiers of the host states.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct EvadedCheckWire {
    /// Where.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub point: Point,
    /// By host; empty in an order.
    #[serde(default)]
    pub frontiers: Vec<FrontierDistanceWire>,
}

/// How far a place is from the frontier of a host state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct FrontierDistanceWire {
    /// The host state.
    pub host: String,
    /// The shortest distance to its frontier with the requesting state; null where the two have none on land.
    pub distance_m: Option<f64>,
}

/// What is corrected of an opening: only what is given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS, ToSchema)]
pub struct AmendmentWire {
    /// The offence, by its id in the rule data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offence: Option<String>,
    /// Whether it may lead to extradition, as a person judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraditable: Option<bool>,
    /// `suspect`, `contact`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person_category: Option<String>,
    /// Why the host could not be asked or told before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<String>,
    /// More states that may have to be entered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_hosts: Vec<String>,
    /// Why it is corrected.
    pub because: String,
}

impl From<&Amendment> for AmendmentWire {
    fn from(amendment: &Amendment) -> Self {
        Self {
            offence: amendment.offence.as_ref().map(ToString::to_string),
            extraditable: amendment.extraditable,
            person_category: amendment.person_category.map(|one| one.as_str().to_owned()),
            grounds: amendment.grounds.as_ref().map(ToString::to_string),
            more_hosts: amendment
                .more_hosts
                .iter()
                .map(ToString::to_string)
                .collect(),
            because: amendment.because.to_string(),
        }
    }
}

impl TryFrom<&AmendmentWire> for Amendment {
    type Error = WireError;

    fn try_from(amendment: &AmendmentWire) -> Result<Self, WireError> {
        let category =
            |word_given: &String| word(word_given, PersonCategory::parse, "a person category");
        Ok(Self {
            offence: amendment.offence.as_deref().map(Into::into),
            extraditable: amendment.extraditable,
            person_category: amendment
                .person_category
                .as_ref()
                .map(category)
                .transpose()?,
            grounds: amendment.grounds.as_deref().map(Into::into),
            more_hosts: amendment
                .more_hosts
                .iter()
                .map(|host| State::parse(host))
                .collect::<Result<_, _>>()?,
            because: amendment.because.as_str().into(),
        })
    }
}

/// How the officers of a unit can be recognised as police.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RecognisableWire {
    /// Which unit.
    pub unit: String,
    /// `uniform`, `armband`, `vehicle_fittings`, `nothing`.
    pub by: String,
}

/// An operation as opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct OperationCardWire {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The room that opened it.
    pub room: String,
    /// `40(1)`, `40(2)`, `pursuit_flagrante`, `pursuit_escape`, `pursuit_evaded_check`, `joint_patrol`.
    pub basis: String,
    /// `criminal_investigation`, `preventive`, `customs`.
    pub purpose: String,
    /// By its id in the rule data.
    pub offence: String,
    /// `suspect`, `contact`.
    pub person_category: String,
    /// Whose officers.
    pub requesting_state: String,
    /// Where they may have to go.
    pub host_states: Vec<String>,
    /// The rooms of those states here.
    pub host_rooms: Vec<String>,
    /// Whom it follows.
    pub target: Option<TargetWire>,
    /// The units assigned.
    pub units: Vec<String>,
    /// What the host granted.
    pub authorisation: Option<AuthorisationWire>,
    /// Of a joint patrol: where.
    pub patrol: Option<PatrolWire>,
    /// Whether the offence may lead to extradition, as a person judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extraditable: Option<bool>,
    /// Why the host could not be asked or told before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grounds: Option<String>,
    /// Of a pursuit after an evaded check: where that was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evaded_check: Option<EvadedCheckWire>,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
    /// Who opened it.
    pub opened_by: PersonWire,
}

impl From<&OperationCard> for OperationCardWire {
    fn from(card: &OperationCard) -> Self {
        let declared = &card.declared;
        Self {
            id: card.id.to_string(),
            name: card.name.to_string(),
            room: card.room.to_string(),
            basis: declared.basis.as_str().to_owned(),
            purpose: declared.purpose.as_str().to_owned(),
            offence: declared.offence.to_string(),
            person_category: declared.person_category.as_str().to_owned(),
            requesting_state: declared.requesting_state.to_string(),
            host_states: declared
                .host_states
                .iter()
                .map(ToString::to_string)
                .collect(),
            host_rooms: card.host_rooms.iter().map(ToString::to_string).collect(),
            target: card.target.as_ref().map(|target| TargetWire {
                id: target.id.to_string(),
                description: target.description.to_string(),
            }),
            units: card.units.iter().map(ToString::to_string).collect(),
            // At the opening there is one at most; others come in as changes.
            authorisation: declared.authorisations.last().map(Into::into),
            patrol: card.patrol.as_ref().map(|patrol| PatrolWire {
                state: patrol.state.to_string(),
                area: patrol
                    .area
                    .as_ref()
                    .map(|ring| ring.iter().map(|p| point(*p)).collect()),
            }),
            extraditable: declared.extraditable,
            grounds: declared.grounds.as_ref().map(ToString::to_string),
            evaded_check: card.evaded_at.map(|place| EvadedCheckWire {
                point: point(place),
                frontiers: declared
                    .evaded_check
                    .iter()
                    .map(|check| FrontierDistanceWire {
                        host: check.host.to_string(),
                        distance_m: check.to_frontier.map(metres),
                    })
                    .collect(),
            }),
            exercise: card.exercise,
            opened_by: (&card.opened_by).into(),
        }
    }
}

impl TryFrom<&TargetWire> for Target {
    type Error = WireError;

    fn try_from(target: &TargetWire) -> Result<Self, WireError> {
        Ok(Self {
            id: TargetId::parse(&target.id)?,
            description: target.description.as_str().into(),
        })
    }
}

impl TryFrom<&PatrolWire> for PatrolArea {
    type Error = WireError;

    fn try_from(patrol: &PatrolWire) -> Result<Self, WireError> {
        Ok(Self {
            state: State::parse(&patrol.state)?,
            area: patrol
                .area
                .as_ref()
                .map(|ring| ring.iter().map(|p| position(*p)).collect::<Result<_, _>>())
                .transpose()?,
        })
    }
}

impl TryFrom<&OperationCardWire> for OperationCard {
    type Error = WireError;

    fn try_from(card: &OperationCardWire) -> Result<Self, WireError> {
        Ok(Self {
            id: OperationId::parse(&card.id)?,
            name: card.name.as_str().into(),
            room: RoomId::parse(&card.room)?,
            declared: Declared {
                basis: word(&card.basis, Basis::parse, "a legal basis")?,
                purpose: word(&card.purpose, Purpose::parse, "a purpose")?,
                offence: card.offence.as_str().into(),
                person_category: word(
                    &card.person_category,
                    PersonCategory::parse,
                    "a person category",
                )?,
                requesting_state: State::parse(&card.requesting_state)?,
                host_states: card
                    .host_states
                    .iter()
                    .map(|s| State::parse(s))
                    .collect::<Result<_, _>>()?,
                authorisations: card
                    .authorisation
                    .iter()
                    .map(TryInto::try_into)
                    .collect::<Result<_, _>>()?,
                refusals: Vec::new(),
                extraditable: card.extraditable,
                grounds: card.grounds.as_deref().map(Into::into),
                evaded_check: card
                    .evaded_check
                    .iter()
                    .flat_map(|check| &check.frontiers)
                    .map(|check| {
                        Ok(EvadedCheck {
                            host: State::parse(&check.host)?,
                            to_frontier: check.distance_m.map(Metres::new),
                        })
                    })
                    .collect::<Result<_, WireError>>()?,
            },
            host_rooms: card
                .host_rooms
                .iter()
                .map(|r| RoomId::parse(r))
                .collect::<Result<_, _>>()?,
            target: card.target.as_ref().map(TryInto::try_into).transpose()?,
            units: card
                .units
                .iter()
                .map(|u| UnitId::parse(u))
                .collect::<Result<_, _>>()?,
            patrol: card.patrol.as_ref().map(TryInto::try_into).transpose()?,
            evaded_at: card
                .evaded_check
                .as_ref()
                .map(|check| position(check.point))
                .transpose()?,
            exercise: card.exercise,
            opened_by: (&card.opened_by).try_into()?,
        })
    }
}

/// The target, seen at a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct SightingWire {
    /// When.
    pub seen_at: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// How far the true place may be.
    pub accuracy_m: f64,
    /// `unit`, `voice`, `followed`.
    pub source: String,
    /// Which unit sees it.
    pub by_unit: Option<String>,
    /// Degrees, when known.
    pub course_deg: Option<f64>,
    /// Metres a second, when known.
    pub speed_mps: Option<f64>,
    /// Where that lies.
    #[serde(flatten)]
    pub place: Place,
}

impl From<&Sighting> for SightingWire {
    fn from(sighting: &Sighting) -> Self {
        Self {
            seen_at: sighting.seen_at.to_string(),
            lat: sighting.position.lat(),
            lon: sighting.position.lon(),
            accuracy_m: metres(sighting.accuracy),
            source: sighting.source.as_str().to_owned(),
            by_unit: sighting.unit.as_ref().map(ToString::to_string),
            course_deg: sighting.course_deg,
            speed_mps: sighting.speed_mps,
            place: (&sighting.location).into(),
        }
    }
}

impl TryFrom<&SightingWire> for Sighting {
    type Error = WireError;

    fn try_from(sighting: &SightingWire) -> Result<Self, WireError> {
        Ok(Self {
            seen_at: timestamp(&sighting.seen_at)?,
            position: position([sighting.lon, sighting.lat])?,
            accuracy: Metres::new(sighting.accuracy_m),
            source: word(
                &sighting.source,
                SightingSource::parse,
                "a source of a sighting",
            )?,
            unit: sighting.by_unit.as_deref().map(UnitId::parse).transpose()?,
            course_deg: sighting.course_deg,
            speed_mps: sighting.speed_mps,
            location: (&sighting.place).try_into()?,
        })
    }
}

/// One unit in a notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct NoticeCrossingWire {
    /// Which unit.
    pub unit: String,
    /// Its call sign.
    pub callsign: String,
    /// What it is.
    pub unit_kind: String,
    /// How it can be recognised.
    pub marks: Option<String>,
    /// The crossing, once it happened.
    pub crossing: Option<String>,
    /// Where.
    #[schema(value_type = Vec<f64>, min_items = 2, max_items = 2)]
    pub point: Point,
    /// Not before.
    pub earliest: String,
    /// Most likely.
    pub likely: String,
    /// Whether it is only expected.
    pub expected: bool,
    /// Whether it is taken back: it was told, and did not happen.
    #[serde(default)]
    pub taken_back: bool,
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, ToSchema)]
pub struct NoticeFieldsWire {
    /// The operation.
    pub operation: String,
    /// Its name.
    pub name: String,
    /// The provision.
    pub basis: String,
    /// Whose officers.
    pub requesting_state: String,
    /// To which state.
    pub host_state: String,
    /// The offence.
    pub offence: String,
    /// Who is followed.
    pub person_category: String,
    /// The authorisation's number.
    pub authorisation: Option<String>,
    /// Why it could not be asked for beforehand.
    pub grounds: Option<String>,
    /// Who crossed, or is about to.
    pub crossings: Vec<NoticeCrossingWire>,
    /// The notice sent before that this one corrects.
    #[serde(default)]
    pub amends: Option<String>,
    /// What is still missing.
    pub missing: Vec<String>,
}

impl From<&NoticeFields> for NoticeFieldsWire {
    fn from(fields: &NoticeFields) -> Self {
        let crossing = |crossing: &NoticeCrossing| NoticeCrossingWire {
            unit: crossing.unit.to_string(),
            callsign: crossing.callsign.to_string(),
            unit_kind: crossing.kind.as_str().to_owned(),
            marks: crossing.marks.map(|marks| marks.as_str().to_owned()),
            crossing: crossing.crossing.as_ref().map(ToString::to_string),
            point: point(crossing.point),
            earliest: crossing.earliest.to_string(),
            likely: crossing.likely.to_string(),
            expected: crossing.expected,
            taken_back: crossing.taken_back,
        };
        Self {
            operation: fields.operation.to_string(),
            name: fields.name.to_string(),
            basis: fields.basis.as_str().to_owned(),
            requesting_state: fields.requesting_state.to_string(),
            host_state: fields.host_state.to_string(),
            offence: fields.offence.to_string(),
            person_category: fields.person_category.as_str().to_owned(),
            authorisation: fields.authorisation.as_ref().map(ToString::to_string),
            grounds: fields.grounds.as_ref().map(ToString::to_string),
            crossings: fields.crossings.iter().map(crossing).collect(),
            amends: fields.amends.as_ref().map(ToString::to_string),
            missing: fields.missing.iter().map(ToString::to_string).collect(),
        }
    }
}

impl TryFrom<&NoticeFieldsWire> for NoticeFields {
    type Error = WireError;

    fn try_from(fields: &NoticeFieldsWire) -> Result<Self, WireError> {
        let crossing = |crossing: &NoticeCrossingWire| -> Result<NoticeCrossing, WireError> {
            Ok(NoticeCrossing {
                unit: UnitId::parse(&crossing.unit)?,
                callsign: crossing.callsign.as_str().into(),
                kind: word(&crossing.unit_kind, UnitKind::parse, "a kind of unit")?,
                marks: crossing
                    .marks
                    .as_deref()
                    .map(|marks| word(marks, Marks::parse, "marks of a unit"))
                    .transpose()?,
                crossing: crossing
                    .crossing
                    .as_deref()
                    .map(CrossingId::parse)
                    .transpose()?,
                point: position(crossing.point)?,
                earliest: timestamp(&crossing.earliest)?,
                likely: timestamp(&crossing.likely)?,
                expected: crossing.expected,
                taken_back: crossing.taken_back,
            })
        };
        Ok(Self {
            operation: OperationId::parse(&fields.operation)?,
            name: fields.name.as_str().into(),
            basis: word(&fields.basis, Basis::parse, "a legal basis")?,
            requesting_state: State::parse(&fields.requesting_state)?,
            host_state: State::parse(&fields.host_state)?,
            offence: fields.offence.as_str().into(),
            person_category: word(
                &fields.person_category,
                PersonCategory::parse,
                "a person category",
            )?,
            authorisation: fields.authorisation.as_deref().map(Into::into),
            grounds: fields.grounds.as_deref().map(Into::into),
            crossings: fields
                .crossings
                .iter()
                .map(crossing)
                .collect::<Result<_, _>>()?,
            amends: fields.amends.as_deref().map(NoticeId::parse).transpose()?,
            missing: fields
                .missing
                .iter()
                .map(|word| word.as_str().into())
                .collect(),
        })
    }
}
