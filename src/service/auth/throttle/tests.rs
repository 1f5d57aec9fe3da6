use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000).plus(Span::from_secs(seconds))
}

fn attempt(account: &str, address: &str) -> Attempt {
    Attempt {
        account: AccountId::parse(account).ok(),
        address: address.parse().unwrap(),
    }
}

/// Fails `times`, each as soon as it may; answers the waits in between, in seconds.
fn fail(throttle: &mut Throttle, attempt: &Attempt, times: usize) -> Vec<i64> {
    let mut now = at(0);
    (0..times)
        .map(|_| {
            throttle.failed(attempt, now);
            let wait = throttle.wait(attempt, now).unwrap_or(Span::ZERO);
            now = now.plus(wait);
            assert_eq!(throttle.wait(attempt, now), None);
            wait.as_millis() / 1_000
        })
        .collect()
}

#[test]
fn the_wait_doubles_after_the_free_failures_up_to_the_longest() {
    let waits = fail(&mut Throttle::default(), &attempt("a", "192.0.2.1"), 16);
    assert_eq!(
        waits,
        [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    );
}

#[test]
fn an_account_is_slowed_down_from_whichever_address_the_guesses_come() {
    let mut throttle = Throttle::default();
    for host in 0..6 {
        throttle.failed(&attempt("a", &format!("192.0.2.{host}")), at(0));
    }
    assert!(throttle.wait(&attempt("a", "192.0.2.99"), at(0)).is_some());
    assert!(throttle.wait(&attempt("b", "192.0.2.99"), at(0)).is_none());
}

#[test]
fn an_address_is_slowed_down_whichever_accounts_it_guesses_at() {
    let mut throttle = Throttle::default();
    for name in 0..21 {
        throttle.failed(&attempt(&format!("name{name}"), "2001:db8::1"), at(0));
    }
    // The same network, another host of it, and a name that is none.
    assert!(
        throttle
            .wait(&attempt("fresh", "2001:db8::ffff"), at(0))
            .is_some()
    );
    assert!(
        throttle
            .wait(&attempt("not a name", "2001:db8::2"), at(0))
            .is_some()
    );
    assert!(
        throttle
            .wait(&attempt("fresh", "2001:db8:1::1"), at(0))
            .is_none()
    );
}

#[test]
fn a_guesser_elsewhere_cannot_keep_an_operator_from_the_own_desk() {
    let mut throttle = Throttle::default();
    let desk = attempt("a", "192.0.2.1");
    throttle.succeeded(&desk, at(0));
    fail(&mut throttle, &attempt("a", "203.0.113.9"), 12);
    assert_eq!(throttle.wait(&desk, at(0)), None);
    // At the own desk too, guessing is slowed down.
    assert!(fail(&mut throttle, &desk, 8).last() > Some(&0));
}

#[test]
fn success_clears_the_account_but_not_the_address() {
    let mut throttle = Throttle::default();
    let own = attempt("own", "192.0.2.1");
    fail(&mut throttle, &own, 5);
    for name in 0..16 {
        throttle.failed(&attempt(&format!("name{name}"), "192.0.2.1"), at(0));
    }
    throttle.succeeded(&own, at(400));
    throttle.failed(&attempt("name", "192.0.2.1"), at(400));
    assert!(throttle.wait(&own, at(400)).is_some());
    assert!(
        throttle
            .wait(&attempt("own", "192.0.2.2"), at(400))
            .is_none()
    );
}

#[test]
fn failures_are_forgotten_after_an_hour_without_one() {
    let mut throttle = Throttle::default();
    let who = attempt("a", "192.0.2.1");
    for _ in 0..40 {
        throttle.failed(&who, at(0));
    }
    assert!(throttle.wait(&who, at(299)).is_some());
    throttle.failed(&who, at(3_600));
    assert_eq!(throttle.wait(&who, at(3_600)), None);
}

#[test]
fn memory_is_bounded_and_the_newest_failures_stay() {
    let mut throttle = Throttle::default();
    let most = KEPT_MAX as i64 * 2;
    for number in 0..most {
        let (high, low) = (number / 250, number % 250);
        let who = attempt(
            &format!("a{number}"),
            &format!("10.{}.{}.{low}", high / 250, high % 250),
        );
        throttle.failed(&who, at(number / 100));
        throttle.succeeded(&who, at(number / 100));
    }
    assert!(throttle.failures.len() <= KEPT_MAX && throttle.known.len() <= KEPT_MAX);
    let newest = most - 1;
    let pair = AccountId::parse(&format!("a{newest}")).unwrap();
    assert!(throttle.known.keys().any(|(account, _)| *account == pair));
}
