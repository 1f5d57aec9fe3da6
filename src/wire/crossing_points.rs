//! Crossing points as they are written by hand: TOML, strict; in a file of their own, and in an exercise.

use crate::domain::borders::{Frontier, ListedPoint, PointOrigin};
use crate::domain::measure::Position;
use serde::Deserialize;

/// The version of the file that this program reads.
pub const FORMAT: u32 = 1;

/// Why a text is no list of crossing points.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ListError {
    /// It is no TOML of this form.
    #[error("line {line}: {says}")]
    Form {
        /// On which line.
        line: usize,
        /// What is wrong there; names the key.
        says: String,
    },
    /// It was written for another version.
    #[error("format = {found}: this program reads format {FORMAT}")]
    Format {
        /// What it says.
        found: u32,
    },
    /// A value is none.
    #[error("{name}: {says}")]
    Value {
        /// Which crossing point.
        name: String,
        /// What is wrong with it.
        says: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    #[serde(default)]
    crossing_points: Vec<PointOfFile>,
}

/// A crossing point as it is written.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PointOfFile {
    pub(super) name: String,
    frontier: String,
    lat: f64,
    lon: f64,
    source: String,
}

impl PointOfFile {
    /// What it lists; otherwise what is wrong with it.
    pub(super) fn listed(self, origin: PointOrigin) -> Result<ListedPoint, String> {
        let frontier = Frontier::parse(&self.frontier).map_err(|error| error.to_string())?;
        let near = Position::new(self.lat, self.lon).map_err(|error| error.to_string())?;
        Ok(ListedPoint {
            name: self.name.into(),
            frontier,
            near,
            origin,
            source: self.source.into(),
        })
    }
}

/// Reads the file of an installation.
///
/// # Errors
/// [`ListError`] names the line, or the crossing point.
pub fn parse(text: &str) -> Result<Vec<ListedPoint>, ListError> {
    let form = |error: toml::de::Error| {
        let begins = error.span().map_or(0, |span| span.start);
        let before = text.get(..begins).unwrap_or_default();
        ListError::Form {
            line: before.matches('\n').count() + 1,
            says: error.message().to_owned(),
        }
    };
    let file: File = toml::from_str(text).map_err(form)?;
    if file.format != FORMAT {
        return Err(ListError::Format { found: file.format });
    }
    let listed = |point: PointOfFile| {
        let name = point.name.clone();
        point
            .listed(PointOrigin::Installation)
            .map_err(|says| ListError::Value { name, says })
    };
    file.crossing_points.into_iter().map(listed).collect()
}

#[cfg(test)]
mod tests {
    use super::{ListError, parse};
    use crate::domain::borders::PointOrigin;

    const ONE: &str = r#"
format = 1
[[crossing_points]]
name = "COP-1"
frontier = "RO-HU"
lat = 46.17
lon = 20.71
source = "agreed by both rooms, 2027-01-12"
"#;

    #[test]
    fn a_point_is_read_with_its_frontier_in_either_order() {
        let points = parse(ONE).unwrap();
        assert_eq!(points.len(), 1);
        assert_eq!(points[0].frontier.to_string(), "HU-RO");
        assert_eq!(points[0].origin, PointOrigin::Installation);
        assert!(parse("format = 1").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_list_is_refused_by_name() {
        let refused = |from: &str, to: &str| {
            assert!(ONE.contains(from), "{from}");
            parse(&ONE.replace(from, to)).unwrap_err().to_string()
        };
        assert!(matches!(
            parse("format = 2"),
            Err(ListError::Format { found: 2 })
        ));
        assert!(refused("RO-HU", "RO").starts_with("COP-1: "));
        assert!(refused("46.17", "146.17").starts_with("COP-1: "));
        assert!(refused("lat = 46.17", "").contains("lat"));
        assert!(refused("lat =", "latitude =").contains("latitude"));
        let said = refused("20.71", "\"20.71\"");
        assert!(said.starts_with("line 7: "), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(parse("crossing_points = 1").is_err());
        assert!(parse("\0").is_err());
    }
}
