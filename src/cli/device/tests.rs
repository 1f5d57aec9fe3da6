use super::super::register::tests::{misread, run};
use super::super::{room, unit};
use super::*;

fn with_car() -> tempfile::TempDir {
    let temp = tempfile::tempdir().unwrap();
    room::tests::add(temp.path(), "budapest", "HU");
    unit::tests::add_car(temp.path());
    temp
}

#[test]
fn a_device_is_added_listed_and_removed() {
    let temp = with_car();
    let device = |words: &str| run(answer, temp.path(), words, "");
    assert_eq!(
        device("add kovacs/pixel --unit HU-1").done(),
        "device kovacs/pixel is unit HU-1's\n"
    );
    assert_eq!(
        device("list").done(),
        "DEVICE        UNIT  ROOM\n\
         kovacs/pixel  HU-1  budapest\n"
    );
    let again = device("add kovacs/pixel --unit HU-1").refusal();
    assert!(again.contains("is unit HU-1's already"), "{again}");
    assert_eq!(
        device("remove kovacs/pixel").done(),
        "device kovacs/pixel is unit HU-1's no more\n"
    );
    let gone = device("remove kovacs/pixel").refusal();
    assert!(gone.contains("there is no device kovacs/pixel"), "{gone}");
}

#[test]
fn a_device_of_no_unit_and_a_name_that_is_none_are_refused() {
    let temp = with_car();
    let nobody = run(answer, temp.path(), "add 48241179 --unit HU-9", "").refusal();
    assert!(nobody.contains("limes unit add HU-9"), "{nobody}");
    let hidden = misread::<DeviceArgs>("add a\u{202e}b --unit HU-1");
    assert!(hidden.contains("visible text"), "{hidden}");
}

#[test]
fn without_a_device_the_list_says_what_to_do() {
    let temp = with_car();
    let list = run(answer, temp.path(), "list", "");
    assert_eq!(list.hint, format!("{NO_DEVICE}\n"));
}
