//! The states of a position by `geo`: every polygon with an interval tree of its edges, in an R-tree of their boxes.
//! The best way with these crates, and the judge of ours.

use geo::indexed::IntervalTreeMultiPolygon;
use geo::{Contains, Coord, LineString, MultiPolygon, Point, Polygon};
use limes::domain::borders::{Atlas, LineKind, Ring, Sources, Vertex};
use limes::domain::ids::StateSet;
use limes::domain::measure::Position;
use rand::RngExt;
use rand::rngs::StdRng;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// How far a position exactly on a line is moved before `geo` is asked, degrees: the documented rule, a step east and a
/// yet smaller one north, see `limes::domain::borders::Atlas`. As doubles have it, the second is a unit in the last place
/// or two.
#[derive(Debug, Clone, Copy)]
struct Nudge {
    east: f64,
    north: f64,
}

impl Nudge {
    const NONE: Self = Self {
        east: 0.0,
        north: 0.0,
    };
    /// Other vertices are five hundred times as far away.
    const FROM_VERTEX: Self = Self {
        east: 2e-9,
        north: 1e-14,
    };
    /// Less than the grid of positions, so that no vertex is passed. The step north is for edges due east alone: of
    /// others that are nearly so it would be the greater one.
    const ON_EDGE: Self = Self {
        east: 5e-10,
        north: 0.0,
    };
    const ON_EDGE_DUE_EAST: Self = Self {
        east: 5e-10,
        north: 1e-14,
    };
}

/// Polygons and the areas laid over them.
pub(crate) struct GeoStates {
    boxes: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
    polygons: Vec<(Owner, IntervalTreeMultiPolygon<f64>)>,
}

/// What a polygon is of.
#[derive(Clone, Copy)]
enum Owner {
    Territory(StateSet),
    Joint(StateSet),
}

/// A ring as `geo` holds it.
pub(crate) fn line(ring: &Ring) -> LineString {
    ring.iter()
        .map(|v| Coord {
            x: v.lon_deg(),
            y: v.lat_deg(),
        })
        .collect()
}

/// A polygon as `geo` holds it.
pub(crate) fn polygon(rings: &[Ring]) -> Polygon {
    Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect())
}

impl GeoStates {
    /// Holds the published polygons.
    pub(crate) fn new(sources: &Sources) -> Self {
        let territories = (sources.territories.iter())
            .map(|t| (Owner::Territory(StateSet::one(t.state)), &t.polygons));
        let joint =
            (sources.joint_areas.iter()).map(|area| (Owner::Joint(area.states), &area.polygons));
        let mut polygons = Vec::new();
        let mut boxes = Vec::new();
        for (owner, rings) in territories
            .chain(joint)
            .flat_map(|(owner, polygons)| polygons.iter().map(move |rings| (owner, rings)))
        {
            let corners: Vec<[f64; 2]> = rings[0]
                .iter()
                .map(|v| [v.lon_deg(), v.lat_deg()])
                .collect();
            let around = Rectangle::from_aabb(AABB::from_points(corners.iter()));
            boxes.push(GeomWithData::new(around, polygons.len()));
            let polygon = MultiPolygon::new(vec![polygon(rings)]);
            polygons.push((owner, IntervalTreeMultiPolygon::new(&polygon)));
        }
        Self {
            boxes: RTree::bulk_load(boxes),
            polygons,
        }
    }

    /// The states whose polygons contain a place that lies on no line; a joint area's, inside one.
    pub(crate) fn locate(&self, lat: f64, lon: f64) -> StateSet {
        let point = Point::new(lon, lat);
        let mut territory = StateSet::NONE;
        for found in self.boxes.locate_all_at_point(&[lon, lat]) {
            let (owner, polygon) = &self.polygons[found.data];
            if polygon.contains(&point) {
                match owner {
                    Owner::Territory(states) => territory = *states,
                    Owner::Joint(states) => return *states,
                }
            }
        }
        territory
    }
}

/// Positions of one kind, seeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anywhere in Europe.
    Anywhere,
    /// Within 2 km of a land frontier, some of them within 20 m and within 2 m.
    Near,
    /// Exactly on a vertex of any line.
    OnVertex,
    /// Exactly on an edge of any line.
    OnEdge,
}

impl Kind {
    /// All of them.
    pub(crate) const ALL: [Self; 4] = [Self::Anywhere, Self::Near, Self::OnVertex, Self::OnEdge];

    /// How many of so many positions, of which our atlas says something else than `geo`, and the first of these.
    pub(crate) fn differences(
        self,
        (atlas, judge): (&Atlas, &GeoStates),
        count: usize,
        random: &mut StdRng,
    ) -> (usize, Option<Position>) {
        let mut first = None;
        let mut differences = 0;
        for _ in 0..count {
            let (place, nudge) = self.place(atlas, random);
            let by_geo = judge.locate(place.lat() + nudge.north, place.lon() + nudge.east);
            if atlas.locate(place) != by_geo {
                differences += 1;
                first.get_or_insert(place);
            }
        }
        (differences, first)
    }

    fn place(self, atlas: &Atlas, random: &mut StdRng) -> (Position, Nudge) {
        let partition = atlas.partition();
        // On the grid of our positions, so that both are asked for the same place.
        let at = |lat: f64, lon: f64| {
            let grid = |degrees: f64| (degrees * 1e9).round() / 1e9;
            Position::new(grid(lat), grid(lon)).expect("a position")
        };
        let any_vertex = |random: &mut StdRng| random.random_range(0..partition.vertices.len() - 1);
        match self {
            Self::Anywhere => {
                let lat = random.random_range(34.0..72.0);
                (at(lat, random.random_range(-25.0..45.0)), Nudge::NONE)
            }
            Self::Near => loop {
                let vertex = any_vertex(random);
                let arc = (partition.arcs).partition_point(|arc| arc.start as usize <= vertex) - 1;
                let line = partition.line(&partition.arcs[arc]);
                if line.is_none_or(|line| line.kind != LineKind::Land) {
                    continue;
                }
                let vertex = partition.vertices[vertex];
                let spread = [0.000_02, 0.000_2, 0.018][random.random_range(0..3)];
                let lat = vertex.lat_deg() + random.random_range(-spread..spread);
                let scale = lat.to_radians().cos();
                let lon = vertex.lon_deg() + random.random_range(-spread..spread) / scale;
                break (at(lat, lon), Nudge::NONE);
            },
            Self::OnVertex => {
                let vertex = partition.vertices[any_vertex(random)];
                (at(vertex.lat_deg(), vertex.lon_deg()), Nudge::FROM_VERTEX)
            }
            Self::OnEdge => loop {
                let vertex = any_vertex(random);
                let edge = &partition.vertices[vertex..vertex + 2];
                let is_edge = (partition.arcs.iter()).all(|arc| arc.range().end != vertex + 1);
                let rise = edge[0].lat.abs_diff(edge[1].lat);
                // On an edge that rises by less, a double cannot say on which side the moved position lies.
                let is_told_apart = rise == 0 || rise * 10_000 >= edge[0].lon.abs_diff(edge[1].lon);
                if let Some((lat, lon)) = on_edge(edge, random)
                    && is_edge
                    && is_told_apart
                {
                    let nudge = [Nudge::ON_EDGE, Nudge::ON_EDGE_DUE_EAST][usize::from(rise == 0)];
                    break (at(lat, lon), nudge);
                }
            },
        }
    }
}

/// A place on the grid of 1e-9 degree exactly on an edge, not at its ends.
fn on_edge(edge: &[Vertex], random: &mut StdRng) -> Option<(f64, f64)> {
    let (a, b) = (edge[0], edge[1]);
    // The edge has a point of the grid at every so many equal parts.
    let (dx, dy) = (
        i64::from(b.lon - a.lon) * 1_000,
        i64::from(b.lat - a.lat) * 1_000,
    );
    let mut parts = (dx.abs(), dy.abs());
    while parts.1 != 0 {
        parts = (parts.1, parts.0 % parts.1);
    }
    let part = random.random_range(1..parts.0.max(2));
    let along =
        |start: i32, way: i64| (i64::from(start) * 1_000 + way / parts.0 * part) as f64 / 1e9;
    (parts.0 > 1 && part < parts.0).then(|| (along(a.lat, dy), along(a.lon, dx)))
}
