use super::{CAR, GATEWAY, House, Kept, PHONE, gzip, house, open_house};
use crate::service::desk::DeskError;
use crate::service::desk::stand_in::Came;
use crate::service::ingest::IngestLimits;
use reqwest::header::WWW_AUTHENTICATE;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;

const QUERY: &str = "id=48241179&timestamp=1805196797&lat=46.2&lon=20.4&speed=10&accuracy=5";

fn owntracks(second: u64) -> String {
    let at = 1_805_196_797 + second;
    format!(
        r#"{{"_type":"location","tst":{at},"lat":46.2,"lon":20.4,"acc":5,"topic":"owntracks/{PHONE}"}}"#
    )
}

fn traccar(second: u64) -> String {
    let at = 1_805_196_797_000 + second * 1_000;
    format!(
        r#"{{"location":{{"timestamp":{at},"coords":{{"latitude":46.2,"longitude":20.4}}}},"device_id":"{PHONE}"}}"#
    )
}

fn post(house: &House, path: &str, content_type: &str, body: impl Into<String>) -> RequestBuilder {
    reqwest::Client::new()
        .post(house.url(path))
        .header("content-type", content_type)
        .body(body.into())
}

/// As `OwnTracks` posts.
fn message(house: &House, token: &str, body: impl Into<String>) -> RequestBuilder {
    let json = "application/json; charset=utf-8";
    post(house, "/api/v1/owntracks", json, body).basic_auth("kovacs", Some(token))
}

async fn said(request: RequestBuilder) -> (u16, String) {
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn answered(request: RequestBuilder) -> (u16, Value) {
    let (status, text) = said(request).await;
    (status, serde_json::from_str(&text).unwrap())
}

fn sources(kept: &Kept) -> Vec<(String, String)> {
    let names = kept.fixes.keys();
    names
        .map(|(unit, source, _)| (unit.to_string(), source.to_string()))
        .collect()
}

#[tokio::test]
async fn a_phone_with_its_units_token_needs_no_register() {
    let (house, kept) = house(IngestLimits::default()).await;
    let by_address = format!("/api/v1/osmand/{CAR}?{QUERY}");
    let get = reqwest::Client::new().get(house.url(&by_address));
    let (status, receipt) = answered(get).await;
    assert_eq!(
        (status, &receipt["accepted"]),
        (200, &1.into()),
        "{receipt}"
    );
    // The same again, as a form and as a query without a body, with the token in the header.
    let form = post(
        &house,
        "/api/v1/osmand",
        "application/x-www-form-urlencoded",
        QUERY,
    );
    let (status, receipt) = answered(form.bearer_auth(CAR)).await;
    assert_eq!(
        (status, &receipt["duplicate"]),
        (200, &1.into()),
        "{receipt}"
    );
    let path = format!("/api/v1/osmand?{QUERY}");
    let bare = reqwest::Client::new()
        .post(house.url(&path))
        .basic_auth("x", Some(CAR));
    let (status, receipt) = answered(bare).await;
    assert_eq!(
        (status, &receipt["duplicate"]),
        (200, &1.into()),
        "{receipt}"
    );
    let path = format!("/api/v1/osmand/{CAR}");
    let json = post(&house, &path, "application/json", traccar(1));
    assert_eq!(answered(json).await.1["accepted"], 1);
    assert_eq!(
        said(message(&house, CAR, owntracks(2))).await,
        (200, "[]".to_owned())
    );

    let kept = kept.lock().unwrap();
    let sources = sources(&kept);
    assert_eq!(sources.len(), 3, "{sources:?}");
    assert!(
        sources.iter().all(|(unit, _)| unit == "HU-1"),
        "{sources:?}"
    );
    assert!(
        sources.iter().any(|(_, source)| source == "48241179"),
        "{sources:?}"
    );
    assert!(
        sources
            .iter()
            .any(|(_, source)| source.starts_with("kovacs-pixel.")),
        "{sources:?}"
    );
}

#[tokio::test]
async fn a_gateways_fix_is_of_the_unit_that_the_register_says_or_of_none() {
    let (house, kept) = house(IngestLimits::default()).await;
    let json = |device: &str| {
        let body = traccar(0).replace(PHONE, device);
        post(&house, "/api/v1/osmand", "application/json", body).bearer_auth(GATEWAY)
    };
    let (status, receipt) = answered(json(PHONE)).await;
    assert_eq!(
        (status, &receipt["accepted"]),
        (200, &1.into()),
        "{receipt}"
    );
    // The name of a unit is not the name of a device.
    for unknown in ["48241179", "HU-1"] {
        let (status, receipt) = answered(json(unknown)).await;
        assert_eq!(status, 200);
        assert_eq!(
            receipt["quarantined"][0]["reason"], "unknown_unit",
            "{receipt}"
        );
    }
    let (status, problem) = answered(json("")).await;
    assert_eq!(
        (status, &problem["key"]),
        (400, &"device_id".into()),
        "{problem}"
    );
    let kept = kept.lock().unwrap();
    assert_eq!(kept.fixes.len(), 1);
    let apart: Vec<_> = kept
        .quarantined
        .iter()
        .map(|fix| fix.unit.as_str())
        .collect();
    assert_eq!(apart, ["device.48241179", "device.HU-1"]);
}

#[tokio::test]
async fn owntracks_says_its_device_in_the_topic_or_in_the_headers() {
    let (house, kept) = house(IngestLimits::default()).await;
    let bare = |second| owntracks(second).replace(&format!(r#","topic":"owntracks/{PHONE}""#), "");
    let ways = [
        message(&house, GATEWAY, owntracks(0)),
        message(&house, GATEWAY, bare(1))
            .header("x-limit-u", "kovacs")
            .header("x-limit-d", "pixel"),
        message(&house, GATEWAY, bare(2)).header("x-limit-d", "pixel"),
        // Of a relay, the message knows better than the request.
        message(&house, GATEWAY, owntracks(3))
            .header("x-limit-u", "r")
            .header("x-limit-d", "r"),
    ];
    for request in ways {
        assert_eq!(said(request).await, (200, "[]".to_owned()));
    }
    let (status, problem) = answered(message(&house, GATEWAY, bare(4))).await;
    assert_eq!(
        (status, &problem["key"]),
        (400, &"topic".into()),
        "{problem}"
    );
    let kept = kept.lock().unwrap();
    assert_eq!((kept.fixes.len(), kept.quarantined.len()), (4, 0));
}

#[tokio::test]
async fn what_is_no_fix_is_answered_and_counted_and_changes_nothing() {
    let (house, kept) = house(IngestLimits::default()).await;
    let lwt = r#"{"_type":"lwt","tst":1805196797}"#;
    let transition = owntracks(0).replace("location", "transition");
    let ping = owntracks(0).replace(r#""acc":5"#, r#""t":"p""#);
    for body in [
        lwt,
        &transition,
        &ping,
        "",
        "[]",
        &format!("[{lwt},{ping}]"),
    ] {
        assert_eq!(
            said(message(&house, CAR, body)).await,
            (200, "[]".to_owned()),
            "{body}"
        );
    }
    assert_eq!(kept.lock().unwrap().fixes.len(), 0);
    let metrics = house.metrics();
    for (kind, count) in [
        ("last_will", 2),
        ("transition", 1),
        ("last_known", 2),
        ("waypoint", 0),
    ] {
        let line = format!(r#"ingest_messages_passed_over_total{{message="{kind}"}} {count}"#);
        assert!(metrics.contains(&line), "{line}\n{metrics}");
    }
    assert!(!metrics.contains("kovacs"), "{metrics}");
}

#[tokio::test]
async fn what_is_not_well_formed_names_its_key_and_nothing_of_it_is_taken() {
    let (house, kept) = house(IngestLimits::default()).await;
    let form = |text: &str| {
        post(
            &house,
            "/api/v1/osmand",
            "application/x-www-form-urlencoded",
            text,
        )
        .bearer_auth(CAR)
    };
    let json =
        |text: &str| post(&house, "/api/v1/osmand", "application/json", text).bearer_auth(CAR);
    let own = |text: &str| message(&house, CAR, text);
    let half = format!(
        "[{},{}]",
        owntracks(0),
        owntracks(1).replace("\"tst\"", "\"ts\"")
    );
    let cases = [
        (form(&QUERY.replace("lat=", "latitude=")), 400, "lat"),
        (
            form(&QUERY.replace("1805196797", "2027-03-16 11:00:00")),
            400,
            "timestamp",
        ),
        (form(""), 400, "timestamp"),
        (json("{}"), 400, "location"),
        (json(""), 400, "location"),
        (
            json(&traccar(0).replace("46.2", "\"46.2\"")),
            400,
            "location.coords.latitude",
        ),
        (own(&half), 400, "tst"),
        (own("{}"), 400, "_type"),
        (
            own(r#"{"_type":"encrypted","data":"e3VubnM="}"#),
            415,
            "_type",
        ),
    ];
    for (request, status, key) in cases {
        let (answered, problem) = answered(request).await;
        assert_eq!(
            (answered, &problem["key"]),
            (status, &key.into()),
            "{problem}"
        );
    }
    let both = post(
        &house,
        &format!("/api/v1/osmand?{QUERY}"),
        "application/x-www-form-urlencoded",
        QUERY,
    );
    assert_eq!(answered(both.bearer_auth(CAR)).await.0, 400);
    let text = post(&house, "/api/v1/osmand", "text/plain", QUERY).bearer_auth(CAR);
    assert_eq!(answered(text).await.0, 415);
    let kept = kept.lock().unwrap();
    assert_eq!((kept.fixes.len(), kept.quarantined.len()), (0, 0));
}

#[tokio::test]
async fn without_a_token_that_holds_an_app_is_asked_for_one() {
    let (house, _) = house(IngestLimits::default()).await;
    let client = reqwest::Client::new();
    let osmand = |path: &str| client.get(house.url(&format!("/api/v1/osmand{path}?{QUERY}")));
    let requests = [
        osmand(""),
        osmand("/wrong"),
        osmand("/%ff"),
        osmand("").bearer_auth("wrong"),
        osmand("").basic_auth(CAR, None::<&str>),
        osmand("").header("authorization", "Basic ?"),
        osmand("").header("authorization", format!("Digest {CAR}")),
        message(&house, "wrong", owntracks(0)),
        post(
            &house,
            "/api/v1/owntracks",
            "application/json",
            owntracks(0),
        ),
    ];
    for request in requests {
        let response: Response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 401);
        let ways: Vec<_> = response
            .headers()
            .get_all(WWW_AUTHENTICATE)
            .iter()
            .collect();
        assert_eq!(ways.len(), 2, "{ways:?}");
        let body = response.text().await.unwrap();
        assert!(!body.contains(CAR), "{body}");
    }
    house.gate.revoke("t-car");
    let revoked = osmand(&format!("/{CAR}")).send().await.unwrap();
    assert_eq!(revoked.status().as_u16(), 401);
}

#[tokio::test]
async fn a_backlog_after_a_tunnel_passes_in_one_body_and_one_by_one() {
    let (house, kept) = house(IngestLimits::default()).await;
    let all: Vec<String> = (0..2_400).map(owntracks).collect();
    let body = format!("[{}]", all.join(","));
    let packed = message(&house, GATEWAY, "").header("content-encoding", "gzip");
    let packed = packed.body(gzip(body.as_bytes()));
    assert_eq!(said(packed).await, (200, "[]".to_owned()));
    let client = reqwest::Client::new();
    for second in 5_000..5_300_u64 {
        let query = QUERY.replace("1805196797", &(1_805_196_797 + second).to_string());
        let url = house.url(&format!("/api/v1/osmand/{CAR}?{query}"));
        assert_eq!(client.get(url).send().await.unwrap().status().as_u16(), 200);
    }
    assert_eq!(kept.lock().unwrap().fixes.len(), 2_700);
    let narrow = IngestLimits {
        batch_fixes: 100,
        ..IngestLimits::default()
    };
    let (house, kept) = super::house(narrow).await;
    assert_eq!(said(message(&house, CAR, body)).await.0, 413);
    assert_eq!(kept.lock().unwrap().fixes.len(), 0);
}

#[tokio::test]
async fn what_is_not_durable_is_not_answered_as_taken() {
    let (house, mut desk) = open_house(IngestLimits::default(), 4).await;
    let answering = tokio::spawn(async move {
        while let Some(came) = desk.next().await {
            if let Came::Fixes(came) = came {
                let _ = came.answer.send(Err(DeskError::Failing));
            }
        }
    });
    let ping = owntracks(0).replace(r#""acc":5"#, r#""t":"p""#);
    let body = format!("[{},{ping}]", owntracks(0));
    let (status, problem) = answered(message(&house, CAR, body)).await;
    assert_eq!(
        (status, &problem["type"]),
        (503, &"/problems/not-recording".into()),
        "{problem}"
    );
    let none = r#"ingest_messages_passed_over_total{message="last_known"} 0"#;
    assert!(house.metrics().contains(none), "{}", house.metrics());
    answering.abort();
}
