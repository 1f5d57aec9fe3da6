use super::drive;
use crate::cli::replay::connection::request;
use crate::cli::replay::load::Recording;
use crate::cli::replay::post::{Outgoing, Posted, post_all};
use crate::cli::replay::schedule::{Schedule, Speed};
use crate::domain::ids::UnitId;
use crate::domain::measure::Timestamp;
use crate::service::desk::stand_in::{Came, StandIn};
use crate::service::desk::{DeskError, FixReceipt};
use crate::service::ingest::IngestLimits;
use crate::service::ingest::tests::{CAR, House, house, open_house};
use std::collections::BTreeSet;

const START: Timestamp = Timestamp::from_millis(2_000_000_000_000);

async fn post(house: &House, token: &str, recording: &Recording) -> anyhow::Result<Posted> {
    let schedule = Schedule {
        speed: Speed::Max,
        keep_times: false,
    };
    let request = request(&house.url("/"), token)?;
    post_all(&request, &Outgoing::new(recording, schedule, START)).await
}

#[tokio::test]
async fn a_recording_is_posted_and_durable_to_the_last_fix() {
    let (house, kept) = house(IngestLimits::default()).await;
    let posted = post(&house, CAR, &drive(2_400)).await.unwrap();
    assert_eq!(posted.durable, 2_400);
    assert_eq!((posted.duplicate, posted.reconnects), (0, 0));
    let kept = kept.lock().unwrap();
    let times: Vec<i64> = kept.fixes.keys().map(|(_, _, at)| *at).collect();
    assert_eq!(times.len(), 2_400);
    assert_eq!(times.last(), Some(&START.as_millis()));
    assert_eq!(times.first(), Some(&(START.as_millis() - 2_399_000)));
    // The source is left to the service: the token's id.
    assert!(
        kept.fixes
            .keys()
            .all(|(_, source, _)| source.as_str() == "t-car")
    );
}

#[tokio::test]
async fn a_recording_is_posted_at_its_own_pace() {
    let (house, kept) = house(IngestLimits::default()).await;
    let schedule = Schedule {
        speed: Speed::Times(100.0),
        keep_times: true,
    };
    let recording = drive(11);
    let begun = std::time::Instant::now();
    let request = request(&house.url(""), CAR).unwrap();
    post_all(&request, &Outgoing::new(&recording, schedule, START))
        .await
        .unwrap();
    assert!(
        begun.elapsed().as_millis() >= 100,
        "ten recorded seconds at a hundred times their speed take at least a tenth of a second"
    );
    let kept = kept.lock().unwrap();
    assert_eq!(
        kept.fixes.keys().next().map(|(_, _, at)| *at),
        Some(recording.begins().as_millis())
    );
}

#[tokio::test]
async fn quarantined_fixes_are_counted_by_reason() {
    let (house, _) = house(IngestLimits::default()).await;
    let mut recording = drive(10);
    for fix in &mut recording.fixes[3..5] {
        fix.unit = UnitId::parse("RO-1").unwrap();
    }
    let posted = post(&house, CAR, &recording).await.unwrap();
    assert_eq!(posted.durable, 10);
    assert_eq!(
        posted.quarantined.into_iter().collect::<Vec<_>>(),
        [("not_your_unit".to_owned(), 2)]
    );
}

/// A desk that keeps all, but breaks the third and the fifth batch off: the one before, the other after keeping it.
async fn stumbling(mut desk: StandIn) -> BTreeSet<i64> {
    let mut kept = BTreeSet::new();
    let mut batches = 0;
    while let Some(Came::Fixes(came)) = desk.next().await {
        batches += 1;
        if batches == 3 {
            let _ = came.answer.send(Err(DeskError::Failing));
            continue;
        }
        let mut receipt = FixReceipt::default();
        for fix in &came.fixes {
            if kept.insert(fix.fixed_at.as_millis()) {
                receipt.accepted += 1;
            } else {
                receipt.duplicate += 1;
            }
        }
        let answer = if batches == 5 {
            Err(DeskError::Closed)
        } else {
            Ok(receipt)
        };
        let _ = came.answer.send(answer);
    }
    kept
}

#[tokio::test]
async fn what_was_not_acknowledged_is_sent_again_and_nothing_is_lost() {
    let (house, desk) = open_house(IngestLimits::default(), 4).await;
    let keeping = tokio::spawn(stumbling(desk));
    let posted = post(&house, CAR, &drive(5_000)).await.unwrap();
    assert_eq!(posted.durable, 5_000);
    assert_eq!(posted.reconnects, 2);
    // What was kept and not answered came a second time, and was known.
    assert!(posted.duplicate >= 500, "{posted:?}");
    keeping.abort();
}

#[tokio::test]
async fn a_token_that_is_refused_ends_it_at_once() {
    let (house, _) = house(IngestLimits::default()).await;
    let error = post(&house, "nobody", &drive(3))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("0 of 3 fixes are durable: the service answered 401"),
        "{error}"
    );
    assert!(error.contains("this token is not known here"), "{error}");
}

#[tokio::test]
async fn a_token_that_is_revoked_on_the_way_ends_it() {
    let (house, mut desk) = open_house(IngestLimits::default(), 4).await;
    let recording = drive(3);
    let posting = post(&house, CAR, &recording);
    let revoking = async {
        let _unanswered = desk.next().await;
        house.gate.revoke("t-car");
        std::future::pending::<()>().await;
    };
    let error = tokio::select! {
        posted = posting => posted.unwrap_err().to_string(),
        () = revoking => unreachable!("it waits for ever"),
    };
    assert!(error.contains("(1008): this token was revoked"), "{error}");
}

#[tokio::test]
async fn what_is_no_service_is_told_so() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/elsewhere", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, axum::Router::new()).await });
    let recording = drive(1);
    let schedule = Schedule {
        speed: Speed::Max,
        keep_times: false,
    };
    let outgoing = Outgoing::new(&recording, schedule, START);
    let error = post_all(&request(&url, CAR).unwrap(), &outgoing)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("404") && error.contains("no Limes"),
        "{error}"
    );
}

#[test]
fn addresses_become_those_of_the_stream() {
    for (to, wanted) in [
        (
            "http://127.0.0.1:8080",
            "ws://127.0.0.1:8080/api/v1/fixes/stream",
        ),
        (
            "https://limes.example/",
            "wss://limes.example/api/v1/fixes/stream",
        ),
        ("ws://h/base/", "ws://h/base/api/v1/fixes/stream"),
        ("wss://h/api/v1/fixes/stream", "wss://h/api/v1/fixes/stream"),
    ] {
        assert_eq!(request(to, "t").unwrap().uri(), wanted);
    }
    for bad in ["", "limes", "ftp://h", "http://", "http://a b"] {
        assert!(request(bad, "t").is_err(), "{bad}");
    }
    assert!(request("http://h", "a\nb").is_err());
    let secret = request("http://h", "secret").unwrap();
    assert!(!format!("{:?}", secret.headers()).contains("secret"));
}
