//! How far a unit of a pursuit is from the frontier, of what the pair gives it (Art. 41(3)(a)).
//!
//! Measured as the shortest distance to the common frontier, in the stages that the rooms agreed on and at 100 per cent.
//! No text read says how; it is said with the figure.

use super::crossings::Lookup;
use super::operation::Operation;
use crate::domain::borders::{Certainty, Frontier};
use crate::domain::event::{Event, Limit, OperationEvent, OperationEventKind, What};
use crate::domain::ids::State;
use crate::domain::law::clocks::LimitStage;
use crate::domain::law::facts::Declared;
use crate::domain::law::finding::Radius;
use crate::domain::law::granted::{Extent, extent};
use crate::domain::law::profile::agreed::Figures;
use crate::domain::law::rulebook::Rulebook;
use crate::domain::measure::{Metres, Timestamp};
use crate::domain::registry::UnitCard;
use crate::domain::tracks::fix::Fix;

/// How far below a stage a unit must be before it counts as below it: an accuracy, and of the limit at least this part.
const BACK_BELOW: i64 = 50;

/// On what the limits of an operation rest: what it declared, its rules, and what was agreed with the host.
#[derive(Clone, Copy)]
pub struct Rests<'a> {
    /// What it declared.
    pub declared: &'a Declared,
    /// The rules that it was opened with.
    pub rulebook: &'a Rulebook,
    /// What was agreed with the host state.
    pub figures: Figures<'a>,
}

/// How far officers of `own` who entered a host state at `entered` may go there; `None` of what is no pursuit. Fixes are
/// measured against this, and the map draws it.
#[must_use]
pub fn allowed(
    rests: Rests<'_>,
    (own, host): (State, State),
    entered: Timestamp,
) -> Option<Extent> {
    let extent = extent(rests.rulebook, rests.declared, host, entered)?;
    Some(match extent {
        Extent::Radius(radius) => Extent::Radius(rests.figures.narrow((own, host), radius)),
        Extent::NoLimit | Extent::NotKnown | Extent::ByHand(_) | Extent::NoPursuit => extent,
    })
}

/// What a fix of a unit says of the limits of an operation; `newest` when no later fix of the unit is known. A late fix
/// may only show that a unit went farther.
pub fn measure(
    operation: &Operation,
    unit: &UnitCard,
    (fix, newest): (&Fix, bool),
    lookup: Lookup<'_>,
    distance_to: impl Fn(Frontier) -> Option<Metres>,
    events: &mut Vec<Event>,
) {
    let Some(abroad) = operation.abroad.get(&unit.id) else {
        return;
    };
    if fix.location.certainty != Certainty::Inside || fix.fixed_at < abroad.since {
        return;
    }
    let Some(host) = fix
        .location
        .states
        .single()
        .filter(|host| *host != unit.state)
    else {
        return;
    };
    let entered = abroad
        .crossing
        .as_ref()
        .map_or(abroad.since, |crossing| crossing.likely);
    let figures = operation.figures(lookup.profiles, host);
    let rests = Rests {
        declared: &operation.card.declared,
        rulebook: lookup.rulebook.of(operation.rules.as_ref()),
        figures,
    };
    let Some(Extent::Radius(radius)) = allowed(rests, (unit.state, host), entered) else {
        return;
    };
    let Some(measured) = distance_to(Frontier::between(unit.state, host)) else {
        return;
    };
    let before = operation.limits.get(&(unit.id.clone(), host));
    let was = before.map_or(LimitStage::Within, |limit| limit.stage);
    // Farther at once; back only when the newest fix is certainly below a stage.
    let farther = stage(measured, radius.max, figures);
    let back = settled(measured, fix.accuracy, radius.max, figures);
    let is = if farther > was {
        farther
    } else if newest && back < was {
        back
    } else {
        return;
    };
    let stage = (is, measured, figures);
    events.push(told(operation, (unit, host), fix, stage, radius));
}

fn told(
    operation: &Operation,
    (unit, host): (&UnitCard, State),
    fix: &Fix,
    (stage, measured, figures): (LimitStage, Metres, Figures<'_>),
    radius: Radius,
) -> Event {
    let at: Timestamp = fix.fixed_at;
    Event {
        at,
        what: What::Operation(OperationEvent {
            operation: Some(operation.card.id.clone()),
            kind: OperationEventKind::Limit(Limit {
                unit: unit.id.clone(),
                host,
                stage,
                percent: stage.percent(figures),
                measured,
                accuracy: fix.accuracy,
                max: radius.max,
                citation: radius.citation,
                stages: stage.origin(figures),
            }),
        }),
    }
}

/// The stage of a distance: exactly on a stage counts as having reached it.
fn stage(measured: Metres, max: Metres, figures: Figures<'_>) -> LimitStage {
    let used = |stage: LimitStage| {
        measured.as_centimetres() * 100 >= max.as_centimetres() * i64::from(stage.percent(figures))
    };
    LimitStage::TOLD
        .into_iter()
        .rfind(|stage| used(*stage))
        .unwrap_or(LimitStage::Within)
}

/// The stage that a unit is certainly not below: so that one which stands on a stage is not told again and again.
fn settled(measured: Metres, accuracy: Metres, max: Metres, figures: Figures<'_>) -> LimitStage {
    let margin = accuracy
        .as_centimetres()
        .max(max.as_centimetres() / BACK_BELOW);
    stage(
        Metres::from_centimetres(measured.as_centimetres().saturating_add(margin)),
        max,
        figures,
    )
}
