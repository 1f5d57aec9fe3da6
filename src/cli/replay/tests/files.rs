use super::{START_MS, drive};
use crate::cli::replay::load::load;
use crate::cli::replay::schedule::{Schedule, Speed};
use crate::domain::ids::UnitId;
use crate::domain::measure::Timestamp;
use std::path::PathBuf;
use std::time::Duration;

fn file(folder: &tempfile::TempDir, name: &str, text: &str) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path
}

const A: &str = "fixed_at,lat,lon\n2027-03-16T11:00:00Z,46,20\n2027-03-16T11:00:10Z,46,20\n2027-03-16T11:00:04Z,46,20\n";
const B: &str =
    "fixed_at,lat,lon,unit\n2027-03-16T11:00:05Z,47,20,HU-7\n2027-03-16T11:00:10Z,47,20,\n";

#[test]
fn files_are_merged_by_arrival_and_a_late_fix_arrives_with_the_one_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let files = [file(&folder, "car 1.csv", A), file(&folder, "b.csv", B)];
    let recording = load(&files, None).unwrap();
    let told: Vec<String> = recording
        .fixes
        .iter()
        .map(|fix| {
            format!(
                "{} {} {}",
                &fix.arrives.to_string()[17..19],
                &fix.fix.fixed_at.to_string()[17..19],
                fix.unit
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "00 00 car-1",
            "05 05 HU-7",
            "10 10 car-1",
            "10 04 car-1",
            "10 10 b"
        ]
    );
}

#[test]
fn a_unit_given_is_the_unit_of_all_fixes_unless_the_files_name_several() {
    let folder = tempfile::tempdir().unwrap();
    let unit = UnitId::parse("RO-1").unwrap();
    let files = [file(&folder, "a.csv", A), file(&folder, "b.csv", B)];
    let recording = load(&files, Some(&unit)).unwrap();
    assert!(recording.fixes.iter().all(|fix| fix.unit == unit));
    let other = file(&folder, "c.csv", &B.replace("HU-7", "HU-8"));
    let error = load(&[files[1].clone(), other], Some(&unit)).unwrap_err();
    assert!(error.to_string().contains("leave out --unit"), "{error}");
}

#[test]
fn a_fault_names_the_file_and_the_line() {
    let folder = tempfile::tempdir().unwrap();
    let bad = file(&folder, "bad.csv", "fixed_at,lat,lon\nnoon,46,20\n");
    let error = format!("{:#}", load(&[bad], None).unwrap_err());
    assert!(
        error.contains("bad.csv: line 2: `fixed_at` is not"),
        "{error}"
    );
    let unknown = file(&folder, "track.kml", "");
    let error = format!("{:#}", load(&[unknown], None).unwrap_err());
    assert!(error.contains("track.kml is no file of tracks"), "{error}");
    let error = format!(
        "{:#}",
        load(&[folder.path().join("none.csv")], None).unwrap_err()
    );
    assert!(error.contains("none.csv cannot be read"), "{error}");
}

#[test]
fn each_fix_falls_on_the_moment_it_is_posted() {
    let recording = drive(11);
    let start = Timestamp::from_millis(2_000_000_000_000);
    for (times, wanted_ms) in [(1.0, 10_000), (4.0, 2_500), (0.5, 20_000)] {
        let schedule = Schedule {
            speed: Speed::Times(times),
            keep_times: false,
        };
        let last = &recording.fixes[10];
        let due = schedule.due(&recording, last.arrives);
        assert_eq!(due, Duration::from_millis(wanted_ms));
        let fixed_at = schedule.fixed_at(&recording, last.fix.fixed_at, start);
        assert_eq!(fixed_at.since(start).as_millis(), wanted_ms as i64);
    }
}

#[test]
fn as_fast_as_it_goes_a_recording_is_a_backlog_that_ends_now() {
    let recording = drive(11);
    let start = Timestamp::from_millis(2_000_000_000_000);
    let schedule = Schedule {
        speed: Speed::Max,
        keep_times: false,
    };
    let at = |second: i64| {
        schedule.fixed_at(
            &recording,
            Timestamp::from_millis(START_MS + second * 1_000),
            start,
        )
    };
    assert_eq!(at(10), start);
    assert_eq!(start.since(at(0)).as_millis(), 10_000);
    assert_eq!(schedule.due(&recording, recording.ends()), Duration::ZERO);
    let kept = Schedule {
        keep_times: true,
        ..schedule
    };
    assert_eq!(
        kept.fixed_at(&recording, recording.begins(), start),
        recording.begins()
    );
}

#[test]
fn however_fast_it_goes_two_times_of_one_device_stay_two() {
    let recording = drive(50);
    let schedule = Schedule {
        speed: Speed::Times(100_000.0),
        keep_times: false,
    };
    let start = Timestamp::from_millis(2_000_000_000_000);
    let times = schedule.device_times(&recording, start);
    assert_eq!(times.len(), 50);
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
    // A fix recorded twice is posted twice with one time.
    let mut twice = recording.clone();
    twice.fixes.push(recording.fixes[49].clone());
    let times = schedule.device_times(&twice, start);
    assert_eq!(times[49], times[50]);
}

#[test]
fn a_speed_is_a_factor_or_max() {
    assert_eq!("max".parse(), Ok(Speed::Max));
    assert_eq!("2.5".parse(), Ok(Speed::Times(2.5)));
    for bad in ["", "fast", "0", "-1", "NaN", "inf", "1e9"] {
        assert!(bad.parse::<Speed>().is_err(), "{bad}");
    }
}
