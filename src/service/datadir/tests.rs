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
