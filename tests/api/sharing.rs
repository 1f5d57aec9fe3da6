//! What a partner room sees, and when: a crossing, its notice, and who read it.

use crate::house::{Desk, House, made, opening, until};
use crate::profiles::agreed;
use limes::domain::ids::UnitId;
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
async fn a_notice_is_written_out_in_both_languages_and_what_was_sent_is_kept_as_it_was() {
    let house = House::new().await;
    let (budapest, arad) = crossed(&house).await;
    let id = notice(&budapest).await["id"].as_str().unwrap().to_owned();
    let path = format!("{OPERATION}/notices/{id}");
    let draft = budapest.get(&path).await;
    assert_eq!(draft.status, StatusCode::OK, "{}", draft.body);
    let texts = &draft.body["texts"];
    assert_eq!(
        (&texts[0]["language"], &texts[1]["language"]),
        (&json!("hu"), &json!("ro"))
    );
    let hungarian = texts[0]["text"].as_str().unwrap();
    assert!(
        hungarian.contains("Egy egység átlépte a határt"),
        "{hungarian}"
    );
    assert_eq!(
        notice(&budapest).await["texts"],
        json!([]),
        "a draft keeps none"
    );
    assert_eq!(arad.get(&path).await.status, StatusCode::NOT_FOUND);
    let send = json!({"code": "XNG", "notice": id});
    let sent = budapest.post(&format!("{OPERATION}/messages"), &send).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    assert_eq!(notice(&budapest).await["texts"], *texts);
    assert_eq!(budapest.events("notice.sent").await[0]["texts"], *texts);
    until(async || arad.get(&path).await.body["texts"] == *texts).await;
    let none = budapest.get(&format!("{OPERATION}/notices/none")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_notice_given_by_telephone_is_written_down_with_whom_and_when_and_both_rooms_see_it() {
    let house = House::new().await;
    let (budapest, arad) = crossed(&house).await;
    let id = notice(&budapest).await["id"].as_str().unwrap().to_owned();
    let path = format!("{OPERATION}/messages");
    let order = |voice: Value| json!({"code": "XNG", "notice": &id, "voice": voice});
    let no_number = order(json!({"name": "Sgt Pop", "number": "the usual"}));
    let refused = budapest.post(&path, &no_number).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.body);
    assert_eq!(refused.body["key"], "number", "{}", refused.body);
    for (at, guard) in [
        ("2000-01-01T00:00:00Z", "call_before_known"),
        ("2999-01-01T00:00:00Z", "time_in_future"),
    ] {
        let call = json!({"name": "Sgt Pop", "number": "+40 257 1", "at": at});
        let refused = budapest.post(&path, &order(call)).await;
        assert_eq!(
            (refused.status, &refused.body["guard"]),
            (StatusCode::CONFLICT, &json!(guard)),
            "{}",
            refused.body
        );
    }
    let call = json!({"name": "Sgt Pop", "number": "+40 257 1", "reference": "ARD 27/118"});
    let observer = house.log_in("budapest-observer").await;
    let barred = observer.post(&path, &order(call.clone())).await;
    assert_eq!(barred.status, StatusCode::FORBIDDEN);
    let given = budapest.post(&path, &order(call.clone())).await;
    assert_eq!(given.status, StatusCode::OK, "{}", given.body);
    let shown = notice(&budapest).await;
    assert_eq!(shown["status"], "voice", "{shown}");
    assert_eq!(shown["voice"]["name"], "Sgt Pop");
    assert_eq!(shown["voice"]["reference"], "ARD 27/118");
    assert_eq!(shown["voice"]["by"]["account"], "budapest-operator");
    assert_eq!(shown["sent_at"], Value::Null);
    until(async || notice(&arad).await["voice"]["number"] == "+40 257 1").await;
    let told = arad.events("notice.voice").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["call"]["at"], told[0]["at"], "when they spoke");
    assert_eq!(shown["texts"][1]["language"], "ro", "{shown}");
    let read = json!({"code": "ACK", "notice": &id});
    assert_eq!(arad.post(&path, &read).await.status, StatusCode::OK);
    until(async || notice(&budapest).await["seen_by"]["account"] == "arad-operator").await;
    assert_eq!(notice(&budapest).await["status"], "voice");
    let again = budapest.post(&path, &order(call)).await;
    assert_eq!(again.body["guard"], "notice_told", "{}", again.body);
    let sent = budapest
        .post(&path, &json!({"code": "XNG", "notice": id}))
        .await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    assert_eq!(budapest.events("notice.sent").await, Vec::<Value>::new());
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

#[tokio::test]
async fn a_sighting_of_the_host_room_is_checked_where_it_is_reported() {
    let house = House::new().await;
    let (budapest, arad) = crossed(&house).await;
    let path = format!("{OPERATION}/sightings");
    let seen = json!({"target": "TGT-1", "lat": 46.165, "lon": 20.74, "source": "voice"});
    let with = |key: &str, value: Value| {
        let mut faulty = seen.clone();
        faulty[key] = value;
        faulty
    };
    let by_our_unit = {
        let mut faulty = with("unit", json!("HU-1"));
        faulty["source"] = json!("unit");
        faulty
    };
    for (faulty, guard) in [
        (with("target", json!("TGT-2")), "no_such_target"),
        (
            with("seen_at", json!("2099-01-01T00:00:00Z")),
            "seen_in_future",
        ),
        (by_our_unit, "no_such_unit"),
    ] {
        let answer = arad.post(&path, &faulty).await;
        assert_eq!(
            (answer.status, &answer.body["guard"]),
            (StatusCode::CONFLICT, &json!(guard)),
            "{}",
            answer.body
        );
    }
    assert!(budapest.events("order.refused").await.is_empty());
    let answer = arad.post(&path, &seen).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    until(async || budapest.events("target.sighted").await.len() == 1).await;
}

#[tokio::test]
async fn a_shared_unit_that_is_retired_is_retired_for_the_partner_too() {
    let house = House::new().await;
    let (_, arad) = crossed(&house).await;
    until(async || arad.events("unit.added").await.len() == 2).await;
    let unit = UnitId::parse("HU-1").unwrap();
    let registry = &house.running.registry;
    registry
        .change(&made(), |writer| writer.retire_unit(&unit))
        .unwrap();
    until(async || {
        let retired = arad.events("unit.retired").await;
        retired
            .iter()
            .any(|event| event["unit"] == "HU-1" && event["shared_by"] == "budapest")
    })
    .await;
}

#[tokio::test]
async fn a_unit_off_duty_is_introduced_as_such_and_without_its_place() {
    let house = agreed().await;
    let budapest = house.log_in("budapest-operator").await;
    let arad = house.log_in("arad-operator").await;
    house
        .post_fixes("HU-2", &[(20.6, 20.0), (20.6, 10.0)])
        .await;
    let off = json!({"act": "sign_off", "at": made().at.as_millis(), "key": "off"});
    let answer = house
        .unit("HU-2")
        .post("/api/v1/units/HU-2/acts", &off)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let mut body = opening("NAGYLAK-27");
    body["units"] = json!(["HU-1", "HU-2"]);
    let opened = budapest.post("/api/v1/operations", &body).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    let terms = json!({"crossing_points": [{"name": "COP-1"}], "units": ["HU-2"]});
    let proposed = json!({"code": "PRO", "terms": terms});
    let path = format!("{OPERATION}/messages");
    let said = budapest.post(&path, &proposed).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    until(async || arad.events("unit.signed_off").await.len() == 1).await;
    let track = arad.get("/api/v1/tracks/HU-2").await.body;
    assert_eq!(track["fixes"], json!([]), "{track}");
}
