//! The numbered changes, folded, say what the tables say.

use super::*;
use proptest::prelude::*;

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
    Device(u8, u8),
    RemoveDevice(u8),
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
        few.clone().prop_map(Try::RevokeGateway),
        (few.clone(), few.clone()).prop_map(|(a, b)| Try::Device(a, b)),
        few.prop_map(Try::RemoveDevice),
    ];
    proptest::collection::vec(one, 0..40)
}

fn attempt(writer: &mut Writer<'_>, what: &Try) -> Result<(), RegistryError> {
    let room = |n: u8, second: bool| room(&format!("room{n}"), if second { "RO" } else { "HU" });
    let holder = |n: u8| of_unit(&format!("U{n}"));
    let device = |n: u8| DeviceId::parse(&format!("phone/{n}")).unwrap();
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
        Try::Device(n, of) => {
            writer.add_device(&device(n), &UnitId::parse(&format!("U{of}")).unwrap())
        }
        Try::RemoveDevice(n) => writer.remove_device(&device(n)).map(drop),
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
        for (_, unit) in tables.devices() {
            prop_assert!(tables.unit(unit).is_some());
        }
        for token in tables.tokens() {
            if let Holder::Unit(id) = &token.holder {
                prop_assert!(tables.unit(id).is_some() || token.revoked_at.is_some());
            }
        }
    }
}
