//! Phones as their apps speak: Traccar Client and `OwnTracks`, through a real service and its register.

use crate::house::{Desk, House, made};
use limes::domain::ids::{DeviceId, RoomId, UnitId};
use limes::domain::measure::Span;
use limes::domain::registry_change::Holder;
use limes::service::clock::Clock;
use limes::service::registry::RegistryError;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

const DEVICE: &str = "48241179";

/// A gateway's token of a room.
fn gateway(house: &House, room: &str) -> String {
    let holder = Holder::Gateway(RoomId::parse(room).unwrap());
    let until = made().at.plus(Span::from_hours(1));
    let registry = &house.running.registry;
    let issued = registry.change(&made(), |writer| writer.create_token(&holder, until));
    issued.unwrap().secret.reveal().to_owned()
}

fn register(house: &House, device: &str, unit: &str) -> Result<(), RegistryError> {
    let device = DeviceId::parse(device).unwrap();
    let unit = UnitId::parse(unit).unwrap();
    let registry = &house.running.registry;
    registry.change(&made(), |writer| writer.add_device(&device, &unit))
}

/// What Traccar Client 9 posts for a device, some seconds ago.
fn traccar(device: &str, ago: i64) -> Value {
    let at = Clock::real().now().plus(Span::from_secs(-ago));
    json!({
        "location": {
            "timestamp": at.to_string(),
            "coords": {"latitude": 46.165, "longitude": 20.6, "accuracy": 6.0, "speed": 20.0, "heading": 90.0, "altitude": 90.0},
            "is_moving": true, "odometer": 12.0, "event": "motionchange",
            "battery": {"level": 0.5, "is_charging": false}, "activity": {"type": "in_vehicle"}, "extras": {}
        },
        "device_id": device
    })
}

async fn post(house: &House, path: &str, body: &Value) -> (StatusCode, Value) {
    let answer = Client::new()
        .post(house.url(path))
        .json(body)
        .send()
        .await
        .unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn track(desk: &Desk, unit: &str) -> Vec<Value> {
    let answer = desk
        .get(&format!("/api/v1/tracks/{unit}?reason=test"))
        .await;
    answer.body["fixes"].as_array().cloned().unwrap_or_default()
}

#[tokio::test]
async fn two_phones_of_one_unit_make_one_track_with_two_sources() {
    let house = House::new().await;
    let token = house.unit("HU-1").token.unwrap();
    let address = format!("/api/v1/osmand/{token}");
    let (status, receipt) = post(&house, &address, &traccar(DEVICE, 4)).await;
    assert_eq!(
        (status, &receipt["accepted"]),
        (StatusCode::OK, &json!(1)),
        "{receipt}"
    );

    let at = Clock::real().now().as_millis() / 1_000 - 2;
    let message = json!([{"_type": "location", "tst": at, "lat": 46.165, "lon": 20.6005, "acc": 8, "vel": 72, "cog": 90,
        "alt": 90, "batt": 50, "tid": "KP", "topic": "owntracks/kovacs/pixel", "created_at": at, "conn": "m"}]);
    let request = Client::new()
        .post(house.url("/api/v1/owntracks"))
        .basic_auth("kovacs", Some(&token))
        .json(&message);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.json::<Value>().await.unwrap(), json!([]));

    let desk = house.log_in("budapest-operator").await;
    let fixes = track(&desk, "HU-1").await;
    assert_eq!(fixes.len(), 2, "{fixes:?}");
    assert_eq!(fixes[0]["source"], DEVICE);
    assert_eq!(fixes[0]["battery_pct"], 50.0);
    assert_eq!(fixes[0]["speed_mps"], 20.0);
    assert_eq!(fixes[1]["speed_mps"], 20.0);
    assert!(
        fixes.iter().all(|fix| fix["altitude_m"].is_null()),
        "{fixes:?}"
    );
    let log = house.nobody().get("/metrics").await.text;
    assert!(!log.contains(&token) && !log.contains(DEVICE), "{log}");
}

#[tokio::test]
async fn a_device_is_kept_apart_until_the_register_knows_its_unit_and_never_crosses_rooms() {
    let house = House::new().await;
    let (budapest, arad) = (gateway(&house, "budapest"), gateway(&house, "arad"));
    let address = format!("/api/v1/osmand/{budapest}");
    let (status, receipt) = post(&house, &address, &traccar(DEVICE, 9)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        receipt["quarantined"][0]["reason"], "unknown_unit",
        "{receipt}"
    );

    register(&house, DEVICE, "HU-1").unwrap();
    let (_, receipt) = post(&house, &address, &traccar(DEVICE, 6)).await;
    assert_eq!(receipt["accepted"], 1, "{receipt}");
    assert!(register(&house, DEVICE, "HU-2").is_err());

    // Another room's gateway is told nothing of whose the device is.
    let other = format!("/api/v1/osmand/{arad}");
    let (status, receipt) = post(&house, &other, &traccar(DEVICE, 3)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        receipt["quarantined"][0]["reason"], "unknown_unit",
        "{receipt}"
    );
    assert!(!receipt.to_string().contains("HU-1"), "{receipt}");

    let desk = house.log_in("budapest-operator").await;
    assert_eq!(track(&desk, "HU-1").await.len(), 1);
    let kept = desk.events("fix.quarantined").await;
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0]["unit"], format!("device.{DEVICE}"));
}

#[tokio::test]
async fn a_crossing_is_the_same_from_a_phone_as_from_any_other_sender() {
    let house = House::new().await;
    house.drive_over("HU-1").await;
    let token = house.unit("HU-2").token.unwrap();
    let now = Clock::real().now().as_millis();
    // The way of `drive_over`, as a phone brings it after a tunnel: newest first.
    let way: Vec<Value> = (0..140)
        .rev()
        .map(|second| {
            let at = now - 150_000 + second * 1_000;
            let lon = 20.68 + 0.000_4 * second as f64;
            json!({"timestamp": at, "coords": {"latitude": 46.165, "longitude": lon, "accuracy": 5.0, "speed": 25.0,
                   "heading": 90.0}})
        })
        .collect();
    let body = json!({"device_id": DEVICE, "location": way});
    let (status, receipt) = post(&house, &format!("/api/v1/osmand/{token}"), &body).await;
    assert_eq!(
        (status, &receipt["accepted"]),
        (StatusCode::OK, &json!(140)),
        "{receipt}"
    );
    let desk = house.log_in("budapest-operator").await;
    let confirmed = desk.events("crossing.confirmed").await;
    let of = |unit: &str| {
        confirmed
            .iter()
            .filter(|event| event["unit"] == unit)
            .count()
    };
    assert_eq!((of("HU-1"), of("HU-2")), (1, 1), "{confirmed:?}");
}
