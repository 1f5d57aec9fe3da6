use super::{CAR, GATEWAY, House, batch, fix, gzip, house, open_house};
use crate::service::desk::DeskError;
use crate::service::desk::stand_in::Came;
use crate::service::ingest::{IngestLimits, RateLimit};
use std::time::Duration;

async fn post(
    house: &House,
    token: &str,
    content_type: &str,
    body: impl Into<reqwest::Body>,
) -> (u16, String) {
    let response = reqwest::Client::new()
        .post(house.url("/api/v1/fixes"))
        .bearer_auth(token)
        .header("content-type", content_type)
        .body(body)
        .send()
        .await
        .unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn one_object_an_array_and_lines_are_taken_and_counted() {
    let (house, kept) = house(IngestLimits::default()).await;
    let receipt = |accepted, duplicate| {
        let text = format!(r#"{{"accepted":{accepted},"duplicate":{duplicate},"quarantined":[]}}"#);
        (200, text)
    };
    assert_eq!(
        post(&house, CAR, "application/json", fix(0)).await,
        receipt(1, 0)
    );
    assert_eq!(
        post(&house, CAR, "application/json", batch(0, 3)).await,
        receipt(2, 1)
    );
    let lines = format!("{}\r\n\r\n{}\r\n", fix(3), fix(4));
    assert_eq!(
        post(&house, CAR, "Application/X-NDJSON; charset=UTF-8", lines).await,
        receipt(2, 0)
    );
    assert_eq!(
        post(&house, CAR, "application/json", "[]").await,
        receipt(0, 0)
    );
    assert_eq!(
        post(&house, CAR, "application/x-ndjson", "").await,
        receipt(0, 0)
    );
    let kept = kept.lock().unwrap();
    assert_eq!(kept.fixes.len(), 5);
    assert!(
        kept.fixes
            .keys()
            .all(|(_, source, _)| source.as_str() == "t-car")
    );
}

#[tokio::test]
async fn what_cannot_be_used_is_kept_apart_and_the_rest_is_taken() {
    let (house, _) = house(IngestLimits::default()).await;
    let foreign = fix(1).replace("HU-1", "RO-1");
    let beyond = fix(2).replace("46.2", "96.2");
    let body = format!("[{},{foreign},{beyond},{}]", fix(0), fix(3));
    let (status, text) = post(&house, CAR, "application/json", body).await;
    assert_eq!(status, 200);
    let answer: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer["accepted"], 2);
    assert_eq!(answer["quarantined"][0]["index"], 1);
    assert_eq!(answer["quarantined"][0]["reason"], "not_your_unit");
    assert_eq!(answer["quarantined"][1]["index"], 2);
    assert_eq!(answer["quarantined"][1]["reason"], "out_of_range");
    let metrics = house.metrics();
    assert!(
        metrics.contains("ingest_fixes_accepted_total 2"),
        "{metrics}"
    );
    assert!(
        metrics.contains(r#"ingest_fixes_quarantined_total{reason="not_your_unit"} 1"#),
        "{metrics}"
    );
    assert!(!metrics.contains("HU-1"), "{metrics}");
}

#[tokio::test]
async fn gzip_is_inflated_members_and_all() {
    let (house, kept) = house(IngestLimits::default()).await;
    let lines = |from| format!("{}\n{}\n", fix(from), fix(from + 1));
    let mut body = gzip(lines(0).as_bytes());
    body.extend(gzip(lines(2).as_bytes()));
    let response = reqwest::Client::new()
        .post(house.url("/api/v1/fixes"))
        .bearer_auth(CAR)
        .header("content-type", "application/x-ndjson")
        .header("content-encoding", "GZIP")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(kept.lock().unwrap().fixes.len(), 4);
}

#[tokio::test]
async fn a_backlog_of_40_minutes_passes_in_one_batch_and_in_many() {
    let (house, kept) = house(IngestLimits::default()).await;
    assert_eq!(
        post(&house, CAR, "application/json", batch(0, 2_400))
            .await
            .0,
        200
    );
    for part in 0..48 {
        let body = batch(10_000 + part * 50, 50);
        assert_eq!(post(&house, CAR, "application/json", body).await.0, 200);
    }
    assert_eq!(kept.lock().unwrap().fixes.len(), 4_800);
}

#[tokio::test]
async fn the_largest_batch_passes() {
    let (house, kept) = house(IngestLimits::default()).await;
    let (status, text) = post(&house, GATEWAY, "application/json", batch(0, 10_000)).await;
    assert_eq!(
        (status, kept.lock().unwrap().fixes.len()),
        (200, 10_000),
        "{text}"
    );
}

#[tokio::test]
async fn a_full_queue_is_busy_and_says_when_to_come_again() {
    let (house, mut desk) = open_house(IngestLimits::default(), 1).await;
    let waiting = {
        let url = house.url("/api/v1/fixes");
        let request = reqwest::Client::new().post(url).bearer_auth(CAR);
        let request = request
            .header("content-type", "application/json")
            .body(fix(0));
        tokio::spawn(request.send())
    };
    // The queue holds one request; nobody takes it out yet.
    let full = loop {
        let response = reqwest::Client::new()
            .post(house.url("/api/v1/fixes"))
            .bearer_auth(CAR)
            .header("content-type", "application/json")
            .body(fix(1))
            .timeout(Duration::from_millis(200))
            .send()
            .await;
        // A probe that is not answered sits in the queue itself: the next one finds it full.
        if let Ok(response) = response {
            break response;
        }
    };
    assert_eq!(full.status().as_u16(), 503);
    assert_eq!(full.headers()["retry-after"], "1");
    assert!(full.text().await.unwrap().contains("/problems/busy"));
    let Some(Came::Fixes(came)) = desk.next().await else {
        panic!("a batch was queued");
    };
    drop(waiting);
    drop(came);
}

#[tokio::test]
async fn a_desk_that_cannot_record_or_is_ending_takes_nothing() {
    for (error, problem) in [
        (DeskError::Failing, "not-recording"),
        (DeskError::Closed, "ending"),
    ] {
        let (house, mut desk) = open_house(IngestLimits::default(), 4).await;
        tokio::spawn(async move {
            while let Some(Came::Fixes(came)) = desk.next().await {
                let _ = came.answer.send(Err(error));
            }
        });
        let (status, text) = post(&house, CAR, "application/json", fix(0)).await;
        assert_eq!(status, 503);
        assert!(text.contains(&format!("/problems/{problem}")), "{text}");
    }
}

#[tokio::test]
async fn a_token_without_patience_is_told_when_to_come_again() {
    let limits = IngestLimits {
        fixes: RateLimit {
            per_second: 10.0,
            burst: 10.0,
            longest_wait: Duration::ZERO,
        },
        ..IngestLimits::default()
    };
    let (house, kept) = house(limits).await;
    assert_eq!(
        post(&house, CAR, "application/json", batch(0, 10)).await.0,
        200
    );
    let response = reqwest::Client::new()
        .post(house.url("/api/v1/fixes"))
        .bearer_auth(CAR)
        .header("content-type", "application/json")
        .body(batch(10, 10))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status().as_u16(), 429);
    assert_eq!(response.headers()["retry-after"], "1");
    assert!(
        response
            .text()
            .await
            .unwrap()
            .contains("/problems/too-many-requests")
    );
    // The other token is not slowed down by it.
    assert_eq!(
        post(&house, GATEWAY, "application/json", batch(20, 10))
            .await
            .0,
        200
    );
    assert_eq!(kept.lock().unwrap().fixes.len(), 20);
}

#[tokio::test]
async fn a_body_that_pauses_too_long_is_given_up() {
    let limits = IngestLimits {
        body_pause: Duration::from_millis(50),
        discard_time: Duration::from_millis(10),
        ..IngestLimits::default()
    };
    let (house, _) = house(limits).await;
    let endless = futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>();
    let body = reqwest::Body::wrap_stream(endless);
    let (status, text) = post(&house, CAR, "application/json", body).await;
    assert_eq!(status, 408, "{text}");
}

#[tokio::test]
async fn bodies_beyond_the_account_are_busy_and_are_given_back() {
    let limits = IngestLimits {
        receiving_bytes: 64 * 1024,
        ..IngestLimits::default()
    };
    let (house, _) = house(limits).await;
    let large = format!("[{}{}]", " ".repeat(80 * 1024), fix(0));
    let (status, text) = post(&house, CAR, "application/json", large).await;
    assert_eq!(status, 503, "{text}");
    let fits = format!("[{}{}]", " ".repeat(50 * 1024), fix(0));
    for _ in 0..3 {
        assert_eq!(
            post(&house, CAR, "application/json", fits.clone()).await.0,
            200
        );
    }
}
