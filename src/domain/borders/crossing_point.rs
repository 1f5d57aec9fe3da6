//! The named places where a road crosses a frontier, as the rooms on its two sides call them.
//!
//! They are data of a pair of rooms, not of the border set: an exercise, an installation or the profile of a pair lists
//! them. A place is given about where the road crosses, and laid on our own line.

use super::{Atlas, Frontier, Window};
use crate::domain::measure::{Metres, Position};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A place given farther than this from its frontier is not meant for it, or was mistyped.
const FARTHEST: Metres = Metres::from_centimetres(100_000);
/// The longest name, in characters: it is spoken on the air.
const NAME_MOST: usize = 60;
/// The direction of the line is taken from the edges within this of the place, degrees.
const AROUND_DEG: f64 = 0.002;

/// A named place where a road crosses a frontier.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossingPoint {
    /// What both rooms call it, such as `COP-1 Nagylak–Nădlac I`.
    pub name: Arc<str>,
    /// The frontier.
    pub frontier: Frontier,
    /// Where it lies, on our line.
    pub point: Position,
    /// The direction of the line there, degrees clockwise from north, from 0 to below 180: to draw it. Nothing is decided
    /// from it.
    pub line_deg: f64,
    /// Whose data it is.
    pub origin: PointOrigin,
    /// Where the place is taken from, for people.
    pub source: Arc<str>,
}

/// Whose data a crossing point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointOrigin {
    /// An exercise's: it says nothing of the real frontier.
    Exercise,
    /// Listed by the installation.
    Installation,
    /// Of the profile that both states signed.
    Profile,
}

impl PointOrigin {
    /// The word of the interface.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exercise => "exercise",
            Self::Installation => "installation",
            Self::Profile => "profile",
        }
    }
}

/// A crossing point as somebody lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedPoint {
    /// See [`CrossingPoint::name`].
    pub name: Arc<str>,
    /// See [`CrossingPoint::frontier`].
    pub frontier: Frontier,
    /// About where: within 1 km of the frontier.
    pub near: Position,
    /// See [`CrossingPoint::origin`].
    pub origin: PointOrigin,
    /// See [`CrossingPoint::source`].
    pub source: Arc<str>,
}

/// Why a list of crossing points is refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CrossingPointError {
    /// A name is empty, too long, or has characters that cannot be shown.
    #[error("`{name}` is no name of a crossing point: write 1 to 60 characters that can be shown")]
    Name {
        /// The name.
        name: Arc<str>,
    },
    /// Two have one name.
    #[error("two crossing points are called `{name}`: give each a name of its own")]
    Doubled {
        /// The name.
        name: Arc<str>,
    },
    /// Nobody says where the place is taken from.
    #[error("{name}: `source` is empty: say where the place is taken from")]
    NoSource {
        /// The name.
        name: Arc<str>,
    },
    /// There is no such frontier on land.
    #[error("{name}: the border data have no frontier {frontier} on land: name one as HU-RO")]
    UnknownFrontier {
        /// The name.
        name: Arc<str>,
        /// The frontier.
        frontier: Frontier,
    },
    /// The place does not lie at its frontier.
    #[error(
        "{name}: the place lies {} m from the frontier {frontier}: correct it, at most {} m are taken",
        distance.as_f64().round(),
        FARTHEST.as_f64()
    )]
    TooFar {
        /// The name.
        name: Arc<str>,
        /// The frontier.
        frontier: Frontier,
        /// How far from it.
        distance: Metres,
    },
}

/// The crossing points that are known, by frontier, as they were listed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CrossingPoints {
    of: BTreeMap<Frontier, Vec<CrossingPoint>>,
}

impl CrossingPoints {
    /// None at all.
    #[must_use]
    pub fn none() -> &'static Self {
        static NONE: CrossingPoints = CrossingPoints {
            of: BTreeMap::new(),
        };
        &NONE
    }

    /// Checks a list and lays each place on our line: the nearest place of its own frontier, on land.
    ///
    /// # Errors
    /// [`CrossingPointError`] for the first that does not fit; it names what to do.
    pub fn laid(
        atlas: &Atlas,
        listed: impl IntoIterator<Item = ListedPoint>,
    ) -> Result<Self, CrossingPointError> {
        Self::default().with(atlas, listed)
    }

    /// The same with others, checked and laid likewise.
    ///
    /// # Errors
    /// As [`Self::laid`].
    pub fn with(
        mut self,
        atlas: &Atlas,
        listed: impl IntoIterator<Item = ListedPoint>,
    ) -> Result<Self, CrossingPointError> {
        for listed in listed {
            let point = listed.laid(atlas)?;
            if self.all().any(|known| known.name == point.name) {
                return Err(CrossingPointError::Doubled { name: point.name });
            }
            self.of.entry(point.frontier).or_default().push(point);
        }
        Ok(self)
    }

    /// Those of one frontier.
    #[must_use]
    pub fn on(&self, frontier: Frontier) -> &[CrossingPoint] {
        self.of.get(&frontier).map_or(&[], Vec::as_slice)
    }

    /// All of them, frontier by frontier.
    pub fn all(&self) -> impl Iterator<Item = &CrossingPoint> {
        self.of.values().flatten()
    }
}

impl ListedPoint {
    fn laid(self, atlas: &Atlas) -> Result<CrossingPoint, CrossingPointError> {
        let Self {
            name,
            frontier,
            near,
            origin,
            source,
        } = self;
        let shown = name.chars().all(|letter| !letter.is_control()) && *name == *name.trim();
        if name.is_empty() || name.chars().count() > NAME_MOST || !shown {
            return Err(CrossingPointError::Name { name });
        }
        if source.trim().is_empty() {
            return Err(CrossingPointError::NoSource { name });
        }
        let Some((point, distance)) = atlas.nearest_on(frontier, near) else {
            return Err(CrossingPointError::UnknownFrontier { name, frontier });
        };
        if distance > FARTHEST {
            return Err(CrossingPointError::TooFar {
                name,
                frontier,
                distance,
            });
        }
        Ok(CrossingPoint {
            line_deg: line_deg(atlas, frontier, point),
            name,
            frontier,
            point,
            origin,
            source,
        })
    }
}

/// The direction of the edge of a frontier that is nearest to a place on it.
fn line_deg(atlas: &Atlas, frontier: Frontier, at: Position) -> f64 {
    let corner = |sign: f64| {
        let (lat, lon) = (at.lat() + sign * AROUND_DEG, at.lon() + sign * AROUND_DEG);
        Position::new(lat.clamp(-90.0, 90.0), lon.clamp(-180.0, 180.0)).unwrap_or(at)
    };
    let lines = atlas.lines_within(Window {
        south_west: corner(-1.0),
        north_east: corner(1.0),
    });
    let narrowed = at.lat().to_radians().cos();
    let from_here = |place: &Position| {
        let east = (place.lon() - at.lon()) * narrowed;
        (east, place.lat() - at.lat())
    };
    let mut nearest = (f64::INFINITY, 0.0);
    for (_, places) in lines.iter().filter(|(line, _)| line.frontier == frontier) {
        for pair in places.windows(2) {
            let (a, b) = (from_here(&pair[0]), from_here(&pair[1]));
            let (east, north) = (b.0 - a.0, b.1 - a.1);
            let length = (east * east + north * north).max(f64::MIN_POSITIVE);
            let share = (-(a.0 * east + a.1 * north) / length).clamp(0.0, 1.0);
            let (x, y) = (a.0 + share * east, a.1 + share * north);
            let off = x * x + y * y;
            if off < nearest.0 {
                nearest = (off, east.atan2(north).to_degrees().rem_euclid(180.0));
            }
        }
    }
    nearest.1
}

#[cfg(test)]
mod tests {
    use super::{CrossingPointError, CrossingPoints, ListedPoint, PointOrigin};
    use crate::domain::borders::small_map::{SmallMap, at};
    use crate::domain::borders::{Atlas, Frontier};
    use crate::domain::measure::Position;

    /// Two states side by side, forty squares high: the line is the meridian between them.
    fn atlas() -> Atlas {
        SmallMap::new(&["AAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBB"; 40]).atlas()
    }

    fn listed(name: &str, frontier: &str, near: Position) -> ListedPoint {
        ListedPoint {
            name: name.into(),
            frontier: Frontier::parse(frontier).unwrap(),
            near,
            origin: PointOrigin::Exercise,
            source: "a test".into(),
        }
    }

    fn refused(points: impl IntoIterator<Item = ListedPoint>) -> String {
        CrossingPoints::laid(&atlas(), points)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_point_is_laid_on_our_own_line() {
        let atlas = atlas();
        let off = at(23.0, 20.0);
        let points = CrossingPoints::laid(&atlas, [listed("North gate", "BB-AA", off)]).unwrap();
        let frontier = Frontier::parse("AA-BB").unwrap();
        let [point] = points.on(frontier) else {
            panic!("{points:?}");
        };
        assert!(Atlas::distance(point.point, at(20.0, 20.0)).as_f64() < 0.1);
        // Due north or due south, which is the same line.
        assert!(
            point.line_deg < 0.1 || point.line_deg > 179.9,
            "{}",
            point.line_deg
        );
        assert_eq!(points.all().count(), 1);
        assert!(points.on(Frontier::parse("AA-CC").unwrap()).is_empty());
    }

    #[test]
    fn a_point_that_does_not_lie_at_its_frontier_is_refused_with_its_distance() {
        // A square is 79 m wide there: some 1,180 m from the line.
        let said = refused([listed("Far", "AA-BB", at(5.0, 20.0))]);
        assert!(said.starts_with("Far: the place lies 118"), "{said}");
        assert!(said.contains("AA-BB") && said.contains("1000 m"), "{said}");
        let near = listed("Near", "AA-BB", at(8.0, 20.0));
        assert!(CrossingPoints::laid(&atlas(), [near]).is_ok());
    }

    #[test]
    fn what_nobody_could_mean_is_refused() {
        let here = at(20.0, 20.0);
        let doubled = [
            listed("Gate", "AA-BB", here),
            listed("Gate", "AA-BB", at(20.0, 30.0)),
        ];
        assert!(refused(doubled).contains("`Gate`"));
        let unknown = refused([listed("Gate", "AA-CC", here)]);
        assert!(unknown.contains("no frontier AA-CC"), "{unknown}");
        for name in ["", " Gate", "Gate\n", &"x".repeat(61)] {
            let named = [listed(name, "AA-BB", here)];
            let error = CrossingPoints::laid(&atlas(), named).unwrap_err();
            assert!(matches!(error, CrossingPointError::Name { .. }), "{error}");
        }
        let mut unsourced = listed("Gate", "AA-BB", here);
        unsourced.source = " ".into();
        assert!(refused([unsourced]).contains("source"));
    }
}
