use super::*;
use crate::service::signing::keys::{PublicKey, unhex};

#[test]
fn a_room_signs_with_one_key_that_a_backup_takes_along() {
    let folder = tempfile::tempdir().unwrap();
    let data = DataDir::create(&folder.path().join("data")).unwrap();
    let (room, state) = (
        RoomId::parse("budapest").unwrap(),
        State::parse("HU").unwrap(),
    );
    let of = |data: &DataDir, document: &str| {
        Signing::new(data)
            .sign((&room, state), "f", document.to_owned())
            .unwrap()
    };
    let signed = of(&data, "what happened");
    let key = PublicKey::parse(&format!("HU:{}", signed.key)).unwrap();
    assert!(key.signed(b"what happened", &unhex(&signed.signature).unwrap()));
    assert!(!key.signed(b"what happened.", &unhex(&signed.signature).unwrap()));
    assert_eq!(of(&data, "another").key, signed.key);
    let copied = DataDir::create(&folder.path().join("copy")).unwrap();
    copy(&data, &copied).unwrap();
    assert_eq!(of(&copied, "what happened"), signed);
    let other = RoomId::parse("arad").unwrap();
    let theirs = Signing::new(&data)
        .sign((&other, state), "f", String::new())
        .unwrap();
    assert_ne!(theirs.key, signed.key);
}
