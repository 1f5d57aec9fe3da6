//! The notice that a crossing is coming goes out by itself, at the earlier of a time and a distance before it, and is kept
//! up to date. Everything that binds is a person's to say.

use super::said::Body;
use super::state::{Handover, Phase};
use super::terms::{Expected, ExpectedAt, Overlap, Terms};
use crate::domain::event::Approach;
use crate::domain::ids::UnitId;
use crate::domain::law::profile::agreed::Figures;
use crate::domain::law::profile::figure::Figure;
use crate::domain::measure::{Metres, Span, Timestamp};
use std::sync::Arc;

/// A time that moved by less than this is no news.
const NO_NEWS: Span = Span::from_minutes(1);

/// What is known of the way of a unit to the line of a host.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    /// How far the line is, at the nearest.
    pub distance: Metres,
    /// How soon it could be there, straight and as fast as now; `None` while it stands.
    pub soonest: Option<Span>,
    /// Whether it comes nearer.
    pub nears: bool,
    /// The crossing that was predicted, and when.
    pub predicted: Option<(&'a Approach, Timestamp)>,
}

/// What a room's machine says by itself of the crossing to come, when there is something new.
#[must_use]
pub fn news(
    state: &Handover,
    way: Way<'_>,
    units: &[UnitId],
    figures: Figures<'_>,
) -> Option<Body> {
    if state.pending().is_some() || state.withdrawing.is_some() || !state.closed_by.is_empty() {
        return None;
    }
    match state.phase {
        Phase::Idle if way.predicted.is_some() || is_due(way, figures) => {
            Some(Body::Notifies(terms(way, units, figures)))
        }
        Phase::Notified => {
            let before = state.notified.as_ref()?;
            let now = Terms {
                units: before.units.clone(),
                ..terms(way, units, figures)
            };
            way.predicted?;
            (name(before) != name(&now) || moved(before, &now)).then_some(Body::Updates(now))
        }
        Phase::Agreed if !state.is_revising() => {
            let agreed = &state.agreed.as_ref()?.terms;
            let now = terms(way, units, figures);
            let updated = Terms {
                expected: now.expected,
                ..agreed.clone()
            };
            let tolerance = figures.span(Figure::RevisionTolerance);
            let same_place = name(&now).is_none() || name(&now) == name(agreed);
            let small =
                same_place && moved(agreed, &updated) && agreed.is_within(&updated, tolerance);
            small.then_some(Body::Updates(updated))
        }
        Phase::Idle
        | Phase::Proposed
        | Phase::StandBy
        | Phase::Countered
        | Phase::Agreed
        | Phase::Transferring
        | Phase::Passed => None,
    }
}

/// Whether the way is so near, in time or in space, that the partner is notified.
fn is_due(way: Way<'_>, figures: Figures<'_>) -> bool {
    let km = Metres::new(figures.number(Figure::NoticeDistance) as f64 * 1_000.0);
    let soon = figures.span(Figure::NoticeTime);
    way.nears && (way.distance <= km || way.soonest.is_some_and(|soonest| soonest <= soon))
}

/// What is known now, as terms: nothing that only a person decides.
fn terms(way: Way<'_>, units: &[UnitId], figures: Figures<'_>) -> Terms {
    let least = figures.number(Figure::NoticeProbability);
    let (points, expected) = match way.predicted {
        None => (Vec::new(), None),
        Some((approach, at)) => {
            let likely = approach.crossings.iter().map(|crossing| ExpectedAt {
                name: Arc::clone(&crossing.name),
                position: Some(crossing.point),
                percent: Some((crossing.probability * 100.0).round() as u8),
            });
            let counts = |at: &ExpectedAt| at.percent.is_some_and(|p| i64::from(p) >= least);
            let expected = Expected {
                earliest: at.plus(approach.eta_earliest),
                likely: at.plus(approach.eta),
                latest: at.plus(approach.eta_latest),
            };
            (likely.filter(counts).collect(), Some(expected))
        }
    };
    Terms {
        crossing_points: points,
        expected,
        transfer_at: None,
        takes_eyes: None,
        units: units.to_vec(),
        overlap: Overlap::default(),
        voice: None,
    }
}

fn name(terms: &Terms) -> Option<&Arc<str>> {
    terms.crossing_points.first().map(|at| &at.name)
}

fn moved(before: &Terms, now: &Terms) -> bool {
    match (before.expected, now.expected) {
        (Some(before), Some(now)) => {
            now.likely.since(before.likely).as_millis().abs() >= NO_NEWS.as_millis()
        }
        (None, Some(_)) => true,
        (_, None) => false,
    }
}

/// The crossing point that is likely now, where another one was agreed on: a person revises that (A12).
#[must_use]
pub fn other_crossing_point<'a>(state: &Handover, approach: &'a Approach) -> Option<&'a Arc<str>> {
    let agreed = state
        .agreed
        .as_ref()
        .filter(|_| state.phase == Phase::Agreed)?;
    let likely = approach.crossings.first()?;
    let told = name(&agreed.terms)?;
    let revised = state.proposed.as_ref().and_then(|open| name(&open.terms));
    let known = told == &likely.name || revised == Some(&likely.name);
    (!known && likely.probability > 0.5).then_some(&likely.name)
}
