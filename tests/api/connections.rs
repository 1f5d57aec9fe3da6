//! Who only holds a connection leaves the service to the others.

use crate::house::{House, PATIENCE, Wishes, until};
use limes::service::http::HttpLimits;
use reqwest::StatusCode;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

async fn house(limits: HttpLimits) -> House {
    House::with(Wishes {
        http: limits,
        ..Wishes::default()
    })
    .await
}

async fn connect(house: &House) -> TcpStream {
    TcpStream::connect(house.running.address()).await.unwrap()
}

/// Whether a request over this connection is answered; a refused one is closed.
async fn is_answered(socket: &mut TcpStream) -> bool {
    let request = b"GET /healthz HTTP/1.1\r\nHost: limes\r\n\r\n";
    if socket.write_all(request).await.is_err() {
        return false;
    }
    let mut bytes = [0; 12];
    let read = tokio::time::timeout(PATIENCE, socket.read(&mut bytes)).await;
    matches!(read.unwrap(), Ok(count) if count > 0)
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed_at_once_and_places_come_back() {
    let house = house(HttpLimits {
        connections: 24,
        ..HttpLimits::default()
    })
    .await;
    let mut held = Vec::new();
    let mut refused = 0;
    for _ in 0..40 {
        let mut socket = connect(&house).await;
        if is_answered(&mut socket).await {
            held.push(socket);
        } else {
            refused += 1;
        }
    }
    assert!(held.len() <= 24 && refused >= 16, "{} held", held.len());
    drop(held);
    until(async || is_answered(&mut connect(&house).await).await).await;
}

#[tokio::test]
async fn a_connection_that_never_ends_its_request_is_closed() {
    let house = house(HttpLimits {
        header_time: Duration::from_millis(300),
        ..HttpLimits::default()
    })
    .await;
    for said in ["", "P", "GET /healthz HTTP/1.1\r\nHost: limes\r\n"] {
        let mut socket = connect(&house).await;
        socket.write_all(said.as_bytes()).await.unwrap();
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(PATIENCE, socket.read_to_end(&mut rest)).await;
        assert!(closed.is_ok(), "{said:?}");
    }
    let answer = house.nobody().get("/healthz").await;
    assert_eq!(answer.status, StatusCode::OK);
}
