//! What a partner room sees, and when: a crossing, its notice, and who read it.

use crate::house::{Desk, House, opening, until};
use reqwest::StatusCode;
use serde_json::{Value, json};

const OPERATION: &str = "/api/v1/operations/NAGYLAK-27";

async fn crossed(house: &House) -> (Desk, Desk) {
    let budapest = house.log_in("budapest-operator").await;
    let arad = house.log_in("arad-operator").await;
    let opened = budapest
        .post("/api/v1/operations", &opening("NAGYLAK-27"))
        .await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    house.drive_over("HU-1").await;
    until(async || budapest.events("crossing.confirmed").await.len() == 1).await;
    (budapest, arad)
}

async fn notice(desk: &Desk) -> Value {
    let operation = desk.get(OPERATION).await.body;
    let notices = operation["notices"].as_array().unwrap();
    let of_crossing = notices
        .iter()
        .find(|notice| notice["duty"] == "notice_of_crossing");
    of_crossing.cloned().unwrap_or(Value::Null)
}

#[tokio::test]
async fn a_room_sees_its_own_units_only_until_an_operation_shares_them() {
    let house = House::new().await;
    let arad = house.log_in("arad-operator").await;
    house.post_fixes("HU-2", &[(20.6, 10.0)]).await;
    let ids = |body: &Value| -> Vec<String> {
        let units = body["units"].as_array().unwrap();
        units
            .iter()
            .map(|unit| unit["id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&arad.get("/api/v1/units").await.body), ["RO-1"]);
    let (_, arad) = crossed(&house).await;
    until(async || ids(&arad.get("/api/v1/units").await.body) == ["HU-1", "RO-1"]).await;
    assert_eq!(arad.get(OPERATION).await.status, StatusCode::OK);
    assert_eq!(
        arad.get("/api/v1/units/HU-2").await.status,
        StatusCode::NOT_FOUND
    );
    let shared = arad.get("/api/v1/events?unit=HU-1").await.body;
    assert!(
        shared["events"]
            .as_array()
            .unwrap()
            .iter()
            .any(|event| event["shared_by"] == "budapest"),
        "{shared}"
    );
    let drafts = arad
        .events("notice.drafted,notice.owed,notice.ready,order.refused")
        .await;
    assert_eq!(
        drafts,
        Vec::<Value>::new(),
        "what a room owes and drafts stays in it"
    );
}

#[tokio::test]
async fn a_notice_is_sent_by_a_person_and_read_by_a_person_of_the_host_room() {
    let house = House::new().await;
    let (budapest, arad) = crossed(&house).await;
    let ready = notice(&budapest).await;
    assert_eq!(ready["status"], "ready", "{ready}");
    let id = ready["id"].as_str().unwrap();
    let path = format!("{OPERATION}/messages");
    let other = budapest
        .post(
            &path,
            &json!({"code": "RQA", "notice": id, "grounds": "none"}),
        )
        .await;
    assert_eq!(
        (other.status, &other.body["guard"]),
        (StatusCode::CONFLICT, &json!("code_of_other_duty"))
    );
    let observer = house.log_in("budapest-observer").await;
    let barred = observer
        .post(&path, &json!({"code": "XNG", "notice": id}))
        .await;
    assert_eq!(barred.status, StatusCode::FORBIDDEN);
    let sent = budapest
        .post(&path, &json!({"code": "XNG", "notice": id}))
        .await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    let shown = notice(&budapest).await;
    assert_eq!(shown["sent_by"]["account"], "budapest-operator");
    assert_eq!(shown["status"], "delivered");
    assert_eq!(notice(&arad).await["status"], "delivered");
    let read = arad
        .post(&path, &json!({"code": "ACK", "notice": id}))
        .await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.body);
    assert_eq!(notice(&arad).await["seen_by"]["account"], "arad-operator");
    until(async || notice(&budapest).await["status"] == "seen").await;
    assert_eq!(
        notice(&budapest).await["seen_by"],
        json!({"account": "arad-operator", "room": "arad"})
    );
}

#[tokio::test]
async fn the_track_of_a_shared_unit_begins_with_the_sharing() {
    let house = House::new().await;
    let (budapest, arad) = crossed(&house).await;
    let own = budapest.get("/api/v1/tracks/HU-1").await.body;
    let shared = arad.get("/api/v1/tracks/HU-1").await;
    assert_eq!(shared.status, StatusCode::OK, "{}", shared.body);
    let count = |page: &Value| page["fixes"].as_array().unwrap().len();
    assert_eq!(count(&own), 140);
    assert!(
        count(&shared.body) > 0 && count(&shared.body) < 140,
        "{}",
        count(&shared.body)
    );
}
