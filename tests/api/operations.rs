//! Operations: opened, refused, changed, closed.

use crate::house::{Desk, House, Wishes, opening};
use limes::wire::live::ModeWire;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) const OPERATIONS: &str = "/api/v1/operations";

pub(crate) async fn open(desk: &Desk, name: &str) -> Value {
    let answer = desk.post(OPERATIONS, &opening(name)).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    answer.body
}

#[tokio::test]
async fn an_operation_is_opened_with_id_version_and_address() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let answer = desk.post(OPERATIONS, &opening("NAGYLAK-27")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.header("location"), "/api/v1/operations/NAGYLAK-27");
    assert_eq!(answer.header("etag"), "\"1\"");
    let operation = answer.body;
    assert_eq!(operation["id"], "NAGYLAK-27");
    assert_eq!(operation["room"], "budapest");
    assert_eq!(operation["requesting_state"], "HU");
    assert_eq!(operation["host_rooms"], json!(["arad"]));
    assert_eq!(operation["purpose"], "criminal_investigation");
    assert_eq!(operation["units"], json!(["HU-1"]));
    assert_eq!(operation["exercise"], false);
    assert_eq!(operation["opened_by"]["account"], "budapest-operator");
    assert_eq!(operation["assessments"][0]["verdict"], "no_obstacle");
    let listed = desk.get(OPERATIONS).await;
    assert_eq!(listed.body["operations"], json!([operation]));
    let shown = desk.get("/api/v1/operations/NAGYLAK-27").await;
    assert_eq!(
        (shown.status, shown.header("etag")),
        (StatusCode::OK, "\"1\"")
    );
    assert_eq!(shown.body, operation);
}

#[tokio::test]
async fn a_name_that_is_no_id_or_is_taken_gets_a_drawn_id() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let first = open(&desk, "MAKÓ 11").await;
    assert_eq!(first["name"], "MAKÓ 11");
    assert!(first["id"].as_str().unwrap().starts_with("op-"), "{first}");
    assert_eq!(open(&desk, "RAJKA").await["id"], "RAJKA");
    let second = open(&desk, "RAJKA").await;
    assert!(
        second["id"].as_str().unwrap().starts_with("op-"),
        "{second}"
    );
}

#[tokio::test]
async fn the_law_refuses_with_guard_sentence_and_citation_and_the_refusal_is_kept() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut without = opening("UNAUTHORISED");
    without["authorisation"] = Value::Null;
    let answer = desk.post(OPERATIONS, &without).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.body["type"], "/problems/refused");
    let guard = answer.body["guard"].as_str().unwrap();
    assert!(!guard.is_empty());
    assert!(
        answer.body["citation"]["instrument"]
            .as_str()
            .unwrap()
            .contains("40"),
        "{}",
        answer.body
    );
    let kept = desk.events("order.refused").await;
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0]["guard"], guard);
    assert_eq!(kept[0]["sentence"], answer.body["detail"]);
}

#[tokio::test]
async fn an_order_sent_twice_with_one_key_is_carried_out_once() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let headers = [("idempotency-key", "6f1c")];
    let body = opening("MAKÓ 11");
    let first = desk
        .send(Method::POST, OPERATIONS, Some(&body), &headers)
        .await;
    let again = desk
        .send(Method::POST, OPERATIONS, Some(&body), &headers)
        .await;
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(first.body, again.body);
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(desk.events("operation.opened").await.len(), 1);
}

#[tokio::test]
async fn a_change_of_what_somebody_else_changed_is_refused_with_412() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "RAJKA").await;
    let path = "/api/v1/operations/RAJKA";
    let units = json!({"units": ["HU-1", "HU-2"]});
    let changed = desk.patch(path, &units, &[("if-match", "\"1\"")]).await;
    assert_eq!(
        (changed.status, changed.header("etag")),
        (StatusCode::OK, "\"2\"")
    );
    assert_eq!(changed.body["units"], json!(["HU-1", "HU-2"]));
    let late = desk
        .patch(path, &json!({"units": []}), &[("if-match", "\"1\"")])
        .await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(late.body["guard"], "version_conflict");
    assert_eq!(desk.get(path).await.body["units"], json!(["HU-1", "HU-2"]));
    let unseen = desk
        .patch(path, &units, &[("if-match", "what I saw")])
        .await;
    assert_eq!(
        (unseen.status, &unseen.body["key"]),
        (StatusCode::BAD_REQUEST, &json!("If-Match"))
    );
}

#[tokio::test]
async fn an_operation_is_closed_with_a_reason_and_stays_closed() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "RAJKA").await;
    let path = "/api/v1/operations/RAJKA/close";
    let unsaid = desk.post(path, &json!({"reason": " "})).await;
    assert_eq!(
        (unsaid.status, &unsaid.body["key"]),
        (StatusCode::BAD_REQUEST, &json!("reason"))
    );
    let closed = desk.post(path, &json!({"reason": "target lost"})).await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.body);
    assert_eq!(closed.body["closed"]["reason"], "target lost");
    assert_eq!(closed.body["closed"]["by"]["account"], "budapest-operator");
    let again = desk.post(path, &json!({"reason": "target lost"})).await;
    assert_eq!(
        (again.status, &again.body["guard"]),
        (StatusCode::CONFLICT, &json!("operation_closed"))
    );
}

#[tokio::test]
async fn an_auditor_sees_closed_operations_and_their_events_only() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "RAJKA").await;
    open(&desk, "MAKO").await;
    desk.post("/api/v1/operations/RAJKA/close", &json!({"reason": "done"}))
        .await;
    let auditor = house.log_in("budapest-auditor").await;
    let listed = auditor.get(OPERATIONS).await.body;
    assert_eq!(
        listed["operations"].as_array().unwrap().len(),
        1,
        "{listed}"
    );
    assert_eq!(
        auditor.get("/api/v1/operations/MAKO").await.status,
        StatusCode::NOT_FOUND
    );
    let closed = auditor.get("/api/v1/events?operation=RAJKA").await;
    assert_eq!(closed.status, StatusCode::OK);
    assert!(
        closed.body["events"]
            .as_array()
            .unwrap()
            .iter()
            .any(|event| event["kind"] == "operation.closed")
    );
    assert_eq!(
        auditor.get("/api/v1/events?operation=MAKO").await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn what_is_no_order_is_malformed_and_names_the_key() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let faults = [
        ("basis", json!("50(7)")),
        ("host_states", json!(["Romania"])),
        ("host_states", json!([])),
        ("person_category", json!("witness")),
        ("purpose", json!("curiosity")),
        ("units", json!(["a unit"])),
        ("id", json!("has spaces")),
        (
            "authorisation",
            json!({"number": "7", "from": "yesterday", "to": "tomorrow"}),
        ),
        ("host_rooms", json!(["nowhere"])),
        ("name", json!("x".repeat(500))),
    ];
    for (key, value) in faults {
        let mut body = opening("FAULTY");
        body[key] = value;
        let answer = desk.post(OPERATIONS, &body).await;
        assert_eq!(
            answer.status,
            StatusCode::BAD_REQUEST,
            "{key}: {}",
            answer.body
        );
        assert_eq!(answer.body["key"], key, "{}", answer.body);
    }
    let mut missing = opening("FAULTY");
    missing.as_object_mut().unwrap().remove("basis");
    let answer = desk.post(OPERATIONS, &missing).await;
    assert_eq!(
        (answer.status, &answer.body["key"]),
        (StatusCode::BAD_REQUEST, &json!("basis"))
    );
    let text = desk
        .send(
            Method::POST,
            OPERATIONS,
            None,
            &[("content-type", "text/plain")],
        )
        .await;
    assert_eq!(text.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(desk.get(OPERATIONS).await.body["operations"], json!([]));
}

#[tokio::test]
async fn a_body_too_large_is_413() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut body = opening("LARGE");
    body["name"] = json!("x".repeat(600 * 1024));
    assert_eq!(
        desk.post(OPERATIONS, &body).await.status,
        StatusCode::PAYLOAD_TOO_LARGE
    );
}

#[tokio::test]
async fn a_code_that_is_not_spoken_yet_is_refused_by_its_name() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "RAJKA").await;
    let path = "/api/v1/operations/RAJKA/messages";
    let answer = desk.post(path, &json!({"code": "HBT"})).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("not_yet_spoken"))
    );
    assert!(answer.body["detail"].as_str().unwrap().contains("HBT"));
    let none = desk.post(path, &json!({"code": "HELLO"})).await;
    assert_eq!(
        (none.status, &none.body["key"]),
        (StatusCode::BAD_REQUEST, &json!("code"))
    );
    let unknown = desk
        .post(path, &json!({"code": "XNG", "notice": "RAJKA.9"}))
        .await;
    assert_eq!(
        (unknown.status, &unknown.body["guard"]),
        (StatusCode::CONFLICT, &json!("no_such_notice"))
    );
}

#[tokio::test]
async fn the_target_is_seen_by_voice_and_shown_with_how_it_is_known() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "RAJKA").await;
    let path = "/api/v1/operations/RAJKA/sightings";
    let seen = json!({"target": "TGT-1", "lat": 46.17, "lon": 20.6, "source": "voice"});
    let answer = desk.post(path, &seen).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let sighting = &answer.body["sighting"];
    assert_eq!(
        (&sighting["source"], &sighting["states"]),
        (&json!("voice"), &json!("HU"))
    );
    assert_eq!(sighting["accuracy_m"], 1000.0);
    for (key, value) in [
        ("source", json!("followed")),
        ("lat", json!(95.0)),
        ("accuracy_m", json!(0.0)),
        ("course_deg", json!(-1.0)),
    ] {
        let mut faulty = seen.clone();
        faulty[key] = value;
        let answer = desk.post(path, &faulty).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key))
        );
    }
    let other = json!({"target": "TGT-2", "lat": 46.17, "lon": 20.6, "source": "voice"});
    let answer = desk.post(path, &other).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("no_such_target"))
    );
}

#[tokio::test]
async fn an_operation_of_no_room_is_not_found_and_the_other_rooms_stays_hidden() {
    let house = House::new().await;
    open(&house.log_in("budapest-operator").await, "RAJKA").await;
    let arad = house.log_in("arad-operator").await;
    for id in ["RAJKA", "NOTHING"] {
        let path = format!("/api/v1/operations/{id}");
        let shown = arad.get(&path).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND);
        let closed = arad
            .post(&format!("{path}/close"), &json!({"reason": "mine"}))
            .await;
        assert_eq!(closed.status, StatusCode::NOT_FOUND, "{}", closed.body);
    }
    assert_eq!(arad.get(OPERATIONS).await.body["operations"], json!([]));
}

#[tokio::test]
async fn real_and_exercise_are_kept_apart_by_the_service() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut play = opening("PLAY");
    play["exercise"] = json!(true);
    let answer = desk.post(OPERATIONS, &play).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("exercise_mode"))
    );
    let house = House::with(Wishes {
        mode: ModeWire {
            exercise: true,
            name: Some("NAGYLAK-27".to_owned()),
            rate: 1.0,
        },
        ..Wishes::default()
    })
    .await;
    let desk = house.log_in("budapest-operator").await;
    assert_eq!(open(&desk, "PLAY").await["exercise"], true);
}

#[tokio::test]
async fn a_key_belongs_to_the_order_it_came_with() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let headers = [("idempotency-key", "6f1c")];
    let first = opening("MAKO");
    let post =
        async |path: &str, body: &Value| desk.send(Method::POST, path, Some(body), &headers).await;
    let opened = post(OPERATIONS, &first).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    let mut other = first.clone();
    other["units"] = json!(["HU-2"]);
    let reason = json!({"reason": "done"});
    for (path, body) in [
        (OPERATIONS, &other),
        ("/api/v1/operations/MAKO/close", &reason),
    ] {
        let answer = post(path, body).await;
        assert_eq!(
            answer.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            answer.body
        );
        assert_eq!(answer.body["type"], "/problems/key-reused");
        assert_eq!(answer.body["guard"], "key_of_another_order");
    }
    assert_eq!(post(OPERATIONS, &first).await.status, StatusCode::CREATED);
    // As a restart has it too.
    let house = house.again().await;
    let desk = house.log_in("budapest-operator").await;
    let send = async |body: &Value| {
        desk.send(Method::POST, OPERATIONS, Some(body), &headers)
            .await
    };
    assert_eq!(send(&other).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(send(&first).await.status, StatusCode::CREATED);
    assert_eq!(desk.events("operation.opened").await.len(), 1);
}

#[tokio::test]
async fn no_two_rooms_open_operations_of_one_id() {
    let house = House::new().await;
    let budapest = house.log_in("budapest-operator").await;
    let arad = house.log_in("arad-operator").await;
    let mut theirs = opening("RAJKA");
    theirs["host_states"] = json!(["HU"]);
    theirs["units"] = json!(["RO-1"]);
    theirs["id"] = json!("SAME");
    let opened = arad.post(OPERATIONS, &theirs).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    let mut ours = opening("MAKO");
    ours["id"] = json!("SAME");
    let refused = budapest.post(OPERATIONS, &ours).await;
    assert_eq!(
        (refused.status, &refused.body["guard"]),
        (StatusCode::CONFLICT, &json!("operation_exists"))
    );
}

#[tokio::test]
async fn a_sighting_on_what_somebody_else_changed_is_refused_with_412() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "RAJKA").await;
    let units = json!({"units": ["HU-1", "HU-2"]});
    desk.patch("/api/v1/operations/RAJKA", &units, &[]).await;
    let seen = json!({"target": "TGT-1", "lat": 46.17, "lon": 20.6, "source": "voice"});
    let path = "/api/v1/operations/RAJKA/sightings";
    let old = [("if-match", "\"1\"")];
    let answer = desk.send(Method::POST, path, Some(&seen), &old).await;
    assert_eq!(
        answer.status,
        StatusCode::PRECONDITION_FAILED,
        "{}",
        answer.body
    );
    assert!(desk.events("target.sighted").await.is_empty());
}
