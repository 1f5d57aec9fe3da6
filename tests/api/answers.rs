//! What a host says back to a notice, and what could not be delivered: over HTTP, by the room that sent it.

use crate::channels::{
    MESSAGES, OPERATION, Receiver, alarms, alone, by_webhook, crossed, notice, send,
};
use crate::house::{House, until};
use reqwest::StatusCode;
use serde_json::{Value, json};

const DEAD: &str = "/api/v1/dead-letters";

fn answers(notice: &str) -> String {
    format!("{OPERATION}/notices/{notice}/answers")
}

#[tokio::test]
async fn a_host_without_a_room_says_by_telephone_that_it_has_read_and_what_it_answers() {
    let receiver = Receiver::answering([]).await;
    let house = alone(by_webhook(&receiver.url, |_| {})).await;
    let (desk, id) = crossed(&house).await;
    let read = |call: Value| json!({"code": "ACK", "notice": id, "voice": call});
    let call = json!({"name": "Sgt Pop", "number": "+40 257 1"});
    let yes = json!({"name": "Cpt Radu", "answer": "yes", "words": "Go on to Arad."});
    for (path, body, guard) in [
        (MESSAGES.to_owned(), read(call.clone()), "notice_not_sent"),
        (answers(&id), yes.clone(), "notice_not_delivered"),
        (answers("NAGYLAK-27.99"), yes.clone(), "no_such_notice"),
    ] {
        let refused = desk.post(&path, &body).await;
        assert_eq!(
            (refused.status, &refused.body["guard"]),
            (StatusCode::CONFLICT, &json!(guard)),
            "{}",
            refused.body
        );
    }
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "delivered").await;

    for (at, guard) in [
        ("2000-01-01T00:00:00Z", "call_before_known"),
        ("2999-01-01T00:00:00Z", "time_in_future"),
    ] {
        let call = json!({"name": "Sgt Pop", "number": "+40 257 1", "at": at});
        let refused = desk.post(MESSAGES, &read(call)).await;
        assert_eq!(refused.body["guard"], json!(guard), "{}", refused.body);
    }
    let said = desk.post(MESSAGES, &read(call.clone())).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    let shown = notice(&desk).await;
    assert_eq!(shown["status"], "seen", "{shown}");
    assert_eq!(shown["seen_call"]["name"], "Sgt Pop");
    assert_eq!(
        shown["seen_at"], shown["seen_call"]["at"],
        "when they spoke"
    );
    assert_eq!(shown["seen_by"]["account"], "budapest-operator");
    assert!(!alarms(&desk).await.contains(&"A02".to_owned()));
    let again = desk.post(MESSAGES, &read(call)).await;
    assert_eq!(again.body["guard"], "notice_told", "{}", again.body);

    for (key, wrong) in [
        ("name", json!({"name": "", "answer": "yes", "words": "x"})),
        (
            "answer",
            json!({"name": "R", "answer": "maybe", "words": "x"}),
        ),
        (
            "words",
            json!({"name": "R", "answer": "yes", "words": "\n"}),
        ),
        (
            "answered_at",
            json!({"name": "R", "answer": "yes", "words": "x", "answered_at": "soon"}),
        ),
    ] {
        let refused = desk.post(&answers(&id), &wrong).await;
        assert_eq!(
            (refused.status, &refused.body["key"]),
            (StatusCode::BAD_REQUEST, &json!(key)),
            "{}",
            refused.body
        );
    }
    for (at, guard) in [
        ("2000-01-01T00:00:00Z", "answer_before_notice"),
        ("2999-01-01T00:00:00Z", "time_in_future"),
    ] {
        let mut early = yes.clone();
        early["answered_at"] = json!(at);
        let refused = desk.post(&answers(&id), &early).await;
        assert_eq!(refused.body["guard"], json!(guard), "{}", refused.body);
    }
    let observer = house.log_in("budapest-observer").await;
    let barred = observer.post(&answers(&id), &yes).await;
    assert_eq!(barred.status, StatusCode::FORBIDDEN);
    let answered = desk.post(&answers(&id), &yes).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    let no = json!({"name": "Cpt Radu", "answer": "no", "words": "Not beyond <Arad>."});
    desk.post(&answers(&id), &no).await;
    let shown = notice(&desk).await;
    assert_eq!(shown["status"], "answered", "{shown}");
    let said: Vec<Value> = (shown["answers"].as_array().unwrap().iter())
        .map(|one| {
            json!([
                one["answer"],
                one["name"],
                one["words"],
                one["by"]["account"]
            ])
        })
        .collect();
    assert_eq!(
        said,
        [
            json!(["yes", "Cpt Radu", "Go on to Arad.", "budapest-operator"]),
            json!(["no", "Cpt Radu", "Not beyond <Arad>.", "budapest-operator"]),
        ]
    );
    let operation = desk.get(OPERATION).await.body;
    assert_eq!(
        operation["refusals"],
        json!([]),
        "an answer refuses nothing"
    );

    // It stands after a restart, and in the report.
    let house = house.again().await;
    let desk = house.log_in("budapest-operator").await;
    assert_eq!(notice(&desk).await, shown);
    let report = desk.get(&format!("{OPERATION}/report")).await.body;
    let row = &report["notices"][0];
    assert_eq!(row["seen_call"]["number"], "+40 257 1", "{row}");
    assert_eq!(row["answers"][1]["words"], "Not beyond <Arad>.");
    let page = desk.get(&format!("{OPERATION}/report?format=html")).await;
    assert!(page.text.contains("Not beyond &lt;Arad&gt;."));
    assert!(page.text.contains("Sgt Pop, +40 257 1"));
}

#[tokio::test]
async fn persons_of_a_room_here_say_themselves_that_they_have_read_and_see_what_was_written_down() {
    let house = House::new().await;
    let (budapest, id) = crossed(&house).await;
    send(&budapest, &id).await;
    until(async || notice(&budapest).await["status"] == "delivered").await;
    let call = json!({"name": "Sgt Pop", "number": "+40 257 1"});
    let read = json!({"code": "ACK", "notice": id, "voice": call});
    let refused = budapest.post(MESSAGES, &read).await;
    assert_eq!(
        (refused.status, &refused.body["guard"]),
        (StatusCode::CONFLICT, &json!("reader_has_room")),
        "{}",
        refused.body
    );
    let other = json!({"name": "Cpt Radu", "answer": "other", "words": "We ask the prosecutor."});
    let arad = house.log_in("arad-operator").await;
    let not_ours = arad.post(&answers(&id), &other).await;
    assert_eq!(not_ours.body["guard"], "not_our_operation");
    let answered = budapest.post(&answers(&id), &other).await;
    assert_eq!(answered.status, StatusCode::OK, "{}", answered.body);
    until(async || notice(&arad).await["status"] == "answered").await;
    assert_eq!(
        notice(&arad).await["answers"][0]["words"],
        "We ask the prosecutor."
    );
}

#[tokio::test]
async fn what_a_channel_could_not_deliver_is_listed_until_it_is_sent_again() {
    let receiver = Receiver::answering([500; 3]).await;
    let house = alone(by_webhook(&receiver.url, |_| {})).await;
    let (desk, id) = crossed(&house).await;
    assert_eq!(desk.get(DEAD).await.body["dead_letters"], json!([]));
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "failed").await;
    let listed = desk.get(DEAD).await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.body);
    let dead = listed.body["dead_letters"].as_array().unwrap();
    let since = &notice(&desk).await["attempts"][2]["at"];
    let place = receiver.url.strip_suffix("/hooks/a-secret").unwrap();
    assert_eq!(
        dead,
        &[json!({
            "operation": "NAGYLAK-27", "notice": id, "duty": "notice_of_crossing", "to": "RO",
            "status": "failed", "channel": "webhook", "address": place, "attempts": 3,
            "because": "HTTP 500 said by the receiver", "since": since,
        })]
    );
    let observer = house.log_in("budapest-observer").await;
    assert_eq!(
        observer.get(DEAD).await.body["dead_letters"],
        listed.body["dead_letters"]
    );
    let auditor = house.log_in("budapest-auditor").await;
    let closed_only = auditor.get(DEAD).await;
    assert_eq!(closed_only.body["dead_letters"], json!([]));
    let admin = house.log_in("budapest-admin").await;
    assert_eq!(admin.get(DEAD).await.status, StatusCode::FORBIDDEN);
    let nobody = house.nobody().get(DEAD).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    receiver.answer_from_now_on([]);
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "delivered").await;
    assert_eq!(desk.get(DEAD).await.body["dead_letters"], json!([]));
}

#[tokio::test]
async fn what_a_person_has_read_has_arrived_whatever_its_channels_say() {
    let receiver = Receiver::answering([500; 3]).await;
    let house = alone(by_webhook(&receiver.url, |_| {})).await;
    let (desk, id) = crossed(&house).await;
    send(&desk, &id).await;
    until(async || notice(&desk).await["status"] == "failed").await;
    let call = json!({"name": "Sgt Pop", "number": "+40 257 1"});
    let read = json!({"code": "ACK", "notice": id, "voice": call});
    let said = desk.post(MESSAGES, &read).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.body);
    let shown = notice(&desk).await;
    assert_eq!(
        (&shown["status"], &shown["delivered_at"]),
        (&json!("seen"), &Value::Null)
    );
    let standing = alarms(&desk).await;
    for code in ["A02", "A52"] {
        assert!(!standing.contains(&code.to_owned()), "{standing:?}");
    }
    let dead = desk.get(DEAD).await.body;
    assert_eq!(
        dead["dead_letters"][0]["status"], "seen",
        "its channel failed all the same: {dead}"
    );
}
