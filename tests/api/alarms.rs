//! Alarms over HTTP and the live feed: raised from a fact, taken by name, put aside within rights, cleared by the fact.

use crate::house::{Desk, House, Wishes, until};
use limes::service::clock::Clock;
use reqwest::StatusCode;
use serde_json::{Value, json};

const ALARMS: &str = "/api/v1/alarms";

async fn press(unit: &Desk, act: &str, key: &str, at: i64) {
    let act = json!({"act": act, "at": at, "key": key});
    let answer = unit.post("/api/v1/units/HU-1/acts", &act).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

fn now() -> i64 {
    Clock::real().now().as_millis()
}

#[tokio::test]
async fn a_call_for_help_is_raised_taken_by_name_and_ends_with_the_officers_word() {
    let house = House::new().await;
    let eva = house.log_in("budapest-operator").await;
    let unit = house.unit("HU-1");
    let mut map = eva.watch("").await;
    let snapshot = map.next_of("snapshot").await;
    assert_eq!(snapshot["alarms"], json!([]));

    press(&unit, "emergency", "k1", now()).await;
    let answer = eva.get(ALARMS).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let alarm = &answer.body["alarms"][0];
    assert_eq!(
        (&alarm["code"], &alarm["priority"], &alarm["unit"]),
        (&json!("A05"), &json!(1), &json!("HU-1"))
    );
    assert_eq!(alarm["acknowledged"], Value::Null);
    let figures = &answer.body["figures"];
    assert_eq!(figures["standing"], 1);
    assert_eq!(figures["unacknowledged"], 1);
    assert_eq!(figures["hour"], 1);
    assert_eq!(figures["flood"], false);

    let id = alarm["id"].as_str().unwrap().to_owned();
    let take = format!("{ALARMS}/{id}/acknowledge");
    for _ in 0..2 {
        let answer = eva.post(&take, &json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert_eq!(
            answer.body["alarms"][0]["acknowledged"]["by"]["account"],
            "budapest-operator"
        );
    }
    assert_eq!(
        eva.events("alarm.acknowledged").await.len(),
        1,
        "taken once"
    );
    let aside = json!({"minutes": 5, "reason": "known"});
    let answer = eva.post(&format!("{ALARMS}/{id}/shelve"), &aside).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("may_not_shelve"))
    );

    // A map that comes later has it, with who took it.
    let mut late = eva.watch("").await;
    let snapshot = late.next_of("snapshot").await;
    assert_eq!(
        snapshot["alarms"][0]["acknowledged"]["by"]["account"],
        "budapest-operator"
    );

    press(&unit, "wilco", "k2", now() + 1).await;
    assert_eq!(eva.get(ALARMS).await.body["alarms"], json!([]));
    let answer = eva.post(&take, &json!({})).await;
    assert_eq!(
        (answer.status, &answer.body["guard"]),
        (StatusCode::CONFLICT, &json!("no_such_alarm"))
    );
    assert_eq!(eva.events("alarm.cleared").await[0]["alarm"], json!(id));
}

#[tokio::test]
async fn alarms_are_the_rooms_own_and_a_role_without_a_map_has_none() {
    let house = House::new().await;
    press(&house.unit("HU-1"), "emergency", "k1", now()).await;
    let arad = house.log_in("arad-operator").await;
    assert_eq!(arad.get(ALARMS).await.body["alarms"], json!([]));
    assert!(arad.events("alarm.raised").await.is_empty());
    let eva = house.log_in("budapest-operator").await;
    let id = eva.get(ALARMS).await.body["alarms"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let answer = arad
        .post(&format!("{ALARMS}/{id}/acknowledge"), &json!({}))
        .await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    let answer = house.nobody().get(ALARMS).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let answer = house.log_in("budapest-admin").await.get(ALARMS).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
}

#[tokio::test]
async fn an_alarm_and_who_took_it_survive_a_restart() {
    let house = House::new().await;
    press(&house.unit("HU-1"), "emergency", "k1", now()).await;
    let eva = house.log_in("budapest-operator").await;
    let id = eva.get(ALARMS).await.body["alarms"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    eva.post(&format!("{ALARMS}/{id}/acknowledge"), &json!({}))
        .await;
    let before = eva.get(ALARMS).await.body;
    let house = house.again().await;
    let eva = house.log_in("budapest-operator").await;
    let after = eva.get(ALARMS).await.body;
    assert_eq!(after["alarms"], before["alarms"]);
    assert_eq!(
        eva.events("alarm.raised").await.len(),
        1,
        "not raised again"
    );
}

#[tokio::test]
async fn a_shelving_that_is_none_names_the_key() {
    let house = House::new().await;
    let eva = house.log_in("budapest-operator").await;
    for (shelving, key) in [
        (json!({"minutes": 0, "reason": "x"}), "minutes"),
        (json!({"minutes": 5, "reason": " "}), "reason"),
        (json!({"minutes": 5, "reason": "x".repeat(501)}), "reason"),
    ] {
        let answer = eva.post(&format!("{ALARMS}/A28-1/shelve"), &shelving).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key)),
            "{}",
            answer.body
        );
    }
}

#[tokio::test]
async fn that_a_screen_showed_an_alarm_is_recorded_once_with_the_name() {
    let house = House::new().await;
    let eva = house.log_in("budapest-operator").await;
    let supervisor = house.log_in("budapest-supervisor").await;
    let unit = house.unit("HU-1");
    press(&unit, "emergency", "k1", now()).await;
    let answer = eva.get(ALARMS).await;
    let alarm = &answer.body["alarms"][0];
    assert_eq!(alarm["annunciated"], Value::Null);
    let address = format!("{ALARMS}/{}/annunciate", alarm["id"].as_str().unwrap());
    for desk in [&eva, &supervisor] {
        let answer = desk.post(&address, &json!({})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let by = &answer.body["alarms"][0]["annunciated"]["by"]["account"];
        assert_eq!(by, "budapest-operator", "the first one");
    }
    assert_eq!(eva.events("alarm.annunciated").await.len(), 1);
    let observer = house.log_in("budapest-observer").await;
    let answer = observer.post(&address, &json!({})).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);

    press(&unit, "wilco", "k2", now() + 1).await;
    let answer = eva.post(&address, &json!({})).await;
    assert_eq!(
        (answer.status, &answer.body["alarms"]),
        (StatusCode::OK, &json!([]))
    );
    assert_eq!(eva.events("alarm.annunciated").await.len(), 1, "it is over");
    assert!(eva.events("order.refused").await.is_empty());
}

#[tokio::test]
async fn a_disk_with_less_room_than_is_asked_for_is_an_alarm_of_every_room() {
    let house = House::with(Wishes {
        // More than any disk has.
        least_free_mib: u64::MAX,
        ..Wishes::default()
    })
    .await;
    for account in ["budapest-operator", "arad-operator"] {
        let desk = house.log_in(account).await;
        until(async || desk.get(ALARMS).await.body["alarms"][0]["code"] == "A09").await;
        let answer = desk.get(ALARMS).await;
        let alarm = &answer.body["alarms"][0];
        assert_eq!(
            (&alarm["priority"], &alarm["unit"]),
            (&json!(1), &Value::Null)
        );
        assert_eq!(desk.events("disk.room").await.len(), 1);
    }
}
