//! Notices to a state without a room here, by webhook: over a real socket to a receiver of the test's own.

use crate::house::{Answer, BUDAPEST, Desk, House, Wishes, opening, until};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode as Status};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use limes::service::outbox::OutboxSettings;
use limes::service::signing::keys::{PrivateKey, unhex};
use limes::wire::config::{AddresseeWire, ChannelsWire};
use limes::wire::live::ModeWire;
use reqwest::StatusCode;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

pub(crate) const OPERATION: &str = "/api/v1/operations/NAGYLAK-27";
pub(crate) const MESSAGES: &str = "/api/v1/operations/NAGYLAK-27/messages";

/// What a receiver was posted.
struct Taken {
    headers: HeaderMap,
    body: Bytes,
}

#[derive(Default)]
struct Script {
    /// What is answered next; then 204.
    answers: VecDeque<u16>,
    taken: Vec<Taken>,
}

/// A receiver of webhooks on the loopback.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
}

impl Receiver {
    pub(crate) async fn answering(answers: impl IntoIterator<Item = u16>) -> Self {
        let script = Arc::new(Mutex::new(Script {
            answers: answers.into_iter().collect(),
            taken: Vec::new(),
        }));
        let router = Router::new().fallback(take).with_state(Arc::clone(&script));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hooks/a-secret", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, script }
    }

    fn ids(&self) -> Vec<String> {
        let script = self.script.lock().unwrap();
        let id = |taken: &Taken| header(taken, "webhook-id").to_owned();
        script.taken.iter().map(id).collect()
    }

    pub(crate) fn answer_from_now_on(&self, answers: impl IntoIterator<Item = u16>) {
        self.script.lock().unwrap().answers = answers.into_iter().collect();
    }
}

async fn take(
    State(script): State<Arc<Mutex<Script>>>,
    headers: HeaderMap,
    body: Bytes,
) -> (Status, [(&'static str, &'static str); 1], &'static str) {
    let mut script = script.lock().unwrap();
    script.taken.push(Taken { headers, body });
    let answer = script.answers.pop_front().unwrap_or(204);
    let status = Status::from_u16(answer).unwrap();
    (status, [("location", "/elsewhere")], "said by the receiver")
}

fn header<'t>(taken: &'t Taken, name: &str) -> &'t str {
    taken.headers[name].to_str().unwrap()
}

/// Romania is reached by a webhook.
pub(crate) fn by_webhook(url: &str, change: impl FnOnce(&mut ChannelsWire)) -> OutboxSettings {
    let mut written = ChannelsWire {
        attempts_max: 3,
        first_wait_ms: 20,
        wait_max_ms: 60_000,
        addressees: vec![AddresseeWire {
            name: "RO".to_owned(),
            webhook: url.to_owned(),
            allow_http: true,
            allow_private: true,
            ..AddresseeWire::default()
        }],
        ..ChannelsWire::default()
    };
    change(&mut written);
    OutboxSettings::read(&written).unwrap()
}

pub(crate) async fn alone(outbox: OutboxSettings) -> House {
    House::with(Wishes {
        outbox,
        rooms: BUDAPEST,
        ..Wishes::default()
    })
    .await
}

/// A unit has crossed, and its notice is ready: the desk, and the notice's id.
pub(crate) async fn crossed(house: &House) -> (Desk, String) {
    let desk = house.log_in("budapest-operator").await;
    let opened = desk
        .post("/api/v1/operations", &opening("NAGYLAK-27"))
        .await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    house.drive_over("HU-1").await;
    until(async || notice(&desk).await["status"] == "ready").await;
    let id = notice(&desk).await["id"].as_str().unwrap().to_owned();
    (desk, id)
}

pub(crate) async fn notice(desk: &Desk) -> Value {
    let operation = desk.get(OPERATION).await.body;
    let notices = operation["notices"].as_array().cloned().unwrap_or_default();
    let of_crossing = notices
        .into_iter()
        .find(|notice| notice["duty"] == "notice_of_crossing");
    of_crossing.unwrap_or(Value::Null)
}

pub(crate) async fn send(desk: &Desk, id: &str) -> Answer {
    desk.post(MESSAGES, &json!({"code": "XNG", "notice": id}))
        .await
}

pub(crate) async fn alarms(desk: &Desk) -> Vec<String> {
    let alarms = desk.get("/api/v1/alarms").await.body;
    let codes = alarms["alarms"].as_array().unwrap().iter();
    codes
        .map(|alarm| alarm["code"].as_str().unwrap().to_owned())
        .collect()
}

/// As docs/CHANNELS.md tells a receiver to do it.
fn is_signed_by(taken: &Taken, key: &[u8; 32]) -> bool {
    let mut signed = format!(
        "{}.{}.",
        header(taken, "webhook-id"),
        header(taken, "webhook-timestamp")
    )
    .into_bytes();
    signed.extend_from_slice(&taken.body);
    let signature = header(taken, "webhook-signature").strip_prefix("v1a,");
    let signature = STANDARD.decode(signature.unwrap()).unwrap();
    let key = UnparsedPublicKey::new(&ED25519, key);
    key.verify(&signed, &signature).is_ok()
}

#[tokio::test]
async fn a_webhook_that_fails_twice_is_tried_a_third_time_and_the_notice_is_delivered_once() {
    let receiver = Receiver::answering([500, 503]).await;
    let house = alone(by_webhook(&receiver.url, |_| {})).await;
    let (desk, id) = crossed(&house).await;
    assert_eq!(receiver.ids(), [""; 0], "nothing leaves by itself");
    let sent = send(&desk, &id).await;
    assert_eq!(sent.status, StatusCode::OK, "{}", sent.body);
    assert_eq!(notice(&desk).await["channels"], json!(["webhook"]));
    until(async || notice(&desk).await["status"] == "delivered").await;

    let shown = notice(&desk).await;
    let place = receiver.url.strip_suffix("/hooks/a-secret").unwrap();
    let attempts = shown["attempts"].as_array().unwrap();
    let told: Vec<Value> = attempts
        .iter()
        .map(|one| json!([one["number"], one["address"], one["delivered"], one["said"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!([1, place, false, "HTTP 500 said by the receiver"]),
            json!([2, place, false, "HTTP 503 said by the receiver"]),
            json!([3, place, true, "HTTP 204"]),
        ]
    );
    assert_eq!(desk.events("notice.delivered").await.len(), 1);
    assert_eq!(receiver.ids(), vec![format!("budapest.{id}"); 3]);

    let script = receiver.script.lock().unwrap();
    let body: Value = serde_json::from_slice(&script.taken[2].body).unwrap();
    assert_eq!(
        (
            &body["specversion"],
            &body["id"],
            &body["source"],
            &body["type"],
            &body["subject"]
        ),
        (
            &json!("1.0"),
            &json!(id),
            &json!("/rooms/budapest"),
            &json!("limes.notice.sent"),
            &json!("NAGYLAK-27")
        )
    );
    assert_eq!(body["data"]["texts"], shown["texts"]);
    assert_eq!(body["data"]["fields"], shown["fields"]);
    assert_eq!(script.taken[0].body, script.taken[2].body);
    assert_eq!(
        header(&script.taken[0], "content-type"),
        "application/cloudevents+json; charset=utf-8"
    );
    let key = PrivateKey::read(&house.data().join("signing/budapest.key")).unwrap();
    let key: [u8; 32] = unhex(&key.public().digits()).unwrap();
    assert!(script.taken.iter().all(|taken| is_signed_by(taken, &key)));
    assert!(!is_signed_by(&script.taken[0], &[7; 32]), "another key");
}

#[tokio::test]
async fn a_webhook_that_never_takes_it_ends_in_failed_with_an_alarm_until_it_is_sent_again() {
    let receiver = Receiver::answering([500; 3]).await;
    let house = alone(by_webhook(&receiver.url, |_| {})).await;
    let (desk, id) = crossed(&house).await;
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "failed").await;
    let failed = notice(&desk).await;
    assert_eq!(failed["failed_because"], "HTTP 500 said by the receiver");
    assert_eq!(failed["attempts"][2]["next_at"], Value::Null);
    assert_eq!(receiver.ids().len(), 3, "no more than configured");
    assert_eq!(desk.events("notice.failed").await.len(), 1);
    let standing = alarms(&desk).await;
    for code in ["A02", "A52"] {
        assert!(standing.contains(&code.to_owned()), "{standing:?}");
    }

    receiver.answer_from_now_on([502]);
    let again = send(&desk, &id).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    until(async || notice(&desk).await["status"] == "delivered").await;
    let shown = notice(&desk).await;
    assert!(!alarms(&desk).await.contains(&"A52".to_owned()));
    assert_eq!(shown["attempts"][4]["number"], 5);
    assert_eq!(shown["failed_because"], Value::Null);
    assert_eq!(receiver.ids(), vec![format!("budapest.{id}"); 5]);
    assert_eq!(desk.events("notice.sent").await.len(), 1);
    assert_eq!(desk.events("notice.sent_again").await.len(), 1);

    let report = desk.get(&format!("{OPERATION}/report")).await.body;
    let rows = report["notices"].as_array().unwrap().iter();
    let row = rows.clone().find(|row| row["notice"] == json!(id)).unwrap();
    assert_eq!(
        row["failed"][0]["because"], "HTTP 500 said by the receiver",
        "what failed stays in the report when it came through later: {row}"
    );
    assert!(row["delivered"]["record"].as_u64() > row["failed"][0]["record"].as_u64());
    let page = desk.get(&format!("{OPERATION}/report?format=html")).await;
    assert!(page.text.contains("HTTP 500 said by the receiver"));
}

#[tokio::test]
async fn a_private_address_is_refused_at_once_and_nothing_is_posted() {
    let receiver = Receiver::answering([]).await;
    let settings = by_webhook(&receiver.url, |written| {
        written.addressees[0].allow_private = false;
    });
    let house = alone(settings).await;
    let (desk, id) = crossed(&house).await;
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "failed").await;
    let shown = notice(&desk).await;
    assert_eq!(shown["attempts"].as_array().unwrap().len(), 1);
    let why = shown["failed_because"].as_str().unwrap();
    assert!(
        why.contains("loopback") && why.contains("allow_private"),
        "{why}"
    );
    assert_eq!(receiver.ids(), [""; 0]);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let receiver = Receiver::answering([302, 307, 301]).await;
    let house = alone(by_webhook(&receiver.url, |_| {})).await;
    let (desk, id) = crossed(&house).await;
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "failed").await;
    assert_eq!(receiver.ids().len(), 3);
    let why = notice(&desk).await["failed_because"].to_string();
    assert!(why.contains("a redirect is not followed"), "{why}");
}

#[tokio::test]
async fn a_start_between_attempts_goes_on_where_it_was() {
    let receiver = Receiver::answering([500]).await;
    let settings = by_webhook(&receiver.url, |written| written.first_wait_ms = 3_000);
    let house = alone(settings).await;
    let (desk, id) = crossed(&house).await;
    send(&desk, &id).await;
    until(async || !desk.events("notice.attempted").await.is_empty()).await;
    let house = house.again().await;
    let desk = house.log_in("budapest-operator").await;
    until(async || notice(&desk).await["status"] == "delivered").await;
    let attempts = desk.events("notice.attempted").await;
    let numbers: Vec<&Value> = attempts.iter().map(|one| &one["number"]).collect();
    assert_eq!(numbers, [&json!(1), &json!(2)]);
    assert_eq!(desk.events("notice.delivered").await.len(), 1);
    assert_eq!(receiver.ids(), vec![format!("budapest.{id}"); 2]);
}

#[tokio::test]
async fn an_exercise_sends_nothing_out_unless_its_configuration_says_so() {
    let receiver = Receiver::answering([]).await;
    for in_exercise in [false, true] {
        let outbox = by_webhook(&receiver.url, |written| written.in_exercise = in_exercise);
        let house = House::with(Wishes {
            outbox,
            rooms: BUDAPEST,
            mode: ModeWire {
                exercise: true,
                name: Some("TRIAL".to_owned()),
                rate: 1.0,
            },
            ..Wishes::default()
        })
        .await;
        let (desk, id) = crossed(&house).await;
        let sent = send(&desk, &id).await;
        if in_exercise {
            until(async || notice(&desk).await["status"] == "delivered").await;
            let script = receiver.script.lock().unwrap();
            let body: Value = serde_json::from_slice(&script.taken[0].body).unwrap();
            assert_eq!(body["data"]["exercise"], true);
        } else {
            assert_eq!(sent.status, StatusCode::CONFLICT);
            assert_eq!(sent.body["guard"], "no_room_of_host");
            assert_eq!(receiver.ids(), [""; 0]);
        }
    }
}
