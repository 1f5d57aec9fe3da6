//! Where a unit was.

use crate::house::{House, moment};
use reqwest::StatusCode;
use serde_json::{Value, json};

fn way(count: i32) -> Vec<(f64, f64)> {
    (0..count)
        .map(|second| {
            (
                20.4 + 0.000_3 * f64::from(second),
                f64::from(count - second),
            )
        })
        .collect()
}

fn longitudes(page: &Value) -> Vec<f64> {
    let fixes = page["fixes"].as_array().unwrap();
    fixes
        .iter()
        .map(|fix| fix["lon"].as_f64().unwrap())
        .collect()
}

#[tokio::test]
async fn a_track_is_read_page_by_page_as_posted_oldest_first() {
    let house = House::new().await;
    let way = way(25);
    // Two posts, the later stretch first: the track is by device time all the same.
    house.post_fixes("HU-1", &way[10..]).await;
    house.post_fixes("HU-1", &way[..10]).await;
    let desk = house.log_in("budapest-operator").await;
    let (mut query, mut read) = (String::new(), Vec::new());
    loop {
        let page = desk
            .get(&format!("/api/v1/tracks/HU-1?limit=7{query}"))
            .await
            .body;
        assert_eq!(page["unit"], "HU-1");
        read.extend(longitudes(&page));
        match page["next"].as_str() {
            Some(next) => query = format!("&since={next}"),
            None => break,
        }
    }
    let posted: Vec<f64> = way.iter().map(|(lon, _)| *lon).collect();
    assert_eq!(read, posted);
    let fix = desk.get("/api/v1/tracks/HU-1?limit=1").await.body["fixes"][0].clone();
    assert_eq!(
        (&fix["accuracy_m"], &fix["speed_mps"]),
        (&json!(5.0), &json!(25.0))
    );
    assert!(
        fix.get("altitude_m").is_none(),
        "what was not posted is not there: {fix}"
    );
    assert!(moment(&fix["received_at"]) > moment(&fix["fixed_at"]));
}

#[tokio::test]
async fn a_track_is_cut_by_time_both_ends_included() {
    let house = House::new().await;
    house.post_fixes("HU-1", &way(10)).await;
    let desk = house.log_in("budapest-operator").await;
    let all = desk.get("/api/v1/tracks/HU-1").await.body;
    assert_eq!(all["next"], Value::Null);
    let at = |index: usize| all["fixes"][index]["fixed_at"].as_str().unwrap().to_owned();
    let cut = desk
        .get(&format!("/api/v1/tracks/HU-1?from={}&to={}", at(2), at(5)))
        .await
        .body;
    assert_eq!(longitudes(&cut), longitudes(&all)[2..=5]);
    let after = desk
        .get(&format!("/api/v1/tracks/HU-1?since={}", at(8)))
        .await
        .body;
    assert_eq!(
        longitudes(&after),
        longitudes(&all)[9..],
        "since is exclusive"
    );
}

#[tokio::test]
async fn each_look_at_a_track_is_recorded_and_its_further_pages_are_not() {
    let house = House::new().await;
    house.post_fixes("HU-1", &way(10)).await;
    let desk = house.log_in("budapest-supervisor").await;
    let looks = async || -> Vec<(String, String)> {
        let viewed = house
            .log_in("budapest-legal")
            .await
            .events("access.viewed")
            .await;
        viewed
            .iter()
            .filter(|event| event["by"]["account"] == "budapest-supervisor")
            .map(|event| {
                let text = |key: &str| event[key].as_str().unwrap().to_owned();
                (text("what"), text("reason"))
            })
            .collect()
    };
    let page = desk
        .get("/api/v1/tracks/HU-1?limit=4&reason=court%20order%207")
        .await
        .body;
    let next = page["next"].as_str().unwrap();
    let second = format!("/api/v1/tracks/HU-1?limit=4&since={next}");
    desk.get(&second).await;
    desk.get(&second).await;
    let recorded = looks().await;
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    assert!(recorded[0].0.starts_with("track of HU-1"), "{recorded:?}");
    assert_eq!(recorded[0].1, "court order 7");
    desk.get("/api/v1/tracks/HU-1").await;
    // A cursor that no page has given is a look of its own.
    desk.get("/api/v1/tracks/HU-1?since=2020-01-01T00:00:00Z")
        .await;
    let recorded = looks().await;
    assert_eq!(recorded.len(), 3, "{recorded:?}");
    assert_eq!(recorded[1].1, "not stated");
}

#[tokio::test]
async fn a_unit_of_another_room_has_no_track_here() {
    let house = House::new().await;
    house.post_fixes("HU-1", &way(3)).await;
    let arad = house.log_in("arad-operator").await;
    assert_eq!(
        arad.get("/api/v1/tracks/HU-1").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        arad.get("/api/v1/units/HU-1").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        arad.get("/api/v1/tracks/RO-1").await.body["fixes"],
        json!([])
    );
}

#[tokio::test]
async fn what_is_no_stretch_of_time_is_malformed_and_names_the_key() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    for (key, query) in [
        ("from", "from=yesterday"),
        ("to", "to=2026-01-01T00:00:00"),
        ("since", "since=x"),
        ("limit", "limit=99999"),
    ] {
        let answer = desk.get(&format!("/api/v1/tracks/HU-1?{query}")).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key)),
            "{query}"
        );
    }
    let zoned = desk
        .get("/api/v1/tracks/HU-1?from=2026-01-01T01:00:00+01:00&to=1767225600000")
        .await;
    assert_eq!(zoned.status, StatusCode::OK, "{}", zoned.body);
}
