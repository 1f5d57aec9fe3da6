//! An exercise as written down. Consistent by construction in what its parts name of each other: see
//! [`Scenario::flaw`].

use super::saying::Saying;
use super::way::Way;
use crate::domain::borders::ListedPoint;
use crate::domain::ids::{AccountId, RoomId, State, StateSet, TargetId, UnitId};
use crate::domain::law::basis::{Authorisation, Basis, PersonCategory, Purpose};
use crate::domain::law::finding::Duty;
use crate::domain::measure::{Metres, Position, Span};
use crate::domain::operations::Closing;
use crate::domain::operations::card::Target;
use crate::domain::registry::{RoomCard, UnitCard};
use crate::domain::registry_change::AccountCard;
use crate::domain::tracks::act::Act;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest name: a lap's operation is the name and the lap's number.
pub const NAME_MAX: usize = 32;

/// An exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// Its name; its operations are called `NAME.1`, `NAME.2`, one for each lap.
    pub name: Arc<str>,
    /// What is shown, in a sentence.
    pub description: Arc<str>,
    /// Where its ways come from, and how exact they are.
    pub course_note: Arc<str>,
    /// Its licence.
    pub licence: Arc<str>,
    /// From which the noise of the first lap follows.
    pub seed: u64,
    /// How long a lap is.
    pub length: Span,
    /// When all units sign off, in the lap.
    pub sign_off: Span,
    /// Moments a lap can be begun at, by name.
    pub marks: BTreeMap<Arc<str>, Span>,
    /// The control rooms.
    pub rooms: Vec<RoomCard>,
    /// Who may log in.
    pub accounts: Vec<AccountCard>,
    /// The units on their ways.
    pub units: Vec<UnitPlan>,
    /// Whom they follow.
    pub target: TargetPlan,
    /// The operation each lap opens.
    pub operation: OperationPlan,
    /// The crossing points of its rooms: exercise data.
    pub crossing_points: Vec<ListedPoint>,
    /// Who sees the target when.
    pub sightings: Vec<SightingPlan>,
    /// Who does what when, in order.
    pub script: Vec<ScriptLine>,
    /// What truly happens, for tests to hold against what was decided.
    pub truths: Vec<Truth>,
}

/// A unit and its way.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitPlan {
    /// The unit.
    pub card: UnitCard,
    /// How often it reports.
    pub every: Span,
    /// The accuracy its receiver claims, about, metres.
    pub accuracy_m: f64,
    /// Over which time its error wanders.
    pub correlation: Span,
    /// When it cannot send.
    pub gaps: Vec<Gap>,
    /// Where it is.
    pub way: Way,
}

/// A time in which a unit cannot send. What it measured meanwhile is sent at its end, in one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// From when, inclusive.
    pub from: Span,
    /// Until when, exclusive.
    pub to: Span,
}

/// The target and its way. Nobody posts its place: it is where somebody says to see it.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetPlan {
    /// Who.
    pub target: Target,
    /// Where it truly is.
    pub way: Way,
}

/// The operation of a lap.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationPlan {
    /// Which room opens and leads it.
    pub room: RoomId,
    /// The provision it rests on.
    pub basis: Basis,
    /// What for.
    pub purpose: Purpose,
    /// The offence, by its id in the rule data.
    pub offence: Arc<str>,
    /// Who is followed.
    pub person_category: PersonCategory,
    /// Whose officers.
    pub requesting_state: State,
    /// Where they may have to go.
    pub host_states: Vec<State>,
    /// The host rooms.
    pub host_rooms: Vec<RoomId>,
    /// The units assigned.
    pub units: Vec<UnitId>,
    /// The authorisation, its times relative to the lap.
    pub authorisation: Option<AuthorisationPlan>,
}

/// An authorisation whose times are relative to the lap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorisationPlan {
    /// The document's number.
    pub number: Arc<str>,
    /// From when, inclusive.
    pub from: Span,
    /// Until when, exclusive.
    pub to: Span,
    /// Conditions, in the words of the document.
    pub conditions: Arc<str>,
}

impl AuthorisationPlan {
    /// The document in a lap that starts at `start`.
    #[must_use]
    pub fn starting(&self, start: crate::domain::measure::Timestamp) -> Authorisation {
        Authorisation {
            number: Arc::clone(&self.number),
            from: start.plus(self.from),
            to: start.plus(self.to),
            conditions: Arc::clone(&self.conditions),
            state: None,
            drone: None,
        }
    }
}

/// Who sees the target, from when until when.
#[derive(Debug, Clone, PartialEq)]
pub struct SightingPlan {
    /// The unit that sees it.
    pub unit: UnitId,
    /// The person who writes it down.
    pub by: AccountId,
    /// From when, inclusive.
    pub from: Span,
    /// Until when, exclusive.
    pub to: Span,
    /// How often.
    pub every: Span,
    /// How well the place is known, metres.
    pub accuracy_m: f64,
}

/// One line of the script.
#[derive(Debug, Clone, PartialEq)]
pub struct ScriptLine {
    /// When.
    pub at: Span,
    /// What.
    pub deed: ScriptedDeed,
}

/// What somebody does by the script.
#[derive(Debug, Clone, PartialEq)]
pub enum ScriptedDeed {
    /// An officer presses a button.
    Act {
        /// Who.
        unit: UnitId,
        /// Which.
        act: Act,
    },
    /// A person opens the operation.
    Open {
        /// Who.
        by: AccountId,
    },
    /// The authorisation of the plan comes in.
    Authorise {
        /// Who enters it.
        by: AccountId,
    },
    /// A person sends the notice of this duty, once it is owed and ready; already sent, nothing happens.
    SendNotice {
        /// Who.
        by: AccountId,
        /// Of which duty.
        duty: Duty,
        /// Why it could not be asked for beforehand, where the notice wants that.
        grounds: Option<Arc<str>>,
    },
    /// A person says to have read the notice of this duty, once it is there; already said, nothing happens.
    AcknowledgeNotice {
        /// Who.
        by: AccountId,
        /// Of which duty.
        duty: Duty,
    },
    /// A person says something to the other room, when it fits there; else it is passed over.
    Say {
        /// Who.
        by: AccountId,
        /// What.
        saying: Saying,
    },
    /// A person closes the operation; already closed, nothing happens.
    Close {
        /// Who.
        by: AccountId,
        /// Why, and how it ended.
        closing: Closing,
    },
}

/// What truly happens: a unit or the target comes over a frontier.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// Who.
    pub unit: UnitId,
    /// The states left.
    pub from: StateSet,
    /// The states entered.
    pub to: StateSet,
    /// When.
    pub at: Span,
    /// Where.
    pub point: Position,
    /// How far from `point` it may be found.
    pub within: Metres,
    /// How far from `at` it may be found.
    pub within_time: Span,
}

/// Something a scenario names that is not in it, or that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {sentence}")]
pub struct Flaw {
    /// Where, such as `units[3].room`; lists count from 1.
    pub place: String,
    /// What is wrong, and what to do.
    pub sentence: String,
}

impl Flaw {
    /// A flaw at a place.
    #[must_use]
    pub fn at(place: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            sentence: sentence.into(),
        }
    }
}

impl Scenario {
    /// The card of a unit.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Option<&UnitPlan> {
        self.units.iter().find(|unit| unit.card.id == *id)
    }

    /// The account of a person.
    #[must_use]
    pub fn account(&self, id: &AccountId) -> Option<&AccountCard> {
        self.accounts.iter().find(|account| account.account == *id)
    }

    /// The id of the target.
    #[must_use]
    pub const fn target_id(&self) -> &TargetId {
        &self.target.target.id
    }

    /// The first flaw, if there is one: everything that is named exists, and lies in the lap.
    #[must_use]
    pub fn flaw(&self) -> Option<Flaw> {
        self.flaw_of_frame()
            .or_else(|| self.flaw_of_units())
            .or_else(|| self.flaw_of_operation())
            .or_else(|| self.flaw_of_sightings())
            .or_else(|| self.flaw_of_script())
    }

    /// To which room a person of `from` speaks: the other one of the operation.
    #[must_use]
    pub fn partner(&self, from: &RoomId) -> Option<&RoomId> {
        let plan = &self.operation;
        match &plan.host_rooms[..] {
            [host] if *from == plan.room => Some(host),
            hosts if hosts.contains(from) => Some(&plan.room),
            _ => None,
        }
    }

    fn flaw_of_frame(&self) -> Option<Flaw> {
        let short = self.name.chars().count() <= NAME_MAX;
        if !short || UnitId::parse(&self.name).is_err() {
            let sentence = format!("take 1 to {NAME_MAX} of A-Z a-z 0-9 . _ -");
            return Some(Flaw::at("meta.name", sentence));
        }
        if self.sign_off <= Span::ZERO || self.sign_off > self.length {
            return Some(Flaw::at("lap.sign_off", "must lie in the lap"));
        }
        let late = self.marks.iter().find(|(_, at)| !self.in_lap(**at));
        if let Some((name, _)) = late {
            return Some(Flaw::at(format!("marks.{name}"), "must lie in the lap"));
        }
        let homeless = self
            .accounts
            .iter()
            .position(|account| self.room(&account.room).is_none());
        homeless.map(|index| {
            let place = format!("accounts[{}].room", index + 1);
            Flaw::at(place, "is no room of this scenario")
        })
    }

    fn flaw_of_units(&self) -> Option<Flaw> {
        for (index, unit) in self.units.iter().enumerate() {
            let place = |key: &str| format!("units[{}].{key}", index + 1);
            match self.room(&unit.card.room) {
                None => return Some(Flaw::at(place("room"), "is no room of this scenario")),
                Some(room) if room.state != unit.card.state => {
                    return Some(Flaw::at(place("state"), "is not the state of its room"));
                }
                Some(_) => {}
            }
            if self.units[..index]
                .iter()
                .any(|before| before.card.id == unit.card.id)
            {
                return Some(Flaw::at(place("id"), "is taken by a unit before it"));
            }
            if unit.every.as_millis() < 100 {
                return Some(Flaw::at(place("every_s"), "must be at least 0.1"));
            }
            if !(unit.accuracy_m > 0.0 && unit.accuracy_m <= 1_000.0) {
                return Some(Flaw::at(
                    place("accuracy_m"),
                    "must be above 0 and at most 1000",
                ));
            }
            if unit.gaps.iter().any(|gap| gap.to <= gap.from) {
                return Some(Flaw::at(place("gaps"), "a gap must end after it begins"));
            }
        }
        None
    }

    fn flaw_of_operation(&self) -> Option<Flaw> {
        let plan = &self.operation;
        if self.room(&plan.room).is_none() {
            return Some(Flaw::at("operation.room", "is no room of this scenario"));
        }
        if plan.host_rooms.iter().any(|room| self.room(room).is_none()) {
            let sentence = "names a room that is not in this scenario";
            return Some(Flaw::at("operation.host_rooms", sentence));
        }
        let own = |id: &UnitId| {
            self.unit(id)
                .is_some_and(|unit| unit.card.room == plan.room)
        };
        if !plan.units.iter().all(own) {
            let sentence = "names a unit that the operation's room does not have";
            return Some(Flaw::at("operation.units", sentence));
        }
        let backwards = plan
            .authorisation
            .as_ref()
            .is_some_and(|document| document.to <= document.from);
        backwards.then(|| Flaw::at("operation.authorisation", "must end after it begins"))
    }

    fn flaw_of_sightings(&self) -> Option<Flaw> {
        for (index, seen) in self.sightings.iter().enumerate() {
            let place = |key: &str| format!("sightings[{}].{key}", index + 1);
            if self.unit(&seen.unit).is_none() {
                return Some(Flaw::at(place("unit"), "is no unit of this scenario"));
            }
            if self.account(&seen.by).is_none() {
                return Some(Flaw::at(place("by"), "is no account of this scenario"));
            }
            if seen.every.as_millis() < 100 || seen.to <= seen.from {
                let sentence = "must be at least every 0.1 s, and end after it begins";
                return Some(Flaw::at(place("every_s"), sentence));
            }
        }
        None
    }

    fn flaw_of_script(&self) -> Option<Flaw> {
        for (index, line) in self.script.iter().enumerate() {
            let place = |key: &str| format!("script[{}].{key}", index + 1);
            if !self.in_lap(line.at) {
                return Some(Flaw::at(place("at"), "must lie in the lap"));
            }
            // What lies before the beginning of a lap is done in the order of writing.
            if self.script[..index].iter().any(|of| of.at > line.at) {
                let sentence = "must not come before the line above it";
                return Some(Flaw::at(place("at"), sentence));
            }
            let by = match &line.deed {
                ScriptedDeed::Act { unit, .. } if self.unit(unit).is_none() => {
                    return Some(Flaw::at(place("unit"), "is no unit of this scenario"));
                }
                ScriptedDeed::Act { .. } => continue,
                ScriptedDeed::Authorise { .. } if self.operation.authorisation.is_none() => {
                    let sentence = "needs operation.authorisation";
                    return Some(Flaw::at(place("order"), sentence));
                }
                ScriptedDeed::Open { by }
                | ScriptedDeed::Authorise { by }
                | ScriptedDeed::SendNotice { by, .. }
                | ScriptedDeed::AcknowledgeNotice { by, .. }
                | ScriptedDeed::Say { by, .. }
                | ScriptedDeed::Close { by, .. } => by,
            };
            let Some(account) = self.account(by) else {
                return Some(Flaw::at(place("by"), "is no account of this scenario"));
            };
            if let ScriptedDeed::Say { saying, .. } = &line.deed {
                if self.partner(&account.room).is_none() {
                    let sentence = "has no one other room in the operation to speak to";
                    return Some(Flaw::at(place("by"), sentence));
                }
                if let Some(unit) = saying.units().find(|unit| self.unit(unit).is_none()) {
                    let sentence = format!("names {unit}, which is no unit of this scenario");
                    return Some(Flaw::at(place("code"), sentence));
                }
            }
        }
        None
    }

    fn room(&self, id: &RoomId) -> Option<&RoomCard> {
        self.rooms.iter().find(|room| room.room == *id)
    }

    fn in_lap(&self, at: Span) -> bool {
        (Span::ZERO..=self.length).contains(&at)
    }
}
