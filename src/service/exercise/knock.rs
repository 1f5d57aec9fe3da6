//! One POST to the own service on loopback: the least of HTTP/1.1 that a unit needs for its acts.

use crate::domain::input::UnitAct;
use crate::wire::act::act_body;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How much of an answer is read.
const ANSWER_MAX: u64 = 16 * 1024;

/// How an act was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Knocked {
    /// It is recorded.
    Taken,
    /// It cannot be taken now.
    Later(String),
    /// It will never be taken.
    Never(String),
}

/// Posts an act with the unit's token.
pub(super) async fn post_act(address: SocketAddr, token: &str, act: &UnitAct) -> Knocked {
    let body = act_body(act);
    let request = format!(
        "POST /api/v1/units/{}/acts HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        act.unit,
        body.len()
    );
    match tokio::time::timeout(PATIENCE, exchange(address, &request)).await {
        Ok(Ok(answer)) => judged(&answer),
        Ok(Err(error)) => Knocked::Later(error.to_string()),
        Err(_) => Knocked::Later("no answer".to_owned()),
    }
}

async fn exchange(address: SocketAddr, request: &str) -> io::Result<String> {
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    socket.take(ANSWER_MAX).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// What the status line says.
fn judged(answer: &str) -> Knocked {
    let line = answer.lines().next().unwrap_or_default();
    let status = line
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse::<u16>().ok());
    match status {
        Some(200..=299) => Knocked::Taken,
        Some(429 | 500..=599) | None => Knocked::Later(line.to_owned()),
        Some(_) => Knocked::Never(line.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_change_is_tried_again() {
        assert_eq!(judged("HTTP/1.1 200 OK\r\n\r\n{}"), Knocked::Taken);
        assert!(matches!(
            judged("HTTP/1.1 503 Busy\r\n\r\n"),
            Knocked::Later(_)
        ));
        assert!(matches!(
            judged("HTTP/1.1 401 Unauthorized\r\n"),
            Knocked::Never(_)
        ));
        assert!(matches!(judged(""), Knocked::Later(_)));
    }
}
