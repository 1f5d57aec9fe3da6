//! How far a pursuit may go, as a map asks for it: drawn where there is a radius, said where there is none.

use crate::house::{Desk, House, WRONG_BOXES, opening};
use crate::operations::OPERATIONS;
use reqwest::StatusCode;
use serde_json::{Value, json};

/// Around the place where Hungary, Slovenia and Croatia are near.
const LENDAVA: &str = "bbox=16.0,46.4,16.7,46.9";

async fn chase(desk: &Desk) {
    let mut chase = opening("CHASE");
    chase["basis"] = json!("pursuit_flagrante");
    chase["authorisation"] = Value::Null;
    chase["offence"] = json!("murder");
    chase["host_states"] = json!(["RO", "SI"]);
    let answer = desk.post(OPERATIONS, &chase).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
}

#[tokio::test]
async fn a_radius_is_drawn_and_what_is_not_known_is_said_and_not_drawn() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    chase(&desk).await;
    let path = format!("{OPERATIONS}/CHASE/strips?{LENDAVA}");
    let answer = desk.get(&path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let strips = answer.body;
    assert_eq!(strips["type"], "FeatureCollection");
    assert_eq!(strips["operation"], "CHASE");
    let extents = strips["extents"].as_array().unwrap();
    assert_eq!(extents.len(), 2, "{extents:?}");
    let (ro, si) = (&extents[0], &extents[1]);
    assert_eq!(
        (&ro["host"], &ro["extent"]),
        (&json!("RO"), &json!("not_known"))
    );
    assert_eq!((&ro["max_m"], &ro["error_m"]), (&Value::Null, &Value::Null));
    let unknown = ro["sentence"].as_str().unwrap();
    assert!(
        !unknown.contains("km") && unknown.contains("not known"),
        "{unknown}"
    );
    assert_eq!(
        (&si["host"], &si["extent"]),
        (&json!("SI"), &json!("radius"))
    );
    assert_eq!(
        (&si["max_m"], &si["measured_from"]),
        (&json!(30_000.0), &json!("common_frontier"))
    );
    assert_eq!(si["citation"]["confidence"], "low");
    assert!(si["error_m"].as_f64().unwrap() < 120.0, "{si}");
    let features = strips["features"].as_array().unwrap();
    let parts: Vec<(&Value, &Value)> = features
        .iter()
        .map(|one| (&one["properties"]["part"], &one["geometry"]["type"]))
        .collect();
    assert_eq!(
        parts,
        [
            (&json!("area"), &json!("MultiPolygon")),
            (&json!("edge"), &json!("MultiLineString"))
        ]
    );
    assert!(features.iter().all(|one| one["properties"]["host"] == "SI"));
    for ring in features[0]["geometry"]["coordinates"][0]
        .as_array()
        .unwrap()
    {
        let ring = ring.as_array().unwrap();
        assert_eq!(ring.first(), ring.last(), "a ring is closed");
    }
    // Far from any of it there is nothing to draw, and the same to say.
    let far = desk
        .get(&format!("{OPERATIONS}/CHASE/strips?bbox=20,46,21,47"))
        .await;
    assert_eq!(far.body["features"], json!([]));
    assert_eq!(far.body["extents"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_no_pursuit_has_no_strip() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    crate::operations::open(&desk, "NAGYLAK-27").await;
    let answer = desk
        .get(&format!("{OPERATIONS}/NAGYLAK-27/strips?{LENDAVA}"))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        (&answer.body["extents"], &answer.body["features"]),
        (&json!([]), &json!([]))
    );
}

#[tokio::test]
async fn a_strip_is_given_to_those_who_see_the_operation_in_a_box_that_is_one() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    chase(&desk).await;
    for bbox in WRONG_BOXES {
        let answer = desk
            .get(&format!("{OPERATIONS}/CHASE/strips?bbox={bbox}"))
            .await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!("bbox")),
            "{bbox}"
        );
    }
    let path = format!("{OPERATIONS}/CHASE/strips?{LENDAVA}");
    let stranger = house.log_in("arad-operator").await.get(&path).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND, "not shared");
    assert_eq!(
        house.nobody().get(&path).await.status,
        StatusCode::UNAUTHORIZED
    );
    let admin = house.log_in("budapest-admin").await.get(&path).await;
    assert_eq!(
        admin.status,
        StatusCode::FORBIDDEN,
        "an admin sees no position"
    );
    let auditor = house.log_in("budapest-auditor").await.get(&path).await;
    assert_eq!(
        auditor.status,
        StatusCode::NOT_FOUND,
        "an auditor sees closed ones"
    );
    // A box without any width is one.
    let point = desk
        .get(&format!(
            "{OPERATIONS}/CHASE/strips?bbox=16.5,46.6,16.5,46.6"
        ))
        .await;
    assert_eq!(
        (point.status, &point.body["features"]),
        (StatusCode::OK, &json!([]))
    );
}

#[tokio::test]
async fn a_document_that_lets_a_drone_fly_is_kept_with_its_area_and_height_and_bad_ones_are_refused()
 {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let ring = json!([[20.70, 46.15], [20.75, 46.15], [20.75, 46.20]]);
    let mut flight = opening("FLIGHT");
    flight["authorisation"]["drone"] = json!({"area": ring, "altitude_max_m": 250.0});
    let answer = desk.post(OPERATIONS, &flight).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let drone = &answer.body["authorisation"]["drone"];
    assert_eq!(drone, &json!({"area": ring, "altitude_max_m": 250.0}));
    for drone in [
        json!({"area": [[20.70, 46.15], [20.75, 46.15]]}),
        json!({"area": [[20.70, 46.15], [20.75, 46.15], [20.75, 96.0]]}),
        json!({"altitude_max_m": 90_000.0}),
    ] {
        let mut bad = opening("BAD");
        bad["authorisation"]["drone"] = drone.clone();
        let answer = desk.post(OPERATIONS, &bad).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!("authorisation")),
            "{drone}"
        );
    }
    // What says nothing of drones has no such key.
    let plain = crate::operations::open(&desk, "PLAIN").await;
    assert!(plain["authorisation"].get("drone").is_none(), "{plain}");
}
