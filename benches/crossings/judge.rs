//! What was told against what really happened.

use crate::bound::{self, Held};
use crate::matching::matched;
use crate::places::Places;
use crate::session::Outcome;
use crate::truth::Truth;
use limes::domain::borders::Atlas;

/// A telling belongs to a true change within this of its interval, or within two reporting intervals.
const BELONGS_S: f64 = 30.0;
/// The stays that no rule may miss last longer than this.
const LASTS_S: f64 = 30.0;
/// An approach foretells an arrival within this.
const ARRIVES_S: f64 = 3_600.0;

/// What was counted over many sessions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Score {
    pub(crate) hours: f64,
    pub(crate) fixes: usize,
    pub(crate) changes: usize,
    /// Stays longer than [`LASTS_S`] whose deepest point is deeper than asked.
    pub(crate) stays: usize,
    /// Those of them that were deeper than asked for so long: they hold.
    pub(crate) holds: usize,
    pub(crate) ours: Rule,
    pub(crate) flip: Rule,
    pub(crate) two: Rule,
    pub(crate) delays_s: Vec<f64>,
    /// Fixes beyond the line until it was confirmed.
    pub(crate) fixes_beyond: Vec<f64>,
    pub(crate) place_errors_m: Vec<f64>,
    pub(crate) places_covered: usize,
    pub(crate) times_covered: usize,
    pub(crate) widths_s: Vec<f64>,
    pub(crate) matched: usize,
    pub(crate) words: usize,
    pub(crate) approaches: usize,
    /// Approaches taken back before any arrival, and before their time had run out.
    pub(crate) taken_back: usize,
    /// Approaches taken back because their time had run out, and the unit came later.
    pub(crate) ran_out: usize,
    /// Approaches without an arrival within the hour.
    pub(crate) without_arrival: usize,
    /// All the others.
    pub(crate) arrivals: usize,
    /// Arrivals before the interval told.
    pub(crate) arrivals_early: usize,
    /// Arrivals after it.
    pub(crate) arrivals_late: usize,
    /// The intervals told, and each as a share of the time foretold.
    pub(crate) arrival_widths_s: Vec<f64>,
    pub(crate) arrival_widths: Vec<f64>,
    /// Each crossing told that was none, each stay missed that holds, and each approach whose interval did not hold, in words.
    pub(crate) misses: Vec<String>,
    /// The stays that hold, against the best test.
    pub(crate) held: Vec<Held>,
    /// Where it would cross, against where it did.
    pub(crate) places: Places,
}

/// How often a rule was wrong.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Rule {
    pub(crate) falsely: usize,
    pub(crate) missed: usize,
    /// Of these, such that hold.
    pub(crate) missed_held: usize,
    /// Stays that hold and were found, but with no crossing into them: as the first place that is sure.
    pub(crate) by_place: usize,
}

impl Score {
    pub(crate) fn add(&mut self, other: Self) {
        self.hours += other.hours;
        self.fixes += other.fixes;
        self.changes += other.changes;
        self.stays += other.stays;
        self.holds += other.holds;
        for (rule, more) in [
            (&mut self.ours, other.ours),
            (&mut self.flip, other.flip),
            (&mut self.two, other.two),
        ] {
            rule.falsely += more.falsely;
            rule.missed += more.missed;
            rule.missed_held += more.missed_held;
            rule.by_place += more.by_place;
        }
        self.delays_s.extend(other.delays_s);
        self.fixes_beyond.extend(other.fixes_beyond);
        self.place_errors_m.extend(other.place_errors_m);
        self.places_covered += other.places_covered;
        self.times_covered += other.times_covered;
        self.widths_s.extend(other.widths_s);
        self.matched += other.matched;
        self.words += other.words;
        self.approaches += other.approaches;
        self.taken_back += other.taken_back;
        self.ran_out += other.ran_out;
        self.without_arrival += other.without_arrival;
        self.arrivals += other.arrivals;
        self.arrivals_early += other.arrivals_early;
        self.arrivals_late += other.arrivals_late;
        self.arrival_widths_s.extend(other.arrival_widths_s);
        self.arrival_widths.extend(other.arrival_widths);
        self.misses.extend(other.misses);
        self.held.extend(other.held);
        self.places.add(&other.places);
    }
}

/// Judges a session of so many seconds, reported every `interval_s`; with the deviation of its receiver, metres, against the
/// best test too.
pub(crate) fn judge(
    truth: &Truth,
    outcome: &Outcome,
    (seconds_all, interval_s): (f64, f64),
    deviation_m: Option<f64>,
) -> Score {
    let mut score = Score {
        hours: seconds_all / 3_600.0,
        fixes: outcome.fixes,
        changes: truth.changes.len(),
        words: outcome.words,
        ..Score::default()
    };
    let belongs_s = BELONGS_S.max(2.0 * interval_s);
    let matched = |told| matched(&truth.changes, told, (belongs_s, outcome.ahead_s));
    let unmatched = |told| matched(told).iter().filter(|m| m.is_none()).count();
    let matches = matched(&outcome.ours);
    for (told, _) in outcome
        .ours
        .iter()
        .zip(&matches)
        .filter(|(_, index)| index.is_none())
    {
        score.ours.falsely += 1;
        score.misses.push(format!(
            "false: to {} at {:.0} s, confirmed at {:.0} s{}",
            told.to,
            told.likely_s,
            told.confirmed_s,
            if told.stands { "" } else { ", retracted" }
        ));
    }
    score.flip.falsely = unmatched(&outcome.flip);
    score.two.falsely = unmatched(&outcome.two);
    for stay in &truth.stays {
        let seen = outcome.seen.iter().filter(|(at_s, states)| {
            *states == stay.states && *at_s >= stay.from_s && *at_s <= stay.to_s
        });
        // Of a unit that was not seen elsewhere for a while before, nothing is known that it could have left.
        let mut elsewhere = outcome
            .seen
            .iter()
            .filter(|(at_s, states)| *states != stay.states && *at_s < stay.from_s);
        let seen_from_s = elsewhere.next().map_or(f64::INFINITY, |(at_s, _)| *at_s);
        let known = elsewhere.any(|(at_s, _)| at_s - seen_from_s >= LASTS_S);
        let lasts = stay.to_s - stay.from_s > LASTS_S && stay.deep_s > 0.0;
        let ends = stay.to_s < seconds_all - 4.0 * interval_s - 60.0;
        if !known || !lasts || !ends || seen.count() < 2 {
            continue;
        }
        let holds = stay.deep_s > LASTS_S;
        score.stays += 1;
        score.holds += usize::from(holds);
        let middle_s = f64::midpoint(stay.from_s, stay.to_s);
        let mut ours_missed = false;
        let mut located = outcome.located.iter().rev();
        let located = located.find(|(at_s, _)| *at_s <= middle_s);
        for (rule, told, located) in [
            (&mut score.ours, &outcome.ours, located),
            (&mut score.flip, &outcome.flip, None),
            (&mut score.two, &outcome.two, None),
        ] {
            let last = told
                .iter()
                .filter(|told| told.stands && told.likely_s <= middle_s)
                .max_by(|a, b| a.likely_s.total_cmp(&b.likely_s));
            let crossed = last.map_or(truth.first, |told| told.to);
            // Of a unit whose first states were not sure, what was found of them later is no crossing.
            let found = located
                .filter(|(at_s, _)| last.is_none_or(|told| told.likely_s < *at_s))
                .map_or(crossed, |(_, states)| *states);
            let missed = found != stay.states;
            rule.missed += usize::from(missed);
            rule.missed_held += usize::from(missed && holds);
            rule.by_place += usize::from(holds && !missed && crossed != stay.states);
            ours_missed |= missed && std::ptr::eq(told, &raw const outcome.ours);
        }
        if ours_missed && holds {
            let (to, from_s, to_s) = (stay.states, stay.from_s, stay.to_s);
            score
                .misses
                .push(format!("missed: in {to} from {from_s:.0} to {to_s:.0} s"));
        }
        if let Some(deviation_m) = deviation_m.filter(|_| holds) {
            let fixes = outcome.seen.iter();
            let beyond: Vec<_> = fixes
                .filter_map(|(at_s, _)| Some((*at_s, stay.depth_m(*at_s)?)))
                .collect();
            score.held.push(Held {
                distance: bound::distance(&beyond, deviation_m),
                missed: ours_missed,
            });
        }
    }
    for (told, index) in outcome.ours.iter().zip(&matches) {
        let Some(index) = index.filter(|_| told.stands) else {
            continue;
        };
        let change = &truth.changes[index];
        score.matched += 1;
        score.delays_s.push(told.confirmed_s - change.at_s);
        let beyond = outcome
            .seen
            .iter()
            .filter(|(at_s, _)| *at_s >= change.at_s && *at_s <= told.confirmed_s);
        score.fixes_beyond.push(beyond.count() as f64);
        let off_m = Atlas::distance(told.point, change.point).as_f64();
        score.place_errors_m.push(off_m);
        score.places_covered += usize::from(off_m <= told.error_m);
        let covered = told.earliest_s <= change.at_s && change.at_s <= told.latest_s;
        score.times_covered += usize::from(covered);
        score.widths_s.push(told.latest_s - told.earliest_s);
    }
    arrivals(truth, outcome, &mut score);
    score
}

/// Told times of arrival against the next true change into the states foretold. An approach that was taken back before
/// it foretells nothing any more, but one whose time had run out by then was wrong when the unit came later after all;
/// one without any arrival within the hour is counted for itself.
fn arrivals(truth: &Truth, outcome: &Outcome, score: &mut Score) {
    for (at_s, approach) in &outcome.approaches {
        let before = truth.changes.iter().rfind(|change| change.at_s <= *at_s);
        let next = truth
            .changes
            .iter()
            .find(|change| change.at_s > *at_s && change.to == approach.to);
        let is_there = before.map_or(truth.first, |change| change.to) == approach.to;
        let left_s = match next {
            _ if is_there => 0.0,
            Some(change) => change.at_s - at_s,
            None => f64::INFINITY,
        };
        let (earliest_s, latest_s) = (
            approach.eta_earliest.as_secs_f64(),
            approach.eta_latest.as_secs_f64(),
        );
        let taken_back = outcome
            .taken_back
            .iter()
            .copied()
            .find(|end_s| end_s > at_s)
            .filter(|end_s| *end_s < at_s + left_s);
        score.approaches += 1;
        if let Some(change) = next.filter(|_| !is_there && left_s <= ARRIVES_S) {
            score.places.judge(&approach.crossings, change.point);
        }
        let miss = |what: &str| {
            let (far_m, eta_s) = (approach.distance.as_f64(), approach.eta.as_secs_f64());
            let end_s = taken_back.map_or(f64::NAN, |end_s| end_s - at_s);
            format!(
                "{what}: told at {at_s:.0} s, {far_m:.0} m away, in {eta_s:.0} s ({earliest_s:.0} to {latest_s:.0}); came after {left_s:.0} s, taken back after {end_s:.0} s"
            )
        };
        match taken_back {
            Some(end_s) if end_s <= at_s + latest_s => score.taken_back += 1,
            _ if left_s > ARRIVES_S => score.without_arrival += 1,
            Some(_) => {
                score.ran_out += 1;
                score.misses.push(miss("ran out"));
            }
            None => {
                score.arrivals += 1;
                if left_s < earliest_s {
                    score.arrivals_early += 1;
                    score.misses.push(miss("early"));
                }
                if left_s > latest_s {
                    score.arrivals_late += 1;
                    score.misses.push(miss("late"));
                }
                score.arrival_widths_s.push(latest_s - earliest_s);
                let foretold_s = approach.eta.as_secs_f64().max(1.0);
                let width = (latest_s - earliest_s) / foretold_s;
                score.arrival_widths.push(width);
            }
        }
    }
}
