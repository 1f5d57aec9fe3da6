//! What was decided about the crossings of a unit, and what must be said when the fixes tell something else now.

use super::crossing::{Draft, back, behind};
use crate::domain::event::{Crossing, Event, TrackEvent, TrackEventKind, What, Why};
use crate::domain::ids::{CrossingId, StateSet, UnitId};
use crate::domain::measure::{Span, Timestamp};
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
    /// Place, time, grounds. Shared: what a decision changes is tried out on a copy of the book.
    pub crossing: Arc<Crossing>,
    /// How far it has come.
    pub standing: Standing,
}

/// Which of the recorded crossings a new look at the fixes has judged again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scope<'a> {
    /// Confirmed ones known by a fix from this moment on...
    pub(super) from: Timestamp,
    /// ...and before this one.
    pub(super) until: Timestamp,
    /// Confirmed ones of a gap that holds one of the new fixes: their moments, sorted.
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
            Standing::Confirmed => match gap(crossing) {
                Some((before, after)) => {
                    let next = self.around.partition_point(|at| *at <= before);
                    self.around.get(next).is_some_and(|at| *at < after)
                }
                None => (self.from..self.until).contains(&known_by(crossing.latest, &crossing.why)),
            },
        }
    }
}

/// The fixes between which a crossing was inferred by the way alone, if it was. Not its span: that is as wide as the
/// clock may be wrong, and may hold fixes of another time.
fn gap(crossing: &Crossing) -> Option<(Timestamp, Timestamp)> {
    let why = &crossing.why;
    let is_passing = why.rule.starts_with(super::crossing::PASSING_RULES);
    let ends = why.fixes.first().zip(why.fixes.last());
    let span = ends.map_or((crossing.earliest, crossing.latest), |(before, after)| {
        (before.fixed_at, after.fixed_at)
    });
    is_passing.then_some(span)
}

/// The time of the fix by which a crossing is known, as its device told it: its latest time without what that clock may
/// be behind.
fn known_by(latest: Timestamp, why: &Why) -> Timestamp {
    latest.plus(back(behind(&why.rule)))
}

/// What a new look at confirmed crossings asks for.
#[derive(Debug)]
pub(super) struct About {
    /// When the first and the last of them were known.
    pub(super) known: (Timestamp, Timestamp),
    /// Of those inferred in a gap a moment of it.
    pub(super) gaps: Vec<Timestamp>,
    /// Whether of any it was told that the clock may have been behind.
    pub(super) perhaps_behind: bool,
}

/// The crossings of one unit, as recorded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    recorded: Vec<Recorded>,
    numbered: u64,
    /// Whether any crossing is suspected and not decided.
    open: bool,
    /// Of the crossings no longer remembered, the last to be known: what was found up to there has been told.
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
            .map(|recorded| &*recorded.crossing)
            .max_by_key(|crossing| (crossing.likely, crossing.latest))
    }

    /// The confirmed crossings whose span touches a time, as a new look at them asks for. `None` when there is none.
    pub(super) fn confirmed_about(&self, (from, until): (Timestamp, Timestamp)) -> Option<About> {
        let about = self
            .recorded
            .iter()
            .filter(|recorded| recorded.standing == Standing::Confirmed)
            .map(|recorded| &*recorded.crossing)
            .filter(|crossing| crossing.earliest <= until && crossing.latest >= from);
        let mut all: Option<About> = None;
        for crossing in about {
            let known = known_by(crossing.latest, &crossing.why);
            let all = all.get_or_insert_with(|| About {
                known: (known, known),
                gaps: Vec::new(),
                perhaps_behind: false,
            });
            all.known = (all.known.0.min(known), all.known.1.max(known));
            all.gaps.extend(gap(crossing).map(|(before, after)| {
                let half = after.since(before).as_millis() / 2;
                before.plus(Span::from_millis(half))
            }));
            all.perhaps_behind |= known < crossing.latest;
        }
        all
    }

    /// Folds a crossing as told.
    pub(super) fn note(&mut self, crossing: &Crossing, standing: Standing) {
        let known = self
            .recorded
            .iter_mut()
            .rev()
            .find(|recorded| recorded.crossing.id == crossing.id);
        if let Some(recorded) = known {
            recorded.crossing = Arc::new(crossing.clone());
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
            let forgotten = &self.recorded.remove(0).crossing;
            let forgotten = known_by(forgotten.latest, &forgotten.why);
            self.told_until = self.told_until.max(Some(forgotten));
        }
        self.recorded.push(Recorded {
            crossing: Arc::new(crossing.clone()),
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
        for draft in drafts {
            let index = best_match(&open, &draft);
            if index.is_none() && self.told_until >= Some(known_by(draft.latest, &draft.why)) {
                continue;
            }
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
                crossing: Box::new(Crossing::clone(&recorded.crossing)),
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
    // A later look must find it by these.
    let place_in_time = |c: &Crossing| (known_by(c.latest, &c.why), gap(c));
    facts(a) == facts(b)
        && place_in_time(a) == place_in_time(b)
        && a.point == b.point
        && a.position_error == b.position_error
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
