//! A journal that cannot be written: nothing is acknowledged, and everybody is told.

use crate::house::{House, PASSWORD, opening, until};
use reqwest::StatusCode;
use serde_json::json;

#[tokio::test]
async fn while_nothing_can_be_recorded_nothing_is_taken_and_the_map_says_so_and_afterwards_all_goes_on()
 {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut watch = desk.watch("").await;
    let since = watch.next_of("snapshot").await["seq"].clone();
    // Somebody else holds the file: every commit fails after its patience.
    let mut other = house.journal();
    let held = other
        .transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)
        .unwrap();
    let unsaid = desk.post("/api/v1/operations", &opening("UNSAID")).await;
    assert_eq!(
        unsaid.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "{}",
        unsaid.body
    );
    assert_eq!(unsaid.body["type"], "/problems/not-recording");
    let mut beat = watch.next_of("heartbeat").await;
    while beat["recording"] == "ok" {
        beat = watch.next_of("heartbeat").await;
    }
    assert_eq!(
        (&beat["recording"], &beat["seq"]),
        (&json!("failing"), &since)
    );
    let ready = house.nobody().get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        ready.body["not_ready"][0]
            .as_str()
            .unwrap()
            .starts_with("journal"),
        "{}",
        ready.body
    );
    assert!(
        house
            .nobody()
            .get("/metrics")
            .await
            .text
            .contains("limes_desk_recording 0")
    );
    let log_in = json!({"account": "budapest-legal", "password": PASSWORD});
    let refused = house.nobody().post("/api/v1/sessions", &log_in).await;
    assert_eq!(
        refused.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "a log-in that is not recorded is none"
    );
    assert!(!refused.header("retry-after").is_empty());
    let track = desk.get("/api/v1/tracks/HU-1").await;
    assert_eq!(
        track.status,
        StatusCode::SERVICE_UNAVAILABLE,
        "a look that is not recorded shows nothing"
    );
    drop(held);
    until(async || house.nobody().get("/readyz").await.status == StatusCode::OK).await;
    let said = desk.post("/api/v1/operations", &opening("SAID")).await;
    assert_eq!(said.status, StatusCode::CREATED, "{}", said.body);
    let listed = desk.get("/api/v1/operations").await.body;
    assert_eq!(
        listed["operations"].as_array().unwrap().len(),
        1,
        "{listed}"
    );
    let bulletin = watch.next_of("bulletin").await;
    assert_eq!(bulletin["prev"], since, "the feed goes on without a gap");
    until(async || watch.next_of("heartbeat").await["recording"] == "ok").await;
}
