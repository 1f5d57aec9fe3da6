//! One lap: everything that is posted, pressed and ordered, in the order of time.

use super::noise::{Random, Wander, round};
use super::saying::MessageDeed;
use super::scenario::{Scenario, ScriptedDeed, SightingPlan, UnitPlan};
use super::way::Place;
use crate::domain::ids::{AccountId, OperationId, RoomId, SourceId, UnitId};
use crate::domain::input::{Order, OrderKind, Seen, UnitAct};
use crate::domain::law::facts::Declared;
use crate::domain::law::finding::Duty;
use crate::domain::measure::{Metres, Span, Timestamp};
use crate::domain::operations::card::{OperationCard, OperationChange, SightingSource};
use crate::domain::registry::{Person, UnitKind};
use crate::domain::tracks::act::Act;
use crate::domain::tracks::fix::{Measured, ReportedFix};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How long a fix is on its way.
const ON_ITS_WAY: Span = Span::from_millis(250);
/// A unit's battery lasts about this long, seconds.
const BATTERY_S: f64 = 4.0 * 3_600.0;

/// One run of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Lap<'s> {
    /// What is played.
    pub scenario: &'s Scenario,
    /// Which run this is, from 1.
    pub number: u32,
    /// The moment `+00:00:00` of it; when it is begun later, that lies before its first step.
    pub start: Timestamp,
    /// From when on it is played.
    pub from: Span,
}

/// One thing that happens, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// When it is sent.
    pub at: Timestamp,
    /// What.
    pub deed: Deed,
}

/// What happens in a lap.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// A unit posts fixes, oldest first.
    Fixes {
        /// Its room.
        room: RoomId,
        /// The unit.
        unit: UnitId,
        /// What it posts.
        fixes: Vec<ReportedFix>,
    },
    /// An officer presses a button.
    Act {
        /// The unit's room.
        room: RoomId,
        /// Which.
        act: UnitAct,
    },
    /// A person orders something.
    Order(Box<Order>),
    /// A person acts on the notice of a duty, when there is one to act on.
    Notice(NoticeDeed),
    /// A person says something to the other room, when it fits there.
    Message(MessageDeed),
}

/// What a person does with a notice. Which one it is shows only in the run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDeed {
    /// Who.
    pub by: Person,
    /// Of which operation.
    pub operation: OperationId,
    /// Of which duty.
    pub duty: Duty,
    /// What.
    pub act: NoticeAct,
}

/// What a person does with a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeAct {
    /// Sends it.
    Send {
        /// Why it could not be asked for beforehand.
        grounds: Option<Arc<str>>,
    },
    /// Says to have read it.
    Acknowledge,
}

impl Lap<'_> {
    /// The id of its operation.
    ///
    /// # Panics
    /// Never: the name is short enough.
    #[must_use]
    pub fn operation(&self) -> OperationId {
        OperationId::parse(&format!("{}.{}", self.scenario.name, self.number))
            .expect("a scenario's name leaves room for a number")
    }

    /// When it is over.
    #[must_use]
    pub const fn end(&self) -> Timestamp {
        self.start.plus(self.scenario.length)
    }

    /// All that happens, in the order it is sent. What the script does before the lap is begun happens at its
    /// beginning; what was posted or seen before it never happens.
    #[must_use]
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        for unit in &self.scenario.units {
            self.duty(unit, &mut steps);
            self.fixes(unit, &mut steps);
        }
        for (index, line) in self.scenario.script.iter().enumerate() {
            if let Some(deed) = self.deed(index, line.at, &line.deed) {
                let at = self.start.plus(line.at.max(self.from));
                steps.push(Step { at, deed });
            }
        }
        for plan in &self.scenario.sightings {
            self.sightings(plan, &mut steps);
        }
        // Stable: what happens at one moment keeps the order of writing, signing on first.
        steps.sort_by_key(|step| step.at);
        steps
    }

    /// All units sign on when the lap is begun, and off at its end.
    fn duty(&self, unit: &UnitPlan, steps: &mut Vec<Step>) {
        for (act, at) in [
            (Act::SignOn, self.from),
            (Act::SignOff, self.scenario.sign_off),
        ] {
            let deed = self.act(unit, act, at, act.as_str());
            let at = self.start.plus(at);
            steps.push(Step { at, deed });
        }
    }

    fn act(&self, unit: &UnitPlan, act: Act, at: Span, name: &str) -> Deed {
        Deed::Act {
            room: unit.card.room.clone(),
            act: UnitAct {
                unit: unit.card.id.clone(),
                act,
                at: self.start.plus(at),
                key: format!("{}-{name}", self.operation()).into(),
            },
        }
    }

    fn seed(&self) -> u64 {
        self.scenario.seed.wrapping_add(u64::from(self.number))
    }

    fn fixes(&self, unit: &UnitPlan, steps: &mut Vec<Step>) {
        let card = &unit.card;
        let mut random = Random::named(self.seed(), card.id.as_str());
        // Receivers do not tick together.
        let phase = Span::from_millis(random.below(900) as i64);
        let mut wander = Wander::new(random, unit.correlation.as_secs_f64());
        let every = unit.every.as_millis();
        let mut held: BTreeMap<Span, Vec<ReportedFix>> = BTreeMap::new();
        let mut at = phase;
        while at < self.scenario.sign_off {
            let error = wander.next(unit.every.as_secs_f64(), unit.accuracy_m);
            let place = unit.way.at(at, [error.east_m, error.north_m]);
            let jitter = [wander.normal(), wander.normal()];
            if let Ok(place) = place
                && at >= self.from
            {
                let measured = measured(card.kind, place, error.accuracy_m, jitter, at);
                let fix = self.fix(unit, at, place, measured);
                let gap = unit
                    .gaps
                    .iter()
                    .find(|gap| (gap.from..gap.to).contains(&at));
                let sent = gap.map_or(at, |gap| gap.to);
                held.entry(sent).or_default().push(fix);
            }
            at = Span::from_millis(at.as_millis() + every);
        }
        steps.extend(held.into_iter().map(|(sent, fixes)| Step {
            at: self.start.plus(sent).plus(ON_ITS_WAY),
            deed: Deed::Fixes {
                room: card.room.clone(),
                unit: card.id.clone(),
                fixes,
            },
        }));
    }

    fn fix(&self, unit: &UnitPlan, at: Span, place: Place, measured: Measured) -> ReportedFix {
        ReportedFix {
            unit: unit.card.id.clone(),
            source: receiver(),
            fixed_at: self.start.plus(at),
            lat: place.position.lat(),
            lon: place.position.lon(),
            measured,
        }
    }

    fn person(&self, account: &AccountId) -> Option<Person> {
        let card = self.scenario.account(account)?;
        Some(Person {
            account: card.account.clone(),
            room: card.room.clone(),
        })
    }

    fn deed(&self, index: usize, at: Span, deed: &ScriptedDeed) -> Option<Deed> {
        let operation = self.operation();
        let order = |by: &AccountId, kind: OrderKind| {
            Some(Deed::Order(Box::new(Order {
                by: self.person(by)?,
                key: None,
                kind,
            })))
        };
        let notice = |by: &AccountId, duty: Duty, act: NoticeAct| {
            Some(Deed::Notice(NoticeDeed {
                by: self.person(by)?,
                operation: operation.clone(),
                duty,
                act,
            }))
        };
        match deed {
            ScriptedDeed::Act { unit, act } => {
                let unit = self.scenario.unit(unit)?;
                let name = format!("{}-{}", index + 1, act.as_str());
                Some(self.act(unit, *act, at.max(self.from), &name))
            }
            ScriptedDeed::Open { by } => {
                let card = self.card(self.person(by)?);
                order(by, OrderKind::Open(Box::new(card)))
            }
            ScriptedDeed::Authorise { by } => {
                let plan = self.scenario.operation.authorisation.as_ref()?;
                let kind = OrderKind::Change {
                    operation: operation.clone(),
                    version: None,
                    change: OperationChange::Authorisation(plan.starting(self.start)),
                };
                order(by, kind)
            }
            ScriptedDeed::SendNotice { by, duty, grounds } => {
                let grounds = grounds.clone();
                notice(by, *duty, NoticeAct::Send { grounds })
            }
            ScriptedDeed::AcknowledgeNotice { by, duty } => {
                notice(by, *duty, NoticeAct::Acknowledge)
            }
            ScriptedDeed::Say { by, saying } => {
                let by = self.person(by)?;
                Some(Deed::Message(MessageDeed {
                    to: self.scenario.partner(&by.room)?.clone(),
                    by,
                    operation: operation.clone(),
                    saying: saying.clone(),
                    start: self.start,
                }))
            }
            ScriptedDeed::Close { by, closing } => {
                let kind = OrderKind::Close {
                    operation: operation.clone(),
                    version: None,
                    closing: closing.clone(),
                };
                order(by, kind)
            }
        }
    }

    /// The operation's card, as that person opens it.
    #[must_use]
    pub fn card(&self, opened_by: Person) -> OperationCard {
        let plan = &self.scenario.operation;
        // An authorisation that the script brings in later is not there at the opening.
        let comes_later = self
            .scenario
            .script
            .iter()
            .any(|line| matches!(line.deed, ScriptedDeed::Authorise { .. }));
        let authorisation = plan.authorisation.as_ref().filter(|_| !comes_later);
        OperationCard {
            id: self.operation(),
            name: Arc::clone(&self.scenario.name),
            room: plan.room.clone(),
            declared: Declared {
                basis: plan.basis,
                purpose: plan.purpose,
                offence: Arc::clone(&plan.offence),
                person_category: plan.person_category,
                requesting_state: plan.requesting_state,
                host_states: plan.host_states.clone(),
                authorisations: authorisation
                    .map(|document| document.starting(self.start))
                    .into_iter()
                    .collect(),
                refusals: Vec::new(),
                extraditable: None,
                grounds: None,
                evaded_check: Vec::new(),
            },
            host_rooms: plan.host_rooms.clone(),
            target: Some(self.scenario.target.target.clone()),
            units: plan.units.clone(),
            patrol: None,
            evaded_at: None,
            exercise: true,
            opened_by,
        }
    }

    fn sightings(&self, plan: &SightingPlan, steps: &mut Vec<Step>) {
        let name = format!("{} sees {}", plan.unit, self.scenario.target_id());
        let mut wander = Wander::new(Random::named(self.seed(), &name), 8.0);
        let mut at = plan.from;
        while at < plan.to {
            let error = wander.next(plan.every.as_secs_f64(), plan.accuracy_m);
            let place = self
                .scenario
                .target
                .way
                .at(at, [error.east_m, error.north_m]);
            if at >= self.from
                && let Ok(place) = place
                && let Some(deed) = self.seen(plan, at, place, error.accuracy_m)
            {
                let at = self.start.plus(at).plus(ON_ITS_WAY);
                steps.push(Step { at, deed });
            }
            at = Span::from_millis(at.as_millis() + plan.every.as_millis());
        }
    }

    fn seen(&self, plan: &SightingPlan, at: Span, place: Place, accuracy_m: f64) -> Option<Deed> {
        let seen = Seen {
            target: self.scenario.target_id().clone(),
            seen_at: self.start.plus(at),
            position: place.position,
            accuracy: Metres::new(accuracy_m),
            source: SightingSource::Unit,
            unit: Some(plan.unit.clone()),
            course_deg: place.course_deg.map(f64::round),
            speed_mps: Some(round(place.speed_mps, 1.0)),
        };
        Some(Deed::Order(Box::new(Order {
            by: self.person(&plan.by)?,
            key: None,
            kind: OrderKind::Sight {
                operation: self.operation(),
                version: None,
                seen: Box::new(seen),
            },
        })))
    }
}

/// The device that fixes of an exercise come from.
fn receiver() -> SourceId {
    SourceId::parse("gps").expect("it is an id")
}

/// What a receiver tells beside the place.
fn measured(kind: UnitKind, place: Place, accuracy_m: f64, [a, b]: [f64; 2], at: Span) -> Measured {
    let course = place
        .course_deg
        .map(|course| round((course + 1.5 * a).rem_euclid(360.0), 10.0) % 360.0);
    let speed = round((place.speed_mps + 0.15 * b).max(0.0), 100.0);
    let battery = (kind == UnitKind::Drone).then(|| {
        let left = 98.0 - 100.0 * at.as_secs_f64() / BATTERY_S;
        left.round().clamp(5.0, 100.0)
    });
    Measured {
        accuracy_m: Some(accuracy_m),
        speed_mps: Some(if course.is_none() { 0.0 } else { speed }),
        course_deg: course,
        altitude_m: place.altitude_m.map(|height| round(height + 0.8 * a, 10.0)),
        battery_pct: battery,
    }
}
