//! Who speaks with which token, and until when.

use super::*;

#[test]
fn a_token_lets_its_holder_speak_until_the_moment_it_expires() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    let issued = token(&registry, &of_unit("HU-1"));
    let text = issued.secret.reveal();
    assert!(
        text.starts_with("limes_u_") && text.len() == 8 + 43,
        "{text}"
    );
    let sender = registry.authenticate(text, at(99)).unwrap();
    assert_eq!(
        sender,
        Sender::Unit {
            unit: UnitId::parse("HU-1").unwrap(),
            room: RoomId::parse("budapest").unwrap(),
            token: issued.token,
        }
    );
    assert_eq!(registry.stands(&sender, at(99)), Ok(()));
    let over = AuthError::Expired { at: at(100) };
    assert_eq!(registry.authenticate(text, at(100)), Err(over.clone()));
    assert_eq!(registry.stands(&sender, at(100)), Err(over));
}

#[test]
fn a_gateway_speaks_for_the_units_of_its_room_and_a_unit_for_itself() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    let gateway = token(
        &registry,
        &Holder::Gateway(RoomId::parse("budapest").unwrap()),
    );
    assert!(gateway.secret.reveal().starts_with("limes_g_"));
    let gateway = registry
        .authenticate(gateway.secret.reveal(), at(2))
        .unwrap();
    let own = token(&registry, &of_unit("HU-1"));
    let own = registry.authenticate(own.secret.reveal(), at(2)).unwrap();
    let speaks = |sender: &Sender, id: &str| {
        registry
            .picture()
            .speaks_for(sender, &UnitId::parse(id).unwrap())
    };
    assert!(speaks(&gateway, "HU-1") && speaks(&own, "HU-1"));
    assert!(!speaks(&gateway, "RO-1") && !speaks(&own, "RO-1"));
    assert!(!speaks(&gateway, "nobody"));
    registry
        .change(&made(3), |writer| {
            writer.retire_unit(&UnitId::parse("HU-1").unwrap())
        })
        .unwrap();
    assert!(!speaks(&gateway, "HU-1"));
    assert_eq!(
        registry.stands(&own, at(4)),
        Err(AuthError::Revoked { at: at(3) })
    );
}

#[test]
fn a_text_that_is_no_token_is_unknown() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    let issued = token(&registry, &of_unit("HU-1"));
    let text = issued.secret.reveal();
    let other_last = if text.ends_with('A') { "B" } else { "A" };
    let wrong = [
        String::new(),
        "limes_u_".into(),
        text[..text.len() - 1].into(),
        format!("{text}A"),
        format!("{}{other_last}", &text[..text.len() - 1]),
        text.replace("limes_u_", "limes_g_"),
        text.replace("limes_u_", ""),
        format!(" {text}"),
        issued.token.to_string(),
        "é".repeat(20),
    ];
    for wrong in wrong {
        assert_eq!(
            registry.authenticate(&wrong, at(2)),
            Err(AuthError::Unknown),
            "{wrong}"
        );
    }
}

#[test]
fn the_files_hold_no_secret_in_the_clear() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let registry = Registry::open(&data).unwrap();
    two_rooms(&registry);
    let issued = token(&registry, &of_unit("HU-1"));
    let secret = &issued.secret.reveal()["limes_u_".len()..];
    let mut read = 0;
    for file in std::fs::read_dir(temp.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        read += bytes.len();
        assert!(
            !bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }
    assert!(read > 4_096);
    assert!(!format!("{issued:?}").contains(secret));
}
