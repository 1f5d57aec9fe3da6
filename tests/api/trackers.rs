//! A technical source over HTTP: sealed outside its legal area for everybody, unsealed by two persons.

use crate::house::{Desk, House, made, opening, until};
use limes::domain::measure::Span;
use limes::domain::registry::UnitKind;
use reqwest::StatusCode;
use serde_json::{Value, json};

const PERMISSIONS: &str = "/api/v1/operations/RAJKA/tracker-permissions";

/// A tracker in an operation, on a car that has just driven over the line into Romania.
async fn over_the_line() -> House {
    let mut house = House::new().await;
    house.enroll("TR-1", ("budapest", "HU"), UnitKind::Tracker);
    let desk = house.log_in("budapest-operator").await;
    until(async || desk.get("/api/v1/units/TR-1").await.status == StatusCode::OK).await;
    let mut card = opening("RAJKA");
    card["units"] = json!(["HU-1", "TR-1"]);
    let answer = desk.post("/api/v1/operations", &card).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    house.drive_over("TR-1").await;
    house
}

/// East of this the frontier, near 20.70 east at 46.165 north, is passed for certain.
const BEYOND: f64 = 20.71;

/// How many of its places are kept on this side of the line, and how many beyond.
async fn kept(desk: &Desk) -> (usize, usize) {
    let track = desk.get("/api/v1/tracks/TR-1?reason=test").await;
    assert_eq!(track.status, StatusCode::OK, "{}", track.body);
    let fixes = track.body["fixes"].as_array().unwrap();
    let beyond = |fix: &&Value| fix["lon"].as_f64().unwrap() > BEYOND;
    let beyond = fixes.iter().filter(beyond).count();
    (fixes.len() - beyond, beyond)
}

fn permission() -> Value {
    let now = made().at;
    json!({ "unit": "TR-1", "state": "RO", "number": "RO-27-0315", "from": now.plus(Span::from_hours(-1)).to_string(),
            "to": now.plus(Span::from_hours(3)).to_string() })
}

#[tokio::test]
async fn beyond_the_line_nobody_learns_where_it_is_and_its_sender_not_even_that_it_is_sealed() {
    let house = over_the_line().await;
    let desk = house.log_in("budapest-operator").await;
    let unit = desk.get("/api/v1/units/TR-1").await;
    assert_eq!(unit.body["sealed"]["without"], "RO", "{}", unit.body);
    assert_eq!(unit.body["position"]["states"], "HU");
    let (before, beyond) = kept(&desk).await;
    assert!(before > 30 && beyond == 0, "{before} {beyond}");
    assert_eq!(desk.events("tracker.sealed").await.len(), 1);
    for kind in [
        "crossing.suspected",
        "crossing.confirmed",
        "fix.quarantined",
        "unit.silent",
    ] {
        assert_eq!(desk.events(kind).await, [] as [Value; 0], "{kind}");
    }
    // A token of the tracker that names another unit tells nobody where it is either.
    let at = made().at.to_string();
    let fix =
        json!([{"unit": "HU-2", "fixed_at": at, "lat": 46.165, "lon": 20.9, "accuracy_m": 5.0}]);
    let answer = house.unit("TR-1").post("/api/v1/fixes", &fix).await;
    assert_eq!(
        answer.body["quarantined"][0]["reason"], "not_your_unit",
        "{}",
        answer.body
    );
    let apart = desk.events("fix.quarantined").await;
    assert_eq!(apart[0]["fix"], json!(null), "{apart:?}");
    // The partner never learns of it at all.
    let arad = house.log_in("arad-operator").await;
    assert_eq!(
        arad.get("/api/v1/units/TR-1").await.status,
        StatusCode::NOT_FOUND
    );
    // A restart tells the same.
    let house = house.again().await;
    let desk = house.log_in("budapest-operator").await;
    let unit = desk.get("/api/v1/units/TR-1").await;
    assert_eq!(unit.body["sealed"]["without"], "RO", "{}", unit.body);
}

#[tokio::test]
async fn a_supervisor_and_the_legal_desk_unseal_it_from_then_on() {
    let house = over_the_line().await;
    let operator = house.log_in("budapest-operator").await;
    let refused = operator.post(PERMISSIONS, &permission()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    let supervisor = house.log_in("budapest-supervisor").await;
    let asked = permission();
    let first = supervisor.post(PERMISSIONS, &asked).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    let entered = &first.body["trackers"][0];
    assert_eq!(entered["first"]["account"], "budapest-supervisor");
    assert_eq!(
        (&entered["second"], &entered["since"]),
        (&json!(null), &json!(null))
    );
    let alone = supervisor.post(PERMISSIONS, &asked).await;
    assert_eq!(
        alone.body["guard"], "tracker_permission_second",
        "{}",
        alone.body
    );
    house.post_fixes("TR-1", &[(20.75, 0.5)]).await;
    assert_eq!(kept(&operator).await.1, 0);
    let legal = house.log_in("budapest-legal").await;
    let second = legal.post(PERMISSIONS, &asked).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.body);
    let entered = &second.body["trackers"][0];
    assert_eq!(entered["second"]["account"], "budapest-legal");
    house.post_fixes("TR-1", &[(20.751, 0.0)]).await;
    assert_eq!(kept(&operator).await.1, 1);
    let unit = operator.get("/api/v1/units/TR-1").await;
    assert_eq!(unit.body["sealed"], json!(null), "{}", unit.body);
    for (key, value) in [
        ("state", "Romania"),
        ("number", " "),
        ("unit", ""),
        ("to", "noon"),
    ] {
        let mut wrong = permission();
        wrong[key] = json!(value);
        let answer = legal.post(PERMISSIONS, &wrong).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{key}: {}",
            answer.body
        );
    }
    let mut of_a_car = permission();
    of_a_car["unit"] = json!("HU-1");
    let answer = legal.post(PERMISSIONS, &of_a_car).await;
    assert_eq!(
        answer.body["guard"], "tracker_not_in_operation",
        "{}",
        answer.body
    );
}
