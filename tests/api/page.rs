//! The map's files, the borders and rules it asks for, and what the service says of itself.

use crate::house::{House, WRONG_BOXES, Wishes};
use limes::domain::borders::{CrossingPoints, Frontier, ListedPoint, PointOrigin};
use limes::domain::measure::Position;
use limes::service::borderdata;
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    for path in [
        "/",
        "/api/v1/sessions",
        "/api/v1/nothing",
        "/healthz",
        "/nothing.js",
        "/api/v1/fixes",
    ] {
        let answer = desk.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            answer.header("permissions-policy"),
            "geolocation=()",
            "{path}"
        );
    }
    assert_eq!(
        desk.get("/api/v1/sessions").await.header("cache-control"),
        "no-store"
    );
}

#[tokio::test]
async fn an_unknown_address_of_the_api_is_a_problem_and_any_other_is_the_map() {
    let house = House::new().await;
    let nobody = house.nobody();
    for path in [
        "/api/v1/nothing",
        "/api",
        "/api/v2/units",
        "/nothing.js",
        "/assets/nothing.css",
    ] {
        let answer = nobody.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    for path in ["/", "/operations/RAJKA"] {
        let answer = nobody.get(path).await;
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        assert!(answer.text.starts_with("<!doctype html>"), "{path}");
    }
}

#[tokio::test]
async fn another_method_is_405_and_names_the_right_ones() {
    let house = House::new().await;
    let answer = house
        .nobody()
        .send(Method::PUT, "/api/v1/sessions", None, &[])
        .await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.body["type"], "/problems/method-not-allowed");
    for method in ["GET", "POST", "DELETE"] {
        assert!(
            answer.header("allow").contains(method),
            "{}",
            answer.header("allow")
        );
    }
}

#[tokio::test]
async fn the_frontier_is_the_engines_own_and_is_kept_by_the_browser() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let path = "/api/v1/frontiers?bbox=20.6,46.1,20.8,46.3";
    let answer = desk.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.body["type"], "FeatureCollection");
    let features = answer.body["features"].as_array().unwrap();
    assert!(
        features
            .iter()
            .any(|line| line["properties"] == json!({"frontier": "HU-RO", "kind": "land"}))
    );
    let tag = answer.header("etag");
    assert_eq!(
        tag,
        format!("\"{}\"", answer.body["border_set"].as_str().unwrap())
    );
    assert!(answer.header("cache-control").contains("max-age"));
    let again = desk
        .send(Method::GET, path, None, &[("if-none-match", tag)])
        .await;
    assert_eq!(
        (again.status, again.text.as_str()),
        (StatusCode::NOT_MODIFIED, "")
    );
    for bbox in WRONG_BOXES {
        let answer = desk.get(&format!("/api/v1/frontiers?bbox={bbox}")).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!("bbox")),
            "{bbox}"
        );
    }
}

#[tokio::test]
async fn the_crossing_points_are_told_as_they_are_listed() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let none = desk.get("/api/v1/crossing-points").await;
    assert_eq!(none.status, StatusCode::OK);
    assert_eq!(none.body, json!({"crossing_points": []}));
    let listed = ListedPoint {
        name: "COP-1".into(),
        frontier: Frontier::parse("HU-RO").unwrap(),
        near: Position::new(46.1725, 20.7168).unwrap(),
        origin: PointOrigin::Installation,
        source: "a test".into(),
    };
    let atlas = borderdata::atlas(None).unwrap();
    let house = House::with(Wishes {
        crossing_points: CrossingPoints::laid(&atlas, [listed]).unwrap(),
        ..Wishes::default()
    })
    .await;
    let desk = house.log_in("budapest-operator").await;
    let answer = desk.get("/api/v1/crossing-points").await.body;
    let [point] = answer["crossing_points"].as_array().unwrap().as_slice() else {
        panic!("{answer}");
    };
    assert_eq!(
        (
            &point["name"],
            &point["frontier"],
            &point["origin"],
            &point["source"]
        ),
        (
            &json!("COP-1"),
            &json!("HU-RO"),
            &json!("installation"),
            &json!("a test")
        )
    );
    assert!((point["point"][0].as_f64().unwrap() - 20.7168).abs() < 0.001);
    assert!((0.0..180.0).contains(&point["line_deg"].as_f64().unwrap()));
}

#[tokio::test]
async fn offences_and_states_come_from_the_rules() {
    let house = House::new().await;
    let desk = house.log_in("budapest-admin").await;
    let offences = desk.get("/api/v1/offences").await.body;
    let drugs = offences["offences"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "drugs");
    assert!(!drugs.unwrap()["label"].as_str().unwrap().is_empty());
    let states = desk.get("/api/v1/states").await.body;
    let romania = states["states"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["id"] == "RO")
        .unwrap()
        .clone();
    assert_eq!(
        (&romania["name"], &romania["rooms"]),
        (&json!("Romania"), &json!(["arad"]))
    );
}

#[tokio::test]
async fn a_first_installation_is_ready_and_says_what_to_do() {
    let house = House::empty(Wishes::default()).await;
    let ready = house.nobody().get("/readyz").await;
    assert_eq!(
        (ready.status, &ready.body["ready"]),
        (StatusCode::OK, &json!(true))
    );
    assert!(
        ready.body["notes"][0]
            .as_str()
            .unwrap()
            .contains("limes room add"),
        "{}",
        ready.body
    );
    assert_eq!(house.nobody().get("/healthz").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_counted_names_no_unit_and_no_operation() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    house.post_fixes("HU-1", &[(20.5, 5.0)]).await;
    desk.post("/api/v1/operations", &crate::house::opening("RAJKA"))
        .await;
    let mut watch = desk.watch("").await;
    watch.next_of("snapshot").await;
    let text = house.nobody().get("/metrics").await.text;
    for line in [
        "limes_live_viewers 1",
        "limes_desk_recording 1",
        "limes_ingest_fixes_accepted_total 1",
    ] {
        assert!(
            text.lines().any(|said| said == line),
            "{line} is not in\n{text}"
        );
    }
    assert!(
        text.contains("limes_notices_overdue{state=\"sent_unseen\"} 0"),
        "{text}"
    );
    for name in ["HU-1", "RAJKA", "budapest-operator"] {
        assert!(!text.contains(name), "{name}");
    }
}

#[tokio::test]
async fn long_answers_are_compressed_for_who_takes_it() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let plain = desk.get("/api/v1/offences").await;
    assert_eq!(plain.header("content-encoding"), "");
    let small = desk
        .send(
            Method::GET,
            "/api/v1/offences",
            None,
            &[("accept-encoding", "gzip")],
        )
        .await;
    assert_eq!(small.header("content-encoding"), "gzip");
}

#[tokio::test]
async fn the_description_is_read_without_log_in_by_programs_and_by_people() {
    let house = House::new().await;
    let nobody = house.nobody();
    let document = nobody.get("/api/v1/openapi.json").await;
    assert_eq!(document.status, StatusCode::OK);
    assert_eq!(document.body["openapi"], "3.1.0");
    let page = nobody.get("/api/docs").await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    for path in document.body["paths"].as_object().unwrap().keys() {
        assert!(
            page.text.contains(path.as_str()),
            "{path} is not on the page"
        );
    }
    for name in document.body["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        let place = format!("id=\"schema-{name}\"");
        assert!(page.text.contains(&place), "{name} is not on the page");
    }
    for shown in ["as the password of Basic", "gateway in the address."] {
        assert!(page.text.contains(shown), "{shown}");
    }
    // Nothing that the page's policy would stop: no script, no style of its own, nothing from elsewhere.
    for barred in ["<script", "<style", " style=", "onclick", "://"] {
        assert!(!page.text.contains(barred), "{barred}");
    }
    let style = nobody.get("/api/docs.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(!style.text.contains("://"));
}

/// Every described address is really there: without log-in it answers something other than "nothing here".
#[tokio::test]
async fn every_described_address_answers() {
    let house = House::new().await;
    let nobody = house.nobody();
    let document = nobody.get("/api/v1/openapi.json").await.body;
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let filled = path.replace("{id}", "X").replace("{unit}", "X");
            let answer = nobody.send(method.clone(), &filled, None, &[]).await;
            let status = answer.status;
            let said = document["paths"][path][method.as_str().to_lowercase()]["responses"]
                .get(status.as_str())
                .is_some();
            assert!(
                said,
                "{method} {path} answers {status}, which is not described"
            );
        }
    }
}
