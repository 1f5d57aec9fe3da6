//! The lead passes from one room to another, over HTTP: each step by a named person, each word signed and kept, and whatever
//! does not fit refused with a reason.

use crate::house::{Answer, Desk, House, opening, until};
use crate::profiles::agreed;
use limes::service::signing::keys::PublicKey;
use reqwest::StatusCode;
use serde_json::{Value, json};

const OPERATION: &str = "/api/v1/operations/NAGYLAK-27";
const MESSAGES: &str = "/api/v1/operations/NAGYLAK-27/messages";

/// Two rooms under a profile that both states signed, and an operation of the first.
struct Two {
    house: House,
    budapest: Desk,
    arad: Desk,
}

async fn two() -> Two {
    let house = agreed().await;
    let budapest = house.log_in("budapest-operator").await;
    let arad = house.log_in("arad-operator").await;
    let opened = budapest
        .post("/api/v1/operations", &opening("NAGYLAK-27"))
        .await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", opened.body);
    Two {
        house,
        budapest,
        arad,
    }
}

fn terms(point: &str) -> Value {
    json!({"crossing_points": [{"name": point}], "units": ["HU-1"], "takes_eyes": "RO-1", "transfer_at_m": 0.0,
           "overlap_m": 10_000.0, "overlap_s": 900.0, "voice": "group 7"})
}

async fn say(desk: &Desk, message: Value) -> Answer {
    desk.post(MESSAGES, &message).await
}

async fn said(desk: &Desk, message: Value) -> Value {
    let answer = say(desk, message).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    answer.body
}

/// Refused by this guard.
async fn refused(desk: &Desk, message: Value) -> String {
    let answer = say(desk, message).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "{}", answer.body);
    answer.body["guard"].as_str().unwrap().to_owned()
}

async fn state(desk: &Desk) -> Value {
    let operation = desk.get(OPERATION).await.body;
    operation["dialogues"][0]["state"].clone()
}

impl Two {
    async fn phase(&self) -> [String; 2] {
        let phase = async |desk: &Desk| state(desk).await["phase"].as_str().unwrap().to_owned();
        [phase(&self.budapest).await, phase(&self.arad).await]
    }

    async fn lead(&self) -> [(Value, Value); 2] {
        let lead = async |desk: &Desk| {
            let operation = desk.get(OPERATION).await.body;
            (operation["lead"].clone(), operation["epoch"].clone())
        };
        [lead(&self.budapest).await, lead(&self.arad).await]
    }

    /// Proposed, and accepted.
    async fn agree(&self) {
        said(
            &self.budapest,
            json!({"code": "PRO", "terms": terms("COP-1")}),
        )
        .await;
        until(async || state(&self.arad).await["phase"] == "proposed").await;
        let digest = state(&self.arad).await["proposed"]["digest"].clone();
        said(&self.arad, json!({"code": "ACP", "accepts": digest})).await;
        until(async || state(&self.budapest).await["phase"] == "agreed").await;
    }

    /// The lead is offered because the other room asks for it.
    async fn offer(&self) {
        said(&self.arad, json!({"code": "ROF"})).await;
        until(async || state(&self.budapest).await["requested"].is_string()).await;
        said(&self.budapest, json!({"code": "HOP"})).await;
        until(async || state(&self.arad).await["phase"] == "transferring").await;
    }
}

#[tokio::test]
async fn the_lead_passes_by_what_named_persons_of_both_rooms_say() {
    let two = two().await;
    assert_eq!(
        two.arad.get(OPERATION).await.status,
        StatusCode::NOT_FOUND,
        "nothing is shared yet"
    );
    said(
        &two.budapest,
        json!({"code": "PRO", "terms": terms("COP-2")}),
    )
    .await;
    until(async || two.arad.get(OPERATION).await.status == StatusCode::OK).await;
    let later = "2999-01-01T00:00:00Z";
    said(
        &two.arad,
        json!({"code": "SBY", "who": "Sgt Pop", "until": later}),
    )
    .await;
    assert_eq!(state(&two.arad).await["stand_by"]["who"], "Sgt Pop");
    said(&two.arad, json!({"code": "CDN", "terms": terms("COP-1")})).await;
    until(async || state(&two.budapest).await["phase"] == "countered").await;
    let proposed = state(&two.budapest).await["proposed"].clone();
    let accepts = proposed["digest"].clone();
    said(&two.budapest, json!({"code": "ACP", "accepts": accepts})).await;
    until(async || two.phase().await == ["agreed", "agreed"]).await;
    for desk in [&two.budapest, &two.arad] {
        let agreed = state(desk).await["agreed"].clone();
        assert_eq!(agreed["digest"], accepts);
        assert_eq!(agreed["terms"]["crossing_points"][0]["name"], "COP-1");
    }
    let all = two.arad.get("/api/v1/units").await.body["units"].to_string();
    assert!(all.contains("HU-1"), "all of the operation is seen: {all}");

    let guard = refused(&two.budapest, json!({"code": "HOP"})).await;
    assert_eq!(guard, "not_at_transfer_point");
    two.offer().await;
    assert_eq!(
        refused(&two.budapest, json!({"code": "MAS"})).await,
        "leads_already"
    );
    said(&two.arad, json!({"code": "MAS"})).await;
    let moved = (json!("arad"), json!(2));
    until(async || two.lead().await == [moved.clone(), moved.clone()]).await;
    for desk in [&two.budapest, &two.arad] {
        let events = desk.events("lead.moved").await;
        assert_eq!(events.len(), 1, "told once: {events:?}");
        assert_eq!(events[0]["by"]["account"], "arad-operator");
        assert_eq!(state(desk).await["unreceipted"], json!([]));
    }
    assert_eq!(
        refused(&two.budapest, json!({"code": "HOP"})).await,
        "does_not_lead"
    );
    let metrics = two.house.nobody().get("/metrics").await.text;
    let held = "limes_desk_invariants_broken{invariant=\"I13\"} 0";
    assert!(metrics.contains(held), "{metrics}");
}

#[tokio::test]
async fn what_rooms_say_is_signed_by_their_keys_and_kept_as_it_was_sent() {
    let two = two().await;
    two.agree().await;
    let key_of = |room: &str, state: &str| {
        let file = two.house.data().join("signing").join(format!("{room}.key"));
        let key = limes::service::signing::keys::PrivateKey::read(&file).unwrap();
        PublicKey::parse(&format!("{state}:{}", key.public().digits())).unwrap()
    };
    let (hu, ro) = (key_of("budapest", "HU"), key_of("arad", "RO"));
    let of = async |desk: &Desk, kind: &str| desk.events(kind).await.remove(0);
    for (kind, key, from) in [
        ("handover.pro", &hu, "budapest"),
        ("handover.acp", &ro, "arad"),
    ] {
        let (one, other) = (of(&two.budapest, kind).await, of(&two.arad, kind).await);
        assert_eq!(
            one["envelope"], other["envelope"],
            "the same bytes on both sides"
        );
        let envelope = &one["envelope"];
        let bytes = envelope["bytes"].as_str().unwrap();
        let signature = envelope["signature"].as_str().unwrap();
        let signature = limes::service::signing::keys::unhex::<64>(signature).unwrap();
        assert!(key.signed(bytes.as_bytes(), &signature));
        let inside: Value = serde_json::from_str(bytes).unwrap();
        assert_eq!(inside, one["message"], "what is shown is what was signed");
        assert_eq!(inside["from"], from);
        assert_eq!(inside["by"]["account"], format!("{from}-operator"));
    }
    let accepted = of(&two.arad, "handover.acp").await;
    let proposed = of(&two.arad, "handover.pro").await;
    assert_eq!(
        accepted["message"]["accepts"],
        proposed["envelope"]["digest"]
    );
}

#[tokio::test]
async fn of_two_hundred_assumptions_at_once_one_holds_and_the_others_learn_who_leads() {
    let two = two().await;
    two.agree().await;
    two.offer().await;
    let mut tries = Vec::new();
    for _ in 0..200 {
        let desk = two.house.log_in_again(&two.arad);
        tries.push(tokio::spawn(async move {
            say(&desk, json!({"code": "MAS"})).await
        }));
    }
    let (mut held, mut lost) = (0, 0);
    for one in tries {
        let answer = one.await.unwrap();
        match answer.status {
            StatusCode::OK => held += 1,
            StatusCode::CONFLICT => {
                lost += 1;
                assert_eq!(answer.body["guard"], "leads_already", "{}", answer.body);
                assert!(answer.text.contains("arad leads"), "{}", answer.text);
            }
            other => panic!("{other}: {}", answer.body),
        }
    }
    assert_eq!((held, lost), (1, 199));
    for desk in [&two.budapest, &two.arad] {
        assert_eq!(desk.events("lead.moved").await.len(), 1);
    }
}

#[tokio::test]
async fn cease_reaches_the_room_and_its_units_whoever_leads_and_stops_them() {
    let two = two().await;
    two.house.drive_over("HU-1").await;
    until(async || two.arad.get(OPERATION).await.status == StatusCode::OK).await;
    let verdict = async |desk: &Desk| {
        let operation = desk.get(OPERATION).await.body;
        let all = operation["assessments"].as_array().unwrap().clone();
        let of_unit = all.into_iter().find(|one| one["unit"] == "HU-1");
        of_unit.map(|one| one["verdict"].clone())
    };
    until(async || verdict(&two.arad).await == Some(json!("no_obstacle"))).await;
    let wrong = refused(&two.budapest, json!({"code": "CEASE", "words": "stop"})).await;
    assert_eq!(wrong, "of_other_side", "only the host orders it");
    said(
        &two.arad,
        json!({"code": "CEASE", "words": "Shots were fired: stop."}),
    )
    .await;
    for desk in [&two.budapest, &two.arad] {
        until(async || verdict(desk).await == Some(json!("stop"))).await;
        let recall = desk.get(OPERATION).await.body["recalls"][0].clone();
        assert_eq!(
            (
                &recall["kind"],
                &recall["words"],
                &recall["units"][0]["unit"]
            ),
            (
                &json!("cease"),
                &json!("Shots were fired: stop."),
                &json!("HU-1")
            )
        );
        assert_eq!(recall["units"][0]["wilco_at"], Value::Null);
    }
    let message = two.budapest.get(OPERATION).await.body["recalls"][0]["message"].clone();
    let read = json!({"code": "ACK", "reply_to": message});
    said(&two.budapest, read.clone()).await;
    assert_eq!(refused(&two.budapest, read).await, "read_already");
    let now = limes::service::clock::Clock::real().now().to_string();
    let act = json!({"act": "wilco", "at": now, "key": "w1"});
    let wilco = two
        .house
        .unit("HU-1")
        .post("/api/v1/units/HU-1/acts", &act)
        .await;
    assert_eq!(wilco.status, StatusCode::OK, "{}", wilco.body);
    for desk in [&two.budapest, &two.arad] {
        until(async || {
            let recall = desk.get(OPERATION).await.body["recalls"][0].clone();
            recall["read_by"]["account"] == "budapest-operator"
                && recall["units"][0]["wilco_at"].is_string()
        })
        .await;
    }
    let kinds: Vec<usize> = [
        two.budapest.events("cease.ordered").await.len(),
        two.budapest.events("cease.acknowledged").await.len(),
        two.arad.events("cease.acknowledged").await.len(),
    ]
    .into();
    assert_eq!(kinds, [1, 2, 2], "told once to each room");
}

#[tokio::test]
async fn an_authorisation_is_decided_by_the_legal_desk_of_the_host_and_holds_at_once() {
    let two = two().await;
    said(
        &two.budapest,
        json!({"code": "PRO", "terms": terms("COP-1")}),
    )
    .await;
    let decision =
        json!({"code": "AUT", "decision": "withdrawn", "words": "The court took it back."});
    let forbidden = say(&two.arad, decision.clone()).await;
    assert_eq!(
        forbidden.status,
        StatusCode::FORBIDDEN,
        "{}",
        forbidden.body
    );
    let legal = two.house.log_in("arad-legal").await;
    said(&legal, decision).await;
    until(async || {
        let operation = two.budapest.get(OPERATION).await.body;
        operation["authorisation"].is_null() && operation["refusals"][0]["kind"] == "withdrawn"
    })
    .await;
    let document =
        json!({"number": "RO-28", "from": "2020-01-01T00:00:00Z", "to": "2999-01-01T00:00:00Z"});
    said(&legal, json!({"code": "AUT", "authorisation": document})).await;
    until(async || two.budapest.get(OPERATION).await.body["authorisation"]["number"] == "RO-28")
        .await;
    let changed = two.budapest.events("operation.changed").await;
    assert_eq!(changed.last().unwrap()["by"]["account"], "arad-legal");
}

#[tokio::test]
async fn what_cannot_be_read_or_may_not_be_said_is_refused_and_a_refusal_is_kept() {
    let two = two().await;
    for (key, message) in [
        ("code", json!({"code": "XXX"})),
        ("terms", json!({"code": "PRO"})),
        (
            "terms",
            json!({"code": "PRO", "terms": {"transfer_at_m": 1e9}}),
        ),
        ("accepts", json!({"code": "ACP"})),
        ("reason", json!({"code": "RJC", "reason": "because"})),
        ("back_to", json!({"code": "ABR", "reason": "route"})),
        ("who", json!({"code": "SBY"})),
        (
            "until",
            json!({"code": "SBY", "who": "Pop", "until": "2000-01-01T00:00:00Z"}),
        ),
        ("words", json!({"code": "CEASE"})),
        (
            "eyes",
            json!({"code": "EYE", "unit": "HU-1", "eyes": "sees"}),
        ),
        ("unit", json!({"code": "EYE", "unit": "", "eyes": "has"})),
        ("units", json!({"code": "REL"})),
        ("authorisation", json!({"code": "AUT"})),
        ("reply_to", json!({"code": "ACK", "reply_to": "a b"})),
        ("to", json!({"code": "TXT", "words": "x", "to": "a b"})),
    ] {
        let desk = if key == "authorisation" {
            two.house.log_in("budapest-legal").await
        } else {
            two.house.log_in("budapest-supervisor").await
        };
        let answer = say(&desk, message).await;
        assert_eq!(
            (answer.status, &answer.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key)),
            "{}",
            answer.body
        );
    }
    for (guard, message) in [
        (
            "no_such_partner",
            json!({"code": "TXT", "words": "x", "to": "vienna"}),
        ),
        ("no_crossing_point", json!({"code": "PRO", "terms": {}})),
        (
            "unit_not_in_operation",
            json!({"code": "PRO", "terms": {"crossing_points": [{"name": "x"}], "units": ["HU-2"]}}),
        ),
        ("nothing_proposed", json!({"code": "ACP", "accepts": "00"})),
        (
            "no_such_message",
            json!({"code": "ACK", "reply_to": "arad:budapest:1"}),
        ),
        ("leads_already", json!({"code": "ROF"})),
        (
            "nothing_to_withdraw",
            json!({"code": "ABR", "reason": "route", "back_to": "notice"}),
        ),
    ] {
        assert_eq!(refused(&two.budapest, message).await, guard);
    }
    let kept = two.budapest.events("order.refused").await;
    assert_eq!(kept.last().unwrap()["guard"], "nothing_to_withdraw");
    let observer = two.house.log_in("budapest-observer").await;
    let forbidden = say(&observer, json!({"code": "TXT", "words": "x"})).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn without_a_profile_that_both_signed_nothing_is_proposed_by_the_line() {
    let house = House::new().await;
    let budapest = house.log_in("budapest-operator").await;
    budapest
        .post("/api/v1/operations", &opening("NAGYLAK-27"))
        .await;
    let guard = refused(&budapest, json!({"code": "PRO", "terms": terms("COP-1")})).await;
    assert_eq!(guard, "no_profile");
}

#[tokio::test]
async fn after_a_start_the_dialogue_goes_on_where_it_was() {
    let two = two().await;
    two.agree().await;
    two.offer().await;
    let before = state(&two.arad).await;
    let house = two.house.again().await;
    let budapest = house.log_in("budapest-operator").await;
    let arad = house.log_in("arad-operator").await;
    assert_eq!(state(&arad).await, before);
    said(&arad, json!({"code": "MAS"})).await;
    until(async || budapest.get(OPERATION).await.body["lead"] == "arad").await;
    let numbers: Vec<Value> = arad.events("handover.mas").await;
    let house = two_events(&budapest).await;
    assert_eq!(numbers.len(), 1);
    assert!(
        house.windows(2).all(|two| two[0] < two[1]),
        "numbers go on: {house:?}"
    );
}

/// The numbers of what Budapest has sent.
async fn two_events(budapest: &Desk) -> Vec<u64> {
    let page = budapest.get("/api/v1/events?limit=10000").await.body;
    let events = page["events"].as_array().unwrap().clone();
    let sent = events.iter().filter(|event| event["direction"] == "sent");
    sent.map(|event| event["message"]["number"].as_u64().unwrap())
        .collect()
}
