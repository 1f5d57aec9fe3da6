use super::*;
use crate::domain::ids::{RoomId, State};
use crate::domain::registry::RoomCard;
use crate::domain::registry_change::{AccountCard, Author};
use crate::domain::rights::Role;
use crate::service::datadir::DataDir;
use crate::service::registry::Made;

const DESK: &str = "192.0.2.10";
const ELSEWHERE: &str = "203.0.113.66";
const PASSWORD: &str = "exercise";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000).plus(Span::from_secs(seconds))
}

fn made(seconds: i64) -> Made {
    Made {
        by: Author::Service,
        at: at(seconds),
    }
}

fn budapest() -> AccountId {
    AccountId::parse("budapest").unwrap()
}

/// A registry with the account `budapest`.
fn with_account(registry: Registry) -> Arc<Registry> {
    let hash = passwords::hash(&budapest(), PASSWORD).unwrap();
    registry
        .change(&made(-9), |writer| {
            let room = RoomId::parse("budapest").unwrap();
            writer.add_room(RoomCard {
                room: room.clone(),
                state: State::parse("HU").unwrap(),
            })?;
            let card = AccountCard {
                account: budapest(),
                room,
                role: Role::Supervisor,
            };
            writer.add_account(card, &hash)
        })
        .unwrap();
    Arc::new(registry)
}

fn auth() -> (Arc<Registry>, Auth) {
    let registry = with_account(Registry::in_memory().unwrap());
    let auth = Auth::new(Arc::clone(&registry), SessionLimits::default(), at(0)).unwrap();
    (registry, auth)
}

fn log_in<'a>(account: &'a str, password: &'a str, address: &str) -> LogIn<'a> {
    LogIn {
        account,
        password,
        address: address.parse().unwrap(),
    }
}

fn open(auth: &Auth, seconds: i64) -> Session {
    auth.open(log_in("budapest", PASSWORD, DESK), at(seconds))
        .unwrap()
}

#[test]
fn a_session_says_who_from_which_room_with_which_rights() {
    let (_, auth) = auth();
    let session = open(&auth, 0);
    let card = auth.check(session.secret.reveal(), at(1)).unwrap();
    assert_eq!(card.account, budapest());
    assert_eq!(card.room.as_str(), "budapest");
    assert_eq!(card.role, Role::Supervisor);
    assert_eq!(card.opened_at, at(0));
    assert_eq!(card.ends_at, at(16 * 3_600));
    assert!(session.secret.reveal().starts_with("limes_s_"));
}

#[test]
fn a_wrong_password_an_unknown_account_and_a_disabled_one_get_the_same_answer() {
    let (registry, auth) = auth();
    let long = "x".repeat(passwords::LONGEST_BYTES + 1);
    let tries = [
        ("budapest", "wrong"),
        ("budapest", ""),
        ("budapest", long.as_str()),
        ("nobody", PASSWORD),
        ("not a name", PASSWORD),
        ("", ""),
    ];
    for (account, password) in tries {
        let answer = auth.open(log_in(account, password, DESK), at(0));
        assert!(
            matches!(answer, Err(LogInError::Wrong)),
            "{account} {password}"
        );
    }
    registry
        .change(&made(1), |writer| writer.disable_account(&budapest()))
        .unwrap();
    let answer = auth.open(log_in("budapest", PASSWORD, DESK), at(1));
    assert!(matches!(answer, Err(LogInError::Wrong)));
}

#[test]
fn a_session_ends_when_idle_and_use_keeps_it_until_the_absolute_limit() {
    let (_, auth) = auth();
    let idle = open(&auth, 0);
    let limit = 4 * 3_600;
    assert!(auth.check(idle.secret.reveal(), at(limit - 1)).is_ok());
    assert!(auth.check(idle.secret.reveal(), at(2 * limit - 2)).is_ok());
    let over = auth.check(idle.secret.reveal(), at(3 * limit - 2));
    assert_eq!(over.unwrap_err(), SessionError::Over);

    let used = open(&auth, 0);
    for hour in 1..16 {
        assert!(auth.check(used.secret.reveal(), at(hour * 3_600)).is_ok());
    }
    let over = auth.check(used.secret.reveal(), at(16 * 3_600));
    assert_eq!(over.unwrap_err(), SessionError::Over);
}

#[test]
fn a_closed_session_is_unknown_and_the_bell_rings() {
    let (registry, auth) = auth();
    let (first, second) = (open(&auth, 0), open(&auth, 0));
    let mut bell = registry.bell();
    bell.mark_unchanged();
    auth.close(&first.card.key).unwrap();
    assert!(bell.has_changed().unwrap());
    let closed = auth.check(first.secret.reveal(), at(1)).unwrap_err();
    assert_eq!(closed, SessionError::Unknown);
    assert!(auth.check(second.secret.reveal(), at(1)).is_ok());
    auth.close(&first.card.key).unwrap();
    assert_eq!(registry.kept_sessions().unwrap().len(), 1);
}

#[test]
fn a_new_password_or_a_disabled_account_ends_open_sessions_of_another_process() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let service = with_account(Registry::open(&data).unwrap());
    let command = Registry::open(&data).unwrap();
    let auth = Auth::new(Arc::clone(&service), SessionLimits::default(), at(0)).unwrap();
    let before = open(&auth, 0);
    let other = "another password";
    let hash = passwords::hash(&budapest(), other).unwrap();
    command
        .change(&made(1), |writer| writer.set_password(&budapest(), &hash))
        .unwrap();
    service.refresh().unwrap();
    let over = auth.check(before.secret.reveal(), at(2)).unwrap_err();
    assert_eq!(over, SessionError::Over);
    let old = auth.open(log_in("budapest", PASSWORD, DESK), at(2));
    assert!(matches!(old, Err(LogInError::Wrong)));

    let after = auth.open(log_in("budapest", other, DESK), at(2)).unwrap();
    command
        .change(&made(3), |writer| writer.disable_account(&budapest()))
        .unwrap();
    service.refresh().unwrap();
    let over = auth.stands(&after.card.key, at(4)).unwrap_err();
    assert_eq!(over, SessionError::Over);
}

#[test]
fn sessions_survive_a_restart_except_those_that_are_over() {
    let temp = tempfile::tempdir().unwrap();
    let data = DataDir::create(temp.path()).unwrap();
    let registry = with_account(Registry::open(&data).unwrap());
    let auth = Auth::new(Arc::clone(&registry), SessionLimits::default(), at(0)).unwrap();
    let (kept, closed, idle) = (open(&auth, 0), open(&auth, 0), open(&auth, 0));
    auth.close(&closed.card.key).unwrap();
    let later = at(3 * 3_600);
    assert!(auth.check(kept.secret.reveal(), later).is_ok());
    auth.settle(later).unwrap();
    drop((auth, registry));

    let registry = Arc::new(Registry::open(&data).unwrap());
    let later = at(5 * 3_600);
    let auth = Auth::new(Arc::clone(&registry), SessionLimits::default(), later).unwrap();
    let card = auth.check(kept.secret.reveal(), later).unwrap();
    assert_eq!(card.opened_at, at(0));
    for gone in [closed, idle] {
        let answer = auth.check(gone.secret.reveal(), later).unwrap_err();
        assert_eq!(answer, SessionError::Unknown);
    }
    assert_eq!(registry.kept_sessions().unwrap().len(), 1);
}

#[test]
fn using_a_session_is_written_down_at_most_once_a_minute() {
    let (registry, auth) = auth();
    let session = open(&auth, 0);
    let written = || registry.kept_sessions().unwrap()[0].seen_at;
    for second in 1..60 {
        auth.check(session.secret.reveal(), at(second)).unwrap();
        auth.settle(at(second)).unwrap();
        assert_eq!(written(), at(0));
    }
    auth.check(session.secret.reveal(), at(61)).unwrap();
    assert_eq!(written(), at(0));
    auth.settle(at(62)).unwrap();
    assert_eq!(written(), at(61));
}

#[test]
fn one_session_too_many_ends_the_one_that_is_longest_unused() {
    let registry = with_account(Registry::in_memory().unwrap());
    let limits = SessionLimits {
        per_account_max: 2,
        ..SessionLimits::default()
    };
    let auth = Auth::new(registry, limits, at(0)).unwrap();
    let (first, second) = (open(&auth, 0), open(&auth, 0));
    auth.check(first.secret.reveal(), at(5)).unwrap();
    let third = open(&auth, 6);
    assert!(auth.check(first.secret.reveal(), at(7)).is_ok());
    assert!(auth.check(third.secret.reveal(), at(7)).is_ok());
    let ended = auth.check(second.secret.reveal(), at(7)).unwrap_err();
    assert_eq!(ended, SessionError::Unknown);
}

#[test]
fn guessing_is_slowed_down_and_the_right_password_waits_too() {
    let (_, auth) = auth();
    for _ in 0..6 {
        let answer = auth.open(log_in("budapest", "guess", ELSEWHERE), at(0));
        assert!(matches!(answer, Err(LogInError::Wrong)));
    }
    let answer = auth.open(log_in("budapest", PASSWORD, ELSEWHERE), at(0));
    let Err(LogInError::Throttled { retry_after }) = answer else {
        panic!("not throttled: {answer:?}");
    };
    assert_eq!(retry_after, Span::from_secs(1));
    assert!(
        auth.open(log_in("budapest", PASSWORD, ELSEWHERE), at(1))
            .is_ok()
    );
}

#[test]
fn a_burst_of_guesses_is_no_way_around_the_throttle() {
    let (_, auth) = auth();
    let wrong = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| {
                let answer = auth.open(log_in("budapest", "guess", ELSEWHERE), at(0));
                if matches!(answer, Err(LogInError::Wrong)) {
                    wrong.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
    });
    // Six, and at most one more for each password that was being verified at that moment.
    let verified = wrong.into_inner();
    assert!((6..=6 + 3).contains(&verified), "{verified} were verified");
}

#[test]
fn a_stored_hash_names_argon2id_with_its_parameters_and_no_two_are_alike() {
    let first = passwords::hash(&budapest(), PASSWORD).unwrap();
    let second = passwords::hash(&budapest(), PASSWORD).unwrap();
    assert!(
        first
            .as_str()
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
    );
    assert_ne!(first.as_str(), second.as_str());
    assert!(passwords::verify(PASSWORD, &first) && passwords::verify(PASSWORD, &second));
    assert!(!passwords::verify("Exercise", &first));
    assert!(!format!("{first:?}").contains("argon2id$"));
}

#[test]
fn a_password_that_is_too_short_too_long_or_the_name_is_refused() {
    let refused = |password: &str| {
        passwords::hash(&budapest(), password)
            .unwrap_err()
            .to_string()
    };
    assert!(refused("seven77").contains("at least 8 characters, this one has 7"));
    assert!(refused(&"x".repeat(1_025)).contains("at most 1024 bytes"));
    assert!(refused("Budapest").contains("may not be its name"));
    assert!(passwords::hash(&budapest(), "ősz-ház!").is_ok());
}

#[test]
fn slots_bound_how_many_run_and_how_many_wait() {
    let slots = Slots::new(2, 1);
    let (first, _second) = (slots.take().unwrap(), slots.take().unwrap());
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| slots.take().is_some());
        while !slots.someone_waits() {
            std::thread::yield_now();
        }
        assert!(slots.take().is_none());
        drop(first);
        assert!(waiting.join().unwrap());
    });
}
