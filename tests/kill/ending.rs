//! The end as it should be: what was taken is answered, everybody is told, and the process is gone with 0.

use crate::senders::{Sender, Times, now_ms};
use crate::service::{House, OPERATOR, log_in};
use crate::viewer::Viewer;
use std::time::Duration;

/// How long an end may take.
const ENDED_WITHIN: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_told_to_end_answers_what_it_took_says_goodbye_and_is_gone_with_0() {
    let house = House::build();
    let sender = |unit: &str| {
        let token = house.token(["--unit", unit]);
        let next = now_ms() - 20 * 3_600_000;
        Sender::new(&[unit], token, Times::Backlog { next }, 1)
    };
    let (posting, streaming) = (sender("HU-1"), sender("HU-2"));
    let mut service = house.start();
    let address = service.address.clone();
    let session = log_in(&address, OPERATOR).await;
    let posting = tokio::spawn(posting.post(address.clone()));
    let streaming = tokio::spawn(streaming.stream(address.clone()));
    let viewer = tokio::spawn(Viewer::default().look(address.clone(), session.clone()));
    // One that takes its socket and never reads it.
    let idle = crate::viewer::open(&address, &session, "").await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    service.terminate();
    let status = tokio::task::spawn_blocking(move || service.ended(ENDED_WITHIN)).await;
    let status = status.expect("waiting ends").expect("it ends in time");
    assert_eq!(status.code(), Some(0), "{}", house.log());
    drop(idle);
    let viewer = viewer.await.expect("the viewer ends");
    assert!(viewer.goodbye.is_some(), "the viewer was not told");
    assert!(viewer.faults.is_empty(), "{:?}", viewer.faults);
    for sender in [posting, streaming] {
        let sender = sender.await.expect("the sender ends");
        assert!(sender.faults.is_empty(), "{:?}", sender.faults);
        assert!(!sender.acknowledged.is_empty(), "nothing was sent");
    }
    house.verify();
}
