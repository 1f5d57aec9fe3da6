//! The report of an operation over HTTP: who reads it, in which form, and what it says.

use crate::house::{House, opening};
use reqwest::StatusCode;
use serde_json::json;

const OPERATIONS: &str = "/api/v1/operations";
const REPORT: &str = "/api/v1/operations/RAJKA/report";

async fn crossed() -> House {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let answer = desk.post(OPERATIONS, &opening("RAJKA")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    house.drive_over("HU-1").await;
    house
}

#[tokio::test]
async fn a_report_names_what_happened_with_its_records_and_each_look_is_recorded() {
    let house = crossed().await;
    let desk = house.log_in("budapest-operator").await;
    let answer = desk.get(&format!("{REPORT}?reason=debriefing")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let report = answer.body;
    assert_eq!(report["operation"]["id"], "RAJKA");
    assert_eq!(report["closed"], json!(null));
    let crossing = &report["crossings"][0];
    assert_eq!(
        (&crossing["unit"], &crossing["standing"]),
        (&json!("HU-1"), &json!("confirmed"))
    );
    let record = crossing["records"][0].as_u64().unwrap();
    let events = desk
        .get(&format!("/api/v1/events?since={}&limit=1", record - 1))
        .await;
    assert_eq!(events.body["events"][0]["crossing"], crossing["crossing"]);
    assert_eq!(report["stays"][0]["until"], json!(null));
    assert!(report["sources"][0]["fixes"].as_u64().unwrap() > 0);
    assert!(report["rules"]["digest"].is_string(), "{}", report["rules"]);
    let head = report["made"]["head"].as_str().unwrap();
    assert!(head.starts_with("budapest:"), "{head}");
    let looks = desk.events("access.viewed").await;
    let look = looks
        .iter()
        .find(|look| look["what"] == "report of operation RAJKA")
        .expect("the look is recorded");
    assert_eq!(look["reason"], "debriefing");
}

#[tokio::test]
async fn a_report_is_a_page_with_its_own_strict_policy_or_a_pdf() {
    let house = crossed().await;
    let desk = house.log_in("budapest-operator").await;
    let page = desk.get(&format!("{REPORT}?format=html")).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("cache-control"), "no-store");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("style-src 'sha256-"), "{policy}");
    assert!(
        !policy.contains("unsafe") && !policy.contains("script-src"),
        "{policy}"
    );
    let pdf = desk.get(&format!("{REPORT}?format=pdf")).await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    let wrong = desk.get(&format!("{REPORT}?format=docx")).await;
    assert_eq!(
        (wrong.status, &wrong.body["key"]),
        (StatusCode::BAD_REQUEST, &json!("format"))
    );
}

#[tokio::test]
async fn an_auditor_reads_it_after_the_closing_and_a_room_that_has_no_such_operation_not_at_all() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    desk.post(OPERATIONS, &opening("RAJKA")).await;
    let auditor = house.log_in("budapest-auditor").await;
    assert_eq!(auditor.get(REPORT).await.status, StatusCode::FORBIDDEN);
    let admin = house.log_in("budapest-admin").await;
    assert_eq!(admin.get(REPORT).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        house.nobody().get(REPORT).await.status,
        StatusCode::UNAUTHORIZED
    );
    let arad = house.log_in("arad-operator").await;
    assert_eq!(arad.get(REPORT).await.status, StatusCode::NOT_FOUND);
    let closing = json!({"reason": "over", "outcome": "not_crossed"});
    let closed = desk
        .post(&format!("{OPERATIONS}/RAJKA/close"), &closing)
        .await;
    assert_eq!(closed.status, StatusCode::OK, "{}", closed.body);
    assert_eq!(closed.body["closed"]["outcome"], "not_crossed");
    let answer = auditor.get(REPORT).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body["closed"]["outcome"], "not_crossed");
    let wrong = json!({"reason": "over", "outcome": "won"});
    let answer = desk
        .post(&format!("{OPERATIONS}/RAJKA/close"), &wrong)
        .await;
    assert_eq!(
        (answer.status, &answer.body["key"]),
        (StatusCode::BAD_REQUEST, &json!("outcome"))
    );
}
