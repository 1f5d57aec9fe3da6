//! Log-in, log-out, roles, and from which page.

use crate::house::{House, PASSWORD, Wishes, made};
use limes::domain::ids::AccountId;
use reqwest::{Method, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_person_logs_in_is_known_and_logs_out() {
    let house = House::new().await;
    let desk = house.log_in("budapest-operator").await;
    let me = desk.get("/api/v1/sessions").await;
    assert_eq!(me.status, StatusCode::OK);
    assert_eq!(me.body["account"], "budapest-operator");
    assert_eq!(me.body["room"], "budapest");
    assert_eq!(me.body["role"], "operator");
    let out = desk.delete("/api/v1/sessions").await;
    assert_eq!(
        (out.status, out.text.as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(
        desk.get("/api/v1/sessions").await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn log_in_and_log_out_are_recorded_with_the_person() {
    let house = House::new().await;
    let desk = house.log_in("budapest-legal").await;
    desk.delete("/api/v1/sessions").await;
    let events = house
        .log_in("budapest-operator")
        .await
        .events("access.session")
        .await;
    let acts: Vec<_> = events
        .iter()
        .filter(|event| event["by"]["account"] == "budapest-legal")
        .map(|event| event["act"].as_str().unwrap())
        .collect();
    assert_eq!(acts, ["logged_in", "logged_out"]);
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let house = House::new().await;
    let body = json!({"account": "budapest-operator", "password": PASSWORD});
    let answer = house.nobody().post("/api/v1/sessions", &body).await;
    let cookie = answer.header("set-cookie");
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    assert!(
        !cookie.contains("Secure"),
        "plain HTTP on loopback: {cookie}"
    );
}

#[tokio::test]
async fn behind_a_proxy_the_cookie_is_secure_unless_the_proxy_says_that_it_ends_no_tls() {
    let house = House::with(Wishes {
        behind_proxy: true,
        ..Wishes::default()
    })
    .await;
    let body = json!({"account": "budapest-operator", "password": PASSWORD});
    for (headers, secure) in [
        (&[("x-forwarded-proto", "https")][..], true),
        (&[], true),
        (&[("x-forwarded-proto", "http")], false),
    ] {
        let answer = house
            .nobody()
            .send(Method::POST, "/api/v1/sessions", Some(&body), headers)
            .await;
        assert_eq!(answer.header("set-cookie").contains("Secure"), secure);
    }
}

#[tokio::test]
async fn the_cookie_changes_something_only_from_a_page_of_the_service() {
    let house = House::new().await;
    let mut desk = house.log_in("budapest-operator").await;
    let cookie = format!("limes_session={}", desk.token.take().unwrap());
    let own = house.url("");
    let with = async |method: Method, origin: Option<&str>| {
        let mut headers = vec![("cookie", cookie.as_str())];
        headers.extend(origin.map(|origin| ("origin", origin)));
        desk.send(method, "/api/v1/sessions", None, &headers)
            .await
            .status
    };
    assert_eq!(with(Method::GET, None).await, StatusCode::OK);
    assert_eq!(with(Method::DELETE, None).await, StatusCode::FORBIDDEN);
    assert_eq!(
        with(Method::DELETE, Some("http://elsewhere.example")).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        with(Method::DELETE, Some("null")).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        with(Method::DELETE, Some(&own)).await,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn another_site_cannot_log_a_browser_in() {
    let house = House::new().await;
    let body = json!({"account": "budapest-operator", "password": PASSWORD});
    let headers = [("origin", "http://elsewhere.example")];
    let answer = house
        .nobody()
        .send(Method::POST, "/api/v1/sessions", Some(&body), &headers)
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_account_are_answered_alike_and_slowed_down() {
    let house = House::new().await;
    let wrong = async |account: &str| {
        let body = json!({"account": account, "password": "not the password"});
        house.nobody().post("/api/v1/sessions", &body).await
    };
    let known = wrong("budapest-operator").await;
    let unknown = wrong("nobody-of-this-name").await;
    assert_eq!(known.status, StatusCode::UNAUTHORIZED);
    assert_eq!((known.status, &known.text), (unknown.status, &unknown.text));
    let mut last = known;
    for _ in 0..30 {
        last = wrong("nobody-of-this-name").await;
        if last.status == StatusCode::TOO_MANY_REQUESTS {
            break;
        }
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert_eq!(last.body["type"], "/problems/too-many-requests");
}

#[tokio::test]
async fn behind_a_proxy_the_address_that_the_proxy_names_is_slowed_down_alone() {
    let house = House::with(Wishes {
        behind_proxy: true,
        ..Wishes::default()
    })
    .await;
    let from = async |address: &str, password: &str, account: &str| {
        let body = json!({"account": account, "password": password});
        // What the sender wrote itself stands before what the proxy appended, and is not believed.
        let named = format!("192.0.2.77, {address}");
        let headers = [("x-forwarded-for", named.as_str())];
        let nobody = house.nobody();
        let answer = nobody
            .send(Method::POST, "/api/v1/sessions", Some(&body), &headers)
            .await;
        answer.status
    };
    for number in 0..21 {
        from(
            "198.51.100.1",
            "a wrong password",
            &format!("guess-{number}"),
        )
        .await;
    }
    assert_eq!(
        from("198.51.100.1", PASSWORD, "budapest-operator").await,
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(
        from("198.51.100.2", PASSWORD, "budapest-operator").await,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn without_a_session_every_address_of_the_desk_answers_401_and_with_a_units_token_403() {
    let house = House::new().await;
    let unit = house.unit("HU-1");
    for path in [
        "sessions",
        "operations",
        "operations/x",
        "units",
        "units/HU-1",
        "tracks/HU-1",
        "events",
        "live",
        "frontiers",
        "crossing-points",
        "offences",
        "states",
    ] {
        let path = format!("/api/v1/{path}");
        let answer = house.nobody().get(&path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(
            unit.get(&path).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
}

#[tokio::test]
async fn each_role_sees_and_does_what_the_workflow_grants_it() {
    let house = House::new().await;
    let post = async |role: &str, path: &str| {
        let desk = house.log_in(&format!("budapest-{role}")).await;
        desk.post(path, &json!({})).await.status
    };
    let get = async |role: &str, path: &str| {
        let desk = house.log_in(&format!("budapest-{role}")).await;
        desk.get(path).await.status
    };
    // An empty order is malformed for whoever may give it.
    for (role, status) in [
        ("operator", StatusCode::BAD_REQUEST),
        ("supervisor", StatusCode::BAD_REQUEST),
        ("legal", StatusCode::BAD_REQUEST),
        ("observer", StatusCode::FORBIDDEN),
        ("auditor", StatusCode::FORBIDDEN),
        ("admin", StatusCode::FORBIDDEN),
    ] {
        assert_eq!(
            post(role, "/api/v1/operations").await,
            status,
            "{role} opens"
        );
    }
    for path in [
        "units",
        "units/HU-1",
        "tracks/HU-1",
        "events",
        "operations",
        "live",
    ] {
        let path = format!("/api/v1/{path}");
        assert_eq!(
            get("admin", &path).await,
            StatusCode::FORBIDDEN,
            "admin at {path}"
        );
    }
    for path in ["units", "tracks/HU-1", "events", "live"] {
        let path = format!("/api/v1/{path}");
        assert_eq!(
            get("auditor", &path).await,
            StatusCode::FORBIDDEN,
            "auditor at {path}"
        );
    }
    for path in ["units", "operations", "events", "tracks/HU-1"] {
        let path = format!("/api/v1/{path}");
        assert_eq!(
            get("observer", &path).await,
            StatusCode::OK,
            "observer at {path}"
        );
    }
}

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_with_its_account() {
    let house = House::new().await;
    let token = house.log_in("budapest-operator").await.token;
    let house = house.again().await;
    let mut desk = house.nobody();
    desk.token = token;
    assert_eq!(desk.get("/api/v1/sessions").await.status, StatusCode::OK);
    let account = AccountId::parse("budapest-operator").unwrap();
    house
        .running
        .registry
        .change(&made(), |writer| writer.disable_account(&account))
        .unwrap();
    assert_eq!(
        desk.get("/api/v1/sessions").await.status,
        StatusCode::UNAUTHORIZED
    );
}
