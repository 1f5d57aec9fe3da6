//! The live feed: snapshot, bulletins, heartbeat, resume, goodbye.

use crate::house::{House, PATIENCE, made, opening, until};
use futures_util::SinkExt;
use limes::domain::ids::AccountId;
use limes::service::live::ViewerLimits;
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::time::Duration;
use tokio_tungstenite::tungstenite::{self, Message};

fn status(error: tungstenite::Error) -> u16 {
    match error {
        tungstenite::Error::Http(answer) => answer.status().as_u16(),
        other => panic!("not an answer: {other}"),
    }
}

#[tokio::test]
async fn the_feed_begins_with_the_whole_picture_and_goes_on_without_a_gap() {
    let house = House::new().await;
    house.post_fixes("HU-1", &[(20.5, 30.0)]).await;
    let desk = house.log_in("budapest-operator").await;
    let mut watch = desk.watch("").await;
    let snapshot = watch.next().await.unwrap();
    assert_eq!(snapshot["kind"], "snapshot");
    assert_eq!(snapshot["room"], json!({"id": "budapest", "state": "HU"}));
    assert_eq!(
        snapshot["me"],
        json!({"account": "budapest-operator", "role": "operator"})
    );
    assert_eq!(snapshot["mode"]["exercise"], false);
    assert_eq!(snapshot["units"][0]["position"]["lon"], 20.5);
    let mut seq = snapshot["seq"].as_u64().unwrap();
    for round in 0..3 {
        house
            .post_fixes("HU-1", &[(20.501, 20.0 - f64::from(round))])
            .await;
    }
    house.post_fixes("HU-1", &[(20.502, 10.0)]).await;
    // Bulletins that wait together are joined: how many there are is not said, only that nothing lies between them.
    let mut lon = 20.5;
    while lon < 20.502 {
        let bulletin = watch.next_of("bulletin").await;
        assert_eq!(bulletin["prev"], seq, "{bulletin}");
        seq = bulletin["seq"].as_u64().unwrap();
        for position in bulletin["positions"].as_array().unwrap() {
            lon = position["lon"].as_f64().unwrap();
        }
    }
    let head = desk.get("/api/v1/events").await.body["next"]
        .as_u64()
        .unwrap();
    assert!(head >= seq);
}

#[tokio::test]
async fn a_heartbeat_tells_the_last_record_given_and_that_it_is_recorded() {
    let house = House::new().await;
    let mut watch = house.log_in("budapest-operator").await.watch("").await;
    let snapshot = watch.next_of("snapshot").await;
    let mut beats = Vec::new();
    while beats.len() < 3 {
        beats.push(watch.next_of("heartbeat").await);
    }
    for beat in &beats {
        assert_eq!(beat["recording"], "ok");
        assert_eq!(beat["seq"], snapshot["seq"]);
    }
}

#[tokio::test]
async fn a_feed_taken_up_again_brings_what_was_missed_and_no_snapshot() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut watch = desk.watch("").await;
    let since = watch.next_of("snapshot").await["seq"].as_u64().unwrap();
    drop(watch);
    for round in 0..4 {
        house
            .post_fixes("HU-1", &[(20.5, 40.0 - f64::from(round))])
            .await;
        desk.post("/api/v1/operations", &opening(&format!("OP-{round}")))
            .await;
    }
    // Once all is shown, what was missed is read from the record, where no position is left out.
    let shown = async || desk.get("/api/v1/operations").await.body;
    until(async || shown().await["operations"].as_array().map(Vec::len) == Some(4)).await;
    let head = shown().await["seq"].as_u64().unwrap();
    let mut watch = desk.watch(&format!("?since={since}")).await;
    let (mut at, mut positions, mut opened) = (since, 0, 0);
    while at < head {
        let message = watch.next().await.unwrap();
        assert_ne!(message["kind"], "snapshot");
        if message["kind"] == "bulletin" {
            assert_eq!(message["prev"], at);
            at = message["seq"].as_u64().unwrap();
            positions += message["positions"].as_array().unwrap().len();
            let events = message["events"].as_array().unwrap();
            opened += events
                .iter()
                .filter(|event| event["kind"] == "operation.opened")
                .count();
        }
    }
    assert_eq!((at, positions, opened), (head, 4, 4));
}

#[tokio::test]
async fn a_map_that_is_out_of_step_asks_to_resume_on_the_same_socket() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    house.post_fixes("HU-1", &[(20.5, 40.0)]).await;
    let mut watch = desk.watch("").await;
    let head = watch.next_of("snapshot").await["seq"].as_u64().unwrap();
    for unknown in ["{\"kind\":\"sing\"}", "not json", "[1,2]"] {
        watch.socket.send(Message::text(unknown)).await.unwrap();
    }
    let ask = json!({"kind": "resume", "since": 1}).to_string();
    watch.socket.send(Message::text(ask)).await.unwrap();
    let mut at = 1;
    while at < head {
        let bulletin = watch.next_of("bulletin").await;
        assert_eq!(bulletin["prev"], at);
        at = bulletin["seq"].as_u64().unwrap();
    }
    house.post_fixes("HU-1", &[(20.5, 30.0)]).await;
    assert_eq!(
        watch.next_of("bulletin").await["prev"],
        at,
        "the feed goes on from there"
    );
}

#[tokio::test]
async fn a_cursor_from_the_future_begins_anew_with_a_snapshot() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut watch = desk.watch("?since=1000000").await;
    assert_eq!(watch.next().await.unwrap()["kind"], "snapshot");
    let refused = desk.try_watch("?since=tomorrow", &[]).await.err().unwrap();
    assert_eq!(status(refused), 400);
}

#[tokio::test]
async fn logging_out_ends_the_feed_with_a_goodbye() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let mut watch = desk.watch("").await;
    watch.next_of("snapshot").await;
    desk.delete("/api/v1/sessions").await;
    let ended = watch.ended().await;
    assert_eq!(ended.code, 1008);
    assert!(ended.reason.contains("log in"), "{ended:?}");
}

#[tokio::test]
async fn disabling_the_account_ends_its_feeds_and_no_others() {
    let house = House::new().await;
    let mut watch = house.log_in("budapest-operator").await.watch("").await;
    let mut other = house.log_in("budapest-legal").await.watch("").await;
    watch.next_of("snapshot").await;
    other.next_of("snapshot").await;
    let account = AccountId::parse("budapest-operator").unwrap();
    house
        .running
        .registry
        .change(&made(), |writer| writer.disable_account(&account))
        .unwrap();
    assert_eq!(watch.ended().await.code, 1008);
    house.post_fixes("HU-1", &[(20.5, 5.0)]).await;
    other.next_of("bulletin").await;
}

#[tokio::test]
async fn the_end_of_the_service_is_told() {
    let house = House::new().await;
    let mut watch = house.log_in("budapest-operator").await.watch("").await;
    watch.next_of("snapshot").await;
    let again = tokio::spawn(house.again());
    let ended = watch.ended().await;
    assert_eq!(ended.code, 1012);
    drop(again.await.unwrap());
}

#[tokio::test]
async fn the_feed_opens_for_people_of_the_room_from_its_own_page_only() {
    let house = House::new().await;
    let admin = house.log_in("budapest-admin").await;
    assert_eq!(status(admin.try_watch("", &[]).await.err().unwrap()), 403);
    assert_eq!(
        status(house.nobody().try_watch("", &[]).await.err().unwrap()),
        401
    );
    let mut desk = house.log_in("budapest-operator").await;
    let plain = desk.get("/api/v1/live").await;
    assert_eq!(plain.status, StatusCode::UPGRADE_REQUIRED);
    let cookie = format!("limes_session={}", desk.token.take().unwrap());
    let elsewhere = [
        ("cookie", cookie.as_str()),
        ("origin", "http://elsewhere.example"),
    ];
    assert_eq!(
        status(desk.try_watch("", &elsewhere).await.err().unwrap()),
        403
    );
    assert_eq!(
        status(desk.try_watch("", &elsewhere[..1]).await.err().unwrap()),
        403
    );
    let own = house.url("");
    let here = [("cookie", cookie.as_str()), ("origin", own.as_str())];
    let mut watch = desk.try_watch("", &here).await.unwrap();
    watch.next_of("snapshot").await;
}

#[tokio::test]
async fn watching_is_recorded_once_and_a_reconnect_belongs_to_it() {
    let house = House::new().await;
    let desk = house.log_in("budapest-observer").await;
    let mut watch = desk.watch("").await;
    let snapshot = watch.next_of("snapshot").await;
    let looked = snapshot["recent"].as_array().unwrap().iter().any(|event| {
        event["kind"] == "access.viewed" && event["by"]["account"] == "budapest-observer"
    });
    assert!(looked, "the look stands in the picture it shows");
    drop(watch);
    let mut watch = desk.watch(&format!("?since={}", snapshot["seq"])).await;
    watch.next_of("heartbeat").await;
    let looks = house
        .log_in("budapest-operator")
        .await
        .events("access.viewed")
        .await;
    let live = looks.iter().filter(|event| {
        event["what"] == "live picture" && event["by"]["account"] == "budapest-observer"
    });
    assert_eq!(live.count(), 1);
}

#[tokio::test]
async fn only_so_many_watch() {
    let house = House::watched(ViewerLimits {
        in_total: 3,
        per_room: 2,
        ..ViewerLimits::default()
    })
    .await;
    let budapest = house.log_in("budapest-operator").await;
    let arad = house.log_in("arad-operator").await;
    let first = budapest.watch("").await;
    let _second = budapest.watch("").await;
    assert_eq!(
        status(budapest.try_watch("", &[]).await.err().unwrap()),
        503
    );
    let _third = arad.watch("").await;
    assert_eq!(status(arad.try_watch("", &[]).await.err().unwrap()), 503);
    drop(first);
    until(async || budapest.try_watch("", &[]).await.is_ok()).await;
}

/// A viewer that does not read fills its socket; the others go on, and when it reads again it is told that it lagged and
/// has missed no event.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_viewer_is_conflated_and_delays_nobody() {
    let patient = ViewerLimits {
        write_time: PATIENCE * 10,
        silence: PATIENCE * 10,
        ..ViewerLimits::default()
    };
    let house = House::watched(patient).await;
    let desk = house.log_in("budapest-operator").await;
    let mut slow = desk.watch("").await;
    let mut quick = house.log_in("budapest-legal").await.watch("").await;
    let mut at = slow.next_of("snapshot").await["seq"].as_u64().unwrap();
    let (told, mut quick_at) = tokio::sync::watch::channel(0);
    let reading = tokio::spawn(async move {
        while let Some(message) = quick.next().await {
            if message["kind"] == "bulletin" {
                told.send_replace(message["seq"].as_u64().unwrap());
            }
        }
    });
    let rounds = 60;
    for round in 0..rounds {
        let start = f64::from(rounds - round) * 100.0;
        let way: Vec<(f64, f64)> = (0..1_000)
            .map(|tick| (20.4, start - f64::from(tick) / 10.0))
            .collect();
        house.post_fixes("HU-1", &way).await;
    }
    desk.post("/api/v1/operations", &opening("AFTERWARDS"))
        .await;
    let head = desk.get("/api/v1/operations").await.body["seq"]
        .as_u64()
        .unwrap();
    let arrives = quick_at.wait_for(|at| *at >= head);
    tokio::time::timeout(PATIENCE, arrives)
        .await
        .expect("the quick viewer is not delayed")
        .unwrap();
    let (mut lagged, mut opened, mut positions) = (false, 0, 0);
    while at < head {
        let message = slow.next().await.expect("the feed goes on");
        lagged |= message["kind"] == "lagging";
        if message["kind"] == "bulletin" {
            assert_eq!(message["prev"], at, "no gap");
            at = message["seq"].as_u64().unwrap();
            positions += message["positions"].as_array().unwrap().len();
            opened += count(&message, "operation.opened");
        }
    }
    assert!(lagged, "it was told that it lagged");
    assert_eq!(opened, 1, "no event was lost");
    assert!(positions < 60_000, "positions were conflated: {positions}");
    reading.abort();
}

/// A viewer whose other end takes nothing at all is given up.
#[tokio::test]
async fn a_viewer_that_takes_nothing_is_given_up() {
    let strict = ViewerLimits {
        ping_every: Duration::from_millis(100),
        silence: Duration::from_millis(300),
        ..ViewerLimits::default()
    };
    let house = House::watched(strict).await;
    let watch = house.log_in("budapest-operator").await.watch("").await;
    let viewers = async || {
        let text = house.nobody().get("/metrics").await.text;
        text.lines()
            .find_map(|line| line.strip_prefix("limes_live_viewers "))
            .unwrap()
            .to_owned()
    };
    until(async || viewers().await == "0").await;
    drop(watch);
}

fn count(bulletin: &Value, kind: &str) -> usize {
    let events = bulletin["events"].as_array().unwrap();
    events.iter().filter(|event| event["kind"] == kind).count()
}

#[tokio::test]
async fn a_feed_taken_up_again_first_says_whose_it_is_and_how_far_it_has_to_go() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let snapshot = desk.watch("").await.next_of("snapshot").await;
    house.post_fixes("HU-1", &[(20.5, 5.0)]).await;
    let since = snapshot["seq"].as_u64().unwrap();
    let shown = async || desk.get("/api/v1/operations").await.body["seq"].as_u64();
    until(async || shown().await > Some(since)).await;
    let mut again = desk.watch(&format!("?since={since}")).await;
    let beat = again.next().await.expect("the feed goes on");
    assert_eq!(beat["kind"], "heartbeat");
    assert_eq!(beat["seq"], since);
    assert!(beat["head"].as_u64().unwrap() > since, "{beat}");
    assert_eq!(beat["room"], "budapest");
    assert_eq!(beat["started_at"], snapshot["started_at"]);
    assert_eq!(again.next_of("bulletin").await["prev"], since);
}
