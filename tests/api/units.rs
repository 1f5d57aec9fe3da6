//! What units send: their own acts, and fixes that are not theirs to send.

use crate::house::{House, until};
use limes::domain::registry::UnitKind;
use limes::service::clock::Clock;
use reqwest::StatusCode;
use serde_json::{Value, json};

const ACTS: &str = "/api/v1/units/HU-1/acts";

#[tokio::test]
async fn an_act_with_the_key_of_another_act_is_refused_and_not_lost() {
    let house = House::new().await;
    let unit = house.unit("HU-1");
    let at = Clock::real().now().to_string();
    let wilco = json!({"act": "wilco", "at": at, "key": "k"});
    for repeated in [false, true] {
        let answer = unit.post(ACTS, &wilco).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.body["repeated"], repeated);
    }
    let emergency = json!({"act": "emergency", "at": at, "key": "k"});
    let refused = unit.post(ACTS, &emergency).await;
    assert_eq!(
        (refused.status, &refused.body["guard"]),
        (StatusCode::CONFLICT, &json!("key_of_another_act"))
    );
    let again = json!({"act": "emergency", "at": at, "key": "k2"});
    assert_eq!(unit.post(ACTS, &again).await.status, StatusCode::OK);
    let desk = house.log_in("budapest-operator").await;
    assert_eq!(desk.events("unit.acted").await.len(), 2);
}

#[tokio::test]
async fn a_fix_of_another_unit_is_kept_once_under_its_sender() {
    let house = House::new().await;
    let fix = |unit: &str| {
        let at = Clock::real().now();
        json!({"unit": unit, "fixed_at": at.as_millis(), "lat": 46.165, "lon": 20.6})
    };
    let others = json!([fix("HU-2"), fix("RO-1")]);
    for _ in 0..2 {
        let answer = house.unit("HU-1").post("/api/v1/fixes", &others).await;
        let reasons: Vec<&Value> = answer.body["quarantined"]
            .as_array()
            .unwrap()
            .iter()
            .map(|kept| &kept["reason"])
            .collect();
        assert_eq!(
            reasons,
            ["not_your_unit", "not_your_unit"],
            "{}",
            answer.body
        );
    }
    let desk = house.log_in("budapest-operator").await;
    let kept = desk.events("fix.quarantined").await;
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.iter().all(|event| event["unit"] == "HU-1"), "{kept:?}");
    let named = desk.get("/api/v1/units/HU-2").await.body;
    assert_eq!(named["quarantined"], json!({}), "{named}");
}

#[tokio::test]
async fn a_time_from_before_1970_is_refused_and_the_service_starts_again() {
    let house = House::new().await;
    let early = "0000-01-01T00:00:00+00:01";
    let unit = house.unit("HU-1");
    let fix = json!({"unit": "HU-1", "fixed_at": early, "lat": 46.165, "lon": 20.6});
    let act = json!({"act": "wilco", "at": early, "key": "k"});
    for (path, body, key) in [("/api/v1/fixes", fix, "fixed_at"), (ACTS, act, "at")] {
        let answer = unit.post(path, &body).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key)),
            "{}",
            answer.body
        );
    }
    house.again().await;
}

#[tokio::test]
async fn what_a_drones_camera_sees_is_shown_apart_from_where_it_is_and_only_by_its_own_token() {
    let mut house = House::new().await;
    house.enroll("HU-D1", ("budapest", "HU"), UnitKind::Drone);
    let desk = house.log_in("budapest-operator").await;
    until(async || desk.get("/api/v1/units/HU-D1").await.status == StatusCode::OK).await;
    let address = "/api/v1/units/HU-D1/footprint";
    let at = Clock::real().now().to_string();
    let ring = json!([
        [20.69, 46.15],
        [20.72, 46.15],
        [20.72, 46.165],
        [20.69, 46.165]
    ]);
    let footprint = json!({"at": at, "ring": ring});
    for changed in [true, false] {
        let answer = house.unit("HU-D1").post(address, &footprint).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(answer.body, json!({"unit": "HU-D1", "changed": changed}));
    }
    until(async || desk.get("/api/v1/units/HU-D1").await.body["camera"]["states"] == "HU|RO").await;
    let told = desk.events("unit.camera_over").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["ring"], ring);
    for kind in ["crossing.confirmed", "crossing.suspected", "alarm.raised"] {
        assert_eq!(desk.events(kind).await, [] as [Value; 0], "{kind}");
    }

    let answer = house.unit("HU-1").post(address, &footprint).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    let of_car = "/api/v1/units/HU-1/footprint";
    let answer = house.unit("HU-1").post(of_car, &footprint).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("no_aircraft"))
    );
    let two = json!({"at": at, "ring": [[20.69, 46.15], [20.72, 46.15]]});
    let answer = house.unit("HU-D1").post(address, &two).await;
    assert_eq!(
        (answer.status, &answer.body["key"]),
        (StatusCode::BAD_REQUEST, &json!("ring"))
    );
}
