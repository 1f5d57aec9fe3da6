//! Which frontiers does a straight path meet, and in what order?
//!
//! Which edges are crossed is decided exactly; where along the path is computed in floating point. Edges met within a
//! millimetre of each other are one meeting: their differences are added up, so a path through the very point where
//! three states meet goes from the first to the third, and sets before and after always follow each other.

use super::cells::Cells;
use super::partition::{Partition, RegionId, Standing};
use super::predicate::{Path, Spot};
use super::{Frontier, LineKind, Meeting};
use crate::domain::measure::Position;

/// Edges met within this many nanodegrees along the path are met together.
const TOGETHER_NANODEGREES: f64 = 10.0;

/// One edge that the path crosses.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Contact {
    fraction: f64,
    edge: u32,
    difference: u8,
}

/// The straight way between two positions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Leg {
    pub(super) from: Position,
    pub(super) to: Position,
}

impl Leg {
    fn at(self, fraction: f64) -> Option<Position> {
        let between = |a: f64, b: f64| a + fraction * (b - a);
        Position::new(
            between(self.from.lat(), self.to.lat()),
            between(self.from.lon(), self.to.lon()),
        )
        .ok()
    }
}

/// All meetings of a path, in order.
pub(super) fn meetings(partition: &Partition, cells: &Cells, leg: Leg) -> Vec<Meeting> {
    let path = Path {
        from: Spot::of(leg.from),
        to: Spot::of(leg.to),
    };
    let contacts = contacts(partition, cells, path);
    if contacts.is_empty() {
        return Vec::new();
    }
    let length = ((path.to.x - path.from.x) as f64).hypot((path.to.y - path.from.y) as f64);
    let together = TOGETHER_NANODEGREES / length;
    let mut region = cells.region(partition, path.from);
    let mut met = Vec::new();
    for group in contacts.chunk_by(|one, next| next.fraction - one.fraction <= together) {
        let after = RegionId(group.iter().fold(region.0, |sum, c| sum ^ c.difference));
        let before = std::mem::replace(&mut region, after);
        met.extend(meeting(partition, leg, group, (before, after)));
    }
    met
}

fn contacts(partition: &Partition, cells: &Cells, path: Path) -> Vec<Contact> {
    let mut contacts = Vec::new();
    cells.edges_near(path, |id, difference| {
        let edge = partition.edge(id as usize);
        if edge.is_near(path) && edge.is_crossed_by(path) {
            let from = edge.doubled_area(path.from) as f64;
            let to = edge.doubled_area(path.to) as f64;
            let span = from - to;
            // Both on the line, told apart by the nudge alone: the path runs along the edge.
            let fraction = if span == 0.0 { 0.0 } else { from / span };
            contacts.push(Contact {
                fraction: fraction.clamp(0.0, 1.0),
                edge: id,
                difference,
            });
        }
    });
    contacts.sort_by(|one, other| {
        one.fraction
            .total_cmp(&other.fraction)
            .then(one.edge.cmp(&other.edge))
    });
    contacts.dedup_by_key(|contact| contact.edge);
    contacts
}

fn meeting(
    partition: &Partition,
    leg: Leg,
    group: &[Contact],
    (before, after): (RegionId, RegionId),
) -> Option<Meeting> {
    let (from, to) = (partition.region(before), partition.region(after));
    if from == to {
        return None;
    }
    let fraction = group.first()?.fraction;
    Some(Meeting {
        fraction,
        point: leg.at(fraction)?,
        from: from.states,
        to: to.states,
        frontier: crossed_frontier(partition, group, (before, after)),
        disputed: from.standing == Standing::Disputed || to.standing == Standing::Disputed,
    })
}

/// The frontier of the edge that separates exactly these regions, or else the first that has a name.
fn crossed_frontier(
    partition: &Partition,
    group: &[Contact],
    (before, after): (RegionId, RegionId),
) -> Option<Frontier> {
    let difference = before.0 ^ after.0;
    let (from, to) = (partition.region(before), partition.region(after));
    if let (Some(one), Some(other)) = (from.states.single(), to.states.single()) {
        return Some(Frontier::between(one, other));
    }
    let line = |contact: &Contact| {
        let arc = &partition.arcs[partition.arc_of(contact.edge as usize)];
        partition.line(arc)
    };
    let exact = group.iter().filter(|c| c.difference == difference);
    exact
        .chain(group)
        .filter_map(line)
        .min_by_key(|line| line.kind == LineKind::Claim)
        .map(|line| line.frontier)
}
