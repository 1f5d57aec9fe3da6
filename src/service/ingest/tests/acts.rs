use super::{CAR, house, open_house};
use crate::domain::event::Refusal;
use crate::domain::tracks::act::Act;
use crate::service::desk::OrderAnswer;
use crate::service::desk::stand_in::Came;
use crate::service::ingest::IngestLimits;

async fn act(url: String, key: Option<&str>, body: &str) -> (u16, serde_json::Value) {
    let mut request = reqwest::Client::new()
        .post(url)
        .bearer_auth(CAR)
        .header("content-type", "application/json")
        .body(body.to_owned());
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn every_act_is_taken_with_its_key_in_the_body_or_the_header() {
    let (house, kept) = house(IngestLimits::default()).await;
    let url = || house.url("/api/v1/units/HU-1/acts");
    for one in Act::ALL {
        let word = one.as_str();
        let body =
            format!(r#"{{"act":"{word}","at":"2027-03-16T12:33:17+01:00","key":"{word}-1"}}"#);
        let (status, answer) = act(url(), None, &body).await;
        assert_eq!(status, 200, "{answer}");
        assert_eq!(answer["act"], word);
        assert_eq!(answer["at"], "2027-03-16T11:33:17.000Z");
        assert_eq!(answer["repeated"], false);
    }
    let body = r#"{"act":"sign_on","at":1805196797000}"#;
    let (status, answer) = act(url(), Some("\"sign_on-1\""), body).await;
    assert_eq!(
        (status, &answer["repeated"]),
        (200, &serde_json::Value::Bool(true))
    );
    assert_eq!(kept.lock().unwrap().acts.len(), 10);
}

#[tokio::test]
async fn a_refused_act_says_which_guard_held() {
    let (house, mut desk) = open_house(IngestLimits::default(), 4).await;
    tokio::spawn(async move {
        while let Some(Came::Act(came)) = desk.next().await {
            let refusal = Refusal {
                guard: "no_operation".into(),
                sentence: "this unit is in no operation: ask your room to add it".into(),
                citation: None,
            };
            let _ = came.answer.send(Ok(OrderAnswer::Refused(refusal)));
        }
    });
    let body = r#"{"act":"wilco","at":1805196797000,"key":"w"}"#;
    let (status, answer) = act(house.url("/api/v1/units/HU-1/acts"), None, body).await;
    assert_eq!(status, 409);
    assert_eq!(answer["type"], "/problems/refused");
    assert_eq!(answer["guard"], "no_operation");
}
