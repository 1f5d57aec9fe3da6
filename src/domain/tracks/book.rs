//! What was decided about the crossings of a unit, and what must be said when the fixes tell something else now.

use super::crossing::Draft;
use crate::domain::event::{Crossing, Event, TrackEvent, TrackEventKind, What};
use crate::domain::ids::{CrossingId, StateSet, UnitId};
use crate::domain::measure::Timestamp;
use std::sync::Arc;

/// Crossings remembered per unit; older ones are in the journal and can no longer be revised.
const REMEMBERED: usize = 128;
/// A unit id longer than this is shortened in the ids of its crossings.
const UNIT_IN_ID: usize = 48;

/// How far a crossing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It looks like a crossing.
    Suspected,
    /// It is one.
    Confirmed,
    /// It was none.
    Retracted,
}

/// A crossing as last told.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// Place, time, grounds.
    pub crossing: Crossing,
    /// How far it has come.
    pub standing: Standing,
}

/// Which of the recorded crossings a new look at the fixes has judged again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scope<'a> {
    /// Confirmed ones known from this moment on...
    pub(super) from: Timestamp,
    /// ...and before this one.
    pub(super) until: Timestamp,
    /// Confirmed ones whose span holds one of the new fixes: their moments, sorted.
    pub(super) around: &'a [Timestamp],
}

impl Scope<'_> {
    /// Nothing but suspicions.
    pub(super) const SUSPICIONS: Self = Self {
        from: Timestamp::from_millis(i64::MAX),
        until: Timestamp::from_millis(i64::MAX),
        around: &[],
    };

    /// Whether only suspicions were judged again.
    pub(super) fn is_suspicions(&self) -> bool {
        *self == Self::SUSPICIONS
    }

    fn holds(&self, recorded: &Recorded) -> bool {
        let crossing = &recorded.crossing;
        match recorded.standing {
            Standing::Suspected => true,
            Standing::Retracted => false,
            Standing::Confirmed => {
                let judged = crossing.latest >= self.from && crossing.latest < self.until;
                let next = self.around.partition_point(|at| *at <= crossing.earliest);
                let held = self
                    .around
                    .get(next)
                    .is_some_and(|at| *at < crossing.latest);
                let split = held && is_passing(crossing);
                split || (judged && !is_passing(crossing))
            }
        }
    }
}

fn is_passing(crossing: &Crossing) -> bool {
    crossing
        .why
        .rule
        .starts_with(super::crossing::PASSING_RULES)
}

/// The crossings of one unit, as recorded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    recorded: Vec<Recorded>,
    numbered: u64,
    /// Whether any crossing is suspected and not decided.
    open: bool,
    /// Of the crossings no longer remembered, the latest moment: what was found up to there has been told.
    told_until: Option<Timestamp>,
}

impl Book {
    /// The crossings remembered, in the order in which they were first told.
    #[must_use]
    pub fn crossings(&self) -> &[Recorded] {
        &self.recorded
    }

    /// Whether any crossing is suspected and not decided.
    pub(super) const fn has_suspicion(&self) -> bool {
        self.open
    }

    /// The last confirmed crossing.
    pub(super) fn last_confirmed(&self) -> Option<&Crossing> {
        self.recorded
            .iter()
            .filter(|recorded| recorded.standing == Standing::Confirmed)
            .map(|recorded| &recorded.crossing)
            .max_by_key(|crossing| (crossing.likely, crossing.latest))
    }

    /// Folds a crossing as told.
    pub(super) fn note(&mut self, crossing: &Crossing, standing: Standing) {
        let known = self
            .recorded
            .iter_mut()
            .rev()
            .find(|recorded| recorded.crossing.id == crossing.id);
        if let Some(recorded) = known {
            recorded.crossing = crossing.clone();
            recorded.standing = standing;
        } else {
            self.begin(crossing, standing);
        }
        let is_open = |recorded: &Recorded| recorded.standing == Standing::Suspected;
        self.open = self.recorded.iter().any(is_open);
    }

    fn begin(&mut self, crossing: &Crossing, standing: Standing) {
        self.numbered += 1;
        if self.recorded.len() == REMEMBERED {
            let forgotten = self.recorded.remove(0).crossing.latest;
            self.told_until = self.told_until.max(Some(forgotten));
        }
        self.recorded.push(Recorded {
            crossing: crossing.clone(),
            standing,
        });
    }

    /// What must be told so that the record says what the fixes say: `drafts` is all they say within `scope`.
    pub(super) fn differences(
        &self,
        unit: &UnitId,
        border_set: &Arc<str>,
        drafts: Vec<Draft>,
        scope: Scope<'_>,
        out: &mut Vec<Event>,
    ) {
        let mut open: Vec<&Recorded> = self.recorded.iter().filter(|r| scope.holds(r)).collect();
        let mut told = Vec::new();
        let mut numbered = self.numbered;
        let untold = |draft: &Draft| self.told_until.is_none_or(|end| draft.latest > end);
        for draft in drafts.into_iter().filter(untold) {
            let index = best_match(&open, &draft);
            let before = index.map(|index| open.remove(index));
            let id = before.map_or_else(
                || {
                    numbered += 1;
                    crossing_id(unit, numbered)
                },
                |before| before.crossing.id.clone(),
            );
            let crossing = Box::new(draft.recorded_as(id, border_set));
            told.extend(difference(before, crossing, draft.proven));
        }
        // What was wrong is taken back before anything new is said.
        let taken_back = open.into_iter().map(|recorded| {
            let because = match recorded.standing {
                Standing::Suspected | Standing::Retracted => {
                    "The fixes after it lie on this side of the line."
                }
                Standing::Confirmed => "Fixes that arrived late show another way.",
            };
            TrackEventKind::CrossingRetracted {
                crossing: Box::new(recorded.crossing.clone()),
                because: Arc::from(because),
            }
        });
        for kind in taken_back.chain(told) {
            out.push(event(unit, kind));
        }
    }
}

/// The recorded crossing that a draft is, if any: same states, and spans that meet.
fn best_match(open: &[&Recorded], draft: &Draft) -> Option<usize> {
    let fits = |recorded: &&Recorded| {
        let crossing = &recorded.crossing;
        let spans_meet = crossing.earliest <= draft.latest && draft.earliest <= crossing.latest;
        let same_way = crossing.from == draft.from && crossing.to == draft.to;
        match recorded.standing {
            // A suspicion may turn out to lead elsewhere, such as through a disputed area.
            Standing::Suspected => spans_meet && crossing.from == draft.from,
            Standing::Confirmed => spans_meet && same_way && draft.proven,
            Standing::Retracted => false,
        }
    };
    let nearness = |recorded: &Recorded| {
        let crossing = &recorded.crossing;
        let apart = crossing.likely.since(draft.likely).as_millis().abs();
        (crossing.to != draft.to, apart)
    };
    (0..open.len())
        .filter(|index| fits(&open[*index]))
        .min_by_key(|index| nearness(open[*index]))
}

fn difference(
    before: Option<&Recorded>,
    crossing: Box<Crossing>,
    proven: bool,
) -> Option<TrackEventKind> {
    let standing = before.map(|before| before.standing);
    match (standing, proven) {
        (Some(Standing::Confirmed), _) => {
            let before = before.map(|before| &before.crossing)?;
            (!is_same(before, &crossing)).then_some(TrackEventKind::CrossingRevised(crossing))
        }
        (_, true) => Some(TrackEventKind::CrossingConfirmed(crossing)),
        (Some(Standing::Suspected), false) => {
            let moved = before.is_some_and(|before| before.crossing.to != crossing.to);
            moved.then_some(TrackEventKind::CrossingSuspected(crossing))
        }
        (None | Some(Standing::Retracted), false) => {
            Some(TrackEventKind::CrossingSuspected(crossing))
        }
    }
}

/// Whether two tellings state the same place, time and states.
fn is_same(a: &Crossing, b: &Crossing) -> bool {
    let facts = |c: &Crossing| (c.from, c.to, c.earliest, c.likely, c.latest, c.inferred);
    facts(a) == facts(b) && a.point == b.point && a.position_error == b.position_error
}

fn event(unit: &UnitId, kind: TrackEventKind) -> Event {
    let at = match &kind {
        TrackEventKind::CrossingSuspected(crossing)
        | TrackEventKind::CrossingConfirmed(crossing)
        | TrackEventKind::CrossingRevised(crossing)
        | TrackEventKind::CrossingRetracted { crossing, .. } => crossing.likely,
        _ => Timestamp::EPOCH,
    };
    Event {
        at,
        what: What::Track(TrackEvent {
            unit: unit.clone(),
            kind,
        }),
    }
}

/// `unit.n`: the unit's n-th crossing. Of a very long unit id the beginning, and a digest of all of it.
fn crossing_id(unit: &UnitId, number: u64) -> CrossingId {
    let name = unit.as_str();
    let text = if name.len() <= UNIT_IN_ID {
        format!("{name}.{number}")
    } else {
        let digest = name.bytes().fold(0xcbf2_9ce4_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        format!("{}-{digest:08x}.{number}", &name[..UNIT_IN_ID - 12])
    };
    CrossingId::parse(&text)
        .expect("a unit id, a dot and a number are an id of at most 64 characters")
}

impl Draft {
    fn recorded_as(&self, id: CrossingId, border_set: &Arc<str>) -> Crossing {
        let (from, to): (StateSet, StateSet) = (self.from, self.to);
        Crossing {
            id,
            from,
            to,
            point: self.point,
            earliest: self.earliest,
            likely: self.likely,
            latest: self.latest,
            position_error: self.position_error,
            border_error: None,
            border_set: Arc::clone(border_set),
            inferred: self.inferred,
            why: self.why.clone(),
        }
    }
}
