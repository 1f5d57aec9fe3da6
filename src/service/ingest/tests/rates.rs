use crate::domain::ids::SourceId;
use crate::service::ingest::rate::{Counted, Holding, Rates};
use crate::service::ingest::{IngestLimits, RateLimit};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

fn token(name: &str) -> SourceId {
    SourceId::parse(name).unwrap()
}

fn limits(longest_wait: u64) -> IngestLimits {
    IngestLimits {
        fixes: RateLimit {
            per_second: 100.0,
            burst: 200.0,
            longest_wait: Duration::from_secs(longest_wait),
        },
        sockets_per_token: 2,
        ..IngestLimits::default()
    }
}

#[test]
fn a_sender_waits_its_share_and_is_refused_only_beyond_the_longest_wait() {
    let rates = Rates::new(&limits(3));
    let car = token("car");
    let start = Instant::now();
    let take = |count, after_ms| {
        let now = start + Duration::from_millis(after_ms);
        rates.take(&car, Counted::Fixes(count), now)
    };
    assert_eq!(take(200, 0), Ok(Duration::ZERO));
    assert_eq!(take(100, 0), Ok(Duration::from_secs(1)));
    assert_eq!(take(200, 0), Ok(Duration::from_secs(3)));
    assert_eq!(
        take(50, 0).unwrap_err().retry_after,
        Duration::from_millis(500)
    );
    // A refusal costs nothing: after that time it passes.
    assert_eq!(take(50, 500), Ok(Duration::from_secs(3)));
    // A long rest fills the bucket, not more.
    assert_eq!(take(200, 3_600_000), Ok(Duration::ZERO));
    assert_eq!(take(1, 3_600_000), Ok(Duration::from_millis(10)));
}

#[test]
fn one_after_the_other_the_defaults_never_refuse_whatever_the_backlog() {
    let rates = Rates::new(&IngestLimits::default());
    let gateway = token("gateway");
    let mut now = Instant::now();
    for _ in 0..200 {
        now += rates.take(&gateway, Counted::Request, now).unwrap();
        now += rates.take(&gateway, Counted::Fixes(10_000), now).unwrap();
    }
}

#[test]
fn a_socket_waits_as_long_as_it_takes() {
    let rates = Rates::new(&limits(0));
    let wait = rates.take_patiently(&token("car"), 1_200, Instant::now());
    assert_eq!(wait, Duration::from_secs(10));
}

#[test]
fn sockets_of_one_token_are_bounded_and_given_back() {
    let rates = Arc::new(Rates::new(&limits(0)));
    let car = token("car");
    let first = rates.hold(&car, Holding::Sockets, 1);
    let second = rates.hold(&car, Holding::Sockets, 1);
    assert!(first.is_some() && second.is_some());
    assert!(rates.hold(&car, Holding::Sockets, 1).is_none());
    assert!(rates.hold(&token("other"), Holding::Sockets, 1).is_some());
    drop(first);
    assert!(rates.hold(&car, Holding::Sockets, 1).is_some());
}

#[test]
fn one_token_leaves_places_and_bytes_to_the_others() {
    let rates = Arc::new(Rates::new(&IngestLimits {
        requests_at_once_per_token: 2,
        receiving_bytes_per_token: 100,
        ..IngestLimits::default()
    }));
    let (car, other) = (token("car"), token("other"));
    let places = [(); 2].map(|()| rates.hold(&car, Holding::Requests, 1).unwrap());
    assert!(rates.hold(&car, Holding::Requests, 1).is_none());
    assert!(rates.hold(&other, Holding::Requests, 1).is_some());
    drop(places);
    assert!(rates.hold(&car, Holding::Requests, 1).is_some());
    let mut body = rates.hold(&car, Holding::Bytes, 60).unwrap();
    assert!(!body.grow(41));
    assert!(body.grow(40));
    assert!(rates.hold(&car, Holding::Bytes, 1).is_none());
    drop(body);
    assert!(rates.hold(&car, Holding::Bytes, 100).is_some());
}
