//! What an operation is: as declared by the person who opened it, and as changed since.

use super::resting::RestingAnew;
use crate::domain::ids::{OperationId, RoomId, State, TargetId, UnitId};
use crate::domain::law::basis::{Authorisation, HostRefusal, PatrolArea, PersonCategory};
use crate::domain::law::facts::Declared;
use crate::domain::law::finding::Finding;
use crate::domain::measure::{Metres, Position, Timestamp};
use crate::domain::registry::Person;
use std::sync::Arc;

/// An operation as opened.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationCard {
    /// Its id.
    pub id: OperationId,
    /// The name on strips and notices.
    pub name: Arc<str>,
    /// The room that opened it; it leads until a handover moves the lead.
    pub room: RoomId,
    /// What it declares to the law.
    pub declared: Declared,
    /// The host rooms, one for each host state that has a room here.
    pub host_rooms: Vec<RoomId>,
    /// Whom it follows.
    pub target: Option<Target>,
    /// The units assigned.
    pub units: Vec<UnitId>,
    /// Of a joint patrol: where.
    pub patrol: Option<PatrolArea>,
    /// Of a pursuit after an evaded check: where that was.
    pub evaded_at: Option<Position>,
    /// Whether it belongs to an exercise: it can rest on exercise documents, and never counts as real.
    pub exercise: bool,
    /// Who opened it.
    pub opened_by: Person,
}

/// Why an operation is closed, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Why, in a person's words.
    pub reason: Arc<str>,
    /// How it ended, as one word that can be counted; `None` when nobody said.
    pub outcome: Option<Outcome>,
}

impl Closing {
    /// Of a reason alone.
    #[must_use]
    pub fn because(reason: impl Into<Arc<str>>) -> Self {
        Self {
            reason: reason.into(),
            outcome: None,
        }
    }
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The person followed was arrested, by whomever.
    Arrested,
    /// The host's officers went on with it.
    HandedOver,
    /// Sight was lost.
    Lost,
    /// It was broken off: by the host, by the law, or by us.
    BrokenOff,
    /// It did what it was for, and nobody was arrested.
    Completed,
    /// No unit went abroad.
    NotCrossed,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Arrested,
        Self::HandedOver,
        Self::Lost,
        Self::BrokenOff,
        Self::Completed,
        Self::NotCrossed,
    ];

    /// The word shown and stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Arrested => "arrested",
            Self::HandedOver => "handed_over",
            Self::Lost => "lost",
            Self::BrokenOff => "broken_off",
            Self::Completed => "completed",
            Self::NotCrossed => "not_crossed",
        }
    }

    /// The outcome of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
    }
}

/// Whom an operation follows. No name: a code and a description fit for the air.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its code.
    pub id: TargetId,
    /// Such as `silver estate car`.
    pub description: Arc<str>,
}

/// A change of an open operation.
#[derive(Debug, Clone, PartialEq)]
pub enum OperationChange {
    /// The units assigned from now on.
    Units(Vec<UnitId>),
    /// An authorisation came in, or changed.
    Authorisation(Authorisation),
    /// A host said no.
    HostRefused(HostRefusal),
    /// How the officers of a unit can be recognised as police (Art. 41(5)(d)), ticked by a person.
    Recognisable {
        /// Which unit.
        unit: UnitId,
        /// By what.
        by: RecognisedBy,
    },
    /// A mistake of the opening is corrected. What was said before stays in the record.
    Amended(Amendment),
    /// One of two persons wants it to rest on the rules and profiles of now.
    RestingAnew(RestingAnew),
    /// A person is held in a host state.
    Detained(Detention),
    /// What became of the person held there.
    DetentionEnded {
        /// Where.
        host: State,
        /// What became.
        step: DetentionStep,
    },
}

/// A person held in a host state: no name, the operation says who is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detention {
    /// Where.
    pub host: State,
    /// From when.
    pub since: Timestamp,
    /// Which unit holds the person; `None` when the host's own officers do.
    pub unit: Option<UnitId>,
    /// Whether the person is a national of the host state, where somebody said.
    pub host_national: Option<bool>,
    /// What the law said of it, when it was recorded.
    pub findings: Vec<Finding>,
}

/// What became of a person held abroad.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetentionStep {
    /// What.
    pub kind: DetentionStepKind,
    /// When.
    pub at: Timestamp,
    /// To whom the person was handed, or the number of the request.
    pub note: Arc<str>,
}

/// The kinds of [`DetentionStep`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DetentionStepKind {
    /// Handed to officers of the host state. The hours of release go on.
    HandedOver,
    /// A request for provisional arrest, or an arrest warrant, came in: the hours of release are over (Art. 41(6)).
    ArrestRequested,
    /// Released.
    Released,
}

impl DetentionStepKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::HandedOver, Self::ArrestRequested, Self::Released];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HandedOver => "handed_over",
            Self::ArrestRequested => "arrest_requested",
            Self::Released => "released",
        }
    }

    /// The step of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == word)
    }
}

/// A detention, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// As recorded.
    pub detention: Detention,
    /// What became of it, in the order in which it was recorded.
    pub steps: Vec<DetentionStep>,
}

impl Held {
    /// Whether a step of this kind was recorded.
    #[must_use]
    pub fn is(&self, kind: DetentionStepKind) -> bool {
        self.steps.iter().any(|step| step.kind == kind)
    }

    /// Whether the officers of the operation answer for the person still: neither released nor handed to the host's.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        !self.is(DetentionStepKind::Released) && !self.is(DetentionStepKind::HandedOver)
    }
}

/// By what officers can be recognised as police (Art. 41(5)(d)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecognisedBy {
    /// Their uniform.
    Uniform,
    /// An armband.
    Armband,
    /// Fittings of the vehicle.
    VehicleFittings,
    /// By nothing of these.
    Nothing,
}

impl RecognisedBy {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Uniform,
        Self::Armband,
        Self::VehicleFittings,
        Self::Nothing,
    ];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Armband => "armband",
            Self::VehicleFittings => "vehicle_fittings",
            Self::Nothing => "nothing",
        }
    }

    /// What it says by this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == word)
    }
}

/// What is corrected of an opening: only what is given. The basis is not among it: another basis is another operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amendment {
    /// The offence, by its id in the rule data.
    pub offence: Option<Arc<str>>,
    /// Whether it may lead to extradition.
    pub extraditable: Option<bool>,
    /// Who is followed.
    pub person_category: Option<PersonCategory>,
    /// Why the host could not be asked or told before.
    pub grounds: Option<Arc<str>>,
    /// More states that may have to be entered.
    pub more_hosts: Vec<State>,
    /// Why it is corrected.
    pub because: Arc<str>,
}

impl Amendment {
    /// Corrects what was declared.
    pub fn apply(&self, declared: &mut Declared) {
        if let Some(offence) = &self.offence {
            declared.offence = Arc::clone(offence);
        }
        if let Some(category) = self.person_category {
            declared.person_category = category;
        }
        if let Some(grounds) = &self.grounds {
            declared.grounds = Some(Arc::clone(grounds));
        }
        declared.extraditable = self.extraditable.or(declared.extraditable);
        for host in &self.more_hosts {
            if !declared.host_states.contains(host) {
                declared.host_states.push(*host);
            }
        }
    }
}

/// How somebody came to know where the target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SightingSource {
    /// A unit sees it.
    Unit,
    /// A person reported it by voice.
    Voice,
    /// It stands where the unit that has eyes on it stands: no more exact than that.
    Followed,
}

impl SightingSource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Unit, Self::Voice, Self::Followed];

    /// The word of the outside contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Voice => "voice",
            Self::Followed => "followed",
        }
    }

    /// The source of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

/// The target, seen at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Sighting {
    /// When it was seen.
    pub seen_at: Timestamp,
    /// Where.
    pub position: Position,
    /// How far the true place may be.
    pub accuracy: Metres,
    /// How it is known.
    pub source: SightingSource,
    /// Which unit sees it.
    pub unit: Option<UnitId>,
    /// Course over ground, degrees, when known.
    pub course_deg: Option<f64>,
    /// Speed over ground, metres a second, when known.
    pub speed_mps: Option<f64>,
    /// The states the place lies in.
    pub location: crate::domain::borders::Location,
}

/// Which unit has the target in sight.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Eyes {
    /// The unit, or none.
    pub unit: Option<UnitId>,
    /// The unit that had it before.
    pub was: Option<UnitId>,
}
