use super::*;
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_created_folder_and_its_files_are_the_owners_alone() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(&temp.path().join("a/b")).unwrap();
    let file = data.touch_private(REGISTRY).unwrap();
    assert_eq!(
        std::fs::metadata(data.path()).unwrap().mode() & 0o777,
        0o700
    );
    assert_eq!(std::fs::metadata(file).unwrap().mode() & 0o777, 0o600);
    assert_eq!(data.permission_hint(), None);
}

#[test]
fn a_folder_open_to_others_is_named_with_the_command_that_closes_it() {
    let temp = tempfile::tempdir().unwrap();
    std::fs::set_permissions(temp.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let hint = DataDir::existing(temp.path())
        .unwrap()
        .permission_hint()
        .unwrap();
    assert!(
        hint.contains("mode 755") && hint.contains("chmod 700"),
        "{hint}"
    );
}

#[test]
fn a_file_is_not_taken_for_a_folder() {
    let temp = tempfile::tempdir().unwrap();
    let file = temp.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(
        DataDir::create(&file),
        Err(DataDirError::NotAFolder { .. })
    ));
}

#[test]
fn looking_for_a_missing_folder_does_not_create_it() {
    let temp = tempfile::tempdir().unwrap();
    let missing = temp.path().join("typo");
    assert!(matches!(
        DataDir::existing(&missing),
        Err(DataDirError::Missing { .. })
    ));
    assert!(!missing.exists());
}

#[test]
fn an_exercise_marks_an_empty_folder_and_takes_its_own_again() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::existing(temp.path()).unwrap();
    data.keep_apart(Some("NAGYLAK-27")).unwrap();
    assert_eq!(data.exercise().unwrap().as_deref(), Some("NAGYLAK-27"));
    data.keep_apart(Some("NAGYLAK-27")).unwrap();
    let other = data.keep_apart(Some("OTHER")).unwrap_err();
    assert!(matches!(other, DataDirError::NotOfExercise { .. }));
}

#[test]
fn a_real_service_never_takes_a_folder_of_an_exercise() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::existing(temp.path()).unwrap();
    data.keep_apart(None).unwrap();
    data.keep_apart(Some("NAGYLAK-27")).unwrap();
    let refused = data.keep_apart(None).unwrap_err();
    assert!(refused.to_string().contains("exercise NAGYLAK-27"));
}

#[test]
fn an_exercise_never_takes_a_folder_with_other_records() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::existing(temp.path()).unwrap();
    data.touch_private(REGISTRY).unwrap();
    let refused = data.keep_apart(Some("NAGYLAK-27")).unwrap_err();
    assert!(matches!(refused, DataDirError::NotOfExercise { .. }));
    assert_eq!(data.exercise().unwrap(), None);
}
