//! Whose a device is, and registers from before there were devices.

use super::*;

fn device(name: &str) -> DeviceId {
    DeviceId::parse(name).unwrap()
}

fn id(unit: &str) -> UnitId {
    UnitId::parse(unit).unwrap()
}

fn room_id(name: &str) -> RoomId {
    RoomId::parse(name).unwrap()
}

#[test]
fn a_device_is_one_units_and_only_its_own_room_learns_whose() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    registry
        .change(&made(1), |writer| {
            writer.add_device(&device("kovacs/pixel"), &id("HU-1"))?;
            writer.add_device(&device("48241179"), &id("HU-1"))
        })
        .unwrap();
    same(&registry.picture(), &stored(&registry));
    let of = |room: &str, name: &str| {
        let picture = registry.picture();
        let found = picture.unit_of_device_in(&room_id(room), &device(name));
        found.cloned()
    };
    assert_eq!(of("budapest", "kovacs/pixel"), Some(id("HU-1")));
    assert_eq!(of("budapest", "48241179"), Some(id("HU-1")));
    assert_eq!(of("arad", "kovacs/pixel"), None);
    assert_eq!(of("budapest", "Kovacs/pixel"), None);
    let taken = refusal(&registry, |w| {
        w.add_device(&device("48241179"), &id("RO-1"))
    });
    assert!(taken.contains("is unit HU-1's already"), "{taken}");
    let unit = registry.change(&made(3), |w| w.remove_device(&device("48241179")));
    assert_eq!(unit.unwrap(), id("HU-1"));
    assert_eq!(of("budapest", "48241179"), None);
    let gone = refusal(&registry, |w| w.remove_device(&device("48241179")));
    assert!(gone.contains("limes device list"), "{gone}");
}

#[test]
fn the_devices_of_a_retired_unit_are_nobodys() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    let phone = device("48241179");
    registry
        .change(&made(1), |writer| {
            writer.add_device(&phone, &id("HU-1"))?;
            writer.retire_unit(&id("HU-1"))
        })
        .unwrap();
    assert_eq!(registry.picture().devices().count(), 0);
    same(&registry.picture(), &stored(&registry));
    let changes = registry.changes_since(5, 10).unwrap();
    assert!(changes.iter().any(|change| change.what
        == RegistryChange::DeviceRemoved {
            device: phone.clone(),
            unit: id("HU-1"),
        }));
    let retired = refusal(&registry, |w| w.add_device(&phone, &id("HU-1")));
    assert!(retired.contains("was retired"), "{retired}");
}

#[test]
fn no_unit_is_called_as_what_nobody_registered() {
    let registry = Registry::in_memory().unwrap();
    two_rooms(&registry);
    let hu = room("budapest", "HU");
    let named = device("48241179").unregistered();
    let refused = refusal(&registry, |w| w.add_unit(unit(named.as_str(), &hu)));
    assert!(refused.contains("begin with `device.`"), "{refused}");
}

#[test]
fn a_register_from_before_there_were_devices_is_brought_forward_and_keeps_what_it_says() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let file = data.file(REGISTRY);
    let old = Connection::open(&file).unwrap();
    old.execute_batch(include_str!("../schema_1.sql")).unwrap();
    old.execute_batch(
        "PRAGMA application_id = 1279872338; PRAGMA user_version = 1;
         INSERT INTO rooms VALUES ('budapest', 'HU');
         INSERT INTO units VALUES ('HU-1', 'budapest', 'HU', 'vehicle', 'Falcon', NULL, NULL);
         INSERT INTO changes VALUES (1, 5, 'os:erika', 'room_added', 'budapest', 'HU', NULL, NULL, NULL, NULL, NULL, \
             NULL, NULL, NULL);
         INSERT INTO changes VALUES (2, 6, 'os:erika', 'unit_added', 'budapest', 'HU', 'HU-1', 'vehicle', 'Falcon', \
             NULL, NULL, NULL, NULL, NULL);",
    )
    .unwrap();
    drop(old);

    let registry = Registry::open(&data).unwrap();
    assert_eq!(registry.picture().last_change(), 2);
    assert_eq!(registry.changes_since(0, 10).unwrap().len(), 2);
    registry
        .change(&made(1), |w| w.add_device(&device("48241179"), &id("HU-1")))
        .unwrap();
    let before = registry.picture();
    drop(registry);
    let again = Registry::open(&data).unwrap();
    same(&before, &again.picture());
    assert_eq!(again.picture().devices().count(), 1);
    let altered = again
        .store()
        .connection
        .execute("UPDATE changes SET at_ms = 0", []);
    assert!(altered.is_err());
}
