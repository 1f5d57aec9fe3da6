use super::super::register::tests::{misread, run};
use super::super::{room, unit};
use super::*;
use crate::service::datadir::DataDir;
use crate::service::registry::{AuthError, Registry};
use std::path::Path;

fn with_car() -> tempfile::TempDir {
    let temp = tempfile::tempdir().unwrap();
    room::tests::add(temp.path(), "budapest", "HU");
    unit::tests::add_car(temp.path());
    temp
}

fn speaks(data: &Path, token: &str, at: Timestamp) -> Result<String, AuthError> {
    let registry = Registry::open(&DataDir::existing(data).unwrap()).unwrap();
    registry
        .authenticate(token, at)
        .map(|sender| sender.room().to_string())
}

#[test]
fn a_token_stands_alone_on_the_last_line_and_lets_the_unit_speak() {
    let temp = with_car();
    let created = run(answer, temp.path(), "create --unit HU-1", "");
    assert!(
        created.hint.contains("of unit HU-1 holds until"),
        "{}",
        created.hint
    );
    let out = created.done();
    let token = out.strip_suffix('\n').unwrap();
    assert!(token.starts_with("limes_u_") && !token.contains(char::is_whitespace));
    let now = made().at;
    assert_eq!(speaks(temp.path(), token, now).as_deref(), Ok("budapest"));
    // Ninety days when nothing is said.
    assert!(speaks(temp.path(), token, now.plus(Span::from_hours(90 * 24 - 1))).is_ok());
    assert!(speaks(temp.path(), token, now.plus(Span::from_hours(90 * 24))).is_err());
}

#[test]
fn tokens_are_listed_without_their_secrets_and_revoked_by_holder() {
    let temp = with_car();
    let gateway = run(
        answer,
        temp.path(),
        "create --gateway budapest --expires 12h",
        "",
    )
    .done();
    for _ in 0..2 {
        run(answer, temp.path(), "create --unit HU-1", "").done();
    }
    let list = run(answer, temp.path(), "list", "").done();
    assert_eq!(list.lines().count(), 4);
    assert_eq!(list.matches(" valid").count(), 3);
    assert!(!list.contains("limes_"), "{list}");

    let revoke = || run(answer, temp.path(), "revoke --unit HU-1", "").done();
    assert_eq!(revoke(), "2 tokens of unit HU-1 are revoked\n");
    assert_eq!(revoke(), "unit HU-1 had no token to revoke\n");
    assert!(speaks(temp.path(), gateway.trim_end(), made().at).is_ok());
    let one = run(answer, temp.path(), "revoke --gateway budapest", "").done();
    assert_eq!(one, "1 token of gateway budapest is revoked\n");
    assert!(speaks(temp.path(), gateway.trim_end(), made().at).is_err());
    let list = run(answer, temp.path(), "list", "").done();
    assert_eq!(list.matches(" revoked 2").count(), 3);
}

#[test]
fn what_cannot_be_is_refused_in_one_sentence() {
    let temp = with_car();
    let unknown = run(answer, temp.path(), "create --unit HU-2", "").refusal();
    assert!(unknown.contains("no unit HU-2"), "{unknown}");
    let past = run(
        answer,
        temp.path(),
        "create --unit HU-1 --expires 2020-01-31",
        "",
    )
    .refusal();
    assert!(past.contains("later than now"), "{past}");
    assert!(misread::<TokenArgs>("create").contains("--unit"));
    assert!(misread::<TokenArgs>("create --unit a --gateway b").contains("cannot be used with"));
    assert!(
        misread::<TokenArgs>("create --unit a --expires soon").contains("is no time to expire")
    );
    let list = run(answer, temp.path(), "list", "");
    assert_eq!(list.hint, format!("{NO_TOKEN}\n"));
}

#[test]
fn the_time_to_expire_is_a_length_a_last_day_or_a_moment() {
    let after = |hours| Ok(Expires::After(Span::from_hours(hours)));
    assert_eq!(expires("12h"), after(12));
    assert_eq!(expires("30d"), after(30 * 24));
    assert_eq!(expires("2w"), after(14 * 24));
    assert_eq!(expires("120m"), after(2));
    let at = |text| Ok(Expires::At(Timestamp::parse(text).unwrap()));
    assert_eq!(expires("2027-12-31"), at("2028-01-01T00:00:00Z"));
    assert_eq!(
        expires("2027-01-31T12:00:00+02:00"),
        at("2027-01-31T10:00:00Z")
    );
    let wrong = [
        "",
        "d",
        "0d",
        "-1d",
        "+1d",
        "1.5h",
        "3661d",
        "99999999999999999999h",
        "12",
        "2027-02-30",
        "2027-1-1",
        "12é",
    ];
    for wrong in wrong {
        assert!(expires(wrong).is_err(), "{wrong}");
    }
}
