use super::*;
use crate::domain::ids::{AccountId, State};
use crate::domain::measure::Span;
use crate::domain::registry::{Marks, RoomCard, UnitCard, UnitKind};
use crate::domain::registry_change::{AccountCard, Author, RegistryChange};
use crate::domain::rights::Role;
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000).plus(Span::from_secs(seconds))
}

fn made(seconds: i64) -> Made {
    Made {
        by: Author::OsUser("erika".into()),
        at: at(seconds),
    }
}

fn room(name: &str, state: &str) -> RoomCard {
    RoomCard {
        room: RoomId::parse(name).unwrap(),
        state: State::parse(state).unwrap(),
    }
}

fn unit(id: &str, of: &RoomCard) -> UnitCard {
    UnitCard {
        id: UnitId::parse(id).unwrap(),
        room: of.room.clone(),
        state: of.state,
        kind: UnitKind::Vehicle,
        callsign: id.to_uppercase().into(),
        marks: None,
    }
}

fn account(name: &str, of: &RoomCard) -> AccountCard {
    AccountCard {
        account: AccountId::parse(name).unwrap(),
        room: of.room.clone(),
        role: Role::Operator,
    }
}

fn hash() -> PasswordHash {
    PasswordHash("$argon2id$not-verified-here".into())
}

fn of_unit(id: &str) -> Holder {
    Holder::Unit(UnitId::parse(id).unwrap())
}

/// Budapest with HU-1, Arad with RO-1.
fn two_rooms(registry: &Registry) {
    registry
        .change(&made(0), |writer| {
            for (room, id) in [
                (room("budapest", "HU"), "HU-1"),
                (room("arad", "RO"), "RO-1"),
            ] {
                writer.add_room(room.clone())?;
                writer.add_unit(unit(id, &room))?;
            }
            Ok(())
        })
        .unwrap();
}

fn token(registry: &Registry, holder: &Holder) -> IssuedToken {
    registry
        .change(&made(1), |writer| writer.create_token(holder, at(100)))
        .unwrap()
}

/// What the tables say, read anew.
fn stored(registry: &Registry) -> Picture {
    let mut store = registry.store();
    let reading = store.connection.transaction().unwrap();
    Picture::read(&reading).unwrap()
}

fn same(left: &Picture, right: &Picture) {
    assert_eq!(left.last_change(), right.last_change());
    assert!(left.rooms().eq(right.rooms()));
    assert!(left.units().eq(right.units()));
    assert!(left.accounts().eq(right.accounts()));
    assert!(left.tokens().eq(right.tokens()));
}

#[test]
fn a_first_installation_is_empty() {
    let registry = Registry::in_memory().unwrap();
    let picture = registry.picture();
    assert_eq!(picture.last_change(), 0);
    assert_eq!(picture.rooms().count() + picture.accounts().count(), 0);
    assert!(registry.changes_since(0, 10).unwrap().is_empty());
}

#[test]
fn every_kind_of_change_is_numbered_and_reads_back_as_it_was_made() {
    let registry = Registry::in_memory().unwrap();
    let hu = room("budapest", "HU");
    let mut car = unit("HU-1", &hu);
    car.marks = Some(Marks::MarkedCar);
    let person = account("erika", &hu);
    let (t1, t2) = registry
        .change(&made(7), |writer| {
            writer.add_room(hu.clone())?;
            writer.add_unit(car.clone())?;
            writer.add_account(person.clone(), &hash())?;
            writer.set_password(&person.account, &hash())?;
            let t1 = writer.create_token(&of_unit("HU-1"), at(90))?.token;
            let t2 = writer
                .create_token(&Holder::Gateway(hu.room.clone()), at(91))?
                .token;
            writer.revoke_tokens(&Holder::Gateway(hu.room.clone()))?;
            writer.retire_unit(&car.id)?;
            writer.disable_account(&person.account)?;
            Ok((t1, t2))
        })
        .unwrap();

    let gateway = Holder::Gateway(hu.room.clone());
    let expected = [
        RegistryChange::RoomAdded(hu),
        RegistryChange::UnitAdded(car.clone()),
        RegistryChange::AccountAdded(person.clone()),
        RegistryChange::PasswordSet {
            account: person.account.clone(),
        },
        RegistryChange::TokenCreated {
            token: t1.clone(),
            holder: of_unit("HU-1"),
            expires_at: at(90),
        },
        RegistryChange::TokenCreated {
            token: t2.clone(),
            holder: gateway.clone(),
            expires_at: at(91),
        },
        RegistryChange::TokenRevoked {
            token: t2,
            holder: gateway,
        },
        RegistryChange::TokenRevoked {
            token: t1,
            holder: of_unit("HU-1"),
        },
        RegistryChange::UnitRetired { unit: car.id },
        RegistryChange::AccountDisabled {
            account: person.account,
        },
    ];
    let changes = registry.changes_since(0, 100).unwrap();
    let whats: Vec<_> = changes.iter().map(|change| change.what.clone()).collect();
    assert_eq!(whats, expected);
    for (index, change) in changes.iter().enumerate() {
        assert_eq!(change.number, index as u64 + 1);
        assert_eq!((change.at, &change.by), (at(7), &made(7).by));
    }
    let page = registry.changes_since(3, 2).unwrap();
    assert_eq!(page, changes[3..5]);
}

#[test]
fn a_change_that_fails_half_way_leaves_nothing() {
    let registry = Registry::in_memory().unwrap();
    let refused = registry.change(&made(0), |writer| {
        writer.add_room(room("budapest", "HU"))?;
        writer.add_room(room("budapest", "RO"))
    });
    assert!(matches!(refused, Err(RegistryError::RoomExists { .. })));
    assert_eq!(registry.picture().last_change(), 0);
    same(&registry.picture(), &stored(&registry));
}

#[test]
fn a_change_is_never_altered_or_deleted() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    for sql in ["UPDATE changes SET at_ms = 0", "DELETE FROM changes"] {
        let answer = registry.store().connection.execute(sql, []).unwrap_err();
        assert!(answer.to_string().contains("changes are never"), "{answer}");
    }
}

fn refusal<T: std::fmt::Debug>(
    registry: &Registry,
    change: impl FnOnce(&mut Writer<'_>) -> Result<T, RegistryError>,
) -> String {
    let before = registry.picture().last_change();
    let sentence = registry.change(&made(2), change).unwrap_err().to_string();
    assert_eq!(registry.picture().last_change(), before);
    sentence
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    let (hu, ro) = (room("budapest", "HU"), room("arad", "RO"));
    registry
        .change(&made(1), |writer| {
            writer.add_unit(unit("old", &hu))?;
            writer.retire_unit(&UnitId::parse("old").unwrap())?;
            writer.add_account(account("gone", &hu), &hash())?;
            writer.disable_account(&AccountId::parse("gone").unwrap())
        })
        .unwrap();
    let with = |change: &dyn Fn(&mut UnitCard)| {
        let mut card = unit("new", &hu);
        change(&mut card);
        refusal(&registry, |writer| writer.add_unit(card))
    };
    let tracker = with(&|card| card.kind = UnitKind::Tracker);
    assert!(
        tracker.starts_with("trackers are refused until their positions can be sealed"),
        "{tracker}"
    );
    assert!(
        with(&|card| card.id = UnitId::parse("HU-1").unwrap())
            .contains("exists already in room budapest")
    );
    assert!(with(&|card| card.id = UnitId::parse("old").unwrap()).contains("was retired"));
    assert!(
        with(&|card| card.room = RoomId::parse("szeged").unwrap())
            .contains("limes room add szeged")
    );
    assert!(with(&|card| card.state = ro.state).contains("is of state HU, not RO"));
    for callsign in ["", "  ", "a\nb", &"x".repeat(41)] {
        assert!(with(&|card| card.callsign = callsign.into()).contains("is no callsign"));
    }
    let gone = AccountId::parse("gone").unwrap();
    assert!(
        refusal(&registry, |w| w.add_account(account("gone", &hu), &hash()))
            .contains("is disabled")
    );
    assert!(refusal(&registry, |w| w.set_password(&gone, &hash())).contains("is disabled"));
    assert!(refusal(&registry, |w| w.disable_account(&gone)).contains("is disabled"));
    assert!(
        refusal(&registry, |w| w.create_token(&of_unit("nobody"), at(9)))
            .contains("limes unit add nobody")
    );
    assert!(refusal(&registry, |w| w.create_token(&of_unit("old"), at(9))).contains("was retired"));
    assert!(
        refusal(&registry, |w| w.create_token(&of_unit("HU-1"), at(2))).contains("later than now")
    );
    assert!(refusal(&registry, |w| w.revoke_tokens(&of_unit("nobody"))).contains("no unit nobody"));
}

#[test]
fn the_room_of_a_state_is_found_only_when_it_is_the_only_one() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    let hu = State::parse("HU").unwrap();
    assert_eq!(
        registry.picture().room_of_state(hu).unwrap().room.as_str(),
        "budapest"
    );
    registry
        .change(&made(1), |writer| writer.add_room(room("szeged", "HU")))
        .unwrap();
    let several = registry
        .picture()
        .room_of_state(hu)
        .unwrap_err()
        .to_string();
    assert_eq!(
        several,
        "state HU has the rooms budapest, szeged: say which with --room"
    );
    let none = registry
        .picture()
        .room_of_state(State::parse("RS").unwrap())
        .unwrap_err()
        .to_string();
    assert!(none.contains("limes room add ROOM --state RS"), "{none}");
}

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
    let speaks =
        |sender: &Sender, id: &str| registry.speaks_for(sender, &UnitId::parse(id).unwrap());
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
fn another_process_sees_a_change_at_its_next_look_and_only_then_reads() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let (service, command) = (
        Registry::open(&data).unwrap(),
        Registry::open(&data).unwrap(),
    );
    two_rooms(&command);
    let issued = token(&command, &of_unit("HU-1"));
    let text = issued.secret.reveal();
    assert_eq!(service.authenticate(text, at(2)), Err(AuthError::Unknown));
    let mut bell = service.bell();
    assert!(service.refresh().unwrap());
    assert!(bell.has_changed().unwrap());
    bell.mark_unchanged();
    let sender = service.authenticate(text, at(2)).unwrap();

    assert!(!service.refresh().unwrap());
    assert!(!bell.has_changed().unwrap());
    command
        .change(&made(3), |writer| writer.revoke_tokens(&of_unit("HU-1")))
        .unwrap();
    assert_eq!(service.stands(&sender, at(4)), Ok(()));
    assert!(service.refresh().unwrap());
    assert!(bell.has_changed().unwrap());
    assert_eq!(
        service.stands(&sender, at(4)),
        Err(AuthError::Revoked { at: at(3) })
    );
    assert_eq!(
        service.authenticate(text, at(4)),
        Err(AuthError::Revoked { at: at(3) })
    );
}

#[test]
fn processes_that_write_at_once_leave_numbers_without_holes() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let first = Registry::open(&data).unwrap();
    two_rooms(&first);
    let hu = room("budapest", "HU");
    std::thread::scope(|scope| {
        for writer in 0..3 {
            let (data, hu) = (&data, &hu);
            scope.spawn(move || {
                let registry = Registry::open(data).unwrap();
                for number in 0..8 {
                    let card = unit(&format!("W{writer}-{number}"), hu);
                    registry.change(&made(5), |w| w.add_unit(card)).unwrap();
                }
            });
        }
    });
    first.refresh().unwrap();
    let changes = first.changes_since(0, 1_000).unwrap();
    let numbers: Vec<u64> = changes.iter().map(|change| change.number).collect();
    assert_eq!(numbers, (1..=4 + 24).collect::<Vec<u64>>());
    assert_eq!(first.picture().units().count(), 2 + 24);
    same(&first.picture(), &stored(&first));
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

#[test]
fn a_reopened_registry_says_what_was_written() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let first = Registry::open(&data).unwrap();
    two_rooms(&first);
    let issued = token(&first, &of_unit("RO-1"));
    let before = first.picture();
    drop(first);
    let second = Registry::open(&data).unwrap();
    same(&before, &second.picture());
    assert!(second.authenticate(issued.secret.reveal(), at(2)).is_ok());
}

#[test]
fn a_file_that_is_no_registry_or_a_newer_one_is_refused_by_name() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let file = data.file(REGISTRY);
    std::fs::write(
        &file,
        "these are the notes of somebody else, and quite long ones\n".repeat(99),
    )
    .unwrap();
    assert!(matches!(
        Registry::open(&data),
        Err(RegistryError::NotARegistry { .. })
    ));
    assert!(std::fs::read(&file).unwrap().starts_with(b"these are"));

    std::fs::remove_file(&file).unwrap();
    Connection::open(&file)
        .unwrap()
        .execute_batch("CREATE TABLE other (x)")
        .unwrap();
    assert!(matches!(
        Registry::open(&data),
        Err(RegistryError::NotARegistry { .. })
    ));

    std::fs::remove_file(&file).unwrap();
    let registry = Registry::open(&data).unwrap();
    registry
        .store()
        .connection
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    drop(registry);
    let newer = Registry::open(&data).unwrap_err().to_string();
    assert!(
        newer.contains("has version 99") && newer.contains("newer limes"),
        "{newer}"
    );
}

#[test]
fn a_stored_value_that_is_none_of_ours_is_named() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    registry
        .store()
        .connection
        .execute(
            "UPDATE units SET kind = 'submarine' WHERE unit = 'HU-1'",
            [],
        )
        .unwrap();
    let mut store = registry.store();
    let reading = store.connection.transaction().unwrap();
    let bad = Picture::read(&reading).unwrap_err().to_string();
    assert!(bad.contains("`submarine` as unit_kind"), "{bad}");
}

/// One try of something, right or wrong.
#[derive(Debug, Clone)]
enum Try {
    Room(u8, bool),
    Unit(u8, u8),
    Retire(u8),
    Account(u8, u8),
    Password(u8),
    Disable(u8),
    UnitToken(u8),
    GatewayToken(u8),
    RevokeUnit(u8),
    RevokeGateway(u8),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let few = 0..4_u8;
    let one = prop_oneof![
        (few.clone(), any::<bool>()).prop_map(|(a, b)| Try::Room(a, b)),
        (few.clone(), few.clone()).prop_map(|(a, b)| Try::Unit(a, b)),
        few.clone().prop_map(Try::Retire),
        (few.clone(), few.clone()).prop_map(|(a, b)| Try::Account(a, b)),
        few.clone().prop_map(Try::Password),
        few.clone().prop_map(Try::Disable),
        few.clone().prop_map(Try::UnitToken),
        few.clone().prop_map(Try::GatewayToken),
        few.clone().prop_map(Try::RevokeUnit),
        few.prop_map(Try::RevokeGateway),
    ];
    proptest::collection::vec(one, 0..40)
}

fn attempt(writer: &mut Writer<'_>, what: &Try) -> Result<(), RegistryError> {
    let room = |n: u8, second: bool| room(&format!("room{n}"), if second { "RO" } else { "HU" });
    let holder = |n: u8| of_unit(&format!("U{n}"));
    let person = |n: u8| AccountId::parse(&format!("person{n}")).unwrap();
    match *what {
        Try::Room(n, second) => writer.add_room(room(n, second)),
        Try::Unit(n, of) => writer.add_unit(unit(&format!("U{n}"), &room(of, false))),
        Try::Retire(n) => writer.retire_unit(&UnitId::parse(&format!("U{n}")).unwrap()),
        Try::Account(n, of) => {
            writer.add_account(account(person(n).as_str(), &room(of, false)), &hash())
        }
        Try::Password(n) => writer.set_password(&person(n), &hash()),
        Try::Disable(n) => writer.disable_account(&person(n)),
        Try::UnitToken(n) => writer.create_token(&holder(n), at(50)).map(drop),
        Try::GatewayToken(n) => {
            let gateway = Holder::Gateway(room(n, false).room);
            writer.create_token(&gateway, at(50)).map(drop)
        }
        Try::RevokeUnit(n) => writer.revoke_tokens(&holder(n)).map(drop),
        Try::RevokeGateway(n) => {
            let gateway = Holder::Gateway(room(n, false).room);
            writer.revoke_tokens(&gateway).map(drop)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn folding_the_changes_gives_what_the_tables_say(tries in tries()) {
        let registry = Registry::in_memory().unwrap();
        for (second, what) in tries.iter().enumerate() {
            let before = registry.picture().last_change();
            let answer = registry.change(&made(second as i64), |writer| attempt(writer, what));
            if answer.is_err() {
                prop_assert_eq!(registry.picture().last_change(), before);
            }
        }
        let mut folded = Picture::default();
        for change in registry.changes_since(0, 10_000).unwrap() {
            prop_assert_eq!(change.number, folded.last_change() + 1);
            folded.apply(change);
        }
        let tables = stored(&registry);
        same(&folded, &tables);
        same(&folded, &registry.picture());
        for token in tables.tokens() {
            if let Holder::Unit(id) = &token.holder {
                prop_assert!(tables.unit(id).is_some() || token.revoked_at.is_some());
            }
        }
    }
}
