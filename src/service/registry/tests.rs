use super::*;
use crate::domain::ids::{AccountId, DeviceId, State};
use crate::domain::measure::Span;
use crate::domain::registry::{Marks, RoomCard, UnitCard, UnitKind};
use crate::domain::registry_change::{AccountCard, Author, RegistryChange};
use crate::domain::rights::Role;

mod devices;
mod fold;
mod tokens;

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
    assert!(left.devices().eq(right.devices()));
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

#[test]
fn a_failure_of_the_store_names_its_cause_once() {
    let registry = Registry::in_memory().unwrap();
    let failing = registry.change(&made(0), |writer| {
        writer.add_room(room("budapest", "HU"))?;
        Err::<(), _>(rusqlite::Error::QueryReturnedNoRows.into())
    });
    let chain = format!("{:#}", anyhow::Error::from(failing.unwrap_err()));
    assert_eq!(chain.matches("no rows").count(), 1, "{chain}");
    assert_eq!(registry.picture().last_change(), 0);
}

#[tokio::test]
async fn a_running_service_hears_the_bell_when_the_command_line_changes_something() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let service = Arc::new(Registry::open(&data).unwrap());
    let command = Registry::open(&data).unwrap();
    let mut bell = service.bell();
    let watching = tokio::spawn(keep_current(Arc::clone(&service)));
    two_rooms(&command);
    bell.changed().await.unwrap();
    assert_eq!(service.picture().last_change(), 4);
    watching.abort();
}
