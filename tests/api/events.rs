//! Past events, page by page.

use crate::house::{Desk, House, opening, until};
use futures_util::SinkExt;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

fn seqs(page: &Value) -> Vec<u64> {
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["seq"].as_u64().unwrap())
        .collect()
}

#[tokio::test]
async fn paging_reads_every_event_once_and_passes_over_positions() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    for round in 0..5 {
        house
            .post_fixes("HU-1", &[(20.5, 50.0 - f64::from(round))])
            .await;
        desk.post("/api/v1/operations", &opening(&format!("OP-{round}")))
            .await;
    }
    let all = desk.get("/api/v1/events").await.body;
    let (mut since, mut paged) = (0, Vec::new());
    loop {
        let page = desk
            .get(&format!("/api/v1/events?since={since}&limit=3"))
            .await
            .body;
        assert!(seqs(&page).len() <= 3);
        assert!(
            seqs(&page).iter().all(|seq| *seq > since),
            "since is exclusive: {page}"
        );
        let next = page["next"].as_u64().unwrap();
        paged.extend(page["events"].as_array().unwrap().clone());
        if next == since {
            break;
        }
        since = next;
    }
    assert_eq!(json!(paged), all["events"]);
    let numbers = seqs(&all);
    assert!(numbers.is_sorted_by(|one, other| one < other));
    let last = all["next"].as_u64().unwrap();
    assert!(
        (numbers.len() as u64) < last,
        "the positions' numbers are not among {last}"
    );
}

#[tokio::test]
async fn at_the_end_next_is_since_and_nothing_is_appended_by_reading_on() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let next = desk.get("/api/v1/events").await.body["next"]
        .as_u64()
        .unwrap();
    for _ in 0..3 {
        let page = desk.get(&format!("/api/v1/events?since={next}")).await.body;
        assert_eq!(page, json!({"events": [], "next": next, "erased": 0}));
    }
    let beyond = desk
        .get(&format!("/api/v1/events?since={}", next + 1_000))
        .await
        .body;
    assert_eq!(
        beyond,
        json!({"events": [], "next": next + 1_000, "erased": 0})
    );
}

#[tokio::test]
async fn a_sessions_first_read_is_recorded_with_its_reason_before_anything_is_shown() {
    let house = House::new().await;
    let desk = house.log_in("budapest-legal").await;
    let first = desk.get("/api/v1/events?reason=complaint%2012").await.body;
    let looks: Vec<&Value> = first["events"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|event| {
            event["kind"] == "access.viewed" && event["by"]["account"] == "budapest-legal"
        })
        .collect();
    assert_eq!(looks.len(), 1, "the look stands in what it shows");
    assert_eq!(
        (&looks[0]["what"], &looks[0]["reason"]),
        (&json!("past events"), &json!("complaint 12"))
    );
    desk.get("/api/v1/events").await;
    let other = house.log_in("budapest-legal").await;
    other.get("/api/v1/events").await;
    let looks = desk.events("access.viewed").await;
    let reasons: Vec<&Value> = looks
        .iter()
        .filter(|event| event["by"]["account"] == "budapest-legal")
        .map(|event| &event["reason"])
        .collect();
    assert_eq!(reasons, [&json!("complaint 12"), &json!("not stated")]);
}

#[tokio::test]
async fn events_are_chosen_by_kind_operation_and_unit() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    house.post_fixes("HU-1", &[(20.5, 20.0)]).await;
    house.post_fixes("HU-2", &[(20.5, 20.0)]).await;
    desk.post("/api/v1/operations", &opening("RAJKA")).await;
    let kinds = |page: &Value| -> Vec<String> {
        let events = page["events"].as_array().unwrap();
        events
            .iter()
            .map(|event| event["kind"].as_str().unwrap().to_owned())
            .collect()
    };
    let located = desk
        .get("/api/v1/events?kind=unit.located&unit=HU-2")
        .await
        .body;
    assert_eq!(kinds(&located), ["unit.located"]);
    assert_eq!(located["events"][0]["unit"], "HU-2");
    let two = desk
        .get("/api/v1/events?kind=unit.located,operation.opened")
        .await
        .body;
    assert_eq!(
        kinds(&two),
        ["unit.located", "unit.located", "operation.opened"]
    );
    let same = desk
        .get("/api/v1/events?kind=unit.located&kind=operation.opened")
        .await
        .body;
    assert_eq!(same["events"], two["events"]);
    let of = desk.get("/api/v1/events?operation=RAJKA").await.body;
    assert_eq!(kinds(&of)[0], "operation.opened");
    assert!(
        of["events"]
            .as_array()
            .unwrap()
            .iter()
            // What its unit does, or needs, belongs to it as well.
            .all(|event| event["operation"] == "RAJKA" || event["unit"] == "HU-1"),
        "{of}"
    );
    let positions = desk.get("/api/v1/events?kind=positions").await.body;
    assert_eq!(positions["events"], json!([]));
}

#[tokio::test]
async fn what_is_no_page_is_malformed_and_names_the_key() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    for (key, query) in [
        ("limit", "limit=0"),
        ("limit", "limit=10001"),
        ("limit", "limit=many"),
        ("since", "since=-1"),
        ("since", "since=now"),
        ("since", "since=1&since=2"),
        ("since", "since=18446744073709551615"),
        ("unit", "unit=a%20unit"),
        ("operation", "operation=%2F"),
    ] {
        let answer = desk.get(&format!("/api/v1/events?{query}")).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key)),
            "{query}"
        );
    }
}

#[tokio::test]
async fn each_rooms_ledger_counts_for_itself() {
    let house = House::new().await;
    house.post_fixes("HU-1", &[(20.5, 20.0)]).await;
    let arad = house.log_in("arad-operator").await;
    let seen = arad.get("/api/v1/events").await.body;
    assert!(
        seen["events"]
            .as_array()
            .unwrap()
            .iter()
            .all(|event| event["unit"] != "HU-1"),
        "{seen}"
    );
    assert_eq!(seqs(&seen)[0], 1);
}

#[tokio::test]
async fn a_cursor_older_than_what_is_kept_is_gone_and_told_the_oldest_number() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    house.give_up_before(5);
    let gone = desk.get("/api/v1/events?since=3").await;
    assert_eq!(
        (gone.status, &gone.body["oldest"]),
        (StatusCode::GONE, &json!(5))
    );
    assert_eq!(gone.body["type"], "/problems/gone");
    let kept = desk.get("/api/v1/events?since=4").await;
    assert_eq!((kept.status, seqs(&kept.body)[0]), (StatusCode::OK, 5));
    let mut watch = desk.watch("?since=3").await;
    assert_eq!(watch.next().await.unwrap()["kind"], "snapshot");
}

async fn looks_of(desk: &Desk, account: &str) -> Vec<(Value, Value)> {
    let looks = desk.events("access.viewed").await;
    let own = looks
        .into_iter()
        .filter(|event| event["by"]["account"] == account);
    own.map(|event| (event["what"].clone(), event["reason"].clone()))
        .collect()
}

#[tokio::test]
async fn each_read_of_its_own_with_a_reason_is_a_look_and_paging_on_is_none() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let legal = house.log_in("budapest-legal").await;
    let mut next = 0;
    for _ in 0..3 {
        let path = format!("/api/v1/events?limit=2&since={next}&reason=complaint");
        next = legal.get(&path).await.body["next"].as_u64().unwrap();
    }
    legal.get("/api/v1/events?since=0&reason=audit").await;
    let reasons: Vec<Value> = looks_of(&desk, "budapest-legal")
        .await
        .into_iter()
        .map(|(_, reason)| reason)
        .collect();
    assert_eq!(reasons, ["complaint", "audit"]);
}

#[tokio::test]
async fn a_feed_taken_up_from_before_what_was_given_is_a_look_at_the_past() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let viewer = house.log_in("budapest-observer").await;
    let mut watch = viewer.watch("").await;
    let seq = watch.next_of("snapshot").await["seq"].as_u64().unwrap();
    viewer.watch(&format!("?since={seq}")).await;
    viewer.watch("?since=1").await;
    viewer.watch("?since=2").await;
    let ask = json!({"kind": "resume", "since": 0}).to_string();
    watch.socket.send(Message::text(ask)).await.unwrap();
    until(async || looks_of(&desk, "budapest-observer").await.len() == 3).await;
    let seen = looks_of(&desk, "budapest-observer").await;
    let what: Vec<&Value> = seen.iter().map(|(what, _)| what).collect();
    assert_eq!(
        what,
        [
            "live picture",
            "live picture from record 1 on",
            "live picture from record 0 on"
        ]
    );
}

#[tokio::test]
async fn a_feed_of_another_rooms_ledger_begins_anew() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut own = desk.watch("?since=1&room=budapest").await;
    assert_eq!(own.next_of("bulletin").await["prev"], 1);
    let mut other = desk.watch("?since=1&room=arad").await;
    assert_eq!(other.next().await.unwrap()["kind"], "snapshot");
}
