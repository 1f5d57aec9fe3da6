//! The ground that an aircraft's camera sees, as its unit posts it, and the answer.

use super::parts::{Point, position, timestamp};
use super::problem::{Problem, ProblemKind};
use crate::domain::ids::UnitId;
use crate::domain::input::Footprint;
use crate::domain::measure::Position;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The corners that a footprint has at least, when it has any.
const CORNERS_LEAST: usize = 3;
/// And at most.
const CORNERS_MOST: usize = 16;
/// No corner lies farther from the first than this, degrees: beyond it nothing is seen that matters.
const REACH_DEG: f64 = 1.0;

/// The ground that the camera of a drone or helicopter sees.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
pub struct FootprintWire {
    /// When, by the device: RFC 3339 with a zone.
    pub at: String,
    /// Its corners, `[longitude, latitude]` each, 3 to 16 of them in turn; none when the camera sees no ground.
    #[schema(value_type = Vec<Vec<f64>>)]
    pub ring: Vec<Point>,
}

/// The answer, once it is durable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FootprintReceiptWire {
    /// Whose.
    pub unit: String,
    /// Whether it changed the states that the camera is told to look at.
    pub changed: bool,
}

/// Reads one.
///
/// # Errors
/// A [`Problem`] that names the key.
pub fn parse_footprint(unit: &UnitId, body: &[u8]) -> Result<Footprint, Problem> {
    let body: FootprintWire = serde_json::from_slice(body).map_err(|error| {
        let sentence = format!("is no footprint as a JSON object with at and ring: {error}");
        Problem::new(ProblemKind::Malformed, format!("the body {sentence}"))
    })?;
    let at = timestamp(&body.at).map_err(|error| wrong("at", &error.to_string()))?;
    if !body.ring.is_empty() && !(CORNERS_LEAST..=CORNERS_MOST).contains(&body.ring.len()) {
        let sentence = format!("has not {CORNERS_LEAST} to {CORNERS_MOST} corners, or none");
        return Err(wrong("ring", &sentence));
    }
    let read = |point: &Point| position(*point).map_err(|error| wrong("ring", &error.to_string()));
    let ring: Vec<Position> = body.ring.iter().map(read).collect::<Result<_, _>>()?;
    let is_far = |corner: &Position| {
        (corner.lon() - ring[0].lon()).abs() > REACH_DEG
            || (corner.lat() - ring[0].lat()).abs() > REACH_DEG
    };
    if ring.iter().any(is_far) {
        return Err(wrong("ring", "is wider than a degree"));
    }
    Ok(Footprint {
        unit: unit.clone(),
        at,
        ring: ring.into(),
    })
}

fn wrong(key: &'static str, what: &str) -> Problem {
    Problem::new(ProblemKind::Malformed, format!("`{key}` {what}")).at_key(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Footprint, Problem> {
        parse_footprint(&UnitId::parse("HU-D1").expect("an id"), body.as_bytes())
    }

    #[test]
    fn what_is_no_footprint_is_told_by_its_key() {
        let at = r#""at":"2027-03-16T11:33:17Z""#;
        for (body, key) in [
            (r#"{"at":"11:33","ring":[]}"#.to_owned(), "at"),
            (format!("{{{at},\"ring\":[[20,46],[21,46]]}}"), "ring"),
            (
                format!("{{{at},\"ring\":[[20,46],[20,96],[20,47]]}}"),
                "ring",
            ),
            (
                format!("{{{at},\"ring\":[[20,46],[22,46],[20,47]]}}"),
                "ring",
            ),
            (
                format!("{{{at},\"ring\":[{}[20,46]]}}", "[20,46],".repeat(16)),
                "ring",
            ),
        ] {
            let problem = read(&body).expect_err(&body);
            assert_eq!(problem.kind(), ProblemKind::Malformed);
            let told = serde_json::to_value(&problem).expect("a problem");
            assert_eq!(told["key"], key, "{body}");
        }
        assert!(read("[]").is_err());
        let off = read(&format!("{{{at},\"ring\":[]}}")).expect("a camera that is off");
        assert!(off.ring.is_empty());
    }
}
