//! The engine's own frontier, for the map at high zoom, and the named places where roads cross it.

use crate::domain::borders::Window;
use crate::domain::measure::Position;
use crate::service::http::HttpState;
use crate::service::http::answer::{internal, malformed};
use crate::service::http::door::Who;
use crate::service::http::query::Pairs;
use crate::wire::desk::reading::{CrossingPointsWire, FrontiersWire};
use crate::wire::problem::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// How long a browser may keep a piece: the line changes with the border data only.
const KEEP: &str = "private, max-age=3600";

/// The frontier lines in a box, as `GeoJSON`.
pub(in crate::service::http) async fn within(
    State(state): State<HttpState>,
    _who: Who,
    pairs: Pairs,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let window = bbox(&state, &pairs)?;
    let tag = format!("\"{}\"", state.atlas.border_set());
    let fresh = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, KEEP.to_owned()),
    ];
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.contains(&tag));
    if known {
        return Ok((StatusCode::NOT_MODIFIED, fresh).into_response());
    }
    let atlas = Arc::clone(&state.atlas);
    let lines = tokio::task::spawn_blocking(move || {
        FrontiersWire::new(atlas.border_set(), &atlas.lines_within(window))
    });
    let lines = lines.await.map_err(|error| internal(&error))?;
    Ok((fresh, Json(lines)).into_response())
}

/// The named places where roads cross a frontier.
pub(in crate::service::http) async fn crossing_points(
    State(state): State<HttpState>,
    _who: Who,
) -> Json<CrossingPointsWire> {
    Json(CrossingPointsWire::of(&state.crossing_points))
}

/// The box that is asked for.
pub(super) fn bbox(state: &HttpState, pairs: &Pairs) -> Result<Window, Problem> {
    let most = state.limits.frontiers_square_degrees;
    pairs
        .read("bbox", |text| window(text, most))?
        .ok_or_else(|| malformed("bbox", "missing: give west,south,east,north in degrees"))
}

fn window(text: &str, most: f64) -> Result<Window, String> {
    let numbers: Vec<f64> = text
        .split(',')
        .map(|number| number.trim().parse())
        .collect::<Result<_, _>>()
        .map_err(|_| "not four numbers west,south,east,north".to_owned())?;
    let [west, south, east, north] = numbers[..] else {
        return Err("not four numbers west,south,east,north".to_owned());
    };
    let corner = |lat, lon| Position::new(lat, lon).map_err(|error| error.to_string());
    let window = Window {
        south_west: corner(south, west)?,
        north_east: corner(north, east)?,
    };
    if west > east || south > north {
        return Err("west must not be east of east, nor south north of north".to_owned());
    }
    if (east - west) * (north - south) > most {
        return Err(format!(
            "the box has more than {most} square degrees: ask for a smaller one"
        ));
    }
    Ok(window)
}
