use super::{Asked, Decimetres, Reading};
use crate::domain::measure::Metres;

/// Reads lines as one input; the last one's outcome.
fn read(lines: &[&str]) -> anyhow::Result<Option<Asked>> {
    let mut reading = Reading::Nothing;
    let mut last = None;
    for line in lines {
        last = reading.line(line)?;
    }
    Ok(last)
}

fn place(lat: f64, lon: f64, accuracy_m: Option<f64>) -> Asked {
    Asked::new(lat, lon, accuracy_m).expect("a position")
}

#[test]
fn a_line_is_a_position_with_its_accuracy_or_the_default() {
    let cases: [(&[&str], Asked); 7] = [
        (&["46.1,20.7"], place(46.1, 20.7, None)),
        (&["46.1,20.7,"], place(46.1, 20.7, None)),
        (&[" -46.1 , -20.7 , 8 "], place(-46.1, -20.7, Some(8.0))),
        (
            &["lat,lon,accuracy_m", "46.1,20.7,8"],
            place(46.1, 20.7, Some(8.0)),
        ),
        (
            &["unit,lon,lat", "\"a,b\",20.7,46.1"],
            place(46.1, 20.7, None),
        ),
        (&[r#"{"lat":46.1,"lon":20.7}"#], place(46.1, 20.7, None)),
        (
            &[r#"{"lat":46,"lon":20.7,"accuracy_m":8,"unit":"HU-1"}"#],
            place(46.0, 20.7, Some(8.0)),
        ),
    ];
    for (lines, expected) in cases {
        let found = read(lines).expect("a position");
        assert_eq!(found, Some(expected), "{lines:?}");
    }
    assert_eq!(read(&["lat,lon"]).expect("a header"), None);
}

#[test]
fn a_line_that_is_no_position_is_refused() {
    let cases: [&[&str]; 13] = [
        &["46.1"],
        &["46.1,x"],
        &["46.1,NaN"],
        &["46.1,inf"],
        &["91,20.7"],
        &["46.1,181"],
        &["46.1,20.7,-3"],
        &["46.1,20.7,NaN"],
        &["latitude,longitude"],
        &["lat,lon", "lat,lon"],
        &[r#"{"lat":46.1}"#],
        &[r#"{"lat":"46.1","lon":20.7}"#],
        &[r#"{"lat":46.1,"lon":20.7"#],
    ];
    for lines in cases {
        assert!(read(lines).is_err(), "{lines:?}");
    }
}

#[test]
fn a_distance_is_written_to_the_decimetre() {
    for (centimetres, text) in [
        (0, "0.0"),
        (4, "0.0"),
        (5, "0.1"),
        (94, "0.9"),
        (95, "1.0"),
        (1_234, "12.3"),
        (1_235, "12.4"),
        (19_999_999, "200000.0"),
    ] {
        let written = Decimetres(Metres::from_centimetres(centimetres)).to_string();
        assert_eq!(written, text, "{centimetres}");
    }
}
