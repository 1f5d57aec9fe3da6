use super::super::register::tests::{misread, run};
use super::super::room;
use super::*;
use std::path::Path;

fn with_room() -> tempfile::TempDir {
    let temp = tempfile::tempdir().unwrap();
    room::tests::add(temp.path(), "budapest", "HU");
    temp
}

fn add(data: &Path, input: &str) -> super::super::register::tests::Answer {
    run(
        answer,
        data,
        "add erika --room budapest --role operator",
        input,
    )
}

#[test]
fn an_account_is_added_with_the_password_of_the_first_line_and_logs_in_with_it() {
    let temp = with_room();
    let said = add(temp.path(), "exercise\n").done();
    assert_eq!(said, "account erika (budapest, operator) added\n");
    let list = run(answer, temp.path(), "list", "").done();
    assert_eq!(
        list,
        "ACCOUNT  ROOM      ROLE      STATUS\nerika    budapest  operator  active\n"
    );
    assert!(logs_in(temp.path(), "exercise"));

    run(answer, temp.path(), "set-password erika", "another one\n").done();
    assert!(logs_in(temp.path(), "another one") && !logs_in(temp.path(), "exercise"));
    run(answer, temp.path(), "disable erika", "").done();
    assert!(!logs_in(temp.path(), "another one"));
    let list = run(answer, temp.path(), "list", "").done();
    assert!(list.contains("operator  disabled 2"), "{list}");
}

fn logs_in(data: &Path, password: &str) -> bool {
    use crate::service::auth::{Auth, LogIn, SessionLimits};
    use crate::service::datadir::DataDir;
    use crate::service::registry::Registry;
    let registry = Registry::open(&DataDir::existing(data).unwrap()).unwrap();
    let now = made().at;
    let auth = Auth::new(registry.into(), SessionLimits::default(), now).unwrap();
    let log_in = LogIn {
        account: "erika",
        password,
        address: "192.0.2.1".parse().unwrap(),
    };
    auth.open(log_in, now).is_ok()
}

#[test]
fn what_cannot_be_is_refused_in_one_sentence() {
    let temp = with_room();
    let none = run(answer, &temp.path().join("none"), "disable erika", "").refusal();
    assert!(none.contains("no register in"), "{none}");
    let room = run(
        answer,
        temp.path(),
        "add erika --room arad --role legal",
        "exercise\n",
    );
    assert!(room.refusal().contains("limes room add arad"));
    assert!(
        add(temp.path(), "short\n")
            .refusal()
            .contains("at least 8 characters")
    );
    assert!(
        add(temp.path(), "")
            .refusal()
            .contains("no password was given")
    );
    add(temp.path(), "exercise\n").done();
    assert!(
        add(temp.path(), "exercise\n")
            .refusal()
            .contains("set-password erika")
    );
    let unknown = run(answer, temp.path(), "set-password nobody", "exercise\n").refusal();
    assert!(unknown.contains("no account nobody"), "{unknown}");
    assert!(
        misread::<AccountArgs>("add e --room b --role boss")
            .contains("say one of operator, supervisor, legal, observer, auditor, admin")
    );
}

#[test]
fn without_an_account_the_list_says_what_to_do() {
    let temp = with_room();
    let list = run(answer, temp.path(), "list", "");
    assert_eq!(list.hint, format!("{NO_ACCOUNT}\n"));
}
