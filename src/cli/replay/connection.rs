//! One socket to a running service, and what its failures mean.

use anyhow::Context;
use axum::http::{HeaderValue, Uri, header};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Error, http};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// Where fixes are posted, under the address of a service.
const PATH: &str = "/api/v1/fixes/stream";
/// How long one attempt to connect may take.
const CONNECT_TIME: Duration = Duration::from_secs(10);

/// An open socket.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Why a socket is not to be had, or was lost.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Lost {
    /// To come again is worth it.
    #[error("{0}")]
    ForNow(String),
    /// It would be the same again.
    #[error("{0}")]
    ForGood(String),
}

impl Lost {
    /// What the other side's close frame means.
    pub(super) fn closed(frame: Option<&CloseFrame>) -> Self {
        let Some(frame) = frame else {
            return Self::ForNow("the service closed the connection".to_owned());
        };
        let code = u16::from(frame.code);
        let sentence = format!(
            "the service closed the connection ({code}): {}",
            frame.reason
        );
        match code {
            1002 | 1003 | 1007 | 1008 | 1009 => Self::ForGood(sentence),
            _ => Self::ForNow(sentence),
        }
    }

    /// What an error of the socket means.
    pub(super) fn failed(error: &Error) -> Self {
        match error {
            Error::Http(response) => Self::answered(response),
            Error::Url(_) | Error::HttpFormat(_) => Self::ForGood(error.to_string()),
            _ => Self::ForNow(error.to_string()),
        }
    }

    /// What an answer other than an upgrade means.
    fn answered(response: &http::Response<Option<Vec<u8>>>) -> Self {
        let status = response.status();
        let detail = response
            .body()
            .as_deref()
            .and_then(|body| serde_json::from_slice::<serde_json::Value>(body).ok())
            .and_then(|problem| problem.get("detail")?.as_str().map(str::to_owned))
            .unwrap_or_else(|| "no Limes answers at this address".to_owned());
        let sentence = format!("the service answered {status}: {detail}");
        if status.is_server_error() || status.as_u16() == 429 {
            Self::ForNow(sentence)
        } else {
            Self::ForGood(sentence)
        }
    }
}

/// The request that opens a socket at a service's address (`http`, `https`, `ws` or `wss`).
pub(super) fn request(to: &str, token: &str) -> anyhow::Result<Request> {
    let wanted =
        || format!("`{to}` is no address of a service: write it like https://limes.example:8443");
    let address: Uri = to.parse().with_context(wanted)?;
    let scheme = match address.scheme_str() {
        Some("http" | "ws") => "ws",
        Some("https" | "wss") => "wss",
        Some(_) | None => anyhow::bail!(wanted()),
    };
    let authority = address.authority().with_context(wanted)?;
    let base = address.path().trim_end_matches('/').trim_end_matches(PATH);
    let mut request = format!("{scheme}://{authority}{base}{PATH}")
        .into_client_request()
        .with_context(wanted)?;
    let mut bearer = HeaderValue::try_from(format!("Bearer {token}"))
        .context("the token holds characters that no token has")?;
    bearer.set_sensitive(true);
    request.headers_mut().insert(header::AUTHORIZATION, bearer);
    Ok(request)
}

/// Opens a socket.
pub(super) async fn open(request: &Request) -> Result<Socket, Lost> {
    match tokio::time::timeout(CONNECT_TIME, connect_async(request.clone())).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(error)) => Err(Lost::failed(&error)),
        Err(_) => Err(Lost::ForNow("the service does not answer".to_owned())),
    }
}
