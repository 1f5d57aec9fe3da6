//! Tests of what recorders write: NMEA 0183, IGC and FIT.

use super::*;
use crate::domain::tracks::fix::Measured;

/// A sentence with its checksum.
fn sentence(body: &str) -> String {
    let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    format!("${body}*{sum:02X}\r\n")
}

fn log(bodies: &[&str]) -> String {
    bodies.iter().map(|body| sentence(body)).collect()
}

const RMC: &str = "GPRMC,110000.00,A,4612.000,N,02024.000,E,10.0,088.5,160327,,,A";
const GGA: &str = "GPGGA,110000.00,4612.000,N,02024.000,E,1,09,0.8,80.0,M,44.5,M,,";

fn nmea(bodies: &[&str]) -> Result<Vec<PostedFix>, TrackFileError> {
    read(log(bodies).as_bytes(), TrackFormat::Nmea)
}

fn times(fixes: &[PostedFix]) -> Vec<String> {
    fixes.iter().map(|fix| fix.fixed_at.to_string()).collect()
}

fn close(value: Option<f64>, wanted: f64) -> bool {
    value.is_some_and(|value| (value - wanted).abs() < 1e-9)
}

#[test]
fn sentences_of_one_time_make_one_fix_in_either_order() {
    let gsa = "GPGSA,A,3,04,05,,09,12,,,24,,,,,2.5,1.3,2.1";
    for bodies in [[RMC, gsa, GGA], [GGA, gsa, RMC]] {
        let fixes = nmea(&bodies).unwrap();
        assert_eq!(times(&fixes), ["2027-03-16T11:00:00.000Z"]);
        assert_eq!((fixes[0].lat, fixes[0].lon), (46.2, 20.4));
        let measured = fixes[0].measured;
        assert!(close(measured.speed_mps, 18.52 / 3.6), "{measured:?}");
        assert_eq!(measured.course_deg, Some(88.5));
        assert_eq!(measured.altitude_m, Some(124.5));
        // HDOP is no distance.
        assert_eq!(measured.accuracy_m, None);
    }
    let south = RMC.replace(",N,", ",S,").replace(",E,", ",W,");
    let fixes = nmea(&[&south]).unwrap();
    assert_eq!((fixes[0].lat, fixes[0].lon), (-46.2, -20.4));
}

#[test]
fn a_void_estimated_or_simulated_fix_is_left_out() {
    let later = RMC.replace("110000", "110001");
    let void = [
        RMC.replace(",A,4612", ",V,4612"),
        RMC.replace(",,,A", ",,,N"),
        RMC.replace(",,,A", ",,,E"),
        RMC.replace(",,,A", ",,,S"),
        "GPRMC,,V,,,,,,,,,,N".to_owned(),
        "GPRMC,110000.00,V,,,,,,,160327,,,N".to_owned(),
        GGA.replace(",E,1,", ",E,0,"),
        GGA.replace(",E,1,", ",E,6,"),
        "GPGGA,,,,,,0,00,99.9,,,,,,".to_owned(),
    ];
    for void in void {
        assert_eq!(
            times(&nmea(&[&void, &later]).unwrap()),
            ["2027-03-16T11:00:01.000Z"],
            "{void}"
        );
    }
    // What one sentence calls void, the other does not heal.
    let alone = nmea(&[RMC, &GGA.replace(",E,1,", ",E,0,")]).unwrap_err();
    assert_eq!(alone.to_string(), "the file: holds no fix of a track");
}

#[test]
fn a_date_goes_on_over_midnight_and_nothing_is_dated_without_one() {
    let at = |time: &str| GGA.replace("110000.00", time);
    let first = RMC.replace("110000.00", "235959.50");
    let fixes = nmea(&[&first, &at("000000.5"), &at("000001")]).unwrap();
    let wanted = [
        "2027-03-16T23:59:59.500Z",
        "2027-03-17T00:00:00.500Z",
        "2027-03-17T00:00:01.000Z",
    ];
    assert_eq!(times(&fixes), wanted);
    let undated = nmea(&[GGA, &first]).unwrap_err();
    assert_eq!(undated.place, Place::Line(1));
    assert!(undated.sentence.contains("tells the date"), "{undated}");
}

#[test]
fn a_fault_in_nmea_names_its_line() {
    let said = |text: &str| {
        read(text.as_bytes(), TrackFormat::Nmea)
            .unwrap_err()
            .to_string()
    };
    let second = |from: &str, to: &str| {
        let wrong = RMC.replace(from, to);
        assert_ne!(wrong, RMC);
        said(&log(&[RMC, &wrong]))
    };
    let good = log(&[RMC]);
    let cases = [
        (
            good.replace("4612.000", "4712.000"),
            "line 1: the checksum does not match",
        ),
        (
            format!("\n{}", good.split('*').next().unwrap()),
            "line 2: has no checksum",
        ),
        ("<gpx/>".to_owned(), "line 1: is no NMEA sentence"),
        (
            "$GPRMC*4B".to_owned(),
            "line 1: the RMC sentence ends early",
        ),
        (sentence("GPGGA,1"), "line 1: the GGA sentence ends early"),
        ("\\s:r*1".to_owned(), "line 1: the block of tags"),
        (String::new(), "the file: holds no fix"),
    ];
    for (text, wanted) in cases {
        assert!(
            said(&text).starts_with(wanted),
            "{} for {text:?}",
            said(&text)
        );
    }
    for (from, to, wanted) in [
        (",A,4612", ",X,4612", "line 2: the status"),
        ("4612.000", "4660.000", "line 2: the latitude"),
        ("4612.000", "9012.000", "line 2: the latitude"),
        ("4612.000", "", "line 2: the latitude"),
        ("4612.000", "4612e1", "line 2: the latitude"),
        ("02024.000", "2024.000", "line 2: the longitude"),
        (",E,", ",N,", "line 2: the longitude"),
        ("10.0", "inf", "line 2: the speed"),
        ("088.5", "x", "line 2: the course"),
        ("160327", "320327", "line 2: the date"),
        ("110000.00", "1100", "line 2: the time"),
        ("110000.00", "240000", "line 2: the time"),
        ("110000.00", "110000,00", "line 2: the status"),
    ] {
        let said = second(from, to);
        assert!(said.starts_with(wanted), "{said} for {from} {to}");
    }
    let tagged = format!("\\s:r*1\\{good}!AIVDM,1\r\n$PGRME,15.0\r\n");
    assert_eq!(read(tagged.as_bytes(), TrackFormat::Nmea).unwrap().len(), 1);
}

const IGC: &str = "ALIM001\r\nHFDTEDATE:160327,01\r\nHFPLTPILOTINCHARGE:K\r\nI023638FXA3939LAD\r\n\
    C1603271000000000000002\r\nC4700000N02100000ETASK\r\n\
    B1100004612000N02024000EA00115001200055\r\nB1100014612000N02024000EV00115000000055\r\n\
    B1100024612000S02024000WA-0115001200055\r\nLLIMfree text\r\nG0123\r\n";

fn igc(text: &str) -> Result<Vec<PostedFix>, TrackFileError> {
    read(text.as_bytes(), TrackFormat::Igc)
}

#[test]
fn igc_gives_its_valid_fixes_and_no_task_points() {
    let plain = IGC.replace("I023638FXA3939LAD\r\n", "");
    let fixes = igc(&plain).unwrap();
    assert_eq!(
        times(&fixes),
        ["2027-03-16T11:00:00.000Z", "2027-03-16T11:00:02.000Z"]
    );
    assert_eq!((fixes[0].lat, fixes[0].lon), (46.2, 20.4));
    assert_eq!((fixes[1].lat, fixes[1].lon), (-46.2, -20.4));
    assert_eq!(fixes[0].measured, Measured::default());
    let short = plain.replace("HFDTEDATE:160327,01", "HFDTE160327");
    assert_eq!(igc(&short).unwrap(), fixes);
}

#[test]
fn further_digits_of_the_minutes_count_where_the_file_names_them() {
    let text = "HFDTE160327\nI023636LAD3737LOD\nB1100004612000N02024000EA001150012056\n";
    let fixes = igc(text).unwrap();
    assert!(
        (fixes[0].lat - (46.0 + 12.000_5 / 60.0)).abs() < 1e-12,
        "{fixes:?}"
    );
    assert!(
        (fixes[0].lon - (20.0 + 24.000_6 / 60.0)).abs() < 1e-12,
        "{fixes:?}"
    );
}

#[test]
fn a_flight_goes_on_over_midnight() {
    let fix = |time: &str| format!("B{time}4612000N02024000EA0011500120\n");
    let text = format!(
        "HFDTE311227\n{}{}{}",
        fix("235958"),
        fix("000002"),
        fix("000006")
    );
    let wanted = [
        "2027-12-31T23:59:58.000Z",
        "2028-01-01T00:00:02.000Z",
        "2028-01-01T00:00:06.000Z",
    ];
    assert_eq!(times(&igc(&text).unwrap()), wanted);
}

#[test]
fn a_fault_in_igc_names_its_line() {
    let cases = [
        ("", "the file: holds no fix"),
        ("ALIM\nHFDTE160327\n", "the file: holds no fix"),
        ("HFDTE1603\n", "line 1: the date"),
        ("HFDTE310227\n", "line 1: the date"),
        (
            "B1100004612000N02024000EA0011500120",
            "line 1: no HFDTE record",
        ),
        (
            "HFDTE160327\nB11000046\n",
            "line 2: the B record ends early",
        ),
        (
            "HFDTE160327\nB2500004612000N02024000EA0011500120",
            "line 2: the time",
        ),
        (
            "HFDTE160327\nB1100004660000N02024000EA0011500120",
            "line 2: the latitude",
        ),
        (
            "HFDTE160327\nB1100009112000N02024000EA0011500120",
            "line 2: the latitude",
        ),
        (
            "HFDTE160327\nB1100004612000N18124000EA0011500120",
            "line 2: the longitude",
        ),
        (
            "HFDTE160327\nB1100004612000X02024000EA0011500120",
            "line 2: the latitude",
        ),
        (
            "HFDTE160327\nB1100004612000N02024000EX0011500120",
            "line 2: the validity",
        ),
        ("I023638FXA", "line 1: the I record"),
        ("I013538FXA", "line 1: the I record"),
        ("I01373AFXA", "line 1: the I record"),
    ];
    for (text, wanted) in cases {
        let said = igc(text).unwrap_err().to_string();
        assert!(said.starts_with(wanted), "{said} for {text:?}");
    }
    let short = "HFDTE160327\nI013636LAD\nB1100004612000N02024000EA0011500120\n";
    assert_eq!(igc(short).unwrap_err().place, Place::Line(3));
    assert_eq!(
        igc(&IGC.replace("PILOTINCHARGE:K", "K\u{fffd}"))
            .unwrap()
            .len(),
        2
    );
}

/// A FIT file around these messages.
fn fit(messages: &[u8]) -> Vec<u8> {
    let mut file = vec![14, 0x20, 0x54, 0x08];
    file.extend((messages.len() as u32).to_le_bytes());
    file.extend(b".FIT\0\0");
    file.extend(messages);
    file.extend(checksum(&file).to_le_bytes());
    file
}

/// CRC-16 as FIT's documentation counts it, by half bytes.
fn checksum(bytes: &[u8]) -> u16 {
    const TABLE: [u16; 16] = [
        0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401, 0xa001, 0x6c00, 0x7800,
        0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
    ];
    bytes.iter().fold(0_u16, |crc, byte| {
        [byte & 0x0f, byte >> 4].into_iter().fold(crc, |crc, half| {
            (crc >> 4) ^ TABLE[usize::from(crc & 0x0f)] ^ TABLE[usize::from(half)]
        })
    })
}

/// 2027-03-16T11:00:00Z in seconds of FIT.
const AT: u32 = 1_174_129_200;

fn semicircles(degrees: f64) -> i32 {
    (degrees * 2_147_483_648.0 / 180.0).round() as i32
}

/// `record` under local number 0: time, position, accuracy, speed, in this byte order.
fn definition(big_endian: bool) -> Vec<u8> {
    let global = if big_endian { [0, 20] } else { [20, 0] };
    let mut bytes = vec![0x40, 0, u8::from(big_endian)];
    bytes.extend(global);
    bytes.extend([
        5, 253, 4, 0x86, 0, 4, 0x85, 1, 4, 0x85, 31, 1, 0x02, 6, 2, 0x84,
    ]);
    bytes
}

fn record(time: u32, lat: i32, lon: i32) -> Vec<u8> {
    let mut bytes = vec![0];
    bytes.extend(time.to_le_bytes());
    bytes.extend(lat.to_le_bytes());
    bytes.extend(lon.to_le_bytes());
    bytes.extend([5, 0xd4, 0x30]);
    bytes
}

fn place() -> (i32, i32) {
    (semicircles(46.2), semicircles(20.4))
}

fn activity() -> Vec<u8> {
    let (lat, lon) = place();
    let file_id = [0x41, 0, 0, 0, 0, 1, 0, 1, 0x00, 0x01, 4];
    let indoors = record(AT - 1, 0x7fff_ffff, 0x7fff_ffff);
    [
        &file_id[..],
        &definition(false),
        &indoors,
        &record(AT, lat, lon),
        &record(AT + 1, -lat, -lon),
    ]
    .concat()
}

fn read_fit(bytes: &[u8]) -> Result<Vec<PostedFix>, TrackFileError> {
    read(bytes, TrackFormat::Fit)
}

#[test]
fn fit_gives_the_records_that_have_a_position() {
    let fixes = read_fit(&fit(&activity())).unwrap();
    assert_eq!(
        times(&fixes),
        ["2027-03-16T11:00:00.000Z", "2027-03-16T11:00:01.000Z"]
    );
    assert!(
        (fixes[0].lat - 46.2).abs() < 1e-7 && (fixes[0].lon - 20.4).abs() < 1e-7,
        "{fixes:?}"
    );
    assert!(
        (fixes[1].lat + 46.2).abs() < 1e-7 && (fixes[1].lon + 20.4).abs() < 1e-7,
        "{fixes:?}"
    );
    assert_eq!(fixes[0].measured.accuracy_m, Some(5.0));
    assert_eq!(fixes[0].measured.speed_mps, Some(12.5));
    let chained = [fit(&activity()), fit(&activity())].concat();
    assert_eq!(read_fit(&chained).unwrap().len(), 4);
}

#[test]
fn both_byte_orders_short_times_and_added_fields_are_read() {
    let (lat, lon) = place();
    let mut big = definition(true);
    big.push(0);
    big.extend(AT.to_be_bytes());
    big.extend(lat.to_be_bytes());
    big.extend(lon.to_be_bytes());
    big.extend([5, 0x30, 0xd4]);
    let wanted = read_fit(&fit(&activity())).unwrap();
    assert_eq!(read_fit(&fit(&big)).unwrap()[..], wanted[..1]);

    // Local number 1: a position and two bytes that an app has added; its time in five bits of the header.
    let mut short = activity();
    short.extend([0x61, 0, 0, 20, 0, 2, 0, 4, 0x85, 1, 4, 0x85, 1, 0, 2, 0]);
    for seconds in [5, 40] {
        short.push(0x80 | 1 << 5 | ((AT + seconds) & 0x1f) as u8);
        short.extend(lat.to_le_bytes());
        short.extend(lon.to_le_bytes());
        short.extend([7, 7]);
    }
    let fixes = read_fit(&fit(&short)).unwrap();
    // The second is 35 s after the first: five bits tell 3.
    assert_eq!(
        times(&fixes)[2..],
        ["2027-03-16T11:00:05.000Z", "2027-03-16T11:00:08.000Z"]
    );
}

#[test]
fn a_fault_in_fit_names_its_byte() {
    let whole = fit(&activity());
    let (lat, lon) = place();
    let damaged = {
        let mut bytes = whole.clone();
        *bytes.iter_mut().nth_back(3).unwrap() ^= 1;
        bytes
    };
    let mut course = activity();
    course[10] = 6;
    let switched_on = [definition(false), record(77, lat, lon)].concat();
    let beyond = [definition(false), record(AT, i32::MIN, lon)].concat();
    let cut = &activity()[..activity().len() - 1];
    let cases: [(Vec<u8>, &str); 12] = [
        (Vec::new(), "byte 0: is no FIT file"),
        (b"ALIM".to_vec(), "byte 0: is no FIT file"),
        (
            whole[..whole.len() - 1].to_vec(),
            "byte 95: the file ends early",
        ),
        (
            [whole.clone(), b"x".to_vec()].concat(),
            "byte 96: is no FIT file",
        ),
        (damaged, "byte 94: the checksum does not match"),
        (fit(&[]), "byte 0: the recording was never closed"),
        (fit(&[0x00]), "byte 14: a message has no definition"),
        (
            fit(&[0x40, 0, 2, 0, 0, 0]),
            "byte 15: a definition is of neither byte order",
        ),
        (
            fit(&[0x40, 0, 0, 20, 0, 1, 0, 0, 0]),
            "byte 15: a definition has a field without bytes",
        ),
        (fit(&course), "byte 23: is a course"),
        (
            fit(&switched_on),
            "byte 35: a time counts from when the device was switched on",
        ),
        (fit(&beyond), "byte 35: a latitude"),
    ];
    for (bytes, wanted) in cases {
        let said = read_fit(&bytes).unwrap_err().to_string();
        assert!(said.starts_with(wanted), "{said} for {wanted}");
    }
    let said = read_fit(&fit(cut)).unwrap_err().to_string();
    assert!(said.contains("goes on after the end"), "{said}");
    let unknown_time = [definition(false), record(u32::MAX, lat, lon)].concat();
    let said = read_fit(&fit(&unknown_time)).unwrap_err().to_string();
    assert!(said.contains("has no time"), "{said}");
}
