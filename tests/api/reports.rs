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
    assert!(page.text.contains("<svg"), "the map and the timeline");
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

#[tokio::test]
async fn a_redacted_copy_names_no_unit_or_person_and_is_not_what_is_signed() {
    let house = crossed().await;
    let desk = house.log_in("budapest-operator").await;
    let whole = desk.get(REPORT).await;
    let copy = desk.get(&format!("{REPORT}?redacted=true")).await;
    assert_eq!(copy.status, StatusCode::OK, "{}", copy.body);
    let facts = &whole.body["made"]["facts"];
    assert_eq!(copy.body["redacted"]["of"], *facts);
    assert_ne!(copy.body["made"]["facts"], *facts);
    assert_eq!(copy.body["crossings"][0]["unit"], "car 1");
    assert!(whole.text.contains("HU-1") && whole.text.contains("budapest-operator"));
    let page = desk
        .get(&format!("{REPORT}?redacted=true&format=html"))
        .await;
    for text in [&copy.text, &page.text] {
        assert!(!text.contains("HU-1") && !text.contains("budapest-operator"));
    }
    assert!(page.text.contains(facts.as_str().unwrap()));
    assert!(
        !page.text.contains("/api/v1/events"),
        "no way to the records"
    );
    let pdf = desk
        .get(&format!("{REPORT}?redacted=true&format=pdf"))
        .await;
    assert_eq!(pdf.header("content-type"), "application/pdf");
    let wrong = desk.get(&format!("{REPORT}?redacted=yes")).await;
    assert_eq!(
        (wrong.status, &wrong.body["key"]),
        (StatusCode::BAD_REQUEST, &json!("redacted"))
    );
    let closing = json!({"reason": "over"});
    desk.post(&format!("{OPERATIONS}/RAJKA/close"), &closing)
        .await;
    let chief = house.log_in("budapest-supervisor").await;
    let copy = chief.get(&format!("{REPORT}?redacted=true")).await;
    let signing = json!({"facts": copy.body["made"]["facts"]});
    let refused = chief.post(&format!("{REPORT}/signatures"), &signing).await;
    assert_ne!(refused.status, StatusCode::OK, "{}", refused.body);
}

#[tokio::test]
async fn a_supervisor_signs_what_was_read_and_the_signature_holds_over_the_kept_document() {
    let house = House::new().await;
    let eva = house.log_in("budapest-operator").await;
    eva.post(OPERATIONS, &opening("RAJKA")).await;
    let statement = json!({"topic": "injuries", "text": "Nobody was hurt.", "language": "en"});
    let answer = eva.post(&format!("{REPORT}/statements"), &statement).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body["report"]["statements"], 1);
    for (wrong, key) in [
        (json!({"topic": "weather", "text": "x"}), "topic"),
        (json!({"topic": "remark", "text": "  "}), "text"),
        (
            json!({"topic": "remark", "text": "x", "language": "h u"}),
            "language",
        ),
    ] {
        let answer = eva.post(&format!("{REPORT}/statements"), &wrong).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key))
        );
    }
    let read = eva.get(REPORT).await.body;
    let signing = json!({"facts": read["made"]["facts"]});
    let signatures = format!("{REPORT}/signatures");
    let answer = eva.post(&signatures, &signing).await;
    assert_eq!(
        answer.status,
        StatusCode::FORBIDDEN,
        "an operator signs nothing"
    );
    let chief = house.log_in("budapest-supervisor").await;
    let answer = chief.post(&signatures, &signing).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("operation_open"))
    );
    eva.post(
        &format!("{OPERATIONS}/RAJKA/close"),
        &json!({"reason": "over"}),
    )
    .await;
    let answer = chief.post(&signatures, &signing).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("report_changed"))
    );
    let read = chief.get(REPORT).await.body;
    let signing = json!({"facts": read["made"]["facts"]});
    let answer = chief.post(&signatures, &signing).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(
        answer.body["report"]["signed"][0]["by"]["account"],
        "budapest-supervisor"
    );
    let arad = house.log_in("arad-supervisor").await;
    assert_eq!(
        arad.post(&signatures, &signing).await.status,
        StatusCode::NOT_FOUND
    );

    let kept = chief.events("report.signed").await.remove(0);
    let document = kept["document"].as_str().unwrap();
    let unhex = |digits: &str| -> Vec<u8> {
        let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
        (0..digits.len()).step_by(2).map(byte).collect()
    };
    let key = unhex(kept["key"].as_str().unwrap());
    let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, &key);
    let signature = unhex(kept["signature"].as_str().unwrap());
    key.verify(document.as_bytes(), &signature).unwrap();
    assert!(
        key.verify(
            document.replace("Nobody", "Somebody").as_bytes(),
            &signature
        )
        .is_err()
    );
    assert!(document.contains("Nobody was hurt."));
    // The key of the room stays the same over a restart, and so does what it signed.
    let house = house.again().await;
    let chief = house.log_in("budapest-supervisor").await;
    let report = chief.get(REPORT).await.body;
    assert_eq!(report["signatures"][0]["facts"], report["made"]["facts"]);
}
