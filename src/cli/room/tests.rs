use super::super::register::tests::{misread, run};
use super::*;

#[test]
fn a_first_installation_says_what_to_do_and_creates_nothing() {
    let temp = tempfile::tempdir().unwrap();
    let data = temp.path().join("none");
    let list = run(answer, &data, "list", "");
    assert_eq!(list.hint, format!("{NO_ROOM}\n"));
    assert_eq!(list.done(), "");
    assert!(!data.exists());
}

#[test]
fn a_room_is_added_and_listed() {
    let temp = tempfile::tempdir().unwrap();
    let data = temp.path().join("new");
    let added = run(answer, &data, "add budapest --state HU", "").done();
    assert_eq!(added, "room budapest (HU) added\n");
    run(answer, &data, "add arad --state RO", "").done();
    let list = run(answer, &data, "list", "").done();
    assert_eq!(
        list,
        "ROOM      STATE  UNITS  ACCOUNTS\narad      RO     0      0\nbudapest  HU     0      0\n"
    );
    let again = run(answer, &data, "add arad --state RO", "").refusal();
    assert!(again.starts_with("room arad exists already"), "{again}");
}

#[test]
fn a_state_or_name_that_is_none_is_wrong_usage() {
    assert!(misread::<RoomArgs>("add budapest --state hu").contains("two capital letters"));
    assert!(misread::<RoomArgs>("add buda/pest --state HU").contains("a room id"));
    assert!(misread::<RoomArgs>("add budapest").contains("--state"));
}

/// Adds a room.
pub(in crate::cli) fn add(data: &std::path::Path, room: &str, state: &str) {
    run(answer, data, &format!("add {room} --state {state}"), "").done();
}

#[test]
fn the_key_of_a_room_is_made_once_and_shown_by_its_public_half() {
    let temp = tempfile::tempdir().unwrap();
    let data = temp.path().join("new");
    add(&data, "budapest", "HU");
    let key = run(answer, &data, "key budapest", "").done();
    assert!(
        key.starts_with("HU:") && key.trim_end().len() == 67,
        "{key}"
    );
    assert_eq!(run(answer, &data, "key budapest", "").done(), key);
    let none = run(answer, &data, "key arad", "").refusal();
    assert!(none.contains("no room arad"), "{none}");
}
