//! A disk that refuses to be written, in the real service: a limit on the size of its files.

use crate::checks::{Expected, track_faults};
use crate::killed::Reader;
use crate::senders::{Sender, Times, now_ms};
use crate::service::{House, OPERATOR, log_in};
use serde_json::Value;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// Longer than any of this takes, so that a test that would hang fails.
const LONG: Duration = Duration::from_mins(1);

/// What `/readyz` says is not ready.
async fn not_ready(address: &str) -> Vec<String> {
    let asked = reqwest::get(format!("http://{address}/readyz")).await;
    let answer: Value = asked
        .expect("the service answers")
        .json()
        .await
        .expect("answers are JSON");
    let named = answer["not_ready"].as_array().into_iter().flatten();
    named
        .map(|it| it.as_str().unwrap_or("").to_owned())
        .collect()
}

/// Waits until `/readyz` has said the same, several times in a row.
async fn until_ready_is(address: &str, wanted: bool) -> Vec<String> {
    let began = Instant::now();
    let mut agreed = 0;
    loop {
        let named = not_ready(address).await;
        agreed = if named.is_empty() == wanted {
            agreed + 1
        } else {
            0
        };
        if agreed == 10 {
            return named;
        }
        assert!(began.elapsed() < LONG, "after {LONG:?}: {named:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_that_cannot_write_says_so_takes_nothing_and_goes_on_when_it_can() {
    let house = House::build();
    let token = house.token(["--unit", "HU-1"]);
    let service = house.start_with_files_of(2 << 20);
    let address = service.address.clone();
    let session = log_in(&address, OPERATOR).await;
    let next = now_ms() - 20 * 3_600_000;
    let sender = Sender::new(&["HU-1"], token, Times::Backlog { next }, 1);
    let mut heartbeats = crate::viewer::heartbeats(&address, &session).await;
    let posting = tokio::spawn(sender.post(address.clone()));
    let named = until_ready_is(&address, false).await;
    assert!(named[0].starts_with("journal: "), "{named:?}");
    let failing = heartbeats.wait_for(|said| said == "failing");
    let told = timeout(LONG, failing).await.expect("the map is told");
    drop(told.expect("the feed goes on"));

    let pid = service.pid().to_string();
    let raised = Command::new("prlimit")
        .args(["--pid", &pid, "--fsize=unlimited"])
        .status();
    assert!(raised.expect("the command prlimit").success());
    until_ready_is(&address, true).await;
    let well = heartbeats.wait_for(|said| said == "ok");
    let told = timeout(LONG, well).await.expect("the map is told");
    drop(told.expect("the feed goes on"));
    tokio::time::sleep(Duration::from_millis(300)).await;
    service.kill();
    let sender = posting.await.expect("the sender ends");
    assert!(sender.faults.is_empty(), "{:?}", sender.faults);

    let service = house.start();
    let track = Reader::new(&service.address, &session)
        .track("HU-1", None)
        .await;
    let unanswered: Vec<_> = sender.unanswered.iter().cloned().collect();
    let expected = Expected {
        acknowledged: &sender.acknowledged,
        unanswered: &unanswered,
        shown: &[],
    };
    let faults = track_faults(&expected, &track);
    assert!(faults.is_empty(), "{faults:#?}");
    service.kill();
    house.verify();
}
