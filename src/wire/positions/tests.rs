use super::*;
use proptest::prelude::*;

fn state(code: &str) -> State {
    State::parse(code).unwrap()
}

fn any_location() -> impl Strategy<Value = Location> {
    let codes = prop::sample::subsequence(vec!["DE", "FR", "HU", "LU", "RO"], 0..=4);
    let certainty = prop::sample::select(vec![
        Certainty::Inside,
        Certainty::Frontier,
        Certainty::Disputed,
        Certainty::Outside,
    ]);
    let nearest = prop::option::of((any::<bool>(), any::<i64>()));
    (codes, certainty, nearest).prop_map(|(codes, certainty, nearest)| Location {
        states: codes
            .into_iter()
            .map(state)
            .fold(StateSet::NONE, StateSet::with),
        certainty,
        nearest: nearest.map(|(inner, distance)| Nearest {
            frontier: if inner {
                Frontier::between(state("HU"), state("RO"))
            } else {
                Frontier::between(state("LU"), state("DE"))
            },
            distance: Metres::from_centimetres(distance),
        }),
    })
}

/// Degrees as they come: of few decimals, of many, of single precision, at the ends.
fn any_degrees(limit: f64) -> impl Strategy<Value = f64> {
    prop_oneof![
        (-1.0..=1.0).prop_map(move |part: f64| (part * limit * 1e7).round() / 1e7),
        (-1.0..=1.0).prop_map(move |part: f64| (part * limit * 1e8).round() / 1e8),
        (-1.0..=1.0).prop_map(move |part: f64| part * limit),
        (-1.0..=1.0).prop_map(move |part: f64| f64::from((part * limit) as f32)),
        prop::sample::select(vec![-limit, limit, 0.0, -0.0, f64::MIN_POSITIVE]),
    ]
}

fn any_measure() -> impl Strategy<Value = Option<f64>> {
    prop::option::of(prop_oneof![
        (-100_000_i32..100_000).prop_map(|units| f64::from(units) / 100.0),
        any::<f32>().prop_map(f64::from),
        any::<f64>(),
    ])
}

fn any_fix() -> impl Strategy<Value = Fix> {
    let sender = (0..4_u8, 0..2_u8);
    let times = (any::<i64>(), any::<i64>());
    let measured = (
        any_measure(),
        any_measure(),
        any_measure(),
        any_measure(),
        any_measure(),
    );
    let place = (any_degrees(90.0), any_degrees(180.0));
    let distances = (any::<i64>(), any::<i64>());
    (sender, times, place, measured, (any_location(), distances)).prop_map(
        |(
            (unit, source),
            (fixed_at, received_at),
            (lat, lon),
            measured,
            (location, (accuracy, depth)),
        )| Fix {
            unit: UnitId::parse(&format!("HU-{unit}")).unwrap(),
            source: SourceId::parse(&format!("phone.{source}")).unwrap(),
            fixed_at: Timestamp::from_millis(fixed_at),
            received_at: Timestamp::from_millis(received_at),
            position: Position::new(lat, lon).unwrap(),
            measured: Measured {
                accuracy_m: measured.0,
                speed_mps: measured.1,
                course_deg: measured.2,
                altitude_m: measured.3,
                battery_pct: measured.4,
            },
            location,
            accuracy: Metres::from_centimetres(accuracy),
            depth: Metres::from_centimetres(depth),
        },
    )
}

/// Everything of a fix, numbers as bits: NaN equals itself and -0.0 is not 0.0.
fn bits(fix: &Fix) -> impl PartialEq + std::fmt::Debug + use<> {
    let numbers: Vec<Option<u64>> = (0..COLUMNS)
        .map(|column| number(fix, column).map(f64::to_bits))
        .collect();
    (
        (fix.unit.clone(), fix.source.clone()),
        (fix.fixed_at, fix.received_at),
        numbers,
        (fix.location, fix.accuracy, fix.depth),
    )
}

/// A car at 1 Hz along a road, as a phone reports it: seven decimals, course and speed to two.
fn drive(fixes: usize, units: usize) -> Vec<Fix> {
    let start = 1_805_196_797_000_i64;
    let fix = |index: usize| {
        let (unit, second) = (index % units, (index / units) as f64);
        let wobble = ((index * 7_919) % 601) as f64 * 1e-7;
        let round = |value: f64, unit: f64| (value * unit).round() / unit;
        let lat = round(46.2 + second * 2.1e-4 + wobble, 1e7);
        Fix {
            unit: UnitId::parse(&format!("HU-{unit}")).unwrap(),
            source: SourceId::parse("phone").unwrap(),
            fixed_at: Timestamp::from_millis(start + second as i64 * 1_000),
            received_at: Timestamp::from_millis(start + second as i64 * 1_000 + 180),
            position: Position::new(lat, round(20.5 + second * 1.3e-4 - wobble, 1e7)).unwrap(),
            measured: Measured {
                accuracy_m: Some(round(4.0 + wobble * 1e4, 10.0)),
                speed_mps: Some(round(25.0 + wobble * 1e4, 100.0)),
                course_deg: Some(round(78.0 + wobble * 1e5, 100.0)),
                altitude_m: None,
                battery_pct: Some(81.0),
            },
            location: Location {
                states: StateSet::one(state("HU")),
                certainty: Certainty::Inside,
                nearest: Some(Nearest {
                    frontier: Frontier::between(state("HU"), state("RO")),
                    distance: Metres::new(9_000.0 - second * 24.7 + wobble * 1e5),
                }),
            },
            accuracy: Metres::new(round(4.0 + wobble * 1e4, 10.0)),
            depth: Metres::new(9_000.0 - second * 24.7 + wobble * 1e5),
        }
    };
    (0..fixes).map(fix).collect()
}

proptest! {
    #[test]
    fn every_bit_of_every_fix_comes_back(fixes in prop::collection::vec(any_fix(), 0..60)) {
        let decoded = decode(&encode(&fixes).unwrap()).unwrap();
        prop_assert_eq!(decoded.len(), fixes.len());
        for (decoded, fix) in decoded.iter().zip(&fixes) {
            prop_assert_eq!(bits(decoded), bits(fix));
        }
    }

    #[test]
    fn garbage_is_refused_and_never_panics(mut bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes);
        bytes.insert(0, SCHEMA as u8);
        let _ = decode(&bytes);
    }

    #[test]
    fn damaged_blocks_never_panic(
        fixes in prop::collection::vec(any_fix(), 1..20), at in any::<prop::sample::Index>(), flip in 1..=255_u8,
    ) {
        let mut bytes = encode(&fixes).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let _ = decode(&bytes);
        bytes[at] ^= flip;
        bytes.truncate(at);
        prop_assert!(decode(&bytes).is_err());
    }
}

#[test]
fn a_drive_takes_few_bytes_a_fix() {
    let fixes = drive(1_000, 1);
    let bytes = encode(&fixes).unwrap().len();
    assert!(
        bytes < 15 * fixes.len(),
        "{bytes} bytes for {} fixes",
        fixes.len()
    );
    let many = drive(1_000, 20);
    let bytes = encode(&many).unwrap().len();
    assert!(
        bytes < 17 * many.len(),
        "{bytes} bytes for {} fixes",
        many.len()
    );
}

#[test]
fn another_schema_and_a_trailing_byte_are_refused() {
    let mut bytes = encode(&drive(3, 1)).unwrap();
    bytes.push(0);
    assert_eq!(decode(&bytes), Err(PositionsError::Trailing { bytes: 1 }));
    bytes[0] = 2;
    assert_eq!(decode(&bytes), Err(PositionsError::Schema { found: 2 }));
}

#[test]
fn more_fixes_than_a_block_holds_are_refused() {
    let fixes = vec![drive(1, 1).remove(0); FIXES_MAX + 1];
    assert_eq!(
        encode(&fixes),
        Err(PositionsError::TooMany {
            fixes: FIXES_MAX + 1
        })
    );
    assert_eq!(
        decode(&encode(&fixes[1..]).unwrap()).unwrap().len(),
        FIXES_MAX
    );
}

#[test]
fn the_bytes_of_schema_1_stay_as_they_are() {
    let bytes = encode(&drive(2, 2)).unwrap();
    let hex = bytes
        .iter()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    assert_eq!(decode(&bytes).unwrap(), drive(2, 2));
    assert_eq!(
        hex,
        concat!(
            "0102020448552d300570686f6e650448552d310570686f6e650101485500014855524f0001010100029091e9e1",
            "89699091e9e18969f893e9e189690007010280beccb803d4bfccb80307010280b5c0c301acb3c0c30101010250",
            "5202010288279e27020102f079c47b000002000102a201a201c0ee6d94f06d00020002",
        )
    );
}
