//! What a person changes of an open operation: each change is told, and the law is asked again.

use crate::house::{House, opening};
use crate::operations::{OPERATIONS, open};
use reqwest::StatusCode;
use serde_json::{Value, json};

/// The opening of a pursuit of somebody caught in the act.
fn pursuit() -> Value {
    let mut chase = opening("CHASE");
    chase["basis"] = json!("pursuit_flagrante");
    chase["authorisation"] = Value::Null;
    chase["offence"] = json!("murder");
    chase
}

#[tokio::test]
async fn a_pursuit_is_opened_warned_ticked_and_corrected() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut chase = pursuit();
    chase["grounds"] = json!("seen at the scene");
    let answer = desk.post(OPERATIONS, &chase).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(answer.body["grounds"], "seen at the scene");
    let findings = answer.body["assessments"][0]["findings"]
        .as_array()
        .unwrap();
    let limit = findings
        .iter()
        .find(|one| one["condition"] == "limit_known")
        .unwrap();
    assert_eq!(
        (&limit["answer"], &limit["warns"]),
        (&json!("unknown"), &json!(true))
    );
    assert!(
        !limit["sentence"].as_str().unwrap().contains("km"),
        "{limit}"
    );
    let path = "/api/v1/operations/CHASE";
    let ticked = json!({"recognisable": {"unit": "HU-1", "by": "armband"}});
    let answer = desk.patch(path, &ticked, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        answer.body["recognised"],
        json!([{"unit": "HU-1", "by": "armband"}])
    );
    let stranger = json!({"recognisable": {"unit": "NOBODY", "by": "armband"}});
    let answer = desk.patch(path, &stranger, &[]).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("unit_not_in_operation"))
    );
    let correction =
        json!({"amendment": {"person_category": "contact", "because": "only the driver"}});
    let answer = desk.patch(path, &correction, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body["person_category"], "contact");
    assert_eq!(answer.body["assessments"][0]["verdict"], "stop");
    assert_eq!(
        desk.events("operation.opened").await[0]["card"]["person_category"],
        "suspect"
    );
}

#[tokio::test]
async fn a_host_that_says_no_is_recorded_by_name_and_is_an_alarm_until_it_grants_anew() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let opened = open(&desk, "RAJKA").await;
    let path = "/api/v1/operations/RAJKA";
    let said =
        json!({"host": "RO", "kind": "withdrawn", "at": opened["opened_at"], "said_by": "A. Pop"});
    let answer = desk.patch(path, &json!({"host_refused": said}), &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let refusal = &answer.body["refusals"][0];
    assert_eq!(
        (&refusal["host"], &refusal["said_by"]),
        (&json!("RO"), &json!("A. Pop"))
    );
    assert_eq!(answer.body["authorisation"], Value::Null, "it is over");
    let codes = async || {
        let alarms = desk.get("/api/v1/alarms").await.body["alarms"].clone();
        let alarms = alarms.as_array().expect("a list").clone();
        let codes = alarms
            .iter()
            .map(|alarm| alarm["code"].as_str().unwrap_or_default().to_owned());
        codes.collect::<Vec<String>>()
    };
    assert!(codes().await.contains(&"A19".to_owned()));
    let mut document = opening("RAJKA")["authorisation"].clone();
    document["number"] = "RO-NEW".into();
    let answer = desk
        .patch(path, &json!({"authorisation": document}), &[])
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert!(!codes().await.contains(&"A19".to_owned()));
    assert_eq!(answer.body["authorisation"]["number"], "RO-NEW");
    let (told, stranger) = (
        desk.events("operation.changed").await,
        json!({"host_refused": {"host": "BG", "kind": "refused", "at": opened["opened_at"], "said_by": "x"}}),
    );
    assert_eq!(told[0]["host_refused"]["kind"], "withdrawn");
    let answer = desk.patch(path, &stranger, &[]).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("refusing_state"))
    );
}

#[tokio::test]
async fn who_is_held_abroad_is_recorded_with_the_hours_of_release_and_what_became() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let chase = pursuit();
    let answer = desk.post(OPERATIONS, &chase).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let path = "/api/v1/operations/CHASE";
    let since = answer.body["opened_at"].clone();
    let detained = json!({"detained": {"host": "RO", "since": since, "unit": "HU-1"}});
    let answer = desk.patch(path, &detained, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let held = &answer.body["held"][0];
    assert_eq!(
        (&held["host"], &held["unit"], &held["host_national"]),
        (&json!("RO"), &json!("HU-1"), &Value::Null)
    );
    // HU-RO does not say whether officers may hold a person: nobody is told yes or no.
    assert_eq!(held["findings"][0]["answer"], "unknown");
    let clock = &answer.body["clocks"][0];
    assert_eq!(
        (&clock["clock"], &clock["starts"]),
        (&json!("release"), &since)
    );
    let step = |step: &str| json!({"detention_step": {"host": "RO", "step": step, "at": since, "note": "patrol Nadlac"}});
    let answer = desk.patch(path, &step("released"), &[]).await;
    assert_eq!(
        answer.body["held"][0]["steps"][0]["note"], "patrol Nadlac",
        "{}",
        answer.body
    );
    assert_eq!(answer.body["clocks"][0]["status"], "stopped");
    let answer = desk.patch(path, &step("handed_over"), &[]).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("nobody_held"))
    );
    let at_home = json!({"detained": {"host": "HU", "since": since}});
    let answer = desk.patch(path, &at_home, &[]).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("host_is_requesting_state"))
    );
    assert_eq!(desk.events("operation.changed").await.len(), 2);
}

#[tokio::test]
async fn a_change_that_is_none_names_the_key() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    open(&desk, "RAJKA").await;
    for (change, key) in [
        (json!({}), "units"),
        (
            json!({"units": [], "amendment": {"because": "x", "offence": "murder"}}),
            "amendment",
        ),
        (
            json!({"recognisable": {"unit": "HU-1", "by": "hat"}}),
            "recognisable",
        ),
        (
            json!({"recognisable": {"unit": "HU 1", "by": "armband"}}),
            "recognisable",
        ),
        (
            json!({"amendment": {"because": " ", "offence": "murder"}}),
            "amendment",
        ),
        (json!({"amendment": {"because": "nothing"}}), "amendment"),
        (
            json!({"host_refused": {"host": "RO", "kind": "withdrawn", "at": "2027-03-16T12:00:00Z", "said_by": ""}}),
            "host_refused",
        ),
        (
            json!({"amendment": {"because": "x", "person_category": "victim"}}),
            "amendment",
        ),
        (
            json!({"amendment": {"because": "x", "more_hosts": ["Romania"]}}),
            "amendment",
        ),
    ] {
        let answer = desk.patch("/api/v1/operations/RAJKA", &change, &[]).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key)),
            "{change}: {}",
            answer.body
        );
    }
    assert!(desk.events("operation.changed").await.is_empty());
}
