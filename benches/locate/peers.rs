//! The same questions, answered by other crates.

use crate::geo_states::polygon;
use country_boundaries::{BOUNDARIES_ODBL_360X180, CountryBoundaries, LatLon};
use geo::indexed::IntervalTreeMultiPolygon;
use geo::{BoundingRect, Contains, MultiPolygon, Point, Rect};
use limes::domain::borders::{Atlas, LineKind, Sources, Vertex};
use limes::domain::ids::State;
use limes::domain::measure::Position;
use rstar::primitives::Line;
use rstar::{PointDistance, RTree};

/// Every state with its box, as plain `geo` and with an interval tree of its edges.
pub(crate) struct Boxed(Vec<(State, Rect, MultiPolygon, IntervalTreeMultiPolygon<f64>)>);

impl Boxed {
    pub(crate) fn new(sources: &Sources) -> Self {
        let states = sources.territories.iter().filter_map(|territory| {
            let polygons = territory.polygons.iter().map(|rings| polygon(rings));
            let polygons = MultiPolygon::new(polygons.collect());
            let indexed = IntervalTreeMultiPolygon::new(&polygons);
            Some((
                territory.state,
                polygons.bounding_rect()?,
                polygons,
                indexed,
            ))
        });
        Self(states.collect())
    }

    pub(crate) fn locate_plain(&self, place: Position) -> Option<State> {
        let point = Point::new(place.lon(), place.lat());
        (self.0.iter())
            .find(|(_, around, plain, _)| around.contains(&point) && plain.contains(&point))
            .map(|(state, ..)| *state)
    }

    pub(crate) fn locate_indexed(&self, place: Position) -> Option<State> {
        let point = Point::new(place.lon(), place.lat());
        (self.0.iter())
            .find(|(_, around, _, indexed)| around.contains(&point) && indexed.contains(&point))
            .map(|(state, ..)| *state)
    }
}

/// `country-boundaries` with its own data of the finest raster.
pub(crate) struct Rival(CountryBoundaries);

impl Rival {
    pub(crate) fn new() -> Self {
        Self(CountryBoundaries::from_reader(BOUNDARIES_ODBL_360X180).expect("its own data"))
    }

    /// How many regions it names there.
    pub(crate) fn count(&self, place: Position) -> usize {
        let place = LatLon::new(place.lat(), place.lon()).expect("a position");
        self.0.ids(place).len()
    }
}

/// All edges of land frontiers as segments in space, metres on a sphere: not the ellipsoid, which costs no less.
pub(crate) struct Edges(RTree<Line<[f64; 3]>>);

impl Edges {
    pub(crate) fn new(atlas: &Atlas) -> Self {
        let partition = atlas.partition();
        let on_land = partition.arcs.iter().filter(|arc| {
            partition
                .line(arc)
                .is_some_and(|line| line.kind == LineKind::Land)
        });
        let place = |v: &Vertex| on_sphere(v.lat_deg(), v.lon_deg());
        let edges = on_land.flat_map(|arc| {
            let vertices = &partition.vertices[arc.range()];
            vertices
                .windows(2)
                .map(|pair| Line::new(place(&pair[0]), place(&pair[1])))
        });
        Self(RTree::bulk_load(edges.collect()))
    }

    /// The distance to the nearest, metres.
    pub(crate) fn nearest_m(&self, from: Position) -> Option<f64> {
        let here = on_sphere(from.lat(), from.lon());
        let nearest = self.0.nearest_neighbor(&here)?;
        Some(nearest.distance_2(&here).sqrt())
    }
}

fn on_sphere(lat: f64, lon: f64) -> [f64; 3] {
    const RADIUS_M: f64 = 6_371_008.8;
    let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
    let (sin_lon, cos_lon) = lon.to_radians().sin_cos();
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat].map(|value| value * RADIUS_M)
}
