//! After an erasure the service starts again, and says "erased" where there was something.

use crate::house::{House, opening, until};
use limes::domain::measure::{Span, Timestamp};
use limes::domain::retention::{Days, Retention, RetentionClass};
use limes::service::clock::Clock;
use limes::service::erasure::{self, Grounds, LedgerPlan, Moment, Wanted};
use limes::service::journal::{SqliteJournal, SqliteReader, VerifyRequest};
use limes::service::profiles::SignedProfiles;
use limes::service::ruledata;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::Path;

const OPERATIONS: &str = "/api/v1/operations";

/// In two months, when what is recorded now is past its time.
fn later() -> Timestamp {
    Clock::real().now().plus(Span::from_hours(60 * 24))
}

fn erase_due(data: &Path) -> Vec<LedgerPlan> {
    let days = Days {
        positions: Some(30),
        operation_positions: Some(40),
        access: Some(50),
    };
    let wanted = Wanted::Due(Retention::new(days, 24).unwrap());
    let moment = Moment {
        now: later(),
        age: Span::from_hours(24),
    };
    let mut journal = SqliteJournal::open(data).unwrap();
    let plans = erasure::plan(&SqliteReader::open(data).unwrap(), &wanted, moment).unwrap();
    let grounds = Grounds {
        by: "the records office",
        reason: "retention",
        unit: None,
    };
    erasure::carry_out(&mut journal, &plans, Clock::real().now(), grounds).unwrap();
    assert!(!journal.has_traces());
    plans
}

/// Stops the service, erases what will be due in two months, and starts it again.
async fn erased(house: House) -> (House, Vec<LedgerPlan>) {
    let mut plans = Vec::new();
    let rules = ruledata::rulebook(None).unwrap();
    let house = house
        .again_after(rules, SignedProfiles::default(), |data| {
            plans = erase_due(data);
        })
        .await
        .unwrap();
    (house, plans)
}

fn findings(house: &House) -> Vec<String> {
    let reader = SqliteReader::open(house.data()).unwrap();
    let verified = reader
        .verify(&VerifyRequest::default(), &mut |_| {})
        .unwrap();
    verified
        .findings
        .into_iter()
        .map(|wrong| wrong.what)
        .collect()
}

fn crossings(events: &[Value]) -> Vec<&Value> {
    events.iter().map(|event| &event["crossing"]).collect()
}

#[tokio::test]
async fn what_is_erased_outside_operations_is_called_erased_and_no_crossing_is_taken_back_or_doubled()
 {
    let house = House::new().await;
    house.drive_over("HU-2").await;
    let desk = house.log_in("budapest-operator").await;
    let confirmed = desk.events("crossing.confirmed").await;
    assert_eq!(confirmed.len(), 1, "{confirmed:?}");
    let track = desk.get("/api/v1/tracks/HU-2").await.body;
    assert_eq!(track["fixes"].as_array().unwrap().len(), 140);
    assert_eq!(track["erased"], json!([]));

    let (house, plans) = erased(house).await;
    let budapest = plans
        .iter()
        .find(|plan| plan.room.as_str() == "budapest")
        .unwrap();
    assert_eq!(budapest.held, []);
    assert_eq!(budapest.erase[0].class, RetentionClass::Positions);
    assert_eq!(findings(&house), Vec::<String>::new());

    let desk = house.log_in("budapest-operator").await;
    let answer = desk.get("/api/v1/tracks/HU-2").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body["fixes"], json!([]));
    assert_eq!(answer.body["erased"][0]["class"], "positions");
    assert!(answer.body["erased"][0]["record"].as_u64().unwrap() > 0);
    let events = desk.get("/api/v1/events").await.body;
    assert!(
        events["erased"].as_u64().unwrap() > 0,
        "who looked and logged in before"
    );
    let of_the_unit = desk.get("/api/v1/events?unit=HU-2").await.body;
    assert_eq!(of_the_unit["erased"], 0, "what was decided stays");
    let mut watch = desk.watch("").await;
    let snapshot = watch.next_of("snapshot").await;
    let unit = snapshot["units"]
        .as_array()
        .unwrap()
        .iter()
        .find(|unit| unit["id"] == "HU-2");
    assert!(
        unit.is_some_and(|unit| unit["position"].is_null()),
        "{unit:?}"
    );

    // It is heard again, still in Romania: what was decided stands.
    let way: Vec<(f64, f64)> = (0..30)
        .map(|n| (20.74 + 0.000_4 * f64::from(n), 30.0 - f64::from(n)))
        .collect();
    house.post_fixes("HU-2", &way).await;
    until(async || {
        let fixes = desk.get("/api/v1/tracks/HU-2").await.body["fixes"]
            .as_array()
            .unwrap()
            .len();
        fixes == 30
    })
    .await;
    let again = desk.events("crossing.confirmed").await;
    assert_eq!(crossings(&again), crossings(&confirmed));
    assert_eq!(desk.events("crossing.retracted").await, Vec::<Value>::new());
    assert_eq!(findings(&house), Vec::<String>::new());

    // Once more, and with nothing left once again: each time the service starts.
    let (house, _) = erased(house).await;
    let (house, plans) = erased(house).await;
    assert!(plans.iter().all(|plan| plan.erase.is_empty()), "{plans:?}");
    let desk = house.log_in("budapest-operator").await;
    let track = desk.get("/api/v1/tracks/HU-2").await.body;
    assert_eq!(track["erased"].as_array().unwrap().len(), 2);
    assert_eq!(findings(&house), Vec::<String>::new());
}

#[tokio::test]
async fn positions_are_held_while_the_operation_is_open_and_its_report_says_when_they_are_gone() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let before: Vec<(f64, f64)> = (0..10).map(|n| (20.40, 60.0 - f64::from(n))).collect();
    house.post_fixes("HU-1", &before).await;
    house.post_fixes("HU-2", &before).await;
    let answer = desk.post(OPERATIONS, &opening("RAJKA")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let within: Vec<(f64, f64)> = (0..10).map(|n| (20.41, 20.0 - f64::from(n))).collect();
    house.post_fixes("HU-1", &within).await;
    until(async || {
        let track = desk.get("/api/v1/tracks/HU-1").await.body;
        track["fixes"].as_array().unwrap().len() == 20
    })
    .await;

    let (house, plans) = erased(house).await;
    let budapest = plans
        .iter()
        .find(|plan| plan.room.as_str() == "budapest")
        .unwrap();
    let held: Vec<RetentionClass> = budapest.held.iter().map(|(_, lot)| lot.class).collect();
    assert_eq!(
        held,
        [
            RetentionClass::Positions,
            RetentionClass::OperationPositions
        ]
    );
    let desk = house.log_in("budapest-operator").await;
    let fixes = async |unit: &str| {
        let track = desk.get(&format!("/api/v1/tracks/{unit}")).await.body;
        track["fixes"].as_array().unwrap().len()
    };
    assert_eq!((fixes("HU-1").await, fixes("HU-2").await), (20, 0));

    let closing = json!({"reason": "over", "outcome": "not_crossed"});
    let closed = desk
        .post(&format!("{OPERATIONS}/RAJKA/close"), &closing)
        .await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.body);
    let (house, plans) = erased(house).await;
    let budapest = plans
        .iter()
        .find(|plan| plan.room.as_str() == "budapest")
        .unwrap();
    assert_eq!(budapest.held, []);
    let desk = house.log_in("budapest-operator").await;
    let report = desk.get(&format!("{OPERATIONS}/RAJKA/report")).await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.body);
    let source = &report.body["sources"][0];
    assert_eq!(
        (&source["fixes"], &source["first"]),
        (&json!(0), &json!(null))
    );
    let gone = &report.body["made"]["erased_positions"];
    assert!(!gone.as_array().unwrap().is_empty(), "{gone}");
    assert!(
        gone.as_array()
            .unwrap()
            .iter()
            .all(|of| of["unit"] == "HU-1"),
        "{gone}"
    );
    let page = desk
        .get(&format!("{OPERATIONS}/RAJKA/report?format=html"))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let page = page.text;
    assert!(
        page.contains("Positions erased") || page.contains("Törölt helyzetadatok"),
        "{page}"
    );
    assert_eq!(findings(&house), Vec::<String>::new());
}
