use super::super::register::tests::{misread, run};
use super::super::room;
use super::*;

/// Adds the unit `HU-1` to the only room of its state.
pub(in crate::cli) fn add_car(data: &std::path::Path) -> String {
    let words = "add HU-1 --state HU --kind vehicle --callsign Falcon --marks covert";
    run(answer, data, words, "").done()
}

fn with_rooms() -> tempfile::TempDir {
    let temp = tempfile::tempdir().unwrap();
    room::tests::add(temp.path(), "budapest", "HU");
    room::tests::add(temp.path(), "arad", "RO");
    temp
}

#[test]
fn a_unit_goes_to_the_only_room_of_its_state_and_is_listed() {
    let temp = with_rooms();
    assert_eq!(
        add_car(temp.path()),
        "unit HU-1 (vehicle) added to room budapest\n"
    );
    run(
        answer,
        temp.path(),
        "add RO-9 --room arad --state RO --kind drone --callsign Sky",
        "",
    )
    .done();
    let list = run(answer, temp.path(), "list", "").done();
    assert_eq!(
        list,
        "UNIT  ROOM      STATE  KIND     CALLSIGN  MARKS   STATUS\n\
         RO-9  arad      RO     drone    Sky       -       active\n\
         HU-1  budapest  HU     vehicle  Falcon    covert  active\n"
    );
    run(answer, temp.path(), "retire HU-1", "").done();
    let list = run(answer, temp.path(), "list", "").done();
    assert!(list.contains("covert  retired 2"), "{list}");
    let again = run(answer, temp.path(), "retire HU-1", "").refusal();
    assert!(again.contains("was retired"), "{again}");
}

#[test]
fn the_room_must_be_said_when_the_state_has_none_or_several() {
    let temp = with_rooms();
    room::tests::add(temp.path(), "szeged", "HU");
    let several = run(
        answer,
        temp.path(),
        "add HU-1 --state HU --kind boat --callsign C",
        "",
    );
    assert!(
        several
            .refusal()
            .contains("budapest, szeged: say which with --room")
    );
    let none = run(
        answer,
        temp.path(),
        "add X --state RS --kind boat --callsign C",
        "",
    );
    assert!(none.refusal().contains("no room of state RS"));
    let other = run(
        answer,
        temp.path(),
        "add X --room arad --state HU --kind boat --callsign C",
        "",
    );
    assert!(other.refusal().contains("room arad is of state RO, not HU"));
}

#[test]
fn a_tracker_is_taken_and_another_word_is_wrong_usage() {
    let temp = with_rooms();
    let tracker = run(
        answer,
        temp.path(),
        "add T --room budapest --state HU --kind tracker --callsign C",
        "",
    );
    assert_eq!(tracker.done(), "unit T (tracker) added to room budapest\n");
    assert!(
        misread::<UnitArgs>("add T --state HU --kind car --callsign C")
            .contains("say one of vehicle")
    );
    assert!(
        misread::<UnitArgs>("add T --state HU --kind boat --callsign C --marks x")
            .contains("marked_car")
    );
}

#[test]
fn without_a_unit_the_list_says_what_to_do() {
    let temp = with_rooms();
    let list = run(answer, temp.path(), "list", "");
    assert_eq!(list.hint, format!("{NO_UNIT}\n"));
}
