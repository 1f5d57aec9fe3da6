//! Place and time of a crossing, from the fixes on both sides of it and the frontier between them.

use super::clock::{ClockError, ClocksWith};
use super::evidence::{self, Passage, Stay};
use super::ground;
use super::view::BorderView;
use super::window::Sample;
use crate::domain::borders::Certainty;
use crate::domain::event::{WeighedFix, Why};
use crate::domain::ids::StateSet;
use crate::domain::measure::{Metres, Position, Span, Timestamp};
use std::sync::Arc;

/// The rule by which states entered and left between two fixes are inferred, and its version.
pub(super) const PASSING_RULE: &str = "straight way and all detours, version 2";
/// How the names of all its versions begin.
pub(super) const PASSING_RULES: &str = "straight way and ";
/// How the grounds say what a clock may be behind by.
const BEHIND: &str = "; clock perhaps behind by ";
/// A gap longer than this between the fixes on both sides makes a crossing inferred.
const GAP: Span = Span::from_secs(60);
/// For the place of a crossing a way is taken to be at most this much longer than the straight line.
const DETOUR: f64 = 1.2;
/// It cannot avoid a state when no way up to this much longer than the straight line does: roads are seldom twice as long.
const DETOUR_MOST: f64 = 2.0;

/// A crossing as the fixes tell it, before it has an id.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub(super) from: StateSet,
    pub(super) to: StateSet,
    pub(super) point: Position,
    pub(super) earliest: Timestamp,
    pub(super) likely: Timestamp,
    pub(super) latest: Timestamp,
    pub(super) position_error: Metres,
    pub(super) inferred: bool,
    pub(super) why: Why,
    /// Proven, or only suspected.
    pub(super) proven: bool,
}

/// The fixes on both sides of a change of states.
#[derive(Debug, Clone, Copy)]
struct Bracket {
    before: Sample,
    after: Sample,
}

/// Where and when a way from fix to fix changes states.
#[derive(Debug, Clone, Copy)]
struct Step {
    bracket: Bracket,
    from: StateSet,
    to: StateSet,
    point: Position,
    at: Timestamp,
}

/// The crossings that a proven passage consists of: one, or several when other states lie between.
pub(super) fn proven(
    passage: &Passage,
    clocks: ClocksWith<'_>,
    view: &(impl BorderView + ?Sized),
) -> Vec<Draft> {
    let stay = &passage.stay;
    let known_by = match &stay.certain {
        Some(fix) => (fix.fixed_at, clocks.error(fix.source, fix.fixed_at)),
        // Several fixes know it together, and perhaps of several devices.
        None => (stay.newest(), clocks.error_of_any(stay.newest())),
    };
    let when = When::between(&passage.last_certain, known_by, clocks);
    drafts(passage.from, &passage.last_certain, stay, when, true, view)
}

/// From when to when a crossing can have been: after the last certain fix before the line, and before the moment from
/// which the fixes know it.
#[derive(Debug, Clone, Copy)]
struct When {
    earliest: Timestamp,
    latest: Timestamp,
    /// What the clock is wrong by, as far as it is known: it widens the span on its side and shifts nothing.
    clock: ClockError,
}

impl When {
    fn between(
        last_certain: &Sample,
        (known_by, error): (Timestamp, ClockError),
        clocks: ClocksWith<'_>,
    ) -> Self {
        let ahead = clocks
            .error(last_certain.source, last_certain.fixed_at)
            .ahead;
        let earliest = last_certain.fixed_at.plus(back(ahead));
        Self {
            earliest: earliest.min(last_certain.taken_by),
            latest: known_by.max(last_certain.taken_by).plus(error.behind),
            clock: ClockError {
                ahead,
                behind: error.behind,
            },
        }
    }

    /// The rule, and what of its span is the clock's.
    fn grounds(&self, rule: &str) -> Arc<str> {
        let ClockError { ahead, behind } = self.clock;
        let seconds = |span: Span| span.as_millis() / 1_000;
        let ahead = match seconds(ahead) {
            0 => String::new(),
            ahead => format!("; clock ahead by {ahead} s at least"),
        };
        let behind = match seconds(behind) {
            0 => String::new(),
            behind => format!("{BEHIND}{behind} s"),
        };
        format!("{rule}{ahead}{behind}").into()
    }
}

/// What the clock may be behind by, as the grounds of a crossing say: so much of its latest time is the clock's.
pub(super) fn behind(grounds: &str) -> Span {
    let said = grounds.split_once(BEHIND).map(|(_, rest)| rest);
    let seconds = said.and_then(|rest| rest.strip_suffix(" s")?.parse().ok());
    seconds.map_or(Span::ZERO, Span::from_secs)
}

pub(super) fn back(span: Span) -> Span {
    Span::from_millis(-span.as_millis())
}

/// The crossing that an undecided stay would be.
pub(super) fn suspected(
    from: StateSet,
    last_certain: &Sample,
    stay: &Stay,
    clocks: ClocksWith<'_>,
    view: &(impl BorderView + ?Sized),
) -> Vec<Draft> {
    let entered = &stay.entered;
    let known_by = (
        entered.fixed_at,
        clocks.error(entered.source, entered.fixed_at),
    );
    let when = When::between(last_certain, known_by, clocks);
    let mut drafts = drafts(from, last_certain, stay, when, false, view);
    // One suspicion at a time: into the states it is in now.
    drafts.drain(..drafts.len().saturating_sub(1));
    if let Some(draft) = drafts.first_mut() {
        draft.from = from;
    }
    drafts
}

fn drafts(
    from: StateSet,
    last_certain: &Sample,
    stay: &Stay,
    when: When,
    is_proven: bool,
    view: &(impl BorderView + ?Sized),
) -> Vec<Draft> {
    let steps = steps(from, stay, view);
    let several = steps.len() > 1;
    let slant = slant(last_certain, stay.certain.as_ref().unwrap_or(&stay.entered));
    let (earliest, latest) = (when.earliest, when.latest);
    let rule = when.grounds(evidence::RULE);
    steps
        .iter()
        .map(|step| Draft {
            from: step.from,
            to: step.to,
            point: step.point,
            earliest,
            likely: step
                .at
                .min(step.bracket.after.taken_by)
                .clamp(earliest, latest),
            latest,
            position_error: position_error(step.bracket, slant),
            inferred: several || gap(step.bracket) > GAP,
            why: Why {
                rule: Arc::clone(&rule),
                fixes: stay.told.clone(),
            },
            proven: is_proven,
        })
        .collect()
}

fn gap(bracket: Bracket) -> Span {
    bracket.after.fixed_at.since(bracket.before.fixed_at)
}

/// Two accuracies towards the line, carried along it as far as the way is slanted, and how far a way somewhat longer than
/// the straight line may swing out.
fn position_error(bracket: Bracket, slant: f64) -> Metres {
    let accuracy = bracket.before.accuracy.max(bracket.after.accuracy);
    let straight = ground::distance(bracket.before.position, bracket.after.position);
    Metres::new(2.0 * slant * accuracy.as_f64() + swing(DETOUR) * straight.as_f64())
}

/// How many metres a way goes for each that it comes nearer to the line and then leaves it: 1 straight across.
///
/// ```text
///   before ·                          an error of one metre towards the line moves the place where the way
///            ` · .                    meets it by the slant along the line
///   ─────────────`·─.──────── line
///                    ` · after
/// ```
fn slant(before: &Sample, after: &Sample) -> f64 {
    let across_m = before.depth.as_f64() + after.depth.as_f64();
    let way = ground::distance(before.position, after.position);
    (way.as_f64() / across_m.max(1.0)).max(1.0)
}

/// Half the width of the ellipse of all ways at most `detour` times as long as the straight line, as a share of that.
fn swing(detour: f64) -> f64 {
    (detour * detour - 1.0).sqrt() / 2.0
}

fn steps(from: StateSet, stay: &Stay, view: &(impl BorderView + ?Sized)) -> Vec<Step> {
    let first = Bracket {
        before: stay.before,
        after: stay.just_before,
    };
    let last = Bracket {
        before: stay.just_before,
        after: stay.entered,
    };
    let mut chain: Vec<Step> = Vec::new();
    for bracket in [first, last] {
        for step in way(bracket, view) {
            follow(&mut chain, from, step);
        }
    }
    leave_out_grazed(&mut chain, view);
    match (chain.first().copied(), chain.last().copied()) {
        (Some(_), Some(end)) if end.to == stay.to => {
            chain[0].from = from;
            chain
        }
        _ => vec![by_depth(from, stay.to, last)],
    }
}

/// The changes of states on the straight way between two fixes.
fn way(bracket: Bracket, view: &(impl BorderView + ?Sized)) -> Vec<Step> {
    let Bracket { before, after } = bracket;
    if before.position == after.position {
        return Vec::new();
    }
    let lasts = after.fixed_at.since(before.fixed_at).as_millis() as f64;
    view.meetings(before.position, after.position)
        .into_iter()
        .map(|meeting| Step {
            bracket,
            from: meeting.from,
            to: meeting.to,
            point: meeting.point,
            at: before
                .fixed_at
                .plus(Span::from_millis((lasts * meeting.fraction).round() as i64)),
        })
        .collect()
}

/// Appends a change of states to a chain of them; a way that comes back somewhere forgets the loop.
fn follow(chain: &mut Vec<Step>, start: StateSet, mut step: Step) {
    if step.to == start {
        chain.clear();
        return;
    }
    if let Some(loop_begins) = chain.iter().position(|known| known.to == step.to) {
        chain.truncate(loop_begins);
    }
    step.from = chain.last().map_or(start, |known| known.to);
    chain.push(step);
}

/// Leaves out states that the way only grazes, or that are only claimed: they were not certainly entered.
fn leave_out_grazed(chain: &mut Vec<Step>, view: &(impl BorderView + ?Sized)) {
    let mut index = 0;
    while index + 1 < chain.len() {
        let (entry, exit) = (chain[index], chain[index + 1]);
        let middle = ground::between(entry.point, exit.point, 0.5);
        let accuracy = entry
            .bracket
            .before
            .accuracy
            .max(exit.bracket.after.accuracy);
        if is_surely_in(middle, entry.to, accuracy, view) {
            index += 1;
        } else {
            chain[index + 1].from = entry.from;
            chain.remove(index);
        }
    }
}

fn is_surely_in(
    position: Position,
    states: StateSet,
    accuracy: Metres,
    view: &(impl BorderView + ?Sized),
) -> bool {
    let location = view.locate(position, accuracy);
    let disputed = Sample::is_disputed(location.certainty);
    let deep = view.depth(position).as_centimetres() >= 2 * accuracy.as_centimetres();
    location.states == states && !disputed && deep && location.certainty != Certainty::Frontier
}

/// A crossing without a meeting: where the distances to the line divide the way.
fn by_depth(from: StateSet, to: StateSet, bracket: Bracket) -> Step {
    let Bracket { before, after } = bracket;
    let (inside, beyond) = (before.depth.as_f64(), after.depth.as_f64());
    let share = if inside + beyond > 0.0 {
        inside / (inside + beyond)
    } else {
        0.5
    };
    let lasts = gap(bracket).as_millis() as f64;
    Step {
        bracket,
        from,
        to,
        point: ground::between(before.position, after.position, share),
        at: before
            .fixed_at
            .plus(Span::from_millis((lasts * share).round() as i64)),
    }
}

/// The states entered and left between two fixes of the same states: only those that no way up to [`DETOUR_MOST`] times as
/// long as the straight one avoids. All these ways lie in an ellipse, and a state that fills it from side to side is
/// passed by all of them:
///
/// ```text
///        ______|‾‾|______
///   before     |RO|     after      entered: the strip shuts the ellipse.
///        ‾‾‾‾‾‾|__|‾‾‾‾‾‾
///        ______|‾‾|______
///   before     |RO|     after      not entered: a way around its corner is short enough.
///        ‾‾‾‾‾‾ ‾‾ ‾‾‾‾‾‾
/// ```
pub(super) fn between(
    before: &Sample,
    after: &Sample,
    clocks: ClocksWith<'_>,
    view: &(impl BorderView + ?Sized),
) -> Vec<Draft> {
    let apart = ground::distance(before.position, after.position);
    let clear = before
        .depth
        .as_centimetres()
        .saturating_add(after.depth.as_centimetres());
    let certain = evidence::is_certain(before) && evidence::is_certain(after);
    if before.joined || !certain || before.states != after.states || apart.as_centimetres() < clear
    {
        return Vec::new();
    }
    let bracket = Bracket {
        before: *before,
        after: *after,
    };
    let mut chain: Vec<Step> = way(bracket, view);
    leave_out_grazed(&mut chain, view);
    let Some((first, last)) = chain.first().zip(chain.last()) else {
        return Vec::new();
    };
    if first.from != before.states || last.to != after.states || chain.len() < 2 {
        return Vec::new();
    }
    let shut = chain.windows(2).all(|pair| shuts(&pair[0], &pair[1], view));
    if shut {
        chain.iter().map(|step| passed_by(step, clocks)).collect()
    } else {
        Vec::new()
    }
}

/// Whether the states between an entry and an exit of the straight way fill the ellipse of all ways from side to side.
fn shuts(entry: &Step, exit: &Step, view: &(impl BorderView + ?Sized)) -> bool {
    let Bracket { before, after } = entry.bracket;
    let ahead = ground::offset(before.position, after.position);
    let middle = ground::between(entry.point, exit.point, 0.5);
    let [left, right] = [1.0, -1.0].map(|side| {
        let share = side * swing(DETOUR_MOST);
        let aside = ground::Offset {
            east_m: -ahead.north_m * share,
            north_m: ahead.east_m * share,
        };
        ground::moved(middle, aside)
    });
    view.locate(left, Metres::ZERO).states == entry.to && view.meetings(left, right).is_empty()
}

fn passed_by(step: &Step, clocks: ClocksWith<'_>) -> Draft {
    let Bracket { before, after } = step.bracket;
    let told = |sample: Sample| WeighedFix {
        fixed_at: sample.fixed_at,
        beyond: Metres::from_centimetres(-sample.depth.as_centimetres()),
        accuracy: sample.accuracy,
    };
    let known_by = (after.fixed_at, clocks.error(after.source, after.fixed_at));
    let when = When::between(&before, known_by, clocks);
    let (earliest, latest) = (when.earliest, when.latest);
    Draft {
        from: step.from,
        to: step.to,
        point: step.point,
        earliest,
        likely: step.at.min(after.taken_by).clamp(earliest, latest),
        latest,
        position_error: position_error(step.bracket, slant(&before, &after)),
        inferred: true,
        why: Why {
            rule: when.grounds(PASSING_RULE),
            fixes: vec![told(before), told(after)],
        },
        proven: true,
    }
}
