use super::*;

#[test]
fn the_built_in_exercise_can_be_read() {
    let scenario = nagylak_27().unwrap();
    assert_eq!(&*scenario.name, "NAGYLAK-27");
}
