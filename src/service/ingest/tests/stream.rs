use super::{CAR, House, batch, fix, house, open_house};
use crate::service::desk::stand_in::{Came, CameFixes, StandIn};
use crate::service::desk::{DeskError, FixReceipt};
use crate::service::ingest::{IngestLimits, RateLimit};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(house: &House, token: &str) -> Result<Socket, Error> {
    let mut request = house.stream_url().into_client_request().unwrap();
    let value = format!("Bearer {token}").parse().unwrap();
    request.headers_mut().insert("authorization", value);
    connect_async(request).await.map(|(socket, _)| socket)
}

async fn send(socket: &mut Socket, text: impl Into<String>) {
    socket.send(Message::text(text.into())).await.unwrap();
}

/// The next answer; pings pass.
async fn answer(socket: &mut Socket) -> serde_json::Value {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Text(text) => return serde_json::from_str(&text).unwrap(),
            Message::Ping(_) | Message::Pong(_) => {}
            other => panic!("expected an answer, got {other:?}"),
        }
    }
}

/// Answers until everything up to `through` is durable.
async fn answers_through(socket: &mut Socket, through: u64) -> Vec<serde_json::Value> {
    let mut answers = Vec::new();
    loop {
        let next = answer(socket).await;
        let reached = next["through"].as_u64().unwrap();
        answers.push(next);
        assert!(reached <= through);
        if reached == through {
            return answers;
        }
    }
}

/// Code and reason of the close frame, after any answers.
async fn closed(socket: &mut Socket) -> (u16, String) {
    loop {
        match socket.next().await {
            Some(Ok(Message::Close(Some(frame)))) => {
                return (frame.code.into(), frame.reason.to_string());
            }
            Some(Ok(Message::Text(_) | Message::Ping(_))) => {}
            other => panic!("expected a close frame, got {other:?}"),
        }
    }
}

async fn came(desk: &mut StandIn) -> CameFixes {
    match desk.next().await {
        Some(Came::Fixes(came)) => came,
        _ => panic!("expected fixes"),
    }
}

fn accept(came: CameFixes) {
    let accepted = came.fixes.len() as u64;
    let receipt = FixReceipt {
        accepted,
        ..FixReceipt::default()
    };
    came.answer.send(Ok(receipt)).unwrap();
}

#[tokio::test]
async fn objects_and_arrays_are_answered_in_numbers_of_the_whole_socket() {
    let (house, kept) = house(IngestLimits::default()).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    send(&mut socket, fix(0)).await;
    assert_eq!(answers_through(&mut socket, 1).await.len(), 1);
    send(&mut socket, batch(0, 3)).await;
    let answer = &answers_through(&mut socket, 4).await[0];
    assert_eq!(
        (&answer["through"], &answer["duplicate"]),
        (&4.into(), &1.into())
    );
    let foreign = fix(5).replace("HU-1", "RO-1");
    send(&mut socket, format!("[{},{foreign}]", fix(4))).await;
    let answer = &answers_through(&mut socket, 6).await[0];
    assert_eq!(answer["duplicate"], 0);
    assert_eq!(answer["quarantined"][0]["index"], 5);
    assert_eq!(answer["quarantined"][0]["reason"], "not_your_unit");
    assert_eq!(kept.lock().unwrap().fixes.len(), 4);
    assert!(house.metrics().contains("ingest_sockets_open 1"));
}

#[tokio::test]
async fn an_empty_array_is_not_answered_and_does_no_harm() {
    let (house, _) = house(IngestLimits::default()).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    send(&mut socket, "[]").await;
    send(&mut socket, fix(0)).await;
    assert_eq!(answer(&mut socket).await["through"], 1);
}

#[tokio::test]
async fn nobody_is_upgraded_without_a_token() {
    let (house, _) = house(IngestLimits::default()).await;
    for token in ["nobody", ""] {
        match connect(&house, token).await {
            Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), 401),
            other => panic!("expected 401, got {other:?}"),
        }
    }
}

#[tokio::test]
async fn messages_are_read_on_while_commits_are_pending_and_answered_in_order() {
    let (house, mut desk) = open_house(IngestLimits::default(), 64).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    for second in 0..10 {
        send(&mut socket, fix(second)).await;
    }
    let mut waiting = Vec::new();
    for second in 0..10 {
        let came = came(&mut desk).await;
        assert_eq!(
            came.fixes[0].fixed_at.as_millis(),
            1_805_196_797_000 + second * 1_000
        );
        waiting.push(came);
    }
    // The last is durable first: nothing may be answered before the earlier ones are.
    for came in waiting.into_iter().rev() {
        accept(came);
    }
    let answers = answers_through(&mut socket, 10).await;
    assert_eq!(answers.len(), 1, "one commit is answered once: {answers:?}");
}

#[tokio::test]
async fn a_socket_is_not_read_while_too_many_fixes_wait() {
    let limits = IngestLimits {
        pending_fixes: 4,
        ..IngestLimits::default()
    };
    let (house, mut desk) = open_house(limits, 64).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    for part in 0..5 {
        send(&mut socket, batch(part * 2, 2)).await;
    }
    let first = came(&mut desk).await;
    let second = came(&mut desk).await;
    // Two messages fill the bound of four: the third stays unread until one is durable.
    let third = tokio::time::timeout(Duration::from_millis(100), desk.next()).await;
    assert!(third.is_err());
    accept(first);
    let third = came(&mut desk).await;
    accept(second);
    accept(third);
    for _ in 0..2 {
        accept(came(&mut desk).await);
    }
    answers_through(&mut socket, 10).await;
}

#[tokio::test]
async fn a_full_queue_stops_the_reading_and_loses_nothing() {
    let (house, mut desk) = open_house(IngestLimits::default(), 1).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    for second in 0..50 {
        send(&mut socket, fix(second)).await;
    }
    for second in 0..50 {
        let came = came(&mut desk).await;
        assert_eq!(
            came.fixes[0].fixed_at.as_millis(),
            1_805_196_797_000 + second * 1_000
        );
        accept(came);
    }
    answers_through(&mut socket, 50).await;
}

#[tokio::test]
async fn a_socket_that_is_too_fast_is_slowed_down_not_closed() {
    let limits = IngestLimits {
        fixes: RateLimit {
            per_second: 500.0,
            burst: 5.0,
            longest_wait: Duration::ZERO,
        },
        ..IngestLimits::default()
    };
    let (house, kept) = house(limits).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    for part in 0..10 {
        send(&mut socket, batch(part * 5, 5)).await;
    }
    answers_through(&mut socket, 50).await;
    assert_eq!(kept.lock().unwrap().fixes.len(), 50);
}

#[tokio::test]
async fn what_is_not_well_formed_closes_after_the_rest_is_answered() {
    let (house, kept) = house(IngestLimits::default()).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    send(&mut socket, batch(0, 3)).await;
    send(&mut socket, format!("[{},{{\"unit\":\"HU-1\"}}]", fix(9))).await;
    assert_eq!(answers_through(&mut socket, 3).await.len(), 1);
    let (code, reason) = closed(&mut socket).await;
    assert_eq!(code, 1007);
    assert!(
        reason.starts_with("index 1: `fixed_at` is missing"),
        "{reason}"
    );
    assert_eq!(kept.lock().unwrap().fixes.len(), 3);
}

#[tokio::test]
async fn binary_large_and_crowded_messages_close_with_their_own_code() {
    let limits = IngestLimits {
        body_bytes: 10_000,
        batch_fixes: 10,
        ..IngestLimits::default()
    };
    let (house, kept) = house(limits).await;
    let messages = [
        (Message::binary(fix(0).into_bytes()), 1003),
        (Message::text(batch(0, 11)), 1009),
        (Message::text(" ".repeat(20_000)), 1009),
        (Message::text(""), 1007),
    ];
    for (message, code) in messages {
        let mut socket = connect(&house, CAR).await.unwrap();
        socket.send(message).await.unwrap();
        assert_eq!(closed(&mut socket).await.0, code);
    }
    assert!(kept.lock().unwrap().fixes.is_empty());
}

#[tokio::test]
async fn a_revoked_token_closes_its_socket_at_once_and_opens_no_other() {
    let (house, kept) = house(IngestLimits::default()).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    send(&mut socket, fix(0)).await;
    answers_through(&mut socket, 1).await;
    house.gate.revoke("t-car");
    let (code, reason) = closed(&mut socket).await;
    assert_eq!(code, 1008);
    assert!(reason.contains("revoked"), "{reason}");
    assert!(connect(&house, CAR).await.is_err());
    assert_eq!(kept.lock().unwrap().fixes.len(), 1);
}

#[tokio::test]
async fn a_revoked_token_closes_its_socket_even_while_the_queue_is_full() {
    let (house, desk) = open_house(IngestLimits::default(), 1).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    for second in 0..10 {
        send(&mut socket, fix(second)).await;
    }
    house.gate.revoke("t-car");
    assert_eq!(closed(&mut socket).await.0, 1008);
    drop(desk);
}

#[tokio::test]
async fn a_desk_that_cannot_record_closes_the_socket_and_answers_nothing_for_it() {
    let (house, mut desk) = open_house(IngestLimits::default(), 8).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    send(&mut socket, fix(0)).await;
    send(&mut socket, fix(1)).await;
    accept(came(&mut desk).await);
    came(&mut desk)
        .await
        .answer
        .send(Err(DeskError::Failing))
        .unwrap();
    assert_eq!(answer(&mut socket).await["through"], 1);
    assert_eq!(closed(&mut socket).await.0, 1013);
}

#[tokio::test]
async fn an_ending_service_answers_what_it_took_and_says_goodbye() {
    let (house, mut desk) = open_house(IngestLimits::default(), 8).await;
    let mut socket = connect(&house, CAR).await.unwrap();
    send(&mut socket, fix(0)).await;
    let came = came(&mut desk).await;
    house.ending.send(true).unwrap();
    accept(came);
    assert_eq!(answer(&mut socket).await["through"], 1);
    assert_eq!(closed(&mut socket).await.0, 1012);
    match connect(&house, CAR).await {
        Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), 503),
        other => panic!("expected 503, got {other:?}"),
    }
}

#[tokio::test]
async fn sockets_beyond_the_bound_are_refused_and_places_come_back() {
    let limits = IngestLimits {
        sockets: 1,
        ..IngestLimits::default()
    };
    let (house, _) = house(limits).await;
    let mut first = connect(&house, CAR).await.unwrap();
    assert!(connect(&house, CAR).await.is_err());
    first.close(None).await.unwrap();
    while first.next().await.is_some() {}
    while connect(&house, CAR).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_silent_socket_is_pinged_and_given_up() {
    let limits = IngestLimits {
        ping_interval: Duration::from_millis(50),
        silence: Duration::from_millis(500),
        ..IngestLimits::default()
    };
    let (house, _) = house(limits).await;
    let mut alive = connect(&house, CAR).await.unwrap();
    for _ in 0..12 {
        // Reading answers pings: the socket stays open beyond the bound of silence.
        assert!(matches!(alive.next().await, Some(Ok(Message::Ping(_)))));
    }
    send(&mut alive, fix(0)).await;
    answers_through(&mut alive, 1).await;
    let dead = connect(&house, CAR).await.unwrap();
    drop(alive);
    while !house.metrics().contains("ingest_sockets_open 0") {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(dead);
}
